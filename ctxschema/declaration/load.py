"""Reading a declaration: its syntax, its form and its meaning; every fault is a finding with its place."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.errors import DeclarationError
from ctxschema.core.files import read_text
from ctxschema.core.finding import Finding
from ctxschema.core.secret import quoted
from ctxschema.core.source import Position, SourceText
from ctxschema.declaration.document import BareWord, Path, Plain, read_plain
from ctxschema.declaration.hints import example, key_meant, word_meant
from ctxschema.declaration.include import included, refused_files
from ctxschema.declaration.structure import Fault, FaultsError, appliance_of
from ctxschema.model.appliance import Appliance

MOST_FAULTS = 100
"""The greatest number of faults of a declaration that are reported."""


def load_declaration(path: str | os.PathLike[str]) -> Appliance:
    """Return the appliance that a YAML, TOML or JSON file declares.

    Args:
        path: The path of the file; its suffix selects the format.

    Raises:
        FileError: The file cannot be read.
        DeclarationError: It does not declare an appliance; its findings are all faults with their places.
    """
    source = read_text(path)
    appliance, findings = read_declaration(source)
    if appliance is None:
        messages = [f"{finding.origin}: {finding.message}" for finding in findings]
        raise DeclarationError(f"{source.name} declares no appliance:", findings, messages)
    return appliance


def read_declaration(source: SourceText, *, includes: bool = True) -> tuple[Appliance | None, list[Finding]]:
    """Return the appliance that a text declares and no findings, or None and the findings.

    Args:
        source: The text.
        includes: Whether the files are read that it names under ``include``; where not, naming one is a finding.
    """
    plain = read_plain(source)
    if not plain.findings:
        plain.findings = included(plain) if includes else refused_files(plain)
    if plain.findings:
        return None, plain.findings
    findings = list(_form_findings(plain))
    if findings:
        return None, findings
    try:
        return appliance_of(plain.data), []
    except FaultsError as error:
        return None, [_finding(plain, fault) for fault in error.faults[:MOST_FAULTS]]


def _finding(plain: Plain, fault: Fault) -> Finding:
    variable = str(fault.path[1]) if fault.path[:1] == ("variables",) and fault.path[1:] else None
    whole = fault.path in plain.keys and len(fault.path) <= 2
    position = plain.key(fault.path) if whole else plain.place(fault.path)
    code = codes.DECLARATION_BARE if fault.bare else codes.DECLARATION_FAULT
    message = fault.message
    if variable and not message.startswith(variable):
        message = f"{variable}: {message}"
    repair = code.repair
    if (offered := _OFFERED.search(message)) is not None:
        repair = offered["repair"] or f"write {offered['name']}"
        message = message[: offered.start()] if offered["repair"] else message
    return code.at(message, variable=variable, position=position, repair=repair)


_OFFERED = re.compile(r"; (?:did you mean (?P<name>\S+)\?|(?P<repair>(?:write|leave|remove|encode|name) [^;]+))\Z")


# ---- the form ---------------------------------------------------------------------------------------------


def _form_findings(plain: Plain) -> Iterator[Finding]:
    """Yield findings where the document does not have the form that the schema demands."""
    if not isinstance(plain.data, dict):
        yield codes.DECLARATION_FORM.at(
            "a declaration is a mapping with the keys name and variables", position=plain.place(())
        )
        return
    from ctxschema.declaration.schema import appliance_schema

    validator = _validator()(appliance_schema())
    first_findings: dict[Path, Finding] = {}
    for error in validator.iter_errors(plain.data):
        for finding, path in _said(plain, _deepest(error)):
            first_findings.setdefault(path, finding)
    found = sorted(first_findings.values(), key=lambda finding: finding.position.start or 0 if finding.position else 0)
    yield from found[:MOST_FAULTS]


@cache
def _validator() -> Any:
    """Return a validator that does not accept a bare word as text, so that a finding can ask for quotes."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    types = Draft202012Validator.TYPE_CHECKER.redefine(
        "string", lambda _checker, value: isinstance(value, str) and not isinstance(value, BareWord)
    )
    return extend(Draft202012Validator, type_checker=types)  # type: ignore[no-untyped-call]


def _deepest(error: Any) -> Any:
    """Return the actual error where data fits none of several forms: that of the form which it resembles most."""
    while error.context:
        fitting = [each for each in error.context if not _of_another_type(each)]
        texts = [each for each in error.context if each.validator_value == "string"]
        per_form: dict[Any, list[Any]] = {}
        for each in fitting or texts or error.context[:1]:
            per_form.setdefault(each.schema_path[0], []).append(each)
        error = min(per_form.values(), key=_distance)[0]
    return error


def _of_another_type(error: Any) -> bool:
    """Say whether data has not even the type of a form, such as a text where the form is a mapping."""
    inner = bool(error.context) and all(map(_of_another_type, error.context))
    return not error.relative_path and (error.validator == "type" or inner)


def _distance(errors: list[Any]) -> tuple[int, int, int]:
    """Return how far data is from a form: how many keys the form does not know, how many faults, and their length."""
    unknown = [
        key
        for each in errors
        if each.validator == "additionalProperties"
        for key in each.instance
        if key not in each.schema["properties"]
    ]
    return len(unknown), len(errors), sum(len(each.message) for each in errors)


def _said(plain: Plain, error: Any) -> Iterator[tuple[Finding, Path]]:
    path: Path = tuple(error.absolute_path)
    where = _in_words(path)
    variable = str(path[1]) if path[:1] == ("variables",) and len(path) > 1 else None
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        patterns = error.schema.get("patternProperties", {})
        for key in error.instance:
            if key in known or any(re.search(pattern, key) for pattern in patterns):
                continue
            inner = (*path, key)
            wanted = f"the keys are {', '.join(known)}" if known else "a name has upper-case letters, digits and _"
            meant = key_meant(key, known)
            message = f"{where} has no key {quoted(key)}; {f'did you mean {meant}?' if meant else wanted}"
            repair = f"write {meant}" if meant else codes.DECLARATION_KEY.repair
            found = codes.DECLARATION_KEY.at(message, variable=variable, position=plain.key(inner), repair=repair)
            yield found, inner
        return
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        position = plain.key(path)
        yield (
            codes.DECLARATION_FORM.at(
                f"{where} has no {' and no '.join(missing)}", variable=variable, position=position, repair="write it"
            ),
            path,
        )
        return
    code, message, repair = _wrong(plain, error, path, where)
    yield code.at(message, variable=variable, position=plain.place(path), repair=repair), path


def _wrong(plain: Plain, error: Any, path: Path, where: str) -> tuple[Code, str, str]:
    """Return the code, the message and the repair for a value of another form."""
    value = error.instance
    wanted = _wanted(error)
    position = plain.place(path)
    written = value if isinstance(value, str) else _written(position) if path in plain.places else json.dumps(value)
    language = _LANGUAGES.get(os.path.splitext(position.source.name)[1].lower(), "YAML")
    if wanted == "text" and not isinstance(value, (str, list, dict)):
        what = {bool: "a boolean", int: "a number", float: "a number"}.get(type(value), "nothing")
        message = f"{where} is {written or 'empty'}, which is {what} to {language}, and text is meant"
        return codes.DECLARATION_BARE, message, f'write "{written}"'
    if isinstance(value, BareWord) and wanted == "text":
        message = f"{where} is {written}, which {language} may read as something else than text"
        return codes.DECLARATION_BARE, message, f'write "{written}"'
    shown = quoted(written) if isinstance(value, (str, int, float)) else _named(value)
    message = f"{where} is {shown}, and {wanted} is meant"
    instead = None
    if error.validator == "enum" and isinstance(value, str):
        instead = word_meant(value, [each for each in error.validator_value if isinstance(each, str)])
    elif error.validator == "type":
        instead = example(path, value, error.schema, language)
    return codes.DECLARATION_FORM, message, f"write {(instead or wanted).rstrip(',')}"


_LANGUAGES = {".toml": "TOML", ".json": "JSON"}


def _written(position: Position) -> str:
    if position.start is None or position.end is None:
        return ""
    return position.source.text[position.start : position.end]


_TYPES = {
    "string": "text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}


def _named(value: Any) -> str:
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else "empty"


def _wanted(error: Any) -> str:
    expected = error.validator_value
    match error.validator:
        case "type":
            wanted = _TYPES[expected]
        case "enum":
            wanted = f"one of {', '.join(each for each in expected if not isinstance(each, bool))}"
        case "const":
            wanted = str(expected)
        case "not":
            wanted = "a value, or no default at all,"
        case "pattern":
            wanted = {"^0[0-7]{3}$": 'permissions such as "0750"'}.get(expected, "the name of a variable")
        case "minItems" | "minProperties":
            wanted = "at least one entry"
        case "maxItems":
            wanted = f"at most {expected} entries"
        case "minimum":
            wanted = f"a number from {expected} up"
        case _:
            wanted = str(error.message)
    return wanted


def _in_words(path: Path) -> str:
    """Return a path in words: ``variables.FL_X.limits``, with indices from 1 in lists."""
    if not path:
        return "the declaration"
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)
