"""Why the kernel uses no IOMMU. Every check that needs one takes the reason from here, so that all agree."""

from __future__ import annotations

from ctxschema.gpu.machine import Machine
from ctxschema.gpu.pci import iommu_groups

TABLES = {"DMAR": "Intel's VT-d", "IVRS": "AMD's IOMMU", "IORT": "Arm's SMMU"}
"""The ACPI tables by which firmware describes an IOMMU."""

_SWITCHES = ("intel_iommu", "amd_iommu", "iommu")
_UNUSED: dict[str | None, str] = {"DMAR": "intel-unused", "IVRS": "amd-unused"}


def described(machine: Machine) -> str | None:
    """Return the ACPI table that describes an IOMMU, nothing if there is none, None if that cannot be found out."""
    tables = machine.system.names("/sys/firmware/acpi/tables")
    return None if tables is None else next((table for table in TABLES if table in tables), "")


def why_no_iommu(machine: Machine) -> tuple[str, str]:
    """Return the name of an answer of the check ``iommu``, and the kernel parameter that is the reason, if one is."""
    table = described(machine)
    if table == "":
        return "no-table", ""
    for word in machine.hint("/proc/cmdline").split():
        name, _, value = word.partition("=")
        if name in _SWITCHES and "off" in value.split(","):
            return "switched-off", word
    return _UNUSED.get(table, "off"), ""


def lacks_firmware(machine: Machine) -> bool:
    """Say whether the firmware's settings are the reason, rather than the kernel's."""
    return why_no_iommu(machine)[0] in {"no-table", "off"}


def there_are_groups(machine: Machine) -> bool:
    """Say whether there is an IOMMU group that the kernel made for an IOMMU.

    Raises:
        UnreadableError: The groups cannot be read.
    """
    total, made_up = iommu_groups(machine)
    return total > made_up
