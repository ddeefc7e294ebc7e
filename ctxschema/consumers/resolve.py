"""Replacing the references in CONTEXT as the server does.

Source: docs/facts/opennebula.md, section 5.2, and context-probes.json, with which the tests compare.
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
        name: The name of the input as the server stores it.
        context: The entries of CONTEXT by name, as written.
    """
    found = (entry for entry, text in context.items() if any(each.name == name for each in references(text)))
    return next((entry.upper() for entry in found), None)


@frozen
class Resolved:
    """CONTEXT with its references replaced.

    Attributes:
        entries: The resulting entries; None for what only a server can resolve.
        meant: What each entry of the template would be by itself.
        extra: The entries that are not in the template, but were made by values.
        faulty: Whether a reference makes the instantiation fail.
    """

    entries: Mapping[str, str | None]
    meant: Mapping[str, str]
    extra: Mapping[str, str]
    faulty: bool = False


def resolve(context: Mapping[str, str], stored: Mapping[str, str], inputs: AbstractSet[str]) -> Resolved:
    """Resolve CONTEXT as the server does: it joins all entries to one text and splits it again at its separator.

    Args:
        context: The entries by name, as written.
        stored: The stored answers by name.
        inputs: The names of all inputs; an input without a stored answer is empty.
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
    """Return what the server makes of resolved entries, joined in the order of their names and split again.

    Of two entries with the same name the first counts; a piece without an equals sign is lost.
    """
    found: dict[str, str] = {}
    for piece in SEPARATOR.join(f"{name}={texts[name]}" for name in sorted(texts)).split(SEPARATOR):
        name, equal, value = piece.partition("=")
        if equal:
            found.setdefault(name, value)
    return found


def _resolved(text: str, stored: Mapping[str, str], inputs: AbstractSet[str]) -> str | None:
    """Return an entry with its references replaced, or None if only a server can do that.

    Raises:
        ValueError: A reference makes the instantiation fail.
    """
    pieces, at, unknown = [], 0, False
    for reference in references(text):
        if reference.fault is Fault.SUPPRESSED:
            continue
        if reference.fault not in {None, Fault.LINE_END}:
            raise ValueError
        unknown = unknown or reference.attribute is not None or reference.name not in inputs
        pieces += [text[at : reference.span.start], stored.get(reference.name, "")]
        at = reference.span.end
        if reference.attribute is None and text.startswith("\n", at):
            at += 1  # the line end after a name is dropped, and a word after it is no longer text
            if re.match("[A-Za-z0-9_]", text[at:]):
                raise ValueError
    return None if unknown else "".join([*pieces, text[at:]])
