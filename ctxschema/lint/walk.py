"""Finding the files to lint."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator

from attrs import frozen

from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.files import STDIN
from ctxschema.core.finding import Finding
from ctxschema.core.source import Position, SourceText
from ctxschema.lint.readers import READERS, SNIFFED, extension

_SKIPPED = {"__pycache__", "node_modules"}


@frozen
class Found:
    """A file to lint.

    Attributes:
        path: Its path, as a user would write it.
        named: Whether the user named it, rather than a folder that contains it.
        finding: Why it cannot be linted; None if it can.
        name: Its name in messages; the path if empty.
    """

    path: str
    named: bool
    finding: Finding | None = None
    name: str = ""

    @property
    def shown_as(self) -> str:
        """What messages call it."""
        return self.name or self.path


def walk(paths: Iterable[str], excluded: Callable[[str], bool] = lambda _path: False) -> Iterator[Found]:
    """Yield the files of some paths, those in a folder in the order of their names.

    Folders whose name begins with a dot are skipped. Symbolic links are followed; a loop of them is a finding.

    Args:
        paths: Files and folders.
        excluded: Says whether to skip a file or folder within a folder.
    """
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if path == STDIN:
            yield Found(path, named=True)
        elif os.path.isdir(path):
            yield from _folder(path, seen, excluded)
        else:
            yield Found(path, named=True)


def _folder(top: str, seen: set[tuple[int, int]], excluded: Callable[[str], bool]) -> Iterator[Found]:
    """Search a folder with an explicit stack, since folders may be nested deeper than function calls can be."""
    waiting: list[tuple[str, tuple[tuple[int, int], ...]]] = [(top, ())]
    while waiting:
        path, above = waiting.pop()
        if path != top and excluded(path):
            continue
        try:
            status = os.stat(path)
            here = (status.st_dev, status.st_ino)
            if here in above:
                yield _unread(path, codes.LINK_LOOP, f"{path} leads back into a folder that it is in")
            elif here in seen:
                continue
            elif stat.S_ISDIR(status.st_mode):
                seen.add(here)
                names = [] if _hidden(path) and path != top else sorted(os.listdir(path), reverse=True)
                waiting += [(_inside(path, name), (*above, here)) for name in names if name not in _SKIPPED]
            elif _wanted(path):
                seen.add(here)
                yield _found(path, status)
        except OSError as error:
            if error.errno == errno.ELOOP:
                yield _unread(path, codes.LINK_LOOP, f"{path} is a link that leads to itself")
            elif os.path.isdir(path) or _wanted(path):
                yield _unread(path, codes.UNREADABLE, f"{path} cannot be read: {error.strerror}")


def _inside(path: str, name: str) -> str:
    return os.path.join(path, name).removeprefix(f".{os.sep}")


def _hidden(path: str) -> bool:
    return os.path.basename(path).startswith(".")


def _found(path: str, status: os.stat_result) -> Found:
    if stat.S_ISREG(status.st_mode):
        return Found(path, named=False)
    return _unread(path, codes.UNREADABLE, f"{path} is neither a file nor a folder")


def _wanted(path: str) -> bool:
    return extension(path) in READERS or extension(path) in SNIFFED


def _unread(path: str, code: Code, message: str) -> Found:
    return Found(path, named=False, finding=code.at(message, position=Position(SourceText("", name=path))))
