"""Regular expressions that are compiled at their first use, since most runs need few of them."""

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
    """Return an object that behaves as a compiled pattern, but is compiled only at the first use."""
    return cast("re.Pattern[AnyStr]", _Later(pattern, flags))
