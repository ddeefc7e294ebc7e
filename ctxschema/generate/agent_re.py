"""What the agent's file has in the place of Python's ``re``: patterns that were compiled when the file was made.

Compiling its patterns takes a boot longer than matching with them, and so does importing what compiles. A pattern that
is not among them goes to Python's own ``re``, and so does whatever else is asked of this module.

`ctxschema.generate.compiled` adds ``COMPILED``: by pattern and flags, marshalled, what Python's own ``re`` hands to its
engine.
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]  # what `re` hands its patterns to
from marshal import loads
from typing import Any

IGNORECASE, MULTILINE, DOTALL, VERBOSE, ASCII = 2, 8, 16, 64, 256

COMPILED: dict[tuple[str, int], bytes] = {}

_made: dict[tuple[str, int], Any] = {}


def compile(pattern: Any, flags: int = 0) -> Any:  # noqa: A001 - as in ``re``
    """Return the pattern, ready to match."""
    if not isinstance(pattern, str):
        return __getattr__("compile")(pattern, flags)
    made = _made.get((pattern, flags))
    if made is None:
        ready = COMPILED.get((pattern, flags))
        made = _sre.compile(pattern, *loads(ready)) if ready else __getattr__("compile")(pattern, flags)  # noqa: S302
        _made[pattern, flags] = made
    return made


def fullmatch(pattern: Any, text: Any, flags: int = 0) -> Any:
    """Match the whole text."""
    return compile(pattern, flags).fullmatch(text)


def search(pattern: Any, text: Any, flags: int = 0) -> Any:
    """Find the first match."""
    return compile(pattern, flags).search(text)


def findall(pattern: Any, text: Any, flags: int = 0) -> Any:
    """Find every match."""
    return compile(pattern, flags).findall(text)


def split(pattern: Any, text: Any) -> Any:
    """Split a text at every match."""
    return compile(pattern).split(text)


def sub(pattern: Any, instead: Any, text: Any) -> Any:
    """Replace every match."""
    return compile(pattern).sub(instead, text)


def __getattr__(name: str) -> Any:
    return getattr(__import__("re"), name)  # an import statement would lead back here
