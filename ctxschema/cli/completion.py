"""What a shell completes: codes and consumers, also behind a comma."""

from __future__ import annotations

from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem


def complete_codes(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the codes that begin so, each with its name, or the names that do."""
    from ctxschema.core import codes

    before, word = _last(incomplete)
    by_id = [(code.id, code.name) for code in codes.TABLE if code.id.startswith(word.upper())]
    by_name = [(code.name, code.id) for code in codes.TABLE if word and code.name.startswith(word.lower())]
    everything = [("ALL", "every code")] if word and "ALL".startswith(word.upper()) else []
    return _items(before, [*by_id, *by_name, *everything])


def complete_consumers(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the consumers whose word begins so."""
    from ctxschema.consumers.table import CONSUMERS

    before, word = _last(incomplete)
    return _items(before, [(each.id, each.name) for each in CONSUMERS if each.id.startswith(word.lower())])


def _last(incomplete: str) -> tuple[str, str]:
    """Return what stands before the word that is being written, and the word."""
    before, comma, word = incomplete.rpartition(",")
    return before + comma, word


def _items(before: str, told: Iterable[tuple[str, str]]) -> list[CompletionItem]:
    given = set(before.split(","))
    return [CompletionItem(before + word, help=about) for word, about in told if word not in given]
