"""Quoting a text for each kind of output, so that the reader of the output gets exactly that text.

Every text from outside, be it from a declaration or from an imported file, passes one of these functions on its way
into an output. Each function takes any text and returns a single value, or a single comment, of the output's language.
`ctxschema.grammar.emit` does the same for templates, which cannot express some texts and refuses them, and
`ctxschema.document.markdown` for Markdown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

_YAML_WORDS = frozenset({"N", "NO", "NULL", "OFF", "ON", "TRUE", "FALSE", "Y", "YES"})
_YAML_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_BEGINS_TEMPLATE = re.compile(r"[$%](?=\{)")
_SHELL_PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")


def comment(text: str) -> str:
    """Return a text for a comment that begins with ``#`` and ends with its line.

    Unprintable characters are escaped: some languages also end a line at U+0085 or U+2028, and U+202E makes editors
    show the following text reversed.
    """
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def python_string(text: str) -> str:
    """Return a text as a Python string literal in double quotes."""
    return f'"{comment(_escaped(text))}"'


def python_docstring(text: str) -> str:
    """Return a text as a one-line Python docstring."""
    return f'"""{comment(_escaped(text))}"""'


def shell_word(text: str) -> str:
    """Return a text as one quoted word for any POSIX shell. NUL is left out, as no shell word can contain it."""
    inner = text.replace("'", "'\\''")
    return f"'{inner}'"


def shell_command(words: Iterable[str]) -> str:
    """Return words as a command of a shell, those in quotes that need them, as `shlex.join` does.

    A boot prints its command with it, and `shlex` takes longer to import than all words to quote.
    """
    quoted = "'\"'\"'"
    return " ".join(each if _SHELL_PLAIN.fullmatch(each) else f"'{each.replace(chr(39), quoted)}'" for each in words)


def json_text(data: Any, *, indent: int | None = None) -> str:
    """Return plain data as JSON in which every character is printable, so that no line is other than it looks.

    A number that JSON lacks, such as NaN, becomes a text; a lone surrogate stays an escape.
    """
    import json

    text = json.dumps(without_nan(data), indent=indent, ensure_ascii=False)
    return "".join(each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text)


def without_nan(data: Any) -> Any:
    """Return plain data with the numbers that JSON lacks, NaN and the infinities, as text."""
    if isinstance(data, dict):
        return {key: without_nan(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [without_nan(value) for value in data]
    if isinstance(data, float) and not math.isfinite(data):
        return "NaN" if math.isnan(data) else f"{'-' * (data < 0)}Infinity"
    return data


def yaml_string(text: str) -> str:
    """Return a text as a YAML scalar in double quotes."""
    return f'"{_with_long_escapes(_escaped(text))}"'


def yaml_key(text: str) -> str:
    """Return a text as a YAML key, quoted if it would otherwise be read as something other than text."""
    return text if _YAML_PLAIN.match(text) and text.upper() not in _YAML_WORDS else yaml_string(text)


def hcl_string(text: str) -> str:
    """Return a text as an HCL string; ``${`` and ``%{``, which would begin a template, are escaped."""
    opened = _BEGINS_TEMPLATE.sub(lambda sign: "\\" + f"u{ord(sign[0]):04x}", _escaped(text))
    return f'"{_with_long_escapes(opened)}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _with_long_escapes(text: str) -> str:
    return "".join(each if each.isprintable() else f"\\U{ord(each):08x}" for each in text)
