"""Rules across variables, and the appliance that holds everything together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from attrs import field, frozen

from ctxschema.core import codes
from ctxschema.core.errors import DeclarationError, UnknownNameError
from ctxschema.core.finding import Severity
from ctxschema.core.names import suggestion
from ctxschema.model.conditions import Condition
from ctxschema.model.step import Runner, Step
from ctxschema.model.texts import DEFAULT_HAZARDS, LABEL_HAZARDS, OPTION_HAZARDS, context_hazards, hazards
from ctxschema.model.variable import Variable

_NAME = re.compile(r"[A-Z_][A-Z0-9_]*\Z")
_UNFIT = re.compile(r"\A(?:[.-]|\Z)|/")


@frozen
class Rule:
    """Something that must be true of several variables together.

    Args:
        id: The name of the rule.
        severity: How bad it is to break it; an error stops the boot.
        about: The variable that a finding names first.
        message: What is wrong when it is broken.
        repair: What to do about it.
        when: When the rule applies; always if None.
        must: What has to hold then; if None, that ``when`` holds is the fault.
    """

    id: str
    severity: Severity
    about: Variable[Any]
    message: str
    repair: str
    when: Condition | None = None
    must: Condition | None = None

    @property
    def variables(self) -> tuple[Variable[Any], ...]:
        """Every variable that the rule mentions, ``about`` first."""
        conditions = [condition for condition in (self.when, self.must) if condition is not None]
        mentioned = [variable for condition in conditions for variable in condition.variables]
        return tuple(dict.fromkeys([self.about, *mentioned]))


@frozen
class Infrastructure:
    """A CONTEXT entry that the template's author sets and no user is asked for."""

    name: str
    value: str
    why: str


@frozen
class Machine:
    """The size of a virtual machine.

    Args:
        cpu: The share of the host's CPUs, where 1 is one of them.
        vcpu: How many CPUs the machine sees.
        memory: Its memory in MiB.
    """

    cpu: int = 1
    vcpu: int = 1
    memory: int = 1024


@frozen(eq=False)
class Appliance:
    """An appliance: its variables and what must be true of them.

    It checks itself when it is built.

    Args:
        name: What it is called on the command line.
        title: What it is called in documents.
        summary: What it is, in one sentence.
        variables: In the order in which users are asked.
        rules: What must be true across them.
        infrastructure: The CONTEXT entries beside them.
        prefixes: How the names that belong to it begin; an undeclared name with one is a finding.
        roles: The roles of a service, each deployed when those before it are ready; the appliance is one role if
            it is empty.
        other_roles: Names of variables that belong to another role of the same service, with that role.
        steps: How a machine of it boots, in order.
        group_titles: What a group is called in forms and documents; the group itself where it is not named here.
        machine: The size of the virtual machine that a template starts with.

    Raises:
        DeclarationError: The declaration contradicts itself; the message lists every fault.
    """

    name: str
    title: str
    summary: str
    variables: tuple[Variable[Any], ...]
    rules: tuple[Rule, ...] = ()
    infrastructure: tuple[Infrastructure, ...] = ()
    prefixes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    other_roles: Mapping[str, str] = field(factory=dict)
    steps: tuple[Step, ...] = ()
    group_titles: Mapping[str, str] = field(factory=dict)
    machine: Machine = field(factory=Machine)

    def __attrs_post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise DeclarationError(f"appliance {self.name}:\n" + "\n".join(f"  {fault}" for fault in faults))

    @cached_property
    def by_name(self) -> dict[str, Variable[Any]]:
        """The variables by name."""
        return {variable.name: variable for variable in self.variables}

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups in the order in which they first come up."""
        return tuple(dict.fromkeys(variable.group for variable in self.variables))

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """The ids of all rules: the declared ones, and the two that hold for every appliance."""
        return (*(rule.id for rule in self.rules), codes.INEFFECTIVE.name, codes.UNKNOWN_VARIABLE.name)

    def group_title(self, group: str) -> str:
        """Return what a group is called in forms and documents."""
        return self.group_titles.get(group, group)

    @cached_property
    def by_short_name(self) -> dict[str, Variable[Any]]:
        """The variables by the short name that users may be asked for."""
        return {variable.short_name: variable for variable in self.variables}

    @property
    def numbered_steps(self) -> tuple[tuple[int, Step], ...]:
        """The steps of the boot with their numbers, which are their places, from 1."""
        return tuple(enumerate(self.steps, start=1))

    def step_number(self, step_id: str) -> int:
        """Return the number of a step.

        Raises:
            UnknownNameError: There is no such step; the message names those there are.
        """
        for number, step in self.numbered_steps:
            if step.id == step_id:
                return number
        told = ", ".join(step.id for step in self.steps) or "none"
        raise UnknownNameError(f"{self.name} has no step {step_id}; its steps are {told}")

    def __repr__(self) -> str:
        return f"Appliance({self.name})"

    def variable(self, name: str) -> Variable[Any]:
        """Return the variable of a name, or of a short name, in any case.

        Raises:
            UnknownNameError: There is none; the message offers the nearest.
        """
        folded = name.upper()
        found = self.by_name.get(folded) or self.by_short_name.get(folded)
        if found is not None:
            return found
        role = self.other_roles.get(folded)
        hint = f"; it belongs to the {role}" if role else suggestion(name, self.by_name)
        raise UnknownNameError(f"{self.name} has no variable {name}{hint}")

    def group(self, name: str) -> tuple[Variable[Any], ...]:
        """Return the variables of a group, named in any case.

        Raises:
            UnknownNameError: There is no such group; the message names those there are.
        """
        found = tuple(variable for variable in self.variables if variable.group == name.lower())
        if not found:
            raise UnknownNameError(f"{self.name} has no group {name}; it has {', '.join(self.groups)}")
        return found


def name_problem(name: str) -> str | None:
    """Return why a text cannot be the name of an appliance, which files and folders are named after, or None."""
    if _UNFIT.search(name) or not name.isprintable():
        return "the name cannot be that of a file; write letters, digits and hyphens"
    return None


def _faults(appliance: Appliance) -> Iterator[str]:
    if problem := name_problem(appliance.name):
        yield problem
    names = [variable.name for variable in appliance.variables]
    yield from (f"{name} is declared twice" for name in _repeated(names))
    shorts = [variable.short_name for variable in appliance.variables]
    yield from (f"two variables have the short name {name}" for name in _repeated(shorts))
    others = [entry.name for entry in appliance.infrastructure]
    yield from _told_faults(appliance)
    yield from (f"{name} is both a variable and infrastructure" for name in sorted({*names, *shorts} & {*others}))
    for variable in appliance.variables:
        if appliance.roles and variable.default is None and not variable.mandatory:
            yield f"{variable.name}: an optional variable of a service needs a default, for no server applies one"
        if variable.deprecated is not None and variable.deprecated.instead not in {"", *names} - {variable.name}:
            yield f"{variable.name}: {variable.deprecated.instead} is to replace it and is not declared"
        for fault in _variable_faults(variable):
            yield f"{variable.name}: {fault}"
        if variable.effective is not None:
            yield from _undeclared(f"{variable.name}: its effect", variable.effective.variables, appliance)
    yield from (f"rule {name} is declared twice" for name in _repeated(rule.id for rule in appliance.rules))
    for rule in appliance.rules:
        yield from _undeclared(f"rule {rule.id}", rule.variables, appliance)
        if rule.when is None and rule.must is None:
            yield f"rule {rule.id} says nothing"
    yield from (f"step {name} is declared twice" for name in _repeated(step.id for step in appliance.steps))
    for step in appliance.steps:
        yield from (f"step {step.id}: {fault}" for fault in _step_faults(step))


def _step_faults(step: Step) -> Iterator[str]:
    if step.severity is Severity.INFO:
        yield "it stops the boot when it fails, or is a warning; info says neither"
    if step.seconds is not None and step.seconds <= 0:
        yield "it has no time at all"
    if step.seconds is None and step.runner is Runner.IMAGE:
        yield "what the image does has a deadline, for the agent waits for nothing there"
    if not step.actions:
        yield "it does nothing"


def _told_faults(appliance: Appliance) -> Iterator[str]:
    """Yield what is wrong with the texts that belong to no variable."""
    titles = {"title": appliance.title, "summary": appliance.summary}
    titles |= {f"title of the group {group}": title for group, title in appliance.group_titles.items()}
    for where, text in titles.items():
        for words, repair in hazards(text, LABEL_HAZARDS):
            yield f"the {where} has {words}, which some consumer cannot carry; {repair}"
    for entry in appliance.infrastructure:
        if not _NAME.match(entry.name) or entry.name.startswith("XML"):
            yield f"{entry.name} is no name for CONTEXT; write upper-case letters, digits and _"
        for words, repair in context_hazards(entry.value):
            yield f"{entry.name}: the value has {words}, which some consumer cannot carry; {repair}"


def _variable_faults(variable: Variable[Any]) -> Iterator[str]:
    yield from _text_faults(variable)
    if variable.kind.name.startswith("list") != bool(variable.options):
        yield "a list has options, and nothing else has"
    for option in variable.options:
        if not option:
            yield "an option is empty"
        for words, repair in hazards(option, OPTION_HAZARDS):
            yield f"option {option!r} has {words}, which some consumer cannot carry; {repair}"
    yield from (f"option {option} is declared twice" for option in _repeated(variable.options))
    yield from _default_faults(variable)


def _text_faults(variable: Variable[Any]) -> Iterator[str]:
    for name in dict.fromkeys((variable.name, variable.short_name)):
        if not _NAME.match(name) or name.startswith("XML"):
            yield f"{name} is no name that every consumer keeps; write upper-case letters, digits and _"
    for words, repair in hazards(variable.question, LABEL_HAZARDS):
        yield f"the label has {words}, which some consumer cannot carry; {repair}"
    if not variable.label:
        yield "the label is empty"
    for words, repair in hazards("" if variable.secret else variable.default_text, DEFAULT_HAZARDS):
        yield f"the default has {words}, which some consumer cannot carry; {repair}"


def _default_faults(variable: Variable[Any]) -> Iterator[str]:
    if variable.default is None:
        return
    if variable.secret and variable.default_text:
        yield "a secret cannot have a default in clear"
    elif variable.default_text:
        if problem := _default_problem(variable):
            yield f"the default {variable.default_text} {problem}"
    elif variable.options:
        yield "a list needs a default among its options"


def _default_problem(variable: Variable[Any]) -> str | None:
    try:
        value = variable.kind.parse(variable.default_text)
    except ValueError as error:
        return str(error)
    return variable.problem(value)


def _undeclared(where: str, mentioned: Iterable[Variable[Any]], appliance: Appliance) -> Iterator[str]:
    for variable in mentioned:
        if appliance.by_name.get(variable.name) is not variable:
            yield f"{where} mentions {variable.name}, which is not declared"


def _repeated(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return sorted({name for name in names if name in seen or seen.add(name)})  # type: ignore[func-returns-value]
