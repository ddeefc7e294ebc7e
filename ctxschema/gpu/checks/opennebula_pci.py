"""Does OpenNebula let the NVIDIA GPUs through? Judged as its probe, pci.rb, reads the file."""

from __future__ import annotations

import re

from ctxschema.gpu.answers import unreadable
from ctxschema.gpu.machine import Found, Machine, UnreadableError
from ctxschema.gpu.pci import PciGpu, pci_bus
from ctxschema.gpu.pci_conf import InvalidError, Setting, setting
from ctxschema.gpu.values import FRONT_END_FILE, NODE_FILE, VENDOR
from ctxschema.model.check import Answer, Check, Layer, Status

_SYNC = "run `onehost sync -f`"
_WRITE = f"on the front-end write `:filter: '10de:*'` into {FRONT_END_FILE} and {_SYNC}"
CHECK = Check(
    "opennebula-pci",
    Layer.HOST,
    "Does OpenNebula let the NVIDIA GPUs through?",
    f"`:filter:`, `:short_address:` and `:device_name:` in {NODE_FILE}, or on the front-end in {FRONT_END_FILE}",
    "each GPU, or vendor 10de where there is none, passes all three as OpenNebula's probe reads them",
    (
        Answer(
            "admitted",
            Status.PASS,
            "{path} lets them through (:filter: {filter}), unless the host or its cluster narrows it",
        ),
        Answer(
            "refused",
            Status.FAIL,
            "{path} does not let {what} through (:filter: {filter})",
            _WRITE,
        ),
        Answer(
            "not-listed",
            Status.FAIL,
            "{path} does not let {what} through: :short_address: names others only",
            f"on the front-end add '{{short}}' to `:short_address:` in {FRONT_END_FILE}, or empty it, and {_SYNC}",
        ),
        Answer(
            "by-name",
            Status.WARN,
            "{path} lets through only what matches :device_name: {patterns}",
            f"make sure that the GPU's name matches, or empty `:device_name:` in {FRONT_END_FILE} and {_SYNC}",
        ),
        Answer(
            "no-filter",
            Status.FAIL,
            "{path} has no :filter:, and without one OpenNebula lists no card",
            f"{_WRITE}; the key begins with a colon",
        ),
        Answer(
            "invalid",
            Status.FAIL,
            "{path}: {value} is read as no text without quotes, and OpenNebula lists no card",
            f"{_WRITE}, with the quotes",
        ),
        Answer(
            "not-synced",
            Status.WARN,
            f"{NODE_FILE} differs from the front-end's file",
            f"on the front-end {_SYNC}",
        ),
        Answer(
            "not-here",
            Status.WARN,
            "this host is not the front-end and has no copy of pci.conf, so the filter cannot be judged here",
            _WRITE,
        ),
        unreadable(),
    ),
)


_ENTRY = re.compile(r"(\*|[0-9a-f]{0,4}):(\*|[0-9a-f]{0,4})(:(\*|[0-9a-f]{0,4}))?", re.IGNORECASE)
_DOMAIN = "0000:"


def probe(machine: Machine) -> Found:
    """Read the filters of pci.conf and compare them with the GPUs on the PCI bus."""
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
    gpus = machine.cached(pci_bus).gpus
    refused = list(_refused(path, wanted, listed, gpus))
    yield from refused
    if not refused and named.items:
        yield "by-name", {"path": path, "patterns": named.words}
    elif not refused:
        yield "admitted", {"path": path, "filter": wanted.words}


def _refused(path: str, wanted: Setting, listed: Setting, gpus: tuple[PciGpu, ...]) -> Found:
    entries = ["*:*"] if wanted.null else [entry.strip() for item in wanted.items for entry in item.split(",")]
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
    """Say whether one of the entries matches a card."""
    matches = [match for entry in entries if (match := _ENTRY.fullmatch(entry))]
    wanted = [(match[1], match[2], match[4] or "") for match in matches]
    return any(all(map(_fits, each, numbers)) for each in wanted)


def _fits(wanted: str, number: str | None) -> bool:
    return wanted in {"", "*"} or (number is not None and int(wanted, 16) == int(number, 16))
