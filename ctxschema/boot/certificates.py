"""The certificates of a machine: decoded, checked, generated where the declaration says so.

Nothing here ever puts a certificate or a key into a message.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping

from ctxschema.boot.docker import CERTIFICATE_FOLDER
from ctxschema.catalog.flower.limits import ALTERNATIVE_NAMES
from ctxschema.catalog.flower.tls import (
    FL_CERT_EXTRA_SAN,
    FL_SSL_CA_CERTFILE,
    FL_SSL_CERTFILE,
    FL_SSL_KEYFILE,
    FL_TLS_ENABLED,
)
from ctxschema.context.values import Values
from ctxschema.core import codes
from ctxschema.core.errors import FileError
from ctxschema.core.finding import Finding
from ctxschema.core.secret import Secret
from ctxschema.machine.system import Outcome, System
from ctxschema.model.pem import pem_text
from ctxschema.model.variable import Variable

CA_FILE, CERTIFICATE_FILE, KEY_FILE = "ca.crt", "server.crt", "server.key"

_FILES: tuple[tuple[str, Variable[str] | Variable[Secret]], ...] = (
    (CA_FILE, FL_SSL_CA_CERTFILE),
    (CERTIFICATE_FILE, FL_SSL_CERTFILE),
    (KEY_FILE, FL_SSL_KEYFILE),
)

_BLOCK = re.compile(r"(-----BEGIN ([A-Z ]+)-----\n[A-Za-z0-9+/=\n]+-----END \2-----)")
_DAYS = "3650"
_OPENSSL_SECONDS = 20.0


def certificate_paths() -> list[str]:
    """Return where certificates and key are written."""
    return [f"{CERTIFICATE_FOLDER}/{name}" for name, _ in _FILES]


def given_certificates(values: Values) -> dict[str, Secret]:
    """Return the PEM texts that the context gives, by the name of their file; none where TLS is off."""
    found: dict[str, Secret] = {}
    if values.get(FL_TLS_ENABLED) is not True:
        return found
    for name, variable in _FILES:
        value = values.get(variable)
        text = pem_text(value.reveal() if isinstance(value, Secret) else value) if value else None
        if text:
            found[name] = Secret(text)
    if CERTIFICATE_FILE in found:
        # Flower's SuperLink wants all three; a certificate that signed itself is its own authority.
        found.setdefault(CA_FILE, found[CERTIFICATE_FILE])
    return found


def certificate_findings(files: Mapping[str, Secret]) -> Iterator[Finding]:
    """Find certificates and keys that cannot be loaded, and a key that belongs to another certificate."""
    if not files:
        return
    import ssl

    variables = dict(_FILES)
    broken = False
    for name in (CA_FILE, CERTIFICATE_FILE):
        if name in files and not (name == CA_FILE and files[name] == files.get(CERTIFICATE_FILE)):
            try:
                ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=files[name].reveal())
            except (ssl.SSLError, ValueError):
                broken = True
                variable = variables[name].name
                yield codes.CERTIFICATE.at(f"the certificate in {variable} cannot be loaded", variable=variable)
    if broken or not {CERTIFICATE_FILE, KEY_FILE} <= files.keys():
        return
    certificate, key = FL_SSL_CERTFILE.name, FL_SSL_KEYFILE.name
    with _in_memory(files[CERTIFICATE_FILE]) as certificate_path, _in_memory(files[KEY_FILE]) as key_path:
        try:
            # A key with a passphrase would have OpenSSL ask for it at the terminal; an empty one is refused instead.
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate_path, key_path, password="")
        except ssl.SSLError as error:
            if error.reason == "KEY_VALUES_MISMATCH":
                message = f"the key in {key} does not belong to the certificate in {certificate}"
            else:
                message = f"the key in {key} cannot be loaded"
            yield codes.CERTIFICATE.at(message, variable=key)


@contextlib.contextmanager
def _in_memory(secret: Secret) -> Iterator[str]:
    """Give a secret a path that leads to memory, for a library that reads files only."""
    descriptor = os.memfd_create("pem")
    try:
        os.write(descriptor, secret.reveal().encode())
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


def generated_certificates(system: System, values: Values, host: str | None) -> dict[str, Secret]:
    """Return a certificate that signed itself and its key: those of an earlier boot, or new ones.

    They are kept over boots, because the SuperNodes hold the certificate as their authority.

    Args:
        system: The machine.
        values: The values of a SuperLink.
        host: The address of the machine, if it is known.

    Raises:
        FileError: openssl is not there or fails; the message has what it said.
    """
    paths = dict(zip((name for name, _ in _FILES), certificate_paths(), strict=True))
    if all(system.exists(path) for path in paths.values()):
        kept = {name: Secret((system.read(path) or "") + "\n") for name, path in paths.items()}
        if not list(certificate_findings(kept)):
            return kept
    alternatives = ["DNS:localhost", "DNS:flower-superlink", "IP:127.0.0.1"]
    if host and ALTERNATIVE_NAMES.problem(f"IP:{host}") is None:
        alternatives.append(f"IP:{host}")
    if values[FL_CERT_EXTRA_SAN]:
        alternatives += values[FL_CERT_EXTRA_SAN].split(",")
    return _openssl(system, ",".join(dict.fromkeys(alternatives)))


def _openssl(system: System, alternatives: str) -> dict[str, Secret]:
    """Have openssl print both: a key in a temporary file would stay behind if we were killed."""
    outcome = system.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", _DAYS, "-subj", "/CN=flower-superlink", "-addext", f"subjectAltName={alternatives}"),
            *("-keyout", "-"),
        ],
        _OPENSSL_SECONDS,
    )
    if outcome.missing:
        raise FileError("openssl is not there, which generates the SuperLink's certificate; install it, or give one")
    made = {kind: f"{text}\n" for text, kind in _BLOCK.findall(outcome.answer)}
    key = next((text for kind, text in made.items() if kind.endswith("PRIVATE KEY")), None)
    certificate = made.get("CERTIFICATE")
    if key is None or certificate is None:
        said = Outcome(outcome.code, outcome.output[len(outcome.answer) :]).said  # never what may be half a key
        ended = (
            f"did not answer within {_OPENSSL_SECONDS:g} seconds" if outcome.timed_out else f"ended with {outcome.code}"
        )
        raise FileError(f"openssl {ended} and generated nothing: {said}")
    return {CA_FILE: Secret(certificate), CERTIFICATE_FILE: Secret(certificate), KEY_FILE: Secret(key)}
