"""Each declared line of a container is said once: without it, command, documents and dry run change together."""

from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve

from ctxschema import Appliance, GpuFacts, decide_gpu, docker_arguments, get_appliance, load_context, validate
from ctxschema.boot.container import appliance_container, plan_container
from ctxschema.boot.known import Known
from ctxschema.boot.plan import dry_run
from ctxschema.catalog import BOOTABLE
from ctxschema.document.pages import EXAMPLE_CONTEXTS
from ctxschema.document.places import Places
from ctxschema.document.roles import role_page
from ctxschema.model.container import Container
from ctxschema.model.uses import uses
from tests.pem import CERTIFICATE, PRIVATE_KEY

GPU = GpuFacts(driver_loaded=True, nvidia_smi=True)
TLS = {"FL_TLS_ENABLED": "YES", "FL_SSL_CA_CERTFILE": CERTIFICATE}
OWN = {"FL_SSL_CERTFILE": CERTIFICATE, "FL_SSL_KEYFILE": PRIVATE_KEY}
CONTEXTS: dict[str, list[dict[str, str]]] = {
    "flower-superlink": [
        {},
        {"FL_STRATEGY": "FedProx", "FL_CHECKPOINT_ENABLED": "YES", "FL_METRICS_ENABLED": "YES", **TLS, **OWN},
        {"FL_STRATEGY": "FedAdam", "FLOWER_VERSION": "1.40.0"},
        {"FL_STRATEGY": "Krum", "FL_TLS_ENABLED": "NO"},
        {"FL_STRATEGY": "FedTrimmedAvg"},
    ],
    "flower-supernode": [
        {
            "FL_SUPERLINK_ADDRESS": "10.0.0.1:9092",
            "FL_NODE_CONFIG": "a=1",
            "FL_MAX_RETRIES": "2",
            "FL_MAX_WAIT_TIME": "9",
            "FL_TLS_ENABLED": "NO",
        },
        {**TLS, "FL_GPU_ENABLED": "YES", "FL_DCGM_ENABLED": "YES"},
        {"FL_GPU_ENABLED": "YES", "ML_FRAMEWORK": "tensorflow"},
    ],
}
LINES = ("arguments", "environment", "mounts", "ports", "publishes")


def broken(container: Container) -> Iterator[tuple[str, Container]]:
    """Yield the container without each of its lines, with a name for it."""
    for kind in LINES:
        entries: Any = getattr(container, kind)
        for index, entry in enumerate(entries):
            name = getattr(entry, "flag", None) or getattr(entry, "name", None) or getattr(entry, "target", entry)
            yield f"{kind} {name}", evolve(container, **{kind: entries[:index] + entries[index + 1 :]})


def derived(appliance: Appliance) -> tuple[list[list[str]], list[dict[str, Any]], str, list[tuple[str, ...]]]:
    """Return what is derived from an appliance: commands, dry runs, its page, and the uses of its variables."""
    commands, runs = [], []
    for context in CONTEXTS[appliance.name]:
        values = validate(appliance, load_context({"VMID": "1", "ETH0_IP": "10.0.0.9", **context})).values
        commands.append(docker_arguments(appliance, values, decide_gpu(values, GPU)))
        # What only a boot finds out in its service counts as well.
        known = Known(appliance, values, {"place": "0", "places": "2", **decide_gpu(values, GPU).facts})
        commands.append(plan_container(known, decide_gpu(values, GPU)).arguments())
        plan = dry_run(appliance, load_context({"VMID": "1", "ETH0_IP": "10.0.0.9", **context}), lambda: GPU)
        assert plan.ok, plan.findings
        runs.append(plan.as_dict())
    page = role_page(appliance, EXAMPLE_CONTEXTS[appliance.name], places=Places("r.md"), diagram="d.svg", see_also="")
    return commands, runs, page, [uses(variable, (appliance,)) for variable in appliance.variables]


ROLES = [get_appliance(name) for name in CONTEXTS]
BROKEN = [
    pytest.param(role, container, id=f"{role.name} {name}")
    for role in ROLES
    for name, container in broken(appliance_container(role))
]
BEFORE = {role.name: derived(role) for role in ROLES}


@pytest.mark.parametrize(("role", "container"), BROKEN)
def test_without_a_line_command_documents_and_dry_run_change(role: Appliance, container: Container) -> None:
    commands, runs, page, becomes = derived(evolve(role, container=container))
    before = BEFORE[role.name]
    left = {argument.flag for argument in container.arguments}
    boots_only = [
        each for each in appliance_container(role).arguments if "{place}" in each.flag and each.flag not in left
    ]
    assert runs != before[1] or boots_only
    published = container.publishes != appliance_container(role).publishes
    assert (commands != before[0]) is not published  # OneGate is told after the command
    assert page != before[2] or becomes != before[3]


def test_without_the_request_for_a_gpu_nobody_speaks_of_one() -> None:
    node = get_appliance("flower-supernode")
    without = evolve(node, gpu=None, container=evolve(appliance_container(node), beside=()), steps=())
    commands, runs, page, _ = derived(without)
    assert not [words for words in commands if "--gpus" in words]
    assert not [run for run in runs if "FL_GPU_AVAILABLE" in run["onegate"]]
    assert "DOCKER_GPU_FLAGS" not in page
    assert "${DOCKER_GPU_FLAGS} \\\n" in BEFORE[node.name][2]


def test_every_machine_of_the_catalog_is_looked_at() -> None:
    assert set(BOOTABLE) >= set(CONTEXTS)
    assert all(get_appliance(name).container for name in BOOTABLE)
