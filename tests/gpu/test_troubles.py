"""From a symptom, an error message or a log to the row that helps."""

import re

import pytest

from ctxschema.document.checks import troubleshooting
from ctxschema.gpu.registry import ALL_CHECKS
from ctxschema.model.check import Status, plain
from ctxschema.report.troubles import find_troubles, troubles
from tests.conftest import ROOT, Ended

REQUIRED = [
    ("No IOMMU groups found", "IOMMU disabled in BIOS", "enable Intel VT-d or AMD IOMMU in BIOS"),
    (
        "nvidia module not loaded",
        "driver not installed",
        "install the driver (`apt install nvidia-driver-545` or newer)",
    ),
    (
        "could not select device driver",
        "Container Toolkit not configured",
        "`nvidia-ctk runtime configure --runtime=docker`",
    ),
    ("GPU shows on the host but not in the VM", "vfio-pci not bound", "`driverctl set-override <addr> vfio-pci`"),
]


@pytest.mark.parametrize(("symptom", "cause", "fix"), REQUIRED)
def test_the_required_rows(symptom: str, cause: str, fix: str) -> None:
    row = find_troubles(symptom)[0]
    assert (row.symptom, row.cause) == (symptom, cause)
    assert fix in row.fix


def test_the_table_in_the_documents() -> None:
    *_, table = troubleshooting()
    lines = table.splitlines()
    assert len(lines) == len(troubles()) + 2
    for line in lines:
        assert len(re.findall(r"(?<!\\)\|", line)) == 5, line
        assert "<" not in re.sub("`[^`]*`|</?code>", "", line)
    for symptom, cause, fix in REQUIRED:
        assert any(symptom in line and cause in line and fix in line for line in lines)


def test_every_check_has_a_row_and_every_row_leads_to_itself() -> None:
    rows = troubles()
    assert {row.check for row in rows} == {check.id for check in ALL_CHECKS}
    for row in rows:
        assert find_troubles(row.symptom)[0] == row
        assert row.cause
        assert row.fix
        assert "{" not in row.fix


CASES = [
    line.split("\t")
    for line in (ROOT / "tests/cases/gpu/troubles.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("check", "symptom", "text"), CASES)
def test_what_programs_say_leads_to_its_row(text: str, check: str, symptom: str) -> None:
    row = find_troubles(text.replace("\\n", "\n"))[0]
    assert row.check == check
    assert symptom in row.symptom


def test_what_a_check_reports_leads_to_its_row() -> None:
    for check in ALL_CHECKS:
        for answer in check.answers:
            if answer.status in {Status.FAIL, Status.WARN} and answer.symptom:
                details = dict.fromkeys("addr path said member driver group id".split(), "0000:01:00.0")  # noqa: SIM905
                message = plain(answer.message)
                for name in ("index", "count", "expected", "seconds", "code", *details):
                    message = message.replace(f"{{{name}}}", details.get(name, "7"))
                row = find_troubles(f"{answer.status.value.upper()}  {check.id}: {message}")[0]
                assert row.symptom == answer.symptom, message


@pytest.mark.parametrize(
    "text", ["asdf qwer", "the printer is out of paper", "zzz " * 100_000, "0" * 1_000_000, "\x00\n" * 10]
)
def test_nothing_is_made_up(text: str) -> None:
    assert find_troubles(text) == []


def test_a_long_log_with_two_troubles(ctx: object) -> None:
    log = "\n".join(["Nov 24 boot: fine"] * 5000)
    text = f"{log}\nNVRM: API mismatch: the client\n{log}\nvfio: group 3 is not viable\n"
    ended = ctx("gpu", "troubleshoot", "-", "--format", "json", stdin=text)  # type: ignore[operator]
    assert isinstance(ended, Ended)
    assert {row["check"] for row in ended.json["rows"]} == {"nvidia-smi", "gpu-groups"}
    assert ended.code == 0
