"""Replacing the attrs classes of a module by plain classes, so that running it does not need attrs.

Creating the classes is most of what attrs costs at a start. The plain code is derived from the created classes;
whatever is not understood is refused, so that no class can change its behaviour. Line numbers stay the same.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from typing import Any

import attrs

from ctxschema.generate import agent_attrs, agent_re, agent_typing

STAND_INS = {"attrs": agent_attrs, "re": agent_re, "typing": agent_typing}
"""The modules that replace others in the agent's file, by the name of the replaced module."""

_MAKERS = {"frozen", "define"}
_KNOWN = {"default", "factory", "init", "repr", "kw_only", "converter"}
_OURS = "__import__('agent_attrs')"


def expanded(name: str, text: str) -> tuple[str, dict[str, str]]:
    """Return the text without the fields of its attrs classes, and for each class the new text of its body.

    Args:
        name: The name of the module, which is imported.
        text: Its source text.

    Raises:
        NotImplementedError: A class uses a feature of attrs that is not supported here.
    """
    tree = ast.parse(text)
    made: dict[str, str] = {}
    lines = text.split("\n")
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in STAND_INS:
            unknown = [each.name for each in node.names if not hasattr(STAND_INS[node.module], each.name)]
            if unknown:
                raise NotImplementedError(f"{name} imports {', '.join(unknown)} of {node.module}")
            _replace(lines, node, f"from {node.module}", f"from agent_{node.module}")
        if isinstance(node, ast.Import) and node.names[0].name in STAND_INS:
            module = node.names[0].name
            if node.names[0].asname:
                raise NotImplementedError(f"{name} imports {module} as {node.names[0].asname}")
            _replace(lines, node, f"import {module}", f"import agent_{module} as {module}")
        if isinstance(node, ast.ClassDef) and any(_name(each) in _MAKERS for each in node.decorator_list):
            if node not in tree.body or len(node.decorator_list) > 1:
                raise NotImplementedError(f"{name}.{node.name} is within something else, or decorated twice")
            written = _Class(node, getattr(importlib.import_module(name), node.name))
            made[node.name] = "\n".join(written.lines())
            for first, last in written.gone:
                lines[first - 1 : last] = [""] * (last - first + 1)
    return "\n".join(lines), made


def _replace(lines: list[str], node: ast.stmt, text: str, instead: str) -> None:
    """Replace a text at the beginning of a statement, within its line."""
    line, at = lines[node.lineno - 1], node.col_offset
    lines[node.lineno - 1] = line[:at] + instead + line[at:].removeprefix(text)


def _name(node: ast.expr) -> str:
    return ast.unparse(node.func if isinstance(node, ast.Call) else node)


class _Class:
    """An attrs class to expand.

    Args:
        node: The class in the syntax tree.
        made: The class that attrs created.

    Attributes:
        gone: The first and last line of each statement that is removed.
    """

    def __init__(self, node: ast.ClassDef, made: type) -> None:
        self.made = made
        self.fields = attrs.fields(made)
        self.where = f"{made.__module__}.{made.__qualname__}"
        self.frozen = any(_name(each) == "frozen" for each in node.decorator_list)
        self.gone = [(each.lineno, each.end_lineno or each.lineno) for each in node.decorator_list]
        self.given: dict[str, dict[str, str]] = {}
        self.validators: list[tuple[str, str]] = []
        self.own = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
        self.cached: set[str] = set()
        names = {field.name for field in self.fields}
        for each in node.body:
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and each.target.id in names:
                self.given[each.target.id] = self._given(each.value)
                self.gone.append((each.lineno, each.end_lineno or each.lineno))
            elif isinstance(each, ast.FunctionDef):
                self._method(each)
        if "__lt__" in vars(made).keys() - self.own:
            raise NotImplementedError(f"{self.where} has an order")
        if not self.frozen and "__setattr__" in vars(made):
            raise NotImplementedError(f"{self.where} judges every assignment")
        if self.cached and any("__getattr__" in vars(base) for base in made.__mro__[1:]):
            raise NotImplementedError(f"{self.where} has cached properties, and so has what it inherits from")
        odd = [field.name for field in self.fields if _is_taken_over(field)]
        if odd:
            raise NotImplementedError(f"{self.where}: {', '.join(odd)}")

    def _given(self, value: ast.expr | None) -> dict[str, str]:
        """Return the arguments of a field, as source text."""
        if value is None:
            return {}
        if _name(value) != "field" or not isinstance(value, ast.Call):
            return {"default": ast.unparse(value)}
        found = {str(word.arg): ast.unparse(word.value) for word in value.keywords}
        if found.keys() - _KNOWN:
            raise NotImplementedError(f"{self.where}: {ast.unparse(value)}")
        for word in value.keywords:
            if word.arg == "default" and isinstance(word.value, ast.Call) and _name(word.value) == "Factory":
                del found["default"]
                of_self = [ast.unparse(each.value) for each in word.value.keywords if each.arg == "takes_self"]
                found["factory"] = ast.unparse(word.value.args[0])
                return {**found, "argument": "self" if of_self == ["True"] else ""}
        return found

    def _method(self, method: ast.FunctionDef) -> None:
        for decorator in method.decorator_list:
            if isinstance(decorator, ast.Attribute) and decorator.attr in {"validator", "default"}:
                if decorator.attr == "default" or not method.args.args[1].arg.startswith("_"):
                    raise NotImplementedError(f"{self.where}.{method.name}")
                self.validators.append((ast.unparse(decorator.value), method.name))
                self.gone.append((decorator.lineno, decorator.lineno))
            elif _name(decorator) == "cached_property":
                self.cached.add(method.name)

    def lines(self) -> Iterator[str]:
        """Yield the lines of the body that replace what attrs creates."""
        made = {name for name in vars(self.made) if name not in self.own}
        slots = [name for name in vars(self.made).get("__slots__", ()) if name not in self.cached]
        if self.cached and not any(base.__dictoffset__ for base in self.made.__bases__):
            slots.append("__dict__")
        if "__slots__" in vars(self.made):
            yield f"__slots__ = {tuple(slots)!r}"
        described = (
            f"({f.name!r}, {f.alias!r}, {f.init!r}, {self.given.get(f.name, {}).get('repr', repr(f.repr))})"
            for f in self.fields
        )
        yield f"__attrs_attrs__ = ({''.join(f'{each}, ' for each in described)})"
        yield f"__match_args__ = {self.made.__match_args__!r}"  # type: ignore[attr-defined]
        if "__init__" in made:
            yield self._init()
        if "__eq__" in made:
            same = " and ".join(f"self.{field.name} == other.{field.name}" for field in self.fields) or "True"
            yield f"def __eq__(self, other): return ({same}) if other.__class__ is self.__class__ else NotImplemented"
        if "__hash__" in made:
            values = "".join(f"self.{field.name}, " for field in self.fields)
            is_hashed = vars(self.made)["__hash__"] is not None
            yield f"def __hash__(self): return hash(({self.where!r}, {values}))" if is_hashed else "__hash__ = None"
        for name, ours in (("repr", "represent"), ("getstate", "state"), ("setstate", "restore")):
            if f"__{name}__" in made:
                yield f"__{name}__ = {_OURS}.{ours}"
        if "__setattr__" in made:
            yield f"__setattr__ = __delattr__ = {_OURS}.refuse"

    def _init(self) -> str:
        arguments, words = ["self"], list[str]()
        body = ["_set_ = object.__setattr__.__get__(self)"] if self.frozen else []
        for field in self.fields:
            given = self.given.get(field.name, {})
            value, factory = field.alias, given.get("factory")
            default = f"={_OURS}.NOTHING" if factory else f"={given['default']}" if "default" in given else ""
            if not field.init:
                value = f"({factory})({given.get('argument', '')})" if factory else given["default"]
            else:
                (words if field.kw_only else arguments).append(f"{field.alias}{default}")
                if factory:
                    value = f"({factory})({given.get('argument', '')}) if {value} is {_OURS}.NOTHING else {value}"
            if "converter" in given:
                value = f"({given['converter']})({value})"
            body.append(f"_set_({field.name!r}, {value})" if self.frozen else f"self.{field.name} = {value}")
        body += [f"self.{method}(None, self.{name})" for name, method in self.validators]
        if hasattr(self.made, "__attrs_post_init__"):
            body.append("self.__attrs_post_init__()")
        return (
            f"def __init__({', '.join([*arguments, *(['*', *words] if words else [])])}): {'; '.join(body) or 'pass'}"
        )


def _is_taken_over(field: Any) -> bool:
    """Say whether a field is that of another class and has there what is not found in the text of this one."""
    return bool(field.inherited and (field.default is not attrs.NOTHING or field.validator or field.converter))
