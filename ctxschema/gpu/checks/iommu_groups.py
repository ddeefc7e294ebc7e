"""Has the kernel put devices into IOMMU groups?"""

from __future__ import annotations

from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.pci import iommu_groups


def probe(machine: Machine) -> Found:
    """See the declaration."""
    groups, made_up = iommu_groups(machine)
    if groups > made_up:
        yield "groups", {"count": str(groups - made_up)}
    else:
        yield ("unsafe" if made_up else "none"), {}
