"""What libvirt and OpenNebula's driver say when a machine with a card is started."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import LIBVIRT
from ctxschema.model.trouble import Cause, Trouble

LIBVIRT_TROUBLES = (
    Trouble(
        "libvirt-in-use",
        LIBVIRT,
        "PCI device is in use by driver QEMU, domain",
        (
            "PCI device {addr} is in use by driver {name}, domain {name}",
            "Requested operation is not valid: PCI device {addr} is in use by driver {rest}",
            "PCI device {addr} is in use by driver {rest}",
            "PCI device {addr} is already in use by {rest}",
            "PCI device {addr} is in use",
        ),
        (
            Cause(
                "another virtual machine has the GPU; it is bound to vfio-pci all right",
                "stop or undeploy that machine, or ask for another card; nothing is to be bound",
                "the message names the machine (one-<id>); `onevm show <id>` and `onehost show` show who has which "
                "card",
                "if OpenNebula does not know that machine: `virsh list --all` on the host, and `virsh destroy` one "
                "that is left over",
            ),
            Cause(
                "the template names the card by SHORT_ADDRESS, and two machines name the same one",
                'ask by kind instead: `PCI = [ VENDOR = "10de", DEVICE = "<device>", CLASS = "0302" ]`',
                "both templates have the same SHORT_ADDRESS",
            ),
        ),
        "libvirt, src/hypervisor/virhostdev.c",
    ),
    Trouble(
        "libvirt-reset",
        LIBVIRT,
        "Unable to reset PCI device",
        (
            "Unable to reset PCI device {addr}: {rest}",
            "Unable to reset PCI device {addr}",
            "Active {addr} devices on bus with {addr}, not doing bus reset",
            "not doing bus reset",
            "Not resetting active device {addr}",
            "no FLR, PM reset or bus reset available",
        ),
        (
            Cause(
                "other functions of the same slot are in use by the host or another VM, and the card is reset as a "
                "whole",
                "bind the other functions of its slot to vfio-pci as well (`driverctl set-override <the other "
                "function> vfio-pci`) and give them to "
                "the same VM",
                "`lspci -nnk -s <slot>` lists functions with other drivers",
                "a device of another slot behind the same bridge stays with the host: use another slot for the GPU "
                "then",
                "gpu-groups",
            ),
            Cause(
                "the GPU is in use by the host itself",
                "bind it to vfio-pci when the host starts: `driverctl set-override {addr} vfio-pci`",
                "`lspci -nnk -s {addr}` names nvidia or nouveau",
                check="gpu-binding/other-driver",
            ),
        ),
        "libvirt, src/util/virpci.c",
    ),
    Trouble(
        "libvirt-no-device",
        LIBVIRT,
        "PCI device not found",
        (
            "Device {addr} not found: could not access /sys/bus/pci/devices/{addr}/config{rest}",
            "device not found: no host PCI device with{rest}",
            "PCI device {addr} not found",
            "Device {addr} not found",
            "Node device not found: no node device with matching name 'pci_{name}'",
            "host pci device {addr} {rest}not found",
            "no such device {addr}",
        ),
        (
            Cause(
                "the host has no card at that address: it was moved, or the addresses changed with a BIOS update or "
                "another card",
                "`lspci -D -d 10de:` on the host; then `onehost forceupdate <host>`, and correct SHORT_ADDRESS in "
                "the template",
                "`lspci -s {addr}` prints nothing",
                check="host-gpus",
            ),
            Cause(
                "the card is gone from the bus",
                "power the host off and on, and read `dmesg | grep -i -e aer -e pciehp`",
                "it was there before",
            ),
        ),
        "libvirt, src/util/virpci.c",
    ),
    Trouble(
        "libvirt-unmanaged",
        LIBVIRT,
        "the device is not bound for passthrough",
        (
            "Unmanaged PCI device {addr} must be manually detached from the host",
            "PCI device {addr} is not bound to a VFIO driver",
            "PCI device {addr} is not assignable",
            "Device {addr} is behind a switch lacking ACS and cannot be assigned",
            "Non-initialized device {rest}",
        ),
        (
            Cause(
                "the GPU is bound to another driver",
                "`driverctl set-override {addr} vfio-pci`",
                "`lspci -nnk -s {addr}` names another driver",
                check="gpu-binding/other-driver",
            ),
            Cause(
                "the slot's switch does not separate its devices (ACS)",
                "use another slot; `relaxed_acs_check = 1` in /etc/libvirt/qemu.conf gives up the isolation between "
                "machines",
                "the message says ACS",
            ),
        ),
        "libvirt, src/hypervisor/virhostdev.c",
    ),
    Trouble(
        "libvirt-mdev",
        LIBVIRT,
        "mediated device not found",
        (
            "device not found: mediated device not found",
            "mediated device '{name}' not found",
            "Directory '/sys/class/mdev_bus/{addr}' does not exist",
            "Directory '/sys/class/mdev_bus/{rest}' does not exist",
            "Error creating mediated device",
            "Error removing mediated device",
            "/sys/bus/mdev/devices/{name}: No such file or directory",
            "mdev_supported_types{rest}: No such file or directory",
            "unsupported configuration: Mediated host devices {rest}",
        ),
        (
            Cause(
                "the vGPU path was taken for a card without vGPU: a PROFILE or UUID was asked for on a whole card",
                "take PROFILE (and UUID) out of the VM's PCI entry, and PCI_GPU_PROFILE out of the host's and "
                "cluster's template; then ask for the whole "
                "card",
                "/sys/class/mdev_bus is not there, and the card is bound to vfio-pci",
                "it comes from OpenNebula's `vgpu` script when the host reports a UUID for the card",
            ),
            Cause(
                "vGPU is meant, and the host is not ready for it",
                "install NVIDIA's vGPU manager, run `/usr/lib/nvidia/sriov-manage -e <address>`, and name a PROFILE "
                "that `onehost show` lists",
                "`lsmod | grep nvidia_vgpu_vfio` is empty; kernels from 6.8 on have vGPUs without mdev, where "
                "MDEV_MODE is nvidia",
            ),
        ),
        "OpenNebula, src/vmm_mad/remotes/kvm/vgpu; OpenNebula/one#5968",
    ),
    Trouble(
        "libvirt-other",
        LIBVIRT,
        "Could not create domain",
        (
            "error: Failed to create domain from {path}",
            "Could not create domain from {path}",
            "DEPLOY: Could not create domain from {rest}",
            "Error deploying virtual machine: {rest}",
            "DEPLOY: ERROR: {rest}",
            "DEPLOY: error: {rest}",
            "error: internal error: qemu unexpectedly closed the monitor: {rest}",
            "internal error: process exited while connecting to monitor: {rest}",
            "Error deploying virtual machine",
            "Failed to attach device from {path}",
            "error: Failed to start domain {rest}",
            "Failed to attach device{rest}PCI{rest}",
        ),
        (
            Cause(
                "libvirt or QEMU refused the machine; the lines after it, or QEMU's own log, say why",
                "read /var/log/libvirt/qemu/one-<id>.log on the host, and ask again with what it says",
                "without the PCI entry the machine starts: it is the card",
                check="gpu-binding",
            ),
        ),
        "OpenNebula, src/vmm_mad/remotes/kvm/deploy; libvirt",
        general=True,
        asked=("in BOOT_FAILURE", "state BOOT_FAILURE", "VM BOOT_FAILURE"),
    ),
)
