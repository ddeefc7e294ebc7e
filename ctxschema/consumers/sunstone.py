"""How Sunstone 7 reads a definition: in the form of a VM, in the template editor and in the service editor.

It strips no blanks and does not check the number of parts. Source: docs/facts/opennebula.md, section 1.2, FireEdge
at 132e4023f6, and user-input-probes.json, with which the tests compare every answer.
"""

from __future__ import annotations

from typing import Any

from attrs import frozen

from ctxschema.consumers.javascript import (
    UNDEFINED,
    Undefined,
    parse_float,
    parse_int,
)
from ctxschema.grammar.ast import UserInput

Text = str | Undefined


@frozen
class Read:
    """A definition as the form reads it; a part that is missing is undefined."""

    mandatory: bool | Undefined
    type: Text
    label: Text
    options: list[str] | Undefined
    default: Text

    @property
    def min(self) -> Text:
        """The first option, which is the minimum of a range."""
        return self.options[0] if isinstance(self.options, list) else UNDEFINED

    @property
    def max(self) -> Text:
        """The second option, which is the maximum of a range."""
        return self.options[1] if isinstance(self.options, list) and len(self.options) > 1 else UNDEFINED

    def as_dict(self) -> dict[str, Any]:
        """Return the fields under the names of the form's own object."""
        names = ("mandatory", "type", "label", "options", "default", "min", "max")
        return {name: getattr(self, name) for name in names}


def read(node: UserInput) -> Read:
    """Return a definition as the form of a VM reads it."""
    if not node.emit():
        return Read(UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED)
    kind, label, params, default = (
        UNDEFINED if part is None else part for part in (node.type, node.description, node.params, node.default)
    )
    separator = ".." if kind in {"range", "range-float"} else ","
    options = params.split(separator) if isinstance(params, str) else UNDEFINED
    return Read(node.flag == "M", kind, label, options, default)


def rewritten(node: UserInput) -> str:
    """Return what the template editor writes for a definition; it rewrites every definition when it saves."""
    form = read(node)
    if form.type in {"range", "range-float"}:
        params = "..".join(bound for bound in (form.min, form.max) if isinstance(bound, str))
    else:
        params = ",".join(form.options) if isinstance(form.options, list) else " "
    parts = ("M" if form.mandatory else "O", form.type, form.label, params, form.default)
    return "|".join(part if isinstance(part, str) else "" for part in parts)


_LISTED = {"list", "list-multiple", "array", "range", "range-float"}
_NO_PARAMS = "TypeError: Cannot read properties of undefined (reading 'split')"
_NO_DEFAULT = "TypeError: (intermediate value) is not iterable"


def service_editor_read(node: UserInput, name: str = "K") -> dict[str, Any]:
    """Return a definition as the service editor reads it, or the error with which that fails."""
    if node.params is None:
        return {"crash": _NO_PARAMS}
    first: Any = UNDEFINED
    second: Any = UNDEFINED
    if ".." in node.params:
        first, second = [*[piece for piece in node.params.split("..") if piece], UNDEFINED, UNDEFINED][:2]
    elif node.params:
        first, second = node.params.split(","), [UNDEFINED]
    default: Any = UNDEFINED if node.default is None else node.default
    if node.type in _LISTED:
        if node.default is None:
            return {"crash": _NO_DEFAULT}
        default = node.default.split(",")
    elif node.type == "number":
        default = parse_int(default, radix=10)
    elif node.type == "number-float":
        default = parse_float(default)
    return {
        "name": name,
        "mandatory": node.flag == "M",
        "type": node.type,
        "description": node.description,
        "options": first,
        "options_1": second,
        "default": default,
    }
