"""Importing VM templates, marketplace entries and services; what a declaration cannot express goes into ``extra``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ctxschema.core import codes
from ctxschema.core.outside import whole_number
from ctxschema.core.secret import quoted
from ctxschema.core.source import Position, SourceText
from ctxschema.grammar.data import Mapping, Node, Scalar, Sequence
from ctxschema.grammar.json_document import parse_json
from ctxschema.grammar.parser import parse_user_input
from ctxschema.lint.checks.order import inputs_meant
from ctxschema.lint.importer_draft import Draft, in_clear
from ctxschema.lint.importer_input import Guess, of_definition
from ctxschema.lint.importer_tree import attributes, place, plain, scalar_place, template_tree, texts
from ctxschema.lint.mended import mended
from ctxschema.model.appliance import Machine
from ctxschema.model.input_names import GROUPED
from ctxschema.model.texts import LABEL_HAZARDS, hazards

KEY = "opennebula_template"
_SIZES = {"CPU": "cpu", "VCPU": "vcpu", "MEMORY": "memory"}
_OWN = {"USER_INPUTS", "USER_INPUT", "INPUTS_ORDER", "USER_INPUTS_METADATA", "CONTEXT", *_SIZES}
_INPUTS = {"user_inputs", "custom_attrs", "user_input"}
_VALUES = {"user_inputs_values", "custom_attrs_values"}
_OF_SERVICE = {*_INPUTS, *_VALUES, "roles", "user_inputs_metadata", "name", "description"}
_RENAMED = {"vm_template_contents": "template_contents", "vm_template": "template_id"}
_SYNTAX = {each.id for each in (codes.SYNTAX, codes.DROPPED, codes.GLUED_QUOTE)}
_REFERENCE = re.compile(r"\$\{?([A-Za-z_]\w*)\}?\Z")
_TAB = {"TYPE": "type", "NAME": "name", "TITLE": "title", "DESCRIPTION": "description"}


def import_entry(draft: Draft, root: Mapping) -> None:
    """Read a marketplace entry with its template."""
    extra = draft.extra.setdefault("entry", {})
    for key, node in root.pairs:
        if key.text.lower() != KEY:
            extra[key.text] = plain(node)
    for name in ("name", "short_description"):
        value, node_of = extra.get(name), root.get(name)
        if not isinstance(value, str) or node_of is None:
            continue
        fit = draft.text(name, value, place(node_of))
        if fit == value:
            del extra[name]  # the declaration has a field for it
        if name == "name":
            draft.title = fit
        else:
            draft.summary = fit
    template = root.get(KEY)
    if template is not None:
        import_template(draft, template)


def import_template(draft: Draft, node: Node) -> None:
    """Read the template of an entry or a template by itself: a mapping, JSON in a text, or template text."""
    if isinstance(node, Scalar):
        if node.text.lstrip().startswith("{"):
            inner, findings = parse_json(node.source)
            draft.findings += findings
            if isinstance(inner, Mapping):
                import_template(draft, inner)
            return
        import_vm(draft, _template(draft, node.source))
    elif isinstance(node, Mapping):
        if any(node.get(name) is not None for name in ("roles", "custom_attrs")):
            import_service(draft, node)
        else:
            import_vm(draft, node)


def import_vm(draft: Draft, node: Mapping) -> None:
    """Read a VM template."""
    found = attributes(node)
    draft.asked = True
    extra = draft.extra.setdefault("template", {})
    order = found.get("INPUTS_ORDER")
    _inputs(draft, node, order if isinstance(order, str) else "")
    for name, field in (("NAME", "title"), ("DESCRIPTION", "summary")):
        value = found.pop(name, None)
        if not isinstance(value, str):
            if value is not None:
                draft.note(
                    codes.IMPORT_LEFT_OUT, f"{name} is not a single text, and is left out", _place(node, name.lower())
                )
            continue
        fit = draft.text(name, value, _place(node, name.lower()))
        if not getattr(draft, field):
            setattr(draft, field, fit)
        if draft.extra.get("entry") is not None or fit != value:
            extra[name] = value
    _machine(draft, node, found, extra)
    _tabs(draft, node, found, extra)
    _context(draft, node)
    extra |= {name: value for name, value in found.items() if name not in _OWN}


def _place(node: Mapping, name: str) -> Position | None:
    inner = node.get(name)
    return None if inner is None else place(inner)


def _inputs(draft: Draft, node: Mapping, order: str, scope: str = "", *, in_service: bool = False) -> None:
    """Read the inputs, in the order in which users are asked for them."""
    found: dict[str, list[Guess]] = {}
    for name, definition in _definitions(node):
        where = scalar_place(name)
        if not isinstance(definition, Scalar):
            draft.note(codes.IMPORT_LEFT_OUT, f"the input {quoted(name.text)} is no text, and is left out", where)
            continue
        parsed = parse_user_input(definition.source)
        guess = of_definition(name.text.upper(), parsed, where, in_service=in_service)
        if scope:
            guess.data["scope"] = scope
        found.setdefault(guess.name, []).append(guess)
    wanted = [each for each in (piece.strip().upper() for piece in order.split(",")) if each]
    meant = inputs_meant(wanted, found)
    for asked in wanted:
        where_ordered = _place(node, "inputs_order")
        if asked not in meant:
            message = f"INPUTS_ORDER names {quoted(asked)}, which is no input, and is left out"
            draft.note(codes.IMPORT_LEFT_OUT, message, where_ordered)
        elif meant[asked] != asked:
            message = f"INPUTS_ORDER names {quoted(asked)}, which is no input, and is taken for {meant[asked]}"
            draft.note(codes.IMPORT_GUESSED, message, where_ordered)
    for asked in dict.fromkeys((*meant.values(), *found)):
        for guess in found[asked]:
            draft.add(guess)


def _definitions(node: Mapping) -> Iterator[tuple[Scalar, Node]]:
    for key, value in node.pairs:
        if key.text.lower() not in _INPUTS:
            continue
        for each in value.items if isinstance(value, Sequence) else (value,):
            if isinstance(each, Mapping):
                yield from each.pairs


def _machine(draft: Draft, node: Mapping, found: dict[str, Any], extra: dict[str, Any]) -> None:
    size: dict[str, int] = {}
    for name, field in _SIZES.items():
        value = found.get(name)
        number = whole_number(value) if isinstance(value, str) else None
        if number is not None and number > 0 and str(number) == value:
            size[field] = number
        elif value is not None:
            extra[name] = value
    missing = [name for name in _SIZES if name not in found]
    if missing:
        defaults = " and ".join(f"{name} {getattr(Machine(), _SIZES[name])}" for name in missing)
        message = f"the template does not say {' and '.join(missing)}; it gets {defaults}"
        draft.note(codes.IMPORT_ADDED, message, place(node))
    if size:
        draft.parts["machine"] = size


def _tabs(draft: Draft, node: Mapping, found: dict[str, Any], extra: dict[str, Any]) -> None:
    metadata = found.get("USER_INPUTS_METADATA")
    entries = metadata if isinstance(metadata, list) else [metadata] if metadata else []
    tabs = []
    for entry in entries:
        known = isinstance(entry, dict) and {"TYPE", "NAME"} <= entry.keys() <= _TAB.keys()
        if (
            not known
            or not all(isinstance(each, str) for each in entry.values())
            or entry["TYPE"] not in {"APP", "GROUP"}
            or not entry["NAME"]
        ):
            extra["USER_INPUTS_METADATA"] = [each for each in entries if isinstance(each, dict)]
            return
        if any(any(hazards(text, LABEL_HAZARDS)) for text in entry.values()):
            where = _place(node, "user_inputs_metadata")
            entry = {name: draft.text(f"{name} of a tab", text, where) for name, text in entry.items()}  # noqa: PLW2901
        tabs.append({field: entry[name] for name, field in _TAB.items() if entry.get(name)})
    if tabs:
        draft.parts["tabs"] = tabs
    elif grouped := [name for name in draft.variables if GROUPED.match(name)]:
        message = f"the inputs have names of tabs, such as {grouped[0]}, and no titles for them; they get some"
        draft.note(codes.IMPORT_ADDED, message, draft.places[grouped[0]])


def _context(draft: Draft, node: Mapping) -> None:
    contexts = [value for key, value in node.pairs if key.text.upper() == "CONTEXT" and isinstance(value, Mapping)]
    handed = {
        of
        for context in contexts
        for key, item in context.pairs
        if (of := _handed(draft, key, item)) in draft.variables
    }
    for name in draft.variables:
        if name not in handed:
            message = f"CONTEXT does not hand {name} over, so that no machine would be told it; it does now"
            draft.note(codes.IMPORT_ADDED, message, draft.places[name], name)


def _handed(draft: Draft, key: Scalar, node: Node) -> str:
    """Read an entry of CONTEXT; return the input that it refers to, or an empty text."""
    text, name = texts(node), key.text.upper()
    if not isinstance(text, str):
        if text is not None:
            message = f"CONTEXT sets {quoted(name)} to what is no text, and is left out"
            draft.note(codes.IMPORT_LEFT_OUT, message, place(key))
        return ""
    reference = _REFERENCE.match(text)
    of = reference[1].upper() if reference else ""
    where = scalar_place(key)
    if name in draft.variables:
        if of != name:
            message = f"CONTEXT sets {name} to {quoted(text)}, and there is an input {name}, which it hands over now"
            draft.note(codes.IMPORT_GUESSED, message, where, name)
        return name
    if of in draft.variables:
        text = f"${of}"
        draft.note(codes.IMPORT_GUESSED, f"CONTEXT hands {of} over as {name}; the machine reads that", where, of)
    draft.entry(key.text, text, place(node))
    return of


# ---- services ----


def import_service(draft: Draft, node: Mapping) -> None:
    """Read a service with all its roles."""
    draft.asked = True
    extra = draft.extra.setdefault("service", {})
    roles = draft.extra.setdefault("roles", {})
    _inputs(draft, node, "", in_service=True)
    found = attributes(node)
    for word, field in (("name", "title"), ("description", "summary")):
        text = node.scalar(word)
        if text is None:
            continue
        if not getattr(draft, field):
            setattr(draft, field, draft.text(word, text.text, place(text)))
        if getattr(draft, field) != text.text:
            extra[word] = text.text
    for key, value in node.pairs:
        if key.text.lower() not in _OF_SERVICE:
            extra[key.text] = plain(value)
    _tabs(draft, node, found, extra)
    if "USER_INPUTS_METADATA" in extra:
        metadata = extra.pop("USER_INPUTS_METADATA")
        extra["user_inputs_metadata"] = [{name.lower(): text for name, text in each.items()} for each in metadata]
    for item in _listed(node.get("roles")):
        name, role = _role(draft, item)
        roles[name] = role
    if not roles:
        draft.note(codes.IMPORT_LEFT_OUT, "the service has no roles", place(node))
    draft.parts["roles"] = [*roles]


def _listed(node: Node | None) -> list[Mapping]:
    return [item for item in node.items if isinstance(item, Mapping)] if isinstance(node, Sequence) else []


def _role(draft: Draft, node: Mapping) -> tuple[str, dict[str, Any]]:
    named = node.scalar("name")
    name = named.text if named is not None else "role"
    role: dict[str, Any] = {}
    for key, value in node.pairs:
        word = _RENAMED.get(key.text.lower(), key.text)
        if word.lower() == "name" or word.lower() in {*_INPUTS, *_VALUES}:
            continue
        role[word] = _contents(draft, value) if word.lower() == "template_contents" else plain(value)
    role.setdefault("template_contents", {})
    _inputs(draft, node, "", name, in_service=True)
    return name, role


def _contents(draft: Draft, node: Node) -> dict[str, Any]:
    """Return what a role adds to its template; up to OpenNebula 6.10 that is a template text."""
    if isinstance(node, Scalar) and node.text.strip():
        node = _template(draft, node.source)
    found = attributes(node) if isinstance(node, Mapping) else {}
    context = found.get("CONTEXT")
    for part in (found, context if isinstance(context, dict) else {}):
        for name in [name for name, value in part.items() if isinstance(value, str) and in_clear(name, value)]:
            message = f"a role sets {quoted(name)}, a secret by its name, which is left out"
            draft.note(codes.IMPORT_SECRET, message, place(node))
            del part[name]
    return found


def _template(draft: Draft, source: SourceText) -> Mapping:
    template, findings = mended(source)
    # Findings about definitions are added where definitions become variables.
    draft.findings += [each for each in findings if each.code in _SYNTAX]
    return template_tree(template)
