"""The faults of the scripts that everybody copies: each on a machine where that check is wrong and ours is right."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gpu.conftest import by_python, by_script, ended
from tests.gpu.machines import MACHINES
from tests.gpu.tree import Tree

# What is copied, whether it says yes, on which machine, and which of our checks says what there.
FAULTS = [
    ("lsmod | grep nvidia", True, "a_vm_with_a_gpu_and_no_driver", "kernel-driver", "fail"),
    ("lsmod | grep nvidia", False, "a_vm_that_is_ready", "kernel-driver", "pass"),
    ("grep intel_iommu=on $CTX_ROOT/proc/cmdline", False, "an_amd_host_without_any_parameter", "iommu", "pass"),
    ("grep intel_iommu=on $CTX_ROOT/proc/cmdline", True, "a_host_with_the_iommu_off_in_bios", "iommu", "fail"),
    ("[ -d $CTX_ROOT/sys/kernel/iommu_groups ]", True, "a_host_with_the_iommu_off_in_bios", "iommu-groups", "fail"),
    ("lsmod | grep vfio_pci", False, "a_host_with_vfio_built_in", "vfio-pci", "pass"),
    ("grep 10de $CTX_ROOT/var/tmp/one/etc/im/kvm-probes.d/pci.conf", True, "a_host_with_the_default_filter",
     "opennebula-pci", "fail"),
    ("grep 10de $CTX_ROOT/var/tmp/one/etc/im/kvm-probes.d/pci.conf", False, "an_amd_host_without_any_parameter",
     "opennebula-pci", "pass"),
    ("grep -r 'SUBSYSTEM==\"vfio\"' $CTX_ROOT/etc/udev/rules.d", True, "a_host_without_a_rule", "vfio-udev", "fail"),
    ("grep nvidia $CTX_ROOT/etc/docker/daemon.json", True, "a_vm_with_daemon_json_alone", "container-toolkit", "fail"),
    ("grep nvidia $CTX_ROOT/etc/docker/daemon.json", False, "a_vm_that_is_ready", "container-toolkit", "pass"),
    ("nvidia-smi", True, "a_vm_whose_nvidia_smi_ends_well_all_the_same", "nvidia-smi", "fail"),
    ("docker run --rm --gpus all -- nvidia/cuda:12.0-base -L", False, "a_vm_that_is_ready", "container-gpu", "pass"),
]  # fmt: skip


def build(name: str, tree: Tree) -> str:
    (machine,) = (each for each in MACHINES if each.name == name)
    machine.build(tree)
    return machine.layer


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_where_the_copied_check_is_wrong_ours_is_right(
    fault: tuple[str, bool, str, str, str], new_tree: Callable[[], Tree], scripts: dict[str, Path]
) -> None:
    naive, says, name, check, status = fault
    tree = new_tree()
    layer = build(name, tree)
    answer = ended(tree, [str(tree.bin / "bash"), "-c", naive], CTX_ROOT=str(tree.root))
    assert (answer.returncode == 0) == says
    assert says == (status == "fail")
    (ours,) = (each for each in by_python(tree, layer, ())["checks"] if each["id"] == check)
    assert ours["status"] == status
    assert f"{status.upper()}  {check}: " in by_script(tree, scripts[layer]).stdout


COPIED = """
set -e
echo "Checking IOMMU groups..."
GROUPS=$(ls $CTX_ROOT/sys/kernel/iommu_groups | wc -l)
grep -q nouveau $CTX_ROOT/proc/cmdline
echo "Summary"
"""


@pytest.mark.parametrize(
    "name", ["an_intel_host_that_is_ready", "a_host_with_the_iommu_off_in_bios", "an_empty_machine"]
)
def test_a_search_that_finds_nothing_does_not_end_the_script(
    name: str, new_tree: Callable[[], Tree], scripts: dict[str, Path]
) -> None:
    tree = new_tree()
    layer = build(name, tree)
    copied = ended(tree, [str(tree.bin / "bash"), "-c", COPIED], CTX_ROOT=str(tree.root))
    assert copied.returncode == 1
    assert "Summary" not in copied.stdout
    ours = by_script(tree, scripts[layer])
    assert ours.stdout.splitlines()[-1].startswith(("PASS: ", "FAIL: "))


def test_the_fix_names_what_stands_there(new_tree: Callable[[], Tree], scripts: dict[str, Path]) -> None:
    tree = new_tree()
    build("a_host_with_two_gpus_one_bound", tree)
    assert "FIX: driverctl set-override 0000:02:00.0 vfio-pci\n" in by_script(tree, scripts["host"]).stdout
    tree = new_tree()
    build("a_host_whose_gpu_keeps_its_audio", tree)
    assert "FIX: driverctl set-override 0000:01:00.1 vfio-pci\n" in by_script(tree, scripts["host"]).stdout


@pytest.mark.parametrize(
    ("name", "arguments", "pulls"),
    [
        ("a_vm_that_is_ready", (), "never"),
        ("a_vm_that_is_asked_for_a_missing_image", ("--image", "nvidia/cuda:12.0-base"), "never"),
        ("a_vm_that_may_download", ("--pull",), "missing"),
    ],
)
def test_nothing_is_downloaded_unless_asked(
    name: str, arguments: tuple[str, ...], pulls: str, new_tree: Callable[[], Tree], scripts: dict[str, Path]
) -> None:
    tree = new_tree()
    layer = build(name, tree)
    by_python(tree, layer, arguments)
    by_script(tree, scripts[layer], *arguments)
    calls = tree.calls.splitlines()
    runs = [call for call in calls if call.startswith("docker run")]
    assert len(runs) == 2
    assert all(f"--pull {pulls} " in call and "--network none" in call for call in runs)
    assert not any(call.startswith("docker pull") for call in calls)


@pytest.mark.parametrize("name", ["a_vm_with_a_gpu_and_no_driver"])
def test_nvidia_smi_is_not_started_without_a_driver(
    name: str, new_tree: Callable[[], Tree], scripts: dict[str, Path]
) -> None:
    tree = new_tree()
    layer = build(name, tree)
    by_python(tree, layer, ())
    by_script(tree, scripts[layer])
    assert "nvidia-smi" not in tree.calls


def test_a_container_that_hangs_is_removed(new_tree: Callable[[], Tree], scripts: dict[str, Path]) -> None:
    tree = new_tree()
    build("a_vm_whose_container_hangs", tree)
    by_script(tree, scripts["vm"], "--timeout", "1")
    assert "docker rm -f ctxschema-gpu-check-" in tree.calls
