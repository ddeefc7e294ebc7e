"""How a text is written into each kind of output, so that its reader reads that text and nothing else.

Whatever comes from outside, from a declaration as well as from a file that is imported, reaches an output through one
of these functions. Each takes any text and returns one that its reader takes for one value, or for one comment.
`ctxschema.grammar.emit` does the same for the text of templates, which has no form for some texts and refuses them,
and `ctxschema.document.markdown` for Markdown.
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
    """Return a text for a comment behind ``#``, of any language that ends it with the line.

    What does not print has an escape in its place: some languages also end a line at U+0085 or U+2028, and editors
    show what follows U+202E the wrong way round.
    """
    return text if text.isprintable() else "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def python_string(text: str) -> str:
    """Return a text as a literal of Python in double quotes."""
    return f'"{comment(_escaped(text))}"'


def python_docstring(text: str) -> str:
    """Return a text as a docstring of one line."""
    return f'"""{comment(_escaped(text))}"""'


def shell_word(text: str) -> str:
    """Return a text as one word of any POSIX shell, always in quotes; no shell has a word with NUL in it."""
    inner = text.replace("'", "'\\''")
    return f"'{inner}'"


def shell_command(words: Iterable[str]) -> str:
    """Return words as a command of a shell, those in quotes that need them, as `shlex.join` does.

    A boot prints its command with it, and `shlex` takes longer to import than all words to quote.
    """
    quoted = "'\"'\"'"
    return " ".join(each if _SHELL_PLAIN.fullmatch(each) else f"'{each.replace(chr(39), quoted)}'" for each in words)


def json_text(data: Any, *, indent: int | None = None) -> str:
    """Return plain data as JSON of printable characters, which any encoding of its file can carry as UTF-8.

    A number that JSON has not, such as NaN, stands as text; half of a pair of surrogates stays an escape.
    """
    import json

    text = json.dumps(without_nan(data), indent=indent, ensure_ascii=False, allow_nan=False)
    return "".join(each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text)


def without_nan(data: Any) -> Any:
    """Return plain data with text in place of the numbers that JSON has not: NaN and the infinities."""
    if isinstance(data, dict):
        return {key: without_nan(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [without_nan(value) for value in data]
    if isinstance(data, float) and not math.isfinite(data):
        return "NaN" if math.isnan(data) else f"{'-' * (data < 0)}Infinity"
    return data


def yaml_string(text: str) -> str:
    """Return a text as a scalar of YAML in double quotes."""
    return f'"{_with_long_escapes(_escaped(text))}"'


def yaml_key(text: str) -> str:
    """Return a text as a key of YAML, in quotes where it would be read as something else than text."""
    return text if _YAML_PLAIN.match(text) and text.upper() not in _YAML_WORDS else yaml_string(text)


def hcl_string(text: str) -> str:
    """Return a text as a string of HCL, in which a dollar or a percent sign before a brace would begin a template."""
    opened = _BEGINS_TEMPLATE.sub(lambda sign: "\\" + f"u{ord(sign[0]):04x}", _escaped(text))
    return f'"{_with_long_escapes(opened)}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _with_long_escapes(text: str) -> str:
    return "".join(each if each.isprintable() else f"\\U{ord(each):08x}" for each in text)
