"""Why the kernel uses no IOMMU, for every check that misses it: one reason, so that no two repairs contradict."""

from __future__ import annotations

from ctxschema.gpu.machine import Machine

TABLES = {"DMAR": "Intel's VT-d", "IVRS": "AMD's IOMMU", "IORT": "Arm's SMMU"}
"""The ACPI tables by which firmware describes an IOMMU."""

_SWITCHES = ("intel_iommu", "amd_iommu", "iommu")


def described(machine: Machine) -> str | None:
    """Return the table in which the firmware describes an IOMMU, nothing without one, None if it cannot be told."""
    tables = machine.system.names("/sys/firmware/acpi/tables")
    return None if tables is None else next((table for table in TABLES if table in tables), "")


def why_no_iommu(machine: Machine) -> tuple[str, str]:
    """Return the name of the answer of the check ``iommu``, and the parameter that switches it off, if one does."""
    table = described(machine)
    if table == "":
        return "no-table", ""
    for word in machine.hint("/proc/cmdline").split():
        name, _, value = word.partition("=")
        if name in _SWITCHES and "off" in value.split(","):
            return "switched-off", word
    return {"DMAR": "intel-unused", "IVRS": "amd-unused"}.get(table or "", "off"), ""


def lacks_firmware(machine: Machine) -> bool:
    """Say whether the firmware is what has to be changed; else the kernel is."""
    return why_no_iommu(machine)[0] in {"no-table", "off"}
