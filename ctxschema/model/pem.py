"""Certificates and keys in PEM, as they arrive through a text64 variable.

The command line encodes what is typed in base64, Sunstone sends it unchanged, and people encode it beforehand because
the label says base64. So the text may arrive plain, encoded once, or encoded twice (docs/facts/opennebula.md,
section 1.7).
"""

from __future__ import annotations

import binascii  # base64 would import struct as well
import re
from typing import Any

from attrs import frozen

from ctxschema.core.secret import Secret
from ctxschema.model.limits import Limit

LONGEST = 1024 * 1024
"""The greatest number of characters of a certificate chain; a longer one is refused."""

_SPACE = re.compile(r"\s+")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_BLOCK = re.compile(r"-----BEGIN (?P<label>[A-Z0-9 ]+)-----(?P<body>[A-Za-z0-9+/=\s]*)-----END (?P=label)-----")
_DER_SEQUENCE = 0x30


def pem_text(value: str) -> str | None:
    """Return the PEM text that a value holds, plain or in base64, or None if it holds none."""
    text = value.strip()
    for _ in range(3):
        if "-----BEGIN " in text:
            return text + "\n"
        try:
            text = _decoded(text).decode("ascii").strip()
        except (ValueError, UnicodeDecodeError):
            return None
    return None


def _decoded(text: str) -> bytes:
    """Return what a text in base64 holds; blanks and line ends do not matter.

    Raises:
        ValueError: It is no base64.
    """
    packed = _SPACE.sub("", text)
    if len(packed) % 4 or not _BASE64.fullmatch(packed):  # Pythons differ in what padding they let pass
        raise ValueError
    return binascii.a2b_base64(packed)


def _labels(text: str) -> list[str]:
    """Return the label of every PEM block whose body is base64 of something that begins as DER does."""
    labels = []
    for block in _BLOCK.finditer(text):
        try:
            body = _decoded(block["body"])
        except ValueError:
            continue
        if body[:1] == bytes([_DER_SEQUENCE]):
            labels.append(block["label"])
    return labels


@frozen
class Pem(Limit):
    """A PEM text, plain or in base64, that contains a block with one of some labels.

    Args:
        description: What it is, in words.
        accepted: The labels of which one must occur, such as ``CERTIFICATE``.
    """

    description: str
    accepted: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"base64 of {self.description}"

    @property
    def example(self) -> str | None:
        return "what base64 -w0 FILE.pem prints"

    @property
    def counterexample(self) -> str | None:
        return "bm90IFBFTQ=="

    def problem(self, value: str | Secret) -> str | None:
        """Return what is wrong with a value, or None; no part of the value is quoted, since it may be a key."""
        encoded: Any = value.reveal() if isinstance(value, Secret) else value
        if len(encoded) > LONGEST:
            return f"has more than {LONGEST} characters"
        text = pem_text(encoded)
        if text is None:
            return f"is not {self.words}: it does not decode to PEM"
        if not set(_labels(text)) & set(self.accepted):
            return f"is not {self.words}: no complete block of that kind is in it"
        if "PRIVATE KEY-----" in text and not any("PRIVATE KEY" in label for label in self.accepted):
            return "holds a private key beside the certificate, where it would be shown"
        return None


CERTIFICATE = Pem("a PEM certificate", ("CERTIFICATE", "TRUSTED CERTIFICATE"))
PRIVATE_KEY = Pem("a PEM private key without a passphrase", ("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"))
