"""The request of an appliance for the GPUs of its machine, and the condition that its container gets them."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from ctxschema.model.conditions import Condition, Values
from ctxschema.model.container import EnvironmentEntry
from ctxschema.model.variable import Variable


@frozen
class GpuUsed(Condition):
    """The container gets a GPU. That is decided while the machine boots, so no rule or ``effective`` may name it."""

    @property
    def variables(self) -> tuple[Variable[Any], ...]:
        return ()

    @property
    def words(self) -> str:
        return "a GPU is used"

    def holds(self, values: Values) -> bool | None:
        return values["gpu"] == "YES" if "gpu" in values else None


@frozen
class GpuRequest:
    """How an appliance asks for the GPUs of its machine.

    Args:
        asked_by: The variable that asks for GPUs; None for an appliance that always wants them.
        devices: The variable that names the GPUs to use: ``all``, or numbers separated by commas; all are used if None.
        settings: Further variables that matter only with a GPU. If one of them has a wrong value, the CPU is used.
        environment: Environment variables that are set in the container only where a GPU is used.
        published_as: The OneGate attribute that tells the service whether a GPU is used; nothing is published if empty.
        required: Whether the appliance cannot run without a GPU: its boot then ends where there is none. Otherwise it
            goes on with the CPU and a warning.
        script: Where the machine's image has validate-gpu.sh, which reports in detail why there is no GPU. If it is not
            there, the agent makes the same checks itself.
    """

    asked_by: Variable[bool] | None = None
    devices: Variable[str] | None = None
    settings: tuple[Variable[Any], ...] = ()
    environment: tuple[EnvironmentEntry, ...] = ()
    published_as: str = ""
    required: bool = False
    script: str = ""
