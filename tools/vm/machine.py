"""A machine in qemu: what it prints, what it is asked, and how it loses its power."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Protocol

from attrs import frozen

from tools.vm.debian import program
from tools.vm.folders import BUILD, digest

MEMORY = 1024
BOOT_SECONDS = 900.0
"""How long a machine may take until it can be asked something; an emulated processor is slow."""

KVM_SECONDS = 15.0
"""How long a kernel gets to print its first line with KVM."""


KERNEL_WORDS = (
    "console=ttyS0 root=/dev/vda quiet net.ifnames=0 panic=-1 mitigations=off init_on_alloc=0 lsm=yama audit=0 "
    "nowatchdog no_timer_check rcupdate.rcu_expedited=1 random.trust_cpu=on"
)
"""What an emulated processor would take long for is left out, and so is a check of the timer that a busy host fails."""


class StuckError(Exception):
    """A machine did not do in time what every machine does."""


@frozen
class Kernel:
    """What qemu starts: a kernel, and the archive of the first programs."""

    path: Path
    initrd: Path


class Bootable(Protocol):
    """A disk and its kernel."""

    @property
    def path(self) -> Path: ...

    @property
    def kernel(self) -> Kernel: ...


@frozen
class Answer:
    """What a command in the machine came to.

    Attributes:
        code: Its exit code; None if it did not end in time.
        output: What it printed.
    """

    code: int | None
    output: str


class Machine:
    """A machine with a disk of its own, which begins as a copy of another.

    Attributes:
        console: The file with what the machine prints on its serial port; a new one for each start.
    """

    def __init__(self, name: str, disk: Bootable, *, network: tuple[str, ...] = ()) -> None:
        self.name = name
        self.kernel = disk.kernel
        self.folder = Path(tempfile.mkdtemp(prefix="ctxschema-vm."))
        self.disk = self.folder / "disk.qcow2"
        self.cd = self.folder / "context.iso"
        self.console = self.folder / "console.log"
        self.network = network
        self.began = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._kept = b""
        self._number = 0
        kind = "raw" if disk.path.suffix == ".raw" else "qcow2"
        arguments = ["create", "-q", "-f", "qcow2", "-b", str(disk.path), "-F", kind, str(self.disk)]
        subprocess.run([program("qemu-img"), *arguments], check=True)

    def __enter__(self) -> Machine:  # noqa: PYI034 - Self is not in Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *, words: str = "") -> None:
        """Switch the machine on.

        Args:
            words: More for the kernel's command line.
        """
        self.cut()
        path = self.folder / "channel"
        path.unlink(missing_ok=True)
        self.console.write_bytes(b"")  # qemu may be killed before it has opened the file
        # The host's memory keeps what the machine has written, so that killing qemu loses what a machine loses whose
        # power fails: everything in its own memory, and of the disk what it has not flushed, for qemu keeps the tables
        # of a qcow2 file in its memory until then.
        drive = f"file={self.disk},if=virtio,format=qcow2,cache=writeback,discard=unmap"
        # It ends with us, however we end, and not by what the keyboard sends to all of a terminal's programs.
        command = [
            *("setpriv", "--pdeathsig", "KILL"),
            *(program("qemu-system-x86_64"), "-accel", accelerator(self.kernel), "-smp", "1", "-m", str(MEMORY)),
            *("-display", "none", "-no-reboot", "-nodefaults", "-serial", f"file:{self.console}"),
            *("-kernel", str(self.kernel.path), "-initrd", str(self.kernel.initrd)),
            *("-append", f"{KERNEL_WORDS} {words}"),
            *("-drive", drive, "-device", "virtio-rng-pci", "-device", "virtio-serial-pci"),
            *("-chardev", f"socket,id=channel,path={path},server=on,wait=off"),
            *("-device", "virtserialport,chardev=channel,name=vm-channel"),
            *self.network,
        ]
        if self.cd.exists():
            command += ["-drive", f"file={self.cd},if=virtio,format=raw,readonly=on"]
        self.began = time.monotonic()
        errors = self.folder / "qemu.log"
        with errors.open("wb") as stream:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, start_new_session=True
            )
        deadline = self.began + 10
        self._channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._kept = b""
        while True:
            try:
                return self._channel.connect(str(path))
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    said = errors.read_text(encoding="utf-8", errors="replace").strip()
                    raise StuckError(f"qemu does not start: {said}") from None
                time.sleep(0.02)

    def cut(self) -> None:
        """Cut the power."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def sleep_until(self, moment: float) -> None:
        """Wait until some seconds after the machine was switched on."""
        time.sleep(max(0.0, self.began + moment - time.monotonic()))

    def shut_down(self, how: str = "poweroff") -> None:
        """Shut the machine down as its owner does, and wait until it is off.

        Args:
            how: ``poweroff`` or ``reboot``; a machine that reboots is off, too, and has to be started again.

        Raises:
            StuckError: It does not end.
        """
        with contextlib.suppress(StuckError):  # it may be gone before it answers
            self.ask(f"systemctl {how} --no-block", 30)
        assert self._process is not None
        try:
            self._process.wait(BOOT_SECONDS)
        except subprocess.TimeoutExpired:
            raise StuckError(f"{self.name} does not shut down") from None
        self.cut()

    def ask(self, command: str, seconds: float = 60.0, data: bytes = b"") -> Answer:
        """Run a shell command in the machine, as root.

        Args:
            command: The command.
            seconds: How long it may take, once the machine is up.
            data: Its standard input.

        Raises:
            StuckError: The machine does not answer.
        """
        assert self._channel is not None
        self._number += 1
        asked = {"number": self._number, "run": command, "seconds": seconds, "input": base64.b64encode(data).decode()}
        deadline = max(self.began + BOOT_SECONDS, time.monotonic() + seconds + 30)
        try:
            self._channel.settimeout(BOOT_SECONDS)
            self._channel.sendall(json.dumps(asked).encode() + b"\n")
            while True:
                told = json.loads(self._line(deadline))
                if told["number"] == self._number:
                    return Answer(told["code"], base64.b64decode(told["output"]).decode(errors="replace"))
        except OSError as error:
            raise StuckError(f"{self.name} does not answer: {error}") from None

    def _line(self, deadline: float) -> bytes:
        assert self._channel is not None
        while b"\n" not in self._kept:
            self._channel.settimeout(max(0.1, deadline - time.monotonic()))
            piece = self._channel.recv(1 << 16)
            if not piece:
                raise StuckError(f"{self.name} has ended")
            self._kept += piece
        line, _, self._kept = self._kept.partition(b"\n")
        return line

    def must(self, command: str, seconds: float = 240.0, data: bytes = b"") -> str:
        """Run a command that has to succeed, and return what it printed.

        Raises:
            StuckError: It fails.
        """
        answer = self.ask(command, seconds, data)
        if answer.code != 0:
            raise StuckError(f"{command!r} ended with {answer.code}: {answer.output.strip()[-500:]}")
        return answer.output

    def put(self, path: str, data: bytes, mode: int) -> None:
        """Write a file of the machine."""
        folder = os.path.dirname(path)
        self.must(f"mkdir -p {folder} && cat > {path} && chmod {mode:o} {path}", data=data)

    def flatten(self, target: Path) -> None:
        """Keep the disk of a machine that is off as a file that depends on no other."""
        part = target.with_suffix(".part")
        subprocess.run([program("qemu-img"), "convert", "-O", "qcow2", str(self.disk), str(part)], check=True)
        part.rename(target)

    def keep(self, target: Path) -> None:
        """Keep the disk of a machine that is off, as an overlay."""
        shutil.move(str(self.disk), target)


def accelerator(kernel: Kernel) -> str:
    """Return how qemu runs the processor: by KVM where Debian's kernel starts with it, else emulated.

    That /dev/kvm is there is not enough: inside some virtual machines it only runs kernels that know of it.
    """
    kept = BUILD / f"accelerator-{digest(os.uname().release, *map(str, os.uname()[:2]))}"
    if kept.exists():
        return kept.read_text(encoding="utf-8")
    found = "kvm" if os.access("/dev/kvm", os.R_OK | os.W_OK) and _starts_with_kvm(kernel) else "tcg"
    kept.write_text(found, encoding="utf-8")
    return found


def _starts_with_kvm(kernel: Kernel) -> bool:
    command = [
        *(program("qemu-system-x86_64"), "-accel", "kvm", "-m", "256", "-nodefaults", "-display", "none"),
        *("-no-reboot", "-serial", "stdio", "-kernel", str(kernel.path)),
        *("-append", "console=ttyS0 earlyprintk=ttyS0 panic=-1"),
    ]
    try:
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=KVM_SECONDS, check=False)
        printed = ended.stdout
    except subprocess.TimeoutExpired as error:
        printed = error.stdout or b""
    return b"Linux version" in printed
