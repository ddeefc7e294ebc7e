"""CONTEXT with its references replaced, the way that the server replaces them.

Source: opennebula.md section 5.2, and context-probes.json, which the tests compare with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from attrs import frozen

from ctxschema.grammar.references import SEPARATOR, Fault, references


def entry_of(name: str, context: Mapping[str, str]) -> str | None:
    """Return the first entry of CONTEXT that refers to an input, or None.

    Args:
        name: The name of the input, as the server keeps it.
        context: The entries by name, as written.
    """
    found = (entry for entry, text in context.items() if any(each.name == name for each in references(text)))
    return next((entry.upper() for entry in found), None)


@frozen
class Resolved:
    """CONTEXT as the server resolves it.

    Attributes:
        entries: What it holds; None for what only a server can resolve.
        meant: What each entry of the template is resolved to by itself.
        extra: The entries that no template has.
        faulty: Whether a reference fails the instantiation.
    """

    entries: Mapping[str, str | None]
    meant: Mapping[str, str]
    extra: Mapping[str, str]
    faulty: bool = False


def resolve(context: Mapping[str, str], stored: Mapping[str, str], inputs: AbstractSet[str]) -> Resolved:
    """Resolve CONTEXT as the server does: all entries as one text, taken apart again at its separator.

    Args:
        context: The entries, as written.
        stored: What the server keeps, by name.
        inputs: The names that can be answered; what is not stored of them is empty.
    """
    written: dict[str, str] = {}
    for name, text in context.items():
        written.setdefault(name.upper(), text)
    texts: dict[str, str] = {}
    unknown: set[str] = set()
    for name in sorted(written):
        try:
            found = _resolved(written[name], stored, inputs)
        except ValueError:
            return Resolved({}, {}, {}, faulty=True)
        texts[name] = found or ""
        if found is None:
            unknown.add(name)
    entries = {name: None if name in unknown else value for name, value in taken_apart(texts).items()}
    extra = {name: value for name, value in entries.items() if name not in written and value is not None}
    return Resolved(entries, texts, extra)


def taken_apart(texts: Mapping[str, str]) -> dict[str, str]:
    """Return what the server makes of resolved entries: joined in the order of their names, and split again.

    Of two entries of one name the first counts; a piece without an equals sign is lost.
    """
    found: dict[str, str] = {}
    for piece in SEPARATOR.join(f"{name}={texts[name]}" for name in sorted(texts)).split(SEPARATOR):
        name, equal, value = piece.partition("=")
        if equal:
            found.setdefault(name, value)
    return found


def _resolved(text: str, stored: Mapping[str, str], inputs: AbstractSet[str]) -> str | None:
    """Return one entry with its references replaced, or None where only a server can.

    Raises:
        ValueError: A reference fails the instantiation.
    """
    pieces, at, unknown = [], 0, False
    for reference in references(text):
        if reference.fault is Fault.SUPPRESSED:
            continue
        if reference.fault not in {None, Fault.LINE_END}:
            raise ValueError(reference.text)
        unknown = unknown or reference.attribute is not None or reference.name not in inputs
        pieces += [text[at : reference.span.start], stored.get(reference.name, "")]
        at = reference.span.end
        if reference.attribute is None and text.startswith("\n", at):
            at += 1  # the line end behind a name is dropped, and a word behind that is no longer text
            if re.match("[A-Za-z0-9_]", text[at:]):
                raise ValueError(reference.text)
    return None if unknown else "".join([*pieces, text[at:]])
