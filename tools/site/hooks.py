"""What MkDocs does beyond its own: diagrams stand in their pages as text, and the theme is told what each page is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_META: tuple[tuple[str, dict[str, Any]], ...] = (
    (r"reference/contextualization-.*\.md", {"search": {"boost": 4}}),
    (r"reference/.*-variables\.md", {"search": {"boost": 1.5}}),
    (r"reference/gpu-.*-script\.md", {"search": {"exclude": True}, "hide": ["toc"]}),
    (r"reference/gpu-printed-by-.*\.md", {"hide": ["navigation", "toc"]}),
    (r"reference/(matrix|findings/index)\.md", {"hide": ["toc"]}),
)
"""Settings of pages by their names: search finds a variable before the pages that mention it, and leaves scripts out; a
page that is one wide table uses the whole width."""

_SHORT_CODE = re.compile(r"(?<!<pre>)(?<!</span>)<code>(?=[^<\n]{1,26}</code>)")
"""Code in a sentence or a cell that is short enough to stay on one line: a browser would break ``--gpus`` in two."""

_DIAGRAM = re.compile(r'<img alt="(?P<alt>[^"]*)" src="(?P<src>[^"]+\.svg)" ?/?>')


def on_page_markdown(markdown: str, *, page: Any, **_more: Any) -> str:
    """Tell the theme what `_META` has of a page."""
    for names, meta in _META:
        if re.fullmatch(names, page.file.src_uri):
            page.meta.update(meta)
    return markdown


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

    return _SHORT_CODE.sub('<code class="short">', _DIAGRAM.sub(inlined, html))


def _svg(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    return text[text.index("<svg") :]


def on_post_page(output: str, **_more: Any) -> str:
    """Give the theme's search field the label that it lacks, for screen readers."""
    before = 'data-md-component="search" role="dialog"'
    return output.replace(before, f'{before} aria-label="Search"')
