"""INPUTS_ORDER against the inputs. Source: opennebula.md section 4.1."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ctxschema.core import codes
from ctxschema.core.finding import Edit, Finding
from ctxschema.core.names import Suggestions
from ctxschema.core.secret import quoted
from ctxschema.core.source import Span
from ctxschema.grammar.types import RUBY_BLANKS
from ctxschema.lint.checks.capacity import CAPACITY
from ctxschema.lint.document import Section

_NAME = re.compile(r"[A-Z0-9_]+\Z")
_ITEM = re.compile(r"[^,]+")


def order(section: Section) -> Iterator[Finding]:
    """Yield what is wrong with INPUTS_ORDER."""
    wanted = list(dict.fromkeys(each.key for each in section.inputs))
    if section.order is None or not section.order.text.strip():
        # Where the order as written is the alphabetical one, there is nothing to lose.
        if wanted != sorted(wanted):
            message = f"no INPUTS_ORDER: users are asked for {min(wanted)} first, and not for {wanted[0]}"
            repair = f'write INPUTS_ORDER = "{_cut(",".join(wanted))}"'
            yield codes.ORDER_MISSING.at(message, variable="INPUTS_ORDER", position=section.position, repair=repair)
        return
    source = section.order
    items = [(match.group().strip(RUBY_BLANKS), _trimmed(match)) for match in _ITEM.finditer(source.text)]
    folded = [name.upper() for name, _ in items]
    kept = [name for name in dict.fromkeys(folded) if name in wanted]
    left_out = [name for name in wanted if name not in kept and name not in CAPACITY]
    written = [*kept, *left_out]
    # What is no name cannot be told from two of them, once it stands in a list.
    edits = (Edit(source.at(0, len(source.text)), ",".join(written)),) if all(map(_NAME.match, written)) else ()
    near = Suggestions(wanted)
    for (name, span), key in zip(items, folded, strict=True):
        where = source.span(span)
        if key not in wanted and name:
            message = f"INPUTS_ORDER names {quoted(name)}, which is no input{near(name)}"
            yield codes.ORDER_UNKNOWN.at(message, variable=name, position=where, edits=edits)
        elif name != key:
            message = f"INPUTS_ORDER has {quoted(name)}, and the server folds the input to {key}"
            yield codes.ORDER_CASE.at(message, variable=key, position=where, edits=edits, repair=f"write {key}")
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


def _trimmed(match: re.Match[str]) -> Span:
    text = match.group()
    start = match.start() + len(text) - len(text.lstrip(RUBY_BLANKS))
    return Span(start, max(start, match.end() - len(text) + len(text.rstrip(RUBY_BLANKS))))


def _cut(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]}..."
