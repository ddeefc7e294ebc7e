"""``ctxschema explain`` says beside its table what is wrong with the definition, and what is no definition."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ended


def test_what_is_wrong_with_a_definition_stands_beside_the_table(ctx: Callable[..., Ended]) -> None:
    ended = ctx("explain", "M|pasword|Password| |")
    assert ended.code == 0
    assert "command line" in ended.out
    assert "'pasword' is no type" in ended.out
    assert "write password" in ended.out
    assert "write UTF8,LATIN1" in ctx("explain", "O|list|Encoding|UTF8;LATIN1|UTF8").out
    assert "CTX" not in ctx("explain", "O|number|Port| |80").out


@pytest.mark.parametrize("text", ["ONEAPP_PG_PORT", "no/such.tmpl"])
def test_a_text_without_pipes_is_explained_and_said_to_be_none(ctx: Callable[..., Ended], text: str) -> None:
    ended = ctx("explain", text)
    assert ended.code == 0
    assert "wants three parts" in ended.out
    assert f"'{text}' has no | in it" in ended.err
    assert ctx("explain", text, "--format", "json").err == ""


def test_a_file_is_said_to_be_one(ctx: Callable[..., Ended], tmp_path: Path) -> None:
    (tmp_path / "a.tmpl").write_text("")
    ended = ctx("explain", str(tmp_path / "a.tmpl"))
    assert ended.code == 0
    assert "is a file, and was taken for a definition; ctxschema lint FILE" in ended.err
