"""Fetch the wheels of Flower whose argument parsers the tests run: the catalog's default release, and the newest."""

import subprocess
import sys
from pathlib import Path

from ctxschema.catalog.flower import FLOWER_VERSION

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
pip = [
    sys.executable,
    "-m",
    "pip",
    "download",
    "-qq",
    "--disable-pip-version-check",
    "--no-deps",
    "--only-binary",
    ":all:",
]
wanted = [f"flwr=={FLOWER_VERSION.default}", "flwr"]
missing = [name for name in wanted if subprocess.run([*pip, "-d", folder, name], check=False).returncode]
if missing:
    print(
        f"{' and '.join(missing)} cannot be had from the package index; the tests with Flower's own parsers will skip"
    )
