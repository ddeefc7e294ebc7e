"""The work of ``ctxschema codes``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

from ctxschema.cli.output import print_json, print_table
from ctxschema.consumers.table import BY_ID, CONSUMERS
from ctxschema.core.codes.code import Code
from ctxschema.lint.selection import code_named

_DIGITS = 3
"""How many digits the id of a code has."""


def print_codes(found: Sequence[Code], form: str) -> None:
    """Print a list of codes, or all details of a single one."""
    if form == "json":
        print_json([code_data(code) for code in found])
    elif len(found) == 1:
        _print_code(found[0])
    else:
        rows = [(code.id, code.name, code.severity.value, *_per_consumer(code)) for code in found]
        print_table(["code", "name", "severity", *(consumer.id for consumer in CONSUMERS)], rows)


def code_data(code: Code) -> dict[str, Any]:
    """Return a code as plain data."""
    harmed = code.consumers or dict.fromkeys(BY_ID, code.severity)
    return {
        "code": code.id,
        "name": code.name,
        "severity": code.severity.value,
        "reason": code.reason,
        "repair": code.repair,
        "consumers": {name: harmed[name].value for name in BY_ID if name in harmed},
    }


def notes_about(words: Iterable[str]) -> Iterator[str]:
    """Yield a note for each word that selects codes by its beginning, and is the id of another one without its zeros.

    Args:
        words: The words that select codes, each of which selects at least one.
    """
    for word in words:
        letters, digits = word.upper().rstrip("0123456789"), word[len(word.rstrip("0123456789")) :]
        whole = f"{letters}{digits.zfill(_DIGITS)}"
        if digits and code_named(word) is None and code_named(whole) is not None:
            yield f"{word} selects the codes that begin so; for the one code write {whole}"


def _per_consumer(code: Code) -> Iterable[str]:
    severities = code_data(code)["consumers"]
    return [severities.get(consumer.id, "") for consumer in CONSUMERS]


def _print_code(code: Code) -> None:
    click.echo(f"{code.id} {code.name}: {code.severity.value}")
    click.echo(f"    {code.reason}")
    click.echo(f"    Repair: {code.repair}.")
    if code.consumers:
        affected = ", ".join(f"{BY_ID[name].name} ({severity.value})" for name, severity in code.consumers.items())
        click.echo(f"    Hurts: {affected}.")
