"""The work of ``ctxschema validate``."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping

import click

from ctxschema.boot.known import Known, context_facts
from ctxschema.boot.plan import boot_findings, plan_findings
from ctxschema.cli.output import end, print_findings, print_json, print_summary
from ctxschema.cli.show import show_values
from ctxschema.context.load import load_context
from ctxschema.context.validate import Result, validate
from ctxschema.context.values import Values
from ctxschema.core.errors import FileError, MissingFileError, UnknownNameError
from ctxschema.core.finding import Finding, has_errors
from ctxschema.model.appliance import Appliance
from ctxschema.serialise import result_data


def validate_context(appliance: Appliance, context: str | None, form: str, *, as_boot: bool) -> None:
    """Judge a context, and print what a boot would do with it.

    Args:
        appliance: The appliance.
        context: The file; the environment if None.
        form: ``text`` or ``json``.
        as_boot: Whether to judge as a boot does.
    """
    facts: dict[str, str] = {}
    missing = False
    try:
        raw = load_context(os.environ if context is None else context)
        result, facts = validate(appliance, raw), context_facts(raw)
    except FileError as error:
        if form == "text":
            raise
        result, missing = Result(appliance, Values({}, {}), error.findings), isinstance(error, MissingFileError)
    booted = _as_boot(result, facts)
    boots = not has_errors(booted)
    findings = booted if as_boot else result.findings
    if form == "json":
        print_json({**result_data(Result(appliance, result.values, findings)), "boots": boots})
        end(findings, missing=missing)
    if result.values:
        show_values(result)
    print_findings(findings, to_stderr=False)
    print_summary(appliance.name, findings, to_stderr=False)
    if not as_boot and boots != result.ok:
        click.echo(f"{appliance.name}: {_BOOTS if boots else _STOPS}")
    end(findings)


_BOOTS = (
    "a boot would go on all the same, without what is wrong (a GPU setting: with its CPU); --boot judges as it does"
)
_STOPS = "a boot would stop all the same; --boot says why"


def _as_boot(result: Result, facts: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return the findings as a boot sees them; some facts about the machine are known from the context."""
    findings = list(boot_findings(result.appliance, result.findings))
    if not has_errors(findings) and not result.appliance.roles:
        with contextlib.suppress(UnknownNameError):  # an appliance that cannot be booted
            findings += plan_findings(Known(result.appliance, result.values, facts))
    return tuple(findings)
