"""Which files are found in folders, in which order, and what is said of those that cannot be read."""

import os
from pathlib import Path

import pytest

from ctxschema.lint.walk import walk

TEMPLATE = 'NAME = "x"\n'


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("b.tmpl", "a/z.yaml", "a/c/x.JSON", "a.one", "README.md", "run", "deep/.git/a.tmpl", ".hidden.tmpl",
                 "node_modules/a.tmpl", "a/__pycache__/a.tmpl", "x.cfg", "x.py"):  # fmt: skip
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(TEMPLATE)
    return tmp_path


def found(*paths: str) -> list[tuple[str, bool]]:
    return [(each.path, each.named) for each in walk(paths)]


EVERYTHING = [".hidden.tmpl", "a/c/x.JSON", "a/z.yaml", "a.one", "b.tmpl", "run", "x.cfg"]


def test_a_folder_in_the_order_of_names(top: Path) -> None:
    assert found(".") == [(name, False) for name in EVERYTHING]
    assert found(str(top)) == [(str(top / name), False) for name in EVERYTHING]
    assert found("deep", "a") == [("a/c/x.JSON", False), ("a/z.yaml", False)]


def test_what_is_named_comes_as_it_is(top: Path) -> None:
    assert found("-", "README.md", "gone.tmpl", "b.tmpl", "b.tmpl") == [
        ("-", True), ("README.md", True), ("gone.tmpl", True), ("b.tmpl", True), ("b.tmpl", True),
    ]  # fmt: skip
    assert found("deep/.git") == [("deep/.git/a.tmpl", False)]
    assert top.exists()


def test_what_was_seen_is_not_found_again(top: Path) -> None:
    assert found("a", "a", "a/c") == [("a/c/x.JSON", False), ("a/z.yaml", False)]
    (top / "again.tmpl").symlink_to("b.tmpl")
    (top / "linked").symlink_to("a")
    assert [path for path, _ in found(".")] == [
        *EVERYTHING[:4], "again.tmpl", "run", "x.cfg",
    ]  # fmt: skip


def test_what_is_excluded_is_not_looked_into(top: Path) -> None:
    asked = []

    def excluded(path: str) -> bool:
        asked.append(path)
        return path in {"a", "b.tmpl", "."}

    assert [each.path for each in walk(["."], excluded)] == [".hidden.tmpl", "a.one", "run", "x.cfg"]
    assert not any(path.startswith("a/") for path in asked)
    assert [each.path for each in walk(["a"], lambda path: path == "a")] == ["a/c/x.JSON", "a/z.yaml"]
    assert top.exists()


def said(*paths: str) -> list[tuple[str, str, bool, str, str]]:
    return [
        (each.path, each.finding.code, each.named, each.finding.message, str(each.finding.origin))
        for each in walk(paths)
        if each.finding is not None
    ]


def test_links_that_lead_nowhere_or_in_a_circle(top: Path) -> None:
    (top / "a/up").symlink_to("..")
    (top / "own.tmpl").symlink_to("own.tmpl")
    (top / "gone.tmpl").symlink_to("nowhere")
    (top / "gone.md").symlink_to("nowhere")
    os.mkfifo("pipe.tmpl")
    assert said(".") == [
        ("a/up", "CTX149", False, "a/up leads back into a folder that it is in", "a/up"),
        ("gone.tmpl", "CTX050", False, "gone.tmpl cannot be read: No such file or directory", "gone.tmpl"),
        ("own.tmpl", "CTX149", False, "own.tmpl is a link that leads to itself", "own.tmpl"),
        ("pipe.tmpl", "CTX050", False, "pipe.tmpl is neither a file nor a folder", "pipe.tmpl"),
    ]


def test_a_folder_that_cannot_be_listed(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = os.listdir

    def refusing(path: str) -> list[str]:
        if path == "a":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr("os.listdir", refusing)
    assert said(".") == [("a", "CTX050", False, "a cannot be read: Permission denied", "a")]
    assert [path for path, _ in found(".")] == [".hidden.tmpl", "a", *EVERYTHING[3:]]
    assert top.exists()
