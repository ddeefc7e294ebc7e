"""A declaration as a Python module, in which each variable is a constant.

Texts and numbers are written by `repr` only, and constants are named after variables, whose names are restricted, so
that no text of a declaration becomes code.
"""

from __future__ import annotations

import enum
import keyword
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import fields, has

from ctxschema.core.secret import Secret
from ctxschema.declaration.unstructure import default_of
from ctxschema.model import kinds, shapes
from ctxschema.model.appliance import Appliance
from ctxschema.model.kinds import Kind
from ctxschema.model.limits import Limit
from ctxschema.model.variable import Variable

_KIND_CONSTANTS = {id(kind): name for name, kind in vars(kinds).items() if isinstance(kind, Kind)}
_SHAPE_CONSTANTS = [
    (name, shape)
    for name, shape in vars(shapes).items()
    if isinstance(shape, Limit) and shape in shapes.SHAPES.values()
]
_WIDTH = 110
_POSITIONAL = {Variable: ("name", "kind")}
_CONSTANT = "APPLIANCE"

Brackets = tuple[str, str]


def declaration_python(appliance: Appliance) -> str:
    """Return a Python module with an ``APPLIANCE``; importing it gives an equal declaration."""
    writer = _Writer()
    constants = {variable.name: writer.value(variable, whole=True) for variable in _in_order(appliance)}
    whole = writer.value(appliance)
    lines = ['"""' + f"Declares {appliance.name!a}.".replace("\\", "\\\\").replace('"', "'") + '"""', ""]
    lines += [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(writer.imports.items())]
    lines += ["", *(f"{_constant(name)} = {text}" for name, text in constants.items()), "", f"{_CONSTANT} = {whole}"]
    return "\n".join(lines) + "\n"


def python_expression(value: Any) -> str:
    """Return a part of a declaration as Python; variables in it are written as the names of their constants."""
    return _Writer().value(value, whole=True)


def _in_order(appliance: Appliance) -> Iterator[Variable[Any]]:
    """Yield the variables in an order in which each follows those that its ``effective`` mentions."""
    done: set[str] = set()

    def visit(variable: Variable[Any]) -> Iterator[Variable[Any]]:
        if variable.name in done:
            return
        done.add(variable.name)
        for each in variable.effective.variables if variable.effective is not None else ():
            yield from visit(each)
        yield variable

    for variable in appliance.variables:
        yield from visit(variable)


def _constant(name: str) -> str:
    """Return the name of a variable's constant: its own, unless it begins with a digit."""
    return f"{name}_" if name == _CONSTANT or keyword.iskeyword(name) else name


class _Writer:
    def __init__(self) -> None:
        self.imports: dict[str, set[str]] = {}

    def value(self, value: Any, indent: int = 0, *, whole: bool = False) -> str:  # noqa: PLR0911 - one for each sort
        """Return a value as a Python expression.

        Args:
            value: The value.
            indent: The level of indentation.
            whole: Whether to write a variable out; otherwise its constant is written.
        """
        if isinstance(value, Variable) and not whole:
            return _constant(value.name)
        if isinstance(value, Kind):
            return self.name("ctxschema.model.kinds", _KIND_CONSTANTS[id(value)])
        if shape := next((name for name, each in _SHAPE_CONSTANTS if each == value), None):
            return self.name("ctxschema.model.shapes", shape)
        if isinstance(value, enum.Enum):
            return f"{self.name(type(value).__module__, type(value).__name__)}.{value.name}"
        if isinstance(value, Secret):
            return f"{self.name('ctxschema.core.secret', 'Secret')}({value.reveal()!r})"
        if isinstance(value, tuple):
            items = [self.value(item, indent + 1) for item in value]
            return self.call("", items, indent, ending="," if len(items) == 1 else "")
        if isinstance(value, Mapping):
            items = [f"{self.value(key)}: {self.value(item, indent + 1)}" for key, item in value.items()]
            return self.call("", items, indent, brackets=("{", "}"))
        if has(type(value)):
            return self.instance(value, indent)
        return repr(value)

    def name(self, module: str, name: str) -> str:
        """Return a name and note that the module has to import it."""
        self.imports.setdefault(module, set()).add(name)
        return name

    def instance(self, value: Any, indent: int) -> str:
        cls = type(value)
        arguments = []
        for attribute in fields(cls):
            given = getattr(value, attribute.name)
            default = default_of(attribute)
            positional = attribute.name in _POSITIONAL.get(cls, ())
            if not positional and type(given) is type(default) and given == default:
                continue
            text = self.value(given, indent + 1)
            arguments.append(text if positional else f"{attribute.name}={text}")
        return self.call(self.name(cls.__module__, cls.__name__), arguments, indent)

    def call(
        self, before: str, items: list[str], indent: int, *, ending: str = "", brackets: tuple[str, str] = ("(", ")")
    ) -> str:
        """Return a call, a tuple or a mapping, in one line if it fits."""
        opening, closing = brackets
        line = f"{before}{opening}{', '.join(items)}{ending}{closing}"
        if len(line) + 4 * indent <= _WIDTH:
            return line
        pad = "    " * (indent + 1)
        return f"{before}{opening}\n" + "".join(f"{pad}{item},\n" for item in items) + "    " * indent + closing
