"""Findings about a planned container: what Docker would refuse, or understand differently from what is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ctxschema.boot.container import planned_mounts, settings
from ctxschema.boot.known import Known
from ctxschema.boot.ports import planned_ports, published_host
from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.secret import quoted
from ctxschema.model.conditions import Condition, Is
from ctxschema.model.container import Container, Port
from ctxschema.model.placeholders import FACTS, is_every_host, placeholders
from ctxschema.model.service import Discover

_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\Z")
_PORT = re.compile(r"[0-9]{1,5}\Z")
_ODD_IN_MOUNT = re.compile(r"[:,\s\"]")

LONGEST_LINE = 60_000
"""The greatest length of a line of an env file, in bytes; Docker's client fails at 64 KiB.

Source: docs/facts/gpu.md, section 1.
"""


def container_findings(known: Known, container: Container) -> Iterator[Finding]:
    """Yield the findings about the values that a container is made from."""
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
        elif port.exposed_when is not None and known.holds(port.exposed_when):
            host = published_host(known, port)
            if host is not None and is_every_host(host):
                yield _exposed(port, port.exposed_when, numbers[1])


def _mount_findings(known: Known, container: Container) -> Iterator[Finding]:
    """Find host folders that would be mounted over one another."""
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


def _exposed(port: Port, when: Condition, number: str) -> Finding:
    names = [each.name for each in placeholders(port.address) if each.name not in FACTS]
    name = names[0] if names else None
    subject = f"{name}: the" if name else "the"
    address = f"write an address of the machine in {name}" if name else "declare an address"
    empty = ", or leave it empty" if name and port.unless_given else ""
    return codes.EXPOSED.at(
        f"{subject} port {number} is published on every address of the machine, and {when.words}",
        variable=name,
        repair=f"{address}{empty}{_otherwise(when)}",
    )


def _otherwise(when: Condition | None) -> str:
    """Return an alternative repair that makes a condition false, to be appended to a repair; empty if it is long."""
    if not isinstance(when, Is) or not isinstance(when.value, bool):
        return ""
    return f", or set {when.variable.name} to {when.variable.text_of(not when.value)}"


def authority_findings(known: Known, container: Container) -> Iterator[Finding]:
    """Find a machine that checks certificates but neither has an authority to trust nor looks one up."""
    declared = container.certificates
    if declared is None or declared.certificate is not None or not known.holds(declared.when):
        return
    looked_up = [each for each in container.discovers if each.variable == declared.authority]
    if known.values.get(declared.authority) or any(known.holds(each.when) for each in looked_up):
        return
    name = declared.authority.name
    yield codes.NO_AUTHORITY.at(
        f"{name} is empty: certificates are checked against the authorities that the system knows",
        variable=name,
        repair=f"set {name}{_otherwise(declared.when)}",
    )


def mismatch_findings(known: Known, wanted: Discover, published: Mapping[str, str]) -> Iterator[Finding]:
    """Find published attributes of another machine of the service with which this machine does not work together."""
    when = wanted.mismatch_when
    clash = [f"{name}={text}" for name, text in wanted.mismatch.items() if published.get(name) == text]
    if clash and known.holds(when):
        yield codes.MISMATCH.at(
            f"the {wanted.role} says {' and '.join(clash)}{f', and here {when.words}' if when else ''}",
            variable=when.variables[0].name if when and when.variables else wanted.variable.name,
            repair=_otherwise(when).removeprefix(", or ") or codes.MISMATCH.repair,
        )


def _misplaced(declared: str, what: str, repair: str) -> Finding:
    names = list(dict.fromkeys(placeholder.name for placeholder in placeholders(declared)))
    subject = " and ".join(names) or declared
    return codes.MISPLACED.at(f"{subject}: the value has {what}", variable=names[0] if names else None, repair=repair)
