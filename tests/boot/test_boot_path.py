"""What the machine runs at boot needs attrs and the standard library only."""

import subprocess
import sys

import pytest

LIBRARIES = {"lark", "cattrs", "jsonschema", "click", "rich", "yaml", "hypothesis"}
NETWORK = {"socket", "ssl", "http", "urllib.request"}

BOOT = """
import sys
from ctxschema import get_appliance, load_context, validate, decide_gpu, docker_arguments, GpuFacts
import ctxschema.boot.plan, ctxschema.gpu.facts, ctxschema.machine.system
import ctxschema.context.one_env, ctxschema.grammar.emit, ctxschema.grammar.analyse
from ctxschema.boot.plan import dry_run
from ctxschema.machine.system import System
for name in ("flower-supernode", "flower-superlink"):
    context = {"FL_SUPERLINK_ADDRESS": "10.0.0.1:9092", "FL_GPU_ENABLED": "YES", "FL_TYPO": "x",
               "FL_NODE_CONFIG": "a=1"}
    facts = ctxschema.gpu.facts.detect_gpu(System("/nowhere"))
    planned = dry_run(get_appliance(name), load_context(context), lambda: facts)
    assert planned.ok, planned
    planned.as_dict()
import ctxschema.boot.agent, ctxschema.boot.actions, ctxschema.machine.onegate, ctxschema.boot.environment
import ctxschema.boot.certificates
from ctxschema.agent import main
assert main(["flower-supernode", "--dry-run", "--context", "/dev/null"]) == 0
print(*sys.modules, sep=" ", file=sys.stderr)
"""


@pytest.mark.parametrize("flags", [[], ["-S", "-E"]])
def test_no_library_is_imported(flags: list[str]) -> None:
    command = BOOT if not flags else f"import sys; sys.path[:0] = {[p for p in sys.path if p]!r}\n{BOOT}"
    ended = subprocess.run([sys.executable, *flags, "-c", command], capture_output=True, text=True, check=True)
    loaded = {module for name in ended.stderr.splitlines()[-1].split() for module in (name, name.partition(".")[0])}
    assert not loaded & (LIBRARIES | NETWORK)
