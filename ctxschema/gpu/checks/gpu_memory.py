"""Has the firmware given each GPU room for its memory? Source: the kernel's pci-sysfs, ioport.h."""

from __future__ import annotations

import re

from attrs import frozen

from ctxschema.gpu.answers import NO_GPU, unreadable
from ctxschema.gpu.machine import Found, Machine, UnreadableError
from ctxschema.gpu.pci import DEVICES, pci_bus
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "gpu-memory",
    Layer.HOST,
    "Has each GPU a place for the windows to its memory?",
    "the first six lines of resource of each GPU in /sys/bus/pci/devices, and the sizes in resource<n>_resize",
    "every window of the card has an address",
    (
        Answer("above", Status.PASS, "GPU {addr} has a window of {size} above 4 GiB"),
        Answer("below", Status.PASS, "GPU {addr} has a window of {size} below 4 GiB"),
        Answer(
            "resizable",
            Status.PASS,
            "GPU {addr} has a window of {size} and could have one of {largest}: Resizable BAR is off, which is slower "
            "and no obstacle",
        ),
        Answer(
            "unplaced",
            Status.FAIL,
            "BAR {bar} of GPU {addr} ({size}) has no address: the firmware had no room for it",
            "enable Above 4G Decoding in BIOS, and SR-IOV or Resizable BAR only where they are used; "
            "else try the kernel's parameter `pci=realloc`",
        ),
        Answer("untold", Status.SKIP, "GPU {addr} does not show its windows"),
        NO_GPU,
        unreadable(),
    ),
)

_LINE = re.compile("0x([0-9a-f]{1,16}) 0x([0-9a-f]{1,16}) 0x([0-9a-f]{1,16})")
_IS_MEMORY = 0x200
_IS_UNSET = 0x20000000
_BARS = 6
_LIMIT = 1 << 32
_FIRST_SIZE = 20
"""The exponent of the size that bit 0 of a list of possible sizes stands for: 1 MiB."""

_SIZES = re.compile("[0-9a-f]{1,15}")


@frozen
class Window:
    """A window (BAR) through which a card's memory is accessed."""

    bar: int
    start: int
    size: int
    placed: bool


def probe(machine: Machine) -> Found:
    """Look for PCI windows of each GPU that have no address, or less than the largest size that they could have."""
    gpus = machine.cached(pci_bus).gpus
    if not gpus:
        yield "no-gpu", {}
    for gpu in gpus:
        try:
            yield from list(_judged(machine, gpu.addr))
        except UnreadableError as error:
            yield "unreadable", {"path": error.path}


def _judged(machine: Machine, addr: str) -> Found:
    text = machine.text(f"{DEVICES}/{addr}/resource")
    windows = _windows(text) if text else []
    if not windows:
        yield "untold", {"addr": addr}
        return
    unplaced = [window for window in windows if not window.placed]
    for window in unplaced:
        yield "unplaced", {"addr": addr, "bar": str(window.bar), "size": in_words(window.size)}
    if unplaced:
        return
    biggest = max(windows, key=lambda window: window.size)
    largest = _largest(machine.hint(f"{DEVICES}/{addr}/resource{biggest.bar}_resize"))
    details = {"addr": addr, "size": in_words(biggest.size), "largest": in_words(largest)}
    if largest > biggest.size:
        yield "resizable", details
    else:
        yield ("above" if biggest.start >= _LIMIT else "below"), details


def _windows(text: str) -> list[Window]:
    found = []
    for bar, line in enumerate(text.split("\n")[:_BARS]):
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        start, end, flags = (int(number, 16) for number in match.groups())
        if flags & _IS_MEMORY and end >= start:
            found.append(Window(bar, start, end - start + 1, start != 0 and not flags & _IS_UNSET))
    return found


def _largest(text: str) -> int:
    """Return the largest size in a bit mask of possible sizes."""
    digits = text.lstrip("0")
    return 1 << (int(digits, 16).bit_length() - 1 + _FIRST_SIZE) if _SIZES.fullmatch(digits) else 0


def in_words(size: int) -> str:
    """Return a size in words, in the largest unit that fits."""
    for shift, unit in ((30, "GiB"), (20, "MiB")):
        if size >> shift:
            return f"{size >> shift} {unit}"
    return f"{size >> 10} KiB"
