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


@machine("host", iommu="on", gpu_groups="together", gpu_binding="bound", vfio_devices="usable", vfio_udev="granted",
         kvm="ready", memlock="root", huge_pages="none", nvswitch="none", virtual_functions="none", gpu_memory="untold",
         opennebula_host="not-asked")  # fmt: skip
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


@machine("host", iommu="intel-unused", iommu_groups="unused", gpu_groups="left-out")
def an_intel_host_that_wants_to_be_told(tree: Tree) -> None:
    tree.host(groups=0)
    tree.function(A, kind=GPU, driver="vfio-pci", group=None)
    tree.folder("sys/kernel/iommu_groups")


@machine("host", iommu="switched-off", iommu_groups="unused", host_gpus="none")
def a_host_that_was_told_not_to(tree: Tree) -> None:
    tree.host(groups=0, cmdline="quiet intel_iommu=on amd_iommu=off intel_iommu=off")


@machine("host", iommu="amd-unused", iommu_groups="unused", host_gpus="none")
def an_amd_host_with_a_kernel_that_cannot(tree: Tree) -> None:
    tree.host(table="IVRS", groups=0, cmdline="amd_iommu=on iommu=pt")


@machine("host", iommu="off", iommu_groups="none", vfio_pci="not-loaded", host_gpus="none", vfio_udev="missing",
         opennebula_pci="not-here", kvm="untold", memlock="none")  # fmt: skip
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


@machine("host", gpu_groups="held stranger")
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


@machine("host", gpu_binding="virtual-functions", host_gpus="found", virtual_functions="driven")
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
         opennebula_pci="unreadable", vfio_udev="missing", huge_pages="unreadable")  # fmt: skip
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


# ---- the CPU, memory, NVSwitches, the front-end ----

MEMORY, PREFETCHABLE, UNSET = 0x200, 0x14220C, 0x20000000
MIB, GIB = 1 << 20, 1 << 30


@machine("host", kvm="no-flag")
def a_host_without_virtualisation(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    (tree.root / "dev/kvm").unlink()
    tree.file("proc/cpuinfo", "processor : 0\nflags : fpu vmx_not svmx\n")


@machine("host", kvm="no-device")
def an_amd_host_without_kvm(tree: Tree) -> None:
    tree.host(table="IVRS")
    tree.passed_through(A)
    (tree.root / "dev/kvm").unlink()


@machine("host", virtual_functions="in-the-way", gpu_binding="bound", opennebula_pci="admitted")
def a_host_whose_bound_gpu_has_virtual_functions(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    tree.link(f"sys/bus/pci/devices/{A}/virtfn0", "../0000:01:00.4")


@machine("host", virtual_functions="idle", gpu_binding="virtual-functions")
def a_host_of_vgpus_without_a_manager(tree: Tree) -> None:
    tree.host()
    tree.function(A, driver="nvidia", group=12)
    for number in range(2):
        tree.link(f"sys/bus/pci/devices/{A}/virtfn{number}", f"../0000:01:00.{number + 4}")
        tree.function(f"0000:01:00.{number + 4}", group=13)
        tree.link(f"sys/bus/pci/devices/0000:01:00.{number + 4}/physfn", f"../{A}")


@machine("host", gpu_groups="stranger")
def a_host_whose_gpu_shares_with_a_network_card(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A, audio=False)
    tree.function(B, vendor="8086", device="1533", kind="020000", driver="igb", group=12)


@machine("host", gpu_groups="stranger stranger stranger stranger")
def a_host_whose_gpu_shares_with_everything(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A, audio=False)
    for bus, (kind, driver) in enumerate(
        [("010601", "ahci"), (USB, "xhci_hcd"), ("030000", "i915"), ("048000", "saa7134")], start=3
    ):
        tree.function(f"0000:0{bus}:00.0", vendor="8086", kind=kind, driver=driver, group=12)


@machine("host", gpu_groups="left-out")
def a_host_that_leaves_a_gpu_out(tree: Tree) -> None:
    tree.host()
    tree.function(A, driver="vfio-pci")


@machine("host", gpu_memory="above")
def a_host_with_room_above_4_gib(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    tree.windows(A, (0xF6000000, 16 * MIB, MEMORY), (0x38000000000, 128 * GIB, PREFETCHABLE))


@machine("host", gpu_memory="unplaced unplaced")
def a_host_without_room_above_4_gib(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    unset = PREFETCHABLE | UNSET
    tree.windows(A, (0xF6000000, 16 * MIB, MEMORY), (0, 128 * GIB, unset), (0, 0, 0), (0, 32 * MIB, unset))


@machine("host", gpu_memory="resizable below")
def a_host_without_resizable_bar(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    tree.passed_through(B, group=13)
    window = (0xF6000000, 16 * MIB, MEMORY), (0xE0000000, 256 * MIB, PREFETCHABLE)
    tree.windows(A, *window, sizes="0000000000007fc0")
    tree.windows(B, *window, sizes="0000000000000100")


@machine("host", huge_pages="used-up free")
def a_host_with_huge_pages_used_up(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    tree.huge_pages(1048576, "16", "0")
    tree.huge_pages(2048, "1024", "512")
    tree.huge_pages(64, "0", "0")


@machine("host", memlock="limited")
def a_host_whose_libvirt_is_no_root(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    tree.libvirt(user=107)


@machine("host", memlock="unlimited")
def a_host_whose_libvirt_has_no_limit(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    tree.libvirt(user=107, limit="unlimited")


def with_switches(tree: Tree, driver: str | None = "nvidia-nvswitch") -> None:
    """An HGX host with a GPU of two bound."""
    tree.host()
    tree.function(A, device="2330", driver="vfio-pci", group=12)
    tree.file("dev/vfio/12", "", 0o666)
    for number in range(4):
        tree.function(f"0000:a{number}:00.0", device="22a3", kind=NVSWITCH, driver=driver, group=20 + number)


@machine("host", nvswitch="apart", gpu_binding="bound")
def an_hgx_host_that_hands_over_a_gpu_alone(tree: Tree) -> None:
    with_switches(tree)


@machine("host", nvswitch="apart", gpu_binding="bound other-driver")
def an_hgx_host_that_hands_over_its_switches_and_one_gpu(tree: Tree) -> None:
    with_switches(tree, "vfio-pci")
    tree.function(B, device="2330", driver="nvidia", group=13)


@machine("host", nvswitch="together")
def an_hgx_host_that_hands_over_everything(tree: Tree) -> None:
    with_switches(tree, "vfio-pci")


@machine("host", nvswitch="shared")
def an_hgx_host_with_shared_switches(tree: Tree) -> None:
    with_switches(tree)
    tree.file("proc/4711/comm", "nv-fabricmanage\n")
    tree.file("usr/share/nvidia/nvswitch/fabricmanager.cfg", "# FABRIC_MODE=0\nFABRIC_MODE=1\n")


@machine("host", nvswitch="apart")
def an_hgx_host_whose_fabric_manager_keeps_its_switches(tree: Tree) -> None:
    with_switches(tree)
    tree.file("proc/4711/comm", "nv-fabricmanage\n")
    tree.file("usr/share/nvidia/nvswitch/fabricmanager.cfg", "FABRIC_MODE=0\n# FABRIC_MODE=1\n")


@machine("host", nvswitch="unbound", gpu_binding="other-driver")
def an_hgx_host_that_uses_its_gpus_itself(tree: Tree) -> None:
    with_switches(tree)
    tree.function(B, device="2330", driver="nvidia", group=13)
    for path in (f"sys/bus/pci/devices/{A}/vendor", f"sys/bus/pci/devices/{A}/class"):
        (tree.root / path).write_text("0x8086\n")


def front_end(*addresses: str, **attributes: str) -> str:
    """What onehost show -x prints."""
    devices = "".join(f"<PCI><SHORT_ADDRESS><![CDATA[{each}]]></SHORT_ADDRESS></PCI>\n" for each in addresses)
    template = "".join(f"    <{name}><![CDATA[{value}]]></{name}>\n" for name, value in attributes.items())
    return f"<HOST>\n  <ID>0</ID>\n<PCI_DEVICES>\n{devices}</PCI_DEVICES>\n<TEMPLATE>\n{template}</TEMPLATE>\n</HOST>\n"


@machine("host", "--onehost", "host.xml", opennebula_host="listed", opennebula_pci="admitted")
def a_host_that_the_front_end_knows(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    tree.file("host.xml", front_end("01:00.0", "05:00.0", PCI_FILTER="10de:2204"))


@machine("host", "--onehost", "host.xml", opennebula_host="narrowed", opennebula_pci="admitted")
def a_host_that_the_front_end_narrows(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    tree.file("host.xml", front_end("05:00.0", PCI_FILTER="  ", PCI_SHORT_ADDRESS=" 05:00.0,\t06:00.0 "))


@machine("host", "--onehost", "host.xml", opennebula_host="unlisted", opennebula_pci="admitted")
def a_host_that_the_front_end_does_not_list(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    tree.file("host.xml", front_end("101:00.0"))


@machine("host", "--onehost", "host.xml", opennebula_host="listed", gpu_binding="virtual-functions",
         virtual_functions="driven")  # fmt: skip
def a_host_of_vgpus_that_the_front_end_knows(tree: Tree) -> None:
    a_host_of_vgpus(tree)
    tree.file("host.xml", front_end("01:00.4"))


@machine("host", "--onehost", "host.xml", opennebula_host="no-host")
def a_host_with_something_else_of_the_front_end(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    tree.file("host.xml", "HOST 0 INFORMATION\n")
