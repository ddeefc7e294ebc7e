"""What was found before is found again, until anything changes."""

import json
import os
from pathlib import Path
from typing import Any
from unittest import mock

import attrs
import pytest
from hypothesis import given, settings

from ctxschema.core.finding import Edit, Finding, Severity
from ctxschema.core.source import Position, SourceText
from ctxschema.lint import linter
from ctxschema.lint.cache import Cache, Judged, _version, default_folder
from ctxschema.lint.document import Kind
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


def test_what_makes_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, compiled = tmp_path / "lint" / "cache.py", tmp_path / "lint" / "__pycache__" / "cache.pyc"
    compiled.parent.mkdir(parents=True)
    monkeypatch.setattr("ctxschema.lint.cache.__file__", str(code))
    code.write_text("old")
    before = _version()
    compiled.write_text("compiled")
    assert _version() == before
    code.write_text("newer")
    edited = _version()
    assert edited != before
    monkeypatch.setattr("sys.version", "another")
    assert _version() != edited


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


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "null",
        "[" * 100_000,
        '{"%s": 1}',
        '{"%s": [1, "TEMPLATE", true, [[1]]]}',
        '{"other": ["x"], "more": [], "another": {"a": 1}}',
    ],
)
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
    assert linted(path, Path("no\0folder"))[0] is not None


def test_a_file_that_cannot_be_written_is_no_fault(path: Path, tmp_path: Path) -> None:
    linted(path, tmp_path / "kept")
    (file,) = (tmp_path / "kept").iterdir()
    file.unlink()
    file.mkdir()
    assert linted(path, tmp_path / "kept")[0] is not None


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


def test_where_it_is_without_any_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CTXSCHEMA_CACHE_DIR", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/somebody")
    assert default_folder() == "/home/somebody/.cache/ctxschema"
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert default_folder() is None


DAY = 24 * 60 * 60


@pytest.mark.parametrize(
    ("name", "days", "stays"),
    [
        ("lint-0.json", 31, False),
        ("lint-0.json", 30, True),
        ("lint-0.txt", 31, True),
        ("list-0.json", 31, True),
    ],
)
def test_what_earlier_versions_kept_goes_after_a_month(
    path: Path, tmp_path: Path, name: str, days: int, *, stays: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 20_000.0 * DAY
    monkeypatch.setattr("ctxschema.lint.cache.time.time", lambda: now)
    other = tmp_path / "kept" / name
    other.parent.mkdir()
    other.write_text("{}")
    then = now - days * DAY
    os.utime(other, (then, then))
    linted(path, tmp_path / "kept")
    assert other.exists() == stays


def kept_texts(folder: Path, *days: int) -> list[str]:
    """Keep a text on each day, and return those that the cache still has."""
    sources = [SourceText(f'NAME = "{day}"\n', f"{day}.tmpl") for day in days]
    for day, source in zip(days, sources, strict=True):
        with mock.patch("ctxschema.lint.cache._today", return_value=day):
            cache = Cache(str(folder))
            cache.keep(source, Judged(Kind.TEMPLATE), named=True)
            cache.write()
    cache = Cache(str(folder))
    return [source.name for source in sources if cache.find(source, named=True)]


def test_what_was_not_used_for_more_than_a_month_goes(tmp_path: Path) -> None:
    assert kept_texts(tmp_path / "a", 100, 130) == ["100.tmpl", "130.tmpl"]
    assert kept_texts(tmp_path / "b", 100, 131) == ["131.tmpl"]


def test_of_too_many_the_last_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctxschema.lint.cache._MOST", 2)
    assert kept_texts(tmp_path / "a", 100, 101) == ["100.tmpl", "101.tmpl"]
    assert kept_texts(tmp_path / "b", 101, 100, 102) == ["101.tmpl", "102.tmpl"]
    assert kept_texts(tmp_path / "c", *range(100, 120)) == ["118.tmpl", "119.tmpl"]


def test_what_is_used_stays(tmp_path: Path) -> None:
    source = SourceText('NAME = "x"\n', "a.tmpl")
    for day in (100, 120, 140):
        with mock.patch("ctxschema.lint.cache._today", return_value=day):
            cache = Cache(str(tmp_path / "kept"))
            assert (cache.find(source, named=True) is not None) == (day > 100)
            if day == 100:
                cache.keep(source, Judged(Kind.TEMPLATE), named=True)
            cache.write()
            assert cache.find(source, named=False) is None


def test_what_was_only_looked_up_counts_as_used(tmp_path: Path) -> None:
    assert kept_texts(tmp_path, 100) == ["100.tmpl"]
    used, other = SourceText('NAME = "100"\n', "100.tmpl"), SourceText('NAME = "x"\n', "x.tmpl")
    with mock.patch("ctxschema.lint.cache._today", return_value=120):
        cache = Cache(str(tmp_path))
        assert cache.find(used, named=True) is not None
        cache.write()
    with mock.patch("ctxschema.lint.cache._today", return_value=140):
        cache = Cache(str(tmp_path))
        cache.keep(other, Judged(Kind.TEMPLATE), named=True)
        cache.write()
    assert Cache(str(tmp_path)).find(used, named=True) is not None


def test_nothing_is_written_where_nothing_is_new(tmp_path: Path) -> None:
    source = SourceText('NAME = "x"\n', "a.tmpl")
    cache = Cache(str(tmp_path / "kept"))
    cache.write()
    assert not (tmp_path / "kept").exists()
    cache.keep(source, Judged(Kind.TEMPLATE), named=True)
    cache.write()
    (file,) = (tmp_path / "kept").iterdir()
    before = file.stat().st_mtime_ns
    os.utime(file, ns=(before - 1000, before - 1000))
    again = Cache(str(tmp_path / "kept"))
    assert again.find(source, named=True) is not None
    again.write()
    assert file.stat().st_mtime_ns == before - 1000


def complete(position: Position | None = None) -> Finding:
    """Return a finding that has everything."""
    edits = (Edit(position, "new"),) if position else ()
    return Finding("CTX003", Severity.INFO, "message", "NAME", "value", position, "repair", "rule", edits, safe=False)


def test_a_finding_comes_back_whole() -> None:
    source = SourceText("0123456789", "a.tmpl")
    for finding in (complete(), complete(source.at(0, 0)), complete(source.at(3, 10)), complete(Position(source))):
        cache = Cache("/nowhere")
        cache.keep(source, Judged(None, (finding,), ours=False), named=False)
        kept = cache.find(source, named=False)
        assert kept is not None
        assert (kept.kind, kept.ours) == (None, False)
        (back,) = kept.findings
        assert attrs.asdict(back, recurse=False) == attrs.asdict(finding, recurse=False)
        assert back.position == finding.position
        assert back.edits == finding.edits


def test_a_finding_about_another_text_is_not_kept() -> None:
    source, other = SourceText("0123456789", "a.tmpl"), SourceText("0123456789", "b.tmpl")
    cache = Cache("/nowhere")
    cache.keep(source, Judged(None, (complete(other.at(0, 1)),)), named=True)
    assert cache.find(source, named=True) is None
    for elsewhere in (SourceText(source.text, source.name).at(0, 1), Position(other)):
        cache.keep(source, Judged(None, (complete(elsewhere),)), named=True)
        assert cache.find(source, named=True) is None
    cache.keep(source, Judged(None, (complete(Position(SourceText("", "a.tmpl"))),)), named=True)
    assert cache.find(source, named=True) is not None


def test_findings_between_texts_come_back_where_they_stood(tmp_path: Path) -> None:
    sources = [SourceText("0123456789", "a.tmpl"), SourceText("0123", "b.sh")]
    cache = Cache(str(tmp_path / "kept"))
    assert cache.find_between(sources) is None
    found = [complete(sources[1].at(1, 3)), complete(sources[0].at(5, 9))]
    cache.keep_between(sources, found)
    back = cache.find_between(sources)
    assert back == found
    cache.write()
    assert Cache(str(tmp_path / "kept")).find_between(sources) == found
    assert back is not None
    assert [each.position.source.name for each in back if each.position] == ["b.sh", "a.tmpl"]
    assert cache.find_between(sources[:1]) is None
    assert cache.find_between(sources[::-1]) is None
    cache.keep_between(sources[:1], found)
    assert cache.find_between(sources[:1]) is None
    cache.keep_between(sources[:1], [complete()])
    assert cache.find_between(sources[:1]) is None
    cache.keep_between(sources[:1], [])
    assert cache.find_between(sources[:1]) == []


@pytest.mark.parametrize("place", [[-1, 2], [2, 1], [0, 11], [0, "1"], [0], None])
def test_a_place_that_is_not_in_the_text_spoils_the_entry(place: object) -> None:
    source = SourceText("0123456789", "a.tmpl")
    cache = Cache("/nowhere")
    cache.keep(source, Judged(None, (complete(source.at(0, 10)),)), named=True)
    assert cache.find(source, named=True) is not None
    ((_, entry),) = cache._entries.items()
    entry[3][0][8][0][:2] = place or []
    assert cache.find(source, named=True) is None
