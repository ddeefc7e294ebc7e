"""/run/one-context/one_env, read as text and never sourced.

Its lines are ``export NAME="value"`` with nothing escaped, so sourcing it would run commands that stand in a value. An
entry ends at the last quote before the next entry begins (docs/facts/opennebula.md, section 5.3).
"""

from __future__ import annotations

import re
from itertools import islice

from ctxschema.context.raw import MOST_ENTRIES, Entry, skip, too_many
from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.source import SourceText

_ENTRY = re.compile(r'^export (?P<name>[^=\n]+)="', re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9_]+\Z")


def looks_like_one_env(text: str) -> bool:
    """Say whether the first line that is not a comment begins an entry of one_env."""
    return text.startswith("export ", skip(text, 0))


def read_one_env(source: SourceText) -> tuple[list[Entry], list[Finding]]:
    """Return the entries of a one_env, and findings for what is not written as the format demands."""
    text = source.text
    entries: list[Entry] = []
    findings: list[Finding] = []
    crlf_at = -1

    def report(message: str, start: int, end: int, name: str | None = None) -> None:
        findings.append(codes.CONTEXT_SYNTAX.at(message, variable=name, position=source.at(start, end), repair=_FORM))

    starts = list(islice(_ENTRY.finditer(text), MOST_ENTRIES + 1))
    if len(starts) > MOST_ENTRIES:
        findings.append(too_many(source, starts.pop().start()))
    lead_end = starts[0].start() if starts else len(text)
    if skip(text, 0) < lead_end:
        report('these lines are no export NAME="value" entry', 0, lead_end)
    for index, start in enumerate(starts):
        end = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        name, quote = start["name"], text.rfind('"', start.end(), end)
        position = source.at(start.start(), end if quote < 0 else quote + 1)
        if not _NAME.match(name):
            report(
                "the name of an entry has other characters in it than letters, digits and _",
                start.start(),
                end,
            )
            continue
        if quote < 0:
            report(f"the quote of {name} is never closed", start.start(), end, name)
            entries.append(Entry(name, None, position))
            continue
        if text[quote + 1 : end].strip():
            report(f"text behind the closing quote of {name}", quote + 1, end, name)
        if crlf_at < 0 and text.startswith("\r\n", quote + 1):
            crlf_at = quote + 1
            findings.append(codes.CONTEXT_CRLF.at("the lines end in CRLF", position=source.at(crlf_at, crlf_at + 2)))
        entries.append(Entry(name, text[start.end() : quote], position))
    return entries, findings


_FORM = 'write export NAME="value"'
