"""The programs that building and booting a machine takes, from Debian's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

PROGRAMS = {
    "qemu-system-x86_64": "qemu-system-x86",
    "qemu-img": "qemu-utils",
    "mmdebstrap": "mmdebstrap",
    "xorriso": "xorriso",
    "mkfs.ext4": "e2fsprogs",
}
"""Which package has each program."""

_FOLDERS = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def program(name: str) -> str:
    """Return the path of a program.

    Raises:
        SystemExit: It is not there.
    """
    path = shutil.which(name, path=_FOLDERS)
    if path is None:
        sys.exit(f"{name} is not there, which Debian's package {PROGRAMS.get(name, name)} has")
    return path


def as_root(arguments: list[str]) -> list[str]:
    """Return the arguments of a program that root has to run: as they are for root, through sudo for others."""
    return arguments if os.geteuid() == 0 else ["sudo", "-n", *arguments]


def need() -> None:
    """Install the packages whose programs are not there.

    Raises:
        SystemExit: They cannot be installed.
    """
    absent = sorted({package for name, package in PROGRAMS.items() if shutil.which(name, path=_FOLDERS) is None})
    if not absent:
        return
    print(f"Installing {', '.join(absent)} (once) ...", file=sys.stderr)
    install = "apt-get update -qq && apt-get install -qq -y --no-install-recommends " + " ".join(absent)
    command = as_root(["env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", install])
    try:
        installed = subprocess.run(command, check=False, stdout=sys.stderr).returncode == 0
    except FileNotFoundError:
        installed = False
    if not installed:
        sys.exit(
            f"A machine of ours needs {', '.join(absent)} of Debian: install them, or run this as root or with sudo."
        )
