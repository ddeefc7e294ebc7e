"""What a single check says of machines, and what it asks of programs: a file under tests/cases/gpu/checks for each.

The files are named after the checks. In one, a line of ``=`` stands between two machines; of each, what it is made of
stands as YAML above a line of dashes, and below it each answer and each program that was run. The YAML may have:

- ``machine``: a name;
- ``pci``: the functions of the PCI bus by address, each with ``driver``, ``group`` and what differs from an H200;
- ``files`` (the text by path), ``links`` (the target by path), ``folders``, ``modes`` (octal, by path);
- ``driver`` (the version of the loaded driver) and ``rows`` (what nvidia-smi says of each GPU);
- ``programs``: by the beginning of a command line what is printed, or ``code``, ``prints`` and ``errors``, or ``late``;
- ``image``, ``pull``, ``most`` and ``onehost``, as a person gives them.

UID and GID in a file are those of who runs the tests. ``UPDATE_CASES=1 pytest`` writes what stands below the dashes
anew, to be read before it is committed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import yaml

from ctxschema.gpu.registry import ALL_CHECKS
from ctxschema.gpu.run import make_check
from ctxschema.gpu.values import CUDA_PROGRAM
from ctxschema.machine.system import Outcome
from tests.conftest import ROOT
from tests.gpu.fake import LATE, Fake, printed

FOLDER = ROOT / "tests/cases/gpu/checks"
BETWEEN, LINE = "=" * 40 + "\n", "-" * 40 + "\n"
CHECKS = {check.id: check for check in ALL_CHECKS}


class Case(NamedTuple):
    """A machine of a file, and what has to be said of it."""

    check: str
    number: int
    above: str
    below: str

    @property
    def made_of(self) -> dict[str, Any]:
        found: dict[str, Any] = yaml.load(self.above, yaml.BaseLoader)
        return found


def all_cases() -> Iterator[Case]:
    for path in sorted(FOLDER.iterdir()):
        for number, text in enumerate(path.read_text(encoding="utf-8").split(BETWEEN)):
            above, _, below = text.partition(LINE)
            yield Case(path.stem, number, above, below)


CASES = list(all_cases())


def outcome(answer: Any) -> Outcome:
    if answer == "late":
        return LATE
    if isinstance(answer, str):
        return printed(answer)
    return printed(answer.get("prints", ""), int(answer.get("code", 0)), answer.get("errors", ""))


def build(fake: Fake, made_of: dict[str, Any]) -> None:
    for path in made_of.get("folders", ()):
        (fake.root / path).mkdir(parents=True)
    for addr, given in made_of.get("pci", {}).items():
        more = dict(given)
        driver, group = more.pop("driver", None), more.pop("group", None)
        fake.function(addr, **more)
        if driver:
            fake.link(f"sys/bus/pci/devices/{addr}/driver", f"../../../../bus/pci/drivers/{driver}")
        if group:
            fake.link(f"sys/bus/pci/devices/{addr}/iommu_group", f"../../../../kernel/iommu_groups/{group}")
            fake.file(f"sys/kernel/iommu_groups/{group}/devices/{addr}")
    if "driver" in made_of:
        fake.file("sys/module/nvidia/version", f"{made_of['driver']}\n")
    for path, text in made_of.get("files", {}).items():
        fake.file(path, text.replace("UID", str(os.getuid())).replace("GID", str(os.getgid())))
    for path, target in made_of.get("links", {}).items():
        fake.link(path, target)
    for path, mode in made_of.get("modes", {}).items():
        (fake.root / path).chmod(int(mode, 8))
    if "rows" in made_of:
        fake.answers["nvidia-smi --query-gpu="] = printed("".join(f"{row}\n" for row in made_of["rows"]))
    fake.answers |= {command: outcome(answer) for command, answer in made_of.get("programs", {}).items()}


def said(fake: Fake, check: str, made_of: dict[str, Any]) -> str:
    machine = fake.machine(
        image=made_of.get("image"),
        pull="pull" in made_of,
        most=float(made_of["most"]) if "most" in made_of else None,
        onehost=made_of.get("onehost"),
    )
    lines = []
    for each in make_check(CHECKS[check], machine).results:
        repair = f" => {each.fix}" if each.fix else ""
        lines.append(f"{each.answer.name} {each.status.value}: {each.message}{repair}")
    lines += [f"ran for {seconds:g} s: {line.replace(CUDA_PROGRAM, '<CUDA_PROGRAM>')}" for line, seconds in fake.asked]
    named = f"ctxschema-gpu-check-{os.getpid()}"
    return "".join(f"{line}\n" for line in lines).replace(str(fake.root), "ROOT").replace(named, "<name>")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}-{case.number}-{case.made_of['machine']}")
def test_what_a_check_says(case: Case, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    build(fake, case.made_of)
    text = said(fake, case.check, case.made_of)
    if os.environ.get("UPDATE_CASES"):
        path = FOLDER / f"{case.check}.case"
        parts = path.read_text(encoding="utf-8").split(BETWEEN)
        parts[case.number] = case.above + LINE + text
        path.write_text(BETWEEN.join(parts), encoding="utf-8")
    else:
        assert text == case.below


def test_every_check_has_its_machines() -> None:
    assert {case.check for case in CASES} == CHECKS.keys()
