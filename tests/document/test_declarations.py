"""What the pages on declarations show is read back, as YAML and as Python, and both are the same."""

import re
from collections.abc import Iterator
from textwrap import indent
from typing import Any, get_args

import pytest
from attrs import fields

from ctxschema.core.source import SourceText
from ctxschema.declaration.conditions import WORDS
from ctxschema.declaration.kinds import KINDS, kind_name
from ctxschema.declaration.load import read_declaration
from ctxschema.declaration.python_form import python_expression
from ctxschema.declaration.unstructure import appliance_data
from ctxschema.document import examples
from ctxschema.document.examples import base, whole
from ctxschema.model.appliance import Appliance
from ctxschema.model.closed import AnyCondition, AnyLimit, Foreign
from ctxschema.model.conditions import Condition
from ctxschema.model.container import Container, Image
from ctxschema.model.gpu_request import GpuRequest
from ctxschema.model.limits import Limit
from ctxschema.model.shapes import SHAPES
from ctxschema.model.variable import Variable
from tests.conftest import ROOT
from tests.document.test_pages import names

PAGES = sorted((ROOT / "docs" / "reference").glob("declaration*.md"))
BLOCK = re.compile(
    r"^```yaml\n(?P<yaml>(?:(?!```).)*)^```\n\n```python\n(?P<python>(?:(?!```).)*)\n```$", re.MULTILINE | re.DOTALL
)
SHOWN = [
    pytest.param(found["yaml"], found["python"].rstrip("\n"), id=f"{page.stem}-{number}")
    for page in PAGES
    for number, found in enumerate(BLOCK.finditer(page.read_text(encoding="utf-8")))
]
IMAGE = "  image: {repository: example/app, tag: '{APP_VERSION}'}\n"


def parts() -> Iterator[Any]:
    """Every part that is shown."""
    groups = (examples.KINDS, SHAPES, examples.LIMITS, examples.CONDITIONS, examples.RULES, examples.PARTS)
    for group in (*groups, examples.OF_APPLIANCE, examples.OF_VARIABLE):
        for each in group.values():
            yield from each if isinstance(each, tuple) else (each,)


BY_PYTHON = {python_expression(part): part for part in parts()}


def read(text: str) -> Appliance:
    appliance, findings = read_declaration(SourceText(text, "a.yaml"))
    assert appliance is not None, (findings, text)
    return appliance


def in_a_declaration(shown: str, part: Any) -> str:
    """A fragment in the declaration that the index of the pages shows."""
    begins = base()[0]
    if isinstance(part, Limit):
        kind = kind_name(whole(part).variables[-1].kind)
        return f"{begins}  APP_SETTING:\n    kind: {kind}\n    label: Setting\n{indent(shown, '    ')}"
    if isinstance(part, Condition):
        entry = "  environment:\n    - name: SETTING\n      text: '1'\n"
        return f"{begins}\ngpu: {{}}\ncontainer:\n{IMAGE}{entry}{indent(shown, ' ' * 6)}"
    if isinstance(part, Variable):
        return begins + shown.removeprefix("variables:\n")
    if isinstance(part, GpuRequest):
        return f"{begins}\n{shown}\ncontainer:\n{IMAGE}"
    is_of_container = shown.startswith("container:") and not isinstance(part, Image)
    return f"{begins}\n{shown}{IMAGE if is_of_container else ''}"


@pytest.mark.parametrize(("shown", "python"), SHOWN)
def test_both_forms_are_read_and_are_the_same(shown: str, python: str) -> None:
    expression = re.sub(r"\A(limits=\((.*),\)|when=(.*))\Z", r"\2\3", python, flags=re.DOTALL)
    space = names()
    exec(f"{base()[1]}\nmade = {expression}", space)
    assert python_expression(space["made"]) == expression
    part = BY_PYTHON[expression]
    assert appliance_data(read(in_a_declaration(shown, part))) == appliance_data(whole(part))


def test_every_part_is_shown() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert len(SHOWN) >= len(BY_PYTHON)
    for expression in BY_PYTHON:
        assert f"{expression},)\n```" in text or f"{expression}\n```" in text, expression


def test_there_is_an_example_of_everything_there_is() -> None:
    found = list(parts())
    assert {kind_name(each.kind) for each in examples.KINDS.values()} == set(KINDS)
    assert {type(each) for each in found} >= {cls for cls in get_args(AnyLimit) if cls is not Foreign}
    assert {type(each) for each in found} >= {cls for cls in get_args(AnyCondition) if cls is not Foreign}
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for word in WORDS:
        assert re.search(rf"^  {word}:|{{{word}:", text, re.MULTILINE), word
    for field in fields(Container):
        assert re.search(rf"^  {field.name}:|^\| `{field.name}` \|", text, re.MULTILINE), field.name


def test_the_variables_of_the_examples_are_a_declaration() -> None:
    assert appliance_data(read(base()[0])) == appliance_data(examples.BASE)
