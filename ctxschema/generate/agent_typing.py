"""The module ``typing`` of the agent's file: names without a function, as nothing uses them at run time."""

from __future__ import annotations

TYPE_CHECKING = False
Any = NoReturn = TextIO = TypeAlias = object


class Generic:
    """A base class whose parameters are ignored."""

    __slots__ = ()

    def __class_getitem__(cls, _: object) -> object:
        return cls


Protocol = Generic


def TypeVar(*_: object) -> None:  # noqa: N802 - as in ``typing``
    """Return nothing, as type parameters are ignored."""


def overload(function: object) -> object:
    """Return the function; the definition that follows replaces it."""
    return function
