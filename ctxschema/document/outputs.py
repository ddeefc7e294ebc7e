"""The page of the outputs, with the beginning of an example of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxschema.document.markdown import code, count, escape, fence, page, table
from ctxschema.generate.registry import OUTPUTS, Output
from ctxschema.model.appliance import Appliance

_LANGUAGES = {".json": "json", ".yaml": "yaml", ".sh": "bash", ".tf": "terraform"}
_FIRST_LINES = 6


def outputs(appliances: Sequence[Appliance]) -> str:
    """Return the page; each output is shown for the first of the appliances that it can be made for."""
    rows = [
        (code(f"ctxschema generate {each.name}"), escape(each.summary), escape(each.about.value), code(each.file))
        for each in OUTPUTS
    ]
    return page(
        "What can be generated",
        f"{count(len(OUTPUTS), 'output')} of one declaration. `ctxschema generate all --out FOLDER` writes all of "
        "them, each under the name that stands here, and `--check` says what differs and how to repair it.",
        table(("command", "what it is", "for", "file"), rows),
        *(block for each in OUTPUTS for block in _output(each, appliances)),
    )


def _output(each: Output, appliances: Sequence[Appliance]) -> Iterator[str]:
    appliance = next(found for found in appliances if each.suits(found))
    lines = each.text(appliance).splitlines()
    shown = [line if len(line) <= 160 else f"{line[:157]}..." for line in lines[:_FIRST_LINES]]
    yield f"## {each.name}"
    yield escape(f"{each.summary} {each.help}")
    yield f"How that of {code(appliance.name)} begins, {count(len(lines), 'line')} in all:"
    yield fence("\n".join(shown), _LANGUAGES.get(each.file[each.file.rfind(".") :], "text"))
