"""Build the boot agent as one file: our boot modules, attrs and a reader of TOML, in a zip that Python runs.

``python tools/build_agent.py FILE``. Two builds of the same sources by the same attrs are the same bytes: the entries
are sorted, stored as they are, and of one date.
"""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import tomllib

ROOT = Path(__file__).parents[1]
MAIN = """import sys

if sys.version_info < (3, 10):
    sys.exit("ctxschema-agent: this needs Python 3.10 or newer, and here is %d.%d" % sys.version_info[:2])
try:
    from ctxschema.agent import main
except MemoryError:
    sys.exit("ctxschema-agent: there is not enough memory to start")
except (ImportError, OSError, SystemError) as error:
    sys.exit("ctxschema-agent: Python cannot load what it needs (%s); is there enough memory, and is it whole?" % error)
sys.exit(main())
"""
SHEBANG = b"#!/usr/bin/python3 -IS\n"
"""Nothing of the machine's own packages is looked at: neither the environment nor site-packages."""

DATE = (1980, 1, 1, 0, 0, 0)


def imported(module: str) -> Iterator[str]:
    """Yield the modules of ours that a module imports, at the top or when it runs; not what only type checkers see."""
    found = importlib.util.find_spec(module)
    assert found is not None
    assert found.origin is not None
    todo: list[ast.AST] = [ast.parse(Path(found.origin).read_text(encoding="utf-8"))]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("ctxschema"):
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith("ctxschema"))
        todo.extend(ast.iter_child_nodes(node))


def our_modules() -> dict[str, Path]:
    """Return every module of ours that the agent can come to import, with its file.

    All of the boot and of the GPU checks goes in, which are imported by name, and what that imports.
    """
    found: dict[str, Path] = {}
    package = ROOT / "ctxschema"
    files = (
        path.relative_to(ROOT).with_suffix("") for room in ("boot", "gpu") for path in (package / room).rglob("*.py")
    )
    todo = ["ctxschema.agent", *(".".join(path.parts).removesuffix(".__init__") for path in files)]
    while todo:
        module = todo.pop()
        if module in found:
            continue
        try:
            spec = importlib.util.find_spec(module)
        except ModuleNotFoundError:
            spec = None
        if spec is None or spec.origin is None:
            continue  # a name in a module, not a module
        found[module] = Path(spec.origin)
        todo.extend(imported(module))
        todo.append(module.rpartition(".")[0] or module)
    return found


def entries() -> dict[str, bytes]:
    """Return what goes into the file, by name."""
    files: dict[str, Path] = {}
    for module, path in our_modules().items():
        name = module.replace(".", "/")
        files[f"{name}/__init__.py" if path.name == "__init__.py" else f"{name}.py"] = path
    attrs = importlib.metadata.distribution("attrs")
    for file in attrs.files or ():
        if file.parts[0] in {"attr", "attrs"} and file.suffix == ".py":
            files[str(file)] = Path(str(attrs.locate_file(file)))
        elif file.name == "LICENSE":
            files["attrs-LICENSE"] = Path(str(attrs.locate_file(file)))
    # Python 3.10 has no reader of TOML. That of later ones runs on it, and is tomli under another name.
    for file in sorted(Path(tomllib.__file__).parent.glob("*.py")):
        files[f"tomli/{file.name}"] = file
    files["tomli-LICENSE"] = ROOT / "tools/tomli-LICENSE"
    files["LICENSE"] = ROOT / "LICENSE"
    return {"__main__.py": MAIN.encode(), **{name: path.read_bytes() for name, path in files.items()}}


def build(target: Path) -> None:
    """Write the file, in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as stream:
        stream.write(SHEBANG)
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as bundle:
            for name, data in sorted(entries().items()):
                entry = zipfile.ZipInfo(name, DATE)
                entry.create_system = 3
                entry.external_attr = 0o100644 << 16
                bundle.writestr(entry, data)
    temporary.chmod(0o755)
    temporary.replace(target)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
    print(sys.argv[1])
