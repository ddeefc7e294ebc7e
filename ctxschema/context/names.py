"""Names in a context: undeclared ones, another machine's, and those that the machine reads under another name."""

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
    """The names in a context, judged against an appliance."""

    appliance: Appliance
    raw: RawContext

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with the names, whatever their values are."""
        yield from self.source_findings()
        yield from self.separator_findings()
        yield from self.unknown_findings()

    def is_ours(self, name: str) -> bool:
        """Say whether a name is one of the appliance, or begins as its own do."""
        prefixes = self.appliance.prefixes
        known = name in self.appliance.by_name or name in self.appliance.by_alias
        return known or bool(prefixes and name.upper().startswith(prefixes))

    def source_findings(self) -> Iterator[Finding]:
        """Find a source that says nothing of the appliance, or says it under other names."""
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
        """Find a context that sets nothing of the appliance: another machine's, or one that got lost on the way."""
        if self.raw.format == "environment":
            message = f"the environment sets no variable of {self.appliance.name}"
            where = Position(SourceText("", name="environment"))
            yield codes.CONTEXT_EMPTY.at(message, position=where, repair="name a context file with --context")
        elif self.raw.values and self.raw.format != "mapping":  # a program knows whose values it hands over
            count = len(self.raw.values)
            none = "the only name here is no" if count == 1 else f"none of the {count} names here is a"
            message = f"{none} variable of {self.appliance.name}"
            yield codes.CONTEXT_EMPTY.at(message, position=next(iter(self.raw.values.values())).position)

    @cached_property
    def asked_names(self) -> set[str]:
        """The other names under which a user may have been asked."""
        return {*input_names(self.appliance), *self.appliance.by_short_name}

    def separator_findings(self) -> Iterator[Finding]:
        """Find values that no server hands over whole: it takes CONTEXT apart at its separator."""
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
            farther = candidate or nearest(name, self.appliance.by_name, likeness=0.0)
            if role is not None:
                message = f"{self.appliance.name} does not read {name}, which belongs to the {role}"
                repair = "leave it where it is set for the whole service; remove it elsewhere"
            elif candidate is not None:
                message = f"{self.appliance.name} declares no {name}; the nearest name is {candidate}"
                repair = f"write {candidate}"
            else:
                message = f"{self.appliance.name} declares no {name}; the nearest name is {farther}"
                repair = codes.UNKNOWN_VARIABLE.repair
            # Its value is not shown: under the wrong name may stand a secret.
            yield codes.UNKNOWN_VARIABLE.at(
                message,
                variable=name,
                position=given.position,
                repair=repair,
                rule=codes.UNKNOWN_VARIABLE.name,
            )
