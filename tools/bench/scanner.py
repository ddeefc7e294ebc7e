"""The peer of the template parser: a scanner by hand, for the same attributes and no findings, spans or round trip."""

from __future__ import annotations

NAME = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")


def scan(text: str) -> list[tuple[str, str | dict[str, str]]]:
    """Return the attributes of a well-formed template; raises ValueError at anything else."""
    found: list[tuple[str, str | dict[str, str]]] = []
    at, end = 0, len(text)
    while (at := _blanks(text, at, end, " \t\n")) < end:
        name, at = _name(text, at, end)
        at = _equal(text, at, end)
        if text.startswith("[", at):
            members: dict[str, str] = {}
            at = _blanks(text, at + 1, end, " \t\n,")
            while not text.startswith("]", at):
                key, at = _name(text, at, end)
                members[key], at = _value(text, _equal(text, at, end), end)
                at = _blanks(text, at, end, " \t\n,")
            found.append((name, members))
            at += 1
        else:
            value, at = _value(text, at, end)
            found.append((name, value))
    return found


def _blanks(text: str, at: int, end: int, blanks: str) -> int:
    while at < end:
        if text[at] in blanks:
            at += 1
        elif text[at] == "#":
            at = text.find("\n", at) % (end + 1)
        else:
            break
    return at


def _name(text: str, at: int, end: int) -> tuple[str, int]:
    start = at
    while at < end and text[at] in NAME:
        at += 1
    if at == start:
        raise ValueError(f"no name at {at}")
    return text[start:at].upper(), at


def _equal(text: str, at: int, end: int) -> int:
    at = _blanks(text, at, end, " \t")
    if not text.startswith("=", at):
        raise ValueError(f"no equals sign at {at}")
    return _blanks(text, at + 1, end, " \t")


def _value(text: str, at: int, end: int) -> tuple[str, int]:
    if text.startswith('"', at):
        stop = text.index('"', at + 1)
        while text[stop - 1] == "\\":
            stop = text.index('"', stop + 1)
        return text[at + 1 : stop].replace('\\"', '"'), stop + 1
    start = at
    while at < end and text[at] not in " \t\n,]#":
        at += 1
    return text[start:at], at
