"""The troubleshooting table: the plan's rows, and what each program prints."""

from __future__ import annotations

from collections.abc import Iterator

from ctxschema.document.markdown import code, count, escape, escape_prose, link, table
from ctxschema.gpu.troubles import PLANNED, PROGRAMS, TROUBLES
from ctxschema.model.trouble import Program, Trouble
from ctxschema.report.troubles import Row, general, heading, rows_of

_MOST_MESSAGES = 4
"""So many messages of an entry are shown; the others are spellings of the same."""


def troubleshooting() -> Iterator[str]:
    """Yield the blocks of the section."""
    known = {trouble.id: trouble for trouble in TROUBLES}
    yield "## Troubleshooting"
    yield (
        f"{count(len(TROUBLES), 'entry', 'entries')}; `ctxschema gpu troubleshoot 'what you see'` finds those of an "
        "error message, a symptom or a whole log, and says nothing of a log that is well. The usual four:"
    )
    yield table(
        ("symptom", "likely cause", "fix", "what belongs to it"),
        (_planned(rows_of(known[name])[0]) for name in PLANNED),
    )
    for program in PROGRAMS:
        entries = [trouble for trouble in TROUBLES if trouble.program == program]
        if entries:
            yield from _program(program, entries)


def _planned(row: Row) -> tuple[str, ...]:
    told = ". ".join(text[:1].upper() + text[1:] for text in (row.more, f"how to tell: {row.tell}") if text)
    return tuple(map(escape_prose, (row.trouble.symptom, row.cause.cause, row.fix, f"{told}.")))


def _program(program: Program, entries: list[Trouble]) -> Iterator[str]:
    yield f"### {heading(program)}"
    yield f"Printed in: {escape(program.where)}. Each row after a message's first is another cause of the same."
    yield table(
        ("what is seen", "likely cause", "it is this one if", "fix", "source"),
        (_cells(row) for trouble in entries for row in rows_of(trouble)),
    )


def _cells(row: Row) -> tuple[str, ...]:
    trouble = row.trouble
    first = row.rank == 1
    fix = f"{row.fix}; {row.more}" if row.more else row.fix
    check = f" ({link(row.check, f'#{row.check}')})" if row.check else ""
    return (
        _seen(trouble) if first else "",
        escape_prose(row.cause.cause) + check,
        escape_prose(row.tell),
        escape_prose(fix),
        escape(trouble.source) if first else "",
    )


def _seen(trouble: Trouble) -> str:
    shown = trouble.says[:_MOST_MESSAGES]
    return "\n".join((f"**{escape_prose(trouble.symptom)}**", *(code(general(message)) for message in shown)))
