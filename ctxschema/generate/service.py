"""The OneFlow service template, shared by the outputs for OneFlow and for marketplaces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxschema.core.errors import UnknownNameError
from ctxschema.core.names import suggestion
from ctxschema.core.quoting import json_text
from ctxschema.generate.attributes import context, definitions, metadata
from ctxschema.generate.options import Options
from ctxschema.model.appliance import Appliance
from ctxschema.model.variable import Variable

NO_TEMPLATE = "<number of the VM template of {role}>"
"""A placeholder for the ID of a template that is not known yet. As it is not a number, the server refuses to create the
service; it would accept -1, and the service would hang (docs/facts/opennebula.md, the corrections at its end)."""


def service_text(appliance: Appliance, options: Options) -> str:
    """Return the service template as JSON.

    Raises:
        UnknownNameError: The options name a template for a role that does not exist.
    """
    unknown = [role for role in options.templates if role not in appliance.roles]
    if unknown:
        known = f"it has {', '.join(appliance.roles)}{suggestion(unknown[0], appliance.roles)}"
        raise UnknownNameError(f"{appliance.name} has no role {unknown[0]}; {known}")
    return json_text(service(appliance, options), indent=2) + "\n"


def service(appliance: Appliance, options: Options) -> dict[str, Any]:
    """Return the service template: variables that every role reads are inputs of the service, others of their role."""
    everything = options.names.inputs(appliance, appliance.asked)
    own = {name: variable for name, variable in everything.items() if variable.scope not in appliance.roles}
    made: dict[str, Any] = {
        "name": appliance.title,
        "description": appliance.summary,
        "deployment": "straight",
        "ready_status_gate": any(entry.name == "REPORT_READY" for entry in appliance.infrastructure),
        **appliance.extra.get("service", {}),
        **_inputs(own),
    }
    tabs = [{key.lower(): text for key, text in entry.items()} for entry in metadata(appliance, everything)]
    if tabs:
        made["user_inputs_metadata"] = tabs
    made["roles"] = [_role(appliance, options, everything, number) for number in range(len(appliance.roles))]
    return made


def _inputs(inputs: dict[str, Variable[Any]]) -> dict[str, dict[str, str]]:
    """Return the inputs, each with the value that its form starts with; the server refuses one without a value."""
    values = {name: variable.asked_text for name, variable in inputs.items()}
    return {"user_inputs": definitions(inputs), "user_inputs_values": values}


def _role(appliance: Appliance, options: Options, inputs: dict[str, Variable[Any]], number: int) -> dict[str, Any]:
    role = appliance.roles[number]
    others = set(appliance.roles) - {role}
    read = {name: variable for name, variable in inputs.items() if variable.scope not in others}
    own = {name: variable for name, variable in read.items() if variable.scope == role}
    template = options.templates.get(role, NO_TEMPLATE.format(role=role))
    contents = {"CONTEXT": context(appliance, read)}
    declared = appliance.extra.get("roles", {}).get(role)
    if isinstance(declared, Mapping):
        # An existing service's role: the declared data of the role, and its inputs.
        given = {"template_id": template} if role in options.templates else {}
        return {
            "name": role,
            "template_id": template,
            "template_contents": contents,
            **declared,
            **given,
            **_inputs(own),
        }
    return {
        "name": role,
        "type": "vm",
        "cardinality": 1,
        "min_vms": 1,
        **({"parents": [appliance.roles[number - 1]]} if number else {}),
        "template_id": template,
        **_inputs(own),
        "template_contents": contents,
    }
