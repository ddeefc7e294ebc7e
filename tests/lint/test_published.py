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


def test_any_script_in_a_folder_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "start.sh").write_text('onegate vm update --data "FL_READY=YES"\n' + START)
    (tmp_path / "other.sh").write_text(START)
    results = [lint_file(found, Request()) for found in walk([str(tmp_path)])]
    assert [[finding.code for finding in each.findings] for each in results if each] == [[codes.READY_EARLY.id]]
