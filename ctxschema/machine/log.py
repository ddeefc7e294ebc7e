"""One line for each step, to standard error and to the machine's syslog."""

from __future__ import annotations

import contextlib
import os
import sys

from attrs import field, frozen

from ctxschema.core.finding import Finding, Severity
from ctxschema.core.secret import starred
from ctxschema.core.streams import Patient
from ctxschema.machine.system import System

NAME = "ctxschema-agent"

_DAEMON = 3 << 3
_PRIORITIES = {Severity.ERROR: 3, Severity.WARNING: 4, Severity.INFO: 6, None: 6}
_LONGEST = 900


@frozen
class Log:
    """Where lines go. A log that cannot be written never holds up a boot.

    Args:
        system: The machine, whose ``/dev/log`` is the syslog.
        syslog: Whether lines go there, too.
        secrets: What is starred wherever it shows up; whoever learns of a secret adds it.
    """

    system: System
    syslog: bool = True
    secrets: set[str] = field(factory=set, repr=False)
    _errors: Patient = field(factory=Patient, repr=False)

    def line(self, text: str, severity: Severity | None = None) -> None:
        """Write one line; what no terminal should see is escaped."""
        plain = starred(text, self.secrets)
        plain = "".join(character if character.isprintable() else repr(character)[1:-1] for character in plain)
        if sys.stderr is not None:
            word = f"{severity.value}: " if severity else ""
            self._errors.write(sys.stderr, f"{NAME}: {word}{plain}\n")
        if self.syslog:
            self._send(plain, _PRIORITIES[severity])

    def finding(self, finding: Finding) -> None:
        """Write a finding in one line."""
        where = f"{finding.origin}: " if finding.position else ""
        repair = f" ({finding.repair})" if finding.repair else ""
        self.line(f"{where}{finding.code}: {finding.message}{repair}", finding.severity)

    def _send(self, text: str, priority: int) -> None:
        """Send a datagram without ever waiting: the C library's syslog waits for a journal that does not read."""
        message = f"<{_DAEMON | priority}>{NAME}[{os.getpid()}]: {text[:_LONGEST]}"
        with contextlib.suppress(OSError, ImportError, MemoryError):  # without memory nothing can be imported
            import socket

            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.setblocking(False)
                sender.connect(self.system.real("/dev/log"))
                sender.send(message.encode("utf-8", "replace"))
