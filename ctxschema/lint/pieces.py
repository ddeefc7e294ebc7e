"""Texts that are made of pieces of a source, such as a word of a program without its quotes."""

from __future__ import annotations

from collections.abc import Iterable

from ctxschema.core.source import SourceText


def joined(source: SourceText, spans: Iterable[tuple[int, int]]) -> SourceText:
    """Return pieces of a text, of which there is at least one, as a text whose characters have their positions."""
    text, anchors = "", []
    for start, end in spans:
        anchors.append((len(text), start))
        text += source.text[start:end]
    return SourceText(text, source.name, parent=source, anchors=tuple(anchors))
