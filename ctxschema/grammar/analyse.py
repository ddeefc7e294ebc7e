"""Findings about a USER_INPUTS definition, judged on its tree.

An error is something that a consumer refuses, crashes on, asks for endlessly, or reads as something else. A warning is
something that consumers show or send differently. Source: docs/facts/opennebula.md, sections 1.1 to 1.3 and 1.7, and
user-input-probes.json.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxschema.core import codes
from ctxschema.core.finding import Edit, Finding, Severity
from ctxschema.core.names import nearest
from ctxschema.core.secret import quoted, shown
from ctxschema.grammar.analyse_values import ValuesJudge
from ctxschema.grammar.judge import FULL, SHORT, Judge
from ctxschema.grammar.nodes import Definition
from ctxschema.grammar.types import COMMON_MISTAKES, RUBY_BLANKS, TYPES, Params

_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|\]\]>")
_PARTS = ("flag", "type", "description", "params", "default")


def analyse_user_input(node: Definition, variable: str | None = None) -> Iterator[Finding]:
    """Yield the findings about one definition.

    Args:
        node: Its tree.
        variable: The name of the input, for messages.
    """
    judge = _Judge(node, variable)
    yield from judge.part_count()
    yield from judge.flag()
    yield from judge.type()
    yield from judge.texts()
    if node.input_type is not None and len(node.parts) <= FULL:
        values = ValuesJudge(node, variable)
        yield from values.params(node.input_type)
        yield from values.default(node.input_type)


class _Judge(Judge):
    """Judges the parts whose meaning does not depend on the type."""

    def part_count(self) -> Iterator[Finding]:
        count = self.node.source.text.count("|") + 1
        if any(self.texts_stripped[FULL:]):
            message = f"{count} parts: a pipe in the description or the default starts a part of its own"
            yield self.found(codes.PIPE, message)
        elif count > FULL:
            # Sunstone ignores what follows the default, and the command line refuses the definition.
            behind = Edit(self.node.source.at(self.node.parts[FULL].span.start - 1, len(self.node.source.text)), "")
            message = f"{count} parts: there are pipes behind the default"
            yield self.found(codes.PART_COUNT, message, repair="remove them", edits=(behind,))
        elif count in {1, 2, 4}:
            yield self.too_few_parts(count)
        elif count == SHORT:
            kind = self.node.input_type
            harmless = kind is not None and kind.name in {"text", "password"}
            severity = Severity.WARNING if harmless else Severity.ERROR
            message = "3 parts: params and default missing"
            yield self.found(codes.THREE_PARTS, message, severity=severity, edits=self.completed("| |"))

    def too_few_parts(self, count: int) -> Finding:
        kind = self.node.input_type
        if count == 4 and kind is not None and kind.params is Params.NONE and self.texts_stripped[3]:
            # The part most often forgotten is the blank one for the params.
            flag, name, description, default = self.texts_stripped
            repair = f"write {flag}|{name}|{description}| |{shown(default, secret=kind.name == 'password')}"
            return self.found(codes.PART_COUNT, "4 parts of five: the params are missing", repair=repair)
        missing = ", ".join(_PARTS[count:])
        message = f"{count} part{'s' * (count > 1)} of five: {missing} missing"
        edits = self.completed("|") if count == 4 else ()
        return self.found(codes.PART_COUNT, message, edits=edits)

    def completed(self, behind: str) -> tuple[Edit, ...]:
        """Return edits that add empty parts, if the type needs no params."""
        kind = self.node.input_type
        if kind is None or kind.params is not Params.NONE or kind.name in {"boolean", "fixed"}:
            return ()
        last = self.node.parts[-1]
        return (Edit(self.node.source.span(last.span), last.text + behind),)

    def flag(self) -> Iterator[Finding]:
        raw, flag = self.node.parts[0].text, self.texts_stripped[0]
        if flag not in {"M", "O"}:
            meant = {"0": "O", "o": "O", "m": "M"}.get(flag)
            yield self.found(codes.FLAG, f"flag {quoted(raw)} is neither M nor O", 0, write=meant)
        elif raw != flag:
            # Sunstone takes everything except a bare M for optional.
            severity = Severity.ERROR if flag == "M" else Severity.WARNING
            yield self.found(
                codes.PADDED,
                f"flag {quoted(raw)} has blanks around it",
                0,
                severity=severity,
                write=flag,
            )

    def type(self) -> Iterator[Finding]:
        if len(self.node.parts) < 2:
            return
        raw, name = self.node.parts[1].text, self.texts_stripped[1]
        kind = TYPES.get(name)
        if kind is None:
            meant = COMMON_MISTAKES.get(name.lower()) or nearest(name, TYPES)
            repair = f"write {meant}" if meant else f"write one of {', '.join(TYPES)}"
            message = f"{quoted(raw)} is no type" if name else "the type is empty"
            lower = name.lower() if name.lower() in TYPES else None
            yield self.found(codes.UNKNOWN_TYPE, message, 1, repair=repair, write=lower)
            return
        if raw != name:
            message = f"type {quoted(raw)} has blanks around it, and Sunstone takes it for unknown"
            yield self.found(codes.PADDED, message, 1, severity=Severity.ERROR, write=name)
        if not kind.portable:
            message = f"the command line refuses the type {name}"
            yield self.found(codes.UNPORTABLE_TYPE, message, 1, repair=f"write {kind.instead}")
        elif kind.name == "fixed":
            message = "Sunstone's service editor shows a text box for the type fixed"
            repair = "set the value in CONTEXT, where nobody is asked"
            yield self.found(codes.UNPORTABLE_TYPE, message, 1, severity=Severity.INFO, repair=repair)

    def texts(self) -> Iterator[Finding]:
        """Judge the characters of every part."""
        node = self.node
        for index, part in enumerate(node.parts):
            if match := _UNSAFE.search(part.text):
                message = f"{quoted(match.group())} does not survive being stored"
                yield self.found(codes.UNSAFE_TEXT, message, index)
            elif index >= 2 and "\n" in part.text.strip(RUBY_BLANKS):
                yield self.found(codes.LINE_END, "a line end inside a part", index)
        if node.source.text.endswith("\\"):
            message = "a final backslash escapes the closing quote"
            yield self.found(codes.UNSAFE_TEXT, message, len(node.parts) - 1)
        if len(node.parts) > 2 and node.parts[2].text != self.texts_stripped[2]:
            message = "the description has blanks around it"
            yield self.found(
                codes.PADDED,
                message,
                2,
                severity=Severity.INFO,
                repair=codes.PADDED.repair,
                write=self.texts_stripped[2],
            )
