"""Parsing and linting beside named peers, measured in one run. Prints a table; nothing here passes or fails.

Peers: for the parser a scanner by hand (scanner.py), for the linter yamllint and PyYAML's own loader on the same files.
A cold run of the linter finds nothing kept from an earlier one, a warm run finds everything.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

HERE = Path(__file__).parent
MEGABYTE = 1_000_000
LINE = 'DISK = [ IMAGE = "image {n}", SIZE = "1024", NOTE = "a \\"quoted\\" note" ]\nNAME_{n} = "value {n}" # why\n'
ENTRY = """\
---
name: Appliance {n}
version: 1.0.{n}
publisher: Somebody
description: |-
{description}
short_description: An appliance among others
tags:
- debian
- service
format: qcow2
creation_time: 17000{n:05}
os-id: Debian
os-release: '12'
os-arch: x86_64
hypervisor: KVM
opennebula_version: 6.10, 7.0
opennebula_template:
  cpu: '1'
  memory: '2048'
  graphics:
    listen: 0.0.0.0
    type: vnc
  context:
    network: 'YES'
    ssh_public_key: "$USER[SSH_PUBLIC_KEY]"
    oneapp_demo_web_port: '$ONEAPP_DEMO_WEB_PORT'
    oneapp_demo_web_mode: '$ONEAPP_DEMO_WEB_MODE'
  inputs_order: 'ONEAPP_DEMO_WEB_PORT,ONEAPP_DEMO_WEB_MODE'
  user_inputs:
    ONEAPP_DEMO_WEB_PORT: 'O|number|Port of the service| |80{n}'
    ONEAPP_DEMO_WEB_MODE: '0|list|Mode|fast, slow|fast'
images:
- name: demo
  url: https://example.org/demo.qcow2
  type: OS
  dev_prefix: vd
  driver: qcow2
  size: 10737418240
  checksum:
    md5: d41d8cd98f00b204e9800998ecf8427e
"""
"""A marketplace entry of the size that most have."""

TINY = """\
name: Appliance {n}
opennebula_template:
  user_inputs:
    ONEAPP_DEMO_WEB_PORT: 'O|number|Port of the service| |80{n}'
"""
"""The smallest marketplace entry, for which a start takes longer than the file."""

DESCRIPTION = "\n".join(
    f"    Line {n} of what the page of the appliance says, with [a link](https://a.b/{n})." for n in range(20)
)
LOADER = (
    "import sys, yaml, pathlib\n"
    "for path in pathlib.Path(sys.argv[1]).rglob('*.yaml'): yaml.load(path.read_bytes(), yaml.CSafeLoader)\n"
)
PARSER = (
    "import sys\n"
    "sys.path.insert(0, sys.argv[3])\n"
    "text = open(sys.argv[2]).read()\n"
    "if sys.argv[1] == 'lark':\n"
    "    from ctxschema import parse_template as parse\n"
    "else:\n"
    "    from scanner import scan as parse\n"
    "parse(text)\n"
)


def measured(*command: str | Path) -> tuple[float, int]:
    """Return the seconds that a program took, and the megabytes that it had at its largest."""
    began = time.perf_counter()
    # A child of its own, because the largest size of all children is all that the system tells.
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    ended = subprocess.run([sys.executable, "-S", "-c", code, *command], stdout=subprocess.PIPE, text=True, check=True)
    return time.perf_counter() - began, int(ended.stdout) * 1024 // MEGABYTE


def template(folder: Path, megabytes: int) -> Path:
    """Write template text of a size."""
    path = folder / f"{megabytes}.tmpl"
    pieces: list[str] = []
    size = number = 0
    while size < megabytes * MEGABYTE:
        pieces.append(LINE.format(n=number))
        size += len(pieces[-1])
        number += 1
    path.write_text("".join(pieces))
    return path


def tree(folder: Path, files: int, entry: str = ENTRY) -> Path:
    """Write marketplace entries, a hundred to a folder."""
    top = folder / (str(files) if entry == ENTRY else f"{files}-tiny")
    for number in range(files):
        path = top / f"{number // 100:03}" / f"{number:05}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(entry.format(n=number, description=DESCRIPTION))
    return top


def linted(table: Table, folder: Path, files: int) -> None:
    """Lint many files, cold and warm, with the peers in between, and add a row for each."""
    program = Path(sys.executable).with_name("ctxschema")
    top, kept = tree(folder, files), folder / f"kept-{files}"
    taken: dict[str, list[tuple[float, int]]] = {}
    for _ in range(5 if files < 1000 else 1):
        shutil.rmtree(kept, ignore_errors=True)
        for name, command in (
            ("cold", (program, "lint", "--cache-dir", kept, top)),
            ("warm", (program, "lint", "--cache-dir", kept, top)),
            ("yamllint", (program.with_name("yamllint"), top)),
            ("CSafeLoader", (sys.executable, "-c", LOADER, top)),
        ):
            taken.setdefault(name, []).append(measured(*command))
    seconds = {name: statistics.median(pair[0] for pair in pairs) for name, pairs in taken.items()}
    for name in ("cold", "warm"):
        ratios = [f"{seconds[name] / seconds[peer]:.2f} x {peer}" for peer in ("yamllint", "CSafeLoader")]
        rate = f"{', '.join(ratios)}; {files / seconds[name]:.0f} files a second"
        memory = max(pair[1] for pair in taken[name])
        table.add_row(f"lint {files:,} marketplace files, {name}", f"{seconds[name]:.2f}", str(memory), rate)


def main() -> None:
    """Measure and print."""
    table = Table("what", "seconds", "peak MB", "beside its peer")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for megabytes in track((1, 3, 10, 30, 100), "parsing", console=Console(stderr=True)):
            path = template(folder, megabytes)
            runs = 5 if megabytes < 10 else 1
            (ours, memory), (theirs, _) = (
                min(measured(sys.executable, "-c", PARSER, which, path, HERE) for _ in range(runs))
                for which in ("lark", "scanner")
            )
            path.unlink()
            ratio = f"{ours / theirs:.1f} x a scanner by hand; {ours / megabytes:.2f} s a megabyte"
            table.add_row(f"parse {megabytes} MB of template text", f"{ours:.2f}", str(memory), ratio)
        for files in track((250, 5_000), "linting", console=Console(stderr=True)):
            linted(table, folder, files)
    Console().print(table)


if __name__ == "__main__":
    main()
