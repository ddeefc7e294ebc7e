"""Entries of the GPU troubleshooting table: messages that programs print, and what causes and repairs them.

An entry is data. A message is given as its program prints it, with ``{name}`` for each part that varies; `HOLES` says
what such a part may be. ``ctxschema.report.troubles`` searches texts for the messages.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from functools import cached_property

from attrs import field, frozen

from ctxschema.model.check import Layer

_PCI = r"(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}(?:\.[0-7])?"
_LONGEST = 300
"""The greatest length, in characters, of a part that varies; it never spans lines."""

_AROUND = 1500
"""How many characters before and after a fixed piece are searched for the rest of the message."""

_LINES = 3
"""The greatest number of lines over which a message may be wrapped."""


@frozen
class Hole:
    """A part of a message that varies.

    Args:
        pattern: A regular expression for the part.
        sample: An example of it.
        exact: Whether the pattern matches only what is meant, so that a repair may repeat the text in a command.
    """

    pattern: str
    sample: str
    exact: bool = False


HOLES: dict[str, Hole] = {
    "addr": Hole(_PCI, "0000:01:00.0", exact=True),
    "member": Hole(_PCI, "0000:01:00.1", exact=True),
    "number": Hole(r"-?\d+", "7", exact=True),
    "bar": Hole(r"[0-5]", "1", exact=True),
    "group": Hole(r"\d+", "12", exact=True),
    "hex": Hole(r"(?:0x)?[0-9a-f]+", "0x26"),
    "version": Hole(r"v?\d[\w.+~-]*", "550.54.15"),
    "release": Hole(r"\d[\w.+~-]*", "6.8.0-45-generic"),
    "cuda": Hole(r"\d+(?:\.\d+)?", "12.4"),
    "path": Hole(r"[^\s'\",;]+", "/usr/lib/x86_64-linux-gnu/libcuda.so.1"),
    "name": Hole(r"[^\s'\",;]+", "one-12"),
    "device": Hole(r"[^\s'\",;]+", "nvidia.com/gpu=all"),
    "image": Hole(r"[^\s'\",;]+", "nvidia/cuda:12.4.1-base-ubuntu24.04"),
    "quoted": Hole(r"[^\"\n]{0,300}?", "nvidia"),
    "size": Hole(r"\d[\d.]* ?[kmgt]i?b(?:ytes)?", "2.00 GiB"),
    "rest": Hole(rf"[^\n]{{0,{_LONGEST}}}?", "what follows"),
    "all": Hole(r"[^\n]{0,2000}", "and so on"),
}
"""The parts that vary, by name. A placeholder with any other name matches some text within a line."""

_ANYTHING = Hole(rf"[^\n]{{1,{_LONGEST}}}?", "something")


def hole(name: str) -> Hole:
    """Return the part that varies for the name of a placeholder."""
    return HOLES.get(name, _ANYTHING)


def _window(text: str, first: int, start: int, end: int) -> tuple[int, int]:
    """Return the start and end of the text to search around a piece: a few lines before and after, within limits."""
    last = end + _AROUND
    before, behind = start, end
    for _ in range(_LINES):
        before = max(text.rfind("\n", first, before), first)
        behind = text.find("\n", behind + 1, last)
        behind = last if behind < 0 else behind
    return before, behind


@frozen
class Message:
    """A message as its program prints it.

    A blank matches any number of blanks or one line end, as terminals wrap lines. Case does not matter. Words match as
    a
    whole: ``GPU {number}`` is not found in ``vGPU 7``.

    Args:
        text: The message, with ``{name}`` for each part that varies.
    """

    text: str

    @cached_property
    def _pieces(self) -> tuple[tuple[str, str | None], ...]:
        return tuple((literal, name) for literal, name, _, _ in string.Formatter().parse(self.text))

    @property
    def literals(self) -> tuple[str, ...]:
        """The fixed pieces between the parts that vary."""
        return tuple(literal for literal, _ in self._pieces if literal)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The fixed pieces in lower case, stripped; a text with the message contains all of them."""
        pieces = (" ".join(literal.lower().split()) for literal in self.literals)
        return tuple(piece for piece in dict.fromkeys(pieces) if piece)

    @property
    def weight(self) -> int:
        """The number of fixed characters, by which messages are ranked; one that fills a whole line ranks higher."""
        whole = 1000 if self.text.endswith("{all}") else 0
        return whole + sum(map(len, self.literals))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The regular expression of the message, for text whose lines are stripped and have no double blanks."""
        parts: list[str] = []
        seen: set[str] = set()
        for literal, name in self._pieces:
            parts.append(re.escape(literal).replace(r"\ ", "[ \n]"))
            if name is not None:
                group = "" if name in seen else f"?P<{name}>"
                parts.append(f"({group or '?:'}{hole(name).pattern})")
                seen.add(name)
        whole = "".join(parts)
        before = r"(?<![\w-])" if self.text[:1].isalnum() else ""
        after = r"(?![\w-])" if self.text[-1:].isalnum() or self.text.endswith("}") else ""
        return re.compile(f"{before}{whole}{after}", re.IGNORECASE)

    @property
    def example(self) -> str:
        """The message with an example for each part that varies."""
        return "".join(literal + (hole(name).sample if name else "") for literal, name in self._pieces)

    def matches(self, text: str, low: str) -> Iterator[re.Match[str]]:
        """Yield each match of the message in a text.

        Args:
            text: The text; its lines are stripped and have no double blanks.
            low: The same text in lower case with a blank for each line end; it must contain every one of `keys`.
        """
        # A log may have millions of characters, so only the surroundings of the rarest piece are searched.
        key = min(self.keys, key=low.count)
        looked = 0
        found = low.find(key)
        while found >= 0:
            position, end = _window(text, max(looked, found - _AROUND), found, found + len(key))
            while match := self.pattern.search(text, position, end):
                yield match
                position = match.end()
            looked = max(found + len(key), position)
            found = low.find(key, looked)


@frozen
class Program:
    """A program that prints messages.

    Args:
        name: Its name, such as ``nvidia-container-cli``.
        where: Where it runs, in words.
        layer: The machine on which its messages are seen.
        marks: Strings that occur in its messages, known or not, and in no other program's.
    """

    name: str
    where: str
    layer: Layer
    marks: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The regular expression that finds any of its marks."""
        words = "|".join(map(re.escape, self.marks))
        return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)


@frozen
class Cause:
    """A possible cause of a message.

    Texts are Markdown, of which only backticks are used. ``fix`` may contain ``{name}`` for a part of the message; it
    is filled in where the message has that part and the part is ``exact``.

    Args:
        cause: The cause.
        fix: What repairs it; the repair of the check's answer if empty.
        tell: How to find out whether it is this cause.
        more: Further advice for the repair.
        check: The check that finds it, or one answer of it as ``check/answer``; empty if none does.
    """

    cause: str
    fix: str = ""
    tell: str = ""
    more: str = ""
    check: str = ""


def _messages(texts: tuple[str, ...]) -> tuple[Message, ...]:
    return tuple(map(Message, texts))


@frozen
class Trouble:
    """An entry of the troubleshooting table: messages that mean the same, and their possible causes.

    Args:
        id: Its name, and its anchor in the documents.
        program: The program that prints the messages.
        symptom: What somebody notices, in one line.
        says: The messages as they are printed; none where no program prints any, and only the symptom is known.
        causes: The possible causes, the most likely first.
        source: Where the facts come from.
        harmless: Whether it means nothing is wrong. It is reported only where nothing else is found.
        general: Whether the message only wraps another one. It is reported only where the other one is not known.
        asked: Other words in which people ask about the symptom. A log is not searched for them.
    """

    id: str
    program: Program
    symptom: str
    says: tuple[Message, ...] = field(converter=_messages)
    causes: tuple[Cause, ...]
    source: str
    harmless: bool = False
    general: bool = False
    asked: tuple[Message, ...] = field(default=(), converter=_messages)

    @property
    def layer(self) -> Layer:
        """The machine on which it shows."""
        return self.program.layer
