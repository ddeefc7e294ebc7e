"""``ctxschema drift`` and ``ctxschema diff``."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import click

from ctxschema.cli.appliances import appliance_argument, load_appliances
from ctxschema.cli.output import FORMAT, end, print_findings, print_json
from ctxschema.core.errors import FileError, UnknownNameError
from ctxschema.core.finding import Finding, has_errors
from ctxschema.core.names import suggestion

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
@click.argument("new")
@FORMAT
def diff_command(old: str, new: str, form: str) -> None:
    """Say what a deployment would notice between two releases.

    OLD and NEW are each an appliance of the catalog, a file or module that declares one (.yaml, .toml, .json or .py,
    module.py:NAME or package:NAME), or a JSON Schema that generate json-schema has written. A breaking change ends
    with 1.
    """
    from ctxschema.generate.compare import compare
    from ctxschema.report.text import summary

    before, wanted = _release(old, None)
    after, _ = _release(new, wanted)
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

    module, colon, name = word.rpartition(":")
    if not (colon and module.endswith(".py")):
        module, name = word, ""
    if not module.endswith((".py", *FORMATS)) and ":" not in module and not os.path.exists(module):
        raise UnknownNameError(f"{word} is no appliance, no module and no schema{suggestion(word, APPLIANCES)}")
    found = load_appliances(module)
    name = (
        name or (wanted if wanted in found and len(found) > 1 else "") or (next(iter(found)) if len(found) == 1 else "")
    )
    if name not in found:
        raise UnknownNameError(f"{module} declares {', '.join(found)}; write {module}:NAME")
    return release_data(found[name]), name


def _is_declaration(path: str) -> bool:
    """Say whether a JSON file is a declaration rather than a schema that was generated from one."""
    from ctxschema.core.files import read_text

    try:
        data = json.loads(read_text(path).text)
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and "variables" in data


def _from_schema(path: str) -> tuple[dict[str, Any], str]:
    from ctxschema.core import codes
    from ctxschema.core.files import read_text
    from ctxschema.generate.json_schema import RELEASE

    source = read_text(path)
    try:
        data = json.loads(source.text)["$defs"][RELEASE]["examples"][0]
        known = isinstance(data["variables"], dict) and isinstance(data["rules"], dict)
        name = str(data["appliance"])
    except (ValueError, LookupError, TypeError, RecursionError):
        known, data, name = False, {}, ""
    if not known:
        message = f"{source.name} is no JSON Schema that ctxschema has generated"
        raise FileError(message, [codes.NOT_A_RELEASE.at(message, position=source.at(0, 0))])
    return data, name
