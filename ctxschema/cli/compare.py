"""``ctxschema drift`` and ``ctxschema diff``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from ctxschema.cli.appliances import FROM, appliance_argument, load_appliances, one_of, split_origin
from ctxschema.cli.output import FORMAT, end, print_findings, print_json
from ctxschema.core.errors import FileError, UnknownNameError
from ctxschema.core.finding import Finding, has_errors
from ctxschema.core.names import suggestion
from ctxschema.core.outside import json_value

if TYPE_CHECKING:
    from ctxschema.model.appliance import Appliance

_MOST_TOLD = 1000
"""How many findings are printed for people; nobody reads more."""


@click.command("drift")
@appliance_argument
@click.argument("paths", nargs=-1, metavar="PATH...")
@FORMAT
def drift_command(appliance: Appliance, paths: tuple[str, ...], form: str) -> None:
    """Compare an existing appliance with its declaration.

    Looks into every PATH (templates, marketplace entries, services, scripts, a README; a folder with all that is in
    it) for names that are used and not declared or declared and not used, and for other defaults, types and orders.
    """
    if not paths:
        raise click.UsageError("Missing argument 'PATH...'.")
    from ctxschema.lint.drift import drift
    from ctxschema.report.text import summary

    looked, findings = drift(appliance, paths)
    if form == "json":
        _print(findings, appliance=appliance.name, files=looked)
    else:
        print_findings(findings[:_MOST_TOLD], to_stderr=False)
        if len(findings) > _MOST_TOLD:
            click.echo(f"... and {len(findings) - _MOST_TOLD} more; --format json has them all")
        click.echo(f"{appliance.name}: {len(looked)} file{'s' * (len(looked) != 1)} compared: {summary(findings)}")
    end(findings)


@click.command("diff")
@click.argument("old")
@click.argument("new", required=False)
@FROM
@FORMAT
def diff_command(old: str, new: str | None, origin: str | None, form: str) -> None:
    """Say what a deployment would notice between two releases.

    OLD and NEW are each an appliance of the catalog, a file or module that declares one (.yaml, .toml, .json or .py,
    module.py:NAME or package:NAME), or a JSON Schema that generate json-schema has written. With --from, the new
    release is what stands there, and NEW the name of its appliance where it declares several. A breaking change ends
    with 1.
    """
    if origin is None and new is None:
        raise click.UsageError("Missing argument 'NEW', or --from FILE.")
    from ctxschema.generate.compare import compare
    from ctxschema.report.text import summary

    before, wanted = _release(old, None)
    if origin is not None:
        after = _declared(origin, new, wanted)[0]
        new = origin if new is None else f"{origin}:{new}"
    else:
        after = _release(str(new), wanted)[0]
    findings = compare(before, after)
    if form == "json":
        _print(findings, old=old, new=new, breaking=has_errors(findings))
    else:
        print_findings(findings, to_stderr=False)
        click.echo(f"{old} to {new}: {summary(findings)}")
    end(findings)


def _print(findings: list[Finding], **facts: Any) -> None:
    print_json({**facts, "ok": not has_errors(findings), "findings": [finding.as_dict() for finding in findings]})


def _release(word: str, wanted: str | None) -> tuple[dict[str, Any], str]:
    """Return what a release takes, and the name of its appliance.

    Args:
        word: What somebody wrote for it.
        wanted: The name of the appliance, where a module declares several.
    """
    from ctxschema.catalog import APPLIANCES, get_appliance
    from ctxschema.generate.release import release_data

    if word in APPLIANCES:
        return release_data(get_appliance(word)), word
    if (word.endswith(".json") and not _is_declaration(word)) or word == "-":
        return _from_schema(word)
    from ctxschema.declaration.document import FORMATS

    module, name = split_origin(word)
    if not module.endswith((".py", *FORMATS)) and ":" not in module and not os.path.exists(module):
        raise UnknownNameError(f"{word} is no appliance, no module and no schema{suggestion(word, APPLIANCES)}")
    return _declared(module, name, wanted)


def _declared(origin: str, name: str | None, wanted: str | None) -> tuple[dict[str, Any], str]:
    """Return what the release that a file or module declares takes, and the name of its appliance."""
    from ctxschema.generate.release import release_data

    found = load_appliances(origin)
    appliance = one_of(found, name or (wanted if wanted in found and len(found) > 1 else None), origin)
    return release_data(appliance), appliance.name


def _is_declaration(path: str) -> bool:
    """Say whether a JSON file is a declaration rather than a schema that was generated from one."""
    from ctxschema.core.files import read_text

    try:
        data = json_value(read_text(path).text)
    except ValueError:
        return False
    return isinstance(data, dict) and "variables" in data


def _from_schema(path: str) -> tuple[dict[str, Any], str]:
    from ctxschema.core import codes
    from ctxschema.core.files import read_text
    from ctxschema.generate.json_schema import RELEASE

    source = read_text(path)
    try:
        data = json_value(source.text)["$defs"][RELEASE]["examples"][0]
        known = isinstance(data["variables"], dict) and isinstance(data["rules"], dict)
        name = str(data["appliance"])
    except (ValueError, LookupError, TypeError):
        known, data, name = False, {}, ""
    if not known:
        message = f"{source.name} is no JSON Schema that ctxschema has generated"
        raise FileError(message, [codes.NOT_A_RELEASE.at(message, position=source.at(0, 0))])
    return data, name
