"""On every simulated machine the command and the script give the same, expected answers."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ctxschema.gpu.registry import ALL_CHECKS
from ctxschema.gpu.run import run_checks
from ctxschema.machine.system import System
from ctxschema.model.check import Layer
from tests.gpu.conftest import by_python, by_script
from tests.gpu.machines import MACHINES, Machine
from tests.gpu.tree import Tree


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: f"{machine.layer}-{machine.name}")
def test_command_and_script_agree_and_are_right(
    machine: Machine, new_tree: Callable[[], Tree], scripts: dict[str, Path]
) -> None:
    tree = new_tree()
    machine.build(tree)
    report = by_python(tree, machine.layer, machine.arguments)
    answered = {check["id"]: " ".join(each["answer"] for each in check["results"]) for check in report["checks"]}
    assert {check: answered[check] for check in machine.answers} == machine.answers
    bad = {check["id"] for check in report["checks"] if check["status"] in {"fail", "warn"}}
    assert bad <= machine.answers.keys(), bad

    ended = by_script(tree, scripts[machine.layer], "--json", *machine.arguments)
    assert ended.stderr == ""
    assert json.loads(ended.stdout) == report
    assert ended.returncode == (1 if report["verdict"] == "fail" else 0)
    assert ended.returncode == any(check["status"] == "fail" for check in report["checks"])


def test_every_answer_is_come_to_on_some_machine() -> None:
    reached = {
        (check, answer) for each in MACHINES for check, names in each.answers.items() for answer in names.split()
    }
    wanted = {
        (check.id, answer.name)
        for check in ALL_CHECKS
        for answer in check.answers
        if answer.status.value in {"fail", "warn"} and answer.name != "unreadable"
    }
    assert wanted - reached == set()


@pytest.mark.parametrize(
    "name",
    ["a_host_with_two_gpus_one_bound", "a_vm_with_mig_and_no_instance", "a_vm_without_a_gpu", "a_vm_that_is_ready"],
)
@pytest.mark.parametrize("quiet", [False, True])
def test_the_text_is_the_same(
    name: str, new_tree: Callable[[], Tree], scripts: dict[str, Path], *, quiet: bool
) -> None:
    (machine,) = (each for each in MACHINES if each.name == name)
    tree = new_tree()
    machine.build(tree)
    report = run_checks(Layer(machine.layer), System(str(tree.root), str(tree.bin)))
    ended = by_script(tree, scripts[machine.layer], *(["--quiet"] if quiet else []))
    assert ended.stdout.splitlines() == list(report.lines(quiet=quiet))
    assert ("PASS  " in ended.stdout) != quiet
