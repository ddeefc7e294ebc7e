"""Reading a context from a file, standard input, the environment or a mapping."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from attrs import evolve

from ctxschema.context.context_sh import read_context_sh
from ctxschema.context.one_env import looks_like_one_env, read_one_env
from ctxschema.context.raw import RawContext, RawValue, character_findings, gather
from ctxschema.core import codes
from ctxschema.core.errors import CtxschemaError
from ctxschema.core.files import read_bytes
from ctxschema.core.finding import Finding
from ctxschema.core.source import Position, SourceText


def load_context(source: str | os.PathLike[str] | Mapping[str, Any], *, apart: bool = False) -> RawContext:
    """Return the context in a file, standard input, the environment or a mapping.

    Args:
        source: The path of a context.sh or a one_env, which are told apart by their content; ``-`` for standard input;
            ``os.environ``; or any mapping of names to text, numbers, booleans and None.
        apart: Whether to read the file in a separate process, so that a dead disk cannot block this one; see
            `read_bytes`.

    Returns:
        The texts with the places they came from. The file is parsed, and never sourced by a shell.

    Raises:
        FileError: The file cannot be read, or is larger than 16 MiB.
        CtxschemaError: A value of the mapping has another type.
    """
    if isinstance(source, Mapping):
        return _from_mapping(source)
    data = read_bytes(source, apart=apart)
    name = "<stdin>" if os.fspath(source) == "-" else os.fspath(source)
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    del data
    return read_context(SourceText(text, name, confidential=True))


def read_context(source: SourceText) -> RawContext:
    """Read the text of a context.sh or a one_env; see `load_context`."""
    one_env = looks_like_one_env(source.text)
    entries, findings = read_one_env(source) if one_env else read_context_sh(source)
    values, repeated = gather(entries, repeats_allowed=one_env)
    findings = [*findings, *repeated, *character_findings(source, entries)]
    broken = bool(findings) and not any(value.text is not None for value in values.values())
    if broken:
        findings = [_no_context(source, findings)]
    elif not entries and not findings:
        where = source.at(0, len(source.text))
        findings.append(codes.CONTEXT_EMPTY.at(f"{source.name} holds no variable", position=where))
    findings.sort(key=lambda finding: (finding.position.start or 0) if finding.position else 0)
    return RawContext("one_env" if one_env else "context.sh", values, tuple(findings), broken)


def _no_context(source: SourceText, findings: list[Finding]) -> Finding:
    """Return the single finding for a file in which no entry can be read."""
    first = min(findings, key=lambda finding: (finding.position.start or 0) if finding.position else 0)
    message = f"{source.name} is no context.sh and no one_env: not one entry in it can be read ({first.message})"
    # The first finding may name a variable, but the whole file is at fault.
    return evolve(first, message=message, variable=None)


def _from_mapping(mapping: Mapping[str, Any]) -> RawContext:
    form = "environment" if mapping is os.environ else "mapping"
    where = Position(SourceText("", name=form, confidential=True))
    return RawContext(form, {name: RawValue(_text(name, value), where) for name, value in mapping.items()})


def _text(name: object, value: object) -> str:
    if not isinstance(name, str):
        raise CtxschemaError(f"a context maps names to values, and {name!r} is no name")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "YES" if value else "NO"
    if isinstance(value, (str, int, float)):
        try:
            return str(value)
        except ValueError:
            raise CtxschemaError(f"the value of {name} is a number of too many digits") from None
    raise CtxschemaError(f"the value of {name} is a {type(value).__name__}; write text, a number or a boolean")
