"""Machines made of folders and of programs on a PATH of their own, which behave as measured (docs/facts/gpu.md)."""

import os
import shlex
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

TOOLS = (
    *("cat", "cut", "head", "mktemp", "od", "readlink", "rm", "sleep", "sort", "stat", "tail", "timeout", "tr"),
    *("awk", "bash", "grep", "sed", "sh"),
)
"""What a script may use, and its fakes."""

GPU, CARD_3D, AUDIO, BRIDGE, USB, NVSWITCH = "030000", "030200", "040300", "060400", "0c0330", "068000"
NVIDIA = "10de"
RELEASE = "6.1.0-18-amd64"

GOOD_RULE = 'SUBSYSTEM=="vfio", GROUP="kvm", MODE="0666"\n'
GOOD_CONF = ":filter: '10de:*'\n:short_address: []\n:device_name: []\n"
NODE_CONF = "var/tmp/one/etc/im/kvm-probes.d/pci.conf"
FRONT_END_CONF = "var/lib/one/remotes/etc/im/kvm-probes.d/pci.conf"

VERSION_FILE = (
    "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  {version}  Release Build\n"
    "GCC version:  gcc version 12.2.0 (Debian 12.2.0-14)\n"
)
SPECIFICATION = "cdiVersion: 0.6.0\nkind: nvidia.com/gpu\ndevices:\n- name: all\n"


def fabric(state: str, status: str) -> str:
    """The section of nvidia-smi -q about the fabric, within a GPU."""
    return (
        f"    Fabric\n        State                             : {state}\n"
        f"        Status                            : {status}\n        Health\n"
        "            Bandwidth                     : N/A\n"
    )


def licence(status: str) -> str:
    """The section of nvidia-smi -q about the licence, within a GPU."""
    return (
        "    vGPU Software Licensed Product\n        Product Name                      : NVIDIA RTX Workstation\n"
        f"        License Status                    : {status}\n"
    )


class Tree:
    """A folder that stands for / and a folder of programs."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.bin = folder / "bin"
        self.root.mkdir()
        self.bin.mkdir()
        (folder / "calls").touch()
        (folder / "calls").chmod(0o666)
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found, tool
            (self.bin / tool).symlink_to(found)
        self.file("proc/sys/kernel/osrelease", f"{RELEASE}\n")
        self.folder("sys/kernel/iommu_groups")
        self.folder("sys/class/iommu")
        self.folder("sys/bus/pci/devices")

    @property
    def calls(self) -> str:
        """Every call of a fake program that keeps a list of them."""
        return (self.root.parent / "calls").read_text()

    def path(self, path: str) -> Path:
        found = self.root / path
        found.parent.mkdir(parents=True, exist_ok=True)
        return found

    def folder(self, path: str) -> None:
        self.path(path).mkdir(parents=True, exist_ok=True)

    def file(self, path: str, text: str = "", mode: int = 0o644) -> None:
        self.path(path).write_text(text)
        self.path(path).chmod(mode)

    def link(self, path: str, target: str) -> None:
        self.path(path).symlink_to(target)

    def program(self, name: str, script: str) -> None:
        log = self.root.parent / "calls"
        program = self.bin / name
        program.write_text(f'#!/bin/sh\necho "{name} $*" >>{shlex.quote(str(log))}\n{script}\n')
        program.chmod(0o755)

    # ---- the PCI bus ----

    def function(
        self,
        addr: str,
        *,
        vendor: str = NVIDIA,
        device: str = "2335",
        kind: str = CARD_3D,
        driver: str | None = None,
        group: int | None = None,
        override: str = "(null)",
    ) -> None:
        """A function of the PCI bus, as sysfs shows it: links are relative."""
        folder = f"sys/bus/pci/devices/{addr}"
        self.file(f"{folder}/vendor", f"0x{vendor}\n")
        self.file(f"{folder}/device", f"0x{device}\n")
        self.file(f"{folder}/class", f"0x{kind}\n")
        self.file(f"{folder}/driver_override", f"{override}\n")
        if driver:
            self.driver(driver)
            self.link(f"{folder}/driver", f"../../../../bus/pci/drivers/{driver}")
        if group is not None:
            self.link(f"{folder}/iommu_group", f"../../../../kernel/iommu_groups/{group}")
            self.link(f"sys/kernel/iommu_groups/{group}/devices/{addr}", f"../../../../bus/pci/devices/{addr}")

    def driver(self, name: str) -> None:
        self.folder(f"sys/bus/pci/drivers/{name}")

    # ---- a host ----

    def host(
        self,
        *,
        table: str | None = "DMAR",
        cmdline: str = "BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet",
        groups: int = 3,
        vfio: bool = True,
        rule: str | None = GOOD_RULE,
        conf: str | None = GOOD_CONF,
    ) -> None:
        """A KVM host, ready for passing through, without a GPU."""
        self.file("proc/cmdline", f"{cmdline}\n")
        self.folder("sys/firmware/acpi/tables")
        self.file("sys/firmware/acpi/tables/FACP")
        if table:
            self.file(f"sys/firmware/acpi/tables/{table}")
        for number in range(groups):
            self.folder(f"sys/kernel/iommu_groups/{number}/devices")
        if groups:
            self.folder("sys/class/iommu/" + {"IVRS": "ivhd0"}.get(table or "", "dmar0"))
        if vfio:
            self.driver("vfio-pci")
        if rule is not None:
            self.file("etc/udev/rules.d/99-vfio.rules", rule)
        if conf is not None:
            self.file(NODE_CONF, conf)
        self.file("dev/kvm")
        self.file("proc/cpuinfo", f"processor\t: 0\nflags\t\t: fpu vme {'svm' if table == 'IVRS' else 'vmx'} ept\n")
        self.libvirt()

    def libvirt(self, user: int = 0, limit: str = "8388608") -> None:
        """A running libvirt."""
        self.file("proc/901/comm", "libvirtd\n")
        self.file("proc/901/status", f"Name:\tlibvirtd\nUid:\t{user}\t{user}\t{user}\t{user}\n")
        row = "Max locked memory         65536                {:<20} bytes     \n"
        self.file("proc/901/limits", f"Limit   Soft Limit   Hard Limit   Units\n{row.format(limit)}")

    def huge_pages(self, size: int, total: str, free: str) -> None:
        """Huge pages of a size in kB."""
        folder = f"sys/kernel/mm/hugepages/hugepages-{size}kB"
        self.file(f"{folder}/nr_hugepages", f"{total}\n")
        self.file(f"{folder}/free_hugepages", f"{free}\n")

    def windows(self, addr: str, *windows: tuple[int, int, int], sizes: str | None = None) -> None:
        """The windows to the memory of a card, each with start, size and flags, for BAR 0, 1 and so on.

        Args:
            addr: The card.
            windows: The windows; the others have no size.
            sizes: Which sizes the second could have.
        """
        rows = [(start, start + size - 1 if size else 0, flags) for start, size, flags in windows]
        rows += [(0, 0, 0)] * (13 - len(rows))
        text = "".join(f"0x{start:016x} 0x{end:016x} 0x{flags:016x}\n" for start, end, flags in rows)
        self.file(f"sys/bus/pci/devices/{addr}/resource", text)
        if sizes is not None:
            self.file(f"sys/bus/pci/devices/{addr}/resource1_resize", f"{sizes}\n")

    def passed_through(self, addr: str, *, group: int = 12, audio: bool = True, mode: int = 0o666) -> None:
        """A GPU that is ready to be handed to a virtual machine."""
        self.function(addr, kind=GPU, device="2204", driver="vfio-pci", group=group, override="vfio-pci")
        if audio:
            self.function(f"{addr[:-1]}1", kind=AUDIO, device="1aef", driver="vfio-pci", group=group)
        self.file(f"dev/vfio/{group}", "", mode)

    # ---- a virtual machine ----

    def vm(self, version: str | None = "580.159.04", gpus: int = 1, driver: str | None = "nvidia") -> None:
        """A virtual machine with GPUs and a driver for them."""
        for number in range(gpus):
            self.function(f"0000:0{number + 1}:00.0", driver=driver)
        self.folder(f"lib/modules/{RELEASE}")
        if version:
            self.file("proc/driver/nvidia/version", VERSION_FILE.format(version=version))
            self.file("sys/module/nvidia/version", f"{version}\n")
            for name in ("nvidiactl", "nvidia-uvm", *(f"nvidia{number}" for number in range(gpus))):
                self.file(f"dev/{name}")

    def smi(
        self,
        gpus: Sequence[dict[str, str]] = ({},),
        cuda: str = "CUDA Version: 13.0 ",
        instances: Sequence[int] = (),
        unknown: str = "-",
        details: Sequence[str] = (),
    ) -> None:
        """nvidia-smi with a working driver.

        Args:
            gpus: What differs from an H200 with everything on, for each GPU.
            cuda: What the head of the table says.
            instances: How many MIG instances each GPU has.
            unknown: A field that the driver is too old to know.
            details: What the long report says of each GPU; nothing of fabrics and licences if it is not given.
        """
        cases, listed, report = "", "", "echo; echo ==============NVSMI LOG==============\n"
        for index, given in enumerate(gpus):
            uuid = f"GPU-2f31e691-0000-0000-0000-{index:012d}"
            row = {
                "index": str(index),
                "uuid": uuid,
                "name": "NVIDIA H200",
                "memory.total": "143771",
                "driver_version": "580.159.04",
                "mig.mode.current": "Disabled",
                "persistence_mode": "Enabled",
                "compute_cap": "9.0",
                **given,
            }
            for field, value in row.items():
                if field != unknown:
                    cases += f"{index}:{field}) value={shlex.quote(value)} ;;\n"
            listed += f"echo 'GPU {index}: {row['name']} (UUID: {uuid})'\n"
            text = f"GPU 00000000:0{index + 1}:00.0\n    Product Name    : {row['name']}\n"
            text += details[index] if index < len(details) else fabric("N/A", "N/A") + licence("N/A")
            report += f"printf %s {shlex.quote(text)}\n"
            for number in range(instances[index] if index < len(instances) else 0):
                listed += f"echo '  MIG 1g.18gb     Device  {number}: (UUID: MIG-41b3-{index}-{number})'\n"
        self.program(
            "nvidia-smi",
            f"""\
case "$*" in
  --query-gpu=*--format=csv,noheader,nounits)
    fields=${{1#*=}}
    for index in {" ".join(map(str, range(len(gpus))))}; do
      row=
      for field in $(printf %s "$fields" | tr , ' '); do
        case $index:$field in
{cases}
          *) echo "Field \\"$field\\" is not a valid field to query."; exit 2 ;;
        esac
        row="$row${{row:+, }}$value"
      done
      printf '%s\\n' "$row"
    done ;;
  -L) {listed or ":"} ;;
  -q) {report} ;;
  "")
    echo "| NVIDIA-SMI 580.159.04   Driver Version: 580.159.04   {cuda}|" ;;
  *) echo "Invalid combination of input arguments."; exit 255 ;;
esac""",
        )

    def cuda(self, answer: str = "cuda 0 1 0", code: int = 0) -> None:
        """CUDA's library, and a python3 that answers instead of it.

        Args:
            answer: What it prints; on standard error where it fails.
            code: How it ends.
        """
        self.file("usr/lib/x86_64-linux-gnu/libcuda.so.1")
        self.program("python3", f"echo {shlex.quote(answer)}{' >&2' if code else ''}; exit {code}")

    def fabric_manager(self, version: str = "580.159.04", *, runs: bool = True, switches: int = 4) -> None:
        """NVSwitches, and Fabric Manager for them."""
        for number in range(switches):
            self.function(f"0000:a{number}:00.0", device="22a3", kind=NVSWITCH, driver="nvidia-nvswitch")
        self.program("nv-fabricmanager", f"echo; echo 'Fabric Manager version is : {version}'")
        if runs:
            self.file("proc/812/comm", "nv-fabricmanage\n")

    def docker(
        self,
        version: str = "28.5.2",
        images: Iterable[str] = ("flwr/supernode:1.25.0-py3.13-ubuntu24.04",),
        run: str = "echo 'GPU 0: NVIDIA H200 (UUID: GPU-2f31e691)'",
        environment: str = "PATH=/usr/bin",
        downloads: str = "",
    ) -> None:
        """Docker with some images.

        Args:
            version: The engine's version.
            images: The images on the machine.
            run: What a container with a GPU does.
            environment: What an image sets.
            downloads: An image that can be downloaded.
        """
        there = "|".join(map(shlex.quote, images)) or "''"
        self.program(
            "docker",
            f"""\
case "$1 $2" in
  "version --format") echo {version} ;;
  "image ls") printf '%s\\n' {" ".join(map(shlex.quote, images))} ;;
  "image inspect")
    for image; do :; done
    case $image in
      {there}) printf '%s\\n' {environment} ;;
      *) echo "Error: No such image: $image" >&2; exit 1 ;;
    esac ;;
  "run --rm")
    pull=missing
    while [ "$1" != -- ]; do [ "$1" = --pull ] && pull=$2; shift; done
    case $2 in
      {there}) ;;
      *)
        if [ "$pull" = never ]; then
          echo "docker: Error response from daemon: No such image: $2" >&2; exit 125
        elif [ "$2" != {shlex.quote(downloads)} ]; then
          echo "docker: Error response from daemon: manifest for $2 not found: manifest unknown" >&2; exit 125
        fi ;;
    esac
    {run} ;;
  "rm -f") ;;
  *) echo "docker: unknown command" >&2; exit 1 ;;
esac""",
        )

    def toolkit(self, *programs: str, specification: str | None = None, daemon: str | None = None) -> None:
        """What the Container Toolkit brings."""
        for program in programs:
            self.file(f"usr/bin/{program}", "#!/bin/sh\n", 0o755)
        if specification:
            self.file(specification, SPECIFICATION)
        if daemon is not None:
            self.file("etc/docker/daemon.json", daemon)

    def lock(self, *paths: str) -> None:
        """Take the permission to read away from folders and files; the machine is then looked at by nobody."""
        for path in paths:
            self.path(path).chmod(0)
        (self.root.parent / "locked").touch()

    @property
    def locked(self) -> bool:
        return (self.root.parent / "locked").exists() and os.geteuid() == 0


HOOK = "nvidia-container-runtime-hook"
CDI_HOOK = "nvidia-cdi-hook"
RUNTIME_JSON = '{"runtimes": {"nvidia": {"args": [], "path": "nvidia-container-runtime"}}}'
