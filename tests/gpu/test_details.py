"""Why there is no GPU, in detail: by the script where the image has it, else by the same checks made here."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ctxschema import get_appliance
from ctxschema.boot.agent import Report, boot
from ctxschema.boot.state import Options
from ctxschema.core.finding import Finding, Severity
from ctxschema.gpu.decision import FALLBACK_WARNING
from ctxschema.gpu.details import boot_findings, gpu_details
from ctxschema.gpu.facts import gpu_facts
from ctxschema.gpu.machine import Machine
from ctxschema.gpu.registry import SCRIPTS
from ctxschema.machine.log import Log
from ctxschema.machine.system import System
from ctxschema.model.check import Layer
from ctxschema.model.step import StepKind
from tests.gpu.tree import Tree
from tests.gpu.vms import a_vm_with_daemon_json_alone, a_vm_with_nouveau, ready
from tests.machine import ADDRESS, NODE
from tests.machine import Machine as BootMachine

SCRIPT = "/opt/flower/scripts/validate-gpu.sh"


def installed(tree: Tree, text: str) -> None:
    tree.file(SCRIPT[1:], text, 0o755)
    if not (tree.bin / "env").exists():
        (tree.bin / "env").symlink_to("/usr/bin/env")


def machine(tree: Tree) -> Machine:
    return Machine(System(str(tree.root), str(tree.bin)))


def said(findings: tuple[Finding, ...]) -> list[tuple[str, str | None]]:
    return [(finding.message, finding.repair) for finding in findings]


@pytest.mark.parametrize("build", [a_vm_with_nouveau, a_vm_with_daemon_json_alone, ready])
def test_the_script_is_run_and_says_what_the_agent_would(
    build: Callable[[Tree], None], new_tree: Callable[[], Tree], scripts: dict[str, Path]
) -> None:
    tree = new_tree()
    build(tree)
    installed(tree, scripts["vm"].read_text().replace("\n", f"\n: >{tree.root}/ran\n", 1))
    found = gpu_details(machine(tree), 20, SCRIPT)
    assert said(found) == said(boot_findings(machine(tree), 20))
    assert all((each.code, each.severity) == ("CTX110", Severity.WARNING) for each in found)
    assert (tree.root / "ran").exists()
    assert "docker run" not in tree.calls
    assert "image" not in tree.calls


def test_with_a_container_the_script_starts_one(new_tree: Callable[[], Tree], scripts: dict[str, Path]) -> None:
    tree = new_tree()
    ready(tree)
    tree.docker(run="echo 'no GPU here' >&2; exit 125")
    installed(tree, scripts["vm"].read_text())
    (finding,) = gpu_details(machine(tree), 20, SCRIPT, containers=True)
    assert finding.message.startswith("container-gpu: Docker could not start a container")
    (finding,) = gpu_details(machine(tree), 20, "", containers=True)
    assert finding.message.startswith("container-gpu: Docker could not start a container")


@pytest.mark.parametrize(
    "text",
    [
        "#!/bin/sh\nexit 2\n",
        "#!/bin/sh\necho no JSON\n",
        "#!/bin/sh\necho '{}'\n",
        '#!/bin/sh\necho \'{"checks": [{"results": [1]}]}\'\n',
        "#!/bin/sh\necho '[[[['\n",
        "#!/nowhere\n",
        "#!/bin/sh\nexec sleep 30\n",
    ],
)
def test_a_script_that_gives_no_report_is_made_up_for(text: str, new_tree: Callable[[], Tree]) -> None:
    tree = new_tree()
    a_vm_with_nouveau(tree)
    installed(tree, text)
    began = time.monotonic()
    found = gpu_details(machine(tree), 2, SCRIPT)
    assert time.monotonic() - began < 6
    assert found
    assert all(finding.severity is Severity.WARNING for finding in found)


def test_where_a_program_hung_nobody_waits_for_it_again(new_tree: Callable[[], Tree]) -> None:
    tree = new_tree()
    ready(tree)
    tree.program("nvidia-smi", "exec sleep 30")
    installed(tree, f"#!/bin/sh\n: >{tree.root}/ran\n")
    asked = Machine(System(str(tree.root), str(tree.bin)), most=0.3)
    assert not gpu_facts(asked).usable
    assert any("did not answer" in finding.message for finding in gpu_details(asked, 10, SCRIPT))
    assert not (tree.root / "ran").exists()


# ---- what the plan says to the letter ----


def test_the_step_is_the_plans() -> None:
    node = get_appliance("flower-supernode")
    (step,) = (step for step in node.steps if step.kind is StepKind.GPU)
    assert node.gpu is not None
    assert len(step.actions) == 7
    assert 'DOCKER_GPU_FLAGS="--gpus all"' in step.actions[3]
    assert "-e CUDA_VISIBLE_DEVICES=<ids>" in step.actions[4]
    assert FALLBACK_WARNING in step.actions[5]
    assert SCRIPT in step.actions[6]
    assert node.gpu.script == SCRIPT == f"/opt/flower/scripts/{SCRIPTS[Layer.VM]}"
    assert "FL_GPU_AVAILABLE=NO" in step.onegate


def test_the_report_of_a_script_is_read_as_json(new_tree: Callable[[], Tree]) -> None:
    tree = new_tree()
    report = {"checks": [{"id": "x", "results": [{"status": "fail", "message": "m", "fix": None}, {"status": "warn"}]}]}
    installed(tree, f"#!/bin/sh\necho '{json.dumps(report)}'; exit 1\n")
    (finding,) = gpu_details(machine(tree), 5, SCRIPT)
    assert (finding.message, finding.repair) == ("x: m", None)


# ---- in a boot ----


def booted(tmp_path: Path, script: str, *, asked: bool) -> Report:
    machine = BootMachine.make(tmp_path, gpu=True).context(**ADDRESS, FL_GPU_ENABLED="YES")
    machine.file(SCRIPT[1:], script)
    (machine.root / SCRIPT[1:]).chmod(0o755)
    system = machine.system()
    return boot(get_appliance(NODE), Options(check_gpu=asked), system, Log(system, syslog=False))


REPORT = """#!/bin/sh
echo "$*" > "$CTX_ROOT/asked"
echo '{"checks": [{"id": "container-gpu", "results": [{"status": "fail", "message": "blind", "fix": "repair it"}]}]}'
exit 1
"""


def test_the_checks_follow_the_start_where_they_are_asked_for(tmp_path: Path) -> None:
    report = booted(tmp_path, REPORT, asked=True)
    assert report.ok
    assert [(each.severity, each.message) for each in report.findings if each.code == "CTX110"] == [
        (Severity.WARNING, "container-gpu: blind")
    ]
    arguments = (tmp_path / "root/asked").read_text()
    assert "--json" in arguments
    assert "--no-container" not in arguments


def test_nobody_runs_them_where_they_are_not(tmp_path: Path) -> None:
    report = booted(tmp_path, REPORT, asked=False)
    assert report.ok
    assert not (tmp_path / "root/asked").exists()
