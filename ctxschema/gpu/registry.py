"""All checks of a KVM host and of a virtual machine, in order.

Each check is a module in ``checks``: ``CHECK`` declares it, ``probe`` carries it out, and a file of the same name does
the same in bash.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ctxschema.gpu.checks import (
    container_cuda,
    container_gpu,
    container_toolkit,
    cuda,
    cuda_init,
    device_nodes,
    docker,
    fabric,
    fabric_manager,
    gpu_binding,
    gpu_groups,
    gpu_memory,
    host_gpus,
    huge_pages,
    iommu,
    iommu_groups,
    kernel_driver,
    kvm,
    memlock,
    mig,
    nouveau,
    nvidia_smi,
    nvswitch,
    opennebula_host,
    opennebula_pci,
    persistence,
    secure_boot,
    vfio_devices,
    vfio_pci,
    vfio_udev,
    vgpu_licence,
    virtual_functions,
    vm_gpus,
)
from ctxschema.gpu.machine import Found, Machine
from ctxschema.model.check import Check, Layer


class CheckModule(Protocol):
    """The members of a check's module."""

    @property
    def CHECK(self) -> Check:  # noqa: N802 - a constant of a module
        """The declaration."""

    @property
    def probe(self) -> Callable[[Machine], Found]:
        """The function that yields the names of the answers for a machine, with their details."""


_MODULES: dict[Layer, tuple[CheckModule, ...]] = {
    Layer.HOST: (
        kvm,
        iommu,
        iommu_groups,
        vfio_pci,
        host_gpus,
        gpu_binding,
        virtual_functions,
        gpu_groups,
        gpu_memory,
        nvswitch,
        vfio_devices,
        vfio_udev,
        memlock,
        huge_pages,
        opennebula_pci,
        opennebula_host,
    ),
    Layer.VM: (
        vm_gpus,
        kernel_driver,
        nouveau,
        secure_boot,
        device_nodes,
        nvidia_smi,
        cuda_init,
        fabric,
        fabric_manager,
        mig,
        vgpu_licence,
        persistence,
        cuda,
        docker,
        container_toolkit,
        container_gpu,
        container_cuda,
    ),
}

CHECKS: dict[Layer, tuple[Check, ...]] = {
    layer: tuple(module.CHECK for module in modules) for layer, modules in _MODULES.items()
}
"""The checks of each layer, in the order in which they run."""

ALL_CHECKS = tuple(check for checks in CHECKS.values() for check in checks)
"""The checks of both layers."""

PROBES = {module.CHECK.id: module.probe for modules in _MODULES.values() for module in modules}
"""The function that carries out each check, by the check's id."""

SCRIPTS: dict[Layer, str] = {Layer.HOST: "validate-host-gpu.sh", Layer.VM: "validate-gpu.sh"}
"""The file name of each layer's script."""
