"""What a KVM host and a virtual machine are asked about their NVIDIA GPUs, independent of any appliance."""

from __future__ import annotations

from ctxschema.catalog.checks.host import HOST_CHECKS
from ctxschema.catalog.checks.vm_container import CONTAINER_CHECKS
from ctxschema.catalog.checks.vm_driver import DRIVER_CHECKS
from ctxschema.catalog.checks.vm_smi import SMI_CHECKS
from ctxschema.model.check import Check, Layer

CHECKS: dict[Layer, tuple[Check, ...]] = {
    Layer.HOST: HOST_CHECKS,
    Layer.VM: (*DRIVER_CHECKS, *SMI_CHECKS, *CONTAINER_CHECKS),
}
"""The checks of each layer, in the order in which they are made."""

ALL_CHECKS = tuple(check for checks in CHECKS.values() for check in checks)
"""All of them."""

SCRIPTS: dict[Layer, str] = {Layer.HOST: "validate-host-gpu.sh", Layer.VM: "validate-gpu.sh"}
"""What the script of each layer is called."""
