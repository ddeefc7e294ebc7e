"""What the agent's file has under the name ``attrs``: the little that is left of it once its classes are written out.

`ctxschema.generate.expand` writes them out, and leaves in ``__attrs_attrs__`` a tuple for each field: its name, that of
its argument, whether it is an argument, and whether or how it is shown.
"""

from __future__ import annotations

from typing import Any


class _Nothing:
    """What stands for an argument that was not given."""

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING = _Nothing()
Factory = define = frozen = field = None
"""Imported by the modules, and used by none of them any more."""


class FrozenInstanceError(AttributeError):
    """Something tried to change what does not change."""


def evolve(inst: Any, **changes: Any) -> Any:
    """Return a copy with other values."""
    for name, argument, given, _ in inst.__attrs_attrs__:
        if given and argument not in changes:
            changes[argument] = getattr(inst, name)
    return inst.__class__(**changes)


def asdict(inst: Any) -> dict[str, Any]:
    """Return the fields as plain data, those of the fields' own values, too."""
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
    """Return how something is shown; what is not to be seen is not."""
    if id(self) in _shown:
        return "..."
    _shown.add(id(self))
    try:
        told = [
            f"{name}={(repr if shown is True else shown)(getattr(self, name))}"
            for name, _, _, shown in self.__attrs_attrs__
            if shown
        ]
    finally:
        _shown.remove(id(self))
    return f"{self.__class__.__qualname__.rsplit('>.', 1)[-1]}({', '.join(told)})"


def refuse(*_: Any) -> None:
    """Change nothing."""
    raise FrozenInstanceError("can't set attribute")


def state(self: Any) -> dict[str, Any]:
    """Return what a copy is made of."""
    return {name: getattr(self, name) for name, *_ in self.__attrs_attrs__}


def restore(self: Any, values: dict[str, Any]) -> None:
    """Take over what a copy is made of."""
    for name, value in values.items():
        object.__setattr__(self, name, value)
