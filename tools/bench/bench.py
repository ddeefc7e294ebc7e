"""Ratios against named peers, measured in one run. Prints a table; nothing here passes or fails."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

HERE = Path(__file__).parent
SAMPLE = HERE.parents[1] / "examples/flower-supernode/context.sh"
PYTHON = Path(sys.executable)
BUNDLE = HERE.parents[1] / "dist/ctxschema-agent.pyz"
RUNS = 21
DEFINITION = "O|number-float|GPU memory fraction for PyTorch (0.0-1.0)| |0.8"


def whole_process(*command: str | Path) -> Callable[[], float]:
    """Return a function that runs a program once and tells the milliseconds it took."""

    def once() -> float:
        began = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        return (time.perf_counter() - began) * 1000

    return once


def in_process(work: Callable[[], object], times: int = 500) -> Callable[[], float]:
    """Return a function that does some work many times and tells the milliseconds of one."""

    def once() -> float:
        began = time.perf_counter()
        for _ in range(times):
            work()
        return (time.perf_counter() - began) * 1000 / times

    return once


def definition_by_lark() -> Callable[[], object]:
    """Parse a definition with everything that is found on the way, and print it back."""
    from ctxschema import parse_user_input

    return lambda: parse_user_input(DEFINITION).emit()


def boot(*options: str) -> Callable[[], float]:
    """The dry run of the sample, as a whole process."""
    program = PYTHON.with_name("ctxschema")
    return whole_process(program, "boot", "flower-supernode", "--context", SAMPLE, "--dry-run", *options)


def own(*words: str | Path) -> Callable[[], float]:
    """A command of ours, as a whole process."""
    return whole_process(PYTHON.with_name("ctxschema"), *words)


def agent(program: Path | None = None) -> Callable[[], float]:
    """The agent's dry run of the sample, as a whole process: from the sources, or as one file."""
    words = ["-m", "ctxschema.boot"] if program is None else ["-IS", str(program)]
    return whole_process(PYTHON, *words, "flower-supernode", "--dry-run", "--context", SAMPLE)


SHELL_LOOP = f"for i in {{1..500}}; do IFS='|' read -r a b c d e <<< '{DEFINITION}'; echo \"$a|$b|$c|$d|$e\"; done"

PEERS = {
    "shell checks": whole_process("bash", HERE / "shell_checks.sh", SAMPLE),
    "pydantic-settings": whole_process(PYTHON, HERE / "pydantic_settings_peer.py", SAMPLE),
    "typed-settings": whole_process(PYTHON, HERE / "typed_settings_peer.py", SAMPLE),
    "python -c pass": whole_process(PYTHON, "-c", "pass"),
}

GROUPS: dict[str, dict[str, Callable[[], float]]] = {
    "context to command, whole process": {
        "ctxschema boot --dry-run": boot("--format", "shell"),
        **PEERS,
    },
    "the agent's dry run, whole process": {
        "ctxschema.boot --dry-run": agent(),
        "ctxschema-agent.pyz --dry-run": agent(BUNDLE),
        **PEERS,
        "python -c 'import attrs'": whole_process(PYTHON, "-c", "import attrs"),
    },
    "one definition, parsed, judged and printed": {
        "ctxschema parse_user_input": in_process(definition_by_lark()),
        "str.split and join": in_process(lambda: "|".join(DEFINITION.split("|"))),
        "bash read": lambda: whole_process("bash", "-c", SHELL_LOOP)() / 500,
    },
    "every output of every appliance": {
        "ctxschema generate all --check": own(
            "generate", "all", "--out", HERE.parents[1] / "schemas/flower", "--check"
        ),
        "ctxschema list": own("list"),
        "ctxschema --help": own("--help"),
        "python -c pass": whole_process(PYTHON, "-c", "pass"),
    },
}


def main() -> None:
    """Measure every group, its members in turn, and print medians and ratios."""
    console = Console()
    for title, members in GROUPS.items():
        taken: dict[str, list[float]] = {name: [] for name in members}
        for _ in track(range(RUNS), description=title, console=Console(stderr=True), transient=True):
            for name, once in members.items():
                taken[name].append(once())
        ours, *_ = taken
        own = statistics.median(taken[ours])
        table = Table("", "median ms", f"{ours} takes", title=title, title_justify="left")
        for name, values in taken.items():
            median = statistics.median(values)
            table.add_row(name, f"{median:.3f}", "" if name == ours else f"{own / median:.2f} x as long")
        console.print(table)


if __name__ == "__main__":
    main()
