"""The persistent collections that jsonschema and referencing take from rpds, for the Python of a browser.

The package itself is Rust, and no registry has it compiled for one. Nothing here is shared between copies, which costs
time where many are made; a validator makes a few.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class HashTrieMap(dict[K, V]):
    """A mapping of which every change is a new one."""

    @classmethod
    def convert(cls, value: Any) -> HashTrieMap[K, V]:
        """Return the mapping of a mapping or of pairs."""
        return value if isinstance(value, cls) else cls(value)

    def insert(self, key: K, value: V) -> HashTrieMap[K, V]:
        """Return it with one value more."""
        return HashTrieMap({**self, key: value})

    def update(self, *others: Any, **more: Any) -> HashTrieMap[K, V]:  # type: ignore[override]
        """Return it with what others hold; what stands there already is replaced."""
        made: dict[K, V] = dict(self)
        for other in (*others, more):
            made.update(other)
        return HashTrieMap(made)

    def remove(self, key: K) -> HashTrieMap[K, V]:
        """Return it without a key.

        Raises:
            KeyError: It has no such key.
        """
        made = dict(self)
        del made[key]
        return HashTrieMap(made)


class HashTrieSet(frozenset[K]):
    """A set of which every change is a new one."""

    def insert(self, value: K) -> HashTrieSet[K]:
        """Return it with one member more."""
        return HashTrieSet(self | {value})

    def update(self, *others: Iterable[K]) -> HashTrieSet[K]:
        """Return it with the members of others."""
        return HashTrieSet(self.union(*others))

    def discard(self, value: K) -> HashTrieSet[K]:
        """Return it without a member, which it need not have."""
        return HashTrieSet(self - {value})


class List(tuple[K, ...]):
    """A list that grows at its beginning."""

    __slots__ = ()

    def push_front(self, value: K) -> List[K]:
        """Return it with one entry before the others."""
        return List((value, *self))


__all__ = ["HashTrieMap", "HashTrieSet", "List"]
