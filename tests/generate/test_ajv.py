"""ajv, with which editors and node programs judge, takes our schemas in strict mode and agrees on 3,000 contexts."""

import json
import os
import random
import shutil
import subprocess
from typing import Any

import pytest

from ctxschema.catalog import APPLIANCES, get_appliance
from tests.conftest import ROOT
from tests.generate.contexts import context
from tests.generate.test_json_schema import SCHEMAS, accepted

WEB = ROOT / "tools/web"
INSTALLED = WEB / "node_modules/ajv"
NUMBER = 3000 // len(APPLIANCES)

pytestmark = pytest.mark.skipif(
    not (shutil.which("node") and (INSTALLED.exists() or os.environ.get("AJV_FROM"))),
    reason="node or ajv is not there; make test fetches ajv",
)


def test_ajv_agrees() -> None:
    chance = random.Random(18)
    asked: list[dict[str, Any]] = [
        {"schema": SCHEMAS[each.name], "instances": [context(chance, each) for _ in range(NUMBER)]}
        for each in map(get_appliance, APPLIANCES)
    ]
    command = ["node", str(WEB / "ajv.mjs")]
    ended = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stderr[-2000:]
    for entry, answers in zip(asked, json.loads(ended.stdout), strict=True):
        assert len(answers) == NUMBER
        assert {True, False} == set(answers)
        for instance, answer in zip(entry["instances"], answers, strict=True):
            assert accepted(entry["schema"], instance) == answer, instance
