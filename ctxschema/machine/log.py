"""One line for each step, to standard error and to the machine's syslog."""

from __future__ import annotations

import contextlib
import os
import sys

from attrs import frozen

from ctxschema.core.finding import Finding, Severity
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
    """

    system: System
    syslog: bool = True

    def line(self, text: str, severity: Severity | None = None) -> None:
        """Write one line; what no terminal should see is escaped."""
        plain = "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)
        if sys.stderr is not None:
            word = f"{severity.value}: " if severity else ""
            with contextlib.suppress(OSError, ValueError):  # closed by whoever started us
                sys.stderr.write(f"{NAME}: {word}{plain}\n")
                sys.stderr.flush()
        if self.syslog:
            self._send(plain, _PRIORITIES[severity])

    def finding(self, finding: Finding) -> None:
        """Write a finding in one line."""
        where = f"{finding.origin}: " if finding.position else ""
        repair = f" ({finding.repair})" if finding.repair else ""
        self.line(f"{where}{finding.code}: {finding.message}{repair}", finding.severity)

    def _send(self, text: str, priority: int) -> None:
        """Send a datagram without ever waiting: the C library's syslog waits for a journal that does not read."""
        import socket

        message = f"<{_DAEMON | priority}>{NAME}[{os.getpid()}]: {text[:_LONGEST]}"
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            sender.connect(self.system.real("/dev/log"))
            sender.send(message.encode("utf-8", "replace"))
