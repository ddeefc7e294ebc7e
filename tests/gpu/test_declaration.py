"""The declaration of the checks, and what a boot makes of it."""

import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable

import pytest

from ctxschema.core.finding import Severity
from ctxschema.gpu.details import boot_findings
from ctxschema.gpu.machine import Machine
from ctxschema.gpu.registry import ALL_CHECKS, CHECKS, PROBES
from ctxschema.gpu.run import run_checks
from ctxschema.gpu.script import gpu_script
from ctxschema.machine.system import System
from ctxschema.model.check import Check, Layer, Status, placeholders
from tests.gpu.machines import MACHINES
from tests.gpu.tree import Tree
from tests.gpu.vms import a_vm_with_daemon_json_alone, a_vm_with_nouveau, ready

checks = pytest.mark.parametrize("check", ALL_CHECKS, ids=lambda check: check.id)


def test_ids_are_unique() -> None:
    assert max(Counter(check.id for check in ALL_CHECKS).values()) == 1


@checks
def test_a_check_says_all_that_a_reader_wants(check: Check) -> None:
    assert check.question.endswith("?")
    assert check.probe
    assert check.passes
    assert check.link.endswith(f"#{check.id}")
    assert check.id in PROBES
    statuses = {answer.status for answer in check.answers}
    assert Status.PASS in statuses
    assert (check.severity is Severity.ERROR) == (Status.FAIL in statuses)


@checks
def test_what_fails_or_warns_has_a_fix_with_details_that_its_message_has_too(check: Check) -> None:
    assert max(Counter(answer.name for answer in check.answers).values()) == 1
    for answer in check.answers:
        asks = answer.status in {Status.FAIL, Status.WARN}
        assert bool(answer.fix) == asks, answer.name
        assert (answer.message + answer.fix).isascii()
        known = set(placeholders(answer.message)) | {"short", "what"}
        assert set(placeholders(answer.fix)) <= known | {"other", "release", "module"}


def test_the_scripts_repeat_no_text_in_two_places() -> None:
    for layer in Layer:
        texts = re.findall(r'^ *(?:pass|fail|warn|skip) [a-z-]+ "(.*)"', gpu_script(layer), re.MULTILINE)
        assert len(texts) >= sum(len(check.answers) for check in CHECKS[layer])


# ---- in a boot ----


def test_a_boot_hears_what_failed_as_warnings(new_tree: Callable[[], Tree]) -> None:
    tree = new_tree()
    a_vm_with_daemon_json_alone(tree)
    (finding,) = boot_findings(Machine(System(str(tree.root), str(tree.bin))), 10)
    assert (finding.code, finding.severity) == ("CTX110", Severity.WARNING)
    assert "container-toolkit" in finding.message
    assert "nvidia-ctk runtime configure --runtime=docker" in (finding.repair or "")


def test_a_boot_starts_no_container(new_tree: Callable[[], Tree]) -> None:
    tree = new_tree()
    ready(tree)
    assert boot_findings(Machine(System(str(tree.root), str(tree.bin))), 10) == ()
    assert "docker run" not in tree.calls


def test_a_boot_hears_of_everything_that_failed(new_tree: Callable[[], Tree]) -> None:
    tree = new_tree()
    a_vm_with_nouveau(tree)
    found = boot_findings(Machine(System(str(tree.root), str(tree.bin))), 10)
    assert [finding.message.partition(":")[0] for finding in found] == ["kernel-driver", "nouveau", "docker"]
    assert all(finding.severity is Severity.WARNING and finding.repair for finding in found)


@pytest.mark.parametrize("program", ["nvidia-smi", "docker"])
def test_a_boot_never_waits_longer_than_it_may(program: str, new_tree: Callable[[], Tree]) -> None:
    tree = new_tree()
    ready(tree)
    tree.program(program, "trap '' TERM; sleep 30 & wait; sleep 30")
    began = time.monotonic()
    found = boot_findings(Machine(System(str(tree.root), str(tree.bin))), 0.5)
    assert time.monotonic() - began < 3
    assert any(program in finding.message for finding in found)


def test_a_boot_without_time_says_so(new_tree: Callable[[], Tree]) -> None:
    (finding,) = boot_findings(Machine(System(str(new_tree().root), "/nowhere")), 0)
    assert finding.code == "CTX111"
    assert "nvidia-smi" in finding.message


def test_the_checks_need_attrs_and_the_standard_library_only(new_tree: Callable[[], Tree]) -> None:
    program = (
        "import sys, ctxschema.gpu.__main__ as command; sys.argv[1:] = ['vm', '--root', sys.argv[1]]; "
        "command.main(); print(*sys.modules, file=sys.stderr)"
    )
    tree = new_tree()
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tree.root)], env={"PATH": str(tree.bin)}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    loaded = {name.partition(".")[0] for name in ended.stderr.split()}
    assert not loaded & {"lark", "cattrs", "jsonschema", "click", "rich", "yaml", "socket", "ssl", "http"}
    assert ended.stdout.splitlines()[-1].startswith("FAIL: ")


def test_there_are_enough_machines() -> None:
    assert len({machine.name for machine in MACHINES}) == len(MACHINES) >= 20


def test_hosts_start_no_program(new_tree: Callable[[], Tree]) -> None:
    tree = new_tree()
    for name in ("lspci", "lsmod", "modinfo", "dmesg", "udevadm", "nvidia-smi", "docker"):
        tree.program(name, "exit 1")
    run_checks(Layer.HOST, System(str(tree.root), str(tree.bin)))
    assert tree.calls == ""
