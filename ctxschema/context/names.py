"""Judging the names in a context: undeclared names, another machine's context, names asked for by another name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from attrs import define

from ctxschema.context.raw import RawContext
from ctxschema.core import codes
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.names import nearest
from ctxschema.core.source import Position, SourceText
from ctxschema.grammar.references import SEPARATOR
from ctxschema.model.appliance import Appliance
from ctxschema.model.input_names import input_names


@define(slots=False)
class Names:
    """Judges the names in a context against an appliance."""

    appliance: Appliance
    raw: RawContext

    def findings(self) -> Iterator[Finding]:
        """Yield the findings about names; they do not depend on the values."""
        yield from self.source_findings()
        yield from self.separator_findings()
        yield from self.unknown_findings()

    def is_ours(self, name: str) -> bool:
        """Say whether a name belongs to the appliance: it is declared or has one of its prefixes."""
        prefixes = self.appliance.prefixes
        known = name in self.appliance.by_name or name in self.appliance.by_alias
        return known or bool(prefixes and name.upper().startswith(prefixes))

    def source_findings(self) -> Iterator[Finding]:
        """Find a source that sets nothing of the appliance, or sets it under other names."""
        for name, variable in self.appliance.by_short_name.items():
            given = self.raw.values.get(name)
            if (
                name == variable.name
                or given is None
                or not given.text
                or any(each in self.raw.values for each in variable.names)
            ):
                continue
            message = f"{name} is the short name of {variable.name}, which the machine reads and which is not set"
            repair = f'write {variable.name} = "${name}" in CONTEXT'
            yield codes.SHORT_NAME.at(message, variable=variable.name, position=given.position, repair=repair)
        if not any(self.is_ours(name) or name in self.asked_names for name in self.raw.values):
            yield from self.foreign_findings()

    def foreign_findings(self) -> Iterator[Finding]:
        """Find a context that sets nothing of the appliance: it is another machine's, or lost on the way."""
        if self.raw.format == "environment":
            message = f"the environment sets no variable of {self.appliance.name}"
            where = Position(SourceText("", name="environment"))
            yield codes.CONTEXT_EMPTY.at(message, position=where, repair="name a context file with --context")
        elif self.raw.values and self.raw.format != "mapping":  # a program that passes a mapping knows what it passes
            count = len(self.raw.values)
            none = "the only name here is no" if count == 1 else f"none of the {count} names here is a"
            message = f"{none} variable of {self.appliance.name}"
            yield codes.CONTEXT_EMPTY.at(message, position=next(iter(self.raw.values.values())).position)

    @cached_property
    def asked_names(self) -> set[str]:
        """The other names under which a user may have been asked for a variable."""
        return {*input_names(self.appliance), *self.appliance.by_short_name}

    def separator_findings(self) -> Iterator[Finding]:
        """Find values that contain the separator of CONTEXT, at which the server cuts them off."""
        for name, given in self.raw.values.items():
            if given.text and SEPARATOR in given.text and self.is_ours(name):
                message = f"{name} holds {SEPARATOR}, at which the server ends the value and begins another variable"
                severity, where = Severity.WARNING, given.position
                yield codes.CONTEXT_SEPARATOR.at(message, variable=name, severity=severity, position=where)

    def unknown_findings(self) -> Iterator[Finding]:
        known = {*self.appliance.by_name, *self.appliance.by_alias, *input_names(self.appliance)}
        for name, given in self.raw.values.items():
            if name in known or not self.is_ours(name):
                continue
            role = self.appliance.other_roles.get(name)
            candidate = nearest(name, self.appliance.by_name)
            if role is not None:
                message = f"{self.appliance.name} does not read {name}, which belongs to the {role}"
                repair = "leave it where it is set for the whole service; remove it elsewhere"
            elif candidate is not None:
                message = f"{self.appliance.name} declares no {name}; the nearest name is {candidate}"
                repair = f"write {candidate}"
            else:
                message = f"{self.appliance.name} declares no {name}, nor a similar name"
                repair = codes.UNKNOWN_VARIABLE.repair
            # The value is not shown: it may be a secret under a misspelt name.
            yield codes.UNKNOWN_VARIABLE.at(
                message,
                variable=name,
                position=given.position,
                repair=repair,
                rule=codes.UNKNOWN_VARIABLE.name,
            )
