"""The first page of the reference: all pages by topic."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ctxschema.document.markdown import link, page, table

SECTIONS: dict[str, str] = {
    "Appliances": r".*\.md",
    "Variables": r"contextualization(-.*)?\.md|.*-variables\.md",
    "Declarations": r"declaration(-.*)?\.md",
    "GPU": r"gpu-.*\.md",
    "Programs and findings": r"(consumers|outputs|cli|python|findings/index)\.md",
}
"""The topics, each with a pattern for the names of its pages; the first has those that match no other."""

_REMARK = "Everything here is rendered from the declarations by `ctxschema generate docs`."


def index_page(pages: Mapping[str, str]) -> str:
    """Return the page.

    Args:
        pages: All pages except those of single codes: file name to Markdown.
    """
    return page("Reference", _REMARK, *(block for name in SECTIONS for block in _section(name, pages)))


def _section(section: str, pages: Mapping[str, str]) -> Iterator[str]:
    found = [name for name in pages if _about(name) == section]
    if found:
        yield f"## {section}"
        yield table(("page", "what it begins with"), (_row(name, pages[name]) for name in found))


def _about(name: str) -> str:
    """Return the section of a page."""
    return next(section for section, names in reversed([*SECTIONS.items()]) if re.fullmatch(names, name))


def _row(name: str, text: str) -> tuple[str, str]:
    title, _, begins = text.removeprefix("# ").split("\n\n")[:3]
    sentence = re.split(r"[.:] (?=[A-Z`*\[])|:$", begins, maxsplit=1)[0]
    return link(title, name), f"{' '.join(sentence.split()).rstrip('.')}."
