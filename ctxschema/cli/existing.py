"""The commands about what people already have: ``lint``, ``import`` and ``codes``."""

from __future__ import annotations

import sys

import click

from ctxschema.cli.output import FORMAT
from ctxschema.core.finding import Severity


def _words(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> frozenset[str]:
    """The words of an option that takes several, separated by commas or given again."""
    return frozenset(word.strip() for value in given for word in value.split(",") if word.strip())


def _consumers(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> frozenset[str]:
    from ctxschema.consumers.table import BY_ID
    from ctxschema.core.names import suggestion

    words = _words(ctx, param, given)
    for word in sorted(words - BY_ID.keys()):
        raise click.BadParameter(f"{word!r} is none of {', '.join(BY_ID)}{suggestion(word, BY_ID)}", ctx, param)
    return words


@click.command("lint")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--consumer", "consumers", multiple=True, callback=_consumers, help="Only what hurts these consumers.")
@click.option("--select", multiple=True, callback=_words, help="Only these codes, or those that begin so.")
@click.option("--ignore", multiple=True, callback=_words, help="All but these codes.")
@click.option("--fix", is_flag=True, help="Write the safe repairs into the files.")
@click.option("--diff", is_flag=True, help="Print the safe repairs; without --fix nothing is written.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="Form of the output.",
)
def lint_command(  # noqa: PLR0913, PLR0917 - click hands over every option
    paths: tuple[str, ...],
    consumers: frozenset[str],
    select: frozenset[str],
    ignore: frozenset[str],
    fix: bool,  # noqa: FBT001
    diff: bool,  # noqa: FBT001
    form: str,
) -> None:
    """Check templates, marketplace entries, services and scripts.

    Looks into every PATH, a folder with all that is in it, and says what is wrong, whom it hurts and what to write
    instead. Options that take several words take them separated by commas.
    """
    from ctxschema.cli.lint import lint_paths
    from ctxschema.core.files import STDIN
    from ctxschema.lint.linter import Choice

    if fix and STDIN in paths:
        raise click.UsageError("--fix writes into files; use --diff for standard input")
    worst = lint_paths(paths, Choice(consumers, select, ignore), form, fix=fix, diff=diff)
    sys.exit(1 if worst is Severity.ERROR else 0)


@click.command("import")
@click.argument("file")
@click.option("--appliance", "name", help="What the appliance is called; after the file if it is left out.")
@click.option("-o", "--output", type=click.Path(), help="Write to this file, which is replaced whole, in one step.")
def import_command(file: str, name: str | None, output: str | None) -> None:
    """Import an existing template as a declaration.

    Reads FILE (a template, a marketplace entry or a service; - for standard input) and writes a Python module that
    declares its inputs, with a comment wherever something had to be guessed. Use the module with --from.
    """
    from ctxschema.cli.write import write_or_check
    from ctxschema.lint.importer import import_file

    write_or_check(import_file(file, name), output, check=False, words=[])


@click.command("codes")
@click.argument("words", nargs=-1, metavar="[CODE]...")
@FORMAT
def codes_command(words: tuple[str, ...], form: str) -> None:
    """List the codes of findings, and how bad each is to whom.

    With CODE, an id such as CTX014 or a name such as order-case, only those.
    """
    from ctxschema.cli.lint import print_codes
    from ctxschema.lint.linter import codes_named

    print_codes(codes_named(words), form)
