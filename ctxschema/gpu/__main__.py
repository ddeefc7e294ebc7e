"""``python -m ctxschema.gpu host|vm`` runs the checks; it needs attrs and the standard library only."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys

from ctxschema.core.streams import put
from ctxschema.gpu.run import run_checks
from ctxschema.machine.system import System
from ctxschema.model.check import Layer


def main() -> int:
    """Run the checks, print the report and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ctxschema.gpu", description=__doc__)
    parser.add_argument("layer", choices=[layer.value for layer in Layer])
    parser.add_argument("--root", default="/", help="a folder that stands for /")
    parser.add_argument("--format", choices=["text", "json"])
    parser.add_argument("--image", help="the image for the container check")
    parser.add_argument("--pull", action="store_true", help="download the image if it is not there")
    parser.add_argument("--timeout", type=int, help="the longest that any program may take, in seconds")
    parser.add_argument("--onehost", type=argparse.FileType(), help="what onehost show -x prints of this host")
    given = parser.parse_args()
    if not os.path.isdir(given.root):
        parser.error(f"{given.root} is no folder")
    layer, system = Layer(given.layer), System(given.root)
    onehost = None
    if given.onehost:
        with given.onehost as opened:
            onehost = opened.read()
    report = run_checks(layer, system, image=given.image, pull=given.pull, most=given.timeout, onehost=onehost)
    text = json.dumps(report.as_dict(), indent=2) if given.format == "json" else "\n".join(report.lines())
    try:
        put(sys.stdout, f"{text}\n")
    except OSError as error:
        if sys.stderr is not None and not isinstance(error, BrokenPipeError):
            with contextlib.suppress(OSError):
                put(sys.stderr, f"Error: standard output cannot be written: {error.strerror}\n")
        return 1
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
