"""Compiling modules ahead of time, for every Python that is installed here.

A Python can only load what its own version has compiled. So each version compiles the modules in a process of its own,
isolated from everything but their texts, so that the same texts and versions give the same bytes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from attrs import astuple, field, frozen

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
"""The versions that are looked for, in addition to the running one."""

_SECONDS = 120.0

_COMPILER = """
import ast, json, marshal, sys
from importlib import import_module
from importlib.util import MAGIC_NUMBER

class Plain(ast.NodeTransformer):
    "Leaves out annotations and docstrings, which the agent never reads and which take time."

    def visit(self, node):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node, False) is not None:
            node.body[:1] = [ast.Pass()] if len(node.body) == 1 else []
        return super().visit(node)

    def visit_ImportFrom(self, node):
        return ast.copy_location(ast.Pass(), node) if node.module == "__future__" else node

    def visit_arg(self, node):
        node.annotation = None
        return node

    def visit_FunctionDef(self, node):
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node):
        plain = ast.Assign([node.target], self.visit(node.value)) if node.value else ast.Pass()
        return ast.copy_location(plain, node)

def code(name, package, text, classes, plain):
    file = name.replace(".", "/") + ("/__init__.py" if package else ".py")
    tree = ast.parse(text)
    if plain:
        Plain().visit(tree)
    if name == "agent_re":
        ready = marshal.dumps({(each, flags): handed(each, flags) for each, flags in given["patterns"]}, 2)
        tree.body.append(ast.Assign([ast.Name("COMPILED", ast.Store())], ast.parse(f"loads({ready!r})").body[0].value))
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name in classes:
            added = ast.parse(classes[node.name])
            for each in ast.walk(added):
                each.lineno = each.end_lineno = node.lineno
                each.col_offset = each.end_col_offset = 0
            node.body[:0] = added.body
    ast.fix_missing_locations(tree)
    return marshal.dumps(compile(tree, file, "exec", dont_inherit=True, optimize=0))

def handed(pattern, flags):
    "Returns what re hands to its engine, behind the pattern itself."
    words = []
    class Recorder:
        def __getattr__(self, name):
            return getattr(engine, name)
        def compile(self, *given):
            words.extend(given)
            return engine.compile(*given)
    compiler = import_module("re._compiler")
    compiler._sre, engine = Recorder(), compiler._sre
    try:
        compiler.compile(pattern, flags)
    finally:
        compiler._sre = engine
    _, flags, code, groups, index, names = words
    return marshal.dumps((int(flags), [*map(int, code)], groups, dict(index), tuple(names)), 2)

given = json.load(sys.stdin)
modules = {name: (package, code(name, package, *texts)) for name, (package, *texts) in given["modules"].items()}
sys.stdout.buffer.write(MAGIC_NUMBER + marshal.dumps(modules))
"""


@frozen
class Module:
    """A module to compile.

    Args:
        package: Whether it is a package.
        text: Its source text.
        classes: For each expanded class, the source text of its body.
        plain: Whether its annotations and docstrings are dropped.
    """

    package: bool
    text: str
    classes: dict[str, str] = field(factory=dict)
    plain: bool = True


def compiled(modules: Mapping[str, Module], patterns: Iterable[tuple[str, int]]) -> dict[int, bytes]:
    """Return the marshalled modules and patterns, by the magic number of the Python that compiled them.

    Args:
        modules: The modules by name.
        patterns: Regular expressions with their flags.
    """
    data = {name: astuple(each) for name, each in sorted(modules.items())}
    given = json.dumps({"modules": data, "patterns": sorted(patterns)}).encode()
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda program: _compiled_by(program, given), _programs()))
    return {int.from_bytes(answer[:2], "little"): answer[4:] for answer in answers if answer}


def _programs() -> list[str]:
    """Return the Pythons to run; the running one is last, so that its result replaces another of the same version."""
    named = [shutil.which(f"python{version}") for version in VERSIONS if version != _own_version()]
    return [*(program for program in named if program), sys.executable]


def _own_version() -> str:
    return "{}.{}".format(*sys.version_info)


def _compiled_by(program: str, given: bytes) -> bytes:
    """Return the magic number (four bytes) followed by the modules; empty if the program is not a working Python."""
    try:
        ended = subprocess.run(
            [program, "-S", "-s", "-c", _COMPILER],
            input=given,
            capture_output=True,
            # The order of sets affects the compiled bytes.
            env={"PYTHONHASHSEED": "0", "PATH": os.defpath, "PYTHONIOENCODING": "utf-8"},
            cwd="/",
            timeout=_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return b""
    return ended.stdout
