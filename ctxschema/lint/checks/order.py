"""Checks of INPUTS_ORDER against the inputs. Source: docs/facts/opennebula.md, section 4.1."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ctxschema.core import codes
from ctxschema.core.finding import Edit, Finding
from ctxschema.core.later import later
from ctxschema.core.names import Suggestions
from ctxschema.core.secret import quoted
from ctxschema.core.source import Position, SourceText, Span
from ctxschema.grammar.types import RUBY_BLANKS
from ctxschema.lint.checks.capacity import CAPACITY
from ctxschema.lint.document import Section

_NAME = later(r"[A-Z0-9_]+\Z")
_MOST_REPORTED = 100
"""The greatest number of names with a finding of the same kind that are reported one by one."""
_ITEM = later(r"[^,]+")


def order(section: Section) -> Iterator[Finding]:
    """Yield the findings about INPUTS_ORDER."""
    wanted = list(dict.fromkeys(each.key for each in section.inputs))
    if section.order is None or not section.order.text.strip():
        # If the order as written is alphabetical, Sunstone shows the same.
        shown = sorted(wanted)
        differ = [at for at, name in enumerate(shown) if name != wanted[at]]
        if differ:
            message = f"no INPUTS_ORDER: users are asked for {shown[differ[0]]} before {wanted[differ[0]]}"
            repair = f'write INPUTS_ORDER = "{_cut(",".join(wanted))}"'
            yield codes.ORDER_MISSING.at(message, variable="INPUTS_ORDER", position=section.position, repair=repair)
        return
    source = section.order
    items = [_trimmed(match) for match in _ITEM.finditer(source.text)]
    folded = [name.upper() for name, _ in items]
    known, named = dict.fromkeys(wanted), dict.fromkeys(folded)
    meant = inputs_meant(named, known)
    left_out = [name for name in wanted if name not in named and name not in CAPACITY]
    written = list(dict.fromkeys((*meant.values(), *left_out)))
    # A text that is not a name might be split or joined when it is written into a list.
    edits = (Edit(_with_blanks(source), ",".join(written)),) if all(map(_NAME.match, written)) else ()
    yield from _names(source, items, known, meant, edits)
    repeated = [name for name, count in Counter(folded).items() if count > 1]
    empty = len(items) != source.text.count(",") + 1 or "" in folded
    if repeated or empty:
        message = f"INPUTS_ORDER names {repeated[0]} more than once" if repeated else "INPUTS_ORDER has an empty name"
        where = source.at(0, len(source.text))
        yield codes.ORDER_REPEATED.at(message, variable="INPUTS_ORDER", position=where, edits=edits)
    if left_out:
        message = f"INPUTS_ORDER leaves out {_cut(', '.join(left_out))}"
        where = source.at(0, len(source.text))
        yield codes.ORDER_INCOMPLETE.at(message, variable=left_out[0], position=where, edits=edits)


def inputs_meant(named: Iterable[str], inputs: Collection[str]) -> dict[str, str]:
    """Return the input that each name in INPUTS_ORDER means, in the order of the names.

    A name that is no input means the most similar input that no name means yet. A name without one is left out.

    Args:
        named: The names, in upper case.
        inputs: The names of the inputs, in upper case.
    """
    named = dict.fromkeys(named)
    left_out = {name for name in inputs if name not in named}
    meant: dict[str, str] = {}
    near = Suggestions([name for name in inputs if name in left_out])
    for name in named:
        found = name if name in inputs else near.nearest(name)
        if found in left_out:
            left_out.remove(found)
            meant[name] = found
        elif name in inputs:
            meant[name] = name
    return meant


def _names(
    source: SourceText,
    items: Sequence[tuple[str, Span]],
    known: Collection[str],
    meant: Mapping[str, str],
    edits: tuple[Edit, ...],
) -> Iterator[Finding]:
    """Yield a finding for each wrong name, and finally one about the number of further ones."""
    near = Suggestions(known)
    counts: Counter[str] = Counter()
    for name, span in items:
        key = name.upper()
        code = codes.ORDER_UNKNOWN if key not in known and name else codes.ORDER_CASE if name != key else None
        if code is None:
            continue
        counts[code.id] += 1
        where = source.span(span)
        if counts[code.id] > _MOST_REPORTED:
            continue
        if code is codes.ORDER_UNKNOWN:
            instead = meant.get(key)
            hint = f"; did you mean {instead}?" if instead else near(name)
            message = f"INPUTS_ORDER names {quoted(name)}, which is no input{hint}"
            repair = f"write {instead}" if instead else codes.ORDER_UNKNOWN.repair
            yield codes.ORDER_UNKNOWN.at(message, variable=name, position=where, edits=edits, repair=repair)
        else:
            message = f"INPUTS_ORDER has {quoted(name)}, and the server folds the input to {key}"
            yield codes.ORDER_CASE.at(message, variable=key, position=where, edits=edits, repair=f"write {key}")
    for code in (codes.ORDER_UNKNOWN, codes.ORDER_CASE):
        if counts[code.id] > _MOST_REPORTED:
            message = (
                f"INPUTS_ORDER has {counts[code.id] - _MOST_REPORTED:,} more names of which the same is to be said"
            )
            yield code.at(message, variable="INPUTS_ORDER", position=source.at(0, len(source.text)), edits=edits)


def _with_blanks(order: SourceText) -> Position:
    """Return the place of a whole text, with the blanks around it that the server trims off."""
    untrimmed = order.parent
    whole = order if untrimmed is None or untrimmed.text.strip(" \t") != order.text else untrimmed
    return whole.at(0, len(whole.text))


def _trimmed(match: re.Match[str]) -> tuple[str, Span]:
    """Return a name without the blanks around it, and its place."""
    name = match.group().strip(RUBY_BLANKS)
    start = match.end() - len(match.group().lstrip(RUBY_BLANKS))
    return name, Span(start, start + len(name))


def _cut(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]}..."
