"""Is the container's CUDA one that the driver runs?"""

from __future__ import annotations

from ctxschema.core.outside import version_numbers
from ctxschema.gpu.answers import NO_ENGINE, NO_IMAGE
from ctxschema.gpu.engine import choose_image, cuda_of, engine_version
from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.smi import ask_cuda, gpus_of
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "container-cuda",
    Layer.VM,
    "Is the container's CUDA one that the driver runs?",
    "CUDA_VERSION in the image's environment, else NVIDIA_REQUIRE_CUDA, against what nvidia-smi tells of the driver",
    "the image's CUDA is not newer than the driver's, or the image declares none",
    (
        Answer("runs", Status.PASS, "{image} has CUDA {wanted}, and the driver runs CUDA up to {cuda}"),
        Answer("undeclared", Status.PASS, "{image} declares no CUDA of its own"),
        Answer(
            "newer-minor",
            Status.WARN,
            "{image} has CUDA {wanted}, and the driver runs CUDA up to {cuda}; most programs work, not all",
            "install a newer driver, or use an image with CUDA {cuda}",
        ),
        Answer(
            "newer",
            Status.FAIL,
            "{image} has CUDA {wanted}, and the driver runs CUDA up to {cuda} only",
            "install a newer driver, or use an image with CUDA {cuda}",
        ),
        Answer("untold", Status.SKIP, "nvidia-smi does not tell the driver's CUDA"),
        NO_ENGINE,
        NO_IMAGE,
        Answer("not-there", Status.SKIP, "the image {image} is not there"),
    ),
    needs_container=True,
)


def probe(machine: Machine) -> Found:
    """Compare the CUDA that the image requires with the newest CUDA that the driver runs."""
    if not engine_version(machine):
        yield "no-engine", {}
    elif not gpus_of(machine) or not (cuda := machine.cached(ask_cuda)):
        yield "untold", {}
    elif not (image := machine.cached(choose_image)):
        yield "no-image", {}
    elif (wanted := cuda_of(machine, image)) is None:
        yield "not-there", {"image": image}
    else:
        yield _judged(wanted, cuda), {"image": image, "wanted": wanted, "cuda": cuda}


def _judged(wanted: str, cuda: str) -> str:
    if not wanted:
        return "undeclared"
    ours, drivers = version_numbers(wanted), version_numbers(cuda)
    if ours <= drivers:
        return "runs"
    return "newer" if ours[0] > drivers[0] else "newer-minor"
