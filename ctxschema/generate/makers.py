"""The functions that generate the outputs, by the outputs' names in the registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ctxschema.generate import (
    compose,
    config_rb,
    context,
    context_yaml,
    declaration,
    docker_run,
    env_sample,
    json_schema,
    marketplace,
    metadata_yaml,
    one_apps,
    oneflow,
    quadlet,
    terraform,
    unit,
    user_inputs,
    vm_template,
)
from ctxschema.generate.options import Options
from ctxschema.model.appliance import Appliance

MAKERS: Mapping[str, Callable[[Appliance, Options], str]] = {
    "declaration": declaration.generate,
    "user-inputs": user_inputs.generate,
    "context": context.generate,
    "vm-template": vm_template.generate,
    "marketplace": marketplace.generate,
    "metadata.yaml": metadata_yaml.generate,
    "context.yaml": context_yaml.generate,
    "oneflow": oneflow.generate,
    "one-apps": one_apps.generate,
    "config.rb": config_rb.generate,
    "docker-run": docker_run.generate,
    "compose": compose.generate,
    "quadlet": quadlet.generate,
    "unit": unit.generate,
    "json-schema": json_schema.generate,
    "env-sample": env_sample.generate,
    "terraform": terraform.generate,
}
