"""Checks of what a shell script publishes through OneGate, and when. Source: docs/facts/opennebula.md, section 6.3."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.later import later
from ctxschema.core.source import SourceText

_LINE = r"(?:[^\n\\]|\\(?:.|\n))*"
_UPDATE = later(rf"^[^\n#]*?\b(?:onegate[ \t]+vm[ \t]+update|curl)\b{_LINE}", re.MULTILINE)
_READY = later(r"\b(?P<name>\w*READY)=YES")
_START = later(
    r"^[^\n#]*?\b(?:(?:docker|podman|nerdctl)[ \t]+(?:container[ \t]+)?(?:run|start)"
    r"|(?:docker|podman)[ \t-]+compose\b[^\n]*?[ \t]up)\b",
    re.MULTILINE,
)


def early_findings(source: SourceText) -> Iterator[Finding]:
    """Yield findings about what a script publishes before it starts a container, or what OneFlow takes for READY."""
    started = [match.start() for match in _START.finditer(source.text)]
    for update in _UPDATE.finditer(source.text):
        for ready in _READY.finditer(update.group()):
            if started and started[-1] >= update.end():
                at = update.start()
                message = (
                    f"{ready.group()} is published before the container is started, and counts as READY for OneFlow"
                )
                where = source.at(at + ready.start(), at + ready.end())
                yield codes.READY_EARLY.at(message, variable=ready["name"], position=where)
