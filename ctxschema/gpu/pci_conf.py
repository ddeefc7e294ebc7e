"""OpenNebula's pci.conf: the small part of YAML that it is written in, as Ruby reads it.

Source: facts/gpu.md, section 5.
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
"""What YAML refuses without quotes, and what Ruby takes for a number."""


class InvalidError(CtxschemaError):
    """Something in the file that OpenNebula's probe stumbles over.

    Attributes:
        value: It, as it is written.
    """

    def __init__(self, value: str) -> None:
        super().__init__(f"{value} is no text")
        self.value = value


@frozen
class Setting:
    """One key of the file.

    Args:
        there: Whether it is written at all.
        null: Whether it is written without a value.
        items: Its texts.
    """

    there: bool = False
    null: bool = False
    items: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The items as one text."""
        return "null" if self.null else ",".join(self.items)


def setting(text: str, name: str) -> Setting:
    """Return a key of the file; where it is written twice, the last counts.

    Args:
        text: The file.
        name: The key without its colons.

    Raises:
        InvalidError: Its value is not what it looks like.
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
