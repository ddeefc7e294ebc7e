"""The certificates of a machine: which are taken, which are made, which are kept, and what is said of the others."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from ctxschema import Appliance
from ctxschema.boot.certificates import certificate_files, certificate_findings, certificates, given_certificates
from ctxschema.boot.known import Known
from ctxschema.context.values import Values
from ctxschema.core.errors import FileError
from ctxschema.core.secret import Secret
from ctxschema.machine.system import Outcome, System
from ctxschema.model.conditions import Is
from ctxschema.model.container import Certificates
from ctxschema.model.kinds import BOOLEAN, SECRET_TEXT64, TEXT, TEXT64
from ctxschema.model.variable import Variable
from tests.pem import CERTIFICATE, PRIVATE_KEY

TLS = Variable("OWN_TLS", BOOLEAN, label="TLS", default=True)
AUTHORITY = Variable("OWN_CA", TEXT64, label="Authority", default="")
CERT = Variable("OWN_CERT", TEXT64, label="Certificate", default="")
KEY = Variable("OWN_KEY", SECRET_TEXT64, label="Key", default=Secret(""))
NAMES = Variable("OWN_NAMES", TEXT, label="Names", default="")
OWN = Appliance("own", "Own", "One.", (TLS, AUTHORITY, CERT, KEY, NAMES), prefixes=("OWN_",))
FOLDER = "/certs"
DECLARED = Certificates(FOLDER, AUTHORITY, CERT, KEY, Is(TLS, True), "app", ("DNS:own,IP:{address}", "{OWN_NAMES}"))
ISSUED = """\
-----BEGIN CERTIFICATE-----
MIIBeTCCAR+gAwIBAgIUUqZ8tXj7as/yyNa4YlS+Q+F7k1AwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJYXV0aG9yaXR5MCAXDTI2MTEyNTE5MDYzN1oYDzIxMjYxMTAx
MTkwNjM3WjAOMQwwCgYDVQQDDANhcHAwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AASN7iUP+YJX55VwVjHraLNn/AjD9g6jCUehQ+qaQ/gtGrxqwVL0exT6beB4e0Ug
SvUrPpNE0c8fKymePm0crlkso1MwUTAdBgNVHQ4EFgQUiQxzosvH9gpYhS1EAFkN
UKSOQwwwHwYDVR0jBBgwFoAUa3sWNomsOS1hsEboTqOjQADwJ4EwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAgjdhckjW4thjEsJ3Hao8EjG1ZvjJj
ru/DTD3pJ8J0pgIhAOlhdT7HzWBE8PbpzVStDKytDb8YMdR6FgOsD8r87If7
-----END CERTIFICATE-----
"""
"""For app, by somebody who is called authority."""
ITS_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgG7d5ft9Ulv0DjXY2
Ib8RzHa6JBcp9SU70N32w9fZ9U+hRANCAASN7iUP+YJX55VwVjHraLNn/AjD9g6j
CUehQ+qaQ/gtGrxqwVL0exT6beB4e0UgSvUrPpNE0c8fKymePm0crlks
-----END PRIVATE KEY-----
"""
BROKEN = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


def known(given: Mapping[str, str] = MappingProxyType({}), *, tls: bool = True, address: str = "") -> Known:
    texts: dict[str, Any] = {"OWN_TLS": tls, "OWN_CA": "", "OWN_CERT": "", "OWN_NAMES": "", **given}
    texts["OWN_KEY"] = Secret(given.get("OWN_KEY", ""))
    return Known(OWN, Values(texts, {}), {"address": address} if address else {})


def texts(found: dict[str, Secret]) -> dict[str, str]:
    return {name: text.reveal() for name, text in found.items()}


def problems(files: dict[str, str], declared: Certificates = DECLARED) -> list[tuple[str | None, str]]:
    found = certificate_findings(declared, {name: Secret(text) for name, text in files.items()})
    return [(each.variable, each.message) for each in found]


# ---- given ------------------------------------------------------------------------------------------


def test_which_files_a_machine_may_have() -> None:
    assert certificate_files(DECLARED) == ("ca.crt", "server.crt", "server.key")
    assert certificate_files(Certificates(FOLDER, AUTHORITY)) == ("ca.crt",)


def test_what_the_context_gives_is_taken() -> None:
    given = {"OWN_CERT": CERTIFICATE, "OWN_KEY": PRIVATE_KEY}
    whole = {"ca.crt": CERTIFICATE, "server.crt": CERTIFICATE, "server.key": PRIVATE_KEY}
    assert texts(given_certificates(known(given), DECLARED)) == whole
    assert texts(given_certificates(known({**given, "OWN_CA": ISSUED}), DECLARED)) == {**whole, "ca.crt": ISSUED}
    assert texts(given_certificates(known({"OWN_CA": ISSUED}), DECLARED)) == {"ca.crt": ISSUED}
    assert given_certificates(known(given, tls=False), DECLARED) == {}
    assert given_certificates(known({"OWN_CA": "no PEM"}), DECLARED) == {}


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, []),
        ({"ca.crt": CERTIFICATE, "server.crt": CERTIFICATE, "server.key": PRIVATE_KEY}, []),
        ({"server.crt": ISSUED, "server.key": ITS_KEY}, []),
        ({"ca.crt": BROKEN}, [("OWN_CA", "the certificate in OWN_CA cannot be loaded")]),
        ({"server.crt": BROKEN}, [("OWN_CERT", "the certificate in OWN_CERT cannot be loaded")]),
        (
            {"ca.crt": BROKEN, "server.crt": BROKEN, "server.key": PRIVATE_KEY},
            [("OWN_CERT", "the certificate in OWN_CERT cannot be loaded")],
        ),
        (
            {"ca.crt": BROKEN, "server.crt": CERTIFICATE, "server.key": ITS_KEY},
            [("OWN_CA", "the certificate in OWN_CA cannot be loaded")],
        ),
        (
            {"ca.crt": BROKEN.replace("AAAA", "caf\u00e9"), "server.crt": CERTIFICATE},
            [("OWN_CA", "the certificate in OWN_CA cannot be loaded")],
        ),
        (
            {"server.crt": CERTIFICATE, "server.key": ITS_KEY},
            [("OWN_KEY", "the key in OWN_KEY does not belong to the certificate in OWN_CERT")],
        ),
        (
            {"server.crt": CERTIFICATE, "server.key": PRIVATE_KEY.replace("MIGH", "MIGG")},
            [("OWN_KEY", "the key in OWN_KEY cannot be loaded")],
        ),
        ({"ca.crt": f"# caf\u00e9\n{CERTIFICATE}", "server.crt": CERTIFICATE}, []),
        ({"server.key": "no key"}, []),
    ],
)
def test_what_is_said_of_certificates_and_keys(files: dict[str, str], found: list[tuple[str, str]]) -> None:
    assert problems(files) == found


def test_nobody_at_the_terminal_is_asked_for_the_passphrase_of_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    class Context(ssl.SSLContext):
        def load_cert_chain(self, *_paths: Any, password: Any = None) -> None:
            asked.append(password)

    monkeypatch.setattr("_ssl._SSLContext", Context)
    problems({"server.crt": CERTIFICATE, "server.key": PRIVATE_KEY})
    assert asked == [""]  # OpenSSL takes it for an answer, and a wrong one


# ---- made -------------------------------------------------------------------------------------------


def made(root: Path, at: Known | None = None, declared: Certificates = DECLARED) -> dict[str, str]:
    """Make certificates and write them as a boot does."""
    (root / "certs").mkdir(exist_ok=True)
    found = texts(certificates(System(str(root)), at or known(), declared))
    for name, text in found.items():
        (root / "certs" / name).write_text(text)
    return found


@pytest.fixture
def openssl(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], float]]:
    """What openssl was asked; it prints a certificate and a key."""
    asked: list[tuple[list[str], float]] = []

    def run(_system: System, arguments: list[str], seconds: float) -> Outcome:
        asked.append((arguments, seconds))
        answer = ITS_KEY + ISSUED
        return Outcome(0, f"{answer}-----\n", answer=answer)

    monkeypatch.setattr(System, "run", run)
    return asked


def test_openssl_is_asked_for_a_certificate_of_ten_years(tmp_path: Path, openssl: list[Any]) -> None:
    found = made(tmp_path, known({"OWN_NAMES": "DNS:a.b"}, address="10.0.0.4"))
    assert found == {"ca.crt": ISSUED, "server.crt": ISSUED, "server.key": ITS_KEY}
    assert openssl == [
        (
            [
                *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
                *("-days", "3650", "-subj", "/CN=app", "-keyout", "-"),
                *("-addext", "subjectAltName=DNS:own,IP:10.0.0.4,DNS:a.b"),
            ],
            20.0,
        )
    ]


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        ("DNS:a,IP:1.2.3.4", "DNS:a,IP:1.2.3.4"),
        ("IP:fe80::1,DNS:a", "IP:fe80::1,DNS:a"),
        ("IP:1.2.3,DNS:,a,email:x,DNS:a", "DNS:a"),
        ("DNS:a,DNS:b,DNS:a", "DNS:a,DNS:b"),
        ("IP:,IP:nonsense,DNS:", None),
        ("", None),
    ],
)
def test_names_that_openssl_would_refuse_are_left_out(
    tmp_path: Path, openssl: list[Any], names: str, taken: str | None
) -> None:
    made(tmp_path, known({"OWN_NAMES": names}))
    arguments = openssl[0][0]
    assert arguments[14:] == ([] if taken is None else ["-addext", f"subjectAltName={taken}"])


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        (
            Outcome(None, missing=True),
            "openssl is not there, which generates the certificate of app; install it, or give one",
        ),
        (
            Outcome(3, ITS_KEY + "no  such curve\n", answer=ITS_KEY),
            "openssl ended with 3 and generated nothing: no such curve",
        ),
        (Outcome(0, ISSUED, answer=ISSUED), "openssl ended with 0 and generated nothing: it printed nothing"),
        (
            Outcome(None, timed_out=True),
            "openssl did not answer within 20 seconds and generated nothing: it printed nothing",
        ),
    ],
)
def test_what_openssl_does_not_make_is_an_error_that_shows_no_key(
    outcome: Outcome, message: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(System, "run", lambda *_arguments: outcome)
    with pytest.raises(FileError) as raised:
        made(tmp_path)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("at", "declared"),
    [
        (known(tls=False), DECLARED),
        (known(), Certificates(FOLDER, AUTHORITY, CERT, KEY)),
        (known({"OWN_CERT": CERTIFICATE, "OWN_KEY": PRIVATE_KEY}), DECLARED),
    ],
    ids=["no TLS", "none is made", "one is given"],
)
def test_nothing_is_made_where_it_is_not_wanted(
    tmp_path: Path, openssl: list[Any], at: Known, declared: Certificates
) -> None:
    assert made(tmp_path, at, declared) == texts(given_certificates(at, declared))
    assert openssl == []


def test_what_was_made_is_kept_whatever_its_names_are_now(tmp_path: Path) -> None:
    long = Certificates(FOLDER, AUTHORITY, CERT, KEY, made_for="a" * 60)
    first = made(tmp_path, declared=long)
    assert made(tmp_path, known({"OWN_NAMES": "DNS:other"}), long) == first
    assert subprocess.run(
        ["openssl", "x509", "-noout", "-subject", "-issuer"], input=first["server.crt"], capture_output=True, text=True,
        check=True,
    ).stdout.count("a" * 60) == 2  # fmt: skip
    assert made(tmp_path) != first  # for another name


@pytest.mark.parametrize(
    "changes",
    [
        {"server.crt": ISSUED, "ca.crt": ISSUED, "server.key": ITS_KEY},
        {"server.key": ITS_KEY},
        {"ca.crt": BROKEN},
        {"server.crt": "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n"},
        {"server.crt": ""},
    ],
    ids=["of an authority", "another key", "a broken authority", "no base64", "empty"],
)
def test_what_was_not_made_here_is_made_anew(tmp_path: Path, changes: dict[str, str]) -> None:
    first = made(tmp_path)
    for name, text in changes.items():
        (tmp_path / "certs" / name).write_text(text)
    again = made(tmp_path)
    assert again["server.crt"] not in {first["server.crt"], *changes.values()}
    assert again["ca.crt"] == again["server.crt"]
    assert problems(again) == []


def test_with_other_text_beside_it_a_certificate_was_not_made_here(tmp_path: Path) -> None:
    first = made(tmp_path)
    for name in ("server.crt", "ca.crt"):
        (tmp_path / "certs" / name).write_text("????\n" + first["server.crt"])
    assert first["server.crt"] not in made(tmp_path)["server.crt"]


@pytest.mark.parametrize("missing", ["ca.crt", "server.crt", "server.key"])
def test_what_is_not_there_as_a_whole_is_made_anew(tmp_path: Path, missing: str) -> None:
    first = made(tmp_path)
    (tmp_path / "certs" / missing).unlink()
    assert made(tmp_path)["server.key"] != first["server.key"]
