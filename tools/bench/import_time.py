"""Show what each package costs to import in the agent's dry run, as measured by Python itself."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

SAMPLE = Path(__file__).parents[2] / "examples/flower-supernode/context.sh"
LINE = re.compile(r"import time: +(\d+) \| +\d+ \| ( *)(.*)")
RUNS = 5


def label(module: str, parent: str) -> str:
    """Return the row of the table that a module belongs to: its own package, or the module that first imported it."""
    top, _, rest = module.partition(".")
    if top == "ctxschema":
        return f"ctxschema.{rest.partition('.')[0] or '__init__'}"
    if top in {"attr", "attrs", "argparse", "tomllib", "typing", "subprocess"}:
        return f"{'attrs' if top == 'attr' else top}, with what it imports"
    if parent.startswith("ctxschema."):
        return "the standard library, for ctxschema"
    return parent or "Python itself, until the first module of ours"


def measure_once() -> dict[str, float]:
    """Return the milliseconds of each group in one run."""
    command = [sys.executable, "-X", "importtime", "-m", "ctxschema.boot"]
    ended = subprocess.run(
        [*command, "flower-supernode", "--dry-run", "--context", SAMPLE], capture_output=True, text=True, check=True
    )
    spent: dict[str, float] = defaultdict(float)
    parents: list[str] = []
    # Python lists a module after those that it imports, which are indented deeper, so the list is read backwards.
    for took, indent, module in reversed(LINE.findall(ended.stderr)):
        depth = len(indent) // 2
        del parents[depth:]
        parents.append(label(module, parents[-1] if parents else ""))
        spent[parents[-1]] += int(took) / 1000
    return spent


def main() -> None:
    """Print the table, the largest first; each figure is the least of several runs."""
    runs = [measure_once() for _ in range(RUNS)]
    least = {name: min(run[name] for run in runs) for name in runs[0]}
    table = Table("imported", "ms", title="import time of the agent's dry run", title_justify="left")
    for name, took in sorted(least.items(), key=lambda item: -item[1]):
        table.add_row(name, f"{took:.1f}")
    table.add_row("together", f"{sum(least.values()):.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
