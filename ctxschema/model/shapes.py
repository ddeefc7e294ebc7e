"""Named limits that declarations share: addresses, releases, paths and the like.

A declaration in YAML refers to one by name, ``limits: {is: host-port}``; Python imports it from here.
"""

from __future__ import annotations

from collections.abc import Mapping

from ctxschema.model.limits import Between, Instead, Limit, Matches
from ctxschema.model.node_config import NODE_CONFIG

_LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
# A name whose last label has no letter would be a broken IPv4 address.
_LAST_LABEL = "([0-9_][0-9_-]{0,61})?[A-Za-z_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST_NAME = rf"({_LABEL}\.)*{_LAST_LABEL}"
_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = rf"{_OCTET}(\.{_OCTET}){{3}}"
_HEX = "[0-9A-Fa-f]{1,4}"
_LAST_32_BITS = rf"({_HEX}:{_HEX}|{_IPV4})"
# RFC 3986, section 3.2.2: one alternative for each place where the zeros can be left out.
_IPV6 = (
    "("
    + "|".join(
        (
            rf"({_HEX}:){{6}}{_LAST_32_BITS}",
            *(
                (rf"(({_HEX}:){{0,{before - 1}}}{_HEX})?" if before else "")
                + rf"::({_HEX}:){{{5 - before}}}{_LAST_32_BITS}"
                for before in range(6)
            ),
            rf"(({_HEX}:){{0,5}}{_HEX})?::{_HEX}",
            rf"(({_HEX}:){{0,6}}{_HEX})?::",
        )
    )
    + ")"
)
_PORT = "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
_PATH_SEGMENT = r"\.?[A-Za-z0-9_][A-Za-z0-9._-]*"

HOST = Matches(
    rf"({_IPV4}|{_HOST_NAME}|{_IPV6})",
    "a host name or an IP address",
    "db.example.org",
    "db example",
    longest=253,
)
HOST_PORT = Matches(
    rf"({_IPV4}|{_HOST_NAME}|\[{_IPV6}\]):{_PORT}",
    "host:port with a port from 1 to 65535",
    "192.168.100.10:9092",
    "192.168.100.10:70000",
    longest=300,
)
RELEASE = Matches(
    r"[0-9]{1,9}(\.[0-9]{1,9}){2}",
    "X.Y.Z, three integers with dots between them",
    "1.25.0",
    "1.25",
)
RELATIVE_PATH = Matches(
    rf"{_PATH_SEGMENT}(/{_PATH_SEGMENT})*",
    "a path without .. and without a slash in front",
    "state/state.db",
    "/var/lib/state.db",
)
ABSOLUTE_PATH = Matches(
    rf"(/{_PATH_SEGMENT})+/?",
    "an absolute path without .., blanks or colons",
    "/app/checkpoints",
    "checkpoints",
)
ALTERNATIVE_NAMES = Matches(
    rf"(IP:({_IPV4}|{_IPV6})|DNS:(\*\.)?{_HOST_NAME})(,(IP:({_IPV4}|{_IPV6})|DNS:(\*\.)?{_HOST_NAME}))*",
    "IP:address and DNS:name entries with commas between them",
    "IP:192.168.100.10,DNS:superlink.example.org",
    "192.168.100.10",
)
DEVICE_IDS = Matches(
    "[aA][lL][lL]|[0-9]{1,9}( *, *[0-9]{1,9})*",
    "all, or GPU numbers from 0 up with commas between them",
    "0,1",
    "GPU0",
    instead=(
        Instead(
            "(.*[, ])?MIG.*",
            "write all, or 0: where MIG is on, CUDA gives a program one instance, which is its device 0. Until then "
            "the node trains on its CPU",
        ),
        Instead(
            "(.*[, ])?GPU-.*",
            "write the number that `nvidia-smi -L` prints in front of this UUID, or all. Until then the node trains on "
            "its CPU",
        ),
    ),
)
PORT = Between(1, 65535)
POSITIVE = Between(low=1)
NOT_NEGATIVE = Between(low=0)

SHAPES: Mapping[str, Limit] = {
    "absolute-path": ABSOLUTE_PATH,
    "alternative-names": ALTERNATIVE_NAMES,
    "device-ids": DEVICE_IDS,
    "host": HOST,
    "host-port": HOST_PORT,
    "node-config": NODE_CONFIG,
    "relative-path": RELATIVE_PATH,
    "release": RELEASE,
}
"""The shared limits by the name that a declaration in YAML gives under ``is``."""
