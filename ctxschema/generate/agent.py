"""The boot agent as one file: our boot modules, attrs and a reader of TOML, in a zip that Python runs.

Two builds of the same sources by the same attrs and the same Pythons are the same bytes: the entries are sorted, stored
as they are, and of one date. Beside the sources the file has them compiled, for every Python that was there when it was
made; another one reads the sources. An agent for one appliance has its declaration in it as a Python module, written as
`declaration_python` does.
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
"""Where the compiled modules for one magic number are, in the file."""

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
"""What says in a compiled file that nobody is to look whether its source has changed (PEP 552)."""

_SHEBANG = b"#!/usr/bin/python3 -IS\n"
"""Nothing of the machine's own packages is looked at: neither the environment nor site-packages."""

_DATE = (1980, 1, 1, 0, 0, 0)


def agent_bundle(appliance: Appliance | None = None) -> bytes:
    """Return the file.

    Args:
        appliance: The appliance that it boots; those of the catalog if None.

    Raises:
        UnknownNameError: The appliance has no container, so that there is nothing to boot.
    """
    stream = io.BytesIO()
    stream.write(_SHEBANG)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as bundle:
        for name, data in sorted(_entries(appliance).items()):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            bundle.writestr(entry, data)
    return stream.getvalue()


def _entries(appliance: Appliance | None) -> dict[str, bytes]:
    """Return what goes into the file, by name."""
    made = {"agent_start.py": inspect.getsource(agent_start).encode()}
    if appliance is None:
        start = [_CATALOG]
    else:
        from ctxschema.boot.container import appliance_container
        from ctxschema.declaration.python_form import declaration_python

        appliance_container(appliance)
        module = declaration_python(appliance)
        start = [*_imported(module), "ctxschema.boot.program"]
        made[f"{_APPLIANCE}.py"] = module.encode()
    main = _MAIN.replace("@DECLARATION@", _APPLIANCE if appliance else _CATALOG)
    made |= {"__main__.py": main.encode(), "__main__.pyc": _compiled_main(main)}
    ours = _our_modules(start)
    for name in ours:
        if name.startswith("ctxschema.catalog"):
            importlib.import_module(name)  # which checks what it declares; the file itself does not check again
    files = {_file_name(module, path): path for module, path in ours.items()}
    files.update({f"ctxschema/gpu/{path.relative_to(_PACKAGE / 'gpu')}": path for path in _PACKAGE.glob("gpu/**/*.sh")})
    attrs = importlib.metadata.distribution("attrs")
    for file in attrs.files or ():
        if file.parts[0] in {"attr", "attrs"} and file.suffix == ".py":
            files[str(file)] = Path(str(attrs.locate_file(file)))
        elif file.name == "LICENSE":
            files["attrs-LICENSE"] = Path(str(attrs.locate_file(file)))
    # Python 3.10 has no reader of TOML. That of later ones runs on it, and is tomli under another name.
    for path in sorted(Path(tomllib.__file__).parent.glob("*.py")):
        files[f"tomli/{path.name}"] = path
    files["tomli-LICENSE"] = _PACKAGE / "generate/tomli-LICENSE"
    package = importlib.metadata.distribution("ctxschema")
    licence = next(file for file in package.files or () if file.name == "LICENSE")
    files["LICENSE"] = Path(str(package.locate_file(licence)))
    made.update({name: path.read_bytes() for name, path in files.items()})
    done = compiled(_modules(made), patterns(ours, *([appliance] if appliance else [])))
    made.update({_COMPILED % magic: data for magic, data in done.items()})
    return made


def _compiled_main(text: str) -> bytes:
    """Return the first module compiled for the Python that runs this; another one takes the source beside it."""
    code = compile(text, "__main__.py", "exec", dont_inherit=True, optimize=0)
    head = importlib.util.MAGIC_NUMBER + _UNCHECKED.to_bytes(4, "little") + bytes(8)
    return head + marshal.dumps(code)


def _modules(files: Mapping[str, bytes]) -> dict[str, Module]:
    """Return the modules among the files, and what ours are given in the place of others'."""
    found = {
        f"agent_{name}": Module(False, *expanded(each.__name__, inspect.getsource(each)))
        for name, each in STAND_INS.items()
    }
    for file, data in files.items():
        name = file.removesuffix(".py")
        if name not in {file, "__main__"} and file.partition("/")[0] not in {"attr", "attrs"}:
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
    """Return every module of ours that the agent can come to import, with its file.

    All of the boot and of the GPU checks goes in, and what that imports; a boot asks for no troubleshooting.
    """
    found: dict[str, Path] = {}
    rooms = (_PACKAGE / "boot", _PACKAGE / "gpu" / "checks")
    files = (path.relative_to(_PACKAGE.parent).with_suffix("") for room in rooms for path in room.rglob("*.py"))
    todo = [*start, *(".".join(path.parts).removesuffix(".__init__") for path in files if path.name != "__main__")]
    while todo:
        module = todo.pop()
        if module in found or module.endswith(".__main__"):
            continue
        try:
            spec = importlib.util.find_spec(module)
        except ModuleNotFoundError:
            spec = None
        if spec is None or spec.origin is None:
            continue  # a name in a module, not a module
        found[module] = Path(spec.origin)
        todo.extend(_imported(found[module].read_text(encoding="utf-8")))
        todo.append(module.rpartition(".")[0] or module)
    return found


def _imported(text: str) -> Iterator[str]:
    """Yield the modules of ours that a module imports, at the top or when it runs; not what only type checkers see."""
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
    """Write the file, in one step, so that it can be run.

    Raises:
        OSError: It cannot be written.
        UnknownNameError: As for `agent_bundle`.
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
