"""What MkDocs does beyond its own: it puts diagrams into their pages as text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_DIAGRAM = re.compile(r'<img alt="(?P<alt>[^"]*)" src="(?P<src>[^"]+\.svg)" ?/?>')


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
