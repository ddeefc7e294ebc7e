"""The other names under which a form can ask for a variable."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from ctxschema.model.appliance import Appliance
from ctxschema.model.variable import Variable

GROUPED = re.compile(r"ONEAPP_(?P<app>[A-Z0-9]+)_(?P<group>[A-Z0-9]+)_(?P<field>[A-Z0-9_]+)\Z")
"""A name that Sunstone sorts into a tab for the app and the group in it (docs/facts/opennebula.md, section 4.3)."""


def app_of(appliance: Appliance) -> str:
    """Return the app in the names of the marketplaces' style.

    It is that of most variables whose own names have the style, so that all are in one tab; without any, the first
    word of the appliance's name.
    """
    apps = Counter(match["app"] for name in appliance.by_name if (match := GROUPED.match(name)))
    if apps:
        return max(apps, key=apps.__getitem__)
    return re.split(r"[^A-Z0-9]+", appliance.name.upper())[0] or "APP"


def grouped_name(variable: Variable[Any], appliance: Appliance, app: str | None = None) -> str:
    """Return the name of a variable in the marketplaces' style, ``ONEAPP_<APP>_<GROUP>_<FIELD>``.

    Words of the variable's name that app and group repeat are left out.

    Args:
        variable: The variable.
        appliance: Its appliance.
        app: What `app_of` returns for the appliance; found out if None.
    """
    if GROUPED.match(variable.name):
        return variable.name
    app = app or app_of(appliance)
    group = re.sub(r"[^A-Z0-9]", "", variable.group.upper()) or "SETTINGS"
    prefix = next((each for each in appliance.prefixes if variable.name.startswith(each)), "")
    field = variable.name.removeprefix(prefix).removeprefix(f"{group}_")
    return f"ONEAPP_{app}_{group}_{field}"


def input_names(appliance: Appliance) -> dict[str, Variable[Any]]:
    """Return the variables by each name, other than their own, that an input for them can have.

    OneFlow passes each answer to a service to its machines twice: as the entry of CONTEXT, and under the input's name.
    """
    app = app_of(appliance)
    grouped = {grouped_name(variable, appliance, app): variable for variable in appliance.variables}
    named = {**grouped, **appliance.by_short_name}
    return {name: variable for name, variable in named.items() if name not in appliance.by_name}
