"""GPU or CPU: a pure function of the values and the facts (REQUIREMENTS.md, section 3)."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from ctxschema.context.values import Values
from ctxschema.gpu.facts import GpuFacts
from ctxschema.model.container import GpuRequest

FALLBACK_WARNING = "GPU requested but not available, falling back to CPU"
"""The text that is logged, to the letter."""

NOTHING_WITHOUT = "GPU required but not available"
"""The same for an appliance that cannot do without one."""


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
        request: How the appliance asks for a GPU; None where it uses none.
        count: How many GPUs the container sees; None where that is not known.
    """

    requested: bool
    use_gpu: bool
    environment: dict[str, str] = field(factory=dict)
    warning: str | None = None
    reason: str | None = None
    notice: str | None = None
    request: GpuRequest | None = field(default=None, repr=False)
    count: int | None = None

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
        name = self.request.published_as if self.request else ""
        return {name: self.facts["gpu"]} if name else {}

    @property
    def facts(self) -> dict[str, str]:
        """What texts and conditions of a declaration may hang on."""
        count = {"gpu_count": str(self.count)} if self.use_gpu and self.count else {}
        return {"gpu": "YES" if self.use_gpu else "NO", **count}

    @property
    def stops_boot(self) -> bool:
        """Whether there is no GPU for an appliance that cannot do without one."""
        return self.warning is not None and self.request is not None and self.request.required

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


def requested(values: Values) -> bool:
    """Say whether an appliance asks for a GPU."""
    request = values.gpu
    return request is not None and (request.asked_by is None or values.get(request.asked_by) is True)


def decide_gpu(values: Values, facts: GpuFacts) -> GpuDecision:
    """Decide whether the container gets the machine's GPUs.

    Args:
        values: The values of an appliance, which know how it asks for a GPU. A value that failed is not among them,
            and a wrong GPU setting means the CPU.
        facts: What the machine says.
    """
    request = values.gpu
    if request is None or not requested(values):
        return GpuDecision(requested=False, use_gpu=False, request=request)
    wrong = _wrong_setting(request, values)
    if wrong is not None or not facts.usable:
        return fall_back(request, f"{wrong} is wrong" if wrong else facts.reason)
    devices = device_ids(values[request.devices]) if request.devices else []
    there = facts.numbers
    # CUDA drops everything from the first number on that is not there, so the others would be lost with it.
    chosen = [device for device in devices if device in there or not there]
    notice = _missing_devices([device for device in devices if device not in chosen], there)
    if devices and not chosen:
        return fall_back(request, notice)
    environment = {"CUDA_VISIBLE_DEVICES": ",".join(chosen)} if chosen else {}
    count = len(chosen or there) or None
    return GpuDecision(
        requested=True, use_gpu=True, environment=environment, notice=notice, request=request, count=count
    )


def fall_back(request: GpuRequest | None, reason: str | None) -> GpuDecision:
    """Return the decision for the CPU where a GPU was asked for.

    Args:
        request: How it was asked for.
        reason: Why it cannot be had, and what to do about it.
    """
    warning = NOTHING_WITHOUT if request is not None and request.required else FALLBACK_WARNING
    return GpuDecision(requested=True, use_gpu=False, warning=warning, reason=reason, request=request)


def _missing_devices(missing: list[str], there: dict[str, str]) -> str | None:
    if not missing:
        return None
    told = ", ".join(f"{index} ({name})" for index, name in there.items())
    return f"no GPU has the number {' or '.join(missing)}; the machine has {told}"


def _wrong_setting(request: GpuRequest, values: Values) -> str | None:
    """Return the name of a GPU setting that has an effect and failed."""
    for variable in (request.devices, *request.settings):
        if variable is None or variable in values or variable.default is None:
            continue
        if variable.effective is None or variable.effective.holds(values):
            return variable.name
    return None


def device_ids(text: str) -> list[str]:
    """Return the GPU numbers that a list of devices names, each once; none for ``all``, and for nothing at all.

    ``all`` is not CUDA's word for all: passed on, it would hide every GPU (facts/gpu.md, section 2).
    """
    if not text or text.lower() == "all":
        return []
    return list(dict.fromkeys(str(int(number)) for number in text.split(",")))
