"""cloud-init's own reader of context.sh: prints as JSON what it reads; ``python cloud_init_reader.py FOLDER < FILE``.

The folder is where Debian's package was unpacked. What the module imports and its reader does not use is stood in for,
so that nothing but Python is needed.
"""

import importlib
import importlib.util
import json
import logging
import sys
import types
from typing import Any
from unittest import mock


def stand_in(name: str, **has: Any) -> None:
    module = types.ModuleType(f"cloudinit.{name}")
    vars(module).update(has)
    sys.modules[f"cloudinit.{name}"] = module


if __name__ == "__main__":
    folder = sys.argv[1]
    package = types.ModuleType("cloudinit")
    package.__path__ = [f"{folder}/cloudinit"]
    sys.modules["cloudinit"] = package
    stand_in("log", getLogger=logging.getLogger, debug=logging.debug)
    stand_in("net")
    stand_in("util")
    stand_in("sources", DataSource=object, DEP_FILESYSTEM="", DEP_NETWORK="")
    for each in ("log", "net", "util", "sources"):
        setattr(package, each, sys.modules[f"cloudinit.{each}"])
    spec = importlib.util.spec_from_file_location("reader", f"{folder}/cloudinit/sources/DataSourceOpenNebula.py")
    assert spec is not None
    assert spec.loader is not None
    reader = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reader)
    text = sys.stdin.buffer.read().decode()
    with mock.patch.object(sys, "stdout", sys.stderr):
        values = reader.parse_shell_config(text)
    sys.stdout.write(json.dumps(values))
