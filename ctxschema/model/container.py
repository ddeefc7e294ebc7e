"""The container of an appliance, as data: what each variable becomes in it, and when.

Every text may have placeholders in it (see `ctxschema.model.placeholders`), and every entry a condition; without one
it is always there. An entry that names a variable without a value is left out.
"""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from ctxschema.core.secret import Secret
from ctxschema.model.conditions import Condition, Values, release_parts
from ctxschema.model.service import Discover, Publish
from ctxschema.model.variable import Variable

FOLDER_MODE = 0o750
"""Of a folder that is not there yet; one that is keeps its own."""

SECRET_MODE = 0o600
"""Of a file that only its owner reads."""

SETTLE_SECONDS = 2.0
"""How long a container has to stay up before it counts as running, unless it says otherwise."""


LOOPBACK = "127.0.0.1"
"""Where only the machine itself reaches a port."""

CA_FILE, CERTIFICATE_FILE, KEY_FILE = "ca.crt", "server.crt", "server.key"
"""What certificates and their key are called in their folder."""


@frozen
class GpuUsed(Condition):
    """The container gets a GPU. It is decided as the machine boots, so that no rule and no effect can name it."""

    @property
    def variables(self) -> tuple[Variable[Any], ...]:
        return ()

    @property
    def words(self) -> str:
        return "a GPU is used"

    def holds(self, values: Values) -> bool | None:
        return values["gpu"] == "YES" if "gpu" in values else None


@frozen
class Image:
    """The image of a container.

    Args:
        repository: Where it comes from, such as ``ollama/ollama``.
        tag: Its tag.
        gpu_tag: Its tag where a GPU is used; the same if empty.
        release: The variable that names the release in the tag. Where that release cannot be had, the newest one
            that is on the machine is used instead, with a warning; none is if None.
    """

    repository: str
    tag: str = "latest"
    gpu_tag: str = ""
    release: Variable[str] | None = None

    def release_of(self, tag: str, *, gpu: bool) -> str | None:
        """Return the release that a tag of the repository stands for, or None if it is none of its kind.

        Args:
            tag: A tag.
            gpu: Whether it is to be one for a GPU, where those are tags of their own.
        """
        if self.release is None:
            return None
        before, _, behind = (self.gpu_tag if gpu and self.gpu_tag else self.tag).partition(f"{{{self.release.name}}}")
        if not (tag.startswith(before) and tag.endswith(behind) and len(tag) > len(before) + len(behind)):
            return None
        release = tag[len(before) : len(tag) - len(behind)]
        return release if release_parts(release) is not None and self.release.problem(release) is None else None


@frozen
class Argument:
    """An argument of the program in the container.

    Args:
        flag: The first word.
        value: The second word; there is none if None.
        when: When it is there.
    """

    flag: str
    value: str | None = None
    when: Condition | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """Its one or two words."""
        return (self.flag,) if self.value is None else (self.flag, self.value)


@frozen
class EnvironmentEntry:
    """A variable of the environment in the container.

    Args:
        name: Its name.
        text: Its value.
        when: When it is there.
        in_file: Whether it stands in the env file rather than on the command line, where anybody on the machine can
            read it; a secret has to.
        note: What the program in the container does with it, where its name does not say.
    """

    name: str
    text: str
    when: Condition | None = None
    in_file: bool = False
    note: str = ""


@frozen
class Mount:
    """A folder of the machine, or a volume of Docker's, that stands in the container.

    Args:
        source: The folder, from the root; anything else is the name of a volume. The boot makes a missing folder.
        target: Where it stands in the container.
        writable: Whether the container may write there.
        when: When it is there.
        owner: The number of the user and of the group that the folder is given to; the container's if None.
        mode: The mode of a folder that has to be made.
    """

    source: str
    target: str
    writable: bool = False
    when: Condition | None = None
    owner: int | None = None
    mode: int = FOLDER_MODE

    @property
    def is_volume(self) -> bool:
        """Whether Docker keeps it."""
        return not self.source.startswith("/")


@frozen
class Port:
    """A port of the container that can be reached through the machine.

    Args:
        inside: The port that the program in the container listens on.
        outside: The port of the machine; the same if empty.
        address: The address of the machine that it is published on; every one if empty.
        when: When it is there.
        protocol: ``tcp`` or ``udp``.
        unless_given: The address that it is published on as long as nobody set a variable that ``address`` names;
            `LOOPBACK` where the text becomes no address. ``address`` counts at all times if empty.
        exposed_when: When somebody is to be warned where it is published on every address; never if None.
    """

    inside: str
    outside: str = ""
    address: str = ""
    when: Condition | None = None
    protocol: str = "tcp"
    unless_given: str = ""
    exposed_when: Condition | None = None


@frozen
class WrittenFile:
    """A file that the boot writes for the container.

    Args:
        path: Where it stands on the machine, from the root.
        text: What is in it.
        inside: Where it stands in the container, which cannot write it; nowhere if empty, for a file in a folder that
            is mounted.
        when: When it is written.
        owner: The number of the user and of the group that it belongs to; the container's if None.
        mode: Its mode. A file with a secret in it is read by nobody but its owner.
    """

    path: str
    text: str
    inside: str = ""
    when: Condition | None = None
    owner: int | None = None
    mode: int = SECRET_MODE


@frozen
class Certificates:
    """Certificates that the context gives, or that the machine makes for itself and keeps over boots.

    Args:
        folder: Where they stand on the machine: ``ca.crt``, ``server.crt`` and ``server.key``.
        authority: The variable with the certificate of the authority.
        certificate: The variable with the machine's own certificate; None for a machine that only checks others.
        key: The variable with its key.
        when: When there are any.
        made_for: The common name of a certificate that is made where none is given; none is made if empty.
        names: What a certificate that is made is good for, as ``DNS:name`` and ``IP:address``, with commas between
            several.
    """

    folder: str
    authority: Variable[str]
    certificate: Variable[str] | None = None
    key: Variable[Secret] | None = None
    when: Condition | None = None
    made_for: str = ""
    names: tuple[str, ...] = ()


@frozen
class Rights:
    """What the container may do.

    Args:
        drop: The capabilities that it loses.
        add: Those that it gets beyond Docker's own.
        gains_none: Whether no program in it can gain rights that it was not started with.
    """

    drop: tuple[str, ...] = ("ALL",)
    add: tuple[str, ...] = ()
    gains_none: bool = True


@frozen
class Container:
    """The container of an appliance.

    Args:
        image: Its image.
        arguments: The arguments of the program in it, in order.
        environment: What is set in it.
        mounts: What stands in it.
        ports: Which of its ports are published.
        files: What is written for it.
        certificates: The certificates that are written for it.
        env_file: The file on the machine that holds the environment with ``in_file``; below ``/etc/ctxschema`` if
            empty.
        owner: The number of the user and of the group that the image runs as; what is mounted belongs to it.
        user: The user that it is to run as instead of the image's own; the image decides if empty.
        rights: What it may do.
        shared_memory: The size of its shared memory, as ``--shm-size`` takes it; Docker's own if empty.
        settle_seconds: How long it has to stay up before it counts as running.
        discovers: What is looked up in the service before it starts.
        publishes: What the service is told when it runs.
        beside: Containers that are started after it. They do without what stands above: certificates, discovery,
            publication and others beside them.
        name: What it is called; the appliance's name if empty.
        when: When it is there; the container of an appliance always is.
        gpus: Whether one beside it gets all GPUs where they are used; that of the appliance gets those that its
            `GpuRequest` says.
    """

    image: Image
    arguments: tuple[Argument, ...] = ()
    environment: tuple[EnvironmentEntry, ...] = ()
    mounts: tuple[Mount, ...] = ()
    ports: tuple[Port, ...] = ()
    files: tuple[WrittenFile, ...] = ()
    certificates: Certificates | None = None
    env_file: str = ""
    owner: int = 0
    user: str = ""
    rights: Rights = field(factory=Rights)
    shared_memory: str = ""
    settle_seconds: float = SETTLE_SECONDS
    discovers: tuple[Discover, ...] = ()
    publishes: tuple[Publish, ...] = ()
    beside: tuple[Container, ...] = ()
    name: str = ""
    when: Condition | None = None
    gpus: bool = False

    @property
    def containers(self) -> tuple[Container, ...]:
        """It and those beside it."""
        return (self, *self.beside)


@frozen
class GpuRequest:
    """How an appliance asks for the GPUs of its machine.

    Args:
        asked_by: The variable that asks for them; None for an appliance that always does.
        devices: The variable that names those that are used: ``all``, or numbers with commas between them; all of
            them are if None.
        settings: Further variables that count only with a GPU; where one has a wrong value, there is no GPU.
        environment: What is set in the container where a GPU is used, and only then.
        published_as: The name under which the service learns whether a GPU is used; it does not if empty.
        required: Whether the appliance cannot do without one. It then ends its boot where there is none; any other
            goes on with the CPU and a warning.
        script: Where the machine's image has validate-gpu.sh, which says in detail why there is no GPU. Where it has
            none, the agent makes the same checks itself.
    """

    asked_by: Variable[bool] | None = None
    devices: Variable[str] | None = None
    settings: tuple[Variable[Any], ...] = ()
    environment: tuple[EnvironmentEntry, ...] = ()
    published_as: str = ""
    required: bool = False
    script: str = ""
