"""What is kept of a run: the table, the power cuts one by one, and of each console what matters."""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from attrs import define, field

from tools.vm.folders import ROOT
from tools.vm.seen import readable

MOST_LINES = 60
"""How many lines of a console are kept, the last ones; the first are those of every boot."""


class Named(Protocol):
    """A station, as a line of the table has it."""

    @property
    def name(self) -> str: ...

    @property
    def about(self) -> str: ...


@define
class Record:
    """The record of a run, written anew with each line: a run that is ended early leaves a table that says so.

    Args:
        head: The first line: what was run, on what.
        stations: What is gone through, in the order of the table.
        consoles: The folder with the consoles.
        target: The folder where the record is kept; None for nowhere.
    """

    head: str
    stations: Sequence[Named]
    consoles: Path
    target: Path | None
    _results: dict[str, str] = field(factory=dict, init=False)
    _cuts: list[str] = field(factory=list, init=False)

    def result(self, station: Named, *, well: bool, seconds: float, said: str) -> str:
        """Note how a station ended, and return its line of the table."""
        word = "well" if well else "WRONG"
        line = f"{word:5}  {station.name:16} {seconds:6.0f} s  {station.about}: {said}"
        self._results[station.name] = line
        self._keep()
        return line

    def cut(self, text: str) -> None:
        """Note a power cut."""
        self._cuts.append(text)
        self._keep()

    def table(self) -> list[str]:
        """Return the table; a station that has not ended is in it as open."""
        open_ = {each.name: f"open   {each.name:16} {'':8}  {each.about}: not ended" for each in self.stations}
        made = sum(": cut " in text for text in self._cuts)
        return [self.head, *({**open_, **self._results}).values(), f"Power cuts made: {made}"]

    def _keep(self) -> None:
        if self.target is None:
            return
        kept = self.target / "consoles"
        kept.mkdir(parents=True, exist_ok=True)
        (self.target / "table.txt").write_text("\n".join(self.table()) + "\n", encoding="utf-8")
        if self._cuts:
            (self.target / "cuts.txt").write_text("\n".join(self._cuts) + "\n", encoding="utf-8")
        for file in sorted(self.consoles.glob("*.log")):
            lines = [line.rstrip() for line in readable(file).splitlines() if line.strip()]
            (kept / file.name).write_text("\n".join(lines[-MOST_LINES:]) + "\n", encoding="utf-8")


def head(how: str, seed: int, cuts: int) -> str:
    """Return the first line of a table.

    Args:
        how: What runs the processors of the machines.
        seed: What is random is drawn from it.
        cuts: How many power cuts a whole run makes.
    """
    now = dt.datetime.now(tz=dt.timezone.utc)
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return (
        f"make vm-test, {now:%Y-%m-%d %H:%M} UTC, commit {told.stdout.strip() or 'unknown'}, {platform.machine()}, "
        f"{os.cpu_count()} cores with a load of {os.getloadavg()[0]:.0f} at the start, {how}, seed {seed}, "
        f"{cuts} power cuts asked for"
    )
