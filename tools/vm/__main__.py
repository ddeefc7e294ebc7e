"""``python -m tools.vm build`` makes the disks; ``python -m tools.vm test [STATION...]`` goes through the stations.

JOBS is how many stations may be gone through at once (2), SEED what the power cuts are drawn from (the day), CUTS how
many there are (50), RECORD a folder where the table and the consoles are kept. The table is written with every line.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.vm.folders import BUILD
from tools.vm.image import Disk, build
from tools.vm.lab import Lab
from tools.vm.machine import StuckError, accelerator
from tools.vm.record import Record, head
from tools.vm.seen import WrongError
from tools.vm.stations import CUTS, STATIONS, Station


def main(words: list[str]) -> int:
    """Do what is asked for; return the exit code: 0 fine, 1 a station failed, 2 misuse."""
    names = [station.name for station in STATIONS]
    unknown = [word for word in words[1:] if word not in names]
    if words[:1] not in (["build"], ["test"]) or unknown or (words[0] == "build" and len(words) > 1):
        print(f"python -m tools.vm build, or test with any of: {' '.join(names)}", file=sys.stderr)
        return 2
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another run uses {BUILD}; wait until it has ended", file=sys.stderr)
            return 2
        disks = build()
        how = accelerator(next(iter(disks.values())).kernel)
        print(f"The machines are in {BUILD}; the processor is run by {how}.", flush=True)
        stations = [each for each in STATIONS if each.name in words[1:] or not words[1:]]
        return 0 if words == ["build"] else _test(disks, stations, how)


def _test(disks: dict[str, Disk], stations: list[Station], how: str) -> int:
    seed = int(os.environ.get("SEED", f"{dt.datetime.now(tz=dt.timezone.utc):%Y%m%d}"))
    target = os.environ.get("RECORD")
    lock = threading.Lock()
    with tempfile.TemporaryDirectory() as folder:
        record = Record(head(how, seed, CUTS), stations, Path(folder), Path(target) if target else None)
        print(record.head, flush=True)

        def say(text: str) -> None:
            with lock:
                print(f"    {text}", flush=True)
                record.cut(text)

        lab = Lab(disks, seed, Path(folder), say)

        def go(station: Station) -> bool:
            clock = time.monotonic()
            try:
                said, well = station.run(lab), True
            except (WrongError, StuckError, OSError, subprocess.SubprocessError) as error:
                said, well = str(error), False
            with lock:
                print(record.result(station, well=well, seconds=time.monotonic() - clock, said=said), flush=True)
            return well

        with ThreadPoolExecutor(int(os.environ.get("JOBS", "2"))) as pool:
            return 0 if all(list(pool.map(go, stations))) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
