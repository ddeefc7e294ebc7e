"""What Docker would refuse, or read otherwise than it is meant, found before it is started."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxschema.boot.container import planned_mounts, planned_ports, settings
from ctxschema.boot.known import Known
from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.secret import quoted
from ctxschema.model.container import Container
from ctxschema.model.placeholders import placeholders

_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\Z")
_PORT = re.compile(r"[0-9]{1,5}\Z")
_ODD_IN_MOUNT = re.compile(r"[:,\s\"]")

LONGEST_LINE = 60_000
"""What an env file's entry may have at most, in bytes: Docker's client fails at 64 KiB (facts/gpu.md, section 1)."""


def container_findings(known: Known, container: Container) -> Iterator[Finding]:
    """Yield what is wrong with the values that a container is made of, as Docker would see it."""
    yield from _mount_findings(known, container)
    for name, text in settings(known).items():
        entry = next(entry for entry in container.environment if entry.name == name)
        if len(text.splitlines()) > 1:
            yield _misplaced(entry.text, f"a line end, and {name} is one line of the env file", "write it on one line")
        elif len(text.encode("utf-8", "surrogateescape")) > LONGEST_LINE:
            yield _misplaced(entry.text, f"more than {LONGEST_LINE} bytes, too many for the env file", "shorten it")
    image = container.image
    for tag in dict.fromkeys((image.tag, image.gpu_tag or image.tag)):
        filled = known.text(tag)
        if filled is None or not _TAG.match(filled):
            yield _misplaced(tag, f"what no tag of an image can have: {quoted(filled or '')}", "write a tag")
            break
    for port, numbers in planned_ports(known, container):
        if not all(_PORT.match(number) and 0 < int(number) < 65536 for number in numbers):
            yield _misplaced(port.inside, "no number of a port", "write a number from 1 to 65535")


def _mount_findings(known: Known, container: Container) -> Iterator[Finding]:
    """Find folders of the machine that would be mounted over one another."""
    seen: dict[str, str] = {}
    for mount, folder, target in planned_mounts(known, container):
        for declared, text in ((mount.source, folder), (mount.target, target)):
            if _ODD_IN_MOUNT.search(text):
                yield _misplaced(declared, f"what no mount can have: {quoted(text)}", "write a plain path")
        inside = target.rstrip("/")
        if not inside.startswith("/"):
            yield _misplaced(mount.target, f"no path below the root of the container: {quoted(target)}", "write one")
        if inside in seen:
            yield codes.MOUNT.at(f"{folder} and {seen[inside]} would both be mounted at {inside}")
        seen[inside] = folder


def _misplaced(declared: str, what: str, repair: str) -> Finding:
    names = list(dict.fromkeys(placeholder.name for placeholder in placeholders(declared)))
    subject = " and ".join(names) or declared
    return codes.MISPLACED.at(f"{subject}: the value has {what}", variable=names[0] if names else None, repair=repair)
