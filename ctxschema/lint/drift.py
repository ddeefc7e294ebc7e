"""What an existing appliance says of its variables, against what is declared, in both directions."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.files import read_text
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.names import Suggestions
from ctxschema.core.secret import shown
from ctxschema.core.source import Position, SourceText
from ctxschema.generate.attributes import definition
from ctxschema.generate.names import Names
from ctxschema.grammar.types import RUBY_BLANKS
from ctxschema.lint.checks.capacity import CAPACITY
from ctxschema.lint.document import Document, Entry, Input, Kind, Part, Script, Section, Service
from ctxschema.lint.readers import extension, read_found, read_named
from ctxschema.lint.script_reader import unquoted
from ctxschema.lint.walk import Found, walk
from ctxschema.model.appliance import Appliance
from ctxschema.model.variable import Variable

_PROSE = {".md", ".markdown", ".rst", ".adoc"}
_SCRIPTS = {".sh", ".bash"}
_PARTS = ("flag", "type", "description", "params", "default")
_USED_DEFAULT = re.compile(r"\$\{(?P<name>[A-Za-z_]\w*):?[-=](?P<value>(?:'[^'\n]*'|\\')+(?=\})|[^{}\n]*)\}")


def drift(appliance: Appliance, paths: Iterable[str]) -> tuple[list[str], list[Finding]]:
    """Compare files with a declaration.

    Args:
        appliance: What is declared.
        paths: Templates, marketplace entries, services, scripts and pages of prose; a folder with all that is in it.

    Returns:
        The files that were looked into, and what differs, by file and position.

    Raises:
        FileError: A file that was named cannot be read.
    """
    looked: list[str] = []
    findings: list[Finding] = []
    for found in _files(paths):
        if found.finding is not None:
            findings.append(found.finding)
            continue
        source = read_text(found.path)
        judged = _judged(_Judge(appliance, source), found)
        if judged is not None:
            looked.append(source.name)
            findings += sorted(judged, key=_place)
    return looked, findings


def _judged(judge: _Judge, found: Found) -> list[Finding] | None:
    """Return what differs in a file; None where it was found in a folder and is nothing of OpenNebula's."""
    source = judge.source
    if extension(found.path) in _PROSE:
        return list(judge.prose())
    script = extension(found.path) in _SCRIPTS
    document = read_named(source) if found.named or script else read_found(source)
    if document is not None and (script or any(map(_says_something, document.parts))):
        return list(judge.document(document, named=found.named))
    if not found.named:
        return None
    message = f"nothing of OpenNebula's was found in {source.name}"
    errors = [] if document is None else [each for each in document.findings if each.severity is Severity.ERROR]
    return errors or [codes.NOTHING_FOUND.at(message, position=source.at(0, 0))]


def _says_something(part: Part) -> bool:
    return not isinstance(part, Section) or bool(part.inputs or part.attributes or part.context is not None)


def _place(finding: Finding) -> int:
    return (finding.position.outermost.start or 0) if finding.position else 0


def _files(paths: Iterable[str]) -> Iterator[Found]:
    for path in paths:
        yield from walk([path])
        if os.path.isdir(path):
            names = sorted(name for name in os.listdir(path) if extension(name) in _PROSE and name.startswith("README"))
            yield from (Found(os.path.join(path, name), named=False) for name in names)


class _Judge:
    def __init__(self, appliance: Appliance, source: SourceText) -> None:
        self.appliance = appliance
        self.source = source
        self.names = {
            style.of(variable, appliance): variable for style in reversed(Names) for variable in appliance.variables
        }

        self.near = Suggestions(self.names)
        # What a machine tells OneGate begins like a variable, and is none.
        published = (name for step in appliance.steps for name in re.findall(r"\b[A-Z][A-Z0-9_]+\b", step.onegate))
        self.foreign = {*appliance.other_roles, *published}

    def whole(self) -> Position:
        return self.source.at(0, 0)

    # ---- documents ----

    def document(self, document: Document, *, named: bool) -> Iterator[Finding]:
        if document.kind is None or document.kind is Kind.SCRIPT:
            scripts = [part for part in document.parts if isinstance(part, Script)]
            # A script that stands beside others uses what it needs; one with the parameters has them all.
            yield from self.script(scripts, whole=named or bool(scripts))
        for part in document.parts:
            if isinstance(part, Section):
                yield from self.section(part)
            elif isinstance(part, Service):
                yield from self.service(part)

    def section(self, section: Section) -> Iterator[Finding]:
        yield from self.inputs(section.inputs)
        if section.inputs:
            yield from self.unused(self.declared(section.inputs), section.position, "asks nobody for it")
        if section.context is not None:
            yield from self.context(section.context, section)
        yield from self.order(self.asked(section))

    def service(self, service: Service) -> Iterator[Finding]:
        inputs = [*service.inputs, *(each for role in service.roles for each in role.inputs)]
        yield from self.inputs(inputs)
        where = inputs[0].name_position if inputs else self.whole()
        yield from self.unused(self.declared(inputs), where, "asks nobody for it")
        for level in (service.inputs, *(role.inputs for role in service.roles)):
            yield from self.order([(each.key, each.name_position) for each in level])

    def declared(self, inputs: Iterable[Input]) -> set[Variable[Any]]:
        return {self.names[each.key] for each in inputs if each.key in self.names}

    def inputs(self, inputs: Iterable[Input]) -> Iterator[Finding]:
        for each in inputs:
            variable = self.names.get(each.key)
            if variable is not None:
                yield from self.definition(each, variable)
            elif each.key not in CAPACITY and each.key not in self.appliance.other_roles:
                yield self.undeclared(each.key, each.name_position)

    def definition(self, each: Input, variable: Variable[Any]) -> Iterator[Finding]:
        """Compare the parts of a definition, blanks around them aside."""
        found = [part.text.strip(RUBY_BLANKS) for part in each.definition.parts]
        wanted = [part.strip(RUBY_BLANKS) for part in definition(variable).split("|")]
        source = each.definition.source
        found += [""] * (len(wanted) - len(found))
        for number, (name, text, right) in enumerate(zip(_PARTS, found, wanted, strict=False)):
            if text == right:
                continue
            there = number < len(each.definition.parts)
            where = source.span(each.definition.parts[number].span) if there else each.name_position
            code = codes.DRIFT_DEFAULT if name == "default" else codes.DRIFT_DEFINITION
            yield self.differs(code, each.key, name, text, right, variable, where)

    def differs(  # noqa: PLR0913, PLR0917 - everything that a message names
        self, code: Code, key: str, what: str, text: str, right: str, variable: Variable[Any], where: Position
    ) -> Finding:
        told = shown(text, secret=variable.secret and what == "default") or "empty"
        message = f"{key}: the {what} is {told}, and {right or 'an empty one'} is declared"
        repair = f"write {right}" if right else f"leave the {what} empty"
        severity = Severity.WARNING if what == "description" else None
        return code.at(message, variable=variable.name, position=where, value=told, repair=repair, severity=severity)

    def undeclared(self, name: str, where: Position) -> Finding:
        message = f"{name} is used here, and {self.appliance.name} does not declare it{self.near(name)}"
        return codes.DRIFT_UNDECLARED.at(message, variable=name, position=where)

    def unused(
        self, used: set[Variable[Any]], where: Position, what: str, severity: Severity | None = None
    ) -> Iterator[Finding]:
        for variable in self.appliance.variables:
            if variable not in used:
                message = f"{variable.name} is declared, and {self.source.name} {what}"
                yield codes.DRIFT_UNUSED.at(message, variable=variable.name, position=where, severity=severity)

    def asked(self, section: Section) -> list[tuple[str, Position]]:
        """The names in the order in which users are asked."""
        if section.order is None:
            return [(each.key, each.name_position) for each in section.inputs]
        matches = re.finditer(r"[^,\s]+", section.order.text)
        return [(match.group().upper(), section.order.at(*match.span())) for match in matches]

    def order(self, asked: list[tuple[str, Position]]) -> Iterator[Finding]:
        """Yield the first name that comes before one that is declared before it."""
        places = {variable.name: number for number, variable in enumerate(self.appliance.variables)}
        last: tuple[int, str] = (-1, "")
        for name, where in asked:
            variable = self.names.get(name)
            if variable is None:
                continue
            place = places[variable.name]
            if place < last[0]:
                message = f"{name} comes behind {last[1]} here, and before it in the declaration"
                yield codes.DRIFT_ORDER.at(message, variable=variable.name, position=where)
                return
            last = (place, name)

    def context(self, context: tuple[Entry, ...], section: Section) -> Iterator[Finding]:
        entries = {entry.key: entry for entry in context}
        inputs = {variable: each.key for each in section.inputs if (variable := self.names.get(each.key))}
        where = context[0].name_position if context else section.position
        for variable in self.appliance.variables:
            entry = entries.get(variable.name)
            asked = inputs.get(variable)
            if entry is None:
                message = f"CONTEXT does not hand over {variable.name}"
                repair = f'write {variable.name} = "${asked or variable.name}"'
                yield codes.DRIFT_CONTEXT.at(message, variable=variable.name, position=where, repair=repair)
            elif entry.value.text.strip()[:1] != "$":
                told = shown(entry.value.text, secret=variable.secret)
                message = f"CONTEXT sets {variable.name} to {told or 'nothing'} whatever the user enters"
                repair = f'write "${asked or variable.name}"'
                yield codes.DRIFT_CONTEXT.at(message, variable=variable.name, position=entry.position, repair=repair)
            elif self.names.get(entry.value.text.strip()[1:].upper()) is not variable:
                message = f"CONTEXT hands over {shown(entry.value.text)} as {variable.name}"
                repair = f'write "${asked or variable.name}"'
                yield codes.DRIFT_CONTEXT.at(message, variable=variable.name, position=entry.position, repair=repair)
        for wanted in self.appliance.infrastructure:
            entry = entries.get(wanted.name)
            if entry is None or entry.value.text.strip() != wanted.value:
                told = "lacks" if entry is None else f"has {shown(entry.value.text)} for"
                message = f"CONTEXT {told} {wanted.name}, and {wanted.value} is declared: it {wanted.why}"
                place = where if entry is None else entry.position
                repair = f'write {wanted.name} = "{wanted.value}"'
                yield codes.DRIFT_CONTEXT.at(message, variable=wanted.name, position=place, repair=repair)
        for key, entry in entries.items():
            ours = bool(self.appliance.prefixes) and key.startswith(self.appliance.prefixes)
            if ours and key not in self.names and key not in self.appliance.other_roles:
                yield self.undeclared(key, entry.name_position)

    # ---- scripts and prose ----

    def script(self, scripts: list[Script], *, whole: bool) -> Iterator[Finding]:
        used: set[Variable[Any]] = set()
        for script in scripts:
            for parameter in script.parameters:
                variable = self.names.get(parameter.key)
                if variable is None:
                    yield self.undeclared(parameter.name, parameter.name_position)
                    continue
                used.add(variable)
                kind, right = parameter.input.name, f"{'M' if variable.mandatory else 'O'}|{variable.kind.name}"
                if kind and kind != right:
                    where = parameter.input.name_position
                    yield self.differs(codes.DRIFT_DEFINITION, parameter.name, "input", kind, right, variable, where)
                told = parameter.description.name
                if told != variable.question:
                    where = parameter.description.name_position
                    yield self.differs(
                        codes.DRIFT_DEFINITION, parameter.name, "description", told, variable.question, variable, where
                    )
            yield from self.order([(each.key, each.name_position) for each in script.parameters])
        reported = {
            finding.name for script in scripts for finding in script.parameters if finding.key not in self.names
        }
        for match in _USED_DEFAULT.finditer(self.source.text):
            variable = self.names.get(match["name"])
            value = match["value"]
            if value.startswith("'") and self.source.text[match.start() - 1 : match.start()] != '"':
                value = unquoted(self.source, *match.span("value")).text
            if variable is not None and variable.default is not None and value not in {"", variable.default_text}:
                where = self.source.at(*match.span("value"))
                right = variable.default_text
                yield self.differs(codes.DRIFT_DEFAULT, match["name"], "default", value, right, variable, where)
        yield from self.mentioned(used, reported)
        if whole:
            yield from self.unused(used, self.whole(), "does not use it")

    def prose(self) -> Iterator[Finding]:
        used: set[Variable[Any]] = set()
        yield from self.mentioned(used, set())
        yield from self.unused(used, self.whole(), "does not mention it", Severity.WARNING)

    def mentioned(self, used: set[Variable[Any]], reported: set[str]) -> Iterator[Finding]:
        """Yield the names that look like the appliance's and are not declared; collect those that are."""
        for match in re.finditer(r"(?<![A-Za-z0-9_])[A-Z][A-Z0-9_]+(?![A-Za-z0-9_*])", self.source.text):
            name = match.group()
            variable = self.names.get(name) if name in self.appliance.by_name or name.startswith("ONEAPP_") else None
            if variable is not None:
                used.add(variable)
            elif name in self.appliance.by_short_name:
                continue  # a word of its own, most likely
            elif (
                self.appliance.prefixes
                and name.startswith(self.appliance.prefixes)
                and name not in reported
                and name not in self.foreign
            ):
                reported.add(name)
                yield self.undeclared(name, self.source.at(*match.span()))
