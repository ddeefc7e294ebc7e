"""Measures how long a first and a second visit of the form preview take in Chromium.

Its arguments are folders of built sites. Wall time depends on what else the machine does, so the CPU time of the
browser and all its processes stands beside it. Of several runs, which take turns, the least of each is printed.
"""

from __future__ import annotations

import argparse
import functools
import os
import subprocess
import threading
import time
from collections import defaultdict
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2]
TICK = os.sysconf("SC_CLK_TCK")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")
VISITS = ("first", "second")


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass


def processes(root: int) -> set[int]:
    """Return a process and everything that it and its children started."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children[int(after_name[1])].append(int(entry.name))
    found, waiting = set(), [root]
    while waiting:
        found.add(process := waiting.pop())
        waiting += children[process]
    return found


_spent: dict[int, int] = {}
"""The ticks of every process that was seen, also of those that have ended."""


def cpu_seconds() -> float:
    """Return the CPU time of every Chromium that this program started; of one that has ended, as last seen."""
    for process in processes(os.getpid()):
        try:
            text = Path(f"/proc/{process}/stat").read_text()
        except OSError:
            continue
        if "chrom" in text.partition("(")[2].rpartition(")")[0]:
            _spent[process] = sum(map(int, text.rpartition(")")[2].split()[11:13]))
    return sum(_spent.values()) / TICK


def visit(page: Page, address: str) -> dict[str, tuple[float, float]]:
    """Return wall and CPU seconds until the form is there, and until something typed into it is judged."""
    began, spent = time.monotonic(), cpu_seconds()

    def since() -> tuple[float, float]:
        return time.monotonic() - began, cpu_seconds() - spent

    page.goto(address, wait_until="commit")
    page.wait_for_selector("#panels [data-name]", timeout=120_000)
    shown = since()
    page.locator("[data-name$=NODE_CONFIG] textarea").fill("x y")
    page.wait_for_selector("[data-name$=NODE_CONFIG] :is(.problem, .problems li).error", timeout=120_000)
    return {"form": shown, "judged": since()}


def main() -> None:
    """Measure, and print a line for each site and visit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sites", nargs="+")
    parser.add_argument("--runs", type=int, default=3)
    told = parser.parse_args()
    chromium = subprocess.run(
        [ROOT / "tools/web/chromium.sh"], capture_output=True, text=True, check=True
    ).stdout.strip()
    best: dict[tuple[str, str, str], tuple[float, float]] = {}
    with sync_playwright() as playwright:
        for site in told.sites * told.runs:
            handler = functools.partial(_Silent, directory=site)
            server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            address = f"http://127.0.0.1:{server.server_address[1]}/preview/?appliance=flower-supernode"
            browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
            context = browser.new_context()
            for which in VISITS:
                page = context.new_page()
                for what, found in visit(page, address).items():
                    key = (site, which, what)
                    before = best.get(key, found)
                    best[key] = (min(before[0], found[0]), min(before[1], found[1]))
                page.wait_for_timeout(1000)
                cpu_seconds()
                page.close()
            browser.close()
            server.shutdown()
    for (site, which, what), (wall, cpu) in best.items():
        print(f"{site}: {which} visit, {what} after {wall:.2f} s ({cpu:.2f} s of CPU)")


if __name__ == "__main__":
    main()
