"""Does the front-end list the GPUs? Host and cluster may narrow what pci.conf lets through, and a node does not see it.

Source: OpenNebula's page on PCI passthrough (Override Monitoring at Cluster or Host Level); the form of the output is
that of ``onehost show -x``.
"""

from __future__ import annotations

import re

from ctxschema.gpu.answers import NO_GPU
from ctxschema.gpu.machine import Found, Machine, UnreadableError
from ctxschema.gpu.pci import DEVICES, pci_bus
from ctxschema.gpu.values import ONE_ATTRIBUTES
from ctxschema.model.check import Answer, Check, Layer, Status

_AGAIN = "then `onehost forceupdate <host>`"

CHECK = Check(
    "opennebula-host",
    Layer.HOST,
    "Does the front-end list the GPUs for this host?",
    "the SHORT_ADDRESS of each PCI device in what onehost show -x prints on the front-end, handed over with --onehost; "
    f"{', '.join(ONE_ATTRIBUTES)} of the host and the cluster to say why not",
    "each GPU is in the list from which OpenNebula's scheduler takes",
    (
        Answer("listed", Status.PASS, "the front-end lists GPU {addr}"),
        Answer(
            "narrowed",
            Status.FAIL,
            "the front-end does not list GPU {addr}: {attribute} of the host or its cluster is {value}",
            "on the front-end let it through in {attribute} (`onehost update <host>`, `onecluster update <cluster>`), "
            + _AGAIN,
        ),
        Answer(
            "unlisted",
            Status.FAIL,
            "the front-end does not list GPU {addr}",
            "on the front-end see that pci.conf and PCI_FILTER of the cluster let it through, `onehost sync -f`, "
            + _AGAIN,
        ),
        Answer(
            "no-host",
            Status.WARN,
            "what --onehost was given is no output of onehost show -x",
            "on the front-end `onehost show -x <host> > host.xml`, and hand over that file",
        ),
        Answer(
            "not-asked",
            Status.SKIP,
            "a host does not see PCI_FILTER of itself and its cluster, which narrow what pci.conf lets through: hand "
            "over what onehost show -x prints on the front-end with --onehost",
        ),
        NO_GPU,
    ),
)

_DOMAIN = "0000:"
_VALUE = r"<{}>(?:<!\[CDATA\[)?([^\]<]*)"
_LISTED = re.compile(_VALUE.format("SHORT_ADDRESS"))


def probe(machine: Machine) -> Found:
    """Compare the GPUs on the PCI bus with those that the front-end lists for this host."""
    gpus = machine.cached(pci_bus).gpus
    text = None if machine.onehost is None else re.sub("[\0\r]", "", machine.onehost)
    if text is None:
        yield "not-asked", {}
    elif "<HOST>" not in text:
        yield "no-host", {}
    elif not gpus:
        yield "no-gpu", {}
    else:
        listed = set(_LISTED.findall(text))
        for gpu in gpus:
            yield _judged(machine, gpu.addr, text, listed)


def _judged(machine: Machine, addr: str, text: str, listed: set[str]) -> tuple[str, dict[str, str]]:
    names = {addr, addr.removeprefix(_DOMAIN)}
    if names & listed or (_functions(machine, addr) & listed):
        return "listed", {"addr": addr}
    for attribute in ONE_ATTRIBUTES:
        lines = "\n".join(re.findall(_VALUE.format(attribute), text)).split("\n")
        value = next(filter(str.strip, lines), None)
        if value is not None:
            return "narrowed", {"addr": addr, "attribute": attribute, "value": " ".join(value.split())}
    return "unlisted", {"addr": addr}


def _functions(machine: Machine, addr: str) -> set[str]:
    """Return the addresses of a GPU's virtual functions, which OpenNebula lists instead of the GPU."""
    try:
        links = [name for name in machine.names(f"{DEVICES}/{addr}") if name.startswith("virtfn")]
        functions = [machine.link(f"{DEVICES}/{addr}/{name}") for name in links]
    except UnreadableError:
        return set()
    return {name.removeprefix(_DOMAIN) for name in functions if name}
