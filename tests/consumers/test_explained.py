"""What explain says of definitions and of answers, to the letter: a file for each situation.

Under tests/cases/explain, each definition above the line of dashes stands at the beginning of a line, and what
somebody types under it, two blanks in; ``next NAME=ANSWER`` says what is asked for next, and ``next`` that nothing
is. Under tests/cases/travelled stands a template, and after the line ``typed`` the answers. Below the dashes is the
JSON that is printed, cut into lines. ``<SP>``, ``<LF>``, ``<CR>``, ``<VT>``, ``<NBSP>``, ``<BYTE>``
and ``<HALF>`` are blanks, line ends, a control character, a byte that is none of UTF-8, and half of a surrogate pair.
``UPDATE_CASES=1 pytest`` writes the lower half anew, to be read before it is committed.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ctxschema import parse_user_input
from ctxschema.consumers.explain import Beside, explanation_data
from tests.conftest import ROOT, Ended

LINE = "-" * 40 + "\n"
WRITTEN = {
    "<SP>": " ",
    "<LF>": "\n",
    "<CR>": "\r",
    "<VT>": "\v",
    "<BYTE>": "\udcff",
    "<NBSP>": "\u00a0",
    "<HALF>": "\ud800",
}


def cases(folder: str) -> list[Path]:
    return sorted((ROOT / "tests/cases" / folder).iterdir())


def written(text: str) -> str:
    for word, character in WRITTEN.items():
        text = text.replace(word, character)
    return text


def lines_of(data: Any, name: str = "") -> Iterator[str]:
    """One line for what is flat in an object, then those of each object in it."""
    if not isinstance(data, dict):
        yield f"{name}{json.dumps(data)}"
        return
    inner = {key: objects for key, value in data.items() if (objects := objects_in(value))}
    yield f"{name}{json.dumps({key: value for key, value in data.items() if key not in inner})}"
    for key, objects in inner.items():
        for each in objects:
            yield from lines_of(each, f"{name}{key} ")


def objects_in(value: Any) -> list[Any]:
    values = value if isinstance(value, list) else [value]
    return values if any(isinstance(each, dict) for each in values) else []


def judged(path: Path, given: str, expected: str, lines: Iterator[str]) -> None:
    found = "".join(f"{line}\n" for line in lines)
    if os.environ.get("UPDATE_CASES"):
        path.write_text(f"{given}{LINE}{found}", encoding="utf-8")
    assert found == expected


def explained(given: str) -> Iterator[str]:
    definition, answers, beside = "", list[str](), Beside()
    for line in [*given.splitlines(), None]:
        if line is not None and line.startswith("  "):
            answers.append(written(line[2:]))
        elif line is not None and line.partition(" ")[0] == "next":
            name, _, answer = line.removeprefix("next").strip().partition("=")
            beside = Beside("FIRST", name, answer)
        else:
            if definition:
                yield f"# {definition}"
                yield from lines_of(explanation_data(parse_user_input(written(definition)), answers, beside))
            definition, answers, beside = line or "", [], Beside()


@pytest.mark.parametrize("path", cases("explain"), ids=lambda path: path.stem)
def test_what_is_explained(path: Path) -> None:
    given, _, expected = path.read_text(encoding="utf-8").partition(LINE)
    judged(path, given, expected, explained(given))


@pytest.mark.parametrize("path", cases("travelled"), ids=lambda path: path.stem)
def test_how_the_answers_to_a_template_travel(path: Path, ctx: Callable[..., Ended], tmp_path: Path) -> None:
    given, _, expected = path.read_text(encoding="utf-8").partition(LINE)
    template, _, answers = given.partition("typed\n")
    (tmp_path / "a.tmpl").write_text(template)
    words = [word for answer in answers.splitlines() for word in ("--typed", written(answer))]
    ended = ctx("explain", "--template", str(tmp_path / "a.tmpl"), *words, "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    judged(path, given, expected, lines_of(ended.json))
