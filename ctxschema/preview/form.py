"""The form of Sunstone 7 for some inputs as plain data: widgets, order, tabs, metadata, and what ENABLED hides.

Source: docs/facts/opennebula.md, sections 1.2 and 4.1 to 4.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from ctxschema.consumers.javascript import Undefined, number_text
from ctxschema.consumers.sunstone_form import Form
from ctxschema.core.source import SourceText
from ctxschema.lint.checks.grouping import SWITCH, group_of
from ctxschema.lint.document import Document, Entry, Input, Role, Section, Service

CAPACITY = ("MEMORY", "CPU", "VCPU")
"""The inputs that Sunstone shows in the step about capacity."""
OTHERS = "others"
"""The tab of inputs whose names do not follow the convention."""


@frozen
class Part:
    """The inputs of one form.

    Attributes:
        title: The title of the form.
        inputs: The inputs in the order of the form.
        metadata: The entries of each vector of USER_INPUTS_METADATA, which give titles.
        context: The entries of CONTEXT; None if there is no CONTEXT.
        service: Whether a service is instantiated, rather than a VM.
        role: The role of the service that has the inputs; empty for those of the service itself.
    """

    title: str
    inputs: tuple[Input, ...]
    metadata: tuple[tuple[Entry, ...], ...] = ()
    context: tuple[Entry, ...] | None = None
    service: bool = False
    role: str = ""


def parts(document: Document) -> list[Part]:
    """Return the forms of a document."""
    found: list[Part] = []
    for part in document.parts:
        if isinstance(part, Section) and part.inputs:
            inputs = in_order(part.inputs, part.order)
            found.append(Part("Virtual machine", inputs, part.metadata, part.context))
        elif isinstance(part, Service):
            inputs = (*part.inputs, *part.networks)
            if inputs:
                keys = {f"${each.key}" for each in inputs}
                handed = {e.key: e for role in part.roles for e in _context_of(role) if e.value.text.upper() in keys}
                found.append(Part("Service", inputs, part.metadata, tuple(handed.values()), service=True))
            found += [
                Part(f"Role {role.name}", role.inputs, context=_context_of(role) or None, service=True, role=role.name)
                for role in part.roles
                if role.inputs
            ]
    return found


def _context_of(role: Role) -> tuple[Entry, ...]:
    """Return the entries that a role adds to the CONTEXT of its machines."""
    return tuple(content for content in role.contents if content.vector == "CONTEXT")


def in_order(inputs: Sequence[Input], order: SourceText | None) -> tuple[Input, ...]:
    """Return inputs in the order of the form; those that INPUTS_ORDER lacks come first, in alphabetical order.

    The names of the inputs are in upper case, as the server stores them; it does not change INPUTS_ORDER.
    """
    by_key = {each.key: each for each in reversed(inputs)}  # of inputs with the same name, the first counts
    words = [word.strip() for word in order.text.split(",")] if order is not None else []
    places = {word: place for place, word in reversed(list(enumerate(words)))}
    return tuple(sorted(by_key.values(), key=lambda each: (places.get(each.key, -1), each.key)))


@frozen
class _Titles:
    """The titles that metadata gives apps and groups; of two entries for the same one, the first counts."""

    found: Mapping[tuple[str, str], Mapping[str, str]] = field(factory=dict)

    def of(self, kind: str, name: str) -> tuple[str, str]:
        entry = self.found.get((kind, name), {})
        return entry.get("TITLE") or name, entry.get("DESCRIPTION") or ""


def _titles(metadata: Iterable[Sequence[Entry]]) -> _Titles:
    found: dict[tuple[str, str], Mapping[str, str]] = {}
    for vector in metadata:
        fields = {entry.key: entry.value.text.strip() for entry in vector}
        found.setdefault((fields.get("TYPE", "").upper(), fields.get("NAME", "").upper()), fields)
    return _Titles(found)


def layout(part: Part, variables: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the tabs of a form, with their groups and fields.

    If no name follows the convention, there is a single tab without a title.

    Args:
        part: The form.
        variables: The variable of CONTEXT that a field sets, by field name, if its name differs.
    """
    titles = _titles(part.metadata)
    tabs: dict[str, dict[str, list[dict[str, Any]]]] = {}
    capacity: list[dict[str, Any]] = []
    switches = _switches(part.inputs)
    for each in part.inputs:
        group = group_of(each.key)
        if each.key in CAPACITY and not part.service:
            capacity.append(field_data(each, None, variables.get(each.key)))
        elif group is None:
            tabs.setdefault(OTHERS, {}).setdefault("", []).append(field_data(each, None, variables.get(each.key)))
        else:
            switch = switches.get((group.app, group.group))
            depends = switch if switch is not None and group.first != SWITCH else None
            tabs.setdefault(group.app, {}).setdefault(group.group, []).append(
                field_data(each, depends, variables.get(each.key))
            )
    others = tabs.pop(OTHERS, None)
    shown = [_tab(*titles.of("APP", app), groups, titles) for app, groups in tabs.items()]
    if others is not None:
        shown.append(_tab("Others" if shown else "", "", others, titles))
    if capacity:
        shown.insert(0, {"title": "Capacity" if shown else "", "description": "", "groups": [_group("", "", capacity)]})
    return shown


def _switches(inputs: Iterable[Input]) -> dict[tuple[str, str], str]:
    """Return the input that switches each group on and off."""
    found = [(group, each.key) for each in inputs if (group := group_of(each.key)) is not None]
    return {(group.app, group.group): key for group, key in found if group.words == (SWITCH,)}


def _tab(title: str, description: str, groups: Mapping[str, list[dict[str, Any]]], titles: _Titles) -> dict[str, Any]:
    shown = [_group(*(titles.of("GROUP", name) if name else ("", "")), fields) for name, fields in groups.items()]
    return {"title": title, "description": description, "groups": shown}


def _group(title: str, description: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {"title": title, "description": description, "fields": fields}


def field_data(each: Input, depends: str | None, variable: str | None) -> dict[str, Any]:
    """Return a field as plain data: its control, its label, and its initial content."""
    form = Form(each.definition)
    read = form.read
    bounds = {"low": _number(read.min), "high": _number(read.max)} if form.widget == "slider" else {}
    return {
        "name": each.key,
        "variable": variable,
        "label": read.label if isinstance(read.label, str) and read.label else each.key,
        "control": _control(form),
        "mandatory": read.mandatory is True,
        "value": _text(form.default),
        "options": read.options if form.widget == "autocomplete" and isinstance(read.options, list) else [],
        "step": {"range-float": "0.1", "number-float": "any", "range": "1"}.get(str(read.type), "1"),
        "depends": depends,
        **bounds,
    }


def _control(form: Form) -> str:
    if form.widget == "autocomplete":
        return "multiple" if form.read.type == "list-multiple" else "choice"
    if form.widget != "text":
        return form.widget
    kind = form.read.type if isinstance(form.read.type, str) else ""
    return _CONTROLS.get(kind, "line")


_CONTROLS = {
    "number": "number",
    "number-float": "number",
    "text": "lines",
    "password": "password",
    "fixed": "fixed",
}


def _number(text: str | Undefined) -> str:
    return text.strip() if isinstance(text, str) else ""


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "YES" if value else "NO"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, list):
        return ",".join(value)
    return value if isinstance(value, str) else ""
