"""The regular expressions that a boot may use, for compiling them when the agent's file is made.

An expression that is not found here is compiled during the boot, as usual.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from ctxschema.model.kinds import Kind

Expression = tuple[str, int]
"""A regular expression and its flags."""


def patterns(modules: Iterable[str], *declared: Any) -> set[Expression]:
    """Return the regular expressions of some modules and of declarations.

    Args:
        modules: The names of the modules, which are imported.
        declared: Instances of attrs classes, for example an appliance.
    """
    loaded = [importlib.import_module(name) for name in modules]
    found = {each for module in loaded for each in _asked_on_the_way(inspect.getsource(module))}
    seen: set[int] = set()
    for value in (*declared, *(value for module in loaded for value in vars(module).values())):
        found.update(_held(value, seen))
    return found


def _asked_on_the_way(text: str) -> Iterator[Expression]:
    """Yield the literals that functions pass to ``re.sub`` and the like."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(ast.Attribute(ast.Name("re"), name), [ast.Constant(str(pattern)), *_], []):
                if name != "compile":
                    yield pattern, 0


def _held(value: Any, seen: set[int]) -> Iterator[Expression]:
    """Yield the expressions in a value and, recursively, in its fields and items."""
    if id(value) in seen:
        return
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value.pattern, value.flags & ~re.UNICODE
    elif isinstance(value, (tuple, list, dict)):
        for each in [*value.values(), *value] if isinstance(value, dict) else value:
            yield from _held(each, seen)
    elif attrs.has(type(value)):
        seen.add(id(value))
        pattern = getattr(value, "pattern", None)
        if isinstance(pattern, str):
            yield pattern, int(re.DOTALL if isinstance(value, Kind) else 0)
        for field in attrs.fields(type(value)):
            yield from _held(getattr(value, field.name), seen)
