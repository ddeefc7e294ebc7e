"""What MkDocs does beyond its own: it adds the form preview, and puts diagrams into their pages as text."""

from __future__ import annotations

import json
import re
import zipfile
from importlib.metadata import files as files_of
from io import BytesIO
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
PYODIDE = ROOT / "tools" / "web" / "node_modules" / "pyodide"
PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
PACKAGES = {"attrs": ("attr", "attrs"), "lark": ("lark",), "PyYAML": ("yaml",)}
"""The installed packages that the preview needs, in their pure Python form."""

_DIAGRAM = re.compile(r'<img alt="(?P<alt>[^"]*)" src="(?P<src>[^"]+\.svg)" ?/?>')


def on_files(files: Files, *, config: Any) -> Files:
    """Add the preview: its page, the browser's Python, and the packages that run in it."""
    from ctxschema.preview.server import static_files

    def add(name: str, content: bytes) -> None:
        files.append(File.generated(config, f"preview/{name}", content=content))

    for name, content in static_files().items():
        add(name, content)
    add("engine.json", json.dumps({"runs": "in the browser"}).encode())
    add("engine/packages.zip", packages())
    if not PYODIDE.is_dir():
        raise SystemExit("the site needs Pyodide: run `make site`, which installs it")
    for name in PYODIDE_FILES:
        add(f"engine/{name}", (PYODIDE / name).read_bytes())
    return files


def packages() -> bytes:
    """Return a zip of ctxschema and of what its linter imports; the same every time."""
    found = {path.relative_to(ROOT).as_posix(): path for path in sorted((ROOT / "ctxschema").rglob("*"))}
    for package, folders in PACKAGES.items():
        for each in files_of(package) or ():
            if each.parts[0] in folders:
                found[each.as_posix()] = Path(str(each.locate()))
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(found.items()):
            if path.suffix in {".py", ".lark"} and "__pycache__" not in name:
                archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def on_page_content(html: str, *, page: Any, **_more: Any) -> str:
    """Put every diagram into its page, where its text can be read, searched and copied, and its colors follow the page.

    A diagram ``X.svg`` has ``X-narrow.svg`` beside it, which the page shows on a phone.
    """
    folder = Path(page.file.abs_src_path).parent if page.file.abs_src_path else None

    def inlined(match: re.Match[str]) -> str:
        # With directory addresses a page lies one level below its source.
        found = None if folder is None else (folder / match["src"].removeprefix("../"))
        narrow = found and found.with_name(f"{found.stem}-narrow.svg")
        if found is None or narrow is None or not found.is_file() or not narrow.is_file():
            return match[0]
        return (
            f'<div class="diagram"><div class="diagram-wide">{_svg(found)}</div>'
            f'<div class="diagram-narrow" data-search-exclude>{_svg(narrow)}</div></div>'
        )

    return _DIAGRAM.sub(inlined, html)


def _svg(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    return text[text.index("<svg") :]


def on_post_page(output: str, **_more: Any) -> str:
    """Give the theme's search field the label that it lacks, for screen readers."""
    before = 'data-md-component="search" role="dialog"'
    return output.replace(before, f'{before} aria-label="Search"')
