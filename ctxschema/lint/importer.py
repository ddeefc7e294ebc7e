"""From an existing template to a Python module that declares the same inputs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence

from ctxschema.core import codes
from ctxschema.core.errors import FileError, UnknownNameError
from ctxschema.core.files import read_text
from ctxschema.core.quoting import comment, python_docstring, python_string
from ctxschema.core.secret import quoted
from ctxschema.lint.checks.secrets import SECRET_WORD
from ctxschema.lint.declaration import Declaration, declaration
from ctxschema.lint.document import Document, Entry, Input, Part, Section, Service
from ctxschema.lint.readers import read_named
from ctxschema.model.faults import name_problem
from ctxschema.model.texts import LABEL_HAZARDS, without_hazards

_NAME = re.compile(r"(?!XML)[A-Z_][A-Z0-9_]*\Z")


def import_file(path: str, name: str | None = None) -> str:
    """Return a Python module that declares the inputs of a template, a marketplace entry or a service.

    Args:
        path: The file.
        name: What the appliance is to be called; after the file if None.

    Returns:
        The text of the module, with a comment wherever something had to be guessed.

    Raises:
        FileError: The file cannot be read, or holds no inputs.
        UnknownNameError: No appliance can have that name.
    """
    if name is not None and (problem := name_problem(name)):
        raise UnknownNameError(f"{quoted(name)} is no name for an appliance: {problem}")
    source = read_text(path)
    document = read_named(source)
    inputs = [each for part in document.parts for each in _inputs(part)]
    if not inputs:
        message = f"there are no inputs in {source.name}"
        raise FileError(message, [codes.NOTHING_FOUND.at(message, position=source.at(0, 0)), *document.findings])
    stem = os.path.splitext(os.path.basename(source.name))[0].strip("<>")
    return _module(document, inputs, name or re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "appliance")


def _inputs(part: Part) -> Iterator[Input]:
    if isinstance(part, (Section, Service)):
        yield from part.inputs
    if isinstance(part, Service):
        for role in part.roles:
            yield from role.inputs


def _module(document: Document, inputs: Sequence[Input], name: str) -> str:
    declared: dict[str, Declaration] = {}
    remarks: list[str] = []
    for each in inputs:
        if not _NAME.match(each.key):
            remarks.append(f"{quoted(each.name)} is no name for a variable, and is left out.")
        elif each.key in declared:
            remarks.append(f"{each.key} stands twice; the first is declared.")
        else:
            declared[each.key] = declaration(each)
    for key in [key for key in declared if key.startswith("FL_") and key.removeprefix("FL_") in declared]:
        declared[key].arguments.append(f"input_name={python_string(key)}")  # short names are without the prefix
    infrastructure = list(_infrastructure(document, declared, remarks))
    limits = any("Between(" in argument for each in declared.values() for argument in each.arguments)
    file = os.path.basename(document.source.name)
    lines = [
        python_docstring(f"Declares {name}, imported from {file}."),
        "",
        "from ctxschema.model import kinds",
        f"from ctxschema.model.appliance import Appliance{', Infrastructure' * bool(infrastructure)}",
        *["from ctxschema.model.limits import Between"] * limits,
        "from ctxschema.model.variable import Variable",
        "",
        *(f"# {comment(remark)}" for remark in remarks),
        *(line for each in declared.values() for line in each.lines()),
        "",
        "APPLIANCE = Appliance(",
        f"    {python_string(name)},",
        f"    title={python_string(without_hazards(name, LABEL_HAZARDS))},",
        f"    summary={python_string(without_hazards(f'Imported from {file}.', LABEL_HAZARDS))},",
        "    variables=(",
        *(f"        {each.identifier}," for each in declared.values()),
        "    ),",
        *(["    infrastructure=(", *infrastructure, "    ),"] if infrastructure else []),
        ")",
    ]
    return "\n".join(lines) + "\n"


def _infrastructure(document: Document, declared: Mapping[str, Declaration], remarks: list[str]) -> Iterator[str]:
    """Yield the CONTEXT entries that are no inputs, as Python; what becomes of the others is a remark."""
    seen = {*declared, *(key.removeprefix("FL_") for key in declared)}
    for part in document.parts:
        for entry in (part.context or ()) if isinstance(part, Section) else ():
            if entry.key in seen:
                continue
            seen.add(entry.key)
            remark = _remark(entry, declared)
            if remark:
                remarks.append(remark)
            else:
                why = python_string("stands in the template that this was imported from")
                yield f"        Infrastructure({python_string(entry.key)}, {python_string(entry.value.text)}, {why}),"


def _remark(entry: Entry, declared: Mapping[str, Declaration]) -> str:
    text = entry.value.text
    if text.startswith("$") and text[1:].upper() in declared:
        return (
            f"CONTEXT hands {text[1:].upper()} over as {entry.key}; rename the variable where the machine reads that."
        )
    if not text.startswith("$") and SECRET_WORD.search(entry.key):
        return f"CONTEXT sets {entry.key}, a secret by its name, which is left out."
    if not _NAME.match(entry.key):
        return f"CONTEXT sets {quoted(entry.key)}, which is no name that it keeps, and is left out."
    return ""
