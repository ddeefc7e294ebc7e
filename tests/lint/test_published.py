"""What a script publishes before its container runs, where OneFlow takes it for READY."""

from pathlib import Path

import pytest

from ctxschema.core import codes
from ctxschema.core.source import SourceText
from ctxschema.lint.linter import Request, lint_file
from ctxschema.lint.published import early_findings
from ctxschema.lint.walk import walk

START = "docker run -d shop\n"


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ('onegate vm update --data "FL_READY=YES"\n' + START, ["FL_READY"]),
        ("onegate vm update --data READY=YES\ndocker compose -f a.yml up -d\n", ["READY"]),
        ("onegate vm update \\\n  --data FL_NODE_READY=YES\npodman start shop\n", ["FL_NODE_READY"]),
        ('curl -X PUT "$ONEGATE_ENDPOINT/vm" -d "SHOP_READY=YES"\n' + START, ["SHOP_READY"]),
        (START + 'onegate vm update --data "FL_READY=YES"\n', []),
        ('onegate vm update --data "FL_READY=YES"\n', []),
        ('onegate vm update --data "FL_READY=NO"\n' + START, []),
        ('onegate vm update --data "FL_VERSION=1.0"\n' + START, []),
        ("# onegate vm update --data FL_READY=YES\n" + START, []),
        ("onegate vm update --data FL_READY=YES\n# " + START, []),
        ("FL_READY=YES\n" + START, []),
    ],
)
def test_what_is_published_early(script: str, names: list[str]) -> None:
    source = SourceText(script)
    found = list(early_findings(source))
    assert [finding.variable for finding in found] == names
    for finding in found:
        assert finding.position is not None
        start = finding.position.start or 0
        assert script[start : finding.position.end] == f"{finding.variable}=YES"


@pytest.mark.parametrize(
    "start",
    [
        "docker \t run shop",
        "docker\tcontainer \tstart shop",
        "sudo podman container run shop",
        "if true; then nerdctl start shop; fi",
        "docker \tcompose\tup -d",
        "docker-compose -p shop up",
        "podman compose up",
        "podman-compose \tup\n",
    ],
)
def test_what_starts_a_container(start: str) -> None:
    script = f"onegate vm update --data READY=YES\n{start}\n"
    assert [finding.variable for finding in early_findings(SourceText(script))] == ["READY"]


@pytest.mark.parametrize(
    "other",
    [
        "docker ps",
        "dockerrun shop",
        "mydocker run shop",
        "docker runs",
        "docker containerrun shop",
        "docker container ls",
        "dockercompose up",
        "compose up",
        "mydocker compose up",
        "docker compose down",
        "docker composed up",
        "docker compose startup",
        "docker compose uptime",
        "docker compose ps\nset up",
        "run docker",
    ],
)
def test_what_starts_no_container(other: str) -> None:
    assert list(early_findings(SourceText(f"onegate vm update --data READY=YES\n{other}\n"))) == []


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("x=1; /usr/bin/onegate \tvm \tupdate \tA=1 Node_2_READY=YES B_READY=YES", ["Node_2_READY", "B_READY"]),
        ('curl -d "{\\"a\\": 1}" \\\\ \\\n  -d A=1 \\\n -d "A_READY=YES"', ["A_READY"]),
        ("curl x\nA_READY=YES", []),
        ("onegate vm show A_READY=YES", []),
        ("onegate vm updated A_READY=YES", []),
        ("onegatevm update A_READY=YES", []),
        ("onegate vmupdate A_READY=YES", []),
        ("myonegate vm update A_READY=YES", []),
        ("mycurl A_READY=YES", []),
        ("curly A_READY=YES", []),
        ("curl STEADY=YES", []),
    ],
)
def test_what_publishes(line: str, names: list[str]) -> None:
    assert [finding.variable for finding in early_findings(SourceText(f"# all\nset -e\n{line}\n{START}"))] == names


def test_any_script_in_a_folder_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "start.sh").write_text('onegate vm update --data "FL_READY=YES"\n' + START)
    (tmp_path / "other.sh").write_text(START)
    results = [lint_file(found, Request()) for found in walk([str(tmp_path)])]
    assert [[finding.code for finding in each.findings] for each in results if each] == [[codes.READY_EARLY.id]]
