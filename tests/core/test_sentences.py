"""Texts that end as a sentence does."""

import pytest

from ctxschema.core.sentences import sentence


@pytest.mark.parametrize(
    ("text", "ended"),
    [("", ""), ("It is", "It is."), ("It is.", "It is."), ("Is it?", "Is it?"), ("It is!", "It is!"), ("So:", "So:")],
)
def test_a_text_ends_once(text: str, ended: str) -> None:
    assert sentence(text) == ended
