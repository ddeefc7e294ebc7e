"""Comparing two releases of an appliance, for those who have deployed the earlier one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from operator import gt, lt
from typing import Any

from attrs import evolve

from ctxschema.core import codes
from ctxschema.core.finding import Finding, Severity

Data = dict[str, Any]

_WIDER = {("number", "number-float"), ("range", "range-float"), ("list", "text"), ("range", "number"),
          ("range-float", "number-float"), ("fixed", "text"), ("boolean", "text")}  # fmt: skip
"""Pairs of kinds of which the second accepts every text that the first accepts, limits aside."""


def compare(old: Data, new: Data) -> list[Finding]:
    """Return findings about the changes between two releases, the worst first.

    Args:
        old: The earlier release, as ``release_data`` returns it.
        new: The later release, likewise.
    """
    findings = [*_variables(old["variables"], new["variables"]), *_rules(old, new)]
    # A wider limit or a further option asks nothing of those who have deployed the appliance.
    findings = [
        evolve(each, repair=None) if each.code in {codes.ADDED.id, codes.WIDENED.id} else each for each in findings
    ]
    return sorted(findings, key=lambda finding: finding.severity.rank)


def _variables(old: dict[str, Data], new: dict[str, Data]) -> Iterator[Finding]:
    renamed = _renamed(old, new)
    for name, before in old.items():
        if name in new:
            yield from _changes(name, before, new[name])
        elif name in renamed:
            message = f"{name} is called {renamed[name]} now"
            yield codes.RENAMED.at(message, variable=name, repair=f"set {renamed[name]}; {codes.RENAMED.repair}")
            yield from _changes(renamed[name], before, new[renamed[name]])
        else:
            announced = before["deprecated"]
            announcement = f", as announced since {announced['since']}" if announced else ""
            instead = f"; {announced['instead']} replaces it" if announced and announced["instead"] else ""
            yield codes.REMOVED.at(f"{name} is gone{announcement}{instead}", variable=name)
    for name, after in new.items():
        if name in old or name in renamed.values():
            continue
        if after["mandatory"] and not after["has_default"]:
            yield codes.NEWLY_MANDATORY.at(f"{name} is new and has to be set", variable=name)
        else:
            yield codes.ADDED.at(f"{name} is new", variable=name)


def _renamed(old: dict[str, Data], new: dict[str, Data]) -> dict[str, str]:
    """Find renamed variables: those that are asked for in the same words."""
    gone, added = [name for name in old if name not in new], [name for name in new if name not in old]
    found: dict[str, str] = {}
    for name in gone:
        before = old[name]
        for candidate in added:
            after = new[candidate]
            same = all(before[key] == after[key] for key in ("label", "kind", "options"))
            if same and candidate not in found.values():
                found[name] = candidate
                break
    return found


def _changes(name: str, old: Data, new: Data) -> Iterator[Finding]:
    yield from _kind(name, old, new)
    yield from _options(name, old["options"], new["options"])
    yield from _limits(name, old["limits"], new["limits"])
    yield from _default(name, old, new)
    if new["mandatory"] and not old["mandatory"]:
        severity = Severity.WARNING if new["has_default"] else None
        yield codes.NEWLY_MANDATORY.at(f"{name} has to be given now", variable=name, severity=severity)
    if old["effective"] != new["effective"]:
        message = f"{name} has an effect {_when(new['effective'])}, and had one {_when(old['effective'])}"
        yield codes.NARROWED.at(message, variable=name, severity=Severity.WARNING)
    if new["deprecated"] and not old["deprecated"]:
        instead = new["deprecated"]["instead"]
        replacement = f"; {instead} replaces it" if instead else ""
        yield codes.NEWLY_DEPRECATED.at(
            f"{name} is deprecated since {new['deprecated']['since']}{replacement}", variable=name
        )


def _when(words: str | None) -> str:
    return f"only when {words}" if words else "at all times"


def _kind(name: str, old: Data, new: Data) -> Iterator[Finding]:
    if old["kind"] == new["kind"]:
        return
    message = f"{name} was a {old['kind']} and is a {new['kind']}"
    code = codes.WIDENED if (old["kind"], new["kind"]) in _WIDER else codes.NARROWED
    yield code.at(message, variable=name)


def _options(name: str, old: list[str], new: list[str]) -> Iterator[Finding]:
    gone, added = [each for each in old if each not in new], [each for each in new if each not in old]
    if gone and new:
        yield codes.NARROWED.at(f"{name} does not take {', '.join(gone)} any more", variable=name)
    if added and old:
        yield codes.WIDENED.at(f"{name} takes {', '.join(added)} too", variable=name)


def _default(name: str, old: Data, new: Data) -> Iterator[Finding]:
    if old["secret"] or new["secret"] or (old["default"], old["has_default"]) == (new["default"], new["has_default"]):
        return
    before, after = (_default_in_words(each) for each in (old, new))
    yield codes.DEFAULT_CHANGED.at(f"{name} was {before} where nobody sets it, and is {after}", variable=name)


def _default_in_words(data: Data) -> str:
    return (data["default"] or "empty") if data["has_default"] else "without a value"


def _limits(name: str, old: list[Data], new: list[Data]) -> Iterator[Finding]:
    for before, after in _pairs(old, new):
        if before == after:
            continue
        if not before:
            yield codes.NARROWED.at(f"{name} takes only {after['words']} now, and took any", variable=name)
        elif not after:
            yield codes.WIDENED.at(f"{name} took only {before['words']}, and takes any now", variable=name)
        else:
            fits = _fits(before, after)
            message = f"{name} took {before['words']}, and takes {after['words']}"
            if fits is None:
                yield codes.NARROWED.at(f"{message}; whether that is narrower cannot be told", variable=name)
            else:
                yield (codes.WIDENED if fits else codes.NARROWED).at(message, variable=name)


def _pairs(old: list[Data], new: list[Data]) -> Iterator[tuple[Data, Data]]:
    """Yield the limits of the same kind in pairs, with nothing in it where one release has no such limit."""
    left = list(new)
    for before in old:
        after: Data = next((each for each in left if each["is"] == before["is"]), {})
        if after:
            left.remove(after)
        yield before, after
    yield from (({}, after) for after in left)


def _fits(old: Data, new: Data) -> bool | None:
    """Say whether the new limit accepts everything that the old one accepted, or None if that cannot be decided."""
    if old["is"] == "Between":
        return _end_fits(old, new, "low", lt) and _end_fits(old, new, "high", gt)
    if old["is"] == "NoneOf":
        return set(new["values"]) <= set(old["values"])
    if old["is"] == "Matches":
        if old["pattern"] == new["pattern"]:
            return bool(old["longest"] <= new["longest"])
        return None if re.fullmatch(new["pattern"], old["example"]) else False
    accepted = {"OneOf": "options", "Pem": "accepted"}.get(old["is"])
    return None if accepted is None else set(old[accepted]) <= set(new[accepted])


def _end_fits(old: Data, new: Data, end: str, is_wider: Callable[[Any, Any], bool]) -> bool:
    before, after = old[end], new[end]
    if after is None or before is None:
        return after is None
    if before != after:
        return is_wider(after, before)
    return bool(new[f"{end}_included"] or not old[f"{end}_included"])


def _rules(old: Data, new: Data) -> Iterator[Finding]:
    for name, after in new["rules"].items():
        before = old["rules"].get(name)
        if before == after or after["severity"] != Severity.ERROR.value:
            continue
        about = after["about"]
        parts = (("when", after["when"]), ("unless", after["must"]))
        words = " ".join(f"{word} {condition}" for word, condition in parts if condition)
        if before is None:
            message = f"the rule {name} is new and refuses a context {words}"
        elif before["severity"] != after["severity"]:
            message = f"the rule {name} was a {before['severity']} and refuses a context now"
        else:
            message = f"the rule {name} has changed and refuses a context {words}"
        yield codes.NARROWED.at(message, variable=about, rule=name)
    for name, before in old["rules"].items():
        if name not in new["rules"] and before["severity"] == Severity.ERROR.value:
            yield codes.WIDENED.at(f"the rule {name} is gone", variable=before["about"], rule=name)
