"""The module ``attrs`` of the agent's file, with the little that is needed once the classes are expanded.

`ctxschema.generate.expand` expands them, and sets ``__attrs_attrs__`` to a tuple for each field: its name, the name of
its argument, whether it is an argument, and whether or how ``repr`` shows it.
"""

from __future__ import annotations

from typing import Any


class _Nothing:
    """The value of an argument that was not given."""

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING = _Nothing()
Factory = define = frozen = field = None
"""Imported by the modules, but no longer used by them."""


class FrozenInstanceError(AttributeError):
    """An attempt to change a frozen object."""


def evolve(inst: Any, **changes: Any) -> Any:
    """Return a copy of an object with some values changed."""
    for name, argument, given, _ in inst.__attrs_attrs__:
        if given and argument not in changes:
            changes[argument] = getattr(inst, name)
    return inst.__class__(**changes)


def asdict(inst: Any) -> dict[str, Any]:
    """Return the fields as plain data, recursively."""
    return {name: _plain(getattr(inst, name)) for name, *_ in inst.__attrs_attrs__}


def _plain(value: Any) -> Any:
    if hasattr(value.__class__, "__attrs_attrs__"):
        return asdict(value)
    if isinstance(value, (tuple, list, set, frozenset)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    return value


_shown: set[int] = set()


def represent(self: Any) -> str:
    """Return the ``repr`` of an object; hidden fields are left out."""
    if id(self) in _shown:
        return "..."
    _shown.add(id(self))
    try:
        shown = [
            f"{name}={(repr if shown is True else shown)(getattr(self, name))}"
            for name, _, _, shown in self.__attrs_attrs__
            if shown
        ]
    finally:
        _shown.remove(id(self))
    return f"{self.__class__.__qualname__.rpartition('>.')[2]}({', '.join(shown)})"


def refuse(*_: Any) -> None:
    """Refuse a change, as ``__setattr__`` of a frozen class."""
    raise FrozenInstanceError("can't set attribute")


def state(self: Any) -> dict[str, Any]:
    """Return the fields of an object, as ``__getstate__``."""
    return {name: getattr(self, name) for name, *_ in self.__attrs_attrs__}


def restore(self: Any, values: dict[str, Any]) -> None:
    """Set the fields of a copy, as ``__setstate__``."""
    for name, value in values.items():
        object.__setattr__(self, name, value)
