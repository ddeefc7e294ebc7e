"""Joining differences that have one cause into one finding, such as 31 names with another prefix or 31 missing."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from statistics import mode

from attrs import define, evolve, field, frozen

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.source import Position

_MOST_NAMED = 8


@frozen
class Drift:
    """One difference.

    Attributes:
        finding: The finding about it.
        together: The message for several of its kind, with ``{n}`` for their number; empty to report each by itself.
    """

    finding: Finding
    together: str = ""


@define
class Renamed:
    """Names in a file that differ from declared names only in their prefix.

    Attributes:
        names: The name in the file, by the declared name, with its first position.
    """

    names: dict[str, tuple[str, Position]] = field(factory=dict)

    def add(self, name: str, declared: str, where: Position) -> None:
        """Add a name."""
        self.names.setdefault(declared, (name, where))

    def findings(self) -> Iterable[Finding]:
        """Yield one finding for each prefix."""
        groups: dict[tuple[str, str], list[tuple[str, str, Position]]] = {}
        for declared, (name, where) in self.names.items():
            pairs = zip(reversed(name), reversed(declared), strict=False)
            shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
            begins = name[: len(name) - shared], declared[: len(declared) - shared]
            groups.setdefault(begins, []).append((name, declared, where))
        for (here, there), group in groups.items():
            words = mode(name[len(here) :].partition("_")[0] for name, _, _ in group)
            names = [name for name, _, _ in group]
            said, declared = (f"{here}{words}_...", f"{there}{words}_...") if len(group) > 1 else group[0][:2]
            message = f"the appliance says {said}, the declaration {declared}: {_counted(len(group))}"
            places = [where for _, _, where in group]
            yield codes.DRIFT_NAMES.at(
                message, variable=group[0][1], position=places[0], value=", ".join(names), also=tuple(places[1:])
            )


def by_cause(drifts: Iterable[Drift], renamed: Renamed) -> list[Finding]:
    """Return the findings of one file, joined by cause, in the order of their places."""
    groups: dict[tuple[object, ...], list[Drift]] = {}
    for number, drift in enumerate(drifts):
        key = (drift.together, drift.finding.code, drift.finding.severity) if drift.together else (number,)
        groups.setdefault(key, []).append(drift)
    found = [_one(group) for group in groups.values()]
    return sorted([*found, *renamed.findings()], key=_place)


def _one(group: list[Drift]) -> Finding:
    first = group[0].finding
    if len(group) == 1:
        return first
    names = list(dict.fromkeys(name for drift in group if (name := drift.finding.variable)))
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    message = f"{group[0].together.format(n=_counted(len(names)))}: {', '.join(names[:_MOST_NAMED])}{more}"
    places = dict.fromkeys(drift.finding.position for drift in group if drift.finding.position is not None)
    code = next(code for code in codes.TABLE if code.id == first.code)
    others = tuple(place for place in places if place != first.position)
    return evolve(first, message=message, value=", ".join(names), also=others, repair=code.repair)


def _counted(count: int) -> str:
    return f"{count} name{'s' * (count != 1)}"


def _place(finding: Finding) -> int:
    return (finding.position.outermost.start or 0) if finding.position else 0
