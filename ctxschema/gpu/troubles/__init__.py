"""The troubleshooting table, by program: messages about GPUs, their causes and repairs. Data only.

`gpu troubleshoot` looks messages up; `ctxschema.report.troubles` does the matching.
"""

from __future__ import annotations

from ctxschema.gpu.troubles import programs
from ctxschema.gpu.troubles.cli_cgroups import CLI_CGROUP_TROUBLES
from ctxschema.gpu.troubles.cli_choice import CLI_CHOICE_TROUBLES
from ctxschema.gpu.troubles.cli_files import CLI_FILE_TROUBLES
from ctxschema.gpu.troubles.cli_start import CLI_START_TROUBLES
from ctxschema.gpu.troubles.containers import CONTAINER_TROUBLES
from ctxschema.gpu.troubles.cuda_card import CUDA_CARD_TROUBLES
from ctxschema.gpu.troubles.cuda_libraries import CUDA_LIBRARY_TROUBLES
from ctxschema.gpu.troubles.cuda_run import CUDA_RUN_TROUBLES
from ctxschema.gpu.troubles.cuda_start import CUDA_START_TROUBLES
from ctxschema.gpu.troubles.dkms import DKMS_TROUBLES
from ctxschema.gpu.troubles.docker_command import DOCKER_COMMAND_TROUBLES
from ctxschema.gpu.troubles.docker_engine import DOCKER_ENGINE_TROUBLES
from ctxschema.gpu.troubles.docker_gpus import DOCKER_GPU_TROUBLES
from ctxschema.gpu.troubles.fabric import FABRIC_TROUBLES
from ctxschema.gpu.troubles.frameworks import FRAMEWORK_TROUBLES
from ctxschema.gpu.troubles.harmless import HARMLESS_TROUBLES
from ctxschema.gpu.troubles.host_pci import HOST_PCI_TROUBLES
from ctxschema.gpu.troubles.host_vm import HOST_VM_TROUBLES
from ctxschema.gpu.troubles.iommu import IOMMU_TROUBLES
from ctxschema.gpu.troubles.libvirt import LIBVIRT_TROUBLES
from ctxschema.gpu.troubles.mig_vgpu import MIG_VGPU_TROUBLES
from ctxschema.gpu.troubles.modules import MODULE_TROUBLES
from ctxschema.gpu.troubles.nvrm_cards import NVRM_CARD_TROUBLES
from ctxschema.gpu.troubles.nvrm_start import NVRM_START_TROUBLES
from ctxschema.gpu.troubles.onegate import ONEGATE_TROUBLES
from ctxschema.gpu.troubles.opennebula import OPENNEBULA_TROUBLES
from ctxschema.gpu.troubles.persistenced import PERSISTENCED_TROUBLES
from ctxschema.gpu.troubles.smi_driver import SMI_DRIVER_TROUBLES
from ctxschema.gpu.troubles.smi_gpu import SMI_GPU_TROUBLES
from ctxschema.gpu.troubles.toolkit_cdi import CDI_TROUBLES
from ctxschema.gpu.troubles.toolkit_hook import RUNTIME_TROUBLES
from ctxschema.gpu.troubles.torch import TORCH_TROUBLES
from ctxschema.gpu.troubles.unsaid import UNSAID_TROUBLES
from ctxschema.gpu.troubles.vfio_cards import VFIO_CARD_TROUBLES
from ctxschema.gpu.troubles.vfio_groups import VFIO_GROUP_TROUBLES
from ctxschema.gpu.troubles.xids import XID_TROUBLES
from ctxschema.model.trouble import Program, Trouble

PROGRAMS: tuple[Program, ...] = tuple(each for each in vars(programs).values() if isinstance(each, Program))
"""The programs that print messages."""

TROUBLES: tuple[Trouble, ...] = (
    *IOMMU_TROUBLES,
    *HOST_PCI_TROUBLES,
    *VFIO_GROUP_TROUBLES,
    *VFIO_CARD_TROUBLES,
    *HOST_VM_TROUBLES,
    *LIBVIRT_TROUBLES,
    *OPENNEBULA_TROUBLES,
    *ONEGATE_TROUBLES,
    *MODULE_TROUBLES,
    *DKMS_TROUBLES,
    *NVRM_CARD_TROUBLES,
    *NVRM_START_TROUBLES,
    *XID_TROUBLES,
    *SMI_DRIVER_TROUBLES,
    *SMI_GPU_TROUBLES,
    *PERSISTENCED_TROUBLES,
    *DOCKER_GPU_TROUBLES,
    *DOCKER_COMMAND_TROUBLES,
    *DOCKER_ENGINE_TROUBLES,
    *CLI_START_TROUBLES,
    *CLI_CGROUP_TROUBLES,
    *CLI_FILE_TROUBLES,
    *CLI_CHOICE_TROUBLES,
    *RUNTIME_TROUBLES,
    *CDI_TROUBLES,
    *CONTAINER_TROUBLES,
    *CUDA_START_TROUBLES,
    *CUDA_CARD_TROUBLES,
    *CUDA_RUN_TROUBLES,
    *CUDA_LIBRARY_TROUBLES,
    *TORCH_TROUBLES,
    *FRAMEWORK_TROUBLES,
    *FABRIC_TROUBLES,
    *MIG_VGPU_TROUBLES,
    *UNSAID_TROUBLES,
    *HARMLESS_TROUBLES,
)
"""Every entry, in the order of the layers from the host up to the program in the container."""

PLANNED = ("iommu-no-groups", "module-not-loaded", "docker-device-driver", "gpu-not-in-vm")
"""The entries that the work plan names, in its order; symptom, cause and fix of the first cause are its words."""
