"""Reading OpenNebula's pci.conf, which uses a small part of YAML, as Ruby's YAML library reads it.

Source: docs/facts/gpu.md, section 5.
"""

from __future__ import annotations

import re

from attrs import frozen

from ctxschema.core.errors import CtxschemaError

_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)")
_EMPTY = re.compile(r"[ \t]*(#.*)?")
_QUOTED = re.compile(r"""('([^']*)'|"([^"]*)")[ \t]*(#.*)?""")
_FLOW = re.compile(r"\[(.*)\][ \t]*(#.*)?")
_COMMENT = re.compile(r"(^|[ \t])[ \t]*#.*")
_NO_TEXT = re.compile(r"[*&!|>%@`{}\[\]\"',?].*|.*:|.*: .*|[0-9]+(:[0-9]+)*")
"""Texts that YAML refuses without quotes or that Ruby reads as a number."""


class InvalidError(CtxschemaError):
    """A value in pci.conf at which OpenNebula's probe fails.

    Attributes:
        value: The value as it is written.
    """

    def __init__(self, value: str) -> None:
        super().__init__(f"{value} is no text")
        self.value = value


@frozen
class Setting:
    """The value of a key in the file.

    Args:
        there: Whether the key exists.
        null: Whether it has no value.
        items: Its texts.
    """

    there: bool = False
    null: bool = False
    items: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The texts, joined for a message."""
        return "null" if self.null else ",".join(self.items)


def setting(text: str, name: str) -> Setting:
    """Return the value of a key; if the key occurs twice, the last one counts.

    Args:
        text: The content of the file.
        name: The key without its colons.

    Raises:
        InvalidError: Ruby would not read its value as a text or a list of texts.
    """
    key = re.compile(rf":{name}:([ \t]+(.*))?")
    found = Setting()
    inside = False
    for line in (line.rstrip("\r \t") for line in text.split("\n")):
        item = _ITEM.fullmatch(line)
        match = key.fullmatch(line)
        if match:
            found, inside = _value(match[2] or ""), True
        elif inside and item:
            found = Setting(there=True, items=(*found.items, *_scalar(item[1])))
        elif not _EMPTY.fullmatch(line):
            inside = False
    return found


def _value(text: str) -> Setting:
    flow = _FLOW.fullmatch(text)
    parts = flow[1].split(",") if flow else [text]
    items = tuple(item for part in parts for item in _scalar(part.strip(" \t")))
    return Setting(there=True, null=not flow and not items, items=items)


def _scalar(text: str) -> tuple[str, ...]:
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return (quoted[2] or quoted[3] or "",)
    bare = _COMMENT.sub("", text).strip(" \t")
    if bare in {"", "~", "null"}:
        return ()
    if _NO_TEXT.fullmatch(bare):
        raise InvalidError(bare)
    return (bare,)
