"""Compare the cost of ctxschema with named peers: ratios, and the goal for each. Nothing here passes or fails.

Processes are measured by the CPU that they and their children took, all of them in turn, so that a busy machine is as
busy for one as for the other; with valgrind the instructions of one run are counted, too. docs/performance.md explains
the figures.
"""

from __future__ import annotations

import compileall
import contextlib
import io
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from lint import LOADER, PARSER, TINY, template, tree
from rich.console import Console
from rich.progress import track
from rich.table import Table

HERE = Path(__file__).parent
SAMPLE = HERE.parents[1] / "examples/flower-supernode/context.sh"
PYTHON = Path(sys.executable)
CTXSCHEMA = PYTHON.with_name("ctxschema")
RUNS = 11
DEFINITION = "O|number-float|GPU memory fraction for PyTorch (0.0-1.0)| |0.8"
FAULTY = "O|number|GPU memory fraction for PyTorch (0.0-1.0)| |0.8"

Command = Sequence[str | Path]
Work = Callable[[], object]


def processes(folder: Path) -> dict[str, Command]:
    """Return the programs that are measured, by name."""
    agent, files, text = folder / "agent.pyz", tree(folder, 100), template(folder, 1)
    many, tiny = tree(folder, 250), tree(folder, 250, TINY)
    # As pip compiles an installed package; a checkout stays as it is where PYTHONDONTWRITEBYTECODE is set.
    compileall.compile_dir(HERE.parents[1] / "ctxschema", quiet=1)
    subprocess.run([CTXSCHEMA, "generate", "agent", "flower-supernode", "-o", agent], check=True)
    subprocess.run([CTXSCHEMA, "lint", "--cache-dir", folder / "kept", files], stdout=subprocess.DEVNULL, check=False)
    return {
        "agent.pyz --dry-run": (PYTHON, "-IS", agent, "--dry-run", "--context", SAMPLE),
        "shell checks": ("bash", HERE / "shell_checks.sh", SAMPLE),
        "pydantic-settings": (PYTHON, HERE / "pydantic_settings_peer.py", SAMPLE),
        "typed-settings": (PYTHON, HERE / "typed_settings_peer.py", SAMPLE),
        "python -c pass": (PYTHON, "-c", "pass"),
        "python -c 'import click'": (PYTHON, "-c", "import click"),
        "ctxschema --help": (CTXSCHEMA, "--help"),
        "completion": (
            "env",
            "_CTXSCHEMA_COMPLETE=bash_complete",
            "COMP_WORDS=ctxschema sh",
            "COMP_CWORD=1",
            CTXSCHEMA,
        ),
        "lint 100 entries, cold": (CTXSCHEMA, "lint", "--no-cache", files),
        "lint 100 entries, warm": (CTXSCHEMA, "lint", "--cache-dir", folder / "kept", files),
        "yamllint": (PYTHON.with_name("yamllint"), files),
        "lint 250 entries, cold": (CTXSCHEMA, "lint", "--no-cache", many),
        "yamllint, 250 entries": (PYTHON.with_name("yamllint"), many),
        "lint 250 tiny files, cold": (CTXSCHEMA, "lint", "--no-cache", tiny),
        "yamllint, tiny files": (PYTHON.with_name("yamllint"), tiny),
        "CSafeLoader": (PYTHON, "-c", LOADER, files),
        "parse 1 MB of template": (PYTHON, "-c", PARSER, "lark", text, HERE),
        "a scanner by hand": (PYTHON, "-c", PARSER, "scanner", text, HERE),
    }


PROCESS_ROWS = (
    ("agent.pyz --dry-run", "shell checks", 1.2),
    ("agent.pyz --dry-run", "pydantic-settings", 0.25),
    ("agent.pyz --dry-run", "typed-settings", None),
    ("agent.pyz --dry-run", "python -c pass", None),
    ("ctxschema --help", "python -c pass", 5),
    ("completion", "python -c pass", 5),
    ("python -c 'import click'", "python -c pass", None),
    ("lint 100 entries, cold", "yamllint", 0.25),
    ("lint 100 entries, warm", "yamllint", 0.25),
    ("lint 250 entries, cold", "yamllint, 250 entries", 0.25),
    ("lint 250 tiny files, cold", "yamllint, tiny files", 0.25),
    ("lint 100 entries, cold", "CSafeLoader", None),
    ("parse 1 MB of template", "a scanner by hand", None),
)
"""The comparisons, each with the greatest ratio that is the goal."""

SELDOM = {
    *("lint 100 entries, cold", "yamllint", "CSafeLoader", "parse 1 MB of template", "a scanner by hand"),
    *("lint 250 entries, cold", "yamllint, 250 entries", "lint 250 tiny files, cold", "yamllint, tiny files"),
}
"""Programs that take long: they are measured a few times only, and not counted by valgrind."""


def works() -> dict[str, Work]:
    """Return the functions that are measured, by name."""
    from ctxschema import parse_user_input
    from ctxschema.cli.explain import explain_definition
    from ctxschema.consumers.explain import Beside

    def explained(form: str) -> Work:
        def explain() -> None:
            with contextlib.redirect_stdout(Stream()):
                explain_definition(DEFINITION, ("0.5", "x"), form, Beside())

        return explain

    return {
        "a definition, parsed and judged": lambda: parse_user_input(DEFINITION).findings,
        "a definition with findings": lambda: parse_user_input(FAULTY).findings,
        "str.split and join": lambda: "|".join(DEFINITION.split("|")),
        "explain as text": explained("text"),
        "explain as JSON": explained("json"),
    }


WORK_ROWS = (
    ("a definition, parsed and judged", "str.split and join", None),
    ("a definition with findings", "str.split and join", None),
    ("explain as text", "explain as JSON", 2),
)


class Stream(io.StringIO):
    """Accepts output as a file would."""

    encoding = "utf-8"


def milliseconds(command: Command) -> float:
    """Return the CPU that a program and its children take."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def millions(command: Command, folder: Path) -> float | None:
    """Return the millions of instructions that a program takes, without its children, or None without valgrind.

    A child that was forked begins with the count of its parent, so that theirs cannot be added up.
    """
    if shutil.which("valgrind") is None:
        return None
    counting = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--trace-children=yes"]
    out = [f"--cachegrind-out-file={folder}/counted.%p", f"--log-file={folder}/told.%p"]
    subprocess.run([*counting, *out, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    counted = [0]
    for path in folder.glob("told.*"):
        counted += [int(each.replace(",", "")) for each in re.findall(r"I *refs: +([\d,]+)", path.read_text())]
        path.unlink()
    return max(counted) / 1e6 or None


def timed(work: Work) -> float:
    """Return the milliseconds that some work takes."""
    times, began = 0, time.process_time()
    while (taken := time.process_time() - began) < 0.05:
        work()
        times += 1
    return taken * 1000 / times


def measured(folder: Path) -> tuple[dict[str, float], dict[str, float | None]]:
    """Return the median milliseconds of everything, and the instructions of the programs that end soon."""
    programs, functions = processes(folder), works()
    taken: dict[str, list[float]] = {name: [] for name in (*programs, *functions)}
    for number in track(range(RUNS), "measuring", console=Console(stderr=True), transient=True):
        for name, command in programs.items():
            if name not in SELDOM or number < 3:
                taken[name].append(milliseconds(command))
        for name, work in functions.items():
            taken[name].append(timed(work))
    soon = [name for name in programs if name not in {*SELDOM, "shell checks"} and not name.startswith("lint")]
    counts = {name: millions(programs[name], folder) for name in track(soon, "counting", console=Console(stderr=True))}
    return {name: statistics.median(values) for name, values in taken.items()}, counts


def main() -> None:
    """Measure everything and print it."""
    with tempfile.TemporaryDirectory() as name:
        medians, counts = measured(Path(name))
    table = Table("what", "ms of CPU", "beside", "takes", "by instructions", "was to be", title_justify="left")
    for ours, peer, goal in (*PROCESS_ROWS, *WORK_ROWS):
        mine, theirs = counts.get(ours), counts.get(peer)
        by_count = f"{mine / theirs:.2f} x" if mine and theirs else ""
        wanted = "" if goal is None else f"{goal} x"
        table.add_row(ours, f"{medians[ours]:.3f}", peer, f"{medians[ours] / medians[peer]:.2f} x", by_count, wanted)
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(table)
    console.print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
