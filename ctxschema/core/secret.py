"""Values that must not be shown, and how a value is shown where it may be."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "********"
_LONGEST = 120
_SHORTEST = 4
_PIECE = 8
_READ = 4096
_SECRET_NAME = re.compile(
    r"(?:^|_)(?:PASS|PASSWD|PASSWORD|PASSPHRASE|SECRET|TOKEN|API_?KEY|SECRET_KEY|SECRET_ACCESS_KEY|PRIVATE_KEY)\Z",
    re.IGNORECASE,
)


def names_secret(name: str) -> bool:
    """Say whether a name says that it holds a secret: by its last word, for a TOKEN_TTL or a SECRET_NAME holds none."""
    return bool(_SECRET_NAME.search(name))


class Secret:
    """A string that prints as stars.

    It compares and hashes like the string, and gives it away only through ``reveal``.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the string itself."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    def __str__(self) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, Secret) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._text)


def shown(text: str, *, secret: bool = False) -> str:
    """Return a value as a message may show it: stars for a secret, cut at its first line and where it is long."""
    if secret:
        return MASK if text else ""
    # What follows a line end may be another entry that a missing quote let in, a secret among them.
    line = text.partition("\n")[0]
    if line == text and len(text) <= _LONGEST:
        return text
    return f"{line[:_LONGEST]}... ({len(text)} characters)"


def quoted(text: str) -> str:
    r"""Return a value for use inside a sentence: in quotes, cut, with ``\n`` for a line end and the like."""
    cut = shown(text)
    if cut.isprintable():
        return f"'{cut}'"
    return "'" + "".join(c if c.isprintable() else repr(c)[1:-1] for c in cut) + "'"


def starred(text: str, secrets: Iterable[str]) -> str:
    """Return a text with stars for every secret that stands in it; what is shorter than four characters is no secret.

    What has line ends is starred line by line, because that is how others repeat it.
    """
    pieces = {piece for secret in secrets for piece in (secret, *secret.split("\n"))}
    for piece in sorted(pieces, key=len, reverse=True):
        if len(piece) >= _SHORTEST and piece in text:
            text = text.replace(piece, MASK)
    return text


def echoed(text: str, secret: str, most: int = _LONGEST) -> str:
    """Return what somebody said who was told a secret: in one line, cut, and without any piece of the secret.

    Eight characters are a piece: an echo may be cut anywhere, or have some of the characters escaped.

    Args:
        text: What was said.
        secret: What was told.
        most: How much of it is shown, in characters.
    """
    import re

    line = " ".join(starred(text[:_READ], [secret]).split())
    pieces = {secret[at : at + _PIECE] for at in range(len(secret) - _PIECE + 1)}
    visible = list(line)
    for at in range(len(line) - _PIECE + 1):
        if line[at : at + _PIECE] in pieces:
            visible[at : at + _PIECE] = ["\0"] * _PIECE
    words = re.sub("\0+", MASK, "".join(visible))
    return words if len(words) <= most else f"{words[:most]}..."
