"""Findings about the params and the default of a definition, for its type. Source: as in analyse.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ctxschema.core import codes
from ctxschema.core.finding import Edit, Finding, Severity
from ctxschema.core.secret import names_secret, quoted, shown
from ctxschema.grammar.judge import FULL, Judge
from ctxschema.grammar.meant import bounds_meant, options_meant
from ctxschema.grammar.nodes import MOST_PIECES, Part
from ctxschema.grammar.numbers import canonical_number, range_bounds
from ctxschema.grammar.types import FLOAT, INTEGER, LONGEST_NUMBER, RUBY_BLANKS, TYPES, InputType, Params

_LARGEST_EXACT = 2**53


class ValuesJudge(Judge):
    """Judges the params and the default."""

    def secret(self, kind: InputType) -> bool:
        """Say whether the input is for a secret, which must not have a default."""
        return kind.name == "password" or (self.variable is not None and names_secret(self.variable))

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
        elif any(options := [option.strip(kind.blanks) for option in raw.split(",")]):
            yield from self.option_texts(raw.split(","), options)
        else:
            yield self.found(codes.NO_OPTIONS, f"the {kind.name} has no options", 3)

    def range_params(self, kind: InputType, raw: str) -> Iterator[Finding]:
        bounds = range_bounds(raw, kind)
        if bounds is None:
            as_float = TYPES["range-float"]
            meant = kind.name == "range" and range_bounds(raw, as_float) is not None
            repair = "write range-float" if meant else codes.RANGE_PARAMS.repair
            wanted = "integers" if kind.name == "range" else "numbers"
            message = f"params {quoted(raw)} are not two {wanted} with .. between them"
            pieces = self.node.pieces
            wrong = [piece for piece in pieces if not kind.number_fits(piece.text.strip(RUBY_BLANKS))]
            at = wrong[0] if len(pieces) == 2 and len(wrong) == 1 and wrong[0].text else None
            if (write := bounds_meant(raw, kind)) is not None:
                yield self.found(codes.RANGE_PARAMS, message, 3, write=write, safe=False)
            else:
                yield self.found(codes.RANGE_PARAMS, message, 3, repair=repair, at=at)
        elif bounds[0] >= bounds[1]:
            yield self.found(codes.RANGE_ORDER, f"the range {quoted(raw)} holds no choice", 3)
        elif bounds[0] < 0:
            message = f"the range {quoted(raw)} begins below 0, which Sunstone's editors refuse"
            low = next(iter(self.node.pieces), None)
            repair = "begin at 0 or above"
            yield self.found(codes.RANGE_PARAMS, message, 3, severity=Severity.WARNING, repair=repair, at=low)
        elif raw != self.texts_stripped[3]:
            message = f"params {quoted(raw)} have blanks around them"
            yield self.found(codes.PADDED, message, 3, write=self.texts_stripped[3])

    def option_texts(self, options: list[str], wanted: list[str]) -> Iterator[Finding]:
        """Judge options by how they are written, and by how they are without the blanks around them."""
        padded = [number for number, option in enumerate(wanted) if option and option != options[number]]
        if padded:
            message = f"option {quoted(options[padded[0]])} has blanks around it"
            write, repair = ",".join(wanted), codes.OPTION_TEXT.repair
            yield self.found(codes.OPTION_TEXT, message, 3, write=write, repair=repair, at=self.option(padded[0]))
        empty = wanted.index("") if "" in wanted else None
        if empty is not None:
            where = self.option(empty) if options[empty] else None
            yield self.found(codes.OPTION_TEXT, "an empty option", 3, severity=Severity.WARNING, at=where)
        repeated = _repeated(options)
        if repeated is not None:
            message = f"option {quoted(options[repeated])} stands twice"
            where = self.option(repeated)
            yield self.found(codes.OPTION_TEXT, message, 3, severity=Severity.WARNING, at=where)

    def option(self, number: int) -> Part | None:
        """Return an option with its position, or None for one beyond the greatest number that is separated."""
        return self.node.pieces[number] if number < min(len(self.node.pieces), MOST_PIECES) else None

    def default(self, kind: InputType) -> Iterator[Finding]:
        if len(self.node.parts) != FULL:
            return
        raw, default = self.node.parts[4].text, self.texts_stripped[4]
        wanted = raw.strip(kind.blanks)
        if kind.name == "boolean":
            if default not in {"YES", "NO"}:
                yield self.boolean_default(raw, default)
        elif default:
            yield from self.default_given(kind, default)
        else:
            yield from self.default_absent(kind)
        if default and raw != wanted:
            refused = kind.trimmed or kind.name == "boolean"
            severity = Severity.ERROR if refused else Severity.WARNING
            value = "the default" if kind.name == "password" else f"default {quoted(raw)}"
            message = f"{value} has blanks around it"
            repair = codes.PADDED.repair
            yield self.found(codes.PADDED, message, 4, severity=severity, repair=repair, write=wanted)
        elif raw and not default:
            message = "the default is blank: Sunstone takes it for a value, the command line for none"
            yield self.found(codes.PADDED, message, 4, write="")

    def boolean_default(self, raw: str, default: str) -> Finding:
        meant = {"yes": "YES", "true": "YES", "1": "YES", "no": "NO", "false": "NO", "0": "NO"}.get(default.lower())
        message = f"default {quoted(raw)} is neither YES nor NO" if default else "a boolean needs a default"
        return self.found(codes.DEFAULT_BOOLEAN, message, 4, write=meant)

    def default_given(self, kind: InputType, default: str) -> Iterator[Finding]:
        if kind.number is not None:
            yield from self.number_given(kind, kind.number, default)
        elif kind.name == "list":
            options = [option.strip(kind.blanks) for option in self.node.parts[3].text.split(",")]
            if default.strip(kind.blanks) not in options:
                message = f"default {quoted(default)} is not among the options"
                yield self.found(codes.DEFAULT_RANGE, message, 4, **self.separated(default))
        elif kind.name == "text64":
            yield self.found(codes.TEXT64_DEFAULT, "a text64 with a default", 4)
        elif kind.name == "password":
            yield self.found(codes.SECRET_DEFAULT, "a password with a default", 4)

    def number_given(self, kind: InputType, number: re.Pattern[str], default: str) -> Iterator[Finding]:
        if not number.match(default):
            wanted = "an integer" if number is INTEGER else "a number"
            message = f"default {shown(default)} is not {wanted}, and the type is `{kind.name}`"
            if FLOAT.match(default):
                write = f"{kind.name}-float"
                repair = f"write `{write}`"
                yield self.found(
                    codes.DEFAULT_TYPE, message, 1, write=write, safe=False, repair=repair, value=shown(default)
                )
            else:
                yield self.found(codes.DEFAULT_TYPE, message, 4)
        elif not kind.number_fits(canonical_number(default)):
            message = f"default {shown(default)} has more than {LONGEST_NUMBER} characters"
            yield self.found(codes.NUMBER_FORM, message, 4, repair="write a shorter number, or the type text")
        else:
            yield from self.number_form(number, default)
            bounds = range_bounds(self.node.parts[3].text, kind) if kind.params is Params.RANGE else None
            if bounds is not None and bounds[0] < bounds[1] and not bounds[0] <= float(default) <= bounds[1]:
                message = f"default {shown(default)} is outside {self.texts_stripped[3]}"
                yield self.found(codes.DEFAULT_RANGE, message, 4)

    def separated(self, default: str) -> dict[str, Any]:
        """Return the repair for options with another separator than a comma, or nothing."""
        params = self.node.parts[3]
        write = options_meant(params.text, default)
        if write is None:
            return {}
        edits = (Edit(self.node.source.span(params.span), write),)
        return {"repair": f"options are separated by commas: write {write}", "edits": edits, "safe": False}

    def number_form(self, number: re.Pattern[str], default: str) -> Iterator[Finding]:
        """Find numbers that the command line sends as written but JavaScript rewrites."""
        written = canonical_number(default)
        if number is INTEGER and abs(int(written)) > _LARGEST_EXACT:
            message = f"default {default} is larger than JavaScript's numbers are exact"
            yield self.found(codes.NUMBER_FORM, message, 4, repair="write a smaller number, or the type text")
        elif default != written:
            message = f"default {default} has zeros in front, which Sunstone drops and shells take for octal"
            yield self.found(codes.NUMBER_FORM, message, 4, write=written)

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


def _repeated(options: list[str]) -> int | None:
    """Return the index of the first option that has stood before, unless it is empty."""
    seen: set[str] = set()
    for number, option in enumerate(options):
        if option in seen:
            return number
        if option:
            seen.add(option)
    return None
