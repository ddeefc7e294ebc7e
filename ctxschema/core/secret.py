"""Values that must not be shown, and how a value is shown where it may be."""

from __future__ import annotations

MASK = "********"
_LONGEST = 120


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
