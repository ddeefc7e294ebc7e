"""Comparing templates and services with a declaration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.names import Suggestions
from ctxschema.core.secret import shown
from ctxschema.core.source import Position, SourceText
from ctxschema.generate.attributes import definition
from ctxschema.generate.names import Names
from ctxschema.grammar.types import RUBY_BLANKS
from ctxschema.lint.checks.capacity import CAPACITY
from ctxschema.lint.document import Entry, Input, Section, Service
from ctxschema.lint.drift_causes import Drift, Renamed, by_cause
from ctxschema.model.appliance import Appliance
from ctxschema.model.input_names import app_of
from ctxschema.model.variable import Variable

_PARTS = ("flag", "type", "description", "params", "default")
ONEAPP = "ONEAPP_"
"""The prefix of one-apps for the names of an appliance's variables."""


class DocumentJudge:
    """Compares templates and services in one file with a declaration."""

    def __init__(self, appliance: Appliance, source: SourceText) -> None:
        self.appliance = appliance
        self.source = source
        app = app_of(appliance)
        styles = ((style, variable) for style in reversed(Names) for variable in appliance.variables)
        own = {style.of(variable, appliance, app): variable for style, variable in styles}
        self.generated = own.keys()
        renamed = {f"{ONEAPP}{variable.name}": variable for variable in appliance.variables}
        self.names = {**renamed, **appliance.by_alias, **own}
        self.renamed = Renamed()
        self.near = Suggestions(self.names)
        # The attributes that a machine publishes through OneGate have the prefix of variables, but are none.
        self.foreign = {*appliance.other_roles, *appliance.published_names}

    def judged(self, drifts: Iterable[Drift]) -> list[Finding]:
        """Return the findings, joined by cause."""
        return by_cause(list(drifts), self.renamed)

    def known(self, name: str, where: Position) -> Variable[Any] | None:
        """Return the variable with a name, and note a name that differs from it only in the prefix."""
        variable = self.names.get(name)
        if variable is not None and name not in self.generated:
            self.renamed.add(name, variable.name, where)
        return variable

    def ours(self, name: str) -> bool:
        """Say whether a name has the appliance's prefix, and is not known to belong to another appliance."""
        begins = (*self.appliance.prefixes, *(f"{ONEAPP}{prefix}" for prefix in self.appliance.prefixes))
        return name.startswith(begins) and name.removeprefix(ONEAPP) not in self.foreign

    def whole(self) -> Position:
        return self.source.at(0)

    def section(self, section: Section) -> Iterator[Drift]:
        yield from self.inputs(section.inputs)
        if section.inputs:
            yield from self.unused(self.declared(section.inputs), section.position, "asks nobody for")
        if section.context is not None:
            yield from self.context(section.context, section)
        yield from self.order(self.asked(section))

    def service(self, service: Service) -> Iterator[Drift]:
        inputs = [*service.inputs, *(each for role in service.roles for each in role.inputs)]
        yield from self.inputs(inputs)
        where = inputs[0].name_position if inputs else self.whole()
        yield from self.unused(self.declared(inputs), where, "asks nobody for")
        for level in (service.inputs, *(role.inputs for role in service.roles)):
            yield from self.order([(each.key, each.name_position) for each in level])

    def declared(self, inputs: Iterable[Input]) -> set[Variable[Any]]:
        """Return the variables that the inputs ask for, with those that are hidden from all inputs."""
        hidden = {variable for variable in self.appliance.variables if variable.hidden}
        return hidden | {self.names[each.key] for each in inputs if each.key in self.names}

    def inputs(self, inputs: Iterable[Input]) -> Iterator[Drift]:
        for each in inputs:
            variable = self.known(each.key, each.name_position)
            if variable is not None:
                yield from self.definition(each, variable)
            elif each.key not in CAPACITY and each.key.removeprefix(ONEAPP) not in self.appliance.other_roles:
                yield self.undeclared(each.key, each.name_position)

    def definition(self, each: Input, variable: Variable[Any]) -> Iterator[Drift]:
        """Compare the parts of a definition, ignoring blanks around them."""
        found = [part.text.strip(RUBY_BLANKS) for part in each.definition.parts]
        wanted = [part.strip() for part in definition(variable).split("|")]
        source = each.definition.source
        found += [""] * len(wanted)
        for number, (name, text, right) in enumerate(zip(_PARTS, found, wanted, strict=False)):
            if text == right:
                continue
            there = number < len(each.definition.parts)
            where = source.span(each.definition.parts[number].span) if there else each.name_position
            code = codes.DRIFT_DEFAULT if name == "default" else codes.DRIFT_DEFINITION
            yield self.differs(code, each.key, name, text, right, variable, where)

    def differs(  # noqa: PLR0913, PLR0917 - everything that a message names
        self, code: Code, key: str, what: str, text: str, right: str, variable: Variable[Any], where: Position
    ) -> Drift:
        shown_text = shown(text, secret=variable.secret and what == "default") or "empty"
        message = f"{key}: the {what} is {shown_text}, and {right or 'an empty one'} is declared"
        repair = f"write {right}" if right else f"leave the {what} empty"
        severity = Severity.WARNING if what == "description" else None
        together = "{n} with another description than the declared one" if what == "description" else ""
        return Drift(
            code.at(
                message, variable=variable.name, position=where, value=shown_text, repair=repair, severity=severity
            ),
            together,
        )

    def undeclared(self, name: str, where: Position) -> Drift:
        message = f"{name} is used here, and {self.appliance.name} does not declare it{self.near(name)}"
        together = f"{{n}} used here that {self.appliance.name} does not declare"
        return Drift(codes.DRIFT_UNDECLARED.at(message, variable=name, position=where), together)

    def unused(
        self, used: set[Variable[Any]], where: Position, what: str, severity: Severity | None = None
    ) -> Iterator[Drift]:
        for variable in self.appliance.variables:
            if variable not in used:
                message = f"{variable.name} is declared, and {self.source.name} {what} it"
                finding = codes.DRIFT_UNUSED.at(message, variable=variable.name, position=where, severity=severity)
                yield Drift(finding, f"{self.source.name} {what} {{n}} of {len(self.appliance.variables)}")

    def asked(self, section: Section) -> list[tuple[str, Position]]:
        """Return the names in the order in which users are asked for them."""
        if section.order is None:
            return [(each.key, each.name_position) for each in section.inputs]
        matches = re.finditer(r"[^,\s]+", section.order.text)
        return [(match.group().upper(), section.order.at(*match.span())) for match in matches]

    def order(self, asked: list[tuple[str, Position]]) -> Iterator[Drift]:
        """Yield a finding about the first name that precedes one that is declared before it."""
        places = {variable.name: number for number, variable in enumerate(self.appliance.variables)}
        known = [(name, variable, where) for name, where in asked if (variable := self.names.get(name))]
        for (before, earlier, _), (name, variable, where) in pairwise(known):
            if places[variable.name] < places[earlier.name]:
                message = f"{name} comes behind {before} here, and before it in the declaration"
                yield Drift(codes.DRIFT_ORDER.at(message, variable=variable.name, position=where))
                return

    def context(self, context: tuple[Entry, ...], section: Section) -> Iterator[Drift]:
        entries = {entry.key: entry for entry in context}
        inputs = {variable: each.key for each in section.inputs if (variable := self.names.get(each.key))}
        where = context[0].name_position if context else section.position
        for variable in self.appliance.variables:
            names = (*variable.names, f"{ONEAPP}{variable.name}")
            entry = next((entries[name] for name in names if name in entries), None)
            right = f"${inputs.get(variable) or variable.name}"
            if entry is None and variable.hidden:
                continue
            if entry is None:
                message = f"CONTEXT does not hand over {variable.name}"
                yield self.handed(variable, message, where, f'write {variable.name} = "{right}"', several=True)
                continue
            self.known(entry.key, entry.name_position)
            text = entry.value.text.strip()
            if text[:1] != "$":
                shown_value = shown(entry.value.text, secret=variable.secret)
                message = f"CONTEXT sets {variable.name} to {shown_value or 'nothing'} whatever the user enters"
                yield self.handed(variable, message, entry.position, f'write "{right}"')
            elif self.names.get(text[1:].upper()) is not variable:
                message = f"CONTEXT hands over {shown(entry.value.text)} as {variable.name}"
                yield self.handed(variable, message, entry.position, f'write "{right}"')
        yield from self.infrastructure(entries, where)
        for key, entry in entries.items():
            if self.ours(key) and key not in self.names:
                yield self.undeclared(key, entry.name_position)

    def handed(
        self, variable: Variable[Any], message: str, where: Position, repair: str, *, several: bool = False
    ) -> Drift:
        finding = codes.DRIFT_CONTEXT.at(message, variable=variable.name, position=where, repair=repair)
        return Drift(finding, "CONTEXT does not hand over {n}" if several else "")

    def infrastructure(self, entries: Mapping[str, Entry], where: Position) -> Iterator[Drift]:
        for wanted in self.appliance.infrastructure:
            entry = entries.get(wanted.name)
            if entry is None or entry.value.text.strip() != wanted.value:
                difference = "lacks" if entry is None else f"has {shown(entry.value.text)} for"
                message = f"CONTEXT {difference} {wanted.name}, and {wanted.value} is declared: it {wanted.why}"
                place = where if entry is None else entry.position
                repair = f'write {wanted.name} = "{wanted.value}"'
                yield Drift(codes.DRIFT_CONTEXT.at(message, variable=wanted.name, position=place, repair=repair))
