"""Simulated KVM hosts."""

import os

from tests.gpu.simulated import machine
from tests.gpu.tree import (
    AUDIO,
    BRIDGE,
    FRONT_END_CONF,
    GOOD_RULE,
    GPU,
    NODE_CONF,
    NVSWITCH,
    RELEASE,
    USB,
    Tree,
)  # fmt: skip

A, B = "0000:01:00.0", "0000:02:00.0"
AUDIO_OF_A = "0000:01:00.1"


@machine("host", iommu="on", gpu_groups="together", gpu_binding="bound", vfio_devices="usable", vfio_udev="granted")
def an_intel_host_that_is_ready(tree: Tree) -> None:
    tree.host(cmdline="root=/dev/sda1 intel_iommu=on,sm_on iommu=pt")
    tree.passed_through(A)


@machine("host", iommu="on", gpu_groups="alone", opennebula_pci="admitted")
def an_amd_host_without_any_parameter(tree: Tree) -> None:
    tree.host(table="IVRS", rule=None, conf=":filter: '*:*'   # one-deploy's default\n:short_address: []\n")
    tree.file("etc/udev/rules.d/99-rename.rules", 'SUBSYSTEM=="vfio", NAME="vfio/%n"\n')
    tree.file("etc/udev/rules.d/99-mode.rules", 'SUBSYSTEM=="vfio", ACTION=="add", GROUP="kvm", MODE="0666"\n')
    tree.passed_through(A, audio=False)


@machine("host", iommu="on-by-groups")
def a_host_whose_sysfs_lists_no_units(tree: Tree) -> None:
    tree.host(groups=2)
    (tree.root / "sys/class/iommu/dmar0").rmdir()
    tree.passed_through(A)


@machine("host", iommu="no-table", iommu_groups="none", gpu_groups="no-group")
def a_host_with_the_iommu_off_in_bios(tree: Tree) -> None:
    tree.host(table=None, groups=0, cmdline="intel_iommu=on")
    tree.function(A, kind=GPU, driver="vfio-pci")


@machine("host", iommu="intel-unused", iommu_groups="none", gpu_groups="no-group")
def an_intel_host_that_wants_to_be_told(tree: Tree) -> None:
    tree.host(groups=0)
    tree.function(A, kind=GPU, driver="vfio-pci", group=None)
    tree.folder("sys/kernel/iommu_groups")


@machine("host", iommu="switched-off", iommu_groups="none", host_gpus="none")
def a_host_that_was_told_not_to(tree: Tree) -> None:
    tree.host(groups=0, cmdline="quiet intel_iommu=on amd_iommu=off intel_iommu=off")


@machine("host", iommu="amd-unused", iommu_groups="none", host_gpus="none")
def an_amd_host_with_a_kernel_that_cannot(tree: Tree) -> None:
    tree.host(table="IVRS", groups=0, cmdline="amd_iommu=on iommu=pt")


@machine("host", iommu="off", iommu_groups="none", vfio_pci="not-loaded", host_gpus="none", vfio_udev="missing",
         opennebula_pci="not-here")  # fmt: skip
def an_empty_machine(_tree: Tree) -> None:
    pass


@machine("host", iommu="no-table", iommu_groups="unsafe", host_gpus="none")
def a_host_with_vfio_that_makes_groups_up(tree: Tree) -> None:
    tree.host(table=None, groups=0)
    tree.file("sys/kernel/iommu_groups/0/name", "vfio-noiommu\n")


@machine("host", vfio_pci="registered")
def a_host_with_vfio_built_in(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    tree.file(f"lib/modules/{RELEASE}/modules.builtin", "kernel/drivers/vfio/pci/vfio-pci.ko\n")
    tree.file("proc/modules", "kvm_intel 1 0 - Live 0x0\n")
    tree.program("lsmod", "echo 'Module Size Used by'; echo 'kvm_intel 380928 0'")
    tree.program("modinfo", "echo 'name: vfio_pci'; echo 'filename: (builtin)'")


@machine("host", vfio_pci="built-in", gpu_binding="other-driver", vfio_devices="none-bound")
def a_host_that_only_lists_vfio_as_built_in(tree: Tree) -> None:
    tree.host(vfio=False)
    tree.file(f"lib/modules/{RELEASE}/modules.builtin", "kernel/fs/ext4.ko\nkernel/drivers/vfio/pci/vfio-pci.ko\n")
    tree.function(A, driver="nouveau", group=1)


@machine("host", vfio_pci="loaded", host_gpus="none")
def a_host_with_vfio_in_sys_module(tree: Tree) -> None:
    tree.host(vfio=False)
    tree.folder("sys/module/vfio_pci")


@machine("host", vfio_pci="not-loaded", host_gpus="none")
def a_host_with_vfio_not_loaded(tree: Tree) -> None:
    tree.host(vfio=False)
    tree.file(f"lib/modules/{RELEASE}/modules.builtin", "kernel/drivers/vfio/pci/vfio-pci-core.ko\n")
    tree.file(f"lib/modules/{RELEASE}/modules.dep", "kernel/drivers/vfio/pci/vfio-pci.ko.zst: kernel/x.ko.zst\n")
    tree.program("modinfo", "echo 'name: vfio_pci'; echo 'filename: /lib/modules/x/vfio-pci.ko'")


@machine("host", vfio_pci="not-there", host_gpus="none")
def a_host_whose_kernel_has_no_vfio(tree: Tree) -> None:
    tree.host(vfio=False)
    tree.file(f"lib/modules/{RELEASE}/modules.dep", "kernel/drivers/vfio/pci/vfio-pci-core.ko:\n")


@machine("host", host_gpus="found found", gpu_binding="bound other-driver", gpu_groups="together alone")
def a_host_with_two_gpus_one_bound(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    tree.function(B, driver="nouveau", group=13)
    tree.driver("nouveau")


@machine("host", gpu_groups="held")
def a_host_whose_gpu_keeps_its_audio(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A, audio=False)
    tree.function(AUDIO_OF_A, kind=AUDIO, driver="snd_hda_intel", group=12)


@machine("host", gpu_groups="held held")
def a_host_with_strangers_in_the_group(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    tree.function("0000:00:01.0", vendor="8086", kind=BRIDGE, driver="pcieport", group=12)
    tree.function("0000:01:00.2", kind=USB, driver="xhci_hcd", group=12)
    tree.function("0000:01:00.3", vendor="8086", kind="020000", group=12)
    tree.function("0000:05:00.0", vendor="8086", kind="020000", driver="e1000e", group=12)


@machine("host", gpu_binding="pending")
def a_host_whose_gpu_is_still_in_use(tree: Tree) -> None:
    tree.host()
    tree.function(A, driver="nvidia", group=12, override="vfio-pci")


@machine("host", gpu_binding="no-driver")
def a_host_whose_gpu_has_no_driver(tree: Tree) -> None:
    tree.host()
    tree.function(A, group=12)


@machine("host", gpu_binding="virtual-functions", host_gpus="found")
def a_host_of_vgpus(tree: Tree) -> None:
    tree.host()
    tree.function(A, driver="nvidia", group=12)
    tree.link(f"sys/bus/pci/devices/{A}/virtfn0", "../0000:01:00.4")
    tree.function("0000:01:00.4", driver="nvidia", group=13)
    tree.link("sys/bus/pci/devices/0000:01:00.4/physfn", f"../{A}")


@machine("host", host_gpus="none")
def a_host_with_other_things_of_nvidia(tree: Tree) -> None:
    tree.host()
    tree.function("0000:03:00.0", kind=NVSWITCH, driver="nvidia-nvswitch", group=3)
    tree.function("0000:04:00.2", kind=USB, driver="xhci_hcd", group=4)
    tree.function("0000:05:00.0", vendor="1002", kind=GPU, driver="amdgpu", group=5)


@machine("host", gpu_binding="bound", opennebula_pci="admitted")
def a_host_of_grace_in_another_domain(tree: Tree) -> None:
    conf = ":filter:\n  - '8086::0c03'\n  # ours\n  - '10DE:2342'\n:short_address: ['0009:01:00.0']\n"
    tree.host(table="IORT", conf=conf)
    tree.function("0009:01:00.0", device="2342", driver="nvgrace_gpu_vfio_pci", group=12)
    tree.file("dev/vfio/12", "", 0o666)


@machine("host", vfio_devices="closed", vfio_udev="missing")
def a_host_without_a_rule(tree: Tree) -> None:
    rules = ['# SUBSYSTEM=="vfio", MODE="0666"', 'SUBSYSTEM=="vfio", NAME="vfio/%n"', 'SUBSYSTEM=="vfio", MODE="0600"']
    tree.host(rule="\n".join(rules))
    tree.passed_through(A, mode=0o600)


@machine("host", vfio_devices="usable", vfio_udev="granted")
def a_host_that_lets_the_group_kvm_in(tree: Tree) -> None:
    tree.host(rule='SUBSYSTEM=="vfio", \\\n  GROUP:="kvm"\n')
    tree.passed_through(A, mode=0o660)
    tree.file("etc/group", f"root:x:99999:\nkvm:x:{os.getgid()}:oneadmin\n")


@machine("host", vfio_devices="closed", vfio_udev="granted")
def a_host_whose_rule_was_not_applied(tree: Tree) -> None:
    tree.host(rule='SUBSYSTEM == "vfio", OWNER = "oneadmin"')
    tree.passed_through(A, mode=0o600)
    tree.file("etc/passwd", "root:x:99999:0::/root:/bin/sh\noneadmin:x:9869:9869::/var/lib/one:/bin/bash\n")


@machine("host", vfio_devices="usable")
def a_host_that_gives_devices_to_oneadmin(tree: Tree) -> None:
    tree.host(rule='SUBSYSTEM=="vfio", OWNER="oneadmin", MODE="0600"')
    tree.passed_through(A, mode=0o600)
    tree.file("etc/passwd", f"oneadmin:x:{os.getuid()}:9869::/var/lib/one:/bin/bash\n")


@machine("host", vfio_devices="no-node")
def a_host_without_device_nodes(tree: Tree) -> None:
    tree.host()
    tree.function(A, driver="vfio-pci", group=12)


@machine("host", vfio_udev="missing")
def a_host_whose_rule_is_masked(tree: Tree) -> None:
    tree.host(rule=None)
    tree.file("usr/lib/udev/rules.d/99-vfio.rules", GOOD_RULE)
    tree.link("etc/udev/rules.d/99-vfio.rules", os.devnull)
    tree.passed_through(A)


@machine("host", vfio_udev="granted")
def a_host_with_its_rule_in_run(tree: Tree) -> None:
    tree.host(rule=None)
    tree.file("run/udev/rules.d/10-any-name.rules", f"# made by hand\r\n{GOOD_RULE}")
    tree.passed_through(A)


@machine("host", opennebula_pci="admitted")
def a_front_end_that_is_a_host(tree: Tree) -> None:
    tree.host(conf=None)
    tree.file(FRONT_END_CONF, ":filter:\n- '10de:*'\n")
    tree.passed_through(A)


@machine("host", opennebula_pci="admitted")
def a_front_end_with_all_cards(tree: Tree) -> None:
    tree.host(conf=None)
    tree.file(FRONT_END_CONF, ":filter:\n")
    tree.passed_through(A)


@machine("host", opennebula_pci="not-here")
def a_host_without_a_filter(tree: Tree) -> None:
    tree.host(conf=None)
    tree.passed_through(A)


@machine("host", opennebula_pci="refused")
def a_host_with_the_default_filter(tree: Tree) -> None:
    tree.host(conf="#     - '10de:*'      # all NVIDIA VGA cards\n:filter: '0:0'\n:nvidia_vendors: ['10de']\n")
    tree.passed_through(A)


@machine("host", opennebula_pci="refused", host_gpus="none")
def a_host_without_a_gpu_and_a_filter_for_others(tree: Tree) -> None:
    tree.host(conf=":filter: '8086:*, 1002::0300'\n")


@machine("host", opennebula_pci="refused")
def a_host_whose_filter_names_another_model(tree: Tree) -> None:
    tree.host(conf=":filter: '10de:11bf, 10de::0c03, 10de, 0x10de:*'\n")
    tree.passed_through(A)


@machine("host", opennebula_pci="no-filter")
def a_host_whose_key_has_no_colon(tree: Tree) -> None:
    tree.host(conf="filter: '10de:*'\n")
    tree.passed_through(A)


@machine("host", opennebula_pci="invalid")
def a_host_whose_filter_is_no_yaml(tree: Tree) -> None:
    tree.host(conf=":filter: *:*\n")
    tree.passed_through(A)


@machine("host", opennebula_pci="invalid")
def a_host_whose_filter_is_a_number(tree: Tree) -> None:
    tree.host(conf=":filter: 10:20 # base sixty\n")
    tree.passed_through(A)


@machine("host", opennebula_pci="not-listed")
def a_host_that_lists_one_address(tree: Tree) -> None:
    tree.host(conf=":filter: '10de:*'\n:short_address:\n  - '01:00.0'\n")
    tree.passed_through(A)
    tree.passed_through(B, group=13)


@machine("host", opennebula_pci="by-name")
def a_host_that_wants_names(tree: Tree) -> None:
    tree.host(conf=":filter: '10de:*'\n:device_name:\n- 'H200'\n- \"GA1.*\"\n")
    tree.passed_through(A)


@machine("host", opennebula_pci="admitted not-synced")
def a_host_that_differs_from_the_front_end(tree: Tree) -> None:
    tree.host()
    tree.file(FRONT_END_CONF, ":filter: '0:0'\n")
    tree.passed_through(A)


@machine("host", iommu_groups="unreadable", iommu="on", host_gpus="found unreadable", gpu_binding="unreadable",
         gpu_groups="unreadable", vfio_devices="unreadable", vfio_udev="unreadable")  # fmt: skip
def a_host_with_a_locked_sysfs(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    tree.function(B, driver="vfio-pci", group=13)
    (tree.root / f"sys/bus/pci/devices/{A}/driver").unlink()
    tree.folder(f"sys/bus/pci/devices/{A}/driver")
    tree.lock("sys/kernel/iommu_groups", f"sys/bus/pci/devices/{B}/vendor", "etc/udev/rules.d/99-vfio.rules")


@machine("host", iommu="unreadable", iommu_groups="unreadable", vfio_pci="unreadable", host_gpus="unreadable",
         opennebula_pci="unreadable", vfio_udev="missing")  # fmt: skip
def a_host_without_a_readable_sys(tree: Tree) -> None:
    tree.host(rule=None, conf=None)
    tree.lock("sys")
    tree.file("var/lib/one/empty")
    tree.lock("var/lib/one")


@machine("host", opennebula_pci="unreadable")
def a_host_whose_filter_only_root_may_read(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    tree.lock(NODE_CONF)
