"""Secret values, and the forms in which messages show values."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "********"
_LONGEST = 120
_SHORTEST = 4
_MOST_SAID = 200
LEFT_OUT = " ... "
"""What stands in a shortened text for its middle."""
_PIECE = 8
_READ = 4096
_SECRET_NAME = re.compile(
    r"(?:^|_)(?:PASS|PASSWD|PASSWORD|PASSPHRASE|SECRET|TOKEN|API_?KEY|SECRET_KEY|SECRET_ACCESS_KEY|PRIVATE_KEY)\Z",
    re.IGNORECASE,
)


def names_secret(name: str) -> bool:
    """Say whether a name is one of a secret, judged by its last word: TOKEN_TTL and SECRET_NAME are not."""
    return bool(_SECRET_NAME.search(name))


class Secret:
    """A string whose ``str`` and ``repr`` are stars.

    It compares and hashes like the string. Only ``reveal`` returns the string itself.
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
    """Return a value for a message: stars for a secret, otherwise its first line, shortened if it is long."""
    if secret:
        return MASK if text else ""
    # The lines after the first may be other entries, even secrets, that belong to it because a quote is missing.
    line = text.partition("\n")[0]
    if line == text and len(text) <= _LONGEST:
        return text
    return f"{line[:_LONGEST]}... ({len(text)} characters)"


def quoted(text: str) -> str:
    r"""Return a value for use within a sentence: quoted, shortened, with ``\n`` for a line end and the like."""
    return "'" + "".join(each if each.isprintable() else repr(each)[1:-1] for each in shown(text)) + "'"


def starred(text: str, secrets: Iterable[str]) -> str:
    """Return a text with every secret replaced by stars. A secret of less than four characters is not replaced.

    A secret of several lines is replaced line by line, as others may repeat it with other line ends. The parts
    of a secret that `shortened` has cut are replaced, too.
    """
    pieces = {piece for secret in secrets for piece in (secret, *secret.split("\n"))}
    for piece in sorted(pieces, key=len, reverse=True):
        if len(piece) >= _SHORTEST and piece in text:
            text = text.replace(piece, MASK)
    parts = text.split(LEFT_OUT)
    for at in range(len(parts) - 1):
        for piece in pieces:
            parts[at] = _without_end(parts[at], piece)
            parts[at + 1] = _without_end(parts[at + 1][::-1], piece[::-1])[::-1]
    return LEFT_OUT.join(parts)


def _without_end(text: str, secret: str) -> str:
    """Return a text with stars for the beginning of a secret that `shortened` left at its end."""
    longest = min(len(secret) - 1, len(text))
    kept = next((n for n in range(longest, _SHORTEST - 1, -1) if text.endswith(secret[:n])), 0)
    return text[: len(text) - kept] + MASK if kept else text


def shortened(text: str) -> str:
    """Return a text of at most 200 characters: a program says at the beginning what failed, and at the end why.

    What is left out stands as ``LEFT_OUT``, on both sides of which `starred` looks for half a secret.
    """
    half = (_MOST_SAID - len(LEFT_OUT)) // 2
    return text if len(text) <= _MOST_SAID else f"{text[:half]}{LEFT_OUT}{text[-half:]}"


def echoed(text: str, secret: str, most: int = _LONGEST) -> str:
    """Return the reply of a program that was given a secret: in one line, shortened, without any part of the secret.

    A part is any eight characters in a row, since the reply may cut the secret anywhere or escape some characters.

    Args:
        text: The reply.
        secret: The secret.
        most: The greatest length of the result, in characters.
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
