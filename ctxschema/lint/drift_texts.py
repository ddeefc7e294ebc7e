"""Comparing scripts and documentation with a declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ctxschema.core import codes
from ctxschema.core.finding import Severity
from ctxschema.core.source import Position
from ctxschema.lint.document import Document, Kind, Parameter, Script, Section, Service
from ctxschema.lint.drift_causes import Drift
from ctxschema.lint.drift_documents import ONEAPP, DocumentJudge
from ctxschema.lint.readers import extension
from ctxschema.lint.script_reader import unquoted
from ctxschema.model.variable import Variable

_USED_DEFAULT = re.compile(r"\$\{(?P<name>[A-Za-z_]\w*):?[-=](?P<value>(?:'[^'\n]*'|\\')+(?=\})|[^{}\n]*)\}")
_ASSIGNED = re.compile(
    r"""(?:^|[;&|({]|\bthen|\bdo|\belse)[ \t]*(?:(?:local|declare|typeset|readonly|export)[ \t]+(?:-\w+[ \t]+)*)?
        (?P<name>[A-Z_][A-Z0-9_]*)(?:\[[^\]\n]*\])?\+?=(?!=)(?!["']?\$\{?(?P=name)\b)
        |\b(?:for|read|local|unset)[ \t]+(?:-\w+[ \t]+)*(?P<other>[A-Z_][A-Z0-9_]*)""",
    re.MULTILINE | re.VERBOSE,
)
"""A shell variable that a script assigns itself, rather than applying a default to one from the context."""

_CONSTANT = re.compile(r"^[ \t]*(?P<name>[A-Z][A-Z0-9_]*)[ \t]*=(?![=~])(?![^\n]*(?P=name))", re.MULTILINE)
"""A constant that a Ruby program assigns itself, rather than reading it from the context under the same name."""

_NAME = re.compile(r"(?<![A-Za-z0-9_])[A-Z][A-Z0-9_]+(?![A-Za-z0-9_*])")
_COMMENT = re.compile(r"^[ \t]*#[^\n]*", re.MULTILINE)


class Judge(DocumentJudge):
    """Compares a file of any kind with a declaration."""

    def document(self, document: Document, *, named: bool) -> Iterator[Drift]:
        """Yield the differences of a file."""
        if document.kind is None or document.kind is Kind.SCRIPT:
            scripts = [part for part in document.parts if isinstance(part, Script)]
            # A helper script uses only what it needs; a script with ONE_SERVICE_PARAMS has to know all variables.
            yield from self.script(scripts, whole=named or bool(scripts))
        for part in document.parts:
            if isinstance(part, Section):
                yield from self.section(part)
            elif isinstance(part, Service):
                yield from self.service(part)

    def script(self, scripts: list[Script], *, whole: bool) -> Iterator[Drift]:
        used: set[Variable[Any]] = set()
        reported: set[str] = set()
        where = self.whole()
        for script in scripts:
            for parameter in script.parameters:
                variable = self.known(parameter.key, parameter.name_position)
                if variable is not None:
                    used.add(variable)
                    yield from self.parameter(parameter, variable)
                elif parameter.key.removeprefix(ONEAPP) not in self.foreign:
                    reported.add(parameter.name)
                    yield self.undeclared(parameter.name, parameter.name_position)
            if script.parameters:
                where = script.parameters[0].name_position
            yield from self.order([(each.key, each.name_position) for each in script.parameters])
        yield from self.defaults(scripts)
        yield from self.mentioned(used, reported, self.own_names())
        if whole:
            yield from self.unused(used, where, "does not use")

    def parameter(self, parameter: Parameter, variable: Variable[Any]) -> Iterator[Drift]:
        given, where = parameter.input.name, parameter.input.name_position
        if "|" in given:
            right = f"{'M' if variable.mandatory else 'O'}|{variable.kind.name}"
            if given != right:
                yield self.differs(codes.DRIFT_DEFINITION, parameter.name, "input", given, right, variable, where)
        elif given not in {"", variable.default_text}:  # some appliances give the default in this column
            right = variable.default_text
            yield self.differs(codes.DRIFT_DEFAULT, parameter.name, "default", given, right, variable, where)
        description, where = parameter.description.name, parameter.description.name_position
        if description != variable.question:
            right = variable.question
            yield self.differs(
                codes.DRIFT_DEFINITION, parameter.name, "description", description, right, variable, where
            )

    def defaults(self, scripts: list[Script]) -> Iterator[Drift]:
        """Yield differences from the declared defaults, at each place where a default is applied."""
        found: list[tuple[str, str, Position]] = []
        for match in _USED_DEFAULT.finditer(self.source.text):
            value = match["value"]
            if value.startswith("'") and self.source.text[match.start() - 1 : match.start()] != '"':
                value = unquoted(self.source, *match.span("value")).text
            found.append((match["name"], value, self.source.at(*match.span("value"))))
        for script in scripts:
            if not script.declares:
                found += [(entry.key, entry.value.text, entry.position) for entry in script.defaults]
        for name, text, where in found:
            variable = self.names.get(name)
            if variable is None or variable.default is None or "$" in text:
                continue
            if text not in {"", variable.default_text}:
                right = variable.default_text
                yield self.differs(codes.DRIFT_DEFAULT, name, "default", text, right, variable, where)

    def own_names(self) -> set[str]:
        """Return the names that a script assigns itself; the context has nothing to do with them."""
        if extension(self.source.name) == ".rb":
            return {match["name"] for match in _CONSTANT.finditer(self.source.text)}
        return {match["name"] or match["other"] for match in _ASSIGNED.finditer(self.source.text)}

    def prose(self) -> Iterator[Drift]:
        """Yield differences between documentation and the declaration."""
        used: set[Variable[Any]] = set()
        yield from self.mentioned(used, set(), set())
        yield from self.unused(used, self.whole(), "does not mention", Severity.WARNING)

    def mentioned(self, used: set[Variable[Any]], reported: set[str], own: set[str]) -> Iterator[Drift]:
        """Yield names with the appliance's prefix that are not declared; add declared ones to ``used``."""
        comments = _COMMENT.finditer(self.source.text) if own else ()
        commented = {found.start() for each in comments for found in _NAME.finditer(self.source.text, *each.span())}
        for match in _NAME.finditer(self.source.text):
            name = match.group()
            variable = self.names.get(name) if name in self.appliance.by_name or name.startswith(ONEAPP) else None
            if variable is not None:
                used.add(variable)
                self.known(name, self.source.at(*match.span()))
            elif name in self.appliance.by_short_name or name in reported or name in own:
                continue  # a name of the script's own, or reported already
            elif self.ours(name) and match.start() not in commented:
                reported.add(name)
                yield self.undeclared(name, self.source.at(*match.span()))
