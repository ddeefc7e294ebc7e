"""The pages of the troubleshooting table, which begin with the rows that the work plan names."""

from __future__ import annotations

from collections.abc import Iterator

from ctxschema.document.checks import CHECK_PAGES
from ctxschema.document.markdown import code, count, escape, escape_prose, link, page, table
from ctxschema.gpu.registry import CHECKS
from ctxschema.gpu.troubles import PLANNED, PROGRAMS, TROUBLES
from ctxschema.model.trouble import Program, Trouble
from ctxschema.report.troubles import Row, general, heading, rows_of, section

_MOST_MESSAGES = 4
"""How many messages of an entry are shown; the others are variants of the same message."""


TROUBLES_PAGE = "gpu-troubleshooting.md"


def troubles_pages(see_also: str) -> dict[str, str]:
    """Return the index of the entries and the page of each program that prints messages: file name to Markdown."""
    pages = {TROUBLES_PAGE: page("GPU troubleshooting", *_index(here=TROUBLES_PAGE), see_also)}
    for program, entries in _by_program():
        pages[_program_page(program)] = page(
            heading(program), *_program(program, entries), f"{link('All programs', TROUBLES_PAGE)}."
        )
    return pages


def troubles_index() -> Iterator[str]:
    """Yield a table that links to the entries. Its rows have the anchors to which reports refer."""
    return _index(here="")


def _index(here: str) -> Iterator[str]:
    known = {trouble.id: trouble for trouble in TROUBLES}
    whole = "" if here else f" {link('A page', TROUBLES_PAGE)} has the same by itself."
    yield f"{count(len(TROUBLES), 'entry', 'entries')}. {_ASK}{whole} The usual four:"
    yield table(
        ("symptom", "likely cause", "fix", "what belongs to it"),
        (_planned(rows_of(known[name])[0]) for name in PLANNED),
    )
    yield "All of them, by the program that prints the message:"
    rows = (
        (
            f'<a id="{section(program)}"></a>{link(heading(program), _program_page(program))}',
            escape(program.where),
            str(len(entries)),
        )
        for program, entries in _by_program()
    )
    yield table(("messages", "printed in", "entries"), rows)


def _program_page(program: Program) -> str:
    return f"gpu-{section(program)}.md"


_ASK = (
    "`ctxschema gpu troubleshoot 'what you see'` finds those of an error message, a symptom or a whole log, and ends "
    "with 1 where no entry fits, as for a log that is well."
)


def _by_program() -> Iterator[tuple[Program, list[Trouble]]]:
    for program in PROGRAMS:
        entries = [trouble for trouble in TROUBLES if trouble.program == program]
        if entries:
            yield program, entries


def _planned(row: Row) -> tuple[str, ...]:
    advice = ". ".join(text[:1].upper() + text[1:] for text in (row.more, f"how to tell: {row.tell}") if text)
    return tuple(map(escape_prose, (row.trouble.symptom, row.cause.cause, row.fix, f"{advice}.")))


def _program(program: Program, entries: list[Trouble]) -> Iterator[str]:
    yield f"Printed in: {escape(program.where)}. Each row after a message's first is another cause of the same."
    yield table(
        ("what is seen", "likely cause", "it is this one if", "fix", "source"),
        (_cells(row) for trouble in entries for row in rows_of(trouble)),
    )


def _cells(row: Row) -> tuple[str, ...]:
    trouble = row.trouble
    first = row.rank == 1
    fix = f"{row.fix}; {row.more}" if row.more else row.fix
    check = f" ({link(row.check, f'{_page_of(row.check)}#{row.check}')})" if row.check else ""
    return (
        _seen(trouble) if first else "",
        escape_prose(row.cause.cause) + check,
        escape_prose(row.tell),
        escape_prose(fix),
        escape(trouble.source) if first else "",
    )


def _page_of(check: str) -> str:
    layer = next(layer for layer, found in CHECKS.items() if any(each.id == check for each in found))
    return CHECK_PAGES[layer]


def _seen(trouble: Trouble) -> str:
    shown = trouble.says[:_MOST_MESSAGES]
    return "\n".join((f"**{escape_prose(trouble.symptom)}**", *(code(general(message)) for message in shown)))
