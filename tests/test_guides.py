"""Every command and every Python block of the guides does what its page says, from the top of the page down."""

import re
from pathlib import Path

import pytest

from tests.claims import Page
from tests.conftest import ROOT
from tests.documents import Prose, blocks, commands, parts, run, run_python

GUIDES = sorted(path for path in (ROOT / "docs" / "guides").glob("*.md") if path.name != "index.md")
SHOWN_ONLY = {"text", "yaml", "json", "diff"}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_a_guide_does_what_it_says(guide: Path, tmp_path: Path) -> None:
    for name in ("examples", "tests", "schemas"):
        if (ROOT / name).exists():
            (tmp_path / name).symlink_to(ROOT / name)
    page = Page(tmp_path)
    for part in parts(guide.read_text(encoding="utf-8")):
        printed = []
        if isinstance(part, Prose):
            page.add_prose(part)
            continue
        if part.title is not None:
            (tmp_path / part.title).write_text(part.text, encoding="utf-8")
        elif part.language == "console":
            printed = [run(command, tmp_path) for command in commands(part.text)]
        elif part.language == "python":
            run_python(part.text, tmp_path)
        else:
            assert part.language in SHOWN_ONLY, part
        page.add_block(part, printed)
    assert page.problems() == []


PAGE = """# A page

It prints two lines, with `CTX003`:

```console
$ printf 'one\\ntwo\\n'
one
two
```

The second of the two lines ends it. `tests/claims.py`, `--fix` and `make test` are there, and so is
[CTX014](../reference/findings/CTX014.md). It has CTX003.
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("prints two lines", "prints three lines", "'three lines' is not what the block has"),
        ("of the two lines", "of the 4 lines", "'4 lines' is not what the block has"),
        ("`CTX003`", "CTX003", None),
        ("`CTX003`", "CTX999", "there is no code CTX999"),
        ("It has CTX003", "It has CTX005", "CTX005 is neither printed on this page nor linked to its own"),
        ("CTX014.md", "CTX015.md", "CTX014 leads to the page of CTX015"),
        ("tests/claims.py", "tests/claim.py", "there is no tests/claim.py"),
        ("`--fix`", "`--mend`", "no command has the option --mend"),
        ("make test", "make tests", "the Makefile has no tests"),
        ("It has", "CTX012 is hidden. It has", None),
        ("ends it", "ends it, although no line says so", None),
    ],
)
def test_a_claim_that_is_not_so_is_told(old: str, new: str, said: str | None) -> None:
    page = Page()
    assert old in PAGE
    for part in parts(PAGE.replace(old, new)):
        if isinstance(part, Prose):
            page.add_prose(part)
        else:
            page.add_block(part, ["one\ntwo\n", "x: error CTX003: wrong\ny: warning CTX012: odd\n"])
    reported = [problem.partition(": ")[2] or problem for problem in page.problems()]
    silent = "CTX012 is printed as a warning or an error, and the page says nothing of it"
    assert sorted(reported) == sorted(each for each in (said, None if "CTX012" in new else silent) if each)


def test_every_guide_is_listed() -> None:
    index = (ROOT / "docs" / "guides" / "index.md").read_text(encoding="utf-8")
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for guide in GUIDES:
        assert f"({guide.name})" in index
        assert f"guides/{guide.name}" in navigation


def test_python_in_a_guide_is_formatted_like_the_rest() -> None:
    for guide in GUIDES:
        for block in blocks(guide):
            if block.language == "python":
                assert not re.search(r"[ \t]$", block.text, re.MULTILINE)
                compile(block.text, str(guide), "exec")
