"""Checks of a declaration: contradictions between the container, the GPU request and the boot steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ctxschema.model.condition_parts import mentions_gpu
from ctxschema.model.container import Container
from ctxschema.model.container_faults import container_faults, gpu_faults
from ctxschema.model.gpu_request import GpuRequest
from ctxschema.model.placeholders import placeholders
from ctxschema.model.step import Step, StepKind

if TYPE_CHECKING:
    from ctxschema.model.appliance import Appliance

_ONCE = tuple(kind for kind in StepKind if kind is not StepKind.IMAGE)
_BEFORE = (
    (StepKind.READ, StepKind.VALIDATE),
    (StepKind.VALIDATE, StepKind.FOLDERS),
    (StepKind.FOLDERS, StepKind.FILES),
    (StepKind.FILES, StepKind.START),
    (StepKind.VALIDATE, StepKind.DISCOVER),
    (StepKind.DISCOVER, StepKind.START),
    (StepKind.VALIDATE, StepKind.GPU),
    (StepKind.ENGINE, StepKind.PULL),
    (StepKind.GPU, StepKind.PULL),
    (StepKind.PULL, StepKind.START),
    (StepKind.START, StepKind.SETTLE),
    (StepKind.SETTLE, StepKind.PUBLISH),
)
"""Pairs of steps of which one needs what the other has done."""

_WITHOUT_CONTAINER = {StepKind.IMAGE, StepKind.READ, StepKind.VALIDATE}


def boot_faults(appliance: Appliance) -> Iterator[str]:
    """Yield each contradiction between container, GPU request and steps, as a sentence."""
    container, gpu = appliance.container, appliance.gpu
    if gpu is not None:
        yield from gpu_faults(gpu, appliance.by_name, has_container=container is not None)
    if container is not None:
        yield from container_faults(container, gpu, appliance.by_name)
        yield from _late_faults(container)
        if appliance.roles:
            yield "a service of several roles has a container for each, and none of its own"
    yield from _step_faults(appliance.steps, container, gpu)


def _late_faults(container: Container) -> Iterator[str]:
    """Yield each folder or file that depends on a fact that the boot learns only after it made folders and files."""
    late = {discover.variable.name for discover in container.discovers}
    written = [(entry.name, entry.text, entry.when) for entry in container.environment if entry.in_file]
    written += [(file.path, file.text, file.when) for file in container.files]
    written += [(mount.source, mount.source, mount.when) for mount in container.mounts if not mount.is_volume]
    for name, text, when in written:
        if mentions_gpu(when) or any(placeholder.name in {"gpu", "gpu_count"} for placeholder in placeholders(text)):
            yield f"{name} hangs on the decision about the GPU, which comes after folders and files are made"
        for variable in sorted(late & {placeholder.name for placeholder in placeholders(text)}):
            yield f"{name} names {variable}, which is discovered after folders and files are made"


def _step_faults(steps: tuple[Step, ...], container: Container | None, gpu: GpuRequest | None) -> Iterator[str]:
    kinds: list[StepKind] = [step.kind for step in steps if step.kind is not StepKind.IMAGE]
    yield from (f"two steps do the same: {kind.value}" for kind in _ONCE if kinds.count(kind) > 1)
    if container is None:
        useless = [kind for kind in dict.fromkeys(kinds) if kind not in _WITHOUT_CONTAINER]
        yield from (f"a step does {kind.value}, and there is no container" for kind in useless)
    elif kinds:
        wanted = _wanted(container, gpu)
        for kind in _ONCE:
            if kind in wanted and kind not in kinds:
                yield f"no step does {kind.value}, which the container needs"
            if kind in kinds and kind not in wanted:
                yield f"a step does {kind.value}, and there is nothing to do"
    for first, then in _BEFORE:
        if {first, then} <= {*kinds} and kinds.index(first) > kinds.index(then):
            yield f"the step that does {first.value} has to come before the one that does {then.value}"
    for step in steps:
        if step.kind is StepKind.GPU and gpu is not None and gpu.required and not step.stops_boot:
            yield f"step {step.id} is a warning, and the appliance cannot do without a GPU"


def _wanted(container: Container, gpu: GpuRequest | None) -> set[StepKind]:
    """Return the kinds of steps without which a container cannot be started as declared."""
    needed = {
        StepKind.GPU: gpu is not None,
        StepKind.DISCOVER: bool(container.discovers),
        StepKind.PUBLISH: bool(container.publishes or (gpu is not None and gpu.published_as)),
    }
    return {kind for kind in _ONCE if needed.get(kind, True)}
