"""The first version of a declaration, to the letter: a file under tests/cases/beginning for each.

``UPDATE_CASES=1 pytest`` writes them anew, to be read before they are committed.
"""

import os

import pytest

from ctxschema.core.source import SourceText
from ctxschema.declaration.beginning import Beginning, beginning_yaml, image_fault, name_fault, text_fault
from ctxschema.declaration.load import read_declaration
from tests.conftest import ROOT

FOLDER = ROOT / "tests/cases/beginning"
BEGINNINGS = {
    "nothing-said": Beginning(),
    "with-an-image": Beginning("our-blog", "Our blog", "A blog: ours.", "registry.example.org:5000/our/blog:1.2"),
    "with-an-image-without-a-tag": Beginning("блог", "1.10", "NO", "nginx"),
}


@pytest.mark.parametrize("name", BEGINNINGS)
def test_what_is_begun_with(name: str) -> None:
    path = FOLDER / f"{name}.yaml"
    text = beginning_yaml(BEGINNINGS[name])
    if os.environ.get("UPDATE_CASES"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    appliance, findings = read_declaration(SourceText(text, name=path.name))
    assert findings == []
    assert appliance is not None
    assert (appliance.name, appliance.title) == (BEGINNINGS[name].name, BEGINNINGS[name].title)


@pytest.mark.parametrize(
    ("fault", "text", "said"),
    [
        (name_fault, "our-blog", None),
        (name_fault, " ", "a name has a letter or a digit in it"),
        (name_fault, "a/b", "the name cannot be that of a file; write letters, digits and hyphens"),
        (text_fault, "Our blog", None),
        (text_fault, 'Our "blog" | ours', "it has a pipe in it; write a comma or a slash"),
        (image_fault, "", None),
        (image_fault, "nginx:1.27", None),
        (image_fault, "Nginx", "it is no image; write repository:tag"),
    ],
)
def test_an_answer_that_cannot_be_one_is_refused(fault: object, text: str, said: str | None) -> None:
    assert callable(fault)
    assert fault(text) == said
