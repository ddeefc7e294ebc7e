"""Every word that is a choice is answered with the nearest one, or with none; and a file that is not there with 2."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ended

Ctx = Callable[..., Ended]
SAMPLE = str(ROOT / "examples/flower-supernode/context.sh")
NODE = "flower-supernode"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["shwo"], "show"),
        (["gpu", "chek"], "check"),
        (["generate", "user-input", NODE], "user-inputs"),
        (["generate", "vm-tmpl", NODE], "vm-template"),
        (["show", "flower-supernod"], NODE),
        (["show", NODE, "FL_GPU_ENABLE"], "FL_GPU_ENABLED"),
        (["generate", "user-inputs", NODE, "--group", "gpus"], "gpu"),
        (["generate", "user-inputs", NODE, "--names", "shrt"], "short"),
        (["generate", "all", NODE, "--out", "x", "--names", "shrt"], "short"),
        (["generate", "declaration", NODE, "--format", "yml"], "yaml"),
        (["generate", "oneflow", "flower-service", "--template", "superlnk=1"], "superlink"),
        (["list", "--format", "jsn"], "json"),
        (["list", "--formt", "json"], "--format"),
        (["boot", NODE, "--dry-run", "--context", SAMPLE, "--gpu", "dtect"], "detect"),
        (["gpu", "check", "hots"], "host"),
        (["codes", "CTXO14"], "CTX014"),
        (["codes", "order-cas"], "order-case"),
        (["lint", "x", "--select", "CTX9999"], None),
        (["lint", "x", "--select", "order-cas"], "order-case"),
        (["lint", "x", "--consumer", "sunston"], "sunstone"),
        (["lint", "x", "--min-severity", "warnings"], "warning"),
        (["lint", "x", "--fail-on", "eror"], "error"),
        (["lint", "x", "--format", "sarf"], "sarif"),
        (["diff", NODE, "flower-supernod"], NODE),
        (["xyzzy"], None),
        (["show", "wordpress"], None),
        (["show", NODE, "FL_TYPO"], None),
        (["list", "--format", "xml"], None),
        (["list", "--wrong"], None),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_the_nearest_word_is_offered_where_one_is_near(ctx: Ctx, words: list[str], meant: str | None) -> None:
    ended = ctx(*words)
    assert ended.code == 2
    last = ended.err.splitlines()[-1]
    if meant is None:
        assert "did you mean" not in ended.err
    else:
        assert last.endswith(f"; did you mean {meant}?"), ended.err


@pytest.mark.parametrize(
    "words",
    [
        ["parse"],
        ["parse", "--format", "text"],
        ["lint"],
        ["lint", "--format", "json"],
        ["lint", "-e"],
        ["lint", SAMPLE],
        ["lint", SAMPLE, "--config"],
        ["lint", SAMPLE, "--baseline"],
        ["import"],
        ["preview", "--no-browser"],
        ["explain", "--template"],
        ["drift", NODE],
        ["drift", NODE, "--format", "json"],
        ["validate", NODE, "--context"],
        ["validate", NODE, "--format", "json", "--context"],
        ["boot", NODE, "--context"],
        ["boot", NODE, "--dry-run", "--context"],
        ["boot", NODE, "--dry-run", "--format", "json", "--context"],
        ["boot", NODE, "--dry-run", "--context", SAMPLE, "--root"],
        ["generate", "user-inputs", NODE, "--inject"],
        ["generate", "compose", NODE, "--context"],
        ["generate", "docs", "--out", "x", "--examples"],
        ["gpu", "check", "host", "--onehost"],
        *([*command, "--from"] for command in (["list"], ["show"], ["validate"], ["generate", "all", "--out", "x"])),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("name", ["gone", "gone.json", "gone.yaml", "gone.py", "folder"])
def test_a_file_that_is_not_there_is_misuse(
    ctx: Ctx, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "folder"
    folder.mkdir()
    if name == "folder" and words[-1] in {"lint", "--root", "--examples", SAMPLE, "json", "-e", NODE} | {"--from"}:
        pytest.skip("a folder is what this takes, or has a message of its own")
    ended = ctx(*words, name)
    assert ended.code == 2, ended
    assert name in ended.out + ended.err
    assert "Traceback" not in ended.err
    if "lint" not in words:
        told = [line for line in ended.err.splitlines() if line and not line.startswith(("Usage:", "Try "))]
        assert len(told) <= 1


def test_diff_wants_files_that_are_there(ctx: Ctx) -> None:
    for name in ("gone.json", "gone.yaml", "gone.py", "gone.py:NAME"):
        for words in ((name, NODE), (NODE, name), (NODE, "--from", name)):
            assert ctx("diff", *words).code == 2, (name, words)


@pytest.mark.parametrize(
    "words",
    [
        ("parse", ""),
        ("lint", ""),
        ("import", ""),
        ("list", "--from", ""),
        ("validate", NODE, "--context", ""),
        ("generate", "context", NODE, "-o", ""),
    ],
    ids=" ".join,
)
def test_an_empty_name_of_a_file_is_told_for_what_it_mostly_is(ctx: Ctx, words: tuple[str, ...]) -> None:
    ended = ctx(*words)
    assert ended.code == 2
    assert ended.err.splitlines()[-1].endswith("the name of a file is empty; is a variable of the shell not set?")
