"""The USER_INPUT block that the requirements give to the letter."""

from collections.abc import Callable

import pytest

from ctxschema import Severity, parse_template
from ctxschema.core import codes
from tests.conftest import ROOT

BLOCK = (ROOT / "tests/conformance/data/requirements-block.tmpl").read_text(encoding="utf-8")


@pytest.fixture
def block() -> str:
    return BLOCK


def test_prints_back_byte_for_byte(block: str) -> None:
    template = parse_template(block)
    assert template.ok
    assert template.emit() == block
    assert all(definition.emit() in block for _, definition in template.user_inputs)


def test_its_two_faults_are_found(block: str) -> None:
    errors = [finding for finding in parse_template(block).findings if finding.severity is Severity.ERROR]
    assert [(finding.code, finding.variable) for finding in errors] == [
        (codes.SINGULAR.id, "USER_INPUT"),
        (codes.DEFAULT_TYPE.id, "GPU_MEMORY_FRACTION"),
    ]
    assert errors[1].origin == "<template>:4:30"
    assert errors[1].repair == "write `number-float`"


def test_what_is_generated_differs_in_both_only(block: str, ctx: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = ctx("generate", "user-inputs", "flower-supernode", "--group", "gpu", "--names", "short")
    assert code == 0
    assert out == block.replace("USER_INPUT ", "USER_INPUTS ").replace("|number|", "|number-float|")
    assert not parse_template(out).findings
