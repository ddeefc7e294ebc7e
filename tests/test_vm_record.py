"""A run of `make vm-test` that is ended early leaves a table that says so."""

from pathlib import Path

from attrs import frozen

from tools.vm.record import Record


@frozen
class Some:
    name: str
    about: str


def test_what_has_not_ended_is_open_and_cuts_are_counted(tmp_path: Path) -> None:
    first, second, third = Some("first", "it starts"), Some("second", "it ends"), Some("third", "it breaks")
    consoles, target = tmp_path / "consoles", tmp_path / "record"
    consoles.mkdir()
    (consoles / "first.log").write_bytes(b"\x1b[1mstarted\r\n\n" * 100)
    record = Record("head", [first, second, third], consoles, target)
    record.cut("role: the agent works from 1 s to 2 s after the start")
    record.cut("role: cut 1 at 1.0 s of context 0 (nothing printed yet), then 1: well")
    record.result(third, well=False, seconds=3.4, said="it did not")
    record.result(first, well=True, seconds=61.0, said="1 cuts made")
    table = (target / "table.txt").read_text(encoding="utf-8").splitlines()
    assert [line.split()[:2] for line in table[1:4]] == [["well", "first"], ["open", "second"], ["WRONG", "third"]]
    assert (table[0], table[4]) == ("head", "Power cuts made: 1")
    assert table[3].endswith("it breaks: it did not")
    assert len((target / "cuts.txt").read_text(encoding="utf-8").splitlines()) == 2
    assert (target / "consoles" / "first.log").read_text(encoding="utf-8") == "started\n" * 60


def test_without_a_folder_nothing_is_written(tmp_path: Path) -> None:
    station = Some("first", "it starts")
    record = Record("head", [station], tmp_path, None)
    assert record.result(station, well=True, seconds=1, said="so").endswith("it starts: so")
    assert list(tmp_path.iterdir()) == []
