"""What QEMU and libvirt say of a machine that is to have a card: KVM, memory, firmware, slots."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import LIBVIRT, QEMU
from ctxschema.model.trouble import Cause, Trouble

HOST_VM_TROUBLES = (
    Trouble(
        "kvm-missing",
        QEMU,
        "/dev/kvm cannot be used",
        (
            "Could not access KVM kernel module: {rest}",
            "failed to initialize kvm: {rest}",
            "failed to initialize KVM: {rest}",
            "KVM is not available{rest}",
            "kvm: no hardware support",
            "kvm: disabled by bios",
            "kvm_intel: VMX not supported by CPU {number}",
            "kvm_amd: SVM not supported by CPU {number}",
            "kvm_intel: VMX not enabled (by BIOS) in MSR_IA32_FEAT_CTL on CPU {number}",
            "SVM disabled (by BIOS) in MSR_VM_CR on CPU {number}",
            "could not find capabilities for {rest}domaintype=kvm{rest}",
            "emulator '{path}' does not support virt type 'kvm'",
            "/dev/kvm: No such file or directory",
        ),
        (
            Cause(
                "CPU virtualisation is disabled in BIOS",
                "enable Intel VT-x or AMD SVM in BIOS",
                "`dmesg | grep -i kvm` says `disabled by bios`, or /proc/cpuinfo has neither vmx nor svm",
                check="kvm/no-flag",
            ),
            Cause(
                "the module is not loaded",
                "`modprobe kvm_intel` or `modprobe kvm_amd`",
                "/proc/cpuinfo has vmx or svm, and `lsmod` no kvm_intel or kvm_amd",
                check="kvm/no-device",
            ),
            Cause(
                "the user of the virtual machines may not open it",
                "`usermod -aG kvm oneadmin`, and log in anew; /dev/kvm belongs to root:kvm with mode 0660",
                "the message ends with `Permission denied`",
            ),
        ),
        "QEMU, accel/kvm/kvm-all.c; the Linux kernel, arch/x86/kvm",
    ),
    Trouble(
        "qemu-memory",
        QEMU,
        "QEMU gets no memory for the VM",
        (
            "cannot set up guest memory '{name}': Cannot allocate memory",
            "unable to map backing store for guest RAM: Cannot allocate memory",
            "unable to map backing store for hugepages: Cannot allocate memory",
            "os_mem_prealloc: Insufficient free host memory pages available to allocate guest RAM",
            "qemu_prealloc_mem: preallocating memory failed: {rest}",
            "hugepages are disabled by administrator config",
            "Unable to find any usable hugetlbfs mount for {rest}",
            "Insufficient free hugepages{rest}",
        ),
        (
            Cause(
                "there are too few hugepages",
                "`echo <number> > /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages` (or `hugepages=` on the "
                "kernel's command line); the VM needs "
                "its memory divided by the page's size",
                "the VM has TOPOLOGY with HUGEPAGE_SIZE, and `grep Huge /proc/meminfo` shows fewer free",
                check="huge-pages/used-up",
            ),
            Cause(
                "the host has not that much memory",
                "give the VM less memory, or use another host",
                "`free -g` shows less available",
            ),
        ),
        "QEMU, util/oslib-posix.c, backends/hostmem.c; libvirt, src/qemu/qemu_conf.c",
    ),
    Trouble(
        "ovmf-missing",
        LIBVIRT,
        "no UEFI firmware for the VM",
        (
            "Unable to find any firmware to satisfy '{name}'",
            "Unable to find 'efi' firmware that is compatible with the current configuration",
            "unable to find any master var store for loader: {path}",
            "Failed to open file '/usr/share/OVMF/{path}': No such file or directory",
            "could not load PC BIOS '/usr/share/OVMF/{path}'",
            "Could not open '/usr/share/OVMF/{path}': {rest}",
            "cannot open file '/usr/share/OVMF/{path}'{rest}",
        ),
        (
            Cause(
                "OVMF is not installed on the host, or lies elsewhere",
                "`apt install ovmf`, and name a file of `ls /usr/share/OVMF` in the VM template (`FIRMWARE`)",
                "the path in the message is not there",
            ),
        ),
        "libvirt, src/qemu/qemu_firmware.c",
    ),
    Trouble(
        "guest-q35",
        QEMU,
        "the VM's PCI bus does not take the card",
        (
            "Bus '{name}' not found",
            "PCI: slot {number} function {number} not available for vfio-pci, in use by {name}",
            "Bus '{name}' does not support hotplugging",
            "No more available PCI slots",
            "XML error: {rest}PCI Express{rest}",
            "Unable to find a free PCI slot{rest}",
            "The device at PCI address {addr} {rest}plugged into the PCI controller {rest}",
        ),
        (
            Cause(
                "the machine type has no room or no PCI Express",
                'use q35 with UEFI: `OS = [ MACHINE = "q35", FIRMWARE = "..." ]`; for more cards, more root ports '
                "(`virsh dumpxml` shows them)",
                "`virsh dumpxml` shows `machine='pc-i440fx-...'`, or all ports are taken",
            ),
        ),
        "QEMU, qdev-monitor.c; libvirt, src/conf/domain_addr.c",
    ),
)
