"""What VFIO and QEMU say of memory, resets and interrupts of a card."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import IOMMU, QEMU, VFIO
from ctxschema.gpu.troubles.words import REST_OF_SLOT
from ctxschema.model.trouble import Cause, Trouble

_QEMU = "QEMU, hw/vfio/"
_KERNEL = "the Linux kernel, drivers/"
_MEMLOCK = (
    "raise the limit of locked memory for the VM: libvirt's `<memtune><hard_limit unit='G'>` above the VM's memory "
    "by some GiB "
    '(`RAW = [ TYPE = "kvm", DATA = "<memtune>...</memtune>" ]`), or `LimitMEMLOCK=infinity` for libvirtd'
)

VFIO_CARD_TROUBLES = (
    Trouble(
        "vfio-memlock",
        QEMU,
        "VFIO_MAP_DMA failed: Cannot allocate memory",
        (
            "VFIO_MAP_DMA failed: Cannot allocate memory",
            "VFIO_MAP_DMA: {rest}Cannot allocate memory",
            "vfio_dma_map({rest}) = -12 (Cannot allocate memory)",
            "vfio_container_dma_map({rest}) = -12 (Cannot allocate memory)",
            "RLIMIT_MEMLOCK ({number}) exceeded",
            "vfio_pin_pages_remote: RLIMIT_MEMLOCK ({number}) exceeded",
            "cannot limit locked memory of process {number} to {number}: {rest}",
            "failed to setup container for group {group}: memory listener initialization failed{rest}",
            "memory listener initialization failed: Region {rest}: vfio_{rest}Cannot allocate memory{rest}",
            "Failed to increase locked memory limit{rest}",
        ),
        (
            Cause(
                "the limit of locked memory is too low for the VM: all of its memory is locked for a device",
                _MEMLOCK,
                "`grep locked /proc/$(pgrep -f one-<id>)/limits` is less than the VM's memory, or the kernel log "
                "says RLIMIT_MEMLOCK",
                "libvirt sets it by itself for one hostdev; several devices, vIOMMU or an old libvirt need more",
                check="memlock/limited",
            ),
            Cause(
                "the host has not that much memory",
                "give the VM less, or reserve hugepages for it",
                "`free -g` on the host shows less available than the VM's memory",
            ),
        ),
        _QEMU
        + "container.c; "
        + _KERNEL
        + "vfio/vfio_iommu_type1.c; kubevirt/kubevirt#14593, #8472; seapath/meta-seapath#166",
    ),
    Trouble(
        "vfio-map-other",
        QEMU,
        "VFIO_MAP_DMA failed",
        (
            "VFIO_MAP_DMA failed: {rest}",
            "vfio_dma_map({rest}) = -{number} ({rest})",
            "vfio_container_dma_map({rest}) = -{number} ({rest})",
            "VFIO_MAP_DMA: -{number}",
            "VFIO_UNMAP_DMA failed: {rest}",
            "vfio: DMA mapping failed, unable to continue",
        ),
        (
            Cause(
                "the IOMMU cannot map that address: the VM's addresses are wider than the IOMMU's",
                "`host-phys-bits-limit` for the CPU (39 for many desktops), and a smaller 64 bit PCI window",
                "the message says `Invalid argument` or `Bad address`, and the address is very large",
            ),
            Cause(
                "too many mappings",
                "`echo 'options vfio_iommu_type1 dma_entry_limit=1048576' > /etc/modprobe.d/vfio-limit.conf`, and "
                "load it anew",
                "the message says `No space left on device`",
            ),
            Cause(
                "another device's memory cannot be mapped, which harms only access between devices",
                "nothing, if the VM runs",
                "the VM starts all the same",
            ),
        ),
        _QEMU + "container.c",
    ),
    Trouble(
        "vfio-bar-reserve",
        VFIO,
        "BAR: can't reserve",
        (
            "vfio-pci {addr}: BAR {number}: can't reserve [{rest}]",
            "vfio-pci {addr}: BAR {number} [{rest}]: can't reserve{rest}",
            "BAR {number}: can't reserve [mem {rest}]",
            "BAR {number} [mem {rest}]: can't reserve{rest}",
            "Failed to mmap {addr} BAR {number}. Performance may be slow",
            "BAR {number} mmap unsupported. Performance may be slow",
        ),
        (
            Cause(
                "the host's console still uses the card's memory (efifb, simplefb, BOOTFB)",
                "add `video=efifb:off` (newer kernels: `initcall_blacklist=sysfb_init`) to the host's kernel command "
                "line, or make another card the "
                "first in BIOS",
                "`cat /proc/iomem` shows BOOTFB or efifb inside that range",
                "the host has no picture on that card then",
            ),
            Cause(
                "another driver holds the card's memory",
                "`lspci -nnk -s {addr}`, and bind it to vfio-pci when the host starts: `driverctl set-override "
                "{addr} vfio-pci`",
                "/proc/iomem names a driver there",
                check="gpu-binding",
            ),
        ),
        _KERNEL + "pci/pci.c; " + _QEMU + "pci.c",
    ),
    Trouble(
        "vfio-reset",
        VFIO,
        "the card cannot be reset",
        (
            "vfio: Cannot reset device {addr}, depends on group {group} which is not owned",
            "Cannot reset device {addr}, depends on group {group} which is not owned",
            "Cannot reset device {addr}, no available reset mechanism",
            "vfio_bar_restore: reset recovery - restoring BARs",
            "vfio-pci {addr}: not ready {number}ms after {name}; {rest}",
            "not ready {number}ms after FLR; {rest}",
            "not ready {number}ms after bus reset; {rest}",
            "timed out waiting for pending transaction; performing function level reset anyway",
            "vfio-pci {addr}: can't change power state from {name} to D0 (config space inaccessible)",
            "can't change power state from D3cold to D0 (config space inaccessible)",
            "Refused to change power state from {name} to {name}",
            "Unable to power on device, stuck in D3",
            "vfio_bar_restore: {addr} reset recovery{rest}",
            "PCI: slot {number} function {number}: device not ready after reset",
            "vfio-pci {addr}: Unable to change power state from {name} to D0, device inaccessible",
        ),
        (
            Cause(
                "the other functions of the slot do not belong to the same VM, and the card is reset as a whole",
                REST_OF_SLOT + ", and give them to the same VM",
                "the message says `depends on group ... which is not owned`",
            ),
            Cause(
                "the card did not come back from its reset or sleep",
                "power the host off and on; then `options vfio-pci disable_idle_d3=1` in /etc/modprobe.d and "
                "`pcie_aspm=off` on the kernel's command line",
                "the message says `not ready`, `D3` or `restoring BARs`",
            ),
            Cause(
                "the card has no way to be reset alone",
                "bind it when the host starts, before any other driver touches it, and restart the host between two "
                "VMs",
                "`cat /sys/bus/pci/devices/{addr}/reset_method` is empty",
            ),
        ),
        _KERNEL + "pci/pci.c, vfio/pci/vfio_pci_core.c; " + _QEMU + "pci.c",
    ),
    Trouble(
        "vfio-rmrr",
        IOMMU,
        "Device is ineligible for IOMMU domain attach due to platform RMRR requirement",
        (
            "Device is ineligible for IOMMU domain attach due to platform RMRR requirement",
            "Firmware has requested this device have a 1:1 IOMMU mapping, rejecting configuring the device",
        ),
        (
            Cause(
                "the firmware claims memory for that slot (RMRR), for the server's own management",
                "switch it off for the slot in the firmware: HPE `conrep` (RMRDS), Dell and Lenovo a BIOS update or "
                "setting; else use another slot",
                "`dmesg | grep -i rmrr` names the device",
                "`intel_iommu=on,relax_rmrr` of some patched kernels gives up that protection",
            ),
        ),
        _KERNEL + "iommu/intel/iommu.c",
    ),
    Trouble(
        "vfio-interrupts",
        VFIO,
        "No interrupt remapping support",
        (
            'No interrupt remapping support. Use the module param "allow_unsafe_interrupts"{rest}',
            "No interrupt remapping support",
            "No interrupt remapping for this platform{rest}",
            "failed to set iommu for container: Operation not permitted",
            "vfio: failed to set iommu for container: {rest}",
            "Failed to enable irq remapping{rest}",
            "DMAR-IR: Failed to enable irq remapping",
            "Your BIOS is broken; DMAR reported at address {rest}",
        ),
        (
            Cause(
                "interrupt remapping is off",
                "enable it (VT-d with interrupt remapping, x2APIC) in BIOS, update the BIOS, and take `intremap=off` "
                "off the kernel's command line",
                "`dmesg | grep -i remapping` does not say that it is enabled",
                "`options vfio_iommu_type1 allow_unsafe_interrupts=1` does without, and lets a VM disturb the host",
            ),
        ),
        _KERNEL + "vfio/vfio_iommu_type1.c, iommu/intel/irq_remapping.c",
    ),
    Trouble(
        "vfio-header",
        QEMU,
        "Unknown PCI header type",
        (
            "Unknown PCI header type '{number}' for device '{addr}'",
            "Unknown PCI header type '{number}'",
            "Unknown PCI header type {rest}",
            "unknown header type 7f",
            "!!! Unknown header type 7f",
            "(rev ff) (prog-if ff)",
            "unknown header type 7f, ignoring device",
        ),
        (
            Cause(
                "the card does not answer any more: it hangs after a reset, sleeps, or lost its power",
                "power the host off and on; a restart alone may not do",
                "`lspci -s <addr>` says `rev ff`",
                "to keep it awake: `options vfio-pci disable_idle_d3=1`",
                "gpu-binding",
            ),
        ),
        "libvirt, src/util/virpci.c; pciutils, lspci.c",
    ),
    Trouble(
        "vfio-other",
        QEMU,
        "another error of QEMU's VFIO",
        (
            "vfio {addr}: {rest}error{rest}",
            "vfio {addr}: failed to {rest}",
            "vfio error: {addr}: {rest}",
            "-device vfio-pci,{rest}: vfio {addr}: {rest}",
            "vfio: Error: {rest}",
            "failed to add PCI capability {rest}",
            "vfio {addr}: Failed to set up {rest}",
            "error getting device from group {group}: {rest}",
        ),
        (
            Cause(
                "QEMU could not take the device; the words behind the address say why",
                "run `validate-host-gpu.sh` on the KVM host, and read its kernel log: `dmesg | grep -i -e vfio -e "
                "dmar -e amd-vi`",
                "the kernel log has a line of the same second",
                check="gpu-binding",
            ),
        ),
        _QEMU + "pci.c, container.c",
        general=True,
    ),
    Trouble(
        "vfio-intx",
        QEMU,
        "VFIO_DEVICE_SET_IRQS failure",
        (
            "VFIO_DEVICE_SET_IRQS failure: {rest}",
            "Failed to set up TRIGGER eventfd signaling for interrupt INTX-{number}: {rest}",
            "Failed to setup INTx{rest}",
            "vfio-pci {addr}: Failed to setup INTx{rest}",
        ),
        (
            Cause(
                "the device shares its interrupt line with another one of the host",
                "load vfio-pci with `nointxmask=1` for such cards, or use another slot",
                "`cat /proc/interrupts` shows the line with another driver on it, and the message says `Device or "
                "resource busy`",
            ),
            Cause(
                "the card hangs after a reset",
                "power the host off and on",
                "`lspci -s {addr}` says `rev ff`, or the message says `Invalid argument`",
            ),
        ),
        "QEMU, hw/vfio/common.c, pci.c; the Linux kernel, drivers/vfio/pci/vfio_pci_intrs.c",
    ),
)
