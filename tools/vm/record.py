"""What is kept of a run: the table, the power cuts one by one, and of each console what matters."""

from __future__ import annotations

from pathlib import Path

from tools.vm.seen import readable

MOST_LINES = 60
"""How many lines of a console are kept, the last ones; the first are those of every boot."""


def keep(target: Path, table: list[str], cuts: list[str], consoles: Path) -> None:
    """Write the record of a run.

    Args:
        target: The folder.
        table: A line for each station.
        cuts: A line for each power cut.
        consoles: The folder with the consoles.
    """
    (target / "consoles").mkdir(parents=True, exist_ok=True)
    (target / "table.txt").write_text("\n".join(table) + "\n", encoding="utf-8")
    if cuts:
        (target / "cuts.txt").write_text("\n".join(cuts) + "\n", encoding="utf-8")
    for file in sorted(consoles.glob("*.log")):
        lines = [line.rstrip() for line in readable(file).splitlines() if line.strip()]
        (target / "consoles" / file.name).write_text("\n".join(lines[-MOST_LINES:]) + "\n", encoding="utf-8")
