"""The log of a boot: one line for each step, to standard error and to syslog."""

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
    """The log of a boot. A log that cannot be written never delays or stops it.

    Args:
        system: The machine; its ``/dev/log`` is used for syslog.
        syslog: Whether to write to syslog as well as to standard error.
        secrets: Texts that are replaced by stars in every line; code that reads a secret adds it here.
    """

    system: System
    syslog: bool = True
    secrets: set[str] = field(factory=set, repr=False)
    _errors: Patient = field(factory=Patient, repr=False)

    def line(self, text: str, severity: Severity | None = None) -> None:
        """Write one line, with control characters escaped."""
        plain = starred(text, tuple(self.secrets))  # a step that is at work may add one meanwhile
        plain = "".join(character if character.isprintable() else repr(character)[1:-1] for character in plain)
        if sys.stderr is not None:
            word = f"{severity.value}: " if severity else ""
            self._errors.write(sys.stderr, f"{NAME}: {word}{plain}\n")
        if self.syslog:
            self._send(plain, _PRIORITIES[severity])

    def finding(self, finding: Finding) -> None:
        """Write a finding as one line."""
        where = f"{finding.origin}: " if finding.position else ""
        repair = f" ({finding.repair})" if finding.repair else ""
        self.line(f"{where}{finding.code}: {finding.message}{repair}", finding.severity)

    def _send(self, text: str, priority: int) -> None:
        """Send a datagram without waiting; the C library's syslog would wait for a journal that does not read."""
        message = f"<{_DAEMON | priority}>{NAME}[{os.getpid()}]: {text[:_LONGEST]}"
        with contextlib.suppress(OSError, ImportError, MemoryError):  # importing may fail when memory is short
            import socket

            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.setblocking(False)
                sender.connect(self.system.real("/dev/log"))
                sender.send(message.encode("utf-8", "replace"))
