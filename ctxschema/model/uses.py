"""What a variable is used for, in words, derived from the container and the GPU request that name it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ctxschema.model.appliance import Appliance
from ctxschema.model.conditions import Condition
from ctxschema.model.container import LOOPBACK, Container, EnvironmentEntry, Port
from ctxschema.model.gpu_request import GpuRequest
from ctxschema.model.placeholders import FACTS, in_words, placeholders
from ctxschema.model.variable import Variable


def uses(variable: Variable[Any], machines: Iterable[Appliance]) -> tuple[str, ...]:
    """Return what a variable is used for, one phrase each; last, what its value merely switches on or off.

    Args:
        variable: The variable.
        machines: The appliances that may read it; for a service, those of its roles.
    """
    found: list[str] = []
    decides: list[str] = []
    for machine in machines:
        if machine.by_name.get(variable.name) is not variable:
            continue
        if machine.gpu is not None:
            found.extend(_of_request(variable, machine.gpu))
            decides.extend(
                f"the environment {each.name}" for each in machine.gpu.environment if _on(each.when, variable)
            )
        for container in machine.container.containers if machine.container else ():
            where = "" if container is machine.container else f" of {container.name}"
            found.extend(_of_container(variable, container, where))
            decides.extend(f"{each}{where}" for each in _decided(variable, container, machine.by_name))
            if where and _on(container.when, variable):
                decides.append(f"the container {container.name}")
    phrases = list(dict.fromkeys(found))
    if decides:
        phrases.append(f"decides about {', '.join(dict.fromkeys(decides))}")
    return tuple(phrases)


def _names(text: str | None, variable: Variable[Any]) -> bool:
    return text is not None and any(placeholder.name == variable.name for placeholder in placeholders(text))


def _on(when: Condition | None, variable: Variable[Any]) -> bool:
    return when is not None and any(each is variable for each in when.variables)


def _when(when: Condition | None) -> str:
    return f", when {when.words}" if when is not None else ""


def _name(entry: EnvironmentEntry) -> str:
    return f"{'env file' if entry.in_file else 'environment'} {entry.name}"


def _of_request(variable: Variable[Any], gpu: GpuRequest) -> Iterator[str]:
    if gpu.asked_by is variable:
        yield "--gpus all, where a GPU can be used"
    if gpu.devices is variable:
        yield "-e CUDA_VISIBLE_DEVICES, where a GPU is used; nothing for all"
    for entry in gpu.environment:
        if _names(entry.text, variable):
            also = f" and {entry.when.words}" if entry.when is not None else ""
            yield f"{_name(entry)}, where a GPU is used{also}"


def _entries(container: Container) -> Iterator[tuple[str, str, tuple[str, ...], Condition | None]]:
    """Yield the parts of a container: a name, a phrase for where a value ends up, the texts, and the condition."""
    image = container.image
    yield image.repository, f"tag of the image {image.repository}", (image.tag, image.gpu_tag), None
    for argument in container.arguments:
        flag = argument.flag.partition("=")[0]
        yield flag, flag, argument.words, argument.when
    for entry in container.environment:
        note = f" ({entry.note})" if entry.note else ""
        yield _name(entry), f"{_name(entry)}{note}", (entry.text,), entry.when
    for mount in container.mounts:
        folder = mount.source
        yield f"the mount of {folder}", f"where {folder} is mounted", (folder, mount.target), mount.when
    for port in container.ports:
        texts = (port.inside, port.outside, port.address, port.unless_given)
        yield "a published port", f"published port{_unless_given(port)}", texts, port.when
    for file in container.files:
        yield f"the file {file.path}", f"file {file.path}", (file.text,), file.when


def _unless_given(port: Port) -> str:
    """Return where a port is published while no address is given, to be appended to its name; or empty."""
    if not port.unless_given:
        return ""
    facts = [each.name for each in placeholders(port.unless_given) if each.name in FACTS]
    where = port.unless_given
    for name in facts:
        where = where.replace(f"{{{name}}}", FACTS[name])
    unknown = f" ({LOOPBACK} where that is not known)" if facts else ""
    unset = " unless an address is given" if placeholders(port.address) else ""
    return f", on {in_words(where)}{unknown}{unset}"


def _of_container(variable: Variable[Any], container: Container, where: str) -> Iterator[str]:
    for _, filled, texts, when in _entries(container):
        if any(_names(text, variable) for text in texts):
            # A variable without effect is left out, and its own description says so already.
            yield f"{filled}{where}{'' if when is variable.effective else _when(when)}"
    yield from _of_certificates(variable, container)
    yield from _of_service(variable, container)


def _decided(variable: Variable[Any], container: Container, variables: Mapping[str, Variable[Any]]) -> Iterator[str]:
    """Yield the parts that the value of a variable switches on or off without being in them."""
    for name, _, texts, when in _entries(container):
        held = [variables[each.name] for text in texts for each in placeholders(text) if each.name in variables]
        # That a variable without effect is left out is in its own description already.
        if _on(when, variable) and variable not in held and not any(each.effective is when for each in held):
            yield name
    if container.certificates is not None and _on(container.certificates.when, variable):
        yield "the certificates"
    for publish in container.publishes:
        if _on(publish.when, variable) and not _names(publish.text, variable):
            yield f"OneGate {publish.name}"


def _of_certificates(variable: Variable[Any], container: Container) -> Iterator[str]:
    certificates = container.certificates
    if certificates is None:
        return
    named = (
        (certificates.authority, "ca.crt"),
        (certificates.certificate, "server.crt"),
        (certificates.key, "server.key"),
    )
    for given, name in named:
        if given is variable:
            yield f"file {certificates.folder}/{name}{_when(certificates.when)}"
    if any(_names(name, variable) for name in certificates.names):
        yield "names of the certificate that the machine makes"


def _of_service(variable: Variable[Any], container: Container) -> Iterator[str]:
    for discover in container.discovers:
        if discover.variable is variable:
            where = f"({discover.attribute} of the {discover.role})"
            yield f"looked up through OneGate where it is empty {where}{_when(discover.when)}"
        if discover.chosen_by is variable:
            yield f"pauses while the {discover.role} is looked up"
        if discover.longest is variable:
            yield f"longest pause while the {discover.role} is looked up"
    for publish in container.publishes:
        if _names(publish.text, variable):
            yield f"OneGate {publish.name}"
