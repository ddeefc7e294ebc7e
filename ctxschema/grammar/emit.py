"""Writing the portable form of definitions and templates.

Source: docs/facts/opennebula.md, end of section 1.7, and section 2.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from attrs import evolve

from ctxschema.core import codes
from ctxschema.core.errors import NotPortableError
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.secret import quoted
from ctxschema.core.source import SourceText, Span
from ctxschema.grammar.analyse import analyse_user_input
from ctxschema.grammar.judge import FULL, SHORT
from ctxschema.grammar.nodes import Definition, ParsedTemplate, Part
from ctxschema.grammar.numbers import canonical_number, range_bounds
from ctxschema.grammar.types import BLANKS, FLOAT, INTEGER, RUBY_BLANKS, TYPES, InputType, Params

INDENT = "    "
_NAME = re.compile(r"[A-Z_][A-Z0-9_]*\Z")
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|\]\]>|\\\Z")
_TRUE, _FALSE = {"yes", "true", "1"}, {"no", "false", "0", ""}


def user_input_text(
    kind: str, description: str, *, mandatory: bool = False, params: str = "", default: str = ""
) -> str:
    """Return a definition of five parts; the parts are not changed."""
    return "|".join(("M" if mandatory else "O", kind, description, params or " ", default))


def canonical_user_input(node: Definition, findings: Iterable[Finding]) -> str:
    """Return the portable form of a definition with its findings; see `UserInput.canonical`."""
    parts = [part.text.strip(RUBY_BLANKS) for part in node.parts]
    kind = node.input_type
    if len(parts) not in {SHORT, FULL} or kind is None:
        raise _no_form([finding for finding in findings if finding.severity is Severity.ERROR])
    flag, _, description, params, default = [*parts, "", ""][:FULL]
    kind, params = _canonical_params(kind, params, default)
    default = _canonical_default(kind, params, default)
    flag = {"0": "O", "o": "O", "m": "M"}.get(flag, flag)
    text = "|".join((flag, kind.name, description, params or " ", default))
    if blocking := _blocking(text):
        raise _no_form(blocking)
    return text


def _no_form(blocking: list[Finding]) -> NotPortableError:
    reasons = "; ".join(finding.message for finding in blocking)
    return NotPortableError(f"no portable form: {reasons}", blocking)


def _blocking(text: str) -> list[Finding]:
    """Return the findings, without a place, that keep a definition of five parts from being portable."""
    node = Definition(SourceText(text), tuple(Part(part, Span(0, 0)) for part in text.split("|")))
    # Section 1.7 excludes these; and consumers agree on no value for a choice or number without a default.
    stops = {code.id for code in (codes.LINE_END, codes.UNPORTABLE_TYPE, codes.RANGE_PARAMS, codes.NUMBER_FORM)}
    kind = node.input_type
    if kind is not None and (kind.number is not None or kind.params is not Params.NONE):
        stops.add(codes.NO_DEFAULT.id)
    blocking = (f for f in analyse_user_input(node) if f.severity is Severity.ERROR or f.code in stops)
    return [evolve(finding, position=None, edits=()) for finding in blocking]


def _canonical_params(kind: InputType, params: str, default: str) -> tuple[InputType, str]:
    """Return the type that fits params and default, and the params without blanks."""
    if kind.params is Params.OPTIONS:
        options = dict.fromkeys(option.strip(kind.blanks) for option in params.split(","))
        return kind, ",".join(option for option in options if option)
    if kind.params is Params.NONE:
        if kind.number is INTEGER and not INTEGER.match(default) and FLOAT.match(default):
            return TYPES["number-float"], ""
        return kind, ""
    return kind, "..".join(piece.strip(kind.blanks) for piece in params.split(".."))


def _canonical_default(kind: InputType, params: str, default: str) -> str:
    if kind.name == "boolean":
        return "YES" if default.lower() in _TRUE else "NO" if default.lower() in _FALSE else default
    if kind.params is Params.RANGE and not default and range_bounds(params, kind):
        low, _ = params.split("..")
        return low
    if kind.number is not None and kind.number.match(default):
        return canonical_number(default)
    return default.strip(kind.blanks)


def template_text(name: str, value: str | Iterable[tuple[str, str]]) -> str:
    """Return one attribute: lines end in LF, every value is quoted, and no comma follows the last member.

    Raises:
        NotPortableError: A name or a value has no safe form.
    """
    findings: list[Finding] = []
    if isinstance(value, str):
        text = f"{_name(name, findings)} = {_quote(name, value, findings)}\n"
    else:
        members = [f"{INDENT}{_name(key, findings)} = {_quote(key, member, findings)}" for key, member in value]
        if not members:
            message = f"{name} is an empty vector, which vanishes when the server stores it"
            findings.append(codes.UNSAFE_TEXT.at(message, variable=name, repair="leave it out"))
        text = "{} = [\n{}\n]\n".format(_name(name, findings), ",\n".join(members))
    if findings:
        raise NotPortableError("; ".join(finding.message for finding in findings), findings)
    return text


def canonical_template(template: ParsedTemplate, known: Iterable[Finding]) -> str:
    """Return the portable form of a template with its findings; see `Template.canonical`."""
    if not template.ok:
        errors = [finding for finding in known if finding.severity is Severity.ERROR]
        raise NotPortableError("the server refuses this template", errors)
    texts: list[str] = []
    findings: list[Finding] = []
    for name, value in _in_order(template):
        try:
            texts.append(template_text(name, value if isinstance(value, str) else value.items()))
        except NotPortableError as error:
            findings.extend(error.findings)
    if findings:
        raise NotPortableError("; ".join(finding.message for finding in findings), findings)
    return "".join(texts)


def _in_order(template: ParsedTemplate) -> Sequence[tuple[str, str | dict[str, str]]]:
    """Return what the server stores, in the order in which it is written if that is known."""
    if not template.items:
        return template.attributes
    kept: list[tuple[str, str | dict[str, str]]] = []
    for item in template.items:
        if isinstance(item.value, tuple):
            members: dict[str, str] = {}
            for member in item.value:
                members.setdefault(member.key, member.value.kept)
            kept.append((item.key, members))
        else:
            kept.append((item.key, item.value.kept))
    return kept


def _name(name: str, findings: list[Finding]) -> str:
    if not _NAME.match(name) or name.startswith("XML"):
        message = f"{quoted(name)} is no name that a template keeps as it is"
        repair = "write upper-case letters, digits and _ only"
        findings.append(codes.UNSAFE_TEXT.at(message, variable=name, repair=repair))
    return name


def _quote(name: str, value: str, findings: list[Finding]) -> str:
    if match := _UNSAFE.search(value):
        message = f"the value of {name} has no safe form with {quoted(match.group())} in it"
        findings.append(codes.UNSAFE_TEXT.at(message, variable=name))
    elif value != value.strip(BLANKS):
        message = f"the value of {name} has blanks around it, which the server trims"
        findings.append(codes.UNSAFE_TEXT.at(message, variable=name, repair="remove the blanks"))
    escaped = value.replace('"', '\\"')
    return f'"{escaped}"'
