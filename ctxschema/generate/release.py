"""The interface of a release of an appliance as plain data, for a comparison with another release."""

from __future__ import annotations

from typing import Any

from attrs import asdict

from ctxschema.model.appliance import Appliance
from ctxschema.model.conditions import Condition
from ctxschema.model.limits import Limit
from ctxschema.model.variable import Variable


def release_data(appliance: Appliance) -> dict[str, Any]:
    """Return what deployments can notice of an appliance. The default of a secret is left out."""
    return {
        "appliance": appliance.name,
        "variables": {variable.name: _variable(variable) for variable in appliance.variables},
        "rules": {
            rule.id: {
                "severity": rule.severity.value,
                "about": rule.about.name,
                "when": _words(rule.when),
                "must": _words(rule.must),
            }
            for rule in appliance.rules
        },
    }


def _variable(variable: Variable[Any]) -> dict[str, Any]:
    return {
        "kind": variable.kind.name,
        "label": variable.label,
        "short_name": variable.short_name,
        "default": None if variable.default is None or variable.secret else variable.default_text,
        "has_default": variable.default is not None,
        "mandatory": variable.mandatory,
        "secret": variable.secret,
        "options": list(variable.options),
        "limits": [_limit(limit) for limit in variable.limits],
        "effective": _words(variable.effective),
        "deprecated": None if variable.deprecated is None else asdict(variable.deprecated),
    }


def _limit(limit: Limit) -> dict[str, Any]:
    fields = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(limit).items()}
    return {"is": type(limit).__name__, "words": limit.words, **fields}


def _words(condition: Condition | None) -> str | None:
    return None if condition is None else condition.words
