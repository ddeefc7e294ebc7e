"""The page about the consumers of USER_INPUTS and how each treats a definition."""

from __future__ import annotations

from collections.abc import Iterator

from ctxschema.consumers.table import CONSUMERS, TABLE, Accepts, Consumer
from ctxschema.document.markdown import anchor, code, count, escape, link, page, table

_WORDS = {Accepts.YES: "takes it", Accepts.PARTLY: "partly", Accepts.NO: "**refuses it**"}


def consumers() -> str:
    """Return the page."""
    heads = [link(escape(consumer.name), f"#{anchor(consumer.id)}") for consumer in CONSUMERS]
    rows = ((escape(row.subject), *(_WORDS[row.of(each).accepts] for each in CONSUMERS)) for row in TABLE)
    return page(
        "Who reads USER_INPUTS",
        f"{count(len(CONSUMERS), 'program')} of OpenNebula read a definition `flag|type|description|params|default`, "
        f"and they do not agree. {count(len(TABLE), 'row')} say what each makes of what is written; a definition is "
        "*portable* where every one of them takes it and gives the same value. `ctxschema explain DEFINITION` says the "
        "same of one definition of yours.",
        "## At a glance",
        table(("what is written", *heads), rows),
        *(block for consumer in CONSUMERS for block in _consumer(consumer)),
    )


def _consumer(consumer: Consumer) -> Iterator[str]:
    yield f"## {consumer.id}"
    yield f"**{escape(consumer.name)}** {escape(consumer.about)}. On our command line it is {code(consumer.id)}."
    rows = [
        (escape(row.subject), _WORDS[reading.accepts], escape(reading.makes))
        for row in TABLE
        if (reading := row.of(consumer)).makes
    ]
    if rows:
        yield table(("what is written", "verdict", "what it makes of it"), rows)
    yield "Everything else it takes as it stands."
