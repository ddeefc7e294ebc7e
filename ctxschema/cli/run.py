"""Running a command line, and its exit code."""

from __future__ import annotations

import io
import os
import sys

import click

from ctxschema.cli.commands import cli

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells define it: 128 plus the number of the signal."""


def run() -> int:
    """Run a command line and return its exit code. Expected errors are printed as a message, without traceback.

    Colors are used on a terminal, unless NO_COLOR, FORCE_COLOR or ``TERM=dumb`` (in this order) decide otherwise.
    """
    try:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        if sys.stdout is None:
            return _fail(1, "Error: standard output is closed")
        code = _run()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of the output has closed it, so nothing more can be printed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except OSError as error:
        code = _fail(1, f"Error: {error.filename or 'the output'} cannot be written: {error.strerror or error}")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def coloured() -> bool | None:
    """Return whether the environment asks for colors; None if it says nothing, so that terminals have them."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return False if os.environ.get("TERM") == "dumb" else None


def _run() -> int:
    try:
        ended = cli.main(standalone_mode=False, color=coloured())
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else 0
    except click.exceptions.Abort:
        return _fail(INTERRUPTED, "Interrupted.")
    except click.ClickException as error:
        _with_nearest(error).show()
        return error.exit_code
    except OSError:
        raise
    except Exception as error:
        code = _print_expected(error)
        if code is None:
            raise
        return code
    return ended if isinstance(ended, int) else 0


def _with_nearest(error: click.ClickException) -> click.ClickException:
    """Return click's error with our own suggestion of a similar name, or with none."""
    if isinstance(error, click.NoSuchOption) and error.ctx is not None:
        from ctxschema.core.names import suggestion

        parameters = error.ctx.command.get_params(error.ctx)
        known = [word for each in parameters for word in (*each.opts, *each.secondary_opts) if word.startswith("--")]
        message = f"No such option '{error.option_name}'{suggestion(error.option_name, known) or '.'}"
        return click.NoSuchOption(error.option_name, message, ctx=error.ctx)
    return error


def _print_expected(error: Exception) -> int | None:
    """Print an expected error and return the exit code; None for any other. Nothing is imported without an error."""
    from ctxschema.cli.output import print_findings
    from ctxschema.core.errors import ConfigurationError, CtxschemaError, MissingFileError, UnknownNameError

    if isinstance(error, UnknownNameError):
        return _fail(2, f"Error: {error}{'' if str(error).endswith('?') else '.'}")
    if isinstance(error, ConfigurationError):
        print_findings(error.findings)
        return 2
    if isinstance(error, MissingFileError):
        return _fail(2, f"Error: {error}.")
    if isinstance(error, CtxschemaError):
        print_findings(error.findings)
        return _fail(1, "" if error.findings else f"Error: {error}")
    return None


def _fail(code: int, message: str) -> int:
    if message and sys.stderr is not None:
        click.echo(message, err=True)
    return code
