"""The boot agent as one file: the boot modules, attrs and a TOML reader, in a zip archive that Python can run.

The same sources give the same bytes with the same version of attrs and the same Pythons: entries are sorted, not
compressed, and have a fixed date. Beside the sources the file contains them compiled for every Python that was
installed when it was made; any other Python uses the sources. An agent for one appliance contains its declaration as a
Python module, as `declaration_python` writes it.
"""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import importlib.util
import inspect
import io
import marshal
import os
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from ctxschema.generate import agent_start
from ctxschema.generate.agent_patterns import patterns
from ctxschema.generate.compiled import Module, compiled
from ctxschema.generate.expand import STAND_INS, expanded
from ctxschema.model.appliance import Appliance

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_PACKAGE = Path(__file__).parents[1]
_APPLIANCE = "ctxschema_appliance"
_CATALOG = "ctxschema.agent"
_COMPILED = "compiled/%d"
"""The name in the file of the modules compiled for one magic number."""

_MAIN = f"""
import sys

if sys.version_info < (3, 10):
    sys.exit("ctxschema-agent: this needs Python 3.10 or newer, and here is %d.%d" % sys.version_info[:2])
try:
    import marshal

    try:
        magic = sys.modules["_frozen_importlib_external"].MAGIC_NUMBER
        modules = marshal.loads(__loader__.get_data("{_COMPILED}" % int.from_bytes(magic[:2], "little")))
        exec(marshal.loads(modules["agent_start"][1]))
    except (AttributeError, KeyError, OSError, EOFError, ValueError, TypeError):
        modules = None
        from agent_start import start
    start(__loader__, modules, "@DECLARATION@")
except MemoryError:
    sys.exit("ctxschema-agent: there is not enough memory to start")
except (ImportError, OSError, SystemError) as error:
    sys.exit("ctxschema-agent: Python cannot load what it needs (%s); is there enough memory, and is it whole?" % error)
"""
_UNCHECKED = 1
"""The flag in a compiled file that tells Python not to check whether its source has changed (PEP 552)."""

_SHEBANG = b"#!/usr/bin/python3 -IS\n"
"""With these options Python ignores the environment and the machine's site-packages."""


def agent_bundle(appliance: Appliance | None = None) -> bytes:
    """Return the content of the file.

    Args:
        appliance: The appliance that the agent boots; those of the catalog if None.

    Raises:
        UnknownNameError: The appliance has no container, so that there is nothing to boot.
    """
    stream = io.BytesIO()
    stream.write(_SHEBANG)
    with zipfile.ZipFile(stream, "w") as bundle:
        for name, data in sorted(_entries(appliance).items()):
            entry = zipfile.ZipInfo(name)  # not compressed, and of 1980-01-01
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            bundle.writestr(entry, data)
    return stream.getvalue()


def _entries(appliance: Appliance | None) -> dict[str, bytes]:
    """Return the entries of the archive, by name."""
    made = {"agent_start.py": inspect.getsource(agent_start).encode()}
    if appliance is None:
        start = [_CATALOG]
    else:
        from ctxschema.boot.container import appliance_container
        from ctxschema.declaration.python_form import declaration_python

        appliance_container(appliance)
        module = declaration_python(appliance)
        start = list(_imported(module))
        made[f"{_APPLIANCE}.py"] = module.encode()
    main = _MAIN.replace("@DECLARATION@", _APPLIANCE if appliance else _CATALOG)
    made |= {"__main__.py": main.encode(), "__main__.pyc": _compiled_main(main)}
    ours = _our_modules(start)
    files = {_file_name(module, path): path for module, path in ours.items()}
    files.update({f"ctxschema/gpu/{path.relative_to(_PACKAGE / 'gpu')}": path for path in _PACKAGE.glob("gpu/**/*.sh")})
    attrs = importlib.metadata.distribution("attrs")
    for file in attrs.files or ():
        if file.parts[0] in {"attr", "attrs"} and file.suffix == ".py":
            files[str(file)] = Path(str(attrs.locate_file(file)))
        elif file.name == "LICENSE":
            files["attrs-LICENSE"] = Path(str(attrs.locate_file(file)))
    # Python 3.10 has no TOML reader. The one of later versions runs on it; it is the package tomli.
    for path in Path(tomllib.__file__).parent.glob("*.py"):
        files[f"tomli/{path.name}"] = path
    files["tomli-LICENSE"] = _PACKAGE / "generate/tomli-LICENSE"
    package = importlib.metadata.distribution("ctxschema")
    licence = next(file for file in package.files or () if file.name == "LICENSE")
    files["LICENSE"] = Path(str(package.locate_file(licence)))
    made.update({name: path.read_bytes() for name, path in files.items()})
    # To find the patterns, the modules are imported; this checks the declarations, so that the agent need not.
    done = compiled(_modules(made), patterns(ours, appliance))
    made.update({_COMPILED % magic: data for magic, data in done.items()})
    return made


def _compiled_main(text: str) -> bytes:
    """Return the first module, compiled for this Python; any other Python uses its source."""
    code = compile(text, "__main__.py", "exec", dont_inherit=True, optimize=0)
    head = importlib.util.MAGIC_NUMBER + _UNCHECKED.to_bytes(4, "little") + bytes(8)
    return head + marshal.dumps(code)


def _modules(files: Mapping[str, bytes]) -> dict[str, Module]:
    """Return the modules among the entries, with our own replacements for attrs, re and typing."""
    found = {
        f"agent_{name}": Module(False, *expanded(each.__name__, inspect.getsource(each)))
        for name, each in STAND_INS.items()
    }
    for file, data in files.items():
        name = file.removesuffix(".py")
        if name not in {file, "__main__"} and not file.startswith(("attr/", "attrs/")):
            module = name.removesuffix("/__init__")
            dotted = module.replace("/", ".")
            is_ours = not file.startswith("tomli/")
            text, classes = expanded(dotted, data.decode()) if is_ours else (data.decode(), {})
            found[dotted] = Module(module != name, text, classes, plain=is_ours)
    return found


def _file_name(module: str, path: Path) -> str:
    name = module.replace(".", "/")
    return f"{name}/__init__.py" if path.name == "__init__.py" else f"{name}.py"


def _our_modules(start: list[str]) -> dict[str, Path]:
    """Return every module of this package that the agent may import, with its file.

    These are the program of the boot and some more to start from, and all that they import.
    """
    found: dict[str, Path] = {}
    todo = [*start, "ctxschema.boot.program"]
    while todo:
        module = todo.pop()
        if module in found:
            continue
        try:
            spec = importlib.util.find_spec(module)
        except ModuleNotFoundError:
            spec = None
        if spec is None or spec.origin is None:
            continue  # a name within a module, not a module
        found[module] = Path(spec.origin)
        todo.extend(_imported(found[module].read_bytes()))
        todo.append(module.rpartition(".")[0] or module)
    return found


def _imported(text: str | bytes) -> Iterator[str]:
    """Yield the modules of this package that a module imports, also within functions, but not for type checkers."""
    todo: list[ast.AST] = [ast.parse(text)]
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


def write_agent(target: str, appliance: Appliance | None = None) -> None:
    """Write the file atomically, and make it executable.

    Raises:
        OSError: It cannot be written.
        UnknownNameError: As in `agent_bundle`.
    """
    data = agent_bundle(appliance)
    os.makedirs(os.path.dirname(os.path.abspath(target)), exist_ok=True)
    temporary = f"{target}.{os.getpid()}.tmp"
    try:
        with open(temporary, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, 0o755)  # noqa: S103 - a program
        os.replace(temporary, target)
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)
