"""The service template of OneFlow: what the outputs for OneFlow and for marketplaces have in common."""

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
"""Stands for the id of a template that is not known yet. It is no number, so that the server refuses to create the
service; -1 it would take, and leave the service hanging (opennebula.md, the corrections at its end)."""


def service_text(appliance: Appliance, options: Options) -> str:
    """Return the service template as JSON.

    Raises:
        UnknownNameError: A template is named for a role that there is not.
    """
    unknown = [role for role in options.templates if role not in appliance.roles]
    if unknown:
        known = f"it has {', '.join(appliance.roles)}{suggestion(unknown[0], appliance.roles)}"
        raise UnknownNameError(f"{appliance.name} has no role {unknown[0]}; {known}")
    return json_text(service(appliance, options), indent=2) + "\n"


def service(appliance: Appliance, options: Options) -> dict[str, Any]:
    """Return the service template: what every role reads is asked once, the rest role by role."""
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
    told = [{key.lower(): text for key, text in entry.items()} for entry in metadata(appliance, everything)]
    if told:
        made["user_inputs_metadata"] = told
    made["roles"] = [_role(appliance, options, everything, number) for number in range(len(appliance.roles))]
    return made


def _inputs(inputs: dict[str, Variable[Any]]) -> dict[str, dict[str, str]]:
    """The server refuses an input without a value, so that every one brings along what its form starts with."""
    values = {name: variable.asked_text for name, variable in inputs.items()}
    return {"user_inputs": definitions(inputs), "user_inputs_values": values}


def _role(appliance: Appliance, options: Options, inputs: dict[str, Variable[Any]], number: int) -> dict[str, Any]:
    role = appliance.roles[number]
    others = set(appliance.roles) - {role}
    read = {name: variable for name, variable in inputs.items() if variable.scope not in others}
    own = {name: variable for name, variable in read.items() if variable.scope == role}
    template = options.templates.get(role, NO_TEMPLATE.format(role=role))
    contents = {"CONTEXT": context(appliance, read)}
    kept = appliance.extra.get("roles", {}).get(role)
    if isinstance(kept, Mapping):
        # The role of a service that is there already: what it says of itself, and what is asked for it.
        given = {"template_id": template} if role in options.templates else {}
        return {"name": role, "template_id": template, "template_contents": contents, **kept, **given, **_inputs(own)}
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
