"""The decision between GPU and CPU: a pure function of the values and the facts."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from ctxschema.context.values import Values
from ctxschema.gpu.facts import GpuFacts
from ctxschema.model.gpu_request import GpuRequest

FALLBACK_WARNING = "GPU requested but not available, falling back to CPU"
"""The text that is logged; the requirements prescribe it literally."""

NOTHING_WITHOUT = "GPU required but not available"
"""The same for an appliance that cannot run without a GPU."""


@frozen
class GpuDecision:
    """The decision whether the container gets the machine's GPUs.

    Attributes:
        requested: Whether a GPU was requested.
        use_gpu: Whether the container gets it.
        environment: The environment variables that select GPUs in the container.
        warning: The text to log if a GPU was requested and cannot be used.
        reason: Why it cannot be used, and what to do about it.
        notice: A text about selected devices that do not exist, if there are any.
        request: How the appliance asks for a GPU; None if it does not.
        count: How many GPUs the container sees; None if that is not known.
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
        """The options of ``docker run`` for GPUs; empty unless ``use_gpu``."""
        if not self.use_gpu:
            return []
        chosen = (word for name, value in self.environment.items() for word in ("-e", f"{name}={value}"))
        return ["--gpus", "all", *chosen]

    @property
    def onegate(self) -> dict[str, str]:
        """The attribute to publish through OneGate, if the appliance declares one."""
        name = self.request.published_as if self.request else ""
        return {name: self.facts["gpu"]} if name else {}

    @property
    def facts(self) -> dict[str, str]:
        """The facts that placeholders and conditions of a declaration can refer to."""
        count = {"gpu_count": str(self.count)} if self.use_gpu and self.count else {}
        return {"gpu": "YES" if self.use_gpu else "NO", **count}

    @property
    def stops_boot(self) -> bool:
        """Whether a GPU is missing and the appliance cannot run without."""
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
    """Say whether an appliance requests a GPU."""
    request = values.gpu
    return request is not None and (request.asked_by is None or values.get(request.asked_by) is True)


def decide_gpu(values: Values, facts: GpuFacts) -> GpuDecision:
    """Decide whether the container gets the machine's GPUs.

    Args:
        values: The values of the appliance, as `validate` returns them. If a value for the GPU failed, the CPU is used.
        facts: The facts about the machine, as `detect_gpu` returns them.
    """
    request = values.gpu
    if request is None or not requested(values):
        return GpuDecision(requested=False, use_gpu=False, request=request)
    wrong = _wrong_setting(request, values)
    if wrong is not None or not facts.usable:
        return fall_back(request, f"{wrong} is wrong" if wrong else facts.reason)
    devices = device_ids(values[request.devices]) if request.devices else []
    there = facts.numbers
    # CUDA ignores every device from the first missing number on, so the missing ones must be left out.
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
    """Return the decision for the CPU although a GPU was requested.

    Args:
        request: How it was requested.
        reason: Why it cannot be used, and what to do about it.
    """
    warning = NOTHING_WITHOUT if request is not None and request.required else FALLBACK_WARNING
    return GpuDecision(requested=True, use_gpu=False, warning=warning, reason=reason, request=request)


def _missing_devices(missing: list[str], there: dict[str, str]) -> str | None:
    if not missing:
        return None
    known = ", ".join(f"{index} ({name})" for index, name in there.items())
    return f"no GPU has the number {' or '.join(missing)}; the machine has {known}"


def _wrong_setting(request: GpuRequest, values: Values) -> str | None:
    """Return the name of a GPU setting that has an effect and whose value failed, or None."""
    for variable in (request.devices, *request.settings):
        if variable is None or variable in values or variable.default is None:
            continue
        if variable.effective is None or variable.effective.holds(values):
            return variable.name
    return None


def device_ids(text: str) -> list[str]:
    """Return the GPU numbers in a list of devices, without repetitions; an empty list means all of them.

    CUDA does not understand ``all``: passed on, it would hide every GPU (docs/facts/gpu.md, section 2).
    """
    if not text or text.lower() == "all":
        return []
    return list(dict.fromkeys(str(int(number)) for number in text.split(",")))
