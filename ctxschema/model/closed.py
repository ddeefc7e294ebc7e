"""Closed unions of all limits and of all conditions.

A function that treats each member ends in `assert_never`, so that mypy reports every place that lacks a new member.
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
from ctxschema.model.gpu_request import GpuUsed
from ctxschema.model.limits import Between, Limit, Matches, NoneOf, OneOf
from ctxschema.model.node_config import NodeConfig
from ctxschema.model.pem import Pem


@frozen
class Foreign:
    """A limit or a condition whose class is defined outside this package: it is judged, but no generator can write it.

    Args:
        name: The name of its class.
        words: The statement in words.
    """

    name: str
    words: str


KnownLimit = Between | Matches | NodeConfig | NoneOf | OneOf | Pem
AnyLimit = KnownLimit | Foreign
"""Every limit, with those that are defined elsewhere as `Foreign`."""

KnownLeaf = Compare | CompareRelease | GpuUsed | Is | IsOneOf | IsSet | Repeats
Leaf = KnownLeaf | Foreign
"""Every condition that contains no other condition."""

AnyCondition = AllOf | AnyOf | Not | Leaf
"""Every condition, with those that are defined elsewhere as `Foreign`."""


def closed_limit(limit: Limit) -> AnyLimit:
    """Return a known limit as it is, and any other as a `Foreign`."""
    return limit if isinstance(limit, KnownLimit) else Foreign(type(limit).__name__, limit.words)


def closed_condition(condition: Condition) -> AnyCondition:
    """Return a known condition as it is, and any other as a `Foreign`."""
    if isinstance(condition, AllOf | AnyOf | Not | KnownLeaf):
        return condition
    return Foreign(type(condition).__name__, condition.words)
