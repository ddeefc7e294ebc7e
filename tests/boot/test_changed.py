"""A machine that is told something else than at its last boot, and one whose power fails: nothing of before is left."""

import base64
import os
import shutil
import stat
from pathlib import Path

import pytest

from ctxschema import Appliance, Variable
from ctxschema.boot.engine import Engine
from ctxschema.core.errors import FileError
from ctxschema.core.secret import Secret
from ctxschema.generate import unit
from ctxschema.generate.options import Options
from ctxschema.machine.system import Outcome, System
from ctxschema.model.conditions import Is
from ctxschema.model.container import Container, EnvironmentEntry, Image, WrittenFile
from ctxschema.model.kinds import BOOLEAN, PASSWORD
from tests.machine import ADDRESS, LINK, NODE, Machine
from tests.pem import CERTIFICATE, PRIVATE_KEY

CERTS = "opt/flower/certs"
GIVEN = {
    "FL_SSL_CERTFILE": base64.b64encode(CERTIFICATE.encode()).decode(),
    "FL_SSL_KEYFILE": base64.b64encode(PRIVATE_KEY.encode()).decode(),
}
needs_openssl = pytest.mark.skipif(shutil.which("openssl", path="/usr/bin") is None, reason="openssl is not there")

DATABASE = Variable("APP_DATABASE", BOOLEAN, label="Database", default=False)
WORD = Variable("APP_PASSWORD", PASSWORD, label="Password", default=Secret(""))
WANTED = Is(DATABASE, True)
APP = Appliance(
    "app",
    "App",
    "An app with a database or without.",
    (DATABASE, WORD),
    prefixes=("APP_",),
    container=Container(
        Image("flwr/supernode", "1.25.0"),
        environment=(EnvironmentEntry("WORD", "{APP_PASSWORD}", WANTED, in_file=True),),
        files=(WrittenFile("/etc/app/database.conf", "password={APP_PASSWORD}\n", inside="/conf", when=WANTED),),
    ),
)


def certificates(machine: Machine) -> list[str]:
    return sorted(os.listdir(machine.root / CERTS)) if (machine.root / CERTS).exists() else []


def test_files_that_the_context_asks_for_no_more_are_removed(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context(APP_DATABASE="YES", APP_PASSWORD="of yesterday")
    assert machine.boot(APP).ok
    files = [machine.root / "etc/ctxschema/app.env", machine.root / "etc/app/database.conf"]
    assert all("of yesterday" in file.read_text() for file in files)
    (machine.root / "etc/app/other.conf").write_text("somebody else's")
    assert machine.context(APP_DATABASE="NO").boot(APP).ok
    assert not any(file.exists() for file in files)
    assert (machine.root / "etc/app/other.conf").exists()


@needs_openssl
def test_a_certificate_that_is_given_no_more_is_not_used_any_more(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context(**GIVEN)
    assert machine.boot(LINK).ok
    assert (machine.root / CERTS / "server.key").read_text() == PRIVATE_KEY
    assert machine.context().boot(LINK).ok
    made = (machine.root / CERTS / "server.key").read_text()
    assert made != PRIVATE_KEY
    assert machine.boot(LINK).ok
    assert (machine.root / CERTS / "server.key").read_text() == made


@needs_openssl
def test_without_tls_no_key_stays(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context()
    assert machine.boot(LINK).ok
    assert certificates(machine) == ["ca.crt", "server.crt", "server.key"]
    assert machine.context(FL_TLS_ENABLED="NO").boot(LINK).ok
    assert certificates(machine) == []


def test_an_authority_that_is_given_no_more_is_removed_and_other_files_stay(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context(**ADDRESS, FL_SSL_CA_CERTFILE=GIVEN["FL_SSL_CERTFILE"])
    assert machine.boot(NODE).ok
    assert certificates(machine) == ["ca.crt"]
    (machine.root / CERTS / "server.key").write_text("not the node's")
    assert machine.context(**ADDRESS).boot(NODE).ok
    assert certificates(machine) == ["server.key"]


def test_a_boot_that_stops_leaves_no_container_of_an_earlier_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine.make(tmp_path).context(**ADDRESS)
    assert machine.boot(NODE).ok
    assert machine.containers == [NODE]
    capsys.readouterr()
    assert not machine.context(**ADDRESS, FL_MAX_RETRIES="many").boot(NODE).ok
    assert machine.containers == []
    assert f"the container {NODE} of an earlier boot is removed" in capsys.readouterr().err
    assert not machine.boot(NODE).ok
    assert "of an earlier boot" not in capsys.readouterr().err


def test_a_file_is_on_the_disk_before_its_name_and_its_name_before_anybody_uses_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []

    def fsync(descriptor: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")

    def replace(source: str, target: str) -> None:
        done.append("name")
        os.rename(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    system = System(str(tmp_path))
    system.write("/kept.json", "{}", 0o600, os.geteuid())
    assert done == ["file", "name", "folder"]
    assert system.remove("/kept.json")
    assert done[3:] == ["folder"]
    assert not system.remove("/kept.json")
    assert not system.remove("/kept.json/below")


def test_a_file_that_cannot_be_removed_stops_the_boot_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileError, match="/folder cannot be removed"):
        System(str(tmp_path)).remove("/folder")


def test_what_the_agent_says_is_on_the_console_of_the_machine() -> None:
    assert "StandardError=journal+console\n" in unit.generate(APP, Options())


def test_a_long_message_keeps_its_beginning_and_its_end() -> None:
    said = f"driver failed {'x' * 300} bind: cannot assign requested address"
    short = Outcome(125, said).said
    assert len(short) <= 200
    assert short.startswith("driver failed x")
    assert short.endswith("bind: cannot assign requested address")
    assert Outcome(125, said[:200]).said == said[:200]


@pytest.mark.parametrize("fault", [RuntimeError("surprise"), MemoryError(), OSError("no process")])
def test_where_the_old_container_cannot_be_removed_the_boot_still_says_why_it_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def remove(*_arguments: object) -> bool:
        raise fault

    monkeypatch.setattr(Engine, "remove", remove)
    report = Machine.make(tmp_path).context(**ADDRESS, FL_MAX_RETRIES="many").boot(NODE)
    assert not report.ok
    assert "FL_MAX_RETRIES" in str(report.as_dict())
    assert "a container of an earlier boot may run on" in capsys.readouterr().err
