"""What is wrong with a USER_INPUTS definition, judged on its tree.

An error is something that a consumer refuses, crashes on, loops on or reads as something else; a warning,
something that they show or send differently. Source: opennebula.md sections 1.1 to 1.3 and 1.7, and
user-input-probes.json.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.finding import Edit, Finding, Severity
from ctxschema.core.names import nearest
from ctxschema.core.secret import names_secret, quoted, shown
from ctxschema.grammar.ast import UserInput
from ctxschema.grammar.numbers import canonical_number, range_bounds
from ctxschema.grammar.types import COMMON_MISTAKES, FLOAT, JAVASCRIPT_BLANKS, RUBY_BLANKS, TYPES, InputType, Params

FULL, SHORT = 5, 3
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|\]\]>")
_LARGEST_EXACT = 2**53
_PARTS = ("flag", "type", "description", "params", "default")


def analyse_user_input(node: UserInput, variable: str | None = None) -> Iterator[Finding]:
    """Yield the findings of one definition.

    Args:
        node: Its tree.
        variable: The name of the input, for the messages.
    """
    judge = _Judge(node, variable)
    yield from judge.part_count()
    yield from judge.flag()
    yield from judge.type()
    yield from judge.texts()
    if node.input_type is not None and len(node.parts) <= FULL:
        yield from judge.params(node.input_type)
        yield from judge.default(node.input_type)


class _Judge:
    def __init__(self, node: UserInput, variable: str | None) -> None:
        self.node = node
        self.variable = variable
        self.texts_stripped = [part.text.strip(RUBY_BLANKS) for part in node.parts]

    def found(
        self, code: Code, message: str, part: int | None = None, *, write: str | None = None, **details: Any
    ) -> Finding:
        """Make a finding about a part, or about the whole.

        Args:
            code: Its kind.
            message: What is wrong.
            part: The index of the part.
            write: What to write in place of the part, where that changes nothing that anybody relies on.
            details: Other fields of the finding.
        """
        source, parts = self.node.source, self.node.parts
        if write is not None and part is not None:
            details["edits"] = (Edit(source.span(parts[part].span), write),)
            details.setdefault("repair", f"write {write}" if write else "leave it empty")
        if part is None or part >= len(parts):
            position = source.at(0, len(source.text))
        else:
            position = source.span(parts[part].span)
            secret = part == 4 and self.node.input_type is TYPES["password"]
            details.setdefault("value", shown(parts[part].text, secret=secret))
        return code.at(message, variable=self.variable, position=position, **details)

    def secret(self, kind: InputType) -> bool:
        """Say whether it holds a secret, which never has a default."""
        return kind.name == "password" or (self.variable is not None and names_secret(self.variable))

    def part_count(self) -> Iterator[Finding]:
        count = self.node.source.text.count("|") + 1
        if count > FULL and any(self.texts_stripped[FULL:]):
            message = f"{count} parts: a pipe in the description or the default starts a part of its own"
            yield self.found(codes.PIPE, message)
        elif count > FULL:
            # Sunstone ignores what is behind the default, and the command line refuses the definition.
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
            # The blank for the params is what people forget most.
            flag, name, description, default = self.texts_stripped
            repair = f"write {flag}|{name}|{description}| |{shown(default, secret=kind.name == 'password')}"
            return self.found(codes.PART_COUNT, "4 parts of five: the params are missing", repair=repair)
        missing = ", ".join(_PARTS[count:])
        message = f"{count} part{'s' * (count > 1)} of five: {missing} missing"
        edits = self.completed("|") if count == 4 and not self.texts_stripped[3] else ()
        return self.found(codes.PART_COUNT, message, edits=edits)

    def completed(self, behind: str) -> tuple[Edit, ...]:
        """Return what adds empty parts, where the type is one that can do without."""
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
            # Sunstone takes everything but the bare M for optional.
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
            meant = COMMON_MISTAKES.get(name.lower()) or nearest(name.lower(), TYPES)
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
        """Judge what goes for the characters of every part."""
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

    def params(self, kind: InputType) -> Iterator[Finding]:
        if len(self.node.parts) != FULL:
            return
        raw, params = self.node.parts[3].text, self.texts_stripped[3]
        if kind.params is Params.NONE:
            if params:
                message = f"params {quoted(raw)} mean nothing for the type {kind.name}"
                yield self.found(codes.OPTIONS_IGNORED, message, 3)
        elif kind.params is Params.RANGE:
            yield from self.range_params(kind, raw)
        elif not params.replace(",", ""):
            yield self.found(codes.NO_OPTIONS, f"the {kind.name} has no options", 3)
        else:
            yield from self.option_texts(raw.split(","))

    def range_params(self, kind: InputType, raw: str) -> Iterator[Finding]:
        bounds = range_bounds(raw, kind)
        if bounds is None:
            as_float = TYPES["range-float"]
            meant = kind.name == "range" and range_bounds(raw, as_float) is not None
            repair = "write range-float" if meant else codes.RANGE_PARAMS.repair
            wanted = "integers" if kind.name == "range" else "numbers"
            message = f"params {quoted(raw)} are not two {wanted} with .. between them"
            yield self.found(codes.RANGE_PARAMS, message, 3, repair=repair)
        elif bounds[0] >= bounds[1]:
            yield self.found(codes.RANGE_ORDER, f"the range {quoted(raw)} holds no choice", 3)
        elif bounds[0] < 0:
            message = f"the range {quoted(raw)} begins below 0, which Sunstone's editors refuse"
            yield self.found(codes.RANGE_PARAMS, message, 3, severity=Severity.WARNING, repair="begin at 0 or above")
        elif raw != raw.strip(RUBY_BLANKS):
            message = f"params {quoted(raw)} have blanks around them"
            yield self.found(codes.PADDED, message, 3, write=raw.strip(RUBY_BLANKS))

    def option_texts(self, options: list[str]) -> Iterator[Finding]:
        padded = [option for option in options if option.strip() and option != option.strip(RUBY_BLANKS)]
        if padded:
            message = f"option {quoted(padded[0])} has blanks around it"
            write = ",".join(option.strip(RUBY_BLANKS) for option in options)
            yield self.found(codes.OPTION_TEXT, message, 3, write=write, repair=codes.OPTION_TEXT.repair)
        if any(not option.strip() for option in options):
            yield self.found(codes.OPTION_TEXT, "an empty option", 3, severity=Severity.WARNING)
        counted = Counter(option for option in options if option)
        if repeated := next((option for option, count in counted.items() if count > 1), None):
            message = f"option {quoted(repeated)} stands twice"
            yield self.found(codes.OPTION_TEXT, message, 3, severity=Severity.WARNING)

    def default(self, kind: InputType) -> Iterator[Finding]:
        if len(self.node.parts) != FULL:
            return
        raw, default = self.node.parts[4].text, self.texts_stripped[4]
        if kind.name == "boolean":
            if default not in {"YES", "NO"}:
                yield self.boolean_default(raw, default)
        elif default:
            yield from self.default_given(kind, default)
        else:
            yield from self.default_absent(kind)
        if default and (raw != default or (kind.trimmed and default != default.strip(JAVASCRIPT_BLANKS))):
            refused = kind.trimmed or kind.name == "boolean"
            severity = Severity.ERROR if refused else Severity.WARNING
            value = "the default" if kind.name == "password" else f"default {quoted(raw)}"
            message = f"{value} has blanks around it"
            repair = codes.PADDED.repair
            yield self.found(codes.PADDED, message, 4, severity=severity, repair=repair, write=default)
        elif raw and not default:
            message = "the default is blank: Sunstone takes it for a value, the command line for none"
            yield self.found(codes.PADDED, message, 4, write="")

    def boolean_default(self, raw: str, default: str) -> Finding:
        meant = {"yes": "YES", "true": "YES", "1": "YES", "no": "NO", "false": "NO", "0": "NO"}.get(default.lower())
        message = f"default {quoted(raw)} is neither YES nor NO" if default else "a boolean needs a default"
        return self.found(codes.DEFAULT_BOOLEAN, message, 4, write=meant)

    def default_given(self, kind: InputType, default: str) -> Iterator[Finding]:
        if kind.number_fits(default):
            yield from self.number_form(kind, default)
        if kind.number is not None and not kind.number_fits(default):
            wanted = "an integer" if kind.number is not FLOAT else "a number"
            message = f"default {shown(default)} is not {wanted}, and the type is `{kind.name}`"
            if FLOAT.match(default):
                write = f"{kind.name}-float"
                repair = f"write `{write}`"
                yield self.found(
                    codes.DEFAULT_TYPE, message, 1, write=write, safe=False, repair=repair, value=shown(default)
                )
            else:
                yield self.found(codes.DEFAULT_TYPE, message, 4)
        elif kind.params is Params.RANGE:
            bounds = range_bounds(self.node.parts[3].text, kind)
            if bounds is not None and bounds[0] < bounds[1] and not bounds[0] <= float(default) <= bounds[1]:
                message = f"default {shown(default)} is outside {self.texts_stripped[3]}"
                yield self.found(codes.DEFAULT_RANGE, message, 4)
        elif kind.name == "list":
            options = [option.strip(RUBY_BLANKS) for option in self.node.parts[3].text.split(",")]
            if default not in options:
                message = f"default {quoted(default)} is not among the options"
                yield self.found(codes.DEFAULT_RANGE, message, 4)
        elif kind.name == "text64":
            yield self.found(codes.TEXT64_DEFAULT, "a text64 with a default", 4)
        elif kind.name == "password":
            yield self.found(codes.SECRET_DEFAULT, "a password with a default", 4)

    def number_form(self, kind: InputType, default: str) -> Iterator[Finding]:
        """Find numbers that the command line sends as they are written and JavaScript does not."""
        digits = default.lstrip("-").partition(".")[0]
        if kind.number is not FLOAT and abs(int(default)) > _LARGEST_EXACT:
            message = f"default {default} is larger than JavaScript's numbers are exact"
            yield self.found(codes.NUMBER_FORM, message, 4, repair="write a smaller number, or the type text")
        elif digits != canonical_number(digits) or default == "-0":
            message = f"default {default} has zeros in front, which Sunstone drops and shells take for octal"
            yield self.found(codes.NUMBER_FORM, message, 4, write=canonical_number(default))

    def default_absent(self, kind: InputType) -> Iterator[Finding]:
        mandatory = self.texts_stripped[0] == "M"
        if kind.name == "fixed":
            yield self.found(codes.FIXED_DEFAULT, "a fixed input without a value", 4)
        elif kind.params is Params.RANGE:
            message = f"a {kind.name} without a default: Sunstone sends the minimum, the command line nothing"
            yield self.found(codes.NO_DEFAULT, message, 4)
        elif mandatory and (kind.number is not None or kind.name == "list"):
            message = "mandatory without a default: every user has to give a value"
            yield self.found(codes.NO_DEFAULT, message, 4, severity=Severity.INFO)
        elif mandatory and kind.params is Params.NONE and not self.secret(kind):
            message = "mandatory without a default: the command line takes an empty answer, Sunstone does not"
            yield self.found(codes.NO_DEFAULT, message, 4)
        elif not mandatory and (kind.number is not None or kind.name == "list"):
            message = "optional without a default: a OneFlow service with it is refused unless a value is sent"
            yield self.found(codes.NO_DEFAULT, message, 4, severity=Severity.INFO)
