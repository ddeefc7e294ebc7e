"""Searching the troubleshooting table for a message, a log or a symptom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import islice

from attrs import frozen

from ctxschema.gpu.registry import ALL_CHECKS
from ctxschema.gpu.troubles import PROGRAMS, TROUBLES
from ctxschema.model.check import DOCUMENT, Answer, Check, Status, in_general, placeholders, plain
from ctxschema.model.trouble import Cause, Message, Program, Trouble, hole

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_PLAIN = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", "\t": " ", "\r": "\n"}
)
_NAMES = re.compile(r"<(\w+)>")
_BLANKS = re.compile(r" {2,}")
_QUESTION = 30
"""A text of more lines than this is a log, in which symptoms are not searched for."""

_MESSAGE = 10
"""A text of more lines than this is not a single message."""

_MOST = 200
"""The greatest number of matches of a message in a text, since a log may repeat one endlessly."""

_LONGEST_LINE = 500
"""The length from which a line is shortened when it is shown, in characters."""

_LONGEST_READ = 16_384
"""The length from which a line is not searched to its end, in characters; Docker's logs have no longer ones."""

ASK = "Give the lines around it as well: a log whole, and what was done just before"


@frozen
class Row:
    """A cause of an entry, with the text that it was found in.

    Args:
        trouble: The entry.
        cause: The cause.
        rank: The place of the cause in the entry; 1 is the most likely.
        found: The parts of the message that vary, by name.
        line: The line with the message; empty if the table is only listed.
    """

    trouble: Trouble
    cause: Cause
    rank: int
    found: Mapping[str, str]
    line: str = ""

    @property
    def check(self) -> str:
        """The id of the check that finds it; empty if none does."""
        return self.cause.check.partition("/")[0]

    @property
    def fix(self) -> str:
        """What repairs it, with ``<name>`` for parts that are not known."""
        return filled(self.cause.fix or _answer(self.cause.check).fix, self.found)

    @property
    def more(self) -> str:
        """Further advice for the repair."""
        return filled(self.cause.more, self.found)

    @property
    def tell(self) -> str:
        """How to find out whether it is this cause."""
        return filled(self.cause.tell, self.found)

    @property
    def link(self) -> str:
        """The link to its section in the documents."""
        return f"{DOCUMENT}#{self.check or section(self.trouble.program)}"

    def as_dict(self) -> dict[str, object]:
        """Return the row as plain data, without Markdown."""
        trouble, cause = self.trouble, self.cause
        return {
            "check": self.check or None,
            "layer": trouble.layer.value,
            "symptom": plain(trouble.symptom),
            "cause": plain(cause.cause),
            "fix": plain(self.fix),
            "link": self.link,
            "id": trouble.id,
            "program": trouble.program.name,
            "where": trouble.program.where,
            "messages": [general(message) for message in trouble.says],
            "line": self.line or None,
            "rank": self.rank,
            "tell": plain(self.tell) or None,
            "more": plain(self.more) or None,
            "source": trouble.source,
            "harmless": trouble.harmless,
        }


def section(program: Program) -> str:
    """Return the anchor of a program's section in the document."""
    return re.sub(r"[^a-z0-9 -]", "", heading(program).lower()).replace(" ", "-")


def heading(program: Program) -> str:
    """Return the title of a program's section in the document."""
    return f"Printed by {program.name}"


def general(message: Message) -> str:
    """Return a message with ``<name>`` for each part that varies."""
    return in_general(message.text)


def filled(text: str, found: Mapping[str, str]) -> str:
    """Return a text with the exact parts of a message filled in, and ``<name>`` for other placeholders."""
    names = placeholders(text)
    return text.format_map({name: found[name] if hole(name).exact and name in found else f"<{name}>" for name in names})


def _answer(path: str) -> Answer:
    check, _, answer = path.partition("/")
    return next(each for each in ALL_CHECKS if each.id == check).answer(answer)


def rows_of(trouble: Trouble, found: Mapping[str, str] | None = None, line: str = "") -> list[Row]:
    """Return a row for each cause of an entry, the most likely first."""
    return [Row(trouble, cause, rank, found or {}, line) for rank, cause in enumerate(trouble.causes, 1)]


def troubles() -> tuple[Row, ...]:
    """Return the rows of the whole table."""
    return tuple(row for trouble in TROUBLES for row in rows_of(trouble))


@frozen
class _Hit:
    trouble: Trouble
    start: int
    end: int
    weight: int
    found: Mapping[str, str]
    line_start: int
    line: str

    def order(self) -> tuple[bool, bool, int, int]:
        """The sort key that puts the most exact match first."""
        return self.trouble.harmless, self.trouble.general, -self.weight, self.start

    def overlaps(self, other: _Hit) -> bool:
        """Say whether two matches have a character in common."""
        return self.start < other.end and other.start < self.end


def find_troubles(text: str) -> list[Row]:
    """Return the rows for the messages or symptoms in a text; none if nothing is known to be wrong.

    They are in the order of the text, since the first message usually caused the others.
    """
    lines = [_BLANKS.sub(" ", line[:_LONGEST_READ]).strip() for line in _normal(text).split("\n")]
    lines = [line for line in lines if line]
    asked = len(lines) <= _QUESTION
    first_hits: dict[Trouble, _Hit] = {}
    for hit in sorted(_choose(_hits("\n".join(lines), asked=asked), lines), key=lambda hit: hit.start):
        first_hits.setdefault(hit.trouble, hit)
    return [row for hit in first_hits.values() for row in rows_of(hit.trouble, hit.found, hit.line)]


def _normal(text: str) -> str:
    r"""Return a text without colours and typographic quotes, with the ``\\n`` of JSON and Docker as line ends."""
    return _ESCAPES.sub("", text).translate(_PLAIN).replace("\\n", "\n").replace('\\"', '"')


def _hits(text: str, *, asked: bool) -> list[_Hit]:
    text = text.encode("ascii", "replace").decode()  # lower case must not change the length
    low = text.lower().replace("\n", " ")
    table = _messages(asked=asked)
    there = {key for key in _keys(asked=asked) if key in low}
    hits = []
    for trouble, messages in table:
        for message in messages:
            if not there.issuperset(message.keys):
                continue
            for match in islice(message.matches(text, low), _MOST):
                start, end = match.span()
                first = text.rfind("\n", 0, start) + 1
                line = text[first : first + _LONGEST_LINE].partition("\n")[0]
                weight = message.weight if message in trouble.says else 0
                hits.append(_Hit(trouble, start, end, weight, match.groupdict(), first, line))
    return hits


@cache
def _messages(*, asked: bool) -> tuple[tuple[Trouble, tuple[Message, ...]], ...]:
    """Return every entry with its messages; if somebody asks, rather than passes a log, with plain words as well."""

    def searched(trouble: Trouble) -> tuple[Message, ...]:
        return (*trouble.says, _symptom(trouble), *trouble.asked) if asked else trouble.says

    table = ((trouble, searched(trouble)) for trouble in TROUBLES)
    return (*table, *((trouble, trouble.says) for trouble in _of_checks()))


@cache
def _keys(*, asked: bool) -> frozenset[str]:
    """Return the fixed pieces of all messages, which are searched for first."""
    return frozenset(key for _, messages in _messages(asked=asked) for message in messages for key in message.keys)


def _symptom(trouble: Trouble) -> Message:
    return Message(_NAMES.sub(r"{\1}", plain(trouble.symptom).replace("{", "{{").replace("}", "}}")))


def _choose(hits: list[_Hit], lines: list[str]) -> list[_Hit]:
    """Return the matches to report.

    Of overlapping matches the more exact one is reported, a general message only if nothing else is known, and a
    harmless one only if the text contains nothing else.
    """
    exact: dict[int, list[_Hit]] = {}
    for hit in sorted(hits, key=_Hit.order):
        in_line = exact.setdefault(hit.line_start, [])
        if all(hit.trouble is other.trouble or not hit.overlaps(other) for other in in_line):
            in_line.append(hit)
    every = [hit for in_line in exact.values() for hit in in_line]
    bad = [hit for hit in every if not hit.trouble.harmless]
    if bad:
        return [hit for hit in bad if not hit.trouble.general] or bad
    return every if len({hit.line for hit in every}) == len(set(lines)) else []


def _of_checks() -> tuple[Trouble, ...]:
    """Return an entry for each bad answer of a check that the table lacks, with the message that a report prints."""
    known = {cause.check: trouble for trouble in TROUBLES for cause in trouble.causes}
    return tuple(
        _reported(check, answer, known.get(f"{check.id}/{answer.name}"))
        for check in ALL_CHECKS
        for answer in check.answers
        if answer.status in {Status.FAIL, Status.WARN}
    )


def _reported(check: Check, answer: Answer, known: Trouble | None) -> Trouble:
    message = f"{check.id}: {plain(answer.message)}"
    symptom = known.symptom if known else in_general(answer.message)
    causes = tuple(each for each in known.causes if each.check == f"{check.id}/{answer.name}") if known else ()
    cause = causes[0].cause if causes else in_general(answer.message)
    named = f"{check.id}/{answer.name}"
    return Trouble(
        named,
        _checker(check),
        symptom,
        (message,),
        (Cause(cause, check=named),),
        f"ctxschema gpu check {check.layer.value}",
    )


def _checker(check: Check) -> Program:
    return Program("ctxschema gpu check", "where it is run", check.layer, ())


def programs_in(text: str) -> list[Program]:
    """Return the programs whose marks are in a message; none for a log, in which many programs write."""
    normal = _normal(text)
    if len(normal.strip().split("\n")) > _MESSAGE:
        return []
    return [program for program in PROGRAMS if program.marks and program.pattern.search(normal)]


def near(programs: Iterable[Program]) -> list[Trouble]:
    """Return the entries of some programs."""
    names = {program.name for program in programs}
    return [trouble for trouble in TROUBLES if trouble.program.name in names and not trouble.harmless]
