"""Attack the boot agent: everything under tests/attack in one run, as a table.

``python tools/attack.py [FILE]``. What this machine cannot give an attack (root, FUSE, a docker client) is skipped by
name. The table is printed, and written to the file if one is named. Ends with 1 if an attack got through.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


class Table:
    """A pytest plugin that collects how each attack ended."""

    def __init__(self) -> None:
        self.about: dict[str, str] = {}
        self.rows: dict[str, tuple[str, float]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            module: Any = item.getparent(pytest.Module)
            self.about.setdefault(item.nodeid.partition("::")[0], (module.obj.__doc__ or "").strip().splitlines()[0])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        ended, seconds = self.rows.get(report.nodeid, ("held", 0.0))
        if report.failed:
            ended = "GOT THROUGH"
        elif report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            ended = f"skipped: {reason.removeprefix('Skipped: ')}"
        self.rows[report.nodeid] = (ended, seconds + report.duration)

    def lines(self) -> list[str]:
        lines = [f"Python {platform.python_version()}, {platform.system()} {platform.release()}"]
        for file, about in sorted(self.about.items()):
            lines += ["", about, ""]
            for node, (ended, seconds) in self.rows.items():
                if node.startswith(f"{file}::"):
                    name = node.partition("::")[2].removeprefix("test_").replace("_", " ")
                    lines.append(f"  {ended:<12} {seconds:6.1f} s  {name}")
        counts = [ended.partition(":")[0] for ended, _ in self.rows.values()]
        summary = ", ".join(f"{counts.count(word)} {word}" for word in ("held", "skipped", "GOT THROUGH"))
        return [*lines, "", f"{len(counts)} attacks: {summary}"]


def main(target: str | None) -> int:
    """Attack, print the table, and return the exit code."""
    table = Table()
    # Some wait for the real deadlines of a boot; only this run has the time for that.
    words = [str(ROOT / "tests/attack"), "-q", "--no-header", "-p", "no:cacheprovider", "--attack-all"]
    code = pytest.main([*words, "--confcutdir", str(ROOT), "--rootdir", str(ROOT)], plugins=[table])
    text = "\n".join(table.lines()) + "\n"
    print(f"\n{text}", end="")
    if target is not None:
        Path(target).write_text(text, encoding="utf-8")
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else None))
