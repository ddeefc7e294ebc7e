"""Checks of a declaration: everything in which an appliance can contradict itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ctxschema.core.finding import Severity
from ctxschema.model.boot_faults import boot_faults
from ctxschema.model.condition_parts import mentions_gpu
from ctxschema.model.kinds import Shape
from ctxschema.model.limit_faults import limit_faults
from ctxschema.model.step import Step, StepKind
from ctxschema.model.texts import DEFAULT_HAZARDS, LABEL_HAZARDS, OPTION_HAZARDS, context_hazards, hazards
from ctxschema.model.variable import Variable

if TYPE_CHECKING:
    from ctxschema.model.appliance import Appliance

_NAME = re.compile(r"[A-Z_][A-Z0-9_]*\Z")
EXTRA = ("template", "entry", "service", "roles", "metadata", "tests", "ruby")
"""The keys of `Appliance.extra`."""

_UNFIT = re.compile(r"\A(?:[.-]|\Z)|/")


def name_problem(name: str) -> str | None:
    """Return why a text cannot be an appliance's name, which also names files and folders; None if it can."""
    if _UNFIT.search(name) or not name.isprintable():
        return "the name cannot be that of a file; write letters, digits and hyphens"
    return None


def appliance_faults(appliance: Appliance) -> Iterator[str]:
    """Yield every contradiction in the declaration of an appliance, one sentence each."""
    if problem := name_problem(appliance.name):
        yield problem
    names = [variable.name for variable in appliance.variables]
    yield from (f"{name} is declared twice" for name in _repeated(names))
    shorts = [variable.short_name for variable in appliance.variables]
    yield from (f"two variables have the short name {name}" for name in _repeated(shorts))
    others = [entry.name for entry in appliance.infrastructure]
    aliases = [alias for variable in appliance.variables for alias in variable.aliases]
    yield from (f"two variables have the alias {name}" for name in _repeated(aliases))
    yield from (f"{name} is both a variable and an alias of one" for name in sorted({*names, *shorts} & {*aliases}))
    yield from (f"{name} is both infrastructure and an alias" for name in sorted({*others} & {*aliases}))
    yield from _appliance_text_faults(appliance)
    yield from _copied_faults(appliance)
    yield from (f"{name} is both a variable and infrastructure" for name in sorted({*names, *shorts} & {*others}))
    for variable in appliance.variables:
        unset = variable.default is None and not (variable.mandatory or variable.hidden or variable.made)
        if appliance.roles and unset:
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
    yield from _effect_faults(appliance)
    yield from boot_faults(appliance)


def _step_faults(step: Step) -> Iterator[str]:
    if step.severity is Severity.INFO:
        yield "it stops the boot when it fails, or is a warning; info says neither"
    if step.seconds is not None and step.seconds <= 0:
        yield "it has no time at all"
    if step.seconds is None and step.kind is StepKind.IMAGE:
        yield "what the image does has a deadline, for the agent waits for nothing there"
    if not step.actions:
        yield "it does nothing"


def _appliance_text_faults(appliance: Appliance) -> Iterator[str]:
    """Yield what is wrong with titles, machine size and infrastructure: all that belongs to no variable."""
    titles = {"title": appliance.title, "summary": appliance.summary}
    titles |= {f"title of the group {group}": title for group, title in appliance.group_titles.items()}
    for where, text in titles.items():
        for words, repair in hazards(text, LABEL_HAZARDS):
            yield f"the {where} has {words}, which some consumer cannot carry; {repair}"
    size = (appliance.machine.cpu, appliance.machine.vcpu, appliance.machine.memory)
    if min(size) <= 0:
        yield "the machine has no CPU or no memory; write numbers above 0"
    for entry in appliance.infrastructure:
        if not _NAME.match(entry.name) or entry.name.startswith("XML"):
            yield f"{entry.name} is no name for CONTEXT; write upper-case letters, digits and _"
        for words, repair in context_hazards(entry.value):
            yield f"{entry.name}: the value has {words}, which some consumer cannot carry; {repair}"


def _copied_faults(appliance: Appliance) -> Iterator[str]:
    """Yield what is wrong with tabs and with ``extra``, which are copied into outputs."""
    for tab in appliance.tabs:
        for where, text in (("name", tab.name), ("title", tab.title), ("description", tab.description)):
            for words, repair in hazards(text, LABEL_HAZARDS):
                yield f"the {where} of the tab {tab.name} has {words}, which some consumer cannot carry; {repair}"
    yield from (f"extra has {name}; it takes {', '.join(EXTRA)}" for name in appliance.extra if name not in EXTRA)
    for name, value in appliance.extra.items():
        if not isinstance(value, Mapping):
            yield f"extra: {name} is no mapping"


def _variable_faults(variable: Variable[Any]) -> Iterator[str]:
    yield from _text_faults(variable)
    if variable.kind.shape.has_options != bool(variable.options):
        yield "a list has options, and nothing else has"
    for option in variable.options:
        if not option:
            yield "an option is empty"
        for words, repair in hazards(option, OPTION_HAZARDS):
            yield f"option {option!r} has {words}, which some consumer cannot carry; {repair}"
    yield from (f"option {option} is declared twice" for option in _repeated(variable.options))
    if variable.ask_empty and (variable.mandatory or variable.kind.shape is not Shape.TEXT):
        yield "forms are to ask for it empty, which only a text that nobody has to give can be"
    wrong = list(limit_faults(variable))
    yield from wrong
    yield from _default_faults(variable, judged=not wrong)


def _text_faults(variable: Variable[Any]) -> Iterator[str]:
    for name in dict.fromkeys((variable.name, variable.short_name, *variable.aliases)):
        if not _NAME.match(name) or name.startswith("XML"):
            yield f"{name} is no name that every consumer keeps; write upper-case letters, digits and _"
    for words, repair in hazards(variable.question, LABEL_HAZARDS):
        yield f"the label has {words}, which some consumer cannot carry; {repair}"
    if variable.hidden and variable.mandatory:
        yield "it is mandatory and hidden, so that nobody can give it"
    if variable.made is not None and variable.default is not None:
        yield "the machine makes its value, so that it has no default"
    if not variable.label:
        yield "the label is empty"
    if not variable.secret:
        for words, repair in hazards(variable.default_text, DEFAULT_HAZARDS):
            yield f"the default has {words}, which some consumer cannot carry; {repair}"


def _default_faults(variable: Variable[Any], *, judged: bool) -> Iterator[str]:
    if variable.default is None:
        return
    if not _has_type_of_kind(variable):
        given, wanted = type(variable.default).__name__, _type_of(variable).__name__
        shown = "" if variable.secret else f"{variable.default!r} "
        yield f"the default {shown}is of the type {given}, and {variable.kind.name} takes {wanted}"
        return
    if variable.secret and variable.default_text:
        yield "a secret cannot have a default in clear"
    elif variable.default_text:
        if judged and (problem := _default_problem(variable)):
            yield f"the default {variable.default_text} {problem}"
    elif variable.options:
        yield "a list needs a default among its options"


def _type_of(variable: Variable[Any]) -> type[object]:
    """Return the Python type of the values of a variable."""
    return type(variable.kind.parse(variable.kind.example))


def _has_type_of_kind(variable: Variable[Any]) -> bool:
    wanted = _type_of(variable)
    return type(variable.default) is wanted or (wanted is float and type(variable.default) is int)


def _effect_faults(appliance: Appliance) -> Iterator[str]:
    """Yield each ``effective`` and rule that mentions a fact known only while the machine boots."""
    for variable in appliance.variables:
        if mentions_gpu(variable.effective):
            yield f"{variable.name}: its effect hangs on the decision about the GPU; name what asks for one instead"
    for rule in appliance.rules:
        if mentions_gpu(rule.when) or mentions_gpu(rule.must):
            yield f"rule {rule.id} hangs on the decision about the GPU; name what asks for one instead"


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
