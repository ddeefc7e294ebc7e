"""The validated values of a machine, for a boot script that is written in shell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import field, frozen

from ctxschema.boot.plan import boot_findings
from ctxschema.context.raw import RawContext
from ctxschema.context.validate import validate
from ctxschema.core import codes
from ctxschema.core.finding import Finding, has_errors
from ctxschema.core.secret import Secret
from ctxschema.model.appliance import Appliance
from ctxschema.model.variable import Variable


@frozen
class Environment:
    """Environment variables for a shell.

    Attributes:
        values: The values as text, by name, with defaults applied.
        without: Names to unset, because their values failed and the shell may have inherited them.
        findings: All findings.
    """

    values: dict[str, str] = field(repr=False)
    without: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether there is no finding of severity error."""
        return not has_errors(self.findings)


def environment(appliance: Appliance, raw: RawContext, *, secrets: bool = False) -> Environment:
    """Judge a context as a boot does, and return its values as text.

    Args:
        appliance: The declaration.
        raw: The context.
        secrets: Whether to include secrets; a secret that is left out gives a finding.
    """
    result = validate(appliance, raw)
    findings = list(boot_findings(appliance, result.findings))
    values: dict[str, str] = {}
    without = []
    for variable in appliance.variables:
        value = result.values.get(variable)
        if value is None or (variable.secret and value and not secrets):
            without.append(variable.name)
        else:
            values[variable.name] = _text(variable, value)
        if value and variable.secret and not secrets:
            message = f"{variable.name} is a secret, and left out"
            findings.append(codes.SECRET_LEFT_OUT.at(message, variable=variable.name))
    return Environment(values, tuple(without), tuple(findings))


def _text(variable: Variable[Any], value: Any) -> str:
    if isinstance(value, Secret):
        return value.reveal()
    text: str = variable.kind.format(value)
    return text


def shell_lines(found: Environment) -> Iterator[str]:
    """Yield lines that a POSIX shell can evaluate; every value is quoted."""
    for name, text in found.values.items():
        quoted = text.replace("'", "'\\''")
        yield f"export {name}='{quoted}'\n"
    for name in found.without:
        yield f"unset {name}\n"
