"""Kinds and values of a declaration as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxschema.core.secret import Secret, quoted
from ctxschema.declaration.document import BareWord
from ctxschema.model import kinds
from ctxschema.model.kinds import Kind

_DECLARED: tuple[Kind[Any], ...] = tuple(kind for kind in vars(kinds).values() if isinstance(kind, Kind))

KINDS: Mapping[str, Kind[Any]] = {
    f"secret-{kind.name}" if kind.secret and kind is not kinds.PASSWORD else kind.name: kind for kind in _DECLARED
}
"""The kinds by their names in a declaration: those of the USER_INPUTS types, and ``secret-text64``."""


def kind_name(kind: Kind[Any]) -> str:
    """Return the name of a kind in a declaration."""
    return next(name for name, each in KINDS.items() if each is kind)


class YesOrNo(str):
    """A boolean in OpenNebula's spelling: YES or NO."""

    __slots__ = ()


def bare_message(text: str) -> str:
    """Return what is wrong with an unquoted text."""
    return f"{quoted(text)} stands without quotes, and may be read as something else than text"


def value_of(kind: Kind[Any], data: Any) -> Any:
    """Return the value of a variable that data declares.

    Args:
        kind: The kind of the variable.
        data: The data.

    Raises:
        ValueError: It is not a value of the kind; the message is a whole sentence.
    """
    if kind is kinds.BOOLEAN:
        return data if isinstance(data, bool) else _parsed(kind, _text(data, kind))
    if kind in (kinds.NUMBER, kinds.RANGE):
        if type(data) is int:
            return data
        raise ValueError(f"{_shown(data)} is no integer, and {kind.name} takes one")
    if kind in (kinds.NUMBER_FLOAT, kinds.RANGE_FLOAT):
        if type(data) in (int, float):
            return data
        raise ValueError(f"{_shown(data)} is no number, and {kind.name} takes one")
    if kind is kinds.LIST_MULTIPLE and isinstance(data, list):
        return tuple(_text(item, kind) for item in data)
    if isinstance(data, BareWord):
        raise BareWordError(data)
    return kind.parse(_text(data, kind))


class BareWordError(ValueError):
    """An unquoted word stands where a text is meant."""

    def __init__(self, text: str) -> None:
        super().__init__(bare_message(text))


def _text(data: Any, kind: Kind[Any]) -> str:
    if isinstance(data, str):
        return data
    raise ValueError(f"{_shown(data)} is no text, and {kind.name} takes one")


def _parsed(kind: Kind[Any], text: str) -> Any:
    try:
        return kind.parse(text)
    except ValueError as error:
        raise ValueError(f"{quoted(text)} {error}") from None


def _shown(data: Any) -> str:
    return quoted(data) if isinstance(data, str) else str(data)


def value_data(kind: Kind[Any], value: Any) -> Any:
    """Return a value of a variable as data."""
    if kind is kinds.BOOLEAN:
        return YesOrNo(kind.format(value))
    if isinstance(value, Secret):
        return value.reveal()
    return list(value) if isinstance(value, tuple) else value
