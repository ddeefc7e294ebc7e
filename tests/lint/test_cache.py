"""What was found before is found again, until anything changes."""

import json
import os
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings

from ctxschema.core.source import SourceText
from ctxschema.lint import linter
from ctxschema.lint.cache import Cache, default_folder
from ctxschema.lint.linter import Request, Result, lint_file
from ctxschema.lint.selection import Selection
from ctxschema.lint.walk import Found
from tests.properties.test_lint import mutated

TEXT = 'USER_INPUTS = [ A = "0|number|A| |80.5", P = "O|password|P| |opensesame " ]\nINPUTS_ORDER = "a,P"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.tmpl"
    path.write_text(TEXT)
    return path


def linted(path: Path, folder: Path, selection: Selection | None = None, **more: Any) -> tuple[Result | None, bool]:
    """The result, and whether the file was looked at."""
    cache = Cache(str(folder))
    with mock.patch.object(linter, "_judged", wraps=linter._judged) as judged:
        result = lint_file(Found(str(path), named=True), Request(selection or Selection(), cache=cache, **more))
    cache.write()
    return result, judged.called


def comparable(result: Result | None) -> object:
    assert result is not None
    return [(each.as_dict(), each.safe, [edit.text for edit in each.edits]) for each in result.findings]


def test_the_second_time_nothing_is_looked_at(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    first, looked = linted(path, folder)
    assert looked
    second, looked = linted(path, folder)
    assert not looked
    assert comparable(first) == comparable(second)
    assert first is not None
    assert second is not None
    assert first.kind is second.kind


def test_another_content_or_name_is_looked_at(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    linted(path, folder)
    other = path.rename(tmp_path / "b.tmpl")
    assert linted(other, folder)[1]
    other.write_text(TEXT.replace("0|", "O|"))
    result, looked = linted(other, folder)
    assert looked
    assert result is not None
    assert "CTX003" not in {each.code for each in result.findings}


def test_another_configuration_is_heeded(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    linted(path, folder, Selection(select=frozenset({"CTX003"})))
    result, looked = linted(path, folder, Selection(ignore=frozenset({"CTX003"})))
    assert not looked
    assert result is not None
    assert "CTX003" not in {each.code for each in result.findings}
    assert "CTX014" in {each.code for each in result.findings}


def test_another_version_is_looked_at(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    linted(path, folder)
    with mock.patch("ctxschema.lint.cache._version", return_value="another"):
        assert linted(path, folder)[1]


def test_what_was_kept_can_be_repaired(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    anew, _ = linted(path, tmp_path / "other", repair=True)
    linted(path, folder)
    kept, _ = linted(path, folder, repair=True)
    assert anew is not None
    assert kept is not None
    assert anew.repaired is not None
    assert kept.repaired is not None
    assert anew.repaired.source is not None
    assert kept.repaired.source is not None
    assert kept.repaired.source.text == anew.repaired.source.text != TEXT


def test_nobody_else_can_read_it(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    linted(path, folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"%s": 1}', '{"%s": [1, "TEMPLATE", true, [[1]]]}'])
def test_a_spoilt_cache_is_as_good_as_none(path: Path, tmp_path: Path, text: str) -> None:
    folder = tmp_path / "kept"
    first, _ = linted(path, folder)
    (file,) = folder.iterdir()
    (key,) = json.loads(file.read_text())
    file.write_text(text.replace("%s", key))
    second, looked = linted(path, folder)
    assert looked
    assert comparable(first) == comparable(second)


def test_a_folder_that_cannot_be_written_is_no_fault(path: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert linted(path, tmp_path / "file" / "kept")[0] is not None


def test_what_nobody_asks_for_goes_after_a_month(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    linted(path, folder)
    (file,) = folder.iterdir()
    with mock.patch("ctxschema.lint.cache._today", return_value=10**6):
        other = tmp_path / "b.tmpl"
        other.write_text(TEXT)
        linted(other, folder)
    assert len(json.loads(file.read_text())) == 1


def test_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CTXSCHEMA_CACHE_DIR", "/one")
    assert default_folder() == "/one"
    monkeypatch.setenv("CTXSCHEMA_CACHE_DIR", "")
    assert default_folder() is None
    monkeypatch.delenv("CTXSCHEMA_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", "/two")
    assert default_folder() == os.path.join("/two", "ctxschema")


@settings(max_examples=200)
@given(mutated())
def test_whatever_is_found_is_kept_as_it_is(case: tuple[str, str]) -> None:
    name, text = case
    source = SourceText(text, name)
    judged = linter._judged(source, linter._read(source, named=True))
    cache = Cache("/nowhere")
    cache.keep(source, judged, named=True)
    kept = cache.find(source, named=True)
    if kept is not None:
        assert kept.kind is judged.kind
        assert [each.as_dict() for each in kept.findings] == [each.as_dict() for each in judged.findings]
        assert [len(each.edits) for each in kept.findings] == [len(each.edits) for each in judged.findings]
