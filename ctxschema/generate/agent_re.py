"""The module ``re`` of the agent's file, with patterns that were compiled when the file was made.

Compiling patterns, and importing the compiler, takes a boot longer than matching. Patterns that are not among the
compiled ones, and every other use of this module, are left to Python's own ``re``.

`ctxschema.generate.compiled` adds ``COMPILED``: by pattern and flags, marshalled, the arguments with which Python's
``re`` creates a pattern object.
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]  # what `re` hands its patterns to
from marshal import loads
from typing import Any

IGNORECASE, MULTILINE, DOTALL, VERBOSE, ASCII = 2, 8, 16, 64, 256

COMPILED: dict[tuple[str, int], bytes] = {}

_made: dict[tuple[str, int], Any] = {}


def compile(pattern: Any, flags: int = 0) -> Any:  # noqa: A001 - as in ``re``
    """Return the pattern object."""
    if not isinstance(pattern, str):
        return __getattr__("compile")(pattern, flags)
    made = _made.get((pattern, flags))
    if made is None:
        ready = COMPILED.get((pattern, flags))
        made = _sre.compile(pattern, *loads(ready)) if ready else __getattr__("compile")(pattern, flags)  # noqa: S302
        _made[pattern, flags] = made
    return made


def fullmatch(pattern: Any, text: Any, flags: int = 0) -> Any:
    """Match a whole text."""
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
    return getattr(__import__("re"), name)  # an import statement would find this module
