"""The values of a context that are valid, by variable, with their types and origins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, overload

from ctxschema.core.errors import NoValueError
from ctxschema.model.variable import Variable

if TYPE_CHECKING:
    from ctxschema.model.gpu_request import GpuRequest

T = TypeVar("T")


class Values(Mapping[Any, Any]):
    """The valid values of an appliance's variables.

    ``values[FL_GPU_ENABLED]`` has the type that the variable declares, ``bool``. ``values["FL_GPU_ENABLED"]`` gives the
    same value by name, with the type ``Any``. A variable whose value failed, or that has none, is not in the mapping.

    Args:
        values: The values by name.
        origins: Where each value came from, by name, except for defaults.
        gpu: The GPU request of the appliance.
    """

    def __init__(self, values: Mapping[str, Any], origins: Mapping[str, str], gpu: GpuRequest | None = None) -> None:
        self._values = dict(values)
        self._origins = dict(origins)
        self.gpu = gpu

    def also(self, more: Mapping[str, Any]) -> Values:
        """Return these values with others added by name; the others win where both have a name."""
        return Values({**self._values, **more}, self._origins, self.gpu)

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
        """Say whether a value was given explicitly, rather than taken from the default."""
        return _name(key) in self._origins

    def __repr__(self) -> str:
        return f"<Values of {len(self)} variables>"


def _name(key: Variable[Any] | str) -> str:
    return key if isinstance(key, str) else key.name
