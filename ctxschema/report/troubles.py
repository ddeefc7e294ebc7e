"""From a message, a log or a symptom to the entries of the troubleshooting table that it has."""

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
"""A text of more lines than this is a log: nobody describes a symptom in it."""

_MESSAGE = 10
"""A text of more lines than this is no single message."""

_MOST = 200
"""So often one message is looked for in a text; a log may repeat one for ever."""

_LONGEST_LINE = 500
"""A longer line is not repeated whole."""

_LONGEST_READ = 16_384
"""A longer line is not read whole; Docker's logs have none."""

ASK = "Give the lines around it as well: a log whole, and what was done just before"


@frozen
class Row:
    """One cause of an entry, for what was asked.

    Args:
        trouble: The entry.
        cause: The cause.
        rank: How likely it is among the entry's causes; 1 is the most likely.
        found: What stood in the varying parts of the message.
        line: The line with the message; empty where nobody asked.
    """

    trouble: Trouble
    cause: Cause
    rank: int
    found: Mapping[str, str]
    line: str = ""

    @property
    def check(self) -> str:
        """The id of the check that finds it; empty where none does."""
        return self.cause.check.partition("/")[0]

    @property
    def fix(self) -> str:
        """What repairs it, with ``<name>`` for what only the machine knows."""
        return filled(self.cause.fix or _answer(self.cause.check).fix, self.found)

    @property
    def more(self) -> str:
        """What else belongs to it."""
        return filled(self.cause.more, self.found)

    @property
    def tell(self) -> str:
        """How to tell whether it is this one."""
        return filled(self.cause.tell, self.found)

    @property
    def link(self) -> str:
        """Where the documents tell more."""
        return f"{DOCUMENT}#{self.check or section(self.trouble.program)}"

    def as_dict(self) -> dict[str, object]:
        """Return plain data, without the marks of Markdown."""
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
    """Return a message with ``<name>`` for what varies."""
    return in_general(message.text)


def filled(text: str, found: Mapping[str, str]) -> str:
    """Return a text with what a message told, where that can be nothing else, and ``<name>`` for the rest."""
    names = placeholders(text)
    return text.format_map({name: found[name] if hole(name).exact and name in found else f"<{name}>" for name in names})


def _answer(path: str) -> Answer:
    check, _, answer = path.partition("/")
    return next(each for each in ALL_CHECKS if each.id == check).answer(answer)


def rows_of(trouble: Trouble, found: Mapping[str, str] | None = None, line: str = "") -> list[Row]:
    """Return the causes of an entry, the most likely first."""
    return [Row(trouble, cause, rank, found or {}, line) for rank, cause in enumerate(trouble.causes, 1)]


def troubles() -> tuple[Row, ...]:
    """Return the whole table."""
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
        """The most exact comes first."""
        return self.trouble.harmless, self.trouble.general, -self.weight, self.start

    def overlaps(self, other: _Hit) -> bool:
        """Say whether both have a character in common."""
        return self.start < other.end and other.start < self.end


def find_troubles(text: str) -> list[Row]:
    """Return what is known of a message, lines of a log or a symptom; nothing where all is well.

    Entries come in the order of the text, because what came first mostly caused the rest.
    """
    lines = [_BLANKS.sub(" ", line[:_LONGEST_READ]).strip() for line in _normal(text).split("\n")]
    lines = [line for line in lines if line]
    asked = len(lines) <= _QUESTION
    told: dict[Trouble, _Hit] = {}
    for hit in sorted(_choose(_hits("\n".join(lines), asked=asked), lines), key=lambda hit: hit.start):
        told.setdefault(hit.trouble, hit)
    return [row for hit in told.values() for row in rows_of(hit.trouble, hit.found, hit.line)]


def _normal(text: str) -> str:
    r"""Return a text without colours and typographic quotes; a line end that JSON or Docker wrote as ``\\n`` is one."""
    return _ESCAPES.sub("", text).translate(_PLAIN).replace("\\n", "\n").replace('\\"', '"')


def _hits(text: str, *, asked: bool) -> list[_Hit]:
    text = text.encode("ascii", "replace").decode()  # so that small letters stand where the large ones did
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
    """Return every entry with its messages; for those who ask by the table, with its symptom, too."""
    table = ((trouble, (*trouble.says, _symptom(trouble)) if asked else trouble.says) for trouble in TROUBLES)
    return (*table, *((trouble, trouble.says) for trouble in _of_checks()))


@cache
def _keys(*, asked: bool) -> frozenset[str]:
    """Return every piece of a message, each once: they are looked for before anything else."""
    return frozenset(key for _, messages in _messages(asked=asked) for message in messages for key in message.keys)


def _symptom(trouble: Trouble) -> Message:
    return Message(_NAMES.sub(r"{\1}", plain(trouble.symptom).replace("{", "{{").replace("}", "}}")))


def _choose(hits: list[_Hit], lines: list[str]) -> list[_Hit]:
    """Return the hits that count.

    Of two that overlap the more exact one does, a wrapper only where nothing else is known, and something harmless only
    where the person asks about such lines alone, rather than whether something is wrong in a log that has them, too.
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
    """Return an entry for each answer no of a check, as a report prints it, where it is none of the table."""
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
    """Return the programs whose marks a message has; none for a log, which many write to."""
    normal = _normal(text)
    if len(normal.strip().split("\n")) > _MESSAGE:
        return []
    return [program for program in PROGRAMS if program.marks and program.pattern.search(normal)]


def near(programs: Iterable[Program]) -> list[Trouble]:
    """Return the entries of some programs."""
    names = {program.name for program in programs}
    return [trouble for trouble in TROUBLES if trouble.program.name in names and not trouble.harmless]
