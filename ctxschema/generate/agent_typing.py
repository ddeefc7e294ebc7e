"""What the agent's file has in the place of Python's ``typing``: names that hold nothing, because nothing asks them."""

from __future__ import annotations

TYPE_CHECKING = False
Any = NoReturn = TextIO = TypeAlias = object


class Generic:
    """A base that takes parameters and forgets them."""

    __slots__ = ()

    def __class_getitem__(cls, _: object) -> object:
        return cls


Protocol = Generic


def TypeVar(*_: object) -> None:  # noqa: N802 - as in ``typing``
    """Return nothing: a parameter is forgotten."""


def overload(function: object) -> object:
    """Return the function, which the one that follows replaces."""
    return function
