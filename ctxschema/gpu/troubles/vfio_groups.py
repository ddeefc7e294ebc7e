"""What QEMU says when it opens the IOMMU group of a card."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import HOST_CHECKS, QEMU
from ctxschema.gpu.troubles.words import FIRMWARE, IN_VM, REST_OF_SLOT, not_seen
from ctxschema.model.trouble import Cause, Trouble

_QEMU = "QEMU, hw/vfio/"
_KERNEL = "the Linux kernel, drivers/"
_OTHER_SLOT = (
    "do not bind it: the host would lose it. Put the GPU into another slot whose group is its own, or move that "
    "card; `pcie_acs_override` "
    "splits groups at the price of the isolation between machines"
)

VFIO_GROUP_TROUBLES = (
    Trouble(
        "gpu-not-in-vm",
        HOST_CHECKS,
        "GPU shows on the host but not in the VM",
        (),
        (
            Cause(
                "vfio-pci not bound",
                "`driverctl set-override <addr> vfio-pci`",
                "`lspci -nnk -s <addr>` on the host names another driver, or none, as the one in use",
                "the same for the other functions of its slot, such as <addr with .1> for its audio",
                "gpu-binding/other-driver",
            ),
            Cause(
                "the VM template does not ask for it",
                'add `PCI = [ VENDOR = "10de", CLASS = "0302" ]` to the VM template',
                "it is bound to vfio-pci, and `onehost show` lists it with no VM",
                check="vm-gpus/none",
            ),
        ),
        "OpenNebula, NVIDIA GPU Passthrough; driverctl(8)",
        asked=not_seen(IN_VM),
    ),
    Trouble(
        "vfio-not-viable",
        QEMU,
        "group is not viable",
        (
            "vfio {addr}: group {group} is not viable",
            "vfio error: {addr}: group {group} is not viable",
            "group {group} is not viable",
            "vfio: error, group {group} is not viable",
            "VFIO says that the group is not viable",
            "Please ensure all devices within the iommu_group are bound to their vfio bus driver",
        ),
        (
            Cause(
                "another function of the GPU's slot, mostly its audio, keeps its driver",
                REST_OF_SLOT,
                "`ls /sys/bus/pci/devices/{addr}/iommu_group/devices` lists functions of the same slot, which differ "
                "in the last digit only",
                "bridges need no driver; `lspci -nnk` says who holds what",
                "gpu-groups/held",
            ),
            Cause(
                "a device of another slot is in the group: a network card, a disk or a USB controller",
                _OTHER_SLOT,
                "the same list has an address whose slot is another",
                check="gpu-groups/stranger",
            ),
        ),
        _QEMU + "container.c (vfio_get_group); 64kramsystem/vga-passthrough#15",
    ),
    Trouble(
        "vfio-group-missing",
        QEMU,
        "failed to open /dev/vfio/...: No such file or directory",
        (
            "vfio {addr}: failed to open /dev/vfio/{group}: No such file or directory",
            "failed to open /dev/vfio/{group}: No such file or directory",
            "error opening /dev/vfio/{group}: No such file or directory",
            "Could not open '/dev/vfio/{group}': No such file or directory",
            "Unable to open /dev/vfio/{group}: No such file or directory",
            "No such file or directory: '/dev/vfio/{group}'",
            "Unable to stat /dev/vfio/{group}: No such file or directory",
            "unable to stat: /dev/vfio/{group}: No such file or directory",
            "Cannot access '/dev/vfio/{group}': No such file or directory",
            "/dev/vfio/{group}: No such file or directory",
            "/dev/vfio/<group> does not exist",
        ),
        (
            Cause(
                "the device is not bound to vfio-pci: its group gets its file only then. This is no permission",
                "`driverctl set-override {addr} vfio-pci`",
                "`lspci -nnk -s {addr}` names another driver than vfio-pci as the one in use",
                "likewise the other functions of its slot",
                "gpu-binding/other-driver",
            ),
            Cause(
                "VFIO's IOMMU driver is not loaded",
                "`modprobe vfio_iommu_type1`, then `udevadm trigger --subsystem-match=vfio`",
                "the device is bound to vfio-pci, and /dev/vfio/vfio is missing, too",
                check="vfio-devices/no-node",
            ),
        ),
        _QEMU + "container.c; foxlet/macOS-Simple-KVM#497",
    ),
    Trouble(
        "vfio-denied",
        QEMU,
        "QEMU may not open /dev/vfio/<group>",
        (
            "Could not open '/dev/vfio/{group}': Permission denied",
            "failed to open /dev/vfio/{group}: Permission denied",
            "error opening /dev/vfio/{group}: Permission denied",
            "could not open /dev/vfio/{group}: Permission denied",
            "Unable to open /dev/vfio/{group}: Permission denied",
            "/dev/vfio/{group}: Permission denied",
            "/dev/vfio/vfio: Permission denied",
            "/dev/vfio/vfio': Permission denied",
            "Permission denied: '/dev/vfio/{group}'",
        ),
        (
            Cause(
                "no udev rule gives the VFIO devices to the user of the virtual machines",
                'write `SUBSYSTEM=="vfio", GROUP="kvm", MODE="0666"` into /etc/udev/rules.d/99-vfio.rules, then '
                "`udevadm control "
                "--reload-rules` and `udevadm trigger --subsystem-match=vfio`",
                "`ls -l /dev/vfio` shows root root and crw-------",
                check="vfio-devices/closed",
            ),
            Cause(
                "AppArmor or SELinux keeps QEMU from it",
                "`dmesg | grep -i -e apparmor -e avc` names it; allow /dev/vfio/* in the profile",
                "the mode is right, and the kernel log has a denial",
            ),
        ),
        _QEMU + "container.c; measured",
    ),
    Trouble(
        "vfio-not-permitted",
        QEMU,
        "failed to open /dev/vfio/...: Operation not permitted",
        (
            "failed to open /dev/vfio/{group}: Operation not permitted",
            "error opening /dev/vfio/{group}: Operation not permitted",
            "Could not open '/dev/vfio/{group}': Operation not permitted",
            "/dev/vfio/{group}: Operation not permitted",
            "/dev/vfio/vfio: Operation not permitted",
        ),
        (
            Cause(
                "libvirt's list of devices for the cgroup lacks the group",
                'add "/dev/vfio/vfio" and "/dev/vfio/{group}" to cgroup_device_acl in /etc/libvirt/qemu.conf, then '
                "`systemctl restart libvirtd`",
                "the device was given to QEMU by its command line (RAW) rather than as a libvirt hostdev",
                "as `PCI` of OpenNebula it needs no such entry",
            ),
            Cause(
                "the process has no right to raw I/O: it runs in a container or user namespace",
                "run libvirt on the host itself",
                "`systemd-detect-virt -c` names a container",
            ),
        ),
        _QEMU + "container.c; libvirt, qemu.conf",
    ),
    Trouble(
        "vfio-group-busy",
        QEMU,
        "failed to open /dev/vfio/...: Device or resource busy",
        (
            "failed to open /dev/vfio/{group}: Device or resource busy",
            "error opening /dev/vfio/{group}: Device or resource busy",
            "Could not open '/dev/vfio/{group}': Device or resource busy",
            "/dev/vfio/{group}: Device or resource busy",
            "error getting device from group {group}: Device or resource busy",
        ),
        (
            Cause(
                "another virtual machine has a device of this group: a group goes to one machine whole",
                "`virsh list` and `fuser -v /dev/vfio/{group}` name it; stop that machine, or give it all of the group",
                "`fuser -v /dev/vfio/{group}` lists a qemu process",
            ),
        ),
        _QEMU + "container.c; " + _KERNEL + "vfio/group.c",
    ),
    Trouble(
        "vfio-no-group",
        QEMU,
        "no iommu_group found",
        (
            "vfio {addr}: no iommu_group found: {rest}",
            "no iommu_group found",
            "vfio: error no iommu_group for device",
            "is not in an IOMMU group",
            "has no IOMMU group",
            "PCI device {addr} is not in an IOMMU group{rest}",
            "The GPU is in no IOMMU group",
            "host doesn't support passthrough of host PCI devices",
            "host does not support passthrough of host PCI devices",
            "failed to setup container for group {group}: No available IOMMU models",
            "No available IOMMU models",
            "vfio: No available IOMMU models",
            "vfio-pci: probe of {addr} failed with error -22",
            "vfio-pci {addr}: probe with driver vfio-pci failed with error -22",
            "error no iommu_group for device",
        ),
        (
            Cause(
                "IOMMU disabled in BIOS, or not used by the kernel",
                FIRMWARE,
                "`ls /sys/kernel/iommu_groups` is empty; with no DMAR or IVRS in /sys/firmware/acpi/tables it is the "
                "BIOS",
                "where there is a DMAR table: `intel_iommu=on iommu=pt` on the kernel's command line; where there is "
                "an IVRS table it is on in BIOS, "
                "and `dmesg | grep AMD-Vi` says what the kernel lacks",
                "iommu",
            ),
            Cause(
                "VFIO's IOMMU driver is not loaded",
                "`modprobe vfio_iommu_type1`",
                "the groups are there, and `lsmod` does not list it (`No available IOMMU models`)",
            ),
        ),
        _QEMU + "container.c, pci.c; libvirt, src/qemu/qemu_hostdev.c",
    ),
)
