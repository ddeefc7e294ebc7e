"""Does CUDA itself initialise? nvidia-smi works where CUDA answers 802. Source of the codes: cuda.h, CUresult."""

from __future__ import annotations

from ctxschema.gpu.answers import NO_ROWS, REBOOT
from ctxschema.gpu.cuda_library import CudaAnswer, ask_cuda_library
from ctxschema.gpu.machine import Found, Machine, exit_code, said
from ctxschema.gpu.smi import ENABLED, gpus_of
from ctxschema.gpu.values import CUDA_LIBRARY, CUDA_SECONDS
from ctxschema.machine.system import Outcome
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "cuda-init",
    Layer.VM,
    "Does CUDA initialise and find a device?",
    f"cuInit and the number of devices through {CUDA_LIBRARY}, asked by python3 in a process of its own",
    "cuInit answers 0 and there is a device that lets programs in",
    (
        Answer("initialises", Status.PASS, "CUDA initialises, and has devices: {count}"),
        Answer(
            "not-ready",
            Status.FAIL,
            "cuInit answers 802: the system is not yet initialised, and nvidia-smi works all the same",
            "the GPU waits for its NVLink fabric: `systemctl start nvidia-fabricmanager` where the NVSwitches are in "
            "this machine, else have the host's Fabric Manager activate a partition with this GPU in it",
        ),
        Answer(
            "mismatch",
            Status.FAIL,
            "cuInit answers 803: the driver in the kernel and libcuda are of two versions",
            f"{REBOOT}; if it stays so, remove the libcuda of the other version (`ldconfig -p | grep libcuda`)",
        ),
        Answer(
            "compat",
            Status.FAIL,
            "cuInit answers 804: the libcuda that is found is one of CUDA's compatibility package, and this GPU cannot "
            "use it",
            "take its folder (/usr/local/cuda/compat) out of LD_LIBRARY_PATH and /etc/ld.so.conf.d, and run `ldconfig`",
        ),
        Answer(
            "no-devices",
            Status.FAIL,
            "CUDA finds no device, and nvidia-smi names a GPU",
            "make an instance on a GPU that has MIG on (`nvidia-smi mig -cgi <profile> -C`), see that the device nodes "
            "are there (`nvidia-modprobe -c 0 -u`), and read `dmesg | grep -i nvrm`",
        ),
        Answer(
            "prohibited",
            Status.FAIL,
            "CUDA initialises, and every device has compute mode Prohibited, which lets no program in",
            "`nvidia-smi -c DEFAULT`",
        ),
        Answer(
            "unknown",
            Status.FAIL,
            "cuInit answers {result}, which is mostly a device node that is missing or closed",
            "`nvidia-modprobe -c 0 -u`, and look at the mode of /dev/nvidia-uvm; if it stays so, read "
            "`dmesg | grep -i nvrm`",
        ),
        Answer(
            "failed",
            Status.FAIL,
            "cuInit answers {result}",
            f"read `dmesg | grep -i -e nvrm -e xid` and {REBOOT}",
        ),
        Answer(
            "no-library",
            Status.FAIL,
            "CUDA's library cannot be loaded: {said}",
            "install the driver's libraries (`apt install libnvidia-compute-545`, of the driver's own version)",
        ),
        Answer(
            "crashed",
            Status.FAIL,
            "the program that asked CUDA ended with {code}: {said}",
            "install the driver's libraries again (`apt install --reinstall libnvidia-compute-545`)",
        ),
        Answer(
            "timeout",
            Status.FAIL,
            "CUDA did not initialise within {seconds} seconds",
            f"{REBOOT}; if it hangs again, read `dmesg | grep -i -e nvrm -e xid`",
        ),
        Answer(
            "fewer",
            Status.WARN,
            "CUDA has {count} devices, and nvidia-smi names {expected} GPUs",
            "look for the others in `dmesg | grep -i -e nvrm -e xid`, and at their compute mode (`nvidia-smi -q -d "
            "COMPUTE`)",
        ),
        Answer("no-python", Status.SKIP, "python3 with ctypes is not there to ask CUDA"),
        Answer("elsewhere", Status.SKIP, "CUDA's library does not stand below this root, so it cannot be asked"),
        NO_ROWS,
    ),
)

_BY_CODE = {100: "no-devices", 304: "unknown", 802: "not-ready", 803: "mismatch", 804: "compat", 999: "unknown"}
_NO_CTYPES = "no ctypes"
_NO_LIBRARY = "no library: "


def probe(machine: Machine) -> Found:
    """Call cuInit of the driver's library and count the devices that it then reports."""
    gpus = gpus_of(machine)
    if not gpus:
        yield "no-rows", {}
        return
    answer = machine.cached(ask_cuda_library)
    if answer.outcome is None:
        yield "elsewhere", {}
    elif answer.code is None:
        yield _not_asked(answer.outcome, f"{machine.limit(CUDA_SECONDS):g}")
    else:
        yield _asked(answer)
    # A GPU that is divided by MIG counts as its instances, of which a process sees one.
    cut = any(gpu.mig_mode == ENABLED for gpu in gpus)
    if answer.code == 0 and not cut and 0 < answer.count < len(gpus):
        yield "fewer", {"count": str(answer.count), "expected": str(len(gpus))}


def _not_asked(outcome: Outcome, seconds: str) -> tuple[str, dict[str, str]]:
    words = said(outcome)
    if outcome.missing or words == _NO_CTYPES:
        return "no-python", {}
    if outcome.timed_out:
        return "timeout", {"seconds": seconds}
    if words.startswith(_NO_LIBRARY):
        return "no-library", {"said": words.removeprefix(_NO_LIBRARY)}
    return "crashed", {"code": exit_code(outcome), "said": words}


def _asked(answer: CudaAnswer) -> tuple[str, dict[str, str]]:
    if answer.code:
        return _BY_CODE.get(answer.code, "failed"), {"result": str(answer.code)}
    if answer.count == 0:
        return "no-devices", {}
    return ("initialises" if answer.closed < answer.count else "prohibited"), {"count": str(answer.count)}
