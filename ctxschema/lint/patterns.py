"""Patterns for file names, with the meaning that they have for ruff."""

from __future__ import annotations

import os
import re
from functools import cached_property

from attrs import field, frozen

_PIECE = re.compile(r"(?P<folders>\*\*/)|(?P<any>\*+)|(?P<one>\?)|\[(?P<set>!?\]?[^\]]*)\]|(?P<open>\{)|(?P<end>[},])")


@frozen(slots=False)
class Patterns:
    """Patterns with ``*`` and ``**`` for any characters, ``?`` for one, ``[ab]`` and ``{one,other}``.

    A pattern without a slash matches the name of a file or folder anywhere; any other matches a path relative to the
    configuration's folder. A pattern that matches a folder matches everything in it. A pattern that begins with ``!``
    matches what the rest of it does not.

    Args:
        words: The patterns.
        folder: The folder that paths are relative to.
    """

    words: frozenset[str]
    folder: str = field(default="")

    def match(self, path: str) -> bool:
        """Say whether a pattern matches a file or folder."""
        absolute = os.path.abspath(path)
        relative = os.path.relpath(absolute, self.folder).split(os.sep)
        parts = [part for part in relative if part not in {"..", "."}]
        above = ["/".join(parts[: number + 1]) for number in range(len(parts))] if relative[0] != ".." else []
        candidates = [*above, *(absolute[: at.start()] for at in re.finditer(r"(?<=.)/|\Z", absolute))]
        return any(_matches(regex, named, parts, candidates) is not negated for regex, named, negated in self._compiled)

    @cached_property
    def _compiled(self) -> list[tuple[re.Pattern[str], bool, bool]]:
        found: list[tuple[re.Pattern[str], bool, bool]] = []
        for word in sorted(self.words):
            plain = word.removeprefix("!").removeprefix("./").rstrip("/")
            try:
                regex = re.compile(_translated(plain), re.DOTALL)
            except re.error:  # a malformed set such as [z-a]
                regex = re.compile(re.escape(plain))
            found.append((regex, "/" not in plain, word.startswith("!")))
        return found


def _matches(regex: re.Pattern[str], named: bool, parts: list[str], paths: list[str]) -> bool:  # noqa: FBT001
    return any(map(regex.fullmatch, parts if named else paths))


def _translated(pattern: str) -> str:
    """Return a pattern as a regular expression."""
    written: list[str] = []
    at = depth = 0
    for match in _PIECE.finditer(pattern):
        written.append(re.escape(pattern[at : match.start()]))
        at = match.end()
        kind = match.lastgroup
        if kind == "folders":
            written.append("(?:.*/)?")
        elif kind == "any":
            written.append(".*")
        elif kind == "one":
            written.append(".")
        elif kind == "set":
            characters = match["set"].removeprefix("!")
            inner = re.sub(r"(?<=\w)\\-(?=\w)", "-", re.escape(characters))
            written.append(f"[{'^' * match['set'].startswith('!')}{inner}]")
        elif kind == "open":
            depth += 1
            written.append("(?:")
        elif depth and match.group() == "}":
            depth -= 1
            written.append(")")
        else:
            written.append("|" if depth else re.escape(match.group()))
    return "".join(written) + re.escape(pattern[at:]) + ")" * depth
