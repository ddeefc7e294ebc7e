"""Patterns that are compiled when they are first used: most of a program's are not, in most of its runs."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _Later:
    def __init__(self, pattern: Any, flags: int) -> None:
        self._pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        found = getattr(re.compile(self._pattern, self._flags), name)
        self.__dict__[name] = found
        return found


def later(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what does all that a compiled pattern does, and compiles it when it is asked for that."""
    return cast("re.Pattern[AnyStr]", _Later(pattern, flags))
