"""Record that cuInit, the decision, the command and the script agree about a machine's GPUs, whatever is taken away.

    python3 tools/record_gpu_situations.py OUTDIR

Needs a machine with an NVIDIA GPU and its driver, Python 3.10 and attrs (``pip install --target build/carry attrs``
beforehand, where it is missing); no Docker. Nothing of the machine is changed: each situation is a folder of links that
stands for ``/``, an environment, or a mount namespace of its own. What cannot be made here is skipped by name. Writes
OUTDIR/situations.json and ends with 1 if something disagrees.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parents[1]
LIBRARY = "libcuda.so.1"
FOLDER = "usr/lib/x86_64-linux-gnu"
CLOSED_NODES = ("/dev/nvidia-uvm", "/dev/nvidiactl", "/dev/nvidia0")
SECONDS = 120


MACHINE = os.environ.get("MACHINE", "")
"""A folder from which /proc, /sys and /dev are taken, to try this without a GPU."""


class Situation(NamedTuple):
    """The state of a machine in which it is looked at."""

    name: str
    root: Path | None = None
    environment: Mapping[str, str] = {}
    prefix: Sequence[str] = ()
    skipped: str = ""


# ---- inside a situation ----


def inside(root: str) -> dict[str, Any]:
    """Return the decision and the report of the command for a folder that takes the place of ``/``."""
    from ctxschema import decide_gpu, get_appliance, load_context, validate
    from ctxschema.gpu.facts import detect_gpu
    from ctxschema.gpu.run import run_checks
    from ctxschema.machine.system import System
    from ctxschema.model.check import Layer

    system = System(root)
    report = run_checks(Layer.VM, system).as_dict()
    facts = detect_gpu(system)
    decisions = {}
    for devices in ("all", "0", "0,1", "7", "0, 7"):
        context = {"FL_GPU_ENABLED": "YES", "FL_SUPERLINK_ADDRESS": "a:1", "FL_CUDA_VISIBLE_DEVICES": devices}
        decision = decide_gpu(validate(get_appliance("flower-supernode"), load_context(context)).values, facts)
        seen = decision.environment.get("CUDA_VISIBLE_DEVICES")
        decisions[devices] = {
            "available": decision.use_gpu,
            "environment": decision.environment,
            "reason": decision.reason or decision.notice,
            "cuInit": cuda(root, seen) if decision.use_gpu else None,
        }
    return {"decisions": decisions, "command": report, "cuInit": cuda(root, None)}


def cuda(root: str, seen: str | None) -> str:
    """Ask CUDA with an independent program, as a program in a container would."""
    library = os.path.join(root, FOLDER, LIBRARY)
    environment = {key: value for key, value in os.environ.items() if key != "CUDA_VISIBLE_DEVICES"}
    if seen is not None:
        environment["CUDA_VISIBLE_DEVICES"] = seen
    command = [sys.executable, __file__, "--cuda", library]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)
    return ended.stdout.strip() or f"ended with {ended.returncode}"


def ask_cuda(path: str) -> str:
    """Return ``CODE COUNT`` of one initialisation in this process, or that there is no library."""
    try:
        library = ctypes.CDLL(path)
    except OSError:
        return "no library"
    count = ctypes.c_int()
    code = library.cuInit(0)
    if code == 0:
        code = library.cuDeviceGetCount(ctypes.byref(count))
    return f"{code} {count.value}"


# ---- making situations ----


def tree(folder: Path, *, driver: bool = True, library: str | None = "real") -> Path:
    """Create a folder of links that takes the place of ``/``."""
    root = folder / "root"
    (root / "usr/bin").mkdir(parents=True)
    (root / FOLDER).mkdir(parents=True)
    hook = root / "usr/bin/nvidia-container-runtime-hook"
    hook.write_text("#!/bin/sh\n")
    hook.chmod(0o755)
    if driver:
        for name in ("proc", "sys", "dev"):
            (root / name).symlink_to(f"{MACHINE}/{name}")
    if library == "real":
        (root / FOLDER / LIBRARY).symlink_to(real_library())
    elif library == "broken":
        (root / FOLDER / LIBRARY).write_text("this is no library\n")
    return root


def real_library() -> str:
    """Return the path of the driver's libcuda, from the memory map of a process that loads it."""
    program = f"import ctypes; ctypes.CDLL('{LIBRARY}'); print(open('/proc/self/maps').read())"
    maps = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False).stdout
    return next((line.split()[-1] for line in maps.splitlines() if "libcuda.so" in line), f"/nowhere/{LIBRARY}")


def programs(folder: Path) -> str:
    """Make a stand-in docker; return a PATH with it in front."""
    bin_folder = folder / "bin"
    bin_folder.mkdir()
    docker = bin_folder / "docker"
    docker.write_text('#!/bin/sh\ncase "$1" in version) echo 28.5.2 ;; *) exit 1 ;; esac\n')
    docker.chmod(0o755)
    return f"{bin_folder}:{os.environ['PATH']}"


def situations(folder: Path) -> Iterator[Situation]:
    """Yield each situation, made or with the reason why it is not."""
    libraries = os.environ.get("LD_LIBRARY_PATH", "")
    yield Situation("as the machine is", tree(new(folder)))
    yield Situation("kernel driver hidden", tree(new(folder), driver=False))
    broken = tree(new(folder), library="broken")
    yield Situation("libcuda broken", broken, {"LD_LIBRARY_PATH": f"{broken / FOLDER}:{libraries}"})
    yield Situation("no libcuda below this root", tree(new(folder), library=None), {"LD_LIBRARY_PATH": ""})
    nvml = new(folder)
    (nvml / "libnvidia-ml.so.1").write_text("this is no library\n")
    yield Situation("NVML broken", tree(new(folder)), {"LD_LIBRARY_PATH": f"{nvml}:{libraries}"})
    for value in ("", "7", "all", "-1"):
        name = f"CUDA_VISIBLE_DEVICES={value} in the environment"
        yield Situation(name, tree(new(folder)), {"CUDA_VISIBLE_DEVICES": value})
    for node in CLOSED_NODES:
        if not os.path.exists(node):
            yield Situation(f"{node} closed", skipped=f"there is no {node}")
        else:
            yield in_namespace(folder, f"{node} closed", f"mount --bind /dev/null {node}")
    # Read-only in the end, or the driver's programs make the nodes anew.
    yield in_namespace(
        folder,
        "device nodes removed",
        f"mkdir -p {folder}/dev; mount -t tmpfs none {folder}/dev; touch {folder}/dev/null; "
        f"mount --bind /dev/null {folder}/dev/null; ln -s /proc/self/fd {folder}/dev/fd; "
        f"mount --move {folder}/dev /dev; mount -o remount,ro /dev",
    )
    for name in ("compute mode prohibited", "MIG switched on"):
        yield Situation(name, skipped="it would change the machine's settings")


def in_namespace(folder: Path, name: str, commands: str) -> Situation:
    """Return a situation that some commands make in a mount namespace of its own."""
    for unshare in (["unshare", "--mount"], ["unshare", "--mount", "--user", "--map-root-user"]):
        prefix = [*unshare, "sh", "-ec", f'{commands}; exec "$@"', "sh"]
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            if subprocess.run([*prefix, "true"], capture_output=True, timeout=20, check=False).returncode == 0:
                return Situation(name, tree(new(folder)), prefix=prefix)
    return Situation(name, skipped="this machine allows no mount namespace in which it could be made")


def new(folder: Path) -> Path:
    """Return a new folder in a folder."""
    return Path(tempfile.mkdtemp(dir=folder))


# ---- comparing ----


def observe(situation: Situation, path: str) -> dict[str, Any]:
    """Return what is observed in a situation, with the answers of each check."""
    whole = {**os.environ, "PATH": path, **situation.environment, "CTX_ROOT": str(situation.root)}
    if not whole.get("LD_LIBRARY_PATH"):
        whole.pop("LD_LIBRARY_PATH", None)
    began = time.monotonic()
    observed: dict[str, Any] = {}
    command = [*situation.prefix, sys.executable, __file__, "--inside", str(situation.root)]
    ended = subprocess.run(command, env=whole, capture_output=True, text=True, timeout=SECONDS, check=False)
    if ended.returncode:
        return {"error": ended.stderr[-2000:]}
    observed.update(json.loads(ended.stdout), seconds=round(time.monotonic() - began, 2))
    script = [*situation.prefix, "bash", str(HERE / "schemas/gpu/validate-gpu.sh"), "--json"]
    ended = subprocess.run(script, env=whole, capture_output=True, text=True, timeout=SECONDS, check=False)
    if ended.returncode not in {0, 1} or ended.stderr:
        return {"error": f"the script ended with {ended.returncode}: {ended.stderr[-2000:]}"}
    report = observed.pop("command")
    observed["script agrees"] = json.loads(ended.stdout) == report
    observed["answers"] = {check["id"]: [each["answer"] for each in check["results"]] for check in report["checks"]}
    return observed


def faults(situation: Situation, observed: dict[str, Any]) -> list[str]:
    """Return the disagreements."""
    if "error" in observed:
        return [observed["error"]]
    found = [] if observed["script agrees"] else ["the script says something else than the command"]
    everything = observed["decisions"]["all"]["available"]
    if situation.name == "as the machine is" and not everything:
        found.append("the machine has a GPU, and the decision is NO")
    if "elsewhere" in observed["answers"]["cuda-init"]:
        return found  # CUDA could not be asked there
    for devices, decision in observed["decisions"].items():
        if not decision["available"]:
            continue
        code, _, count = (decision["cuInit"] or "").partition(" ")
        chosen = decision["environment"].get("CUDA_VISIBLE_DEVICES")
        if code != "0" or not count.isdigit() or int(count) < 1:
            found.append(f"{devices}: YES, and cuInit says {decision['cuInit']}")
        elif chosen is not None and int(count) != len(chosen.split(",")):
            found.append(f"{devices}: {chosen} chosen, and CUDA has {count}")
    if observed["cuInit"].partition(" ")[0] != "0" and everything:
        found.append(f"cuInit says {observed['cuInit']}, and the decision is YES")
    return found


def main(out: Path) -> int:
    """Look at the machine in every situation; return the exit code."""
    out.mkdir(parents=True, exist_ok=True)
    os.environ["PYTHONPATH"] = f"{HERE}:{HERE / 'build/carry'}:{os.environ.get('PYTHONPATH', '')}"
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    record: dict[str, Any] = {}
    try:
        path = programs(folder)
        for situation in situations(folder):
            if situation.root is None:
                record[situation.name] = {"skipped": situation.skipped}
                print(f"skip: {situation.name}: {situation.skipped}", flush=True)
                continue
            observed = observe(situation, path)
            observed["disagrees"] = faults(situation, observed)
            record[situation.name] = observed
            decision = observed.get("decisions", {}).get("all", {})
            decided = "YES" if decision.get("available") else f"NO ({decision.get('reason')})"
            verdict = f"DISAGREE {observed['disagrees']}" if observed["disagrees"] else "agree"
            print(f"{verdict}: {situation.name}: {decided}, cuInit {observed.get('cuInit')}", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text = json.dumps(record, indent=1).replace(str(folder), "/tmp/machine")
    (out / "situations.json").write_text(text + "\n")
    return int(any(observed.get("disagrees") for observed in record.values()))


if __name__ == "__main__":
    if sys.argv[1] == "--cuda":
        print(ask_cuda(sys.argv[2]))
        sys.exit()
    if sys.argv[1] == "--inside":
        print(json.dumps(inside(sys.argv[2])))
        sys.exit()
    sys.exit(main(Path(sys.argv[1])))
