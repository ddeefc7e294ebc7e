"""Values that passed, by variable, with their types and their origins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, overload

from ctxschema.core.errors import NoValueError
from ctxschema.model.variable import Variable

if TYPE_CHECKING:
    from ctxschema.model.container import GpuRequest

T = TypeVar("T")


class Values(Mapping[Any, Any]):
    """The value of every variable that has one.

    ``values[FL_GPU_ENABLED]`` is a ``bool``, because the variable says so; ``values["FL_GPU_ENABLED"]`` is the
    same value for who has only the name. A variable whose value failed has none, and is not in here.

    Args:
        values: Name to value.
        origins: Name to where a value came from, for those that are not the default.
        gpu: How the appliance whose values these are asks for a GPU.
    """

    def __init__(self, values: Mapping[str, Any], origins: Mapping[str, str], gpu: GpuRequest | None = None) -> None:
        self._values = dict(values)
        self._origins = dict(origins)
        self.gpu = gpu

    def also(self, more: Mapping[str, Any]) -> Values:
        """Return these values and more of them, by name; one that is there already gives way."""
        return Values({**self._values, **more}, self._origins, self.gpu) if more else self

    @overload
    def __getitem__(self, key: Variable[T]) -> T: ...
    @overload
    def __getitem__(self, key: str) -> Any: ...
    def __getitem__(self, key: Variable[Any] | str) -> Any:
        name = _name(key)
        try:
            return self._values[name]
        except KeyError:
            raise NoValueError(f"{name} has no value: it is missing, wrong or not declared") from None

    def __contains__(self, key: object) -> bool:
        return isinstance(key, (Variable, str)) and _name(key) in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def origin(self, key: Variable[Any] | str) -> str:
        """Return where a value came from: ``file:line:column``, a source's name, or ``default``."""
        return self._origins.get(_name(key), "default")

    def is_set(self, key: Variable[Any] | str) -> bool:
        """Say whether a value was given, rather than taken from the default."""
        return _name(key) in self._origins

    def __repr__(self) -> str:
        return f"<Values of {len(self)} variables>"


def _name(key: Variable[Any] | str) -> str:
    return key if isinstance(key, str) else key.name
