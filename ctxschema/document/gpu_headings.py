"""Finding the section of the page on GPU passthrough that is about a variable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ctxschema.model.appliance import Appliance
from ctxschema.model.conditions import AllOf, AnyOf, Condition, Not
from ctxschema.model.container import EnvironmentEntry
from ctxschema.model.gpu_request import GpuRequest, GpuUsed
from ctxschema.model.placeholders import placeholders
from ctxschema.model.variable import Variable

GPU_OR_CPU = "GPU or CPU"
SEVERAL = "Several GPUs"
MEMORY = "The memory of a GPU"
MONITORING = "Watching the GPU"


def concerns_gpu(variable: Variable[Any], machines: Iterable[Appliance]) -> str | None:
    """Return the heading of the section about a variable, or None if it does not concern a GPU.

    Args:
        variable: The variable.
        machines: The appliances that read it.
    """
    for machine in machines:
        if machine.gpu is not None:
            for heading, found in _concerned(machine, machine.gpu):
                if found == variable.name:
                    return heading
    return None


def _concerned(machine: Appliance, gpu: GpuRequest) -> Iterator[tuple[str, str]]:
    """Yield the name and the heading of each variable that a GPU request or a container mentions."""
    if gpu.asked_by is not None:
        yield GPU_OR_CPU, gpu.asked_by.name
    if gpu.devices is not None:
        yield SEVERAL, gpu.devices.name
    yield from ((MEMORY, setting.name) for setting in gpu.settings)
    for entry in gpu.environment:
        yield from ((MEMORY, name) for name in _named(entry))
    for container in machine.container.containers if machine.container else ():
        if container.gpus and container.when is not None:
            asked = gpu.asked_by.name if gpu.asked_by else ""
            yield from ((MONITORING, each.name) for each in container.when.variables if each.name != asked)
        for argument in container.arguments:
            if argument.when is not None and _asks_for_gpu(argument.when):
                names = (each.name for word in argument.words for each in placeholders(word))
                yield from ((MEMORY, name) for name in names if name in machine.by_name)


def _named(entry: EnvironmentEntry) -> Iterator[str]:
    yield from (each.name for each in placeholders(entry.text))
    yield from (each.name for each in (entry.when.variables if entry.when is not None else ()))


def _asks_for_gpu(condition: Condition) -> bool:
    match condition:
        case AllOf() | AnyOf():
            return any(_asks_for_gpu(each) for each in condition.conditions)
        case Not():
            return _asks_for_gpu(condition.condition)
        case _:
            return isinstance(condition, GpuUsed)
