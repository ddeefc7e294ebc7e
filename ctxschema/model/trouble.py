"""What programs print when something is wrong with a GPU, and what is to be made of it.

An entry is data. A message stands as its program prints it, with ``{name}`` for each part that varies; `Hole` says what
may stand there. Which entries a text holds is found out in ``ctxschema.report.troubles``.
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
"""A part that varies is not longer than this many characters, and does not go on in another line."""

_AROUND = 1500
"""So many characters before and behind a piece of a message are looked at for the rest of it."""

_LINES = 3
"""A message goes on in so many lines, at most."""


@frozen
class Hole:
    """A part of a message that varies.

    Args:
        pattern: The regular expression of what may stand there.
        sample: What could stand there, for examples.
        exact: Whether nothing but what it is for can stand there, so that a FIX may repeat it in a command.
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
"""The parts that vary, by name. Any other name stands for some text of one line."""

_ANYTHING = Hole(rf"[^\n]{{1,{_LONGEST}}}?", "something")


def hole(name: str) -> Hole:
    """Return what may stand for a name."""
    return HOLES.get(name, _ANYTHING)


def _window(text: str, first: int, start: int, end: int) -> tuple[int, int]:
    """Return what is looked at around a piece of a text: its line and two more before and behind, within limits."""
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

    A blank stands for blanks of any number, or for one line end, because terminals wrap lines; case does not matter,
    and words are matched whole: ``GPU {number}`` is not found in ``vGPU 7``.

    Args:
        text: The message, with ``{name}`` for what varies.
    """

    text: str

    @cached_property
    def _pieces(self) -> tuple[tuple[str, str | None], ...]:
        return tuple((literal, name) for literal, name, _, _ in string.Formatter().parse(self.text))

    @property
    def literals(self) -> tuple[str, ...]:
        """The pieces between what varies."""
        return tuple(literal for literal, _ in self._pieces if literal)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The pieces that do not vary, in small letters, with no blank at their ends: a text lacks none of them."""
        pieces = (" ".join(literal.lower().split()) for literal in self.literals)
        return tuple(piece for piece in dict.fromkeys(pieces) if piece)

    @property
    def weight(self) -> int:
        """How exact it is: how many characters do not vary; a message that takes all of its line goes before others."""
        whole = 1000 if self.text.endswith("{all}") else 0
        return whole + sum(map(len, self.literals))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The regular expression of the message, for lines without blanks at their ends or two in a row."""
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
        """The message with something in place of what varies."""
        return "".join(literal + (hole(name).sample if name else "") for literal, name in self._pieces)

    def matches(self, text: str, low: str) -> Iterator[re.Match[str]]:
        """Yield where a text has the message.

        Args:
            text: Lines without blanks at their ends or two in a row.
            low: The same in small letters, with a blank for each line end; it has every one of `keys`.
        """
        # A log has millions of characters and the rarest piece hardly ever: only its surroundings are looked at.
        key = min(self.keys, key=low.count) if len(self.keys) > 1 else self.keys[0]
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
    """Who prints messages.

    Args:
        name: What it is called, such as ``nvidia-container-cli``.
        where: Where it runs, in words: the layer that prints.
        layer: The machine on which its messages are seen.
        marks: What stands in its messages, known or not, and not in those of others.
    """

    name: str
    where: str
    layer: Layer
    marks: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The regular expression of its marks."""
        words = "|".join(map(re.escape, self.marks))
        return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)


@frozen
class Cause:
    """What can be behind a message.

    Texts are Markdown with nothing but code marks in it. A FIX has ``{name}`` for a part of the message, which is
    filled in where the message has it and nothing else could stand there.

    Args:
        cause: What is behind it.
        fix: What repairs it; that of the check's answer if empty.
        tell: How to tell whether it is this one.
        more: What else belongs to the FIX.
        check: The check that finds it, or its answer as ``check/answer``; nothing finds it if empty.
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
    """An entry: messages that mean the same, and their causes.

    Args:
        id: What it is called; its anchor in the documents.
        program: Who prints it.
        symptom: What somebody notices, in one line.
        says: The messages, as they are printed; none where no program says a word, and only the symptom is found.
        causes: What can be behind it, the most likely first.
        source: Where the facts are from.
        harmless: Whether it means nothing. It is not reported where anything else is.
        general: Whether it only wraps what others say. It is not reported where what it wraps is known.
    """

    id: str
    program: Program
    symptom: str
    says: tuple[Message, ...] = field(converter=_messages)
    causes: tuple[Cause, ...]
    source: str
    harmless: bool = False
    general: bool = False

    @property
    def layer(self) -> Layer:
        """The machine on which it shows."""
        return self.program.layer
