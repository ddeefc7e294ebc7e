"""GPU or CPU: a pure function of the values and the facts (REQUIREMENTS.md, section 3)."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from ctxschema.catalog.flower.gpu import FL_CUDA_VISIBLE_DEVICES, FL_GPU_ENABLED, FL_GPU_MEMORY_FRACTION
from ctxschema.context.values import Values
from ctxschema.gpu.facts import GpuFacts

FALLBACK_WARNING = "GPU requested but not available, falling back to CPU"
"""The text that is logged, to the letter."""


@frozen
class GpuDecision:
    """Whether the container gets the machine's GPUs.

    Attributes:
        requested: Whether a GPU was asked for.
        use_gpu: Whether the container gets it.
        environment: What is set in the container to choose among the GPUs.
        warning: What to log where a GPU was asked for and cannot be had.
        reason: Why it cannot be had, and what to do about it.
        notice: What is to be said of the chosen devices, where some of them are not there.
    """

    requested: bool
    use_gpu: bool
    environment: dict[str, str] = field(factory=dict)
    warning: str | None = None
    reason: str | None = None
    notice: str | None = None

    @property
    def docker_flags(self) -> list[str]:
        """The arguments of ``docker run`` for it; empty unless ``use_gpu``."""
        if not self.use_gpu:
            return []
        chosen = (word for name, value in self.environment.items() for word in ("-e", f"{name}={value}"))
        return ["--gpus", "all", *chosen]

    @property
    def onegate(self) -> dict[str, str]:
        """What is published through OneGate."""
        return {"FL_GPU_AVAILABLE": "YES" if self.use_gpu else "NO"}

    def as_dict(self) -> dict[str, Any]:
        """Return the stable JSON form; see ``docs/json.md``."""
        return {
            "requested": self.requested,
            "available": self.use_gpu,
            "flags": self.docker_flags,
            "warning": self.warning,
            "reason": self.reason,
        }


NOT_REQUESTED = GpuDecision(requested=False, use_gpu=False)


def decide_gpu(values: Values, facts: GpuFacts) -> GpuDecision:
    """Decide whether the container gets the machine's GPUs.

    Args:
        values: The values of a SuperNode. A value that failed is not among them, and a wrong GPU setting means
            the CPU.
        facts: What the machine says.
    """
    if values.get(FL_GPU_ENABLED) is not True:
        return NOT_REQUESTED
    wrong = _wrong_setting(values)
    if wrong is not None or not facts.usable:
        reason = f"{wrong} is wrong" if wrong else facts.reason
        return fall_back(reason)
    devices = device_ids(values[FL_CUDA_VISIBLE_DEVICES])
    there = facts.numbers
    # CUDA drops everything from the first number on that is not there, so the others would be lost with it.
    chosen = [device for device in devices if device in there or not there]
    notice = _missing_devices([device for device in devices if device not in chosen], there)
    if devices and not chosen:
        return fall_back(notice)
    environment = {"CUDA_VISIBLE_DEVICES": ",".join(chosen)} if chosen else {}
    return GpuDecision(requested=True, use_gpu=True, environment=environment, notice=notice)


def fall_back(reason: str | None) -> GpuDecision:
    """Return the decision for the CPU where a GPU was asked for.

    Args:
        reason: Why it cannot be had, and what to do about it.
    """
    return GpuDecision(requested=True, use_gpu=False, warning=FALLBACK_WARNING, reason=reason)


def _missing_devices(missing: list[str], there: dict[str, str]) -> str | None:
    if not missing:
        return None
    told = ", ".join(f"{index} ({name})" for index, name in there.items())
    return f"no GPU has the number {' or '.join(missing)}; the machine has {told}"


def _wrong_setting(values: Values) -> str | None:
    """Return the name of a GPU setting that has an effect and failed."""
    for variable in (FL_CUDA_VISIBLE_DEVICES, FL_GPU_MEMORY_FRACTION):
        if variable not in values and variable.effective is not None and variable.effective.holds(values):
            return variable.name
    return None


def device_ids(text: str) -> list[str]:
    """Return the GPU numbers that a value of FL_CUDA_VISIBLE_DEVICES names, each once; none for ``all``.

    ``all`` is not CUDA's word for all: passed on, it would hide every GPU (gpu.md, section 2).
    """
    if text.lower() == "all":
        return []
    return list(dict.fromkeys(str(int(number)) for number in text.split(",")))
