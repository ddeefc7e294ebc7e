"""The certificates of a machine: taken from the context and checked, or generated if the declaration says so.

No message contains any part of a certificate or a key.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping

from ctxschema.boot.known import Known
from ctxschema.core import codes
from ctxschema.core.errors import FileError
from ctxschema.core.finding import Finding
from ctxschema.core.secret import Secret
from ctxschema.machine.system import Outcome, System
from ctxschema.model.container import CA_FILE, CERTIFICATE_FILE, KEY_FILE, Certificates
from ctxschema.model.pem import pem_text
from ctxschema.model.variable import Variable

_BLOCK = re.compile(r"(-----BEGIN ([A-Z ]+)-----\n[A-Za-z0-9+/=\n]+-----END \2-----)")
_DAYS = "3650"
_OPENSSL_SECONDS = 20.0


def _variables(declared: Certificates) -> dict[str, Variable[str] | Variable[Secret]]:
    """Return the variable that holds each file's text, by the name of the file."""
    variables = {CA_FILE: declared.authority, CERTIFICATE_FILE: declared.certificate, KEY_FILE: declared.key}
    return {name: variable for name, variable in variables.items() if variable is not None}


def certificate_files(declared: Certificates) -> tuple[str, ...]:
    """Return the names of the files that a machine may have."""
    return tuple(_variables(declared))


def given_certificates(known: Known, declared: Certificates) -> dict[str, Secret]:
    """Return the PEM texts that the context gives, by file name; none if certificates are not used."""
    found: dict[str, Secret] = {}
    if not known.holds(declared.when):
        return found
    for name, variable in _variables(declared).items():
        value = known.values.get(variable)
        text = pem_text(value.reveal() if isinstance(value, Secret) else value) if value else None
        if text:
            found[name] = Secret(text)
    if CERTIFICATE_FILE in found:
        # Programs such as Flower's SuperLink need all three files; a self-signed certificate is its own authority.
        found.setdefault(CA_FILE, found[CERTIFICATE_FILE])
    return found


def certificate_findings(declared: Certificates, files: Mapping[str, Secret]) -> Iterator[Finding]:
    """Find certificates and keys that cannot be loaded, and a key that does not match its certificate."""
    if not files:
        return
    try:
        # What `ssl` adds is for connections, and takes three times as long to import.
        from _ssl import PROTOCOL_TLS_CLIENT, PROTOCOL_TLS_SERVER, SSLError
        from _ssl import _SSLContext as SSLContext
    except ImportError:
        from ssl import PROTOCOL_TLS_CLIENT, PROTOCOL_TLS_SERVER, SSLContext, SSLError

    variables = _variables(declared)
    broken = False
    for name in (CA_FILE, CERTIFICATE_FILE):
        if name in files and not (name == CA_FILE and files[name] == files.get(CERTIFICATE_FILE)):
            try:
                # Text beside a certificate may have any letters, and this function takes ASCII only.
                text = files[name].reveal().encode("ascii", "replace").decode()
                SSLContext(PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=text)
            except (SSLError, ValueError):
                broken = True
                variable = variables[name].name
                yield codes.CERTIFICATE.at(f"the certificate in {variable} cannot be loaded", variable=variable)
    if broken or not {CERTIFICATE_FILE, KEY_FILE} <= files.keys():
        return
    certificate, key = variables[CERTIFICATE_FILE].name, variables[KEY_FILE].name
    with _in_memory(files[CERTIFICATE_FILE]) as certificate_path, _in_memory(files[KEY_FILE]) as key_path:
        try:
            # For a key with a passphrase OpenSSL would ask at the terminal; with an empty password it fails instead.
            SSLContext(PROTOCOL_TLS_SERVER).load_cert_chain(certificate_path, key_path, password="")
        except SSLError as error:
            if error.reason == "KEY_VALUES_MISMATCH":
                message = f"the key in {key} does not belong to the certificate in {certificate}"
            else:
                message = f"the key in {key} cannot be loaded"
            yield codes.CERTIFICATE.at(message, variable=key)


@contextlib.contextmanager
def _in_memory(secret: Secret) -> Iterator[str]:
    """Yield the path of an in-memory file with the text, for a library that only reads files."""
    descriptor = os.memfd_create("pem")
    try:
        os.write(descriptor, secret.reveal().encode())
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


def certificates(system: System, known: Known, declared: Certificates) -> dict[str, Secret]:
    """Return the certificates of a machine by file name: those of the context, or generated ones.

    Raises:
        FileError: They cannot be generated; the message contains what openssl printed.
    """
    given = given_certificates(known, declared)
    if CERTIFICATE_FILE in given or not declared.made_for or not known.holds(declared.when):
        return given
    return _made_certificates(system, known, declared)


def _made_certificates(system: System, known: Known, declared: Certificates) -> dict[str, Secret]:
    """Return a self-signed certificate and its key: those of an earlier boot, or new ones.

    They are reused, because other machines hold the certificate as their authority. One that an earlier context gave is
    not: it was withdrawn.
    """
    paths = {name: f"{declared.folder}/{name}" for name in (CA_FILE, CERTIFICATE_FILE, KEY_FILE)}
    if all(system.exists(path) for path in paths.values()):
        stored = {name: Secret((system.read(path) or "") + "\n") for name, path in paths.items()}
        if _made_for(stored[CERTIFICATE_FILE], declared.made_for) and not list(certificate_findings(declared, stored)):
            return stored
    texts = (known.text(name) for name in declared.names)
    names = [name for text in texts if text for name in text.split(",") if _is_name(name)]
    return _openssl(system, declared.made_for, ",".join(dict.fromkeys(names)))


def _made_for(certificate: Secret, name: str) -> bool:
    """Say whether a certificate names somebody as its issuer and as its subject, as one that is made here does."""
    import base64
    import binascii

    body = "".join(line for line in certificate.reveal().splitlines() if not line.startswith("-"))
    try:
        data = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return False
    # The DER of commonName (2.5.4.3) and of a UTF8String, which is what openssl makes of -subj.
    return data.count(b"\x06\x03\x55\x04\x03\x0c" + bytes([len(name)]) + name.encode()) > 1


def _is_name(name: str) -> bool:
    """Say whether openssl accepts an alternative name; it would refuse the whole certificate for one it does not."""
    import ipaddress

    kind, _, text = name.partition(":")
    if kind != "IP":
        return kind == "DNS" and bool(text)
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _openssl(system: System, made_for: str, names: str) -> dict[str, Secret]:
    """Have openssl print certificate and key; a key in a temporary file would outlive an agent that is killed."""
    outcome = system.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", _DAYS, "-subj", f"/CN={made_for}", "-keyout", "-"),
            *(("-addext", f"subjectAltName={names}") if names else ()),  # an empty extension is refused
        ],
        _OPENSSL_SECONDS,
    )
    if outcome.missing:
        raise FileError(f"openssl is not there, which generates the certificate of {made_for}; install it, or give one")
    made = {kind: f"{text}\n" for text, kind in _BLOCK.findall(outcome.answer)}
    key = next((text for kind, text in made.items() if kind.endswith("PRIVATE KEY")), None)
    certificate = made.get("CERTIFICATE")
    if key is None or certificate is None:
        said = Outcome(None, outcome.output[len(outcome.answer) :]).said  # without stdout, which may hold a key
        ended = (
            f"did not answer within {_OPENSSL_SECONDS:g} seconds" if outcome.timed_out else f"ended with {outcome.code}"
        )
        raise FileError(f"openssl {ended} and generated nothing: {said}")
    return {CA_FILE: Secret(certificate), CERTIFICATE_FILE: Secret(certificate), KEY_FILE: Secret(key)}
