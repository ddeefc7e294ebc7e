"""Modules compiled ahead, for every Python that is here to do it.

A Python reads only what its own version compiled. So each of them compiles for itself, in a process that knows nothing
but the texts: the same texts by the same Pythons give the same bytes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
"""The versions that are asked for by name, beside the Python that runs this."""

_SECONDS = 120.0

_COMPILER = """
import ast, json, marshal, sys
from importlib.util import MAGIC_NUMBER

def code(name, package, text, written):
    file = name.replace(".", "/") + ("/__init__.py" if package else ".py")
    tree = ast.parse(text)
    # Nobody asks the agent for its docstrings, and reading them takes time.
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node, False) is not None:
            node.body[:1] = [ast.Pass()] if len(node.body) == 1 else []
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name in written:
            added = ast.parse(written[node.name])
            for each in ast.walk(added):
                each.lineno = each.end_lineno = node.lineno
                each.col_offset = each.end_col_offset = 0
            node.body[:0] = added.body
    ast.fix_missing_locations(tree)
    return marshal.dumps(compile(tree, file, "exec", dont_inherit=True, optimize=0))

made = {
    name: (package, code(name, package, text, written))
        for name, (package, text, written) in json.load(sys.stdin).items()
}
sys.stdout.buffer.write(MAGIC_NUMBER + marshal.dumps(made))
"""


def compiled(texts: Mapping[str, tuple[bool, str, dict[str, str]]]) -> dict[int, bytes]:
    """Return the modules, marshalled, by the magic number of the Python that compiled them.

    Args:
        texts: For every module whether it is a package, its text, and for classes what is to stand in their bodies.
    """
    given = json.dumps(dict(sorted(texts.items()))).encode()
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda program: _compiled_by(program, given), _programs()))
    return {int.from_bytes(answer[:2], "little"): answer[4:] for answer in answers if answer}


def _programs() -> list[str]:
    """Return the Pythons that are here; that which runs this is the last, and so has the last word on its version."""
    named = [shutil.which(f"python{version}") for version in VERSIONS if version != _own_version()]
    return [*(program for program in named if program), sys.executable]


def _own_version() -> str:
    return "{}.{}".format(*sys.version_info)


def _compiled_by(program: str, given: bytes) -> bytes:
    """Return the magic number, four bytes, and the modules; nothing if this is no Python that works."""
    try:
        ended = subprocess.run(
            [program, "-S", "-s", "-c", _COMPILER],
            input=given,
            capture_output=True,
            # The order of sets is part of what is compiled.
            env={"PYTHONHASHSEED": "0", "PATH": os.defpath, "PYTHONIOENCODING": "utf-8"},
            cwd="/",
            timeout=_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return b""
    return ended.stdout
