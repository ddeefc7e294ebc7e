"""Texts of a declaration with placeholders in them, such as ``--port={APP_PORT}``, and what fills them.

A placeholder names a variable of the appliance, or a fact that the machine finds out while it boots. After a colon it
may name a function that is applied to the value: ``{FL_FLEET_API_ADDRESS:port}``. `FUNCTIONS` lists them all; a
declaration cannot contain code. If a placeholder has no value, or its function yields none, the entry of the container
that contains it is left out.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from attrs import frozen

from ctxschema.model.pem import pem_text

FACTS = {
    "vm_id": "the number of the machine, as OpenNebula gave it",
    "address": "the first address of the machine",
    "gpu": "YES where a GPU is used, else NO",
    "gpu_count": "how many GPUs the container sees, where one is used",
    "place": "the place of the machine among those of its role, from 0, where something was looked up in its service",
    "places": "how many machines its role has, where something was looked up in its service",
    "ca_certificate": "the certificate of the authority that the machine uses, as base64 of PEM, once it is written",
}
"""The facts that a machine finds out while it boots: the name for placeholders, and a description."""

EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - of the container; which addresses of the machine lead there is Docker's part
EVERY_IPV6_ADDRESS = "[::]"

_BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_BYTE}(\.{_BYTE}){{3}}\Z")
_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(?::([a-z-]+))?\}")


@frozen
class Placeholder:
    """A placeholder in a text.

    Args:
        name: The name of a variable or of a fact.
        function: The name of the function that is applied to the value; none if empty.
    """

    name: str
    function: str = ""


@frozen
class TextFunction:
    """A function of a placeholder.

    Args:
        words: What it yields, to be followed by ``of NAME``.
        apply: Computes it from the text of a value and the known facts; returns None where there is no result.
    """

    words: str
    apply: Callable[[str, Mapping[str, str]], str | None]


def _host(address: str) -> str:
    return address.rpartition(":")[0]


def _is_every(host: str) -> bool:
    return host in {EVERY_ADDRESS, EVERY_IPV6_ADDRESS}


def is_every_host(host: str) -> bool:
    """Say whether publishing a port on this host means every address of the machine: it is empty, 0.0.0.0 or [::]."""
    return not host or _is_every(host)


def is_every_address(address: str) -> bool:
    """Say whether the host of ``host:port`` is 0.0.0.0 or [::], on which a program can listen but none can connect."""
    return _is_every(_host(address))


def is_one_address(host: str) -> bool:
    """Say whether a text is an IPv4 address of one machine, not 0.0.0.0."""
    return _IPV4.match(host) is not None and not _is_every(host)


def _listening(address: str, _facts: Mapping[str, str]) -> str:
    return EVERY_IPV6_ADDRESS if _host(address).startswith("[") else EVERY_ADDRESS


def _publishing(address: str, _facts: Mapping[str, str]) -> str:
    """Return the address if it is one, as Docker publishes on nothing else; empty for a name, 0.0.0.0 and [::]."""
    host = _host(address)
    literal = host.startswith("[") or host.replace(".", "").isdigit()
    return "" if _is_every(host) or not literal else host


def _reachable(address: str, facts: Mapping[str, str]) -> str | None:
    host = _host(address)
    if _is_every(host):
        host = facts.get("address", "")
    return f"{host}:{address.rpartition(':')[2]}" if host else None


FUNCTIONS: Mapping[str, TextFunction] = {
    "port": TextFunction("the port", lambda address, _facts: address.rpartition(":")[2]),
    "listening-host": TextFunction("the container's own address of the same family as that", _listening),
    "listening-ip": TextFunction(
        "the container's own address, without brackets, of the same family as that",
        lambda address, facts: _listening(address, facts).strip("[]"),
    ),
    "publishing-host": TextFunction("the machine's address", _publishing),
    "reachable": TextFunction("the address from outside", _reachable),
    "folder": TextFunction("the folder", lambda path, _facts: posixpath.dirname(path) or None),
    "pem": TextFunction("the decoded PEM text", lambda text, _facts: pem_text(text)),
}
"""The functions of placeholders, by name.

``port``
    of ``host:port``, the port.
``listening-host``, ``listening-ip``
    of ``host:port``, the address on which the program in the container listens: every address of the container, in
    IPv6 if the host is written so. (An address of the machine does not exist inside the container.)
``publishing-host``
    of ``host:port``, the address of the machine on which Docker publishes the port; empty for all of them.
``reachable``
    of ``host:port``, the address that other machines connect to: the machine's own if it listens on every address.
``folder``
    of a path, its folder, if it has one.
``pem``
    of a text64 value, plain or in base64, the PEM text.
"""


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """Return the placeholders of a text, in order and with repetitions."""
    return tuple(Placeholder(name, function or "") for name, function in _PLACEHOLDER.findall(text))


def text_faults(text: str, names: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the placeholders of a text: unknown variables, facts or functions.

    Args:
        text: The text.
        names: The names of the appliance's variables.
    """
    for placeholder in placeholders(text):
        if placeholder.name not in names and placeholder.name not in FACTS:
            yield f"{text} names {placeholder.name}, which is not declared"
        if placeholder.function and placeholder.function not in FUNCTIONS:
            yield f"{text} names the function {placeholder.function}; there are {', '.join(FUNCTIONS)}"


def in_words(text: str) -> str:
    """Return a text with each placeholder in words, for documents."""

    def words(match: re.Match[str]) -> str:
        name, function = match[1], match[2]
        return f"{FUNCTIONS[function].words} of {name}" if function else name

    return _PLACEHOLDER.sub(words, text)


def filled(text: str, known: Callable[[str], str | None], facts: Mapping[str, str]) -> str | None:
    """Return a text with its placeholders filled, or None where one of them has no value.

    Args:
        text: The text.
        known: Returns the text of a variable or a fact, or None.
        facts: The facts that are known, for the functions.
    """
    missing = False

    def fill(match: re.Match[str]) -> str:
        nonlocal missing
        value = known(match[1])
        if value is not None and match[2]:
            value = FUNCTIONS[match[2]].apply(value, facts)
        missing = missing or value is None
        return value or ""

    result = _PLACEHOLDER.sub(fill, text)
    return None if missing else result
