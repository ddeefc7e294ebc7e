"""What is read of a configuration, and what is said of its faults, to the letter.

The files are tests/cases/configuration/given/NAME/*.toml; what comes of each is in tests/cases/configuration/NAME.txt.
``UPDATE_CASES=1 pytest`` writes them anew, to be read before they are committed.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import fields

from ctxschema.core.errors import ConfigurationError
from ctxschema.lint.configuration import Configuration, read_configuration
from ctxschema.lint.patterns import Patterns
from tests.conftest import ROOT
from tests.said import kept, said

FOLDER = ROOT / "tests/cases/configuration"
GIVEN = {path.parent.name: path for path in (FOLDER / "given").glob("*/*.toml")}


def shown(value: object) -> str:
    if isinstance(value, frozenset):
        return " ".join(sorted(value))
    if isinstance(value, Patterns):
        return f"{shown(value.words)} below {value.folder}"
    if isinstance(value, tuple):
        return "; ".join(map(shown, value))
    return str(value)


def told(path: Path) -> Iterator[str]:
    try:
        found = read_configuration(str(path))
    except ConfigurationError as error:
        yield from map(said, error.findings)
        return
    if found is None:
        yield "no configuration of ctxschema"
        return
    for each in fields(Configuration):
        if (value := getattr(found, each.name)) != each.default:
            yield f"{each.name}: {shown(value)}"


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_what_is_read(name: str) -> None:
    kept(FOLDER / f"{name}.txt", told(GIVEN[name]))


def test_nothing_is_said_of_what_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(GIVEN)
