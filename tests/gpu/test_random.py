"""The command and the script agree on randomly generated machines as well."""

import json
import tempfile
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from tests.gpu.conftest import by_python, by_script, remove
from tests.gpu.tree import (
    AUDIO,
    BRIDGE,
    CARD_3D,
    CDI_HOOK,
    FRONT_END_CONF,
    GPU,
    HOOK,
    NODE_CONF,
    NVSWITCH,
    RELEASE,
    SPECIFICATION,
    USB,
    Tree,
    fabric,
    licence,
)  # fmt: skip

FEW = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def mostly(usual: st.SearchStrategy[Any], other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What lets the later checks have something to look at."""
    return st.integers(0, 3).flatmap(lambda number: other if number == 3 else usual)


addresses = st.sampled_from(
    [f"0000:0{bus}:00.{function}" for bus in range(1, 4) for function in range(2)] + ["nonsense"]
)
drivers = st.sampled_from([None, "vfio-pci", "nvidia", "nouveau", "snd_hda_intel", "pci-stub", "nvgrace_gpu_vfio_pci"])
functions = st.dictionaries(
    addresses,
    st.fixed_dictionaries(
        {
            "vendor": mostly(st.just("10de"), st.sampled_from(["10DE", "8086", ""])),
            "device": st.sampled_from(["2335", "11bf", "1aef"]),
            "kind": mostly(
                st.sampled_from([GPU, CARD_3D]), st.sampled_from([AUDIO, BRIDGE, USB, NVSWITCH, "020000", ""])
            ),
            "driver": mostly(st.sampled_from(["vfio-pci", "nvidia"]), drivers),
            "group": st.sampled_from([None, 0, 1]),
            "override": st.sampled_from(["(null)", "vfio-pci", ""]),
        }
    ),
    min_size=1,
    max_size=4,
)
numbers = st.sampled_from(["0", "16", "x", ""])
modes = st.sampled_from([0o666, 0o660, 0o600, 0o644, 0, None])
rule_lines = st.lists(
    st.sampled_from(
        [
            'SUBSYSTEM=="vfio", GROUP="kvm", MODE="0666"', 'SUBSYSTEM=="vfio"', 'SUBSYSTEM=="vfio", \\',
            '  MODE="0660"',
            'SUBSYSTEM=="vfio",MODE:="660",GROUP="kvm"', 'SUBSYSTEM=="vfio", OWNER="oneadmin", MODE="0600"', "",
            '# SUBSYSTEM=="vfio", MODE="0666"', 'ENV{X}=="y", SUBSYSTEM=="vfio", MODE="rw"', "#\\", "\\",
            '\tGROUP="kvm"',
            'SUBSYSTEM!="vfio", MODE="0666"', 'XSUBSYSTEM=="vfio", MODE="0666"', 'SUBSYSTEM=="vfio", MODE="02770"',
        ]
    ),
    max_size=4,
).map("\n".join)  # fmt: skip
conf_lines = st.lists(
    st.one_of(
        st.sampled_from(
            [
                ":filter: '10de:*'", ":filter: 10de:*", ":filter:", ":filter: []", ":filter: null # all",
                "- '10de:2335'",
                '  - "*:*" # all', ":filter: ['8086:*', '10de::0302']", ":filter: '10de:2335, ::0300'",
                "filter: '10de:*'",
                ":short_address: []", ":short_address:", "- '01:00.0'", "- 0000:02:00.0", ":device_name:", "- H200",
                "- 'a: b'", "- a: b", "- 10:20", ":filter: '", ":filter: *:*", "# nothing", "", ":filter: 10DE:*#x\r",
                ":filter: '0:0'   # none", ":filter: ~", ":filter: 'x' y", "-", ":filter: \u00fc", ":filter: '\t:\t'",
            ]
        ),
        st.text("10de:*',[]# -\"x\t", max_size=12).map(lambda value: f":filter: {value}"),
    ),
    max_size=6,
).map("\n".join)  # fmt: skip

filters = st.builds(
    "{}\n{}\n{}".format,
    st.sampled_from(
        [":filter: '10de:*'", ":filter:", ":filter:\n- '10de:2335'\n- '8086:*,:11bf'", ":filter: '*:*:0300'"]
    ),
    st.sampled_from(["", ":short_address: []", ":short_address: ['01:00.0', 0000:02:00.0]"]),
    st.sampled_from(["", "", ":device_name: []", ":device_name: [H200, 'A']"]),
)


@st.composite
def hosts(draw: st.DrawFn) -> Any:
    return {
        "table": draw(st.sampled_from([None, "DMAR", "IVRS", "IORT"])),
        "tables": draw(st.booleans()),
        "words": draw(
            st.lists(st.sampled_from(["quiet", "intel_iommu=off", "iommu=pt", "amd_iommu=pgtbl_v2,off", "off"]))
        ),
        "groups": draw(st.lists(st.sampled_from(["", "vfio-noiommu"]), max_size=2)),
        "units": draw(st.lists(st.sampled_from(["dmar0", "ivhd1"]), unique=True)),
        "vfio": draw(st.sampled_from(["", "sys/module/vfio_pci/x"])),
        "builtin": draw(st.sampled_from([None, "kernel/vfio-pci.ko", "kernel/vfio-pci-core.ko"])),
        "dep": draw(st.sampled_from([None, "kernel/vfio_pci.ko.xz: x", "kernel/x.ko:"])),
        "functions": draw(functions),
        "nodes": draw(st.fixed_dictionaries({0: modes, 1: modes})),
        "rules": draw(
            st.dictionaries(
                st.tuples(
                    st.sampled_from(["etc", "run", "usr/local/lib", "usr/lib", "lib"]),
                    st.sampled_from(["99-vfio.rules", "10-x.rules", "99-vfio.conf"]),
                ),
                rule_lines,
                max_size=3,
            )
        ),
        "node": draw(mostly(filters, st.none() | conf_lines)),
        "front end": draw(st.none() | conf_lines),
        "virtual": draw(st.booleans()),
        "kvm": draw(st.booleans()),
        "cpuinfo": draw(st.sampled_from([None, "flags : fpu vmx", "flags\t: svm x", "flags : svmx", "Features : x"])),
        "huge pages": draw(st.dictionaries(st.sampled_from([64, 2048]), st.tuples(numbers, numbers))),
        "libvirt": draw(st.none() | st.tuples(st.sampled_from([0, 107]), st.sampled_from(["unlimited", "65536", "?"]))),
        "fabric manager": draw(st.none() | st.sampled_from(["FABRIC_MODE=1", "FABRIC_MODE = 2 ", "FABRIC_MODE=0"])),
        "windows": draw(
            st.lists(
                st.tuples(
                    st.sampled_from([0, 0xE0000000, 0x38000000000]),
                    st.sampled_from([0, 1 << 24, 1 << 28, 3 << 30]),
                    st.sampled_from([0, 0x101, 0x200, 0x14220C, 0x20000200]),
                ),
                max_size=6,
            )
        ),
        "sizes": draw(st.sampled_from([None, "0000000000007fc0", "0", "", "x", "0000000000000001"])),
        "onehost": draw(
            st.none()
            | st.builds(
                "{}<HOST>{}</HOST>\n{}".format,
                st.sampled_from(["", "x\r\n"]),
                st.sampled_from(
                    [
                        "",
                        "<SHORT_ADDRESS><![CDATA[01:00.0]]></SHORT_ADDRESS>",
                        "<SHORT_ADDRESS>0000:02:00.0</SHORT_ADDRESS>\n<SHORT_ADDRESS>x</SHORT_ADDRESS>",
                    ]
                ),
                st.sampled_from(
                    [
                        "",
                        "<PCI_FILTER><![CDATA[ ]]></PCI_FILTER>",
                        "<PCI_FILTER>\n 10de:*,\n8086:*",
                        "<PCI_DEVICE_NAME><![CDATA[H200\t]]>",
                        '<PCI_FILTER><![CDATA[\u00fc"\\]]>',
                    ]
                ),
            )
            | st.just("HOST 0")
        ),
    }


def build_host(tree: Tree, made: Any) -> None:  # noqa: C901, PLR0912 - a line for each thing that a machine may have
    if made["tables"]:
        tree.folder("sys/firmware/acpi/tables")
        if made["table"]:
            tree.file(f"sys/firmware/acpi/tables/{made['table']}")
    tree.file("proc/cmdline", " ".join(made["words"]))
    for number, name in enumerate(made["groups"]):
        tree.folder(f"sys/kernel/iommu_groups/{number + 5}")
        if name:
            tree.file(f"sys/kernel/iommu_groups/{number + 5}/name", f"{name}\n")
    for unit in made["units"]:
        tree.folder(f"sys/class/iommu/{unit}")
    if made["vfio"]:
        tree.file(made["vfio"])
    for name in ("builtin", "dep"):
        if made[name] is not None:
            tree.file(f"lib/modules/{RELEASE}/modules.{name}", made[name])
    for addr, details in made["functions"].items():
        tree.function(addr, **details)
        if made["virtual"] and addr != "nonsense":
            tree.link(f"sys/bus/pci/devices/{addr}/virtfn0", "../0000:03:00.0")
        if made["windows"] and addr != "nonsense":
            tree.windows(addr, *made["windows"], sizes=made["sizes"])
    if made["kvm"]:
        tree.file("dev/kvm")
    if made["cpuinfo"]:
        tree.file("proc/cpuinfo", made["cpuinfo"])
    for size, (total, free) in made["huge pages"].items():
        tree.huge_pages(size, total, free)
    if made["libvirt"]:
        tree.libvirt(*made["libvirt"])
    if made["fabric manager"]:
        tree.file("proc/5/comm", "nv-fabricmanage\n")
        tree.file("etc/fabricmanager.cfg", f"A=1\n{made['fabric manager']}\n")
    if made["onehost"] is not None:
        tree.file("host.xml", made["onehost"])
    for number, mode in made["nodes"].items():
        if mode is not None:
            tree.file(f"dev/vfio/{number}", "", mode)
    for (folder, name), text in made["rules"].items():
        tree.file(f"{folder}/udev/rules.d/{name}", text)
    for path, text in ((NODE_CONF, made["node"]), (FRONT_END_CONF, made["front end"])):
        if text is not None:
            tree.file(path, text)


outputs = st.one_of(
    st.sampled_from(
        [
            "No devices were found", "Failed to initialize NVML: Driver/library version mismatch", "",
            "GPU 0: H200\n MIG 1",
            "0, GPU-1, NVIDIA H200, 143771, 580.1, Enabled, Enabled", "0, GPU-1, A, [N/A], 1.2\n1 ,GPU-2 ,B,9,3",
            "CUDA Version: 12.4 |", "28.5.2", "29.7.2", "29.1.0-rc.1", "could not select device driver",
            "permission denied",
            "nvidia/cuda:12.4.1-base-ubuntu22.04\nflwr/supernode:x-ubuntu", "CUDA_VERSION=13.1.0",
            "no such file or directory",
        ]
    ),
    st.text("GPU-0123, MIG:\x01\x1b\"\\$`'\u00fc\t\n", max_size=30),
)  # fmt: skip
codes = st.sampled_from([0, 0, 0, 1, 2, 6, 9, 12, 18, 125, 126, 127, 255])
answers = st.tuples(outputs, codes)


STATES = ["N/A", "Not Supported", "In Progress", "Completed", "Not Started"]


@st.composite
def virtual_machines(draw: st.DrawFn) -> Any:
    card = st.fixed_dictionaries(
        {},
        optional={
            "memory.total": st.sampled_from(["81559", "[N/A]"]),
            "mig.mode.current": st.sampled_from(["Enabled", "[N/A]"]),
            "persistence_mode": st.sampled_from(["Disabled", "[N/A]"]),
            "name": st.sampled_from(["NVIDIA  A100", "a,b", "\u00fc"]),
        },
    )
    smi = st.fixed_dictionaries(
        {
            "gpus": st.lists(card, min_size=1, max_size=2),
            "cuda": st.sampled_from(["CUDA Version: 12.4 ", "CUDA Version: N/A", "CUDA UMD Version: 13.1"]),
            "instances": st.sampled_from([(), (2, 0), (0, 1)]),
            "unknown": st.sampled_from(["-", "-", "persistence_mode", "uuid", "compute_cap"]),
            "details": st.lists(
                st.builds(
                    "{}{}".format,
                    st.builds(fabric, st.sampled_from(STATES), st.sampled_from(["N/A", "Success", "Unknown Error"])),
                    st.builds(licence, st.sampled_from(["N/A", "Licensed (Expiry: x)", "Unlicensed (Restricted)"])),
                ),
                max_size=2,
            ),
        }
    )
    docker = st.fixed_dictionaries(
        {
            "version": st.sampled_from(["28.5.2", "29.7.2", "20.10.24", "28.1.0"]),
            "images": st.sampled_from([["flwr/supernode:1-ubuntu24"], ["x:1", "nvidia/cuda:13"], ["flwr/supernode:1"]]),
            "environment": st.sampled_from(
                ["A=b", "A=b CUDA_VERSION=12.4.1", "CUDA_VERSION=12.5", "CUDA_VERSION=99.1"]
            ),
            "run": st.sampled_from(
                ["echo GPU 0: x", "echo GPU 0: x; echo GPU 1: y; exit 9", "exit 0", "echo no >&2; exit 125"]
            ),
        }
    )
    return {
        "driver": draw(mostly(st.just("580.159.04"), st.none())),
        "functions": draw(functions),
        "dep": draw(st.sampled_from([None, "updates/nvidia.ko:", "x/nvidia-drm.ko:", "x/nvidia-current-open.ko.zst:"])),
        "other": draw(st.sampled_from([None, "updates/nvidia.ko:"])),
        "secure": draw(st.sampled_from([None, "\6\0\0\0\1", "\6\0\0\0\0", ""])),
        "nodes": draw(st.lists(st.sampled_from(["nvidiactl", "nvidia-uvm", "nvidia0", "nvidia11", "nvidia-x"]))),
        "smi": draw(mostly(smi, st.none() | st.tuples(answers, answers, answers))),
        "docker": draw(mostly(docker, st.none() | st.tuples(answers, answers, answers, answers))),
        "cuda": draw(
            st.sampled_from(
                [
                    None, ("cuda 0 1 0", 0), ("cuda 0 2 1", 0), ("cuda 0 1 1", 0), ("cuda 802 0 0", 0),
                    ("no ctypes", 1),
                    ("no library: x", 1), ("cuda 1 2", 0), ("cuda 46 0 0", 0), ("", 139), ("cuda 0 1 0", 3),
                ]
            )
        ),
        "fabric manager": draw(st.sampled_from([None, ("580.159.04", True), ("580.159.04", False), ("1", True)])),
        "hooks": draw(mostly(st.sampled_from([[HOOK], [CDI_HOOK]]), st.just(["nvidia-ctk"]))),
        "specification": draw(st.sampled_from([None, "etc/cdi/nvidia.yaml", "run/cdi/x.json", "etc/cdi/x.txt"])),
        "daemon": draw(
            st.sampled_from(
                [
                    None, "{}", '{"features": {"cdi": false}}', '{"features": {"cdi": true, "x": false}}',
                    '{"x": {"features": {"cdi": false}}}', '{"features":{"a":["cdi",false],"cdi":\nfalse}}',
                    '{"a": "\\"features\\": {\\"cdi\\": false}"}', '{"features": [{"cdi": false}]}',
                ]
            )
        ),
        "arguments": draw(st.sampled_from([(), ("--pull",), ("--image", "x:y"), ("--image", "-x")])),
    }  # fmt: skip


def build_vm(tree: Tree, made: Any) -> None:  # noqa: C901, PLR0912 - likewise
    if made["driver"]:
        tree.vm(made["driver"], gpus=0)
        for name in ("nvidiactl", "nvidia-uvm"):
            (tree.root / "dev" / name).unlink()
    for name in made["nodes"]:
        tree.file(f"dev/{name}")
    for addr, details in made["functions"].items():
        tree.function(addr, **details)
    for release, text in ((RELEASE, made["dep"]), ("6.1.0-9-amd64", made["other"])):
        if text is not None:
            tree.file(f"lib/modules/{release}/modules.dep", text)
    if made["secure"] is not None:
        tree.file("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", made["secure"])
    if made["cuda"] is not None:
        tree.cuda(*made["cuda"])
    if made["fabric manager"] is not None:
        version, runs = made["fabric manager"]
        tree.fabric_manager(version, runs=runs)
    tree.toolkit(*made["hooks"], daemon=made["daemon"])
    if made["specification"]:
        tree.file(made["specification"], SPECIFICATION)
    if isinstance(made["smi"], dict):
        tree.smi(**made["smi"])
    elif made["smi"] is not None:
        program(tree, "nvidia-smi", ("--query*", "-L", "*"), made["smi"])
    if isinstance(made["docker"], dict):
        tree.docker(**made["docker"])
    elif made["docker"] is not None:
        program(tree, "docker", ("version*", "image\\ ls*", "image*", "*"), made["docker"])


def program(tree: Tree, name: str, cases: tuple[str, ...], answers: Any) -> None:
    branches = ""
    for number, (case, (output, code)) in enumerate(zip(cases, answers, strict=True)):
        tree.file(f"answers/{name}{number}", output)
        branches += f"{case}) cat {tree.root}/answers/{name}{number}; exit {code} ;;\n"
    tree.program(name, f'case "$*" in\n{branches}esac')


def agree(layer: str, script: Path, build: Any, made: Any, arguments: tuple[str, ...] = ()) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        tree = Tree(folder)
        build(tree, made)
        ended = by_script(tree, script, "--json", *arguments)
        assert ended.stderr == ""
        assert json.loads(ended.stdout) == by_python(tree, layer, arguments)
    finally:
        remove(folder)


@FEW
@given(hosts())
def test_on_any_host(scripts: dict[str, Path], made: Any) -> None:
    agree("host", scripts["host"], build_host, made, () if made["onehost"] is None else ("--onehost", "host.xml"))


@FEW
@given(virtual_machines())
def test_on_any_virtual_machine(scripts: dict[str, Path], made: Any) -> None:
    agree("vm", scripts["vm"], build_vm, made, made["arguments"])
