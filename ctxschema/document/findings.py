"""A page for each code of findings, and their index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from ctxschema.consumers.table import BY_ID, CONSUMERS
from ctxschema.core.codes import TABLE, boot, context, declaration, gpu, imported, outputs, stations
from ctxschema.core.codes.code import Code
from ctxschema.core.sentences import sentence
from ctxschema.core.source import SourceText
from ctxschema.document.markdown import anchor, code, count, escape, fence, link, page, table
from ctxschema.document.variables import code_link
from ctxschema.lint.linter import lint_text
from ctxschema.lint.selection import ALL, Selection
from ctxschema.report.text import finding_lines

_LANGUAGES = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".sh": "bash"}
_SAID_BY = {
    boot: "The boot agent and `ctxschema boot` say it.",
    context: "A boot says it, and `ctxschema validate` before one.",
    declaration: "Every command that reads a declaration says it.",
    gpu: "`ctxschema gpu check` says it, and a boot that runs the checks.",
    imported: "`ctxschema import` says it.",
    outputs: "`ctxschema generate`, `drift` or `diff` says it.",
    stations: "`ctxschema explain` says it of an answer.",
}
"""Who says what is declared in a module of codes; what stands in the others is said by ``ctxschema lint``."""

_LONGEST_EXAMPLE = 40
_EVERYTHING = Selection(select=frozenset({ALL}))


@frozen
class Example:
    """A file with a finding, or one that avoids it.

    Args:
        name: The name of the file.
        text: Its content.
    """

    name: str
    text: str

    @property
    def fenced(self) -> str:
        """The file as a block of code."""
        suffix = self.name[self.name.rfind(".") :]
        return fence(self.text, _LANGUAGES.get(suffix, "text"))


@frozen
class Examples:
    """The examples of one code.

    Args:
        bad: Files that have the finding.
        good: The same files without it.
    """

    bad: Sequence[Example] = ()
    good: Sequence[Example] = ()


def index() -> str:
    """Return the index of all codes."""
    rows = ((code_link(each.id, ""), code(each.name), each.severity.value, escape(each.reason)) for each in TABLE)
    return page(
        "Findings",
        f"{count(len(TABLE), 'kind')} of findings. An error stops something or makes it wrong; a warning is shown or "
        "sent differently by somebody; info is worth knowing. `ctxschema codes` prints the same table.",
        table(("code", "name", "severity", "why anybody should care"), rows),
    )


def code_page(each: Code, examples: Examples | None = None) -> str:
    """Return the page of one code."""
    return page(
        f"{each.id} {each.name}",
        f"**{each.severity.value}**: {escape(sentence(each.reason))}",
        f"Repair: {escape(sentence(each.repair))}",
        *_when(each),
        *_consumers(each),
        *(_examples(each, examples) if examples else ()),
        f"{_said_by(each)} {link('All findings', 'index.md')}.",
    )


def said_outside_lint(each: Code) -> str | None:
    """Return who says a finding, in a sentence; None if `ctxschema lint` does."""
    return next((said for module, said in _SAID_BY.items() if each in vars(module).values()), None)


def _said_by(each: Code) -> str:
    return said_outside_lint(each) or f"`ctxschema lint --ignore {each.id} PATH...` leaves it out."


def _when(each: Code) -> Iterator[str]:
    if each.since:
        yield f"It hurts from OpenNebula {each.since} on."
    if not each.default:
        yield f"It is off by default: `ctxschema lint --extend-select {each.id} PATH...` asks for it."


def _consumers(each: Code) -> Iterator[str]:
    if not each.consumers:
        if said_outside_lint(each) is None:
            yield "It hurts everybody alike."
        return
    yield "## Whom it hurts"
    rows = (
        (link(escape(BY_ID[found.id].name), f"../consumers.md#{anchor(found.id)}"), each.consumers[found.id].value)
        for found in CONSUMERS
        if found.id in each.consumers
    )
    yield table(("consumer", "how badly"), rows)


def _examples(each: Code, examples: Examples) -> Iterator[str]:
    for example in examples.bad:
        found = [f for f in lint_text(SourceText(example.text, example.name), _EVERYTHING) if f.code == each.id]
        if found and len(example.text.splitlines()) <= _LONGEST_EXAMPLE:
            yield "## An example that has it"
            yield example.fenced
            yield "What `ctxschema lint` says of it:"
            yield fence("\n".join(line for finding in found for line in finding_lines(finding)))
            break
    for example in examples.good:
        if len(example.text.splitlines()) <= _LONGEST_EXAMPLE:
            yield "## The same without it"
            yield example.fenced
            break
