"""The troubleshooting table: a row for each answer of a check that has a symptom of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from math import log

from attrs import frozen

from ctxschema.gpu.registry import ALL_CHECKS
from ctxschema.model.check import Answer, Check, Layer, Status, in_general, plain

_WORD = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_COMMON = frozenset(
    _WORD.findall(
        """
        a an and are as at be but by can could did do does for from get had has have how i if in into is it its me my no
        not of off on or our see so that the them there they this to up was we what when which while why will with you
        error errors failed fails fail problem wrong work works working
        """
    )
)
_ENOUGH = 0.5
"""Which share of the weight of a text's words a row must have."""

_SHORTEST = 12
"""A shorter piece of a message proves nothing."""

_LONGEST_LINE = 4000


@frozen
class Trouble:
    """A row of the table.

    Args:
        check: The id of the check that finds it.
        layer: On which machine it shows.
        symptom: What somebody notices.
        cause: What is likely behind it.
        fix: What repairs it, with ``<name>`` for what only the machine knows.
        link: Where the documents tell more.
    """

    check: str
    layer: Layer
    symptom: str
    cause: str
    fix: str
    link: str

    def as_dict(self) -> dict[str, str]:
        """Return plain data, without the marks of Markdown."""
        texts = {"symptom": self.symptom, "cause": self.cause, "fix": self.fix, "link": self.link}
        return {"check": self.check, "layer": self.layer.value, **{key: plain(text) for key, text in texts.items()}}


def troubles(checks: Iterable[Check] = ALL_CHECKS) -> tuple[Trouble, ...]:
    """Return the rows, in the order of the checks."""
    return tuple(_row(check, answer) for check in checks for answer in check.answers if answer.symptom)


def _row(check: Check, answer: Answer) -> Trouble:
    told = answer if answer.symptom else check.main
    return Trouble(check.id, check.layer, told.symptom, told.cause, in_general(told.fix), check.link)


def find_troubles(text: str) -> list[Trouble]:
    """Return the rows for a symptom, an error message or lines of a log, the most likely first.

    What a program or a check prints to the letter leads straight to its row; else the words in common decide.
    """
    lines = [" ".join(plain(line).split())[:_LONGEST_LINE] for line in text.splitlines()]
    return _repeated("\n".join(lines)) or _alike(" ".join(lines))


def _repeated(text: str) -> list[Trouble]:
    """Return the rows of which a text repeats something, the longest repetition first."""
    low = text.lower()
    found: dict[Trouble, int] = {}
    for check in ALL_CHECKS:
        for answer in check.answers:
            if answer.status not in {Status.FAIL, Status.WARN} or answer.name == "unreadable":
                continue
            row = _row(check, answer)
            for length in _lengths(answer, text, low):
                found[row] = max(found.get(row, 0), length)
    return sorted(found, key=lambda row: -found[row])


def _lengths(answer: Answer, text: str, low: str) -> Iterable[int]:
    for words in (*answer.says, plain(answer.symptom)):
        if words and words.lower() in low:
            yield len(words)
    length = sum(map(len, answer.literals))
    there = length >= _SHORTEST and all(literal in text for literal in answer.literals)
    if there and any(answer.matches(line) for line in text.split("\n")):
        yield length


def _alike(text: str) -> list[Trouble]:
    """Return the rows that have enough of a text's words, rare words counting more; small slips are forgiven."""
    import difflib

    documents = {}
    for check in ALL_CHECKS:
        for answer in check.answers:
            if answer.symptom:
                told = (answer.symptom, answer.cause, answer.message, *answer.says, check.id, check.question)
                documents[_row(check, answer)] = _words(" ".join(told))
    frequency = Counter(word for words in documents.values() for word in words)
    weights: dict[str, float] = {}
    for word in sorted(_words(text))[:100]:
        near = difflib.get_close_matches(word, frequency, 1, 0.8)
        known = near[0] if near else word
        weights[known] = log((len(documents) + 1) / max(frequency[known], 1))
    total = sum(weights.values())
    scores = {row: sum(weights[word] for word in words & weights.keys()) for row, words in documents.items()}
    likely = [row for row, score in scores.items() if total and score >= _ENOUGH * total]
    return sorted(likely, key=lambda row: -scores[row])


def _words(text: str) -> set[str]:
    return set(_WORD.findall(plain(text).lower())) - _COMMON
