"""Checks of a declaration: contradictions in a container, and between it and its appliance."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from ctxschema.core.outside import whole_number
from ctxschema.model.condition_parts import exclude, mentions_gpu, parts
from ctxschema.model.conditions import CompareRelease, Condition, release_parts
from ctxschema.model.container import Container, EnvironmentEntry, Mount, Port
from ctxschema.model.gpu_request import GpuRequest
from ctxschema.model.kinds import BOOLEAN, NUMBER, RANGE
from ctxschema.model.placeholders import FACTS, filled, is_one_address, placeholders, text_faults
from ctxschema.model.service import Discover
from ctxschema.model.variable import Variable

_ENVIRONMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*\Z")
_REPOSITORY = re.compile(r"[a-z0-9][a-z0-9._:/-]*\Z")
_SIZE = re.compile(r"[1-9][0-9]*[bkmgBKMG]?\Z")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?\Z")
_HIGHEST_PORT = 65535

Variables = Mapping[str, Variable[Any]]


def container_faults(container: Container, gpu: GpuRequest | None, variables: Variables) -> Iterator[str]:
    """Yield every fault of an appliance's container and of those beside it, as a sentence.

    Args:
        container: The container.
        gpu: How the appliance asks for a GPU, if it does.
        variables: The variables of the appliance, by name.
    """
    for fault in _one_container(container, gpu.environment if gpu else (), variables):
        yield f"container: {fault}"
    if container.when is not None:
        yield "container: that of an appliance is always there; only one beside it has a condition"
    if gpu is None and any(mentions_gpu(condition) for condition in _conditions(container)):
        yield "container: an entry waits for a GPU, and the appliance asks for none"
    for beside in container.beside:
        where = f"container {beside.name or 'without a name'}"
        yield from (f"{where}: {fault}" for fault in _beside_faults(beside, variables, gpu=gpu is not None))
    names = [each.name for each in container.beside]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"two containers are called {name}"
    ports = [port for each in container.containers for port in each.ports]
    for one, other in _twice(ports, lambda port: _port_key(port, variables)):
        yield f"the port {_outside(one)} of the machine is published twice, for {one.inside} and for {other.inside}"


def _beside_faults(beside: Container, variables: Variables, *, gpu: bool) -> Iterator[str]:
    if not _WORD.match(beside.name):
        yield "a container beside another needs a name"
    if beside.certificates or beside.discovers or beside.publishes or beside.beside or beside.env_file:
        yield "it has no certificates, discovery, publication, env file or further containers of its own"
    if any(entry.in_file for entry in beside.environment):
        yield "it has no env file; write a file instead"
    if beside.gpus and not gpu:
        yield "it wants GPUs, and the appliance asks for none"
    yield from _one_container(beside, (), variables)


def gpu_faults(gpu: GpuRequest, variables: Variables, *, has_container: bool) -> Iterator[str]:
    """Yield every fault of a GPU request, as a sentence; see `container_faults`."""
    if not has_container:
        yield "GPU: there is no container that could get one"
    if gpu.asked_by is not None and gpu.asked_by.kind is not BOOLEAN:
        yield f"GPU: {gpu.asked_by.name} asks for it and is no boolean"
    if gpu.devices is not None and gpu.devices.kind.secret:
        yield f"GPU: {gpu.devices.name} names the devices and is a secret"
    elif gpu.devices is not None and not isinstance(gpu.devices.default, str):
        yield f"GPU: {gpu.devices.name} names the devices and is no text with a default such as all"
    named = [variable for variable in (gpu.asked_by, gpu.devices, *gpu.settings) if variable is not None]
    yield from _undeclared("GPU", named, variables)
    if gpu.published_as and not _ENVIRONMENT_NAME.match(gpu.published_as):
        yield f"GPU: {gpu.published_as} is no name that OneGate keeps"


def _one_container(container: Container, gpu: Iterable[EnvironmentEntry], variables: Variables) -> Iterator[str]:
    for condition in dict.fromkeys(_conditions(container)):
        yield from _undeclared(f"the condition {condition.words}", condition.variables, variables)
        yield from _release_faults(condition, variables)
    for where, text in _texts(container, gpu):
        yield from (f"{where}: {fault}" for fault in text_faults(text, variables))
    for where, text in _open_texts(container, gpu):
        for variable in _secrets(text, variables):
            yield (
                f"{where}: {variable.name} is a secret, which anybody on the machine could read there; write it into a "
                "file, or into an environment entry with in_file: true"
            )
    yield from _image_faults(container, variables)
    yield from _environment_faults(container, tuple(gpu))
    yield from _mount_faults(container, variables)
    yield from _port_faults(container, variables)
    yield from _file_faults(container, variables)
    for discover in container.discovers:
        yield from _discover_faults(discover, variables)
    names = [publish.name for publish in container.publishes]
    yield from (f"{name} is published twice" for name in sorted({name for name in names if names.count(name) > 1}))
    yield from (f"{name} is no name that OneGate keeps" for name in names if not _ENVIRONMENT_NAME.match(name))
    if not container.settle_seconds > 0:
        yield "it has to stay up for some time to count as running"
    if container.shared_memory and not _SIZE.match(container.shared_memory):
        yield f"the shared memory {container.shared_memory} is no size such as 1g"
    if container.user and not _USER.match(container.user):
        yield f"the user {container.user} is no user, and no user:group"
    if container.owner < 0:
        yield f"the owner {container.owner} is no number of a user"


def _image_faults(container: Container, variables: Variables) -> Iterator[str]:
    image = container.image
    if not _REPOSITORY.match(image.repository):
        yield f"{image.repository or 'an empty name'} is no repository of an image"
    if image.release is not None:
        yield from _undeclared("the release of the image", [image.release], variables)
        for tag in filter(None, (image.tag, image.gpu_tag)):
            if [each.name for each in placeholders(tag)] != [image.release.name]:
                yield f"the tag {tag} does not have {{{image.release.name}}} in it once, which names the release"


def _environment_faults(container: Container, gpu: tuple[EnvironmentEntry, ...]) -> Iterator[str]:
    entries = (*container.environment, *gpu)
    for entry in entries:
        if not _ENVIRONMENT_NAME.match(entry.name):
            yield f"{entry.name or 'an empty name'} is no name of an environment variable"
    for entry in gpu:
        if entry.in_file:
            yield f"{entry.name}: what depends on the GPU is not known yet when the env file is written"
    for one, _ in _twice(entries, lambda entry: entry.name):
        yield f"{one.name} is set twice in the environment"


def _mount_faults(container: Container, variables: Variables) -> Iterator[str]:
    mounts = (*container.mounts, *(Mount(file.path, file.inside) for file in container.files if file.inside))
    for mount in mounts:
        if mount.is_volume and not _WORD.match(mount.source):
            yield f"{mount.source or 'an empty source'} is neither a folder from the root nor the name of a volume"
        if not mount.target.startswith("/") and not mount.target.startswith("{"):
            yield f"the mount at {mount.target} has to stand at a path from the root of the container"
        for text in (mount.source, mount.target):
            if re.search(r"[:,\s\"]", re.sub(r"\{[^}]*\}", "", text)):
                yield f"the mount {text} has a colon, a comma, a quote or a blank, which Docker has no way to write"
        if mount.source == "/" or mount.target == "/":
            yield "the root can neither be mounted nor be mounted over"
    for one, other in _twice(mounts, lambda mount: _by_default(mount.target, variables).rstrip("/")):
        yield f"{one.source} and {other.source} would both be mounted at {_by_default(one.target, variables)}"


def _port_faults(container: Container, variables: Variables) -> Iterator[str]:
    for port in container.ports:
        if port.protocol not in {"tcp", "udp"}:
            yield f"the protocol {port.protocol} of a port is neither tcp nor udp"
        if port.unless_given and not placeholders(port.unless_given) and not is_one_address(port.unless_given):
            yield f"the port {port.inside} is to be published on {port.unless_given}, which is no IPv4 address"
        for text in (port.inside, _outside(port)):
            shown = _by_default(text, variables)
            if not placeholders(shown) and not 0 < (whole_number(shown) or 0) <= _HIGHEST_PORT:
                yield f"the port {shown} is no number from 1 to {_HIGHEST_PORT}"


def _file_faults(container: Container, variables: Variables) -> Iterator[str]:
    paths = [file.path for file in container.files]
    certificates = container.certificates
    if certificates is not None:
        named = [each for each in (certificates.authority, certificates.certificate, certificates.key) if each]
        yield from _undeclared("the certificates", named, variables)
        if (certificates.certificate is None) != (certificates.key is None):
            yield "a certificate and its key come together"
        if certificates.key is not None and not certificates.key.secret:
            yield f"{certificates.key.name} is a private key and no secret"
    folders = [certificates.folder] if certificates is not None else []
    for path in (*paths, *folders, *filter(None, [container.env_file])):
        if not path.startswith("/") or ".." in path.split("/"):
            yield f"{path} is no path from the root of the machine"
    yield from (f"{path} is written twice" for path in sorted({path for path in paths if paths.count(path) > 1}))
    for file in container.files:
        if file.mode & 0o077 and any(_secrets(file.text, variables)):
            yield f"{file.path} has a secret in it, and its mode {file.mode:04o} lets others read it; write 0600"
        if not 0 < file.mode <= 0o777:
            yield f"the mode {file.mode:o} of {file.path} is none"


def _discover_faults(discover: Discover, variables: Variables) -> Iterator[str]:
    named = [each for each in (discover.variable, discover.chosen_by, discover.longest) if each is not None]
    yield from _undeclared(f"the discovery of the {discover.role}", named, variables)
    if discover.variable.default != "":
        yield f"{discover.variable.name} is discovered where it is empty, so its default has to be empty"
    if discover.chosen_by is None and len(discover.backoff) != 1:
        yield f"the discovery of the {discover.role} has several pauses and nothing that chooses among them"
    if discover.chosen_by is not None and set(discover.chosen_by.options) != set(discover.backoff):
        yield f"the pauses of the discovery are not those among which {discover.chosen_by.name} chooses"
    if discover.longest is not None and discover.longest.kind not in {NUMBER, RANGE}:
        yield f"{discover.longest.name} is the longest pause and no whole number of seconds"


def _release_faults(condition: Condition, variables: Variables) -> Iterator[str]:
    if isinstance(condition, CompareRelease):
        default = variables.get(condition.variable.name, condition.variable).default
        if not isinstance(default, str) or release_parts(default) is None:
            yield f"the condition {condition.words} compares a variable whose default is no release"


def _texts(container: Container, gpu: Iterable[EnvironmentEntry]) -> Iterator[tuple[str, str]]:
    """Yield every text with placeholders, each with the name of the place it stands in."""
    yield from _open_texts(container, gpu)
    for entry in container.environment:
        if entry.in_file:
            yield f"environment {entry.name}", entry.text
    for file in container.files:
        yield f"file {file.path}", file.text
    if container.certificates is not None:
        yield from (("certificates", name) for name in container.certificates.names)


def _open_texts(container: Container, gpu: Iterable[EnvironmentEntry]) -> Iterator[tuple[str, str]]:
    """Yield the texts that reach the command line or OneGate, where others can read them; a secret must not."""
    for tag in (container.image.tag, container.image.gpu_tag):
        yield "image", tag
    for argument in container.arguments:
        yield from ((f"argument {argument.flag}", word) for word in argument.words)
    for entry in (*container.environment, *gpu):
        if not entry.in_file:
            yield f"environment {entry.name}", entry.text
    for mount in container.mounts:
        yield from ((f"mount {mount.source}", text) for text in (mount.source, mount.target))
    for port in container.ports:
        yield from (
            (f"port {port.inside}", text) for text in (port.inside, port.outside, port.address, port.unless_given)
        )
    yield from ((f"publication {publish.name}", publish.text) for publish in container.publishes)


def _conditions(container: Container) -> Iterator[Condition]:
    """Yield every condition of a container, and the conditions in it."""
    entries: tuple[Any, ...]
    entries = (*container.arguments, *container.environment, *container.mounts, *container.ports, *container.files)
    whens = [entry.when for entry in entries]
    whens += [container.when, *(each.when for each in container.publishes), *(each.when for each in container.beside)]
    whens += [when for each in container.discovers for when in (each.when, each.mismatch_when)]
    whens += [port.exposed_when for port in container.ports]
    whens.append(container.certificates.when if container.certificates else None)
    for when in whens:
        if when is not None:
            yield from parts(when)


def _secrets(text: str, variables: Variables) -> list[Variable[Any]]:
    named = (variables.get(placeholder.name) for placeholder in placeholders(text))
    return [variable for variable in named if variable is not None and variable.secret]


def _undeclared(where: str, named: Iterable[Variable[Any]], variables: Variables) -> Iterator[str]:
    for variable in named:
        if variables.get(variable.name) is not variable:
            yield f"{where} names {variable.name}, which is not declared"


def _by_default(text: str, variables: Variables) -> str:
    """Return a text filled with the default values, or unfilled where a default is missing."""

    def known(name: str) -> str | None:
        variable = variables.get(name)
        return None if name in FACTS or variable is None or variable.secret else variable.default_text or None

    try:
        return filled(text, known, {}) or text
    except KeyError:  # an unknown function, which `text_faults` reports
        return text


def _outside(port: Port) -> str:
    return port.outside or port.inside


def _port_key(port: Port, variables: Variables) -> tuple[str, str]:
    return _by_default(_outside(port), variables), port.protocol


def _twice(entries: Iterable[Any], key: Callable[[Any], object]) -> Iterator[tuple[Any, Any]]:
    """Yield the pairs of entries that have the same key and whose conditions do not exclude each other."""
    for one, other in combinations(entries, 2):
        if key(one) == key(other) and not exclude(one.when, other.when):
            yield one, other
