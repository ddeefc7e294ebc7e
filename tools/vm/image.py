"""Disks: Debian with Docker and the stand-in images once, and for each appliance one with its agent on top."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from attrs import frozen

from tools.vm.debian import as_root, need, program
from tools.vm.folders import BUILD, GUEST, TOOLS, contents, digest
from tools.vm.machine import Kernel, Machine
from tools.vm.roles import ROLES, Role
from tools.vm.standin import standin_images

SUITE = "bookworm"
PACKAGES = (
    *("systemd", "systemd-sysv", "udev", "kmod", "iproute2", "linux-image-cloud-amd64"),
    *("docker.io", "iptables", "openssl", "python3", "busybox-static"),
)
AGENT_PATH, UNIT_PATH = "/opt/ctxschema/agent.pyz", "/etc/systemd/system/ctxschema-agent.service"
"""Where the unit itself says that the two belong."""


@frozen
class Disk:
    """A disk that machines put an overlay on, and the kernel that boots it."""

    path: Path
    kernel: Kernel


def build(roles: tuple[Role, ...] = ROLES) -> dict[str, Disk]:
    """Return the disks of some appliances, by name; what has not changed is not made again."""
    need()
    BUILD.mkdir(parents=True, exist_ok=True)
    base = _with_images(_tree())
    return {role.name: _with_agent(base, role) for role in roles}


def _tree() -> Path:
    """Return Debian's packages, installed, as an archive."""
    target = BUILD / f"debian-{digest(SUITE, *PACKAGES)}.tar"
    if not target.exists():
        print(f"Installing Debian {SUITE} into {target.name} (once; some minutes) ...", flush=True)
        made = target.with_suffix(".part.tar")
        packages = f"--include={','.join(PACKAGES)}"
        command = [program("mmdebstrap"), "--quiet", "--variant=minbase", packages, SUITE, str(made)]
        subprocess.run(command, check=True)
        made.rename(target)
    return target


def _with_images(tree: Path) -> Disk:
    """Return the disk of a machine that has everything but an agent."""
    images = {role.image: (role.user, list(role.words)) for role in ROLES}
    told: tuple[bytes | str, ...] = (
        tree.name,
        json.dumps(images),
        *contents(GUEST.iterdir()),
        (TOOLS / "make-disk.sh").read_bytes(),
    )
    folder = BUILD / f"machine-{digest(*told, (TOOLS / 'standin.py').read_bytes())}"
    disk = Disk(folder / "disk.qcow2", Kernel(folder / "vmlinuz", folder / "initrd"))
    if disk.path.exists():
        return disk
    print(f"Making {folder.name} ...", flush=True)
    for old in BUILD.glob("machine-*"):
        shutil.rmtree(old)
    folder.mkdir()
    with tempfile.TemporaryDirectory() as work:
        archive = Path(work) / "images.tar"
        standin_images(archive, _busybox(tree), images)
        script = str(TOOLS / "make-disk.sh")
        subprocess.run(as_root(["sh", script, str(tree), str(archive), str(folder)]), check=True)
    raw = folder / "disk.raw"
    with Machine("images", Disk(raw, disk.kernel)) as machine:
        machine.start()
        machine.must("systemctl start docker && docker load -i /usr/share/vm/images.tar && rm /usr/share/vm/images.tar")
        machine.shut_down()
        machine.flatten(disk.path)
    raw.unlink()
    return disk


def _busybox(tree: Path) -> bytes:
    with tarfile.open(tree) as archive:
        member = archive.extractfile("./usr/bin/busybox")
        assert member is not None
        return member.read()


def _with_agent(base: Disk, role: Role) -> Disk:
    """Return the disk of an appliance: the machine, with the agent and its unit put where the unit says."""
    agent, unit = role.generated()
    path = BUILD / f"{role.name}-{digest(base.path.parent.name, agent, unit)}.qcow2"
    disk = Disk(path, base.kernel)
    if path.exists():
        return disk
    print(f"Making {path.name} ...", flush=True)
    for old in BUILD.glob(f"{role.name}-*.qcow2"):
        old.unlink()
    with Machine(role.name, base) as machine:
        machine.start(words="systemd.mask=docker.service systemd.mask=containerd.service")
        machine.put(AGENT_PATH, agent, 0o755)
        machine.put(UNIT_PATH, unit, 0o644)
        machine.must("systemctl enable ctxschema-agent")
        machine.shut_down()
        machine.keep(path)
    return disk
