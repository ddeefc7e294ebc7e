"""The simulated machines: what each is made of, and what must be said of it."""

import os
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tests.checks.tree import (
    AUDIO,
    BRIDGE,
    CARD_3D,
    CDI_HOOK,
    FRONT_END_CONF,
    GOOD_CONF,
    GOOD_RULE,
    GPU,
    HOOK,
    NODE_CONF,
    NVSWITCH,
    RELEASE,
    RUNTIME_JSON,
    USB,
    Tree,
)  # fmt: skip

A, B = "0000:01:00.0", "0000:02:00.0"
AUDIO_OF_A = "0000:01:00.1"


class Machine(NamedTuple):
    """A machine and the answers that its checks must come to; those that are not named must pass or be skipped."""

    name: str
    layer: str
    build: Callable[[Tree], None]
    answers: Mapping[str, str]
    arguments: tuple[str, ...] = ()


MACHINES: list[Machine] = []


def machine(layer: str, *arguments: str, **answers: str) -> Callable[[Callable[[Tree], None]], Callable[[Tree], None]]:
    """Declare a machine; the words of an answer are separated by blanks where there are several of a check."""

    def declare(build: Callable[[Tree], None]) -> Callable[[Tree], None]:
        told = {check.replace("_", "-"): answer for check, answer in answers.items()}
        MACHINES.append(Machine(build.__name__, layer, build, told, arguments))
        return build

    return declare


# ---- hosts ----


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


@machine("host", iommu="intel-unused", iommu_groups="none")
def an_intel_host_that_wants_to_be_told(tree: Tree) -> None:
    tree.host(groups=0)
    tree.function(A, kind=GPU, driver="vfio-pci", group=None)
    tree.folder("sys/kernel/iommu_groups")


MACHINES[-1] = MACHINES[-1]._replace(answers={**MACHINES[-1].answers, "gpu-groups": "no-group"})


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
         gpu_groups="together", vfio_devices="unreadable", vfio_udev="unreadable")  # fmt: skip
def a_host_with_a_locked_sysfs(tree: Tree) -> None:
    tree.host()
    tree.passed_through(A)
    tree.function(B, driver="vfio-pci", group=13)
    tree.folder(f"sys/bus/pci/devices/{A}/driver.d")
    (tree.root / f"sys/bus/pci/devices/{A}/driver").unlink()
    tree.folder(f"sys/bus/pci/devices/{A}/driver")
    tree.lock("sys/kernel/iommu_groups", f"sys/bus/pci/devices/{B}/vendor", "etc/udev/rules.d/99-vfio.rules")


MACHINES[-1] = MACHINES[-1]._replace(answers={**MACHINES[-1].answers, "gpu-groups": "unreadable"})


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


# ---- virtual machines ----


def ready(tree: Tree, gpus: int = 1) -> None:
    tree.vm(gpus=gpus)
    tree.smi([{}] * gpus)
    tree.docker()
    tree.toolkit(HOOK, "nvidia-ctk")


@machine("vm", kernel_driver="loaded", nvidia_smi="named", container_toolkit="hook", container_gpu="reaches",
         container_cuda="undeclared", cuda="known", mig="off", persistence="on", device_nodes="there")  # fmt: skip
def a_vm_that_is_ready(tree: Tree) -> None:
    ready(tree)


@machine("vm", container_toolkit="cdi", container_gpu="reaches", container_cuda="runs")
def a_vm_with_cdi_only(tree: Tree) -> None:
    ready(tree)
    tree.docker("29.7.2", ["alpine:3", "nvidia/cuda:12.4.1-base-ubuntu22.04"], environment="CUDA_VERSION=12.4.1")
    (tree.root / f"usr/bin/{HOOK}").unlink()
    tree.toolkit(CDI_HOOK, specification="var/run/cdi/nvidia.yaml", daemon='{"features": {"containerd": false}}')


@machine("vm", container_toolkit="too-old")
def a_vm_with_cdi_and_an_old_docker(tree: Tree) -> None:
    a_vm_with_cdi_only(tree)
    tree.docker("28.5.2")


@machine("vm", container_toolkit="switched-off")
def a_vm_with_cdi_switched_off(tree: Tree) -> None:
    a_vm_with_cdi_only(tree)
    tree.toolkit(daemon='{"a": "x{\\"", "features": {"buildkit": true,\n "cdi" : false}}')


@machine("vm", container_toolkit="no-hook")
def a_vm_with_a_specification_and_no_hook(tree: Tree) -> None:
    a_vm_with_cdi_only(tree)
    (tree.root / f"usr/bin/{CDI_HOOK}").unlink()


@machine("vm", container_toolkit="no-specification")
def a_vm_with_a_hook_and_no_specification(tree: Tree) -> None:
    a_vm_with_cdi_only(tree)
    (tree.root / "var/run/cdi/nvidia.yaml").write_text("kind: amd.com/gpu\n")


@machine("vm", container_toolkit="not-installed")
def a_vm_with_daemon_json_alone(tree: Tree) -> None:
    ready(tree)
    (tree.root / f"usr/bin/{HOOK}").unlink()
    tree.toolkit(daemon=RUNTIME_JSON)


@machine("vm", vm_gpus="none", kernel_driver="not-installed", docker="silent")
def a_vm_without_a_gpu(tree: Tree) -> None:
    tree.vm(version=None, gpus=0)
    tree.program("docker", "echo 'Cannot connect to the Docker daemon at unix:///x. Is it running?' >&2; exit 1")


@machine("vm", kernel_driver="not-installed", docker="not-found", nvidia_smi="no-driver")
def a_vm_with_a_gpu_and_no_driver(tree: Tree) -> None:
    tree.vm(version=None, driver=None)
    tree.folder("sys/module/nvidia_wmi_ec_backlight")
    tree.file("proc/modules", "nvidia_wmi_ec_backlight 16384 0 - Live 0x0\ni2c_nvidia_gpu 1 0 - Live 0x0\n")
    tree.program("lsmod", "echo 'nvidia_wmi_ec_backlight 16384 0'; echo 'i2c_ccgx_ucsi 1 1 i2c_nvidia_gpu'")
    tree.program("nvidia-smi", "echo 'NVIDIA-SMI has failed because it could not communicate'; exit 9")


@machine("vm", kernel_driver="not-installed", nouveau="holds", docker="not-found")
def a_vm_with_nouveau(tree: Tree) -> None:
    tree.vm(version=None, driver="nouveau")


@machine("vm", kernel_driver="not-started", docker="not-found")
def a_vm_whose_driver_did_not_start(tree: Tree) -> None:
    tree.vm(version=None, driver=None)
    tree.file(f"lib/modules/{RELEASE}/modules.dep", "updates/dkms/nvidia-current.ko.xz: kernel/drm.ko\n")


@machine("vm", kernel_driver="not-started", secure_boot="refuses", docker="not-found")
def a_vm_with_secure_boot(tree: Tree) -> None:
    a_vm_whose_driver_did_not_start(tree)
    tree.file("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", "\6\0\0\0\1")


@machine("vm", kernel_driver="not-installed", secure_boot="ahead", docker="not-found")
def a_vm_with_secure_boot_and_no_driver(tree: Tree) -> None:
    tree.vm(version=None, driver=None)
    tree.file("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", "\6\0\0\0\1")


@machine("vm", secure_boot="signed")
def a_vm_with_a_signed_driver(tree: Tree) -> None:
    ready(tree)
    tree.file("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", "\6\0\0\0\1")


@machine("vm", secure_boot="off", vm_gpus="no-bus", nouveau="no-gpu")
def a_vm_with_secure_boot_off_and_no_bus(tree: Tree) -> None:
    ready(tree, gpus=0)
    tree.smi([{}])
    tree.file("dev/nvidia0")
    tree.file("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", "\6\0\0\0\0")
    (tree.root / "sys/bus/pci/devices").rmdir()


@machine("vm", kernel_driver="other-kernel", docker="not-found")
def a_vm_with_a_new_kernel(tree: Tree) -> None:
    tree.vm(version=None, driver=None)
    tree.file("lib/modules/6.1.0-17-amd64/modules.dep", "updates/dkms/nvidia.ko.xz:\n")


@machine("vm", nvidia_smi="not-found")
def a_vm_without_nvidia_smi(tree: Tree) -> None:
    ready(tree)
    (tree.bin / "nvidia-smi").unlink()


@machine("vm", "--timeout", "1", nvidia_smi="timeout")
def a_vm_whose_driver_hangs(tree: Tree) -> None:
    ready(tree)
    tree.program("nvidia-smi", "trap '' TERM INT HUP; sleep 30 & wait; sleep 30")


SAYS = "Failed to initialize NVML: {}"


@machine("vm", nvidia_smi="mismatch")
def a_vm_with_two_versions_of_the_driver(tree: Tree) -> None:
    ready(tree)
    tree.program("nvidia-smi", f"echo '{SAYS.format('Driver/library version mismatch')}'; exit 18")


@machine("vm", nvidia_smi="no-library")
def a_vm_without_nvml(tree: Tree) -> None:
    ready(tree)
    tree.program("nvidia-smi", 'echo "NVIDIA-SMI couldn\'t find libnvidia-ml.so library in your system."; exit 12')


@machine("vm", nvidia_smi="refused")
def a_vm_whose_driver_does_not_talk(tree: Tree) -> None:
    ready(tree)
    tree.program("nvidia-smi", 'echo "NVIDIA-SMI has failed because it couldn\'t communicate"; exit 9')


@machine("vm", nvidia_smi="no-devices")
def a_vm_whose_driver_has_no_device(tree: Tree) -> None:
    ready(tree)
    tree.program("nvidia-smi", "echo 'No devices were found'; exit 6")


@machine("vm", nvidia_smi="no-devices")
def a_vm_whose_nvidia_smi_ends_well_all_the_same(tree: Tree) -> None:
    ready(tree)
    tree.program("nvidia-smi", "echo 'No devices were found'")


@machine("vm", nvidia_smi="failed")
def a_vm_with_a_lost_gpu(tree: Tree) -> None:
    ready(tree)
    tree.program("nvidia-smi", "printf 'Unable to determine the device handle:\\n\\tGPU is lost. \\377\\001'; exit 15")


@machine("vm", nvidia_smi="named fewer", container_gpu="reaches")
def a_vm_with_one_gpu_of_two(tree: Tree) -> None:
    ready(tree, gpus=2)
    tree.smi([{}])


@machine("vm", nvidia_smi="named named", mig="uncut")
def a_vm_with_mig_and_no_instance(tree: Tree) -> None:
    ready(tree, gpus=2)
    tree.smi([{"mig.mode.current": "[N/A]"}, {"mig.mode.current": "Enabled", "memory.total": "[N/A]"}])


@machine("vm", mig="cut")
def a_vm_with_mig_instances(tree: Tree) -> None:
    ready(tree)
    tree.smi([{"mig.mode.current": "Enabled"}], instances=[3])


@machine("vm", mig="untold", cuda="unknown", container_cuda="untold")
def a_vm_whose_nvidia_smi_only_answers_once(tree: Tree) -> None:
    ready(tree)
    tree.smi([{"mig.mode.current": "Enabled"}])
    smi = tree.bin / "nvidia-smi"
    smi.write_text(smi.read_text().replace("#!/bin/sh\n", "#!/bin/sh\ncase $1 in -L | '') exit 3 ;; esac\n"))


@machine("vm", persistence="off", device_nodes="missing missing")
def a_vm_that_just_started(tree: Tree) -> None:
    ready(tree)
    tree.smi([{"persistence_mode": "Disabled"}])
    (tree.root / "dev/nvidia-uvm").unlink()
    (tree.root / "dev/nvidia0").unlink()


@machine("vm", persistence="untold", cuda="unknown", container_cuda="untold")
def a_vm_with_an_old_driver(tree: Tree) -> None:
    ready(tree)
    tree.smi([{}], unknown="persistence_mode", cuda="")


@machine("vm", docker="denied")
def a_vm_where_nobody_in_particular_looks(tree: Tree) -> None:
    ready(tree)
    tree.program("docker", "echo 'permission denied while trying to connect to the docker API at x' >&2; exit 1")


@machine("vm", "--timeout", "1", docker="timeout")
def a_vm_whose_docker_hangs(tree: Tree) -> None:
    ready(tree)
    tree.program("docker", "exec sleep 30")


@machine("vm", container_gpu="refused")
def a_vm_whose_docker_refuses(tree: Tree) -> None:
    ready(tree)
    tree.docker(run="echo 'could not select device driver \"\" with capabilities: [[gpu]]' >&2; exit 125")


@machine("vm", container_gpu="refused")
def a_vm_whose_hook_fails(tree: Tree) -> None:
    ready(tree)
    tree.docker(run="echo 'error running prestart hook: nvidia-container-cli: executable file not found' >&2; exit 127")


@machine("vm", container_gpu="no-program")
def a_vm_with_an_alpine_image(tree: Tree) -> None:
    ready(tree)
    tree.docker(run="echo 'exec /usr/bin/nvidia-smi: no such file or directory' >&2; exit 255")


@machine("vm", container_gpu="blind")
def a_vm_whose_container_lost_the_gpu(tree: Tree) -> None:
    ready(tree)
    tree.docker(run=f"echo '{SAYS.format('Unknown Error')}'; exit 255")


@machine("vm", "--image", "nvidia/cuda:12.0-base", container_gpu="not-there", container_cuda="not-there")
def a_vm_that_is_asked_for_a_missing_image(tree: Tree) -> None:
    ready(tree)


@machine("vm", "--image", "nvidia/cuda:12.0-base", "--pull", container_gpu="not-there", container_cuda="not-there")
def a_vm_that_is_asked_for_a_tag_that_does_not_exist(tree: Tree) -> None:
    ready(tree)


@machine("vm", "--pull", container_gpu="reaches")
def a_vm_that_may_download(tree: Tree) -> None:
    ready(tree)
    tree.docker(images=["flwr/supernode:1.25.0"], downloads="nvidia/cuda:12.4.1-base-ubuntu22.04")


@machine("vm", container_gpu="no-image", container_cuda="no-image")
def a_vm_with_the_plain_tag_only(tree: Tree) -> None:
    ready(tree)
    tree.docker(images=["flwr/supernode:1.25.0", "<none>:<none>", "nvidia/cuda:<none>"])


@machine("vm", container_cuda="newer")
def a_vm_with_an_image_of_a_newer_cuda(tree: Tree) -> None:
    ready(tree)
    tree.smi([{}], cuda="CUDA Version: 12.2 ")
    tree.docker(environment="'CUDA_VERSION=13.0.1' A=B")


@machine("vm", container_cuda="newer-minor")
def a_vm_with_an_image_of_a_little_newer_cuda(tree: Tree) -> None:
    ready(tree)
    tree.smi([{}], cuda="CUDA Version: 12.9 ")
    tree.docker(environment="CUDA_VERSION=12.10.1")


@machine("vm", "--timeout", "1", container_gpu="timeout")
def a_vm_whose_container_hangs(tree: Tree) -> None:
    ready(tree)
    tree.docker(run="exec sleep 30")


@machine("vm", kernel_driver="unreadable", secure_boot="unreadable", vm_gpus="unreadable", nouveau="no-gpu")
def a_vm_with_locked_folders(tree: Tree) -> None:
    tree.vm(version=None, gpus=1)
    tree.program("docker", "echo 28.5.2")
    tree.toolkit(HOOK)
    tree.file("sys/firmware/efi/efivars/x")
    tree.folder("proc/driver/nvidia")
    tree.lock("proc/driver", "sys/bus/pci/devices", "sys/firmware/efi/efivars")


@machine("vm", nouveau="unreadable", device_nodes="unreadable")
def a_vm_with_a_locked_gpu(tree: Tree) -> None:
    ready(tree)
    (tree.root / f"sys/bus/pci/devices/{A}/driver").unlink()
    tree.folder(f"sys/bus/pci/devices/{A}/driver")
    tree.lock("dev")


assert CARD_3D  # used by the builder's default
assert GOOD_CONF
