"""Adds the form preview to the site: its page, the browser's Python, and what was answered before that is there."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
import zipfile
from importlib.metadata import files as files_of
from io import BytesIO
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
PYODIDE = ROOT / "tools" / "web" / "node_modules" / "pyodide"
PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
STANDARD_LIBRARY = "python_stdlib.zip"
COMPILER = ROOT / "tools" / "site" / "compile.mjs"
KEPT = PYODIDE.parent / ".compiled"
"""Where compiled packages are kept, by what they were made of."""

PACKAGES = {
    "attrs": ("attr", "attrs"),
    "cattrs": ("cattr", "cattrs"),
    "jsonschema": ("jsonschema",),
    "jsonschema-specifications": ("jsonschema_specifications",),
    "lark": ("lark",),
    "PyYAML": ("yaml",),
    "referencing": ("referencing",),
    "typing_extensions": ("typing_extensions.py",),
}
"""The installed packages that the preview needs, in their pure Python form."""

BROWSER = ROOT / "tools" / "site" / "browser"
"""What stands in, in a browser, for packages that are not in Python."""

OURS = ("cli", "document", "agent", "testing")
"""Parts of ctxschema that the preview never imports."""

NO_USE = (
    "_pyrepl", "bdb.py", "cProfile.py", "doctest.py", "ensurepip", "ftplib.py", "idlelib", "imaplib.py", "mailbox.py",
    "multiprocessing", "pdb.py", "poplib.py", "profile.py", "pydoc.py", "pydoc_data", "smtplib.py", "tkinter",
    "turtle.py", "unittest", "venv", "webbrowser.py", "wsgiref", "xmlrpc",
)  # fmt: skip
"""Parts of the standard library of no use in a browser."""

_SUFFIXES = {".py", ".lark", ".json"}


def on_files(files: Files, *, config: Any) -> Files:
    """Add the page, what it loads, and what it is told before Python is there."""
    from ctxschema.preview.server import static_files

    def add(name: str, content: bytes) -> None:
        files.append(File.generated(config, f"preview/{name}", content=content))

    for name, content in static_files().items():
        add(name, content)
    if not PYODIDE.is_dir():
        raise SystemExit("the site needs Pyodide: run `make site`, which installs it")
    engine = engine_files()
    digest = hashlib.sha256(b"".join(name.encode() + content for name, content in sorted(engine.items())))
    folder = f"engine-{digest.hexdigest()[:16]}"  # what lies in it never changes, so that a browser may keep it
    for name, content in engine.items():
        add(f"{folder}/{name}", content)
    told = {"runs": "in the browser", "folder": folder, "early": early_answers()}
    add("engine.json", json.dumps(told, separators=(",", ":")).encode())
    return files


def engine_files() -> dict[str, bytes]:
    """Return the files of the browser's Python and of the packages that run in it, by name."""
    library = BytesIO()
    with zipfile.ZipFile(PYODIDE / STANDARD_LIBRARY) as source, zipfile.ZipFile(library, "w") as target:
        for name in source.namelist():
            if not name.startswith(NO_USE):
                target.writestr(zipfile.ZipInfo(name), source.read(name))
    lock = json.loads((PYODIDE / "pyodide-lock.json").read_bytes())
    compiled = _compiled({STANDARD_LIBRARY: library.getvalue(), "packages.zip": packages()})
    return {
        **{name: (PYODIDE / name).read_bytes() for name in PYODIDE_FILES},
        "pyodide-lock.json": json.dumps({**lock, "packages": {}}).encode(),
        **compiled,
    }


def packages() -> bytes:
    """Return a zip of ctxschema and of what it imports for the preview; the same every time."""
    found: dict[str, Path] = {}
    for path in (ROOT / "ctxschema").rglob("*"):
        if path.relative_to(ROOT / "ctxschema").parts[0].removesuffix(".py") not in OURS:
            found[path.relative_to(ROOT).as_posix()] = path
    for package, folders in PACKAGES.items():
        for each in files_of(package) or ():
            if each.parts[0] in folders and not {"tests", "benchmarks"} & set(each.parts):
                found[each.as_posix()] = Path(str(each.locate()))
    found |= {path.name: path for path in BROWSER.iterdir()}
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, path in sorted(found.items()):
            inside = path.suffix in _SUFFIXES or "/metaschemas/" in name or "/schemas/" in name
            if inside and path.is_file() and "__pycache__" not in name:
                archive.writestr(zipfile.ZipInfo(name), path.read_bytes())
    return made.getvalue()


def _compiled(archives: dict[str, bytes]) -> dict[str, bytes]:
    """Return archives with their Python compiled for the browser's; what was compiled before is not compiled again."""
    KEPT.mkdir(exist_ok=True)
    with_compiler = hashlib.sha256(COMPILER.read_bytes() + (PYODIDE / "package.json").read_bytes())
    kept = {}
    for name, content in archives.items():
        digest = with_compiler.copy()
        digest.update(content)
        kept[name] = KEPT / f"{digest.hexdigest()}.zip"
    missing = {name: path for name, path in kept.items() if not path.exists()}
    if missing:
        with tempfile.TemporaryDirectory(dir=KEPT) as folder:
            pairs: list[str] = []
            for name in missing:
                (Path(folder) / name).write_bytes(archives[name])
                pairs += [str(Path(folder) / name), str(Path(folder) / f"made-{name}")]
            subprocess.run(["node", str(COMPILER), str(PYODIDE), *pairs], check=True)
            for name, path in missing.items():
                (Path(folder) / f"made-{name}").replace(path)
    return {name: path.read_bytes() for name, path in kept.items()}


def early_answers() -> dict[str, Any]:
    """Return what the page is told of the catalog before Python is there, in the words in which it will be told."""
    from ctxschema.preview.engine import Engine

    engine = Engine()
    known = engine.answer({"op": "appliances"})
    names = known["names"][0]["name"]
    opened = {}
    for each in known["appliances"]:
        answer = engine.answer({"op": "open", "appliance": each["name"], "names": names})
        of_parts = []
        for number in range(len(answer["parts"])):
            request = {"id": answer["id"], "part": number, "answers": {}}
            of_parts.append({op: engine.answer({"op": op, **request}) for op in ("fill", "example")})
        opened[f"{each['name']} {names}"] = {"open": answer, "parts": of_parts}
    return {"appliances": known, "opened": opened}
