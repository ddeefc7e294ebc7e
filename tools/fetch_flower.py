"""Fetch the wheels of Flower whose argument parsers the tests run: the catalog's default release, and a newer one.

fetch_flower.py FOLDER    fetch what requirements/flower.txt pins, each wheel checked against its hash
fetch_flower.py --pin     pin the default release and the newest
"""

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from ctxschema.catalog.flower import FLOWER_VERSION

PINS = Path(__file__).parents[1] / "requirements" / "flower.txt"
PIP = [sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check", "--no-deps"]
PIP += ["--only-binary", ":all:"]


def fetched(pin: str, folder: Path) -> bool:
    """Return whether a wheel with the pinned hash could be downloaded."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(f"{pin}\n")
        file.flush()
        ended = subprocess.run([*PIP, "--require-hashes", "-d", folder, "-r", file.name], check=False)
    return ended.returncode == 0


def pinned(requirement: str) -> str:
    """Return a pin of the wheel that the package index gives for a requirement."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*PIP, "-d", folder, requirement], check=True)
        (wheel,) = Path(folder).iterdir()
        name, version = wheel.name.split("-")[:2]
        return f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"


def main() -> None:
    """Fetch, or pin."""
    default = f"flwr=={FLOWER_VERSION.default}"
    if sys.argv[1] == "--pin":
        PINS.write_text("".join(f"{pin}\n" for pin in dict.fromkeys([pinned(default), pinned("flwr")])))
        return
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    pins = PINS.read_text().splitlines()
    if not any(pin.startswith(f"{default} ") for pin in pins):
        print(f"{default} is not pinned in requirements/flower.txt; run make pins")
    missing = [pin.partition(" ")[0] for pin in pins if not fetched(pin, folder)]
    if missing:
        names = " and ".join(missing)
        print(f"{names} cannot be had from the package index; the tests with Flower's own parsers will skip")


if __name__ == "__main__":
    main()
