"""Running a command line, and how it ends."""

from __future__ import annotations

import io
import os
import sys

import click

from ctxschema.cli.commands import cli

INTERRUPTED = 130
"""What a program ends with that Ctrl-C has ended, as shells have it: 128 and the number of the signal."""


def run() -> int:
    """Run a command line and return its exit code; an error of ours or of the output is a message, never a traceback.

    Colours are for a terminal; NO_COLOR, else FORCE_COLOR, else ``TERM=dumb`` say otherwise for everything.
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
        # Whoever read has enough; nothing is left to say, and nowhere to say it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except OSError as error:
        code = _fail(1, f"Error: {error.filename or 'the output'} cannot be written: {error.strerror}")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def coloured() -> bool | None:
    """Return whether the environment wants colours; None if it says nothing of them, so that a terminal has them."""
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
        code = _told(error)
        if code is None:
            raise
        return code
    return ended if isinstance(ended, int) else 0


def _with_nearest(error: click.ClickException) -> click.ClickException:
    """Return an error of click's that offers what ours offer: the nearest name, and none where none is near."""
    if isinstance(error, click.NoSuchOption) and error.ctx is not None:
        from ctxschema.core.names import suggestion

        parameters = error.ctx.command.get_params(error.ctx)
        known = [word for each in parameters for word in (*each.opts, *each.secondary_opts) if word.startswith("--")]
        message = f"No such option '{error.option_name}'{suggestion(error.option_name, known) or '.'}"
        return click.NoSuchOption(error.option_name, message, ctx=error.ctx)
    return error


def _told(error: Exception) -> int | None:
    """Print an error of ours, and return the exit code; None if it is none. Without one, nothing is imported for it."""
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
