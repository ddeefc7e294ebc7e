"""The files that a declaration includes, read as a part of it."""

from __future__ import annotations

import os

from ctxschema.core import codes
from ctxschema.core.errors import FileError
from ctxschema.core.files import read_text
from ctxschema.core.finding import Finding
from ctxschema.declaration.document import Plain, read_plain


def included(plain: Plain, outer: tuple[str, ...] = ()) -> list[Finding]:
    """Add the content of the files under ``include`` to a document; return findings about them."""
    if not isinstance(plain.data, dict) or not isinstance(plain.data.get("include"), list):
        return []
    findings: list[Finding] = []
    own = os.path.realpath(plain.source.name)
    for index, name in enumerate(plain.data["include"]):
        if not isinstance(name, str):
            continue
        position = plain.place(("include", index))
        path = os.path.join(os.path.dirname(plain.source.name), name)
        chain = (*outer, own)
        if os.path.realpath(path) in chain:
            circle = " includes ".join(os.path.basename(each) for each in (*chain, path))
            findings.append(codes.DECLARATION_FILES.at(f"a circle of files: {circle}", position=position))
            continue
        try:
            other = read_plain(read_text(path))
        except FileError as error:
            findings.append(codes.DECLARATION_FILES.at(str(error), position=position, repair="check the path"))
            continue
        findings += other.findings or included(other, chain)
        if isinstance(other.data, dict):
            _merge(plain, other)
    return findings


def refused_files(plain: Plain) -> list[Finding]:
    """Return a finding for the files that a text includes whose own place is not known."""
    if not isinstance(plain.data, dict) or "include" not in plain.data:
        return []
    position = plain.key(("include",))
    message = "a text that does not come from a file cannot include files"
    repair = "put their contents here, or name the file with --from"
    return [codes.DECLARATION_FILES.at(message, position=position, repair=repair)]


def _merge(plain: Plain, other: Plain) -> None:
    """Add another document's data to this one, whose own values win; mappings are merged."""
    before = plain.data
    merged = dict(before)
    for name, value in other.data.items():
        if isinstance(value, dict) and isinstance(before.get(name), dict):
            merged[name] = {**value, **before[name]}
        else:
            merged.setdefault(name, value)
    plain.data = merged
    for positions, found in ((plain.places, other.places), (plain.keys, other.keys)):
        for where, position in found.items():
            positions.setdefault(where, position)
