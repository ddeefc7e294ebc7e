"""What we generate, our linter has nothing to say about."""

import re
from collections.abc import Iterator

import pytest

from ctxschema.catalog import APPLIANCES, get_appliance
from ctxschema.core import codes
from ctxschema.core.errors import NotPortableError
from ctxschema.core.finding import Severity
from ctxschema.core.source import SourceText
from ctxschema.generate.names import Names
from ctxschema.generate.options import Options
from ctxschema.generate.registry import OUTPUTS
from ctxschema.lint.linter import lint_text
from ctxschema.model.appliance import Appliance
from tests.conftest import ROOT

LINTED = (".tmpl", ".yaml", ".sh")
BY_DEFAULT = {code.id for code in codes.TABLE if code.default}
TOLD_IN_THE_GUIDE = {codes.REFERENCE_DROPPED.id, codes.NO_DEFAULT.id}
_PYTHON = re.compile(r'^```python title="[^"]+"\n(.*?)^```', re.MULTILINE | re.DOTALL)


def of_the_guides() -> Iterator[Appliance]:
    for guide in sorted((ROOT / "docs/guides").glob("*.md")):
        for block in _PYTHON.findall(guide.read_text()):
            if "Appliance(" in block:
                names: dict[str, object] = {}
                exec(compile(block, guide.name, "exec"), names)
                yield from (value for value in names.values() if isinstance(value, Appliance))


EVERY = [*map(get_appliance, APPLIANCES), *of_the_guides()]


def test_there_are_appliances_in_the_guides() -> None:
    assert len(EVERY) > len(APPLIANCES) + 1


def of_opennebula(appliance: Appliance, options: Options) -> Iterator[tuple[str, str]]:
    """What is generated in a form that the linter reads; what needs a context is left out where there is none."""
    for output in OUTPUTS:
        if not output.suits(appliance) or not (output.file.endswith(LINTED) or output.file == "oneflow.json"):
            continue
        try:
            yield output.file, output.text(appliance, options)
        except NotPortableError:
            assert "context" in output.takes


@pytest.mark.parametrize("appliance", EVERY, ids=lambda appliance: appliance.name)
@pytest.mark.parametrize("names", Names)
def test_nothing_is_found_in_what_is_generated(appliance: Appliance, names: Names) -> None:
    looked = 0
    numbers = {role: number for number, role in enumerate(appliance.roles)}  # of the templates, which nobody can guess
    for file, text in of_opennebula(appliance, Options(names=names, templates=numbers)):
        looked += 1
        found = [finding for finding in lint_text(SourceText(text, file)) if finding.code in BY_DEFAULT]
        assert [finding for finding in found if finding.severity is not Severity.INFO] == []
        assert {finding.code for finding in found} <= TOLD_IN_THE_GUIDE
    assert looked >= 4


def test_the_guide_says_why_something_remains() -> None:
    guide = (ROOT / "docs/guides/check.md").read_text()
    assert all(code in guide for code in TOLD_IN_THE_GUIDE)
