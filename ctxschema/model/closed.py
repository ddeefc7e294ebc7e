"""The limits and the conditions that there are, as closed unions.

Who has something to say of each of them ends in `assert_never`, so that a new one fails mypy at every generator that
does not know it.
"""

from __future__ import annotations

from attrs import frozen

from ctxschema.model.conditions import (
    AllOf,
    AnyOf,
    Compare,
    CompareRelease,
    Condition,
    Is,
    IsOneOf,
    IsSet,
    Not,
    Repeats,
)
from ctxschema.model.container import GpuUsed
from ctxschema.model.limits import Between, Limit, Matches, NoneOf, OneOf
from ctxschema.model.node_config import NodeConfig
from ctxschema.model.pem import Pem


@frozen
class Foreign:
    """A limit or a condition that somebody's own declaration defines: it is judged, and no generator knows it.

    Args:
        name: Its class.
        words: What it says.
    """

    name: str
    words: str


KnownLimit = Between | Matches | NodeConfig | NoneOf | OneOf | Pem
AnyLimit = KnownLimit | Foreign
"""Every limit."""

KnownLeaf = Compare | CompareRelease | GpuUsed | Is | IsOneOf | IsSet | Repeats
Leaf = KnownLeaf | Foreign
"""Every condition that has no others in it."""

AnyCondition = AllOf | AnyOf | Not | Leaf
"""Every condition."""


def closed_limit(limit: Limit) -> AnyLimit:
    """Return a limit as one of those that there are."""
    return limit if isinstance(limit, KnownLimit) else Foreign(type(limit).__name__, limit.words)


def closed_condition(condition: Condition) -> AnyCondition:
    """Return a condition as one of those that there are."""
    if isinstance(condition, AllOf | AnyOf | Not | KnownLeaf):
        return condition
    return Foreign(type(condition).__name__, condition.words)
