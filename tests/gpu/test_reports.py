"""What the checks report of every simulated machine, to the letter: a file under tests/cases/gpu/reports for each.

``UPDATE_CASES=1 pytest`` writes them anew, to be read before they are committed. That the scripts say the same is
judged in test_machines.py.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ctxschema.gpu.run import run_checks
from ctxschema.machine.system import Outcome, System
from ctxschema.model.check import Layer
from tests.conftest import ROOT
from tests.gpu.conftest import by_python
from tests.gpu.machines import MACHINES, Machine
from tests.gpu.tree import Tree

FOLDER = ROOT / "tests/cases/gpu/reports"


def told(report: dict[str, Any]) -> Iterator[str]:
    yield f"{report['verdict']} {report['counts']}"
    for check in report["checks"]:
        for each in check["results"]:
            repair = f" => {each['fix']}" if each["fix"] else ""
            yield f"{check['id']} {each['answer']} {each['status']}: {each['message']}{repair}"


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: f"{machine.layer}-{machine.name}")
def test_what_is_reported(machine: Machine, new_tree: Callable[[], Tree]) -> None:
    tree = new_tree()
    machine.build(tree)
    report = by_python(tree, machine.layer, machine.arguments)
    text = "".join(f"{line}\n" for line in told(report)).replace(str(tree.root), "ROOT")
    path = FOLDER / f"{machine.layer}-{machine.name}.txt"
    if os.environ.get("UPDATE_CASES"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_no_report_is_of_a_machine_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {f"{machine.layer}-{machine.name}" for machine in MACHINES}


@pytest.mark.parametrize(("wanted", "pull"), [(False, "never"), (True, "missing")])
def test_a_container_is_given_all_gpus_and_no_network(
    pull: str, new_tree: Callable[[], Tree], monkeypatch: pytest.MonkeyPatch, *, wanted: bool
) -> None:
    (machine,) = (each for each in MACHINES if each.name == "a_vm_that_is_ready")
    tree = new_tree()
    machine.build(tree)
    asked: list[list[str]] = []
    run = System.run

    def recorded(self: System, arguments: list[str], seconds: float) -> Outcome:
        asked.append(arguments)
        return run(self, arguments, seconds)

    monkeypatch.setattr(System, "run", recorded)
    run_checks(Layer.VM, System(str(tree.root), str(tree.bin)), pull=wanted)
    (command,) = [" ".join(each) for each in asked if each[:2] == ["docker", "run"] and "nvidia-smi" in each]
    name = f"ctxschema-gpu-check-{os.getpid()}"
    assert command.startswith(
        f"docker run --rm --name {name} --pull {pull} --network none --gpus all --entrypoint nvidia-smi -- "
    )
    assert command.endswith(" -L")
