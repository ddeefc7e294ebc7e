"""Can this KVM host hand its NVIDIA GPUs to virtual machines? Source: gpu.md, section 5."""

from __future__ import annotations

from ctxschema.catalog.checks.opennebula import OPENNEBULA_PCI
from ctxschema.catalog.checks.words import NO_GPU, unreadable
from ctxschema.model.check import Answer, Check, Layer, Status

_FIRMWARE = "enable Intel VT-d or AMD IOMMU in BIOS"
_RESTART = "run `update-grub` and restart the host"
_BIND = "`driverctl set-override {addr} vfio-pci`"
_RULE = (
    'write `SUBSYSTEM=="vfio", GROUP="kvm", MODE="0666"` into /etc/udev/rules.d/99-vfio.rules, then '
    "`udevadm control --reload-rules` and `udevadm trigger --subsystem-match=vfio`"
)

IOMMU = Check(
    "iommu",
    Layer.HOST,
    "Does the kernel use an IOMMU?",
    "/sys/class/iommu and /sys/kernel/iommu_groups; /proc/cmdline and the ACPI tables only to say why not",
    "the kernel lists an IOMMU, or has put devices into groups; which parameters it was given does not count",
    (
        Answer("on", Status.PASS, "the kernel uses {units}"),
        Answer("on-by-groups", Status.PASS, "the kernel has put devices into IOMMU groups"),
        Answer(
            "no-table",
            Status.FAIL,
            "the kernel uses no IOMMU, and the firmware describes none",
            _FIRMWARE,
            "The firmware has neither a DMAR nor an IVRS table",
            "IOMMU disabled in BIOS",
            ("DMAR: No DMAR", "No DMAR devices found", "AMD-Vi: No IVRS", "no DMAR or IVRS table"),
        ),
        Answer(
            "switched-off",
            Status.FAIL,
            "the kernel uses no IOMMU: it was told {parameter}",
            f"remove `{{parameter}}` from GRUB_CMDLINE_LINUX in /etc/default/grub, {_RESTART}",
            "The firmware offers an IOMMU, and the kernel does not use it",
            "the kernel's command line switches it off",
            ("DMAR: IOMMU disabled", "AMD-Vi: AMD IOMMU disabled"),
        ),
        Answer(
            "intel-unused",
            Status.FAIL,
            "the kernel uses no IOMMU, although the firmware describes one of Intel's",
            f"add `intel_iommu=on iommu=pt` to GRUB_CMDLINE_LINUX in /etc/default/grub, {_RESTART}",
            "The firmware has a DMAR table, and there are no IOMMU groups",
            "the kernel was built not to use Intel's IOMMU unless told to",
        ),
        Answer(
            "amd-unused",
            Status.FAIL,
            "the kernel uses no IOMMU, although the firmware describes one of AMD's",
            "read what the kernel says (`dmesg | grep AMD-Vi`) and start one built with CONFIG_AMD_IOMMU; no "
            "parameter is needed",
            "The firmware has an IVRS table, and there are no IOMMU groups",
            "the kernel cannot use AMD's IOMMU",
            ("AMD-Vi: Unable to",),
        ),
        Answer("off", Status.FAIL, "the kernel uses no IOMMU", _FIRMWARE),
        unreadable(),
    ),
)

IOMMU_GROUPS = Check(
    "iommu-groups",
    Layer.HOST,
    "Has the kernel put devices into IOMMU groups?",
    "the folders in /sys/kernel/iommu_groups, but those of VFIO's mode without an IOMMU",
    "there is at least one; that the folder exists means nothing",
    (
        Answer("groups", Status.PASS, "IOMMU groups: {count}"),
        Answer(
            "none",
            Status.FAIL,
            "no IOMMU groups",
            _FIRMWARE,
            "No IOMMU groups found",
            "IOMMU disabled in BIOS",
            ("no iommu groups", "iommu_groups: No such file or directory"),
        ),
        Answer(
            "unsafe",
            Status.FAIL,
            "the only IOMMU groups are those that VFIO makes up where there is no IOMMU",
            f"{_FIRMWARE}, and remove `enable_unsafe_noiommu_mode` from the options of vfio",
            "There are /dev/vfio/noiommu-<number> devices",
            "VFIO was told to do without an IOMMU",
            ("vfio-noiommu", "enable_unsafe_noiommu_mode"),
        ),
        unreadable(),
    ),
)

VFIO_PCI = Check(
    "vfio-pci",
    Layer.HOST,
    "Is the driver vfio-pci there?",
    "/sys/bus/pci/drivers, /sys/module and the lists in /lib/modules; one that is built in is on no list of modules",
    "it is registered with the PCI bus, loaded, or built into the kernel",
    (
        Answer("registered", Status.PASS, "{driver} is registered with the PCI bus"),
        Answer("loaded", Status.PASS, "vfio-pci is loaded"),
        Answer("built-in", Status.PASS, "vfio-pci is built into kernel {release}"),
        Answer(
            "not-loaded",
            Status.FAIL,
            "vfio-pci is neither loaded nor built in",
            "`modprobe vfio-pci`, and `echo vfio-pci > /etc/modules-load.d/vfio-pci.conf` for the next start",
            "There is no /sys/bus/pci/drivers/vfio-pci",
            "vfio-pci not loaded",
            ("driver vfio-pci not found", "failed to bind", "module vfio_pci", "unknown PCI driver 'vfio-pci'"),
        ),
        Answer(
            "not-there",
            Status.FAIL,
            "vfio-pci is neither loaded nor built in, and kernel {release} has no such module",
            "`apt install linux-modules-extra-{release}`, or start a kernel built with CONFIG_VFIO_PCI",
            "Module vfio-pci not found",
            "the kernel's package lacks it",
            ("Module vfio-pci not found", "Module vfio_pci not found"),
        ),
        unreadable(),
    ),
)

HOST_GPUS = Check(
    "host-gpus",
    Layer.HOST,
    "Has the host an NVIDIA GPU?",
    "vendor and class of each function in /sys/bus/pci/devices; virtual functions do not count",
    "there is at least one display or 3D controller of vendor 10de",
    (
        Answer("found", Status.PASS, "GPU {addr} is {id}"),
        Answer(
            "none",
            Status.FAIL,
            "no NVIDIA GPU on the PCI bus",
            "seat the card and its power cables, enable Above 4G Decoding in BIOS, and try `lspci -d 10de:`",
            "lspci names no NVIDIA GPU on the host",
            "no card, no power, or a BIOS that has no room for its memory",
            ("BAR 1: no space for", "can't assign; no space", "BAR0 is 0M"),
        ),
        unreadable(),
    ),
)

GPU_BINDING = Check(
    "gpu-binding",
    Layer.HOST,
    "Is every NVIDIA GPU bound to vfio-pci?",
    "driver and driver_override of each GPU in /sys/bus/pci/devices",
    "the kernel says that vfio-pci, or NVIDIA's own variant of it, drives the GPU",
    (
        Answer("bound", Status.PASS, "GPU {addr} is bound to {driver}"),
        Answer(
            "other-driver",
            Status.FAIL,
            "GPU {addr} is bound to {driver}, not to vfio-pci",
            _BIND,
            "GPU shows on the host but not in the VM",
            "vfio-pci not bound",
            ("is not bound to vfio", "Device is in use", "failed to reset", "is in use by driver"),
        ),
        Answer("no-driver", Status.FAIL, "GPU {addr} is bound to no driver, and must be to vfio-pci", _BIND),
        Answer(
            "pending",
            Status.FAIL,
            "GPU {addr} is meant for {override}, and still bound to {driver}",
            f"stop what uses it and run {_BIND} again, or restart the host",
            "driver_override is vfio-pci, and the GPU keeps its driver",
            "it was in use when the override was set",
        ),
        Answer(
            "virtual-functions",
            Status.WARN,
            "GPU {addr} is bound to {driver} and has virtual functions; a host of vGPUs needs no vfio-pci there",
            f"nothing for vGPUs; to hand over the whole card, `echo 0 > /sys/bus/pci/devices/{{addr}}/sriov_numvfs` "
            f"and {_BIND}",
            "OpenNebula does not list the physical card",
            "it has virtual functions, and OpenNebula lists those instead",
        ),
        NO_GPU,
        unreadable(),
    ),
)

GPU_GROUPS = Check(
    "gpu-groups",
    Layer.HOST,
    "Can the IOMMU group of each GPU be handed over whole?",
    "the other functions in the group of each GPU, and the drivers that hold them; bridges do not count",
    "nothing in the group but bridges is held by a driver other than vfio-pci",
    (
        Answer("alone", Status.PASS, "GPU {addr} is alone in IOMMU group {group}"),
        Answer("together", Status.PASS, "GPU {addr} shares IOMMU group {group} with {members}, none of it in use"),
        Answer(
            "held",
            Status.FAIL,
            "{member} is in IOMMU group {group} with GPU {addr}, and held by {driver}",
            "`driverctl set-override {member} vfio-pci`",
            "VFIO says that the group is not viable",
            "another function of the group, mostly the GPU's audio, keeps its driver",
            ("is not viable", "devices within the iommu_group are bound to their vfio bus driver"),
        ),
        Answer(
            "no-group",
            Status.FAIL,
            "GPU {addr} is in no IOMMU group",
            _FIRMWARE,
            "The GPU is in no IOMMU group",
            "IOMMU disabled in BIOS",
            ("no iommu_group found", "is not in an IOMMU group", "has no IOMMU group"),
        ),
        NO_GPU,
        unreadable(),
    ),
)

VFIO_DEVICES = Check(
    "vfio-devices",
    Layer.HOST,
    "May the virtual machine open the VFIO device of each GPU?",
    "mode, owner and group of /dev/vfio/<group>, with the names from /etc/passwd and /etc/group",
    "anybody, or a user or group that virtual machines run as, may read and write it",
    (
        Answer("usable", Status.PASS, "{path} has mode {mode} and may be opened"),
        Answer(
            "closed",
            Status.FAIL,
            "{path} has mode {mode} and may not be opened by a virtual machine",
            _RULE,
            "QEMU may not open /dev/vfio/<group>",
            "no udev rule gives the VFIO devices to the user of the virtual machines",
            ("Could not open '/dev/vfio", "failed to open /dev/vfio", "could not open /dev/vfio"),
        ),
        Answer(
            "no-node",
            Status.WARN,
            "{path} is not there, although GPU {addr} is bound",
            "`modprobe vfio_iommu_type1`, then `udevadm trigger --subsystem-match=vfio`",
            "/dev/vfio/<group> does not exist",
            "VFIO's IOMMU driver is not loaded",
            ("No such file or directory: '/dev/vfio", "/dev/vfio/vfio: No such file"),
        ),
        Answer("none-bound", Status.SKIP, "no GPU is bound to vfio-pci yet"),
        unreadable(),
    ),
)

VFIO_UDEV = Check(
    "vfio-udev",
    Layer.HOST,
    "Does a udev rule give the VFIO devices to virtual machines?",
    "every folder that udev reads, in its order; a file masks those of its name in later folders",
    'a rule matches SUBSYSTEM=="vfio" and assigns a MODE, GROUP or OWNER that lets others than root in',
    (
        Answer("granted", Status.PASS, "{path} gives them away"),
        Answer(
            "missing",
            Status.FAIL,
            "no udev rule gives the VFIO devices to virtual machines",
            _RULE,
            "The permissions of /dev/vfio/<group> are lost at the next start",
            "no udev rule for the VFIO devices",
        ),
        unreadable(),
    ),
)

HOST_CHECKS = (
    IOMMU,
    IOMMU_GROUPS,
    VFIO_PCI,
    HOST_GPUS,
    GPU_BINDING,
    GPU_GROUPS,
    VFIO_DEVICES,
    VFIO_UDEV,
    OPENNEBULA_PCI,
)
