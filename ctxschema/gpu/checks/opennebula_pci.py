"""Does OpenNebula let the NVIDIA GPUs through? Judged as its probe, pci.rb, reads the file."""

from __future__ import annotations

import re

from ctxschema.catalog.checks.opennebula import FRONT_END_FILE, NODE_FILE
from ctxschema.gpu.machine import Found, Machine, UnreadableError
from ctxschema.gpu.pci import PciGpu, pci_bus
from ctxschema.gpu.pci_conf import InvalidError, Setting, setting
from ctxschema.gpu.values import VENDOR

_ENTRY = re.compile(r"(\*|[0-9a-f]{0,4}):(\*|[0-9a-f]{0,4})(:(\*|[0-9a-f]{0,4}))?", re.IGNORECASE)
_DOMAIN = "0000:"


def probe(machine: Machine) -> Found:
    """See the declaration."""
    node = machine.text(NODE_FILE)
    try:
        front_end = machine.text(FRONT_END_FILE)
    except UnreadableError:
        if node is None:
            raise
        front_end = None
    if node is not None:
        yield from _judged(machine, NODE_FILE, node)
        if front_end is not None and front_end != node:
            yield "not-synced", {}
    elif front_end is not None:
        yield from _judged(machine, FRONT_END_FILE, front_end)
    else:
        yield "not-here", {}


def _judged(machine: Machine, path: str, text: str) -> Found:
    try:
        wanted, listed, named = (setting(text, name) for name in ("filter", "short_address", "device_name"))
    except InvalidError as error:
        yield "invalid", {"path": path, "value": error.value}
        return
    if not wanted.there:
        yield "no-filter", {"path": path}
        return
    gpus = machine.once(pci_bus).gpus
    refused = list(_refused(path, wanted, listed, gpus))
    yield from refused
    if not refused and named.items:
        yield "by-name", {"path": path, "patterns": named.words}
    elif not refused:
        yield "admitted", {"path": path, "filter": wanted.words}


def _refused(path: str, wanted: Setting, listed: Setting, gpus: tuple[PciGpu, ...]) -> Found:
    entries = ["*:*"] if wanted.null else [entry.strip(" \t") for item in wanted.items for entry in item.split(",")]
    if not gpus and not _admits(entries, VENDOR, None, None):
        yield "refused", {"path": path, "what": f"vendor {VENDOR}", "filter": wanted.words}
    for gpu in gpus:
        what = f"GPU {gpu.addr} ({gpu.id})"
        short = gpu.addr.removeprefix(_DOMAIN)
        if not _admits(entries, VENDOR, gpu.device, gpu.kind):
            yield "refused", {"path": path, "what": what, "filter": wanted.words}
        elif listed.items and not {gpu.addr, short} & set(listed.items):
            yield "not-listed", {"path": path, "what": what, "short": short}


def _admits(entries: list[str], *numbers: str | None) -> bool:
    """Say whether an entry lets a card through."""
    matches = [match for entry in entries if (match := _ENTRY.fullmatch(entry))]
    wanted = [(match[1], match[2], match[4] or "") for match in matches]
    return any(all(map(_fits, each, numbers)) for each in wanted)


def _fits(wanted: str, number: str | None) -> bool:
    return wanted in {"", "*"} or (number is not None and int(wanted, 16) == int(number, 16))
