"""Messages that look bad but are harmless; they are explained when asked for, but not reported from a log."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import HOST_KERNEL, IOMMU, KERNEL, MODPROBE, NVRM, TENSORFLOW
from ctxschema.model.trouble import Cause, Program, Trouble

_NOTHING = "nothing is to be done"


def _harmless(  # noqa: PLR0913, PLR0917 - the parts of an entry
    name: str, program: Program, symptom: str, says: tuple[str, ...], cause: str, source: str, more: str = ""
) -> Trouble:
    return Trouble(
        name, program, symptom, says, (Cause(f"harmless: {cause}", _NOTHING, more=more),), source, harmless=True
    )


HARMLESS_TROUBLES = (
    _harmless(
        "harmless-taint",
        KERNEL,
        "module verification failed - tainting kernel",
        (
            "nvidia: module verification failed: signature and/or required key missing - tainting kernel",
            "{name}: module verification failed: signature and/or required key missing - tainting kernel",
            "module verification failed: signature and/or required key missing - tainting kernel",
            "nvidia: loading out-of-tree module taints kernel.",
            "{name}: loading out-of-tree module taints kernel.",
            "nvidia: module license 'NVIDIA' taints kernel.",
            "module license 'NVIDIA' taints kernel.",
            "module license taints kernel.",
            "Disabling lock debugging due to kernel taint",
            "PKCS#7 signature not signed with a trusted key",
            "{name}: loading proprietary module taints kernel",
        ),
        "the module was loaded; the kernel notes that it is not its own, or not signed by a key that it knows",
        "the Linux kernel, kernel/module/main.c",
        "Secure Boot refuses a module with other words: `Key was rejected by service`, `Required key not available` or "
        "`Loading of unsigned module is rejected`",
    ),
    _harmless(
        "harmless-driver-start",
        NVRM,
        "the NVIDIA driver starts",
        (
            "NVRM: loading NVIDIA UNIX {name} Kernel Module {rest}",
            "NVRM: loading NVIDIA UNIX Open Kernel Module for {name} {rest}",
            "nvidia-modeset: Loading NVIDIA Kernel Mode Setting Driver for UNIX platforms {rest}",
            "nvidia-modeset: Loading NVIDIA UNIX Open Kernel Mode Setting Driver {rest}",
            "nvidia-nvlink: Nvlink Core is being initialized, major device number {number}",
            "nvidia-uvm: Loaded the UVM driver, major device number {number}",
            "[drm] [nvidia-drm] [GPU ID {hex}] Loading driver",
            "[drm] Initialized nvidia-drm {rest}",
        ),
        "this is how a driver starts that is well",
        "open-gpu-kernel-modules, kernel-open",
    ),
    _harmless(
        "harmless-vgaarb",
        KERNEL,
        "vgaarb, _DSM and resource sanity lines of the driver",
        (
            "nvidia {addr}: vgaarb: changed VGA decodes: {rest}",
            "nvidia {addr}: vgaarb: VGA decodes changed: {rest}",
            "_DSM: Argument #4 type mismatch - Found [Buffer], ACPI requires [Package]",
            "resource sanity check: requesting [mem {rest}], which spans more than {rest}",
            "caller os_map_kernel_space{rest} mapping multiple BARs",
            "caller _nv{rest} mapping multiple BARs",
            "[drm] Cannot find any crtc or sizes",
            "[drm:nv_drm_load [nvidia_drm]] *ERROR* [nvidia-drm] [GPU ID {hex}] Failed to allocate NvKmsKapiDevice",
            "[nvidia-drm] [GPU ID {hex}] Failed to grab modeset ownership",
            "ucsi_ccg {rest}i2c_transfer failed {number}",
            "nvidia-gpu {addr}: i2c timeout error {rest}",
            "nvidia: Unknown parameter{rest}ignored",
            "NVRM: Persistence mode is deprecated and will be removed in a future release",
        ),
        "about screens, the USB-C port or old firmware tables, none of which computing needs",
        "the Linux kernel; open-gpu-kernel-modules, kernel-open",
    ),
    _harmless(
        "harmless-amd-option",
        IOMMU,
        "AMD-Vi: Unknown option - 'on'",
        ("AMD-Vi: Unknown option - '{name}'", "AMD-Vi: Unknown option - {rest}"),
        "AMD's IOMMU is on without a parameter, and knows no `amd_iommu=on`",
        "the Linux kernel, drivers/iommu/amd/init.c; measured",
    ),
    _harmless(
        "harmless-dmar-none",
        IOMMU,
        "DMAR: No RMRR found, No ATSR found",
        ("DMAR: No RMRR found", "DMAR: No ATSR found", "DMAR: No SATC found", "DMAR: [Firmware Bug]: {rest}RMRR{rest}"),
        "the firmware has no such table, or a careless one; the IOMMU works all the same",
        "the Linux kernel, drivers/iommu/intel",
    ),
    _harmless(
        "harmless-aer-corrected",
        HOST_KERNEL,
        "PCIe Bus Error: severity=Corrected",
        (
            "PCIe Bus Error: severity=Corrected{rest}",
            "AER: Corrected error received: {addr}",
            "AER: Multiple Corrected error received{rest}",
        ),
        "the link mended an error by itself",
        "the Linux kernel, drivers/pci/pcie/aer.c",
        "many in a minute are a bad slot, riser or cable, and `GPU has fallen off the bus` follows them",
    ),
    _harmless(
        "harmless-vfio-rom",
        HOST_KERNEL,
        "Invalid PCI ROM header signature",
        (
            "Invalid PCI ROM header signature: expecting 0xaa55, got {hex}",
            "Invalid PCI ROM data signature: expecting {hex}, got {hex}",
            "vfio-pci {addr}: vgaarb: {rest}",
            "vfio_ecap_init: hiding ecap {hex}@{hex}",
            "vfio-pci {addr}: enabling device ({rest})",
        ),
        "the card has no ROM to read or VFIO hides a capability, and a card for computing needs neither",
        "the Linux kernel, drivers/pci/rom.c, drivers/vfio/pci/vfio_pci_config.c",
        "only where a VM shall show its picture on the card: give it the ROM as a file",
    ),
    _harmless(
        "harmless-tensorflow",
        TENSORFLOW,
        "TensorFlow's remarks on factories, NUMA nodes and TensorRT",
        (
            "Unable to register {name} factory: Attempting to register factory for plugin {name} when one has",
            "TF-TRT Warning: Could not find TensorRT",
            "successful NUMA node read from SysFS had negative value (-1), but there must be",
            "This TensorFlow binary is optimized {rest}",
            "computation placer already registered. Please check linkage and avoid linking the same target",
        ),
        "TensorFlow says so on every machine, with or without a GPU",
        "TensorFlow, xla/stream_executor",
    ),
    _harmless(
        "harmless-no-efi",
        MODPROBE,
        "EFI variables are not supported on this system",
        (
            "EFI variables are not supported on this system",
            "SecureBoot disabled",
            "Secure Boot not enabled on this system",
        ),
        "the machine was started from a BIOS or without Secure Boot, which can refuse no driver then",
        "mokutil",
    ),
)
