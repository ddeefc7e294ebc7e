"""Shell completion for names of declarations, codes and consumers; click itself completes other words.

During completion, the words typed so far may be wrong or missing. Then nothing is completed, and nothing printed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from ctxschema.model.appliance import Appliance


def complete_appliances(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the appliances whose names begin with the text: those of --from, or those of the catalog."""
    if ctx.params.get("origin") is None:
        from ctxschema.catalog import APPLIANCES

        return [CompletionItem(name) for name in APPLIANCES if name.startswith(incomplete)]
    found = [CompletionItem(each.name, help=each.title) for each in _known(ctx) if each.name.startswith(incomplete)]
    # The name of a file's only appliance may be omitted, so the word may also be a variable.
    alone = "variable" in ctx.params and len(_known(ctx)) == 1
    return [*found, *(_variables(_known(ctx)[0], incomplete) if alone else [])]


def complete_releases(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the appliances whose names begin with the text; the shell completes files itself."""
    from ctxschema.catalog import APPLIANCES

    if param.name == "new" and ctx.params.get("origin") is not None:
        return complete_appliances(ctx, param, incomplete)
    found = [CompletionItem(name) for name in APPLIANCES if name.startswith(incomplete)]
    return found or [CompletionItem(incomplete, type="file")]


def complete_variables(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the variables of the appliance whose names begin with the text."""
    return [item for appliance in _chosen(ctx)[:1] for item in _variables(appliance, incomplete)]


def _variables(appliance: Appliance, incomplete: str) -> list[CompletionItem]:
    names = appliance.by_name.items()
    return [CompletionItem(name, help=each.label) for name, each in names if name.startswith(incomplete.upper())]


def complete_groups(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the groups of the appliance, or of all appliances, whose names begin with the text."""
    groups = dict.fromkeys(group for appliance in _chosen(ctx) for group in appliance.groups)
    return [CompletionItem(group) for group in groups if group.startswith(incomplete.lower())]


def complete_roles(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the roles of the service that begin with the text, followed by an equals sign."""
    roles = dict.fromkeys(role for appliance in _chosen(ctx) for role in appliance.roles)
    return [CompletionItem(f"{role}=") for role in roles if role.startswith(incomplete)]


def _known(ctx: click.Context) -> list[Appliance]:
    """Return the appliances that the command line can refer to; none if they cannot be read."""
    from ctxschema.cli.appliances import all_appliances
    from ctxschema.core.errors import CtxschemaError

    try:
        return list(all_appliances(ctx.params.get("origin")).values())
    except (CtxschemaError, click.ClickException):
        return []


def _chosen(ctx: click.Context) -> list[Appliance]:
    """Return the appliance that the command line names, or all that it could name."""
    known, name = _known(ctx), ctx.params.get("appliance")
    named = [each for each in known if each.name == name]
    return named or (known if name is None or len(known) == 1 else [])


def complete_codes(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the codes whose ids begin with the text, each with its name; or those whose names do."""
    from ctxschema.core import codes

    before, word = _last(incomplete)
    by_id = [(code.id, code.name) for code in codes.TABLE if code.id.startswith(word.upper())]
    by_name = [(code.name, code.id) for code in codes.TABLE if word and code.name.startswith(word.lower())]
    everything = [("ALL", "every code")] if word and "ALL".startswith(word.upper()) else []
    return _items(before, [*by_id, *by_name, *everything])


def complete_consumers(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the consumers whose ids begin with the text."""
    from ctxschema.consumers.table import CONSUMERS

    before, word = _last(incomplete)
    return _items(before, [(each.id, each.name) for each in CONSUMERS if each.id.startswith(word.lower())])


def _last(incomplete: str) -> tuple[str, str]:
    """Return the text before the word that is being typed, and that word."""
    before, comma, word = incomplete.rpartition(",")
    return before + comma, word


def _items(before: str, words: Iterable[tuple[str, str]]) -> list[CompletionItem]:
    given = set(before.split(","))
    return [CompletionItem(before + word, help=about) for word, about in words if word not in given]
