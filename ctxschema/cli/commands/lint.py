"""``ctxschema lint`` and its options, which have the names of ruff's."""

from __future__ import annotations

import sys
from typing import Any

import click

from ctxschema.cli.forms import FILE, Word, completing
from ctxschema.core.severity import Severity

FORMS = ("text", "concise", "json", "sarif", "github", "gitlab", "rdjson")
"""The formats of the output. gitlab is GitLab's code quality report, rdjson is reviewdog's format."""

_WITH_STATISTICS = ("text", "concise", "json")
_CODES, _CONSUMERS = completing("complete_codes"), completing("complete_consumers")
_SEVERITIES = Word([each.value for each in Severity])


def _words(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> frozenset[str]:
    """Return the words of an option that is given several times, or with words separated by commas."""
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
@click.argument("paths", nargs=-1, metavar="PATH...", type=FILE)
@click.option(
    "--select",
    multiple=True,
    callback=_words,
    shell_complete=_CODES,
    help="Report these codes, those that begin so, or ALL, instead of those that are on by default.",
)
@click.option(
    "--extend-select",
    multiple=True,
    callback=_words,
    shell_complete=_CODES,
    help="Report these codes in addition.",
)
@click.option("--ignore", multiple=True, callback=_words, shell_complete=_CODES, help="Leave out these codes.")
@click.option(
    "--exclude",
    multiple=True,
    callback=_words,
    metavar="PATTERN",
    help="Skip these files and folders within folders.",
)
@click.option(
    "--consumer",
    "consumers",
    multiple=True,
    callback=_consumers,
    shell_complete=_CONSUMERS,
    help="Report only what affects these consumers.",
)
@click.option(
    "--opennebula",
    multiple=True,
    callback=_versions,
    metavar="VERSION",
    help="Report only what affects these versions of OpenNebula, such as 6.10 or 7.",
)
@click.option(
    "--min-severity",
    type=_SEVERITIES,
    callback=_severity,
    help="The least severity to report.  [default: warning]",
)
@click.option("--fix", is_flag=True, help="Write the safe repairs into the files, and list them.")
@click.option(
    "--unsafe-fixes/--no-unsafe-fixes",
    default=None,
    help="Make unsafe repairs as well, which change what users can enter.",
)
@click.option("--diff", is_flag=True, help="Print the repairs as a diff; without --fix, write nothing.")
@click.option(
    "--baseline",
    is_flag=False,
    flag_value="",
    metavar="FILE",
    type=click.Path(),
    help="Report only findings that are not in this baseline; warnings then end with 1 as well.",
)
@click.option(
    "--write-baseline",
    is_flag=False,
    flag_value="",
    metavar="FILE",
    type=click.Path(),
    help="Write all findings into a baseline.  [default: ctxschema-baseline.json]",
)
@click.option(
    "--format",
    "--output-format",
    "form",
    type=Word(FORMS),
    default="text",
    show_default=True,
    help="Format of the output.",
)
@click.option("-o", "--output-file", "output", metavar="FILE", type=FILE, help="Write to this file.")
@click.option("--statistics", is_flag=True, help="Print how often each code was found, instead of the findings.")
@click.option("-q", "--quiet", is_flag=True, help="Print the findings and nothing else.")
@click.option(
    "--fail-on",
    type=_SEVERITIES,
    callback=_severity,
    help="The least severity that ends with 1.  [default: error]",
)
@click.option("-e", "--exit-zero", is_flag=True, help="End with 0 whatever is found.")
@click.option(
    "--stdin-filename", metavar="FILE", type=click.Path(), default="", help="The file name for standard input."
)
@click.option(
    "--config", metavar="FILE", type=FILE, help="Use this configuration file instead of the one closest to each file."
)
@click.option("--isolated", is_flag=True, help="Ignore all configuration files.")
@click.option("-n", "--no-cache", is_flag=True, help="Do not use the cache.")
@click.option(
    "--cache-dir",
    metavar="DIR",
    type=click.Path(file_okay=False),
    envvar="CTXSCHEMA_CACHE_DIR",
    help="The folder of the cache.  [default: ctxschema in the user's cache]",
)
def command(paths: tuple[str, ...], **asked: Any) -> None:
    """Check templates, marketplace entries, services and scripts.

    Checks every PATH, and everything in a folder, and reports what is wrong, which consumers it affects and what to
    write instead. Options that take several words accept them separated by commas. Options override the configuration
    in [tool.ctxschema.lint] of pyproject.toml or in ctxschema.toml.
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
    copied = ("config", "isolated", "form", "output", "statistics", "quiet", "fix", "diff", "fail_on", "exit_zero")
    folder = None if asked["no_cache"] else asked["cache_dir"] or default_folder()
    options = Options(
        configuration,
        **{name: asked[name] for name in copied},
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
