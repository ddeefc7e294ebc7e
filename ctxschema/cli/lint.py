"""The work of ``ctxschema lint``: linting files, printing the findings, and repairing the files."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator, Sequence

import click
from attrs import define, evolve, field, frozen

from ctxschema.cli.lint_forms import Totals, report_in
from ctxschema.cli.output import print_diff
from ctxschema.cli.waiting import Waiting, waiting
from ctxschema.core.errors import FileError
from ctxschema.core.files import STDIN, write_text
from ctxschema.core.finding import Severity
from ctxschema.lint.baseline import DEFAULT, Baseline, read_baseline
from ctxschema.lint.cache import Cache, default_folder
from ctxschema.lint.configuration import Configuration, read_configuration
from ctxschema.lint.configurations import Configurations
from ctxschema.lint.linter import Request, Result, lint_files, write_repairs
from ctxschema.lint.walk import Found, walk


@frozen
class Options:
    """The options of the command.

    Attributes:
        configuration: The options that select findings, as a configuration.
        config: A configuration file to use instead of the closest one.
        isolated: Whether to ignore all configuration files.
        form: The format of the output.
        output: The file to write to; standard output if None.
        statistics: Whether to print how often each code was found instead of the findings.
        quiet: Whether to print nothing but the findings.
        fix: Whether to write the repaired files.
        diff: Whether to print the repairs as a diff.
        fail_on: The least severity for exit code 1; if None, error, or warning if there is a baseline.
        exit_zero: Whether to exit with 0 whatever is found.
        stdin_filename: The file name for standard input.
        write_baseline: The file to write a baseline to; if empty, the configured one or `DEFAULT`; None for none.
        cache: The folder of the cache; None for no cache.
    """

    configuration: Configuration = field(factory=Configuration)
    config: str | None = None
    isolated: bool = False
    form: str = "text"
    output: str | None = None
    statistics: bool = False
    quiet: bool = False
    fix: bool = False
    diff: bool = False
    fail_on: Severity | None = None
    exit_zero: bool = False
    stdin_filename: str = ""
    write_baseline: str | None = None
    cache: str | None = field(factory=default_folder)


def lint_paths(paths: Sequence[str], options: Options) -> int:
    """Lint files and folders, print what was found, and return the exit code.

    Raises:
        ConfigurationError: A configuration or a baseline is malformed.
        FileError: The output or the baseline cannot be written.
    """
    run = _Run(options)
    if options.output is None:
        run.lint(paths)
    else:
        with contextlib.redirect_stdout(io.StringIO()) as text:
            run.lint(paths)
        write_text(options.output, text.getvalue())
    empty = run.folders_with_nothing(paths)
    for path in empty:
        click.echo(f"Error: nothing of OpenNebula's was found in {path}", err=True)
    missing = [path for path in paths if path != STDIN and not os.path.lexists(path)]
    return 2 if empty or missing else run.code()


@define
class _Run:
    options: Options
    totals: Totals = field(init=False, factory=Totals)
    _configurations: Configurations = field(init=False)
    _baselines: dict[str, Baseline] = field(init=False, factory=dict)
    _written: Baseline | None = field(init=False, default=None)
    _linted: list[str] = field(init=False, factory=list)

    def __attrs_post_init__(self) -> None:
        options = self.options
        fixed = Configuration() if options.isolated else None
        if options.config is not None:
            fixed = read_configuration(options.config) or Configuration(options.config)
        self._configurations = Configurations(options.configuration, fixed)

    def lint(self, paths: Sequence[str]) -> None:
        """Lint files and folders, and print the findings."""
        options = self.options
        if options.write_baseline is not None:
            self._written = self._baseline_to_write(options.write_baseline, paths)
        report = report_in(options.form, statistics=options.statistics, quiet=options.quiet)
        cache = Cache(options.cache) if options.cache else None
        files = [self._named(found) for found in walk(paths, self._excluded)]
        walked = {found.shown_as for found in files}
        with waiting("linting", len(files)) as bar:
            results = list(lint_files(_told(files, bar), lambda found: self._request(found, cache)))
        for linted in results:
            if linted is None:
                self.totals.skipped += 1
                continue
            if linted.path not in walked and self._excluded(linted.path):
                continue
            result = self._done(linted)
            if self._written is not None:
                self._written.add(result.path, result.reported.apart)
            else:
                report.file(result)
        if cache is not None:
            cache.write()
        if self._written is None:
            report.end(self.totals)
        else:
            self._written.write()
            size, held = self._written.size(), len(self._written.files)
            content = f"{size} finding{'s' * (size != 1)} of {held} file{'s' * (held != 1)}"
            click.echo(f"{self._written.path} holds {content}")

    def _named(self, found: Found) -> Found:
        return evolve(found, name=self.options.stdin_filename) if found.path == STDIN else found

    def _done(self, result: Result) -> Result:
        """Repair a file if requested, and count its findings."""
        options = self.options
        if options.diff:
            _print_diff(result, to_stderr=options.form not in {"text", "concise"})
        if options.fix:
            result = _repaired(result)
        self.totals.add(result, unsafe=bool(self._configurations.of(result.path).unsafe_fixes))
        if result.kind is not None or result.findings:
            self._linted.append(result.path)
        return result

    def code(self) -> int:
        """Return the exit code."""
        options, worst = self.options, self.totals.worst
        least = options.fail_on or (Severity.WARNING if self._baselines else Severity.ERROR)
        fine = worst is None or worst.rank > least.rank or options.exit_zero or self._written is not None
        return 0 if fine else 1

    def folders_with_nothing(self, paths: Sequence[str]) -> list[str]:
        """Return the folders in which no file of OpenNebula's was found."""
        folders = [path for path in paths if path != STDIN and os.path.isdir(path)]
        return [path for path in folders if not self._found_in(path)]

    def _found_in(self, folder: str) -> bool:
        inside = os.path.join(os.path.abspath(folder), "")
        if any(os.path.abspath(path).startswith(inside) for path in self._linted):
            return True
        # The folder may have been linted under another name, through a symbolic link or another path.
        known = {os.path.realpath(path) for path in self._linted}
        return any(os.path.realpath(found.path) in known for found in walk([folder], self._excluded))

    def _request(self, found: Found, cache: Cache | None) -> Request:
        options, path = self.options, found.shown_as
        configuration = self._configurations.of(path)
        baseline = None if self._written is not None else self._baseline(configuration.baseline)
        selection, unsafe = self._configurations.selection(path), bool(configuration.unsafe_fixes)
        return Request(selection, baseline, cache, repair=options.fix or options.diff, unsafe=unsafe)

    def _excluded(self, path: str) -> bool:
        # A baseline in a folder is JSON, but not a template.
        return self._configurations.excluded(path) or (path.endswith(".json") and self._is_baseline(path))

    def _is_baseline(self, path: str) -> bool:
        named = (self._configurations.of(path).baseline, self.options.write_baseline, DEFAULT)
        return any(each and os.path.abspath(each) == os.path.abspath(path) for each in named)

    def _baseline(self, path: str | None) -> Baseline | None:
        if path is None:
            return None
        if path not in self._baselines:
            self._baselines[path] = read_baseline(path)
        return self._baselines[path]

    def _baseline_to_write(self, name: str, paths: Sequence[str]) -> Baseline:
        """Return the baseline to write; it keeps the entries of existing files that are not linted now."""
        path = name or self._configurations.of(paths[0] if paths else STDIN).baseline or DEFAULT
        if not os.path.exists(path) or os.path.getsize(path) == 0:
            return Baseline(path)
        baseline = read_baseline(path)  # this raises for a file that is not a baseline, so that it is not overwritten
        folder = os.path.dirname(os.path.abspath(path))
        for gone in [each for each in baseline.files if not os.path.exists(os.path.join(folder, each))]:
            del baseline.files[gone]
        return baseline


def _repaired(result: Result) -> Result:
    """Write the repaired text of a file; return the result with the findings that are left."""
    try:
        return write_repairs(result)
    except FileError as error:
        reported = evolve(result.reported, findings=(*result.findings, *error.findings))
        return evolve(result, reported=reported, repaired=None)


def _print_diff(result: Result, *, to_stderr: bool) -> None:
    after = result.repaired.source if result.repaired else None
    if result.source is None or after is None:
        return
    print_diff(result.path, result.source.text, after.text, "repaired", to_stderr=to_stderr)


def _told(files: Sequence[Found], bar: Waiting) -> Iterator[Found]:
    """Yield the files, and tell which of them has its turn."""
    for found in files:
        bar.step(f"linting {found.shown_as}")
        yield found
