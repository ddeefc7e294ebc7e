"""The command ``lint`` and its options, named as ruff names them."""

from __future__ import annotations

import sys
from typing import Any

import click

from ctxschema.cli.forms import FILE, Word, completing
from ctxschema.core.severity import Severity

FORMS = ("text", "concise", "json", "sarif", "github", "gitlab", "rdjson")
"""The forms of output; of GitLab it is the code-quality report, rdjson is reviewdog's."""

_WITH_STATISTICS = ("text", "concise", "json")
_CODES, _CONSUMERS = completing("complete_codes"), completing("complete_consumers")
_SEVERITIES = Word([each.value for each in Severity])


def _words(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> frozenset[str]:
    """The words of an option that takes several, separated by commas or given again."""
    return frozenset(word.strip() for value in given for word in value.split(",") if word.strip())


def _consumers(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> frozenset[str]:
    words = _words(ctx, param, given)
    if not words:
        return words
    from ctxschema.consumers.table import BY_ID
    from ctxschema.core.names import suggestion

    for word in sorted(words - BY_ID.keys()):
        raise click.BadParameter(f"{word!r} is none of {', '.join(BY_ID)}{suggestion(word, BY_ID)}", ctx, param)
    return words


def _versions(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> frozenset[str]:
    words = _words(ctx, param, given)
    if not words:
        return words
    from ctxschema.lint.selection import version

    for word in sorted(words):
        if version(word) is None:
            raise click.BadParameter(f"{word!r} is no version of OpenNebula, such as 6.10 or 7", ctx, param)
    return words


def _severity(_ctx: click.Context, _param: click.Parameter, given: str | None) -> Severity | None:
    return None if given is None else Severity(given)


@click.command("lint")
@click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path())
@click.option(
    "--select",
    multiple=True,
    callback=_words,
    shell_complete=_CODES,
    help="These codes, those that begin so, or ALL, in place of those that are on by default.",
)
@click.option(
    "--extend-select",
    multiple=True,
    callback=_words,
    shell_complete=_CODES,
    help="These codes beside the others.",
)
@click.option("--ignore", multiple=True, callback=_words, shell_complete=_CODES, help="All but these codes.")
@click.option(
    "--exclude",
    multiple=True,
    callback=_words,
    metavar="PATTERN",
    help="Files and folders that are passed over in folders.",
)
@click.option(
    "--consumer",
    "consumers",
    multiple=True,
    callback=_consumers,
    shell_complete=_CONSUMERS,
    help="Only what hurts these consumers.",
)
@click.option(
    "--opennebula",
    multiple=True,
    callback=_versions,
    metavar="VERSION",
    help="Only what hurts these versions of OpenNebula, such as 6.10 or 7.",
)
@click.option(
    "--min-severity",
    type=_SEVERITIES,
    callback=_severity,
    help="The least severity that is shown.  [default: warning]",
)
@click.option("--fix", is_flag=True, help="Write the safe repairs into the files, and list them.")
@click.option(
    "--unsafe-fixes/--no-unsafe-fixes",
    default=None,
    help="Also those repairs that change what a user may type.",
)
@click.option("--diff", is_flag=True, help="Print the repairs; without --fix nothing is written.")
@click.option(
    "--baseline",
    is_flag=False,
    flag_value="",
    metavar="FILE",
    type=FILE,
    help="Only what is not in this baseline; then a warning ends with 1 as well.",
)
@click.option(
    "--write-baseline",
    is_flag=False,
    flag_value="",
    metavar="FILE",
    type=FILE,
    help="Write everything that is found into a baseline.  [default: ctxschema-baseline.json]",
)
@click.option(
    "--format",
    "--output-format",
    "form",
    type=Word(FORMS),
    default="text",
    show_default=True,
    help="Form of the output.",
)
@click.option("-o", "--output-file", "output", metavar="FILE", type=FILE, help="Write to this file.")
@click.option("--statistics", is_flag=True, help="Print how often each code was found, in place of the findings.")
@click.option("-q", "--quiet", is_flag=True, help="Print the findings and nothing else.")
@click.option(
    "--fail-on",
    type=_SEVERITIES,
    callback=_severity,
    help="The least severity that ends with 1.  [default: error]",
)
@click.option("-e", "--exit-zero", is_flag=True, help="End with 0 whatever is found.")
@click.option("--stdin-filename", metavar="FILE", type=FILE, default="", help="What standard input is called.")
@click.option(
    "--config", metavar="FILE", type=FILE, help="The configuration, in place of the one closest to each file."
)
@click.option("--isolated", is_flag=True, help="Leave every configuration file alone.")
@click.option("-n", "--no-cache", is_flag=True, help="Look at everything anew, and keep nothing.")
@click.option(
    "--cache-dir",
    metavar="DIR",
    type=click.Path(file_okay=False),
    envvar="CTXSCHEMA_CACHE_DIR",
    help="Where to keep what was found.  [default: ctxschema in the user's cache]",
)
def command(paths: tuple[str, ...], **asked: Any) -> None:
    """Check templates, marketplace entries, services and scripts.

    Looks into every PATH, a folder with all that is in it, and says what is wrong, whom it hurts and what to write
    instead. Options that take several words take them separated by commas. What is said here goes before the
    configuration: [tool.ctxschema.lint] in pyproject.toml, or ctxschema.toml.
    """
    from ctxschema.core.files import STDIN

    if not paths:
        if not asked["stdin_filename"]:
            raise click.UsageError("Missing argument 'PATH...'.")
        paths = (STDIN,)
    _refuse_misuse(paths, asked)
    from ctxschema.cli.lint import Options, lint_paths
    from ctxschema.lint.baseline import DEFAULT
    from ctxschema.lint.cache import default_folder
    from ctxschema.lint.configuration import Configuration
    from ctxschema.lint.patterns import Patterns

    baseline, written = asked["baseline"], asked["write_baseline"]
    configuration = Configuration(
        select=asked["select"],
        extend_select=asked["extend_select"],
        ignore=asked["ignore"],
        exclude=Patterns(asked["exclude"]) if asked["exclude"] else None,
        consumers=asked["consumers"],
        opennebula=asked["opennebula"],
        min_severity=asked["min_severity"],
        baseline=DEFAULT if baseline == "" else baseline,
        unsafe_fixes=asked["unsafe_fixes"],
    )
    kept = ("config", "isolated", "form", "output", "statistics", "quiet", "fix", "diff", "fail_on", "exit_zero")
    folder = None if asked["no_cache"] else asked["cache_dir"] or default_folder()
    options = Options(
        configuration,
        **{name: asked[name] for name in kept},
        stdin_filename=asked["stdin_filename"],
        write_baseline=written,
        cache=folder,
    )
    sys.exit(lint_paths(paths, options))


def _refuse_misuse(paths: tuple[str, ...], asked: dict[str, Any]) -> None:
    from ctxschema.core.files import STDIN

    if asked["fix"] and STDIN in paths:
        raise click.UsageError("--fix writes into files; use --diff for standard input")
    if asked["stdin_filename"] and STDIN not in paths:
        raise click.UsageError("--stdin-filename names standard input; give - as PATH")
    if asked["statistics"] and asked["form"] not in _WITH_STATISTICS:
        raise click.UsageError(f"--statistics has the forms {', '.join(_WITH_STATISTICS)}")
    if asked["isolated"] and asked["config"]:
        raise click.UsageError("--isolated leaves every configuration alone, and --config names one")
