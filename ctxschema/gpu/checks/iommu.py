"""Does the kernel use an IOMMU? What it was asked for only explains why not."""

from __future__ import annotations

from ctxschema.gpu.machine import Found, Machine, UnreadableError
from ctxschema.gpu.pci import iommu_groups

_SWITCHES = ("intel_iommu", "amd_iommu", "iommu")


def probe(machine: Machine) -> Found:
    """See the declaration."""
    unreadable = None
    try:
        units = machine.names("/sys/class/iommu")
    except UnreadableError as error:
        units, unreadable = [], error.path
    try:
        groups, made_up = iommu_groups(machine)
    except UnreadableError as error:
        groups, made_up, unreadable = 0, 0, error.path
    if units:
        yield "on", {"units": ", ".join(units)}
    elif groups > made_up:
        yield "on-by-groups", {}
    elif unreadable:
        yield "unreadable", {"path": unreadable}
    else:
        yield _why_not(machine)


def _why_not(machine: Machine) -> tuple[str, dict[str, str]]:
    tables = machine.system.names("/sys/firmware/acpi/tables")
    if tables is not None and not {"DMAR", "IVRS", "IORT"} & set(tables):
        return "no-table", {}
    for word in machine.hint("/proc/cmdline").split():
        name, _, value = word.partition("=")
        if name in _SWITCHES and "off" in value.split(","):
            return "switched-off", {"parameter": word}
    if "DMAR" in (tables or ()):
        return "intel-unused", {}
    return ("amd-unused" if "IVRS" in (tables or ()) else "off"), {}
