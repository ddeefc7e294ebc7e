"""Sentences of texts that may or may not end as one does."""

from __future__ import annotations


def sentence(text: str) -> str:
    """Return a text that ends with a full stop, or with a sign that is as good; an empty one stays empty."""
    return text if not text or text.endswith((".", "?", "!", ":")) else f"{text}."
