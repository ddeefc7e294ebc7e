"""Messages to the letter: each stands in tests/cases/model/faults.json under the name of its test.

``UPDATE_CASES=1 pytest`` writes what is said anew, to be read before it is committed.
"""

import json
import os
from collections.abc import Callable

import pytest

from tests.conftest import ROOT

FILE = ROOT / "tests/cases/model/faults.json"


@pytest.fixture
def said(request: pytest.FixtureRequest) -> Callable[[object], None]:
    """Compare what is said with what is kept for this test."""
    name = request.node.nodeid.removeprefix("tests/model/")

    def compare(error: object) -> None:
        kept = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
        lines = str(error).split("\n")
        if os.environ.get("UPDATE_CASES"):
            kept = dict(sorted({**kept, name: lines}.items()))
            FILE.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        assert lines == kept[name]

    return compare
