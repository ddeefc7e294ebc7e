"""Does OpenNebula see the GPUs? Source: gpu.md, section 5, and OpenNebula's own probe, pci.rb."""

from __future__ import annotations

from ctxschema.catalog.checks.words import unreadable
from ctxschema.model.check import Answer, Check, Layer, Status

NODE_FILE = "/var/tmp/one/etc/im/kvm-probes.d/pci.conf"  # noqa: S108 - OpenNebula's place for it
"""What the probe of a KVM host reads: the copy that the front-end sends."""

FRONT_END_FILE = "/var/lib/one/remotes/etc/im/kvm-probes.d/pci.conf"
"""What people edit, on the front-end."""

_SYNC = "run `onehost sync -f`"
_WRITE = f"on the front-end write `:filter: '10de:*'` into {FRONT_END_FILE} and {_SYNC}"

OPENNEBULA_PCI = Check(
    "opennebula-pci",
    Layer.HOST,
    "Does OpenNebula let the NVIDIA GPUs through?",
    f"`:filter:`, `:short_address:` and `:device_name:` in {NODE_FILE}, or on the front-end in {FRONT_END_FILE}",
    "each GPU, or vendor 10de where there is none, passes all three as OpenNebula's probe reads them",
    (
        Answer("admitted", Status.PASS, "{path} lets them through (:filter: {filter})"),
        Answer(
            "refused",
            Status.FAIL,
            "{path} does not let {what} through (:filter: {filter})",
            _WRITE,
            "The GPU is bound on the host, and OpenNebula does not list it",
            "OpenNebula's PCI filter does not let vendor 10de through",
            ("No device with requested vendor", "PCI device not found", "Cannot find PCI device", "no available PCI"),
        ),
        Answer(
            "not-listed",
            Status.FAIL,
            "{path} does not let {what} through: :short_address: names others only",
            f"on the front-end add '{{short}}' to `:short_address:` in {FRONT_END_FILE}, or empty it, and {_SYNC}",
            "OpenNebula lists some of the GPUs only",
            "`:short_address:` in pci.conf leaves the others out",
        ),
        Answer(
            "by-name",
            Status.WARN,
            "{path} lets through only what matches :device_name: {patterns}",
            f"make sure that the GPU's name matches, or empty `:device_name:` in {FRONT_END_FILE} and {_SYNC}",
        ),
        Answer(
            "no-filter",
            Status.FAIL,
            "{path} has no :filter:, and without one OpenNebula lists no card",
            f"{_WRITE}; the key begins with a colon",
            "pci.conf has a filter, and OpenNebula lists no card",
            "the key is written `filter:` and not `:filter:`",
        ),
        Answer(
            "invalid",
            Status.FAIL,
            "{path}: {value} is read as no text without quotes, and OpenNebula lists no card",
            f"{_WRITE}, with the quotes",
            "OpenNebula's probe says: Invalid configuration",
            "pci.conf is no valid YAML, or a filter without quotes is read as a number",
            ("Invalid configuration", "did not find expected", "undefined method `split' for"),
        ),
        Answer(
            "not-synced",
            Status.WARN,
            f"{NODE_FILE} differs from the front-end's file",
            f"on the front-end {_SYNC}",
            "pci.conf was changed on the front-end, and nothing happens",
            "the copy on the host is the old one",
        ),
        Answer(
            "not-here",
            Status.WARN,
            "this host is not the front-end and has no copy of pci.conf, so the filter cannot be judged here",
            _WRITE,
        ),
        unreadable(),
    ),
)
