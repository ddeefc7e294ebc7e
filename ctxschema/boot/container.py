"""Planning a container: from its declaration and the values to the arguments of ``docker run``.

The arguments are a list that no shell reads. Source: docs/facts/gpu.md, section 1.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from attrs import evolve

from ctxschema.boot.container_plan import ContainerPlan, Folder, PlannedFile
from ctxschema.boot.known import Known
from ctxschema.boot.ports import published_ports
from ctxschema.context.values import Values
from ctxschema.core.errors import DeclarationError, UnknownNameError
from ctxschema.core.secret import Secret
from ctxschema.gpu.decision import NOT_REQUESTED, GpuDecision
from ctxschema.model.appliance import Appliance
from ctxschema.model.container import (
    SECRET_MODE,
    Container,
    EnvironmentEntry,
    Mount,
    Rights,
    WrittenFile,
)

T = TypeVar("T", EnvironmentEntry, Mount, WrittenFile)


def docker_arguments(  # noqa: PLR0913 - each is a choice of its own
    appliance: Appliance,
    values: Values,
    decision: GpuDecision,
    *,
    superlink_address: str | None = None,
    hardened: bool = True,
    env_file: str | None = None,
) -> list[str]:
    """Return the command that starts an appliance's container, from ``docker`` on.

    Args:
        appliance: An appliance with a container, such as ``flower-supernode``.
        values: Its values, as `validate` returns them. No value that has an effect may have failed.
        decision: The decision between GPU and CPU, as `decide_gpu` returns it.
        superlink_address: The address that was looked up in the service, if the context gives none.
        hardened: Whether the container is started without the privileges that its declaration drops; False for a
            program that needs them.
        env_file: The path of the env file, for the variables that are declared to be in one. If None, they are given by
            ``-e``, except for secrets.

    Raises:
        UnknownNameError: The appliance has no container.
        NoValueError: The value of a variable that is needed failed.
    """
    looked_up = appliance_container(appliance).discovers[:1]
    found = {each.variable.name: superlink_address for each in looked_up if superlink_address}
    known = Known(appliance, with_discovered(values, found), decision.facts)
    return plan_container(known, decision, hardened=hardened, env_file=env_file).arguments()


def appliance_container(appliance: Appliance) -> Container:
    """Return the container of an appliance.

    Raises:
        UnknownNameError: It has no container.
    """
    if appliance.container is None:
        raise UnknownNameError(f"{appliance.name} declares no container")
    return appliance.container


def with_discovered(values: Values, discovered: Mapping[str, str]) -> Values:
    """Return the values with those that are empty replaced by what was looked up in the service."""
    return values.also({name: found for name, found in discovered.items() if not values.get(name)})


def plan_container(
    known: Known,
    decision: GpuDecision,
    *,
    hardened: bool = True,
    env_file: str | None = None,
    image: str | None = None,
) -> ContainerPlan:
    """Return the container of an appliance, ready to be started.

    Args:
        known: The appliance, its values and the facts.
        decision: The decision between GPU and CPU.
        hardened: Whether to drop the privileges that the declaration drops.
        env_file: The path of the env file as Docker's client sees it. If None, its variables are given by ``-e``,
            except for secrets.
        image: The image to use instead of the declared one.

    Raises:
        UnknownNameError: The appliance has no container.
        NoValueError: The value of a variable that is needed failed.
    """
    container = appliance_container(known.appliance)
    planned = _plan(known, container, decision, hardened=hardened)
    in_file = settings(known)
    if in_file:
        secret = {entry.name for entry in container.environment if known.secret(entry.text)}
        open_settings = {} if env_file else {name: text for name, text in in_file.items() if name not in secret}
        if open_settings.keys() != in_file.keys():
            env_file = env_file or env_file_path(known.appliance)
        planned = evolve(
            planned,
            environment=planned.environment | open_settings,
            env_file=env_file,
            folders=(Folder(posixpath.dirname(env_file_path(known.appliance)), 0), *planned.folders),
        )
    request = known.appliance.gpu
    if request is not None and decision.use_gpu:
        # By default CUDA numbers the fastest GPU first, but nvidia-smi, whose numbers people use, by PCI address.
        order = {"CUDA_DEVICE_ORDER": "PCI_BUS_ID"} if decision.environment else {}
        environment = planned.environment | order | dict(_environment(known, request.environment))
        planned = evolve(planned, environment=environment)
    return evolve(planned, image=image) if image else planned


def planned_files(known: Known) -> tuple[PlannedFile, ...]:
    """Return the files to write for the container of an appliance, the env file first."""
    container = appliance_container(known.appliance)
    lines = settings(known)
    files = list(_files(known, container))
    if lines:
        files.insert(0, PlannedFile(env_file_path(known.appliance), Secret(settings_text(known)), 0, SECRET_MODE))
    return tuple(files)


def unwanted_files(known: Known) -> tuple[str, ...]:
    """Return the files that a container is declared to have and that its context does not ask for."""
    container = appliance_container(known.appliance)
    wanted = {file.path for file in planned_files(known)}
    declared = (env_file_path(known.appliance), *(file.path for file in container.files))
    return tuple(path for path in dict.fromkeys(declared) if path not in wanted)


def plan_beside(known: Known, decision: GpuDecision) -> Iterator[tuple[Container, ContainerPlan | None]]:
    """Yield each container beside that of an appliance, with its plan, or None if it is not to be started."""
    for container in appliance_container(known.appliance).beside:
        there = known.holds(container.when)
        gpus = GpuDecision(requested=True, use_gpu=True) if container.gpus and decision.use_gpu else NOT_REQUESTED
        yield container, _plan(known, container, gpus) if there else None


def _plan(known: Known, container: Container, decision: GpuDecision, *, hardened: bool = True) -> ContainerPlan:
    mounts = tuple(planned_mounts(known, container))
    return ContainerPlan(
        container.name or known.appliance.name,
        image_name(known, container, gpu=decision.use_gpu),
        dict(_environment(known, (entry for entry in container.environment if not entry.in_file))),
        tuple(f"{source}:{target}:{'rw' if mount.writable else 'ro'}" for mount, source, target in mounts),
        published_ports(known, container),
        decision,
        tuple(_command(known, container)),
        rights=(*_rights(container.rights, hardened=hardened), *_options(container)),
        folders=tuple(_folders(container, mounts)),
    )


def image_name(known: Known, container: Container, *, gpu: bool) -> str:
    """Return the image and tag of a container, with or without GPU."""
    image = container.image
    return f"{image.repository}:{known.text(image.gpu_tag if gpu and image.gpu_tag else image.tag)}"


def env_file_path(appliance: Appliance) -> str:
    """Return the path of the env file of an appliance's container on the machine."""
    return appliance_container(appliance).env_file or f"/etc/ctxschema/{appliance.name}.env"


def settings(known: Known) -> dict[str, str]:
    """Return the variables of the env file, with their values."""
    entries = (entry for entry in appliance_container(known.appliance).environment if entry.in_file)
    return dict(_environment(known, entries))


def settings_text(known: Known) -> str:
    """Return the content of the env file, one variable a line.

    Docker reads each line literally, without quoting, so that no value can hold a line end (docs/facts/gpu.md,
    section 1).

    Raises:
        DeclarationError: A value contains a line end, which its declaration should have refused.
    """
    found = settings(known)
    broken = [name for name, text in found.items() if len(text.splitlines()) > 1]
    if broken:
        raise DeclarationError(f"{', '.join(broken)} would add lines to the env file")
    return "".join(f"{name}={text}\n" for name, text in found.items())


def _there(known: Known, entries: Iterable[T]) -> Iterator[T]:
    return (entry for entry in entries if known.holds(entry.when))


def _command(known: Known, container: Container) -> Iterator[str]:
    for argument in container.arguments:
        if known.holds(argument.when):
            words = [known.text(word) for word in argument.words]
            if None not in words:
                yield from (word for word in words if word is not None)


def _environment(known: Known, entries: Iterable[EnvironmentEntry]) -> Iterator[tuple[str, str]]:
    for entry in _there(known, entries):
        text = known.text(entry.text)
        if text is not None:
            yield entry.name, text


def planned_mounts(known: Known, container: Container) -> Iterator[tuple[Mount, str, str]]:
    """Yield what is mounted, with its source on the machine and its target in the container."""
    for mount in _there(known, container.mounts):
        source, target = known.text(mount.source), known.text(mount.target)
        if source is not None and target is not None:
            yield mount, source, target
    for file in _there(known, container.files):
        if file.inside:
            yield Mount(file.path, file.inside), file.path, file.inside


def _folders(container: Container, mounts: Iterable[tuple[Mount, str, str]]) -> Iterator[Folder]:
    files = {file.path for file in container.files}
    for mount, source, _ in mounts:
        if source in files:
            yield Folder(posixpath.dirname(source), 0)
        elif not mount.is_volume:
            yield Folder(source, container.owner if mount.owner is None else mount.owner, mount.mode)


def _files(known: Known, container: Container) -> Iterator[PlannedFile]:
    for file in _there(known, container.files):
        text = known.text(file.text)
        if text is not None:
            owner = container.owner if file.owner is None else file.owner
            yield PlannedFile(file.path, Secret(text), owner, file.mode)


def _rights(rights: Rights, *, hardened: bool) -> Iterator[str]:
    if hardened:
        yield from (word for name in rights.drop for word in ("--cap-drop", name))
        if rights.gains_none:
            yield from ("--security-opt", "no-new-privileges")
    yield from (word for name in rights.add for word in ("--cap-add", name))


def _options(container: Container) -> Iterator[str]:
    if container.user:
        yield from ("--user", container.user)
    if container.shared_memory:
        yield from ("--shm-size", container.shared_memory)
