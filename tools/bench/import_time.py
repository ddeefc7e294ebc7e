"""Where the time of the agent's dry run goes: what each package costs to import, measured by Python itself."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

SAMPLE = Path(__file__).parents[2] / "examples/flower-supernode/context.sh"
LINE = re.compile(r"import time: +(\d+) \| +\d+ \| +(.*)")
RUNS = 5
GROUPS = {
    "attr": "attrs",
    "attrs": "attrs",
    "ctxschema": "ctxschema",
    "argparse": "argparse and gettext",
    "gettext": "argparse and gettext",
    "locale": "argparse and gettext",
    "tomllib": "tomllib (FL_NODE_CONFIG)",
    "subprocess": "subprocess (nvidia-smi, docker)",
    "typing": "what attrs imports (typing, inspect, re, ...)",
    "inspect": "what attrs imports (typing, inspect, re, ...)",
    "re": "what attrs imports (typing, inspect, re, ...)",
}


def group(module: str) -> str:
    """Return the line of the table that a module counts to."""
    top, _, rest = module.partition(".")
    if top == "ctxschema" and rest:
        return f"ctxschema.{rest.partition('.')[0]}"
    return GROUPS.get(top, "the rest of the standard library")


def once() -> dict[str, float]:
    """Return the milliseconds of each group in one run."""
    command = [sys.executable, "-X", "importtime", "-m", "ctxschema.runtime"]
    ended = subprocess.run(
        [*command, "flower-supernode", "--dry-run", "--context", SAMPLE], capture_output=True, text=True, check=True
    )
    spent: dict[str, float] = defaultdict(float)
    for took, module in LINE.findall(ended.stderr):
        spent[group(module.strip())] += int(took) / 1000
    return spent


def main() -> None:
    """Print the table, the largest first; each figure is the least of several runs."""
    runs = [once() for _ in range(RUNS)]
    least = {name: min(run[name] for run in runs) for name in runs[0]}
    table = Table("imported", "ms", title="import time of the agent's dry run", title_justify="left")
    for name, took in sorted(least.items(), key=lambda item: -item[1]):
        table.add_row(name, f"{took:.1f}")
    table.add_row("together", f"{sum(least.values()):.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
