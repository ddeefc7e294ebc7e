"""The values that a machine generates for variables that nobody has set."""

import os
import uuid
from pathlib import Path

import pytest

from ctxschema.boot.made import FOLDER, made_values
from ctxschema.context.load import load_context
from ctxschema.context.validate import validate
from ctxschema.core.secret import Secret
from ctxschema.machine.system import System
from ctxschema.model.appliance import Appliance
from ctxschema.model.kinds import PASSWORD, TEXT
from ctxschema.model.variable import Maker, Variable

SECRET = Variable("APP_PASSWORD", PASSWORD, label="Password", made=Maker.PASSWORD)
NUMBER = Variable("APP_UUID", TEXT, label="Number", made=Maker.UUID)
WHERE = Variable("APP_ADDRESS", TEXT, label="Address", made=Maker.ADDRESS)
NAME = Variable("APP_HOST", TEXT, label="Name", made=Maker.HOSTNAME)
OWN = Appliance("own", "Own", "One.", (SECRET, NUMBER, WHERE, NAME))


def made(root: Path, *, keep: bool = True, **context: str) -> dict[str, object]:
    values = validate(OWN, load_context(context)).values
    return made_values(System(str(root)), OWN, values, {"address": "10.0.0.5"}, keep=keep)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "proc/sys/kernel").mkdir(parents=True)
    (tmp_path / "proc/sys/kernel/hostname").write_text("node-7\n")
    return tmp_path


def test_each_maker_makes_its_own_and_keeps_what_is_random(root: Path) -> None:
    first, second = made(root), made(root)
    assert first == second
    assert (first["APP_ADDRESS"], first["APP_HOST"]) == ("10.0.0.5", "node-7")
    assert uuid.UUID(str(first["APP_UUID"])).version == 4
    password = first["APP_PASSWORD"]
    assert isinstance(password, Secret)
    assert len(password.reveal()) == 24
    kept = root / FOLDER[1:] / "own.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.read_text() == (
        f'{{\n  "APP_PASSWORD": "{password.reveal()}",\n  "APP_UUID": "{first["APP_UUID"]}"\n}}\n'
    )
    assert [(each.stat().st_mode & 0o777, each.stat().st_uid) for each in (kept.parent, kept)] == [
        (0o700, os.geteuid()),
        (0o600, os.geteuid()),
    ]


def test_what_is_made_is_kept_unless_told_otherwise(root: Path) -> None:
    values = validate(OWN, load_context({})).values
    assert "APP_UUID" in made_values(System(str(root)), OWN, values, {})


def test_two_machines_differ_and_what_is_given_counts(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert made(root)["APP_UUID"] != made(tmp_path_factory.mktemp("other"))["APP_UUID"]
    assert "APP_PASSWORD" not in made(root, APP_PASSWORD="given")


def test_nothing_is_kept_unless_it_may_be(root: Path) -> None:
    assert set(made(root, keep=False)) == {"APP_ADDRESS", "APP_HOST"}
    assert not (root / FOLDER[1:]).exists()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"APP_UUID": 3}', "[" * 100_000])
def test_a_broken_file_is_made_anew(root: Path, text: str) -> None:
    made(root)
    (root / FOLDER[1:] / "own.json").write_text(text)
    assert set(made(root)) == {"APP_PASSWORD", "APP_UUID", "APP_ADDRESS", "APP_HOST"}
