"""Where things are, and what a file that is made depends on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = Path(__file__).parent
GUEST = TOOLS / "guest"
BUILD = ROOT / "build" / "vm"


def digest(*parts: bytes | str) -> str:
    """Return a short name of some contents, by which what is made of them is kept."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()[:16]


def contents(files: Iterable[Path]) -> list[bytes]:
    """Return what some files hold, in the order of their names, each behind its name."""
    return [part for file in sorted(files) for part in (file.name.encode(), file.read_bytes())]
