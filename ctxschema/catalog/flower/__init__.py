"""The Flower federated-learning appliances: SuperLink, SuperNode, and the service of both.

Source: flower-variables.yaml; a test compares every variable with it.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from ctxschema.catalog.flower import base, checkpoint, gpu, monitoring, network, tls, training
from ctxschema.catalog.flower.base import *
from ctxschema.catalog.flower.checkpoint import *
from ctxschema.catalog.flower.container import SCRIPT_FOLDER, SUPERLINK_CONTAINER, SUPERNODE_CONTAINER, SUPERNODE_GPU
from ctxschema.catalog.flower.gpu import *
from ctxschema.catalog.flower.monitoring import *
from ctxschema.catalog.flower.network import *
from ctxschema.catalog.flower.rules import RULES
from ctxschema.catalog.flower.scopes import BOTH, SERVICE, SUPERLINK, SUPERNODE
from ctxschema.catalog.flower.steps import SUPERLINK_STEPS, SUPERNODE_STEPS
from ctxschema.catalog.flower.tls import *
from ctxschema.catalog.flower.training import *
from ctxschema.model.appliance import Appliance, Infrastructure, Machine
from ctxschema.model.variable import Variable


def _declared_in(module: ModuleType) -> list[Variable[Any]]:
    """Return the variables that a module declares for its own group, in order."""
    found = [value for value in vars(module).values() if isinstance(value, Variable)]
    return [variable for variable in found if variable.group == module.GROUP]


_GROUPS = (base, network, training, checkpoint, gpu, monitoring, tls)
VARIABLES: tuple[Variable[Any], ...] = tuple(variable for module in _GROUPS for variable in _declared_in(module))
GROUP_TITLES = {module.GROUP: module.TITLE for module in _GROUPS}

INFRASTRUCTURE = (
    Infrastructure("TOKEN", "YES", "gives the machine a OneGate token"),
    Infrastructure("NETWORK", "YES", "sets up the network"),
    Infrastructure(
        "REPORT_READY", "YES", "tells OneGate that the machine is ready, once READY_SCRIPT_PATH ends with 0"
    ),
    Infrastructure("READY_SCRIPT_PATH", f"{SCRIPT_FOLDER}/health-check.sh", "decides whether the machine is ready"),
    Infrastructure("SSH_PUBLIC_KEY", "$USER[SSH_PUBLIC_KEY]", "lets the operator in"),
)


MACHINE = Machine(cpu=2, vcpu=2, memory=4096)


def _appliance(name: str, title: str, summary: str, *scopes: str, **details: Any) -> Appliance:
    variables = tuple(variable for variable in VARIABLES if variable.scope in {BOTH, SERVICE, *scopes})
    return Appliance(
        name,
        title,
        summary,
        variables,
        rules=tuple(rule for rule in RULES if set(rule.variables) <= set(variables)),
        infrastructure=INFRASTRUCTURE,
        prefixes=("FL_", "FLOWER_", "ML_"),
        other_roles={variable.name: variable.scope for variable in VARIABLES if variable not in variables},
        group_titles={variable.group: GROUP_TITLES[variable.group] for variable in variables},
        machine=MACHINE,
        **details,
    )


SUPERLINK_APPLIANCE = _appliance(
    "flower-superlink",
    "Flower SuperLink",
    "The server of a federation: it sends models out, collects them and aggregates them.",
    SUPERLINK,
    steps=SUPERLINK_STEPS,
    container=SUPERLINK_CONTAINER,
)
SUPERNODE_APPLIANCE = _appliance(
    "flower-supernode",
    "Flower SuperNode",
    "One node of a federation: it trains on its own data, on a GPU where there is one.",
    SUPERNODE,
    steps=SUPERNODE_STEPS,
    container=SUPERNODE_CONTAINER,
    gpu=SUPERNODE_GPU,
)
SERVICE_APPLIANCE = _appliance(
    "flower-service",
    "Flower service",
    "A SuperLink and its SuperNodes as one OneFlow service.",
    SUPERLINK,
    SUPERNODE,
    roles=(SUPERLINK, SUPERNODE),
)

APPLIANCES = {appliance.name: appliance for appliance in (SUPERLINK_APPLIANCE, SUPERNODE_APPLIANCE, SERVICE_APPLIANCE)}
