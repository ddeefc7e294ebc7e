"""The container of an appliance, as data: its image, arguments, environment, mounts, ports and files.

Every text may have placeholders for variables in it (see `ctxschema.model.placeholders`). Every entry may have a
condition; one without a condition is always there. An entry whose text names a variable without a value is left out.
"""

from __future__ import annotations

from attrs import field, frozen

from ctxschema.core.secret import Secret
from ctxschema.model.conditions import Condition, release_parts
from ctxschema.model.service import Discover, Publish
from ctxschema.model.variable import Variable

FOLDER_MODE = 0o750
"""The mode of a folder that the boot creates; a folder that exists keeps its own."""

SECRET_MODE = 0o600
"""The mode of a file that only its owner may read."""

SETTLE_SECONDS = 2.0
"""How long, in seconds, a container has to stay up before it counts as running, unless it declares another time."""


LOOPBACK = "127.0.0.1"
"""The address on which only the machine itself reaches a port."""

CA_FILE, CERTIFICATE_FILE, KEY_FILE = "ca.crt", "server.crt", "server.key"
"""The names of the certificates and their key in their folder."""


@frozen
class Image:
    """The image of a container.

    Args:
        repository: The repository to pull from, such as ``ollama/ollama``.
        tag: The tag to pull.
        gpu_tag: The tag to pull where a GPU is used; ``tag`` if empty.
        release: The variable that names the release in the tag. If that release cannot be pulled, the newest one that
            is on the machine is used instead, with a warning. Without this variable the boot then fails.
    """

    repository: str
    tag: str = "latest"
    gpu_tag: str = ""
    release: Variable[str] | None = None

    def release_of(self, tag: str, *, gpu: bool) -> str | None:
        """Return the release in a tag, or None if the tag does not follow the declared pattern.

        Args:
            tag: A tag of the repository.
            gpu: Whether ``gpu_tag`` is the pattern rather than ``tag``.
        """
        if self.release is None:
            return None
        before, _, behind = (self.gpu_tag if gpu and self.gpu_tag else self.tag).partition(f"{{{self.release.name}}}")
        if not (tag.startswith(before) and tag.endswith(behind)):
            return None
        release = tag[len(before) : len(tag) - len(behind)]
        return release if release_parts(release) is not None and self.release.problem(release) is None else None


@frozen
class Argument:
    """An argument of the program in the container: one or two words of the command line.

    Args:
        flag: The first word.
        value: The second word; there is none if None.
        when: When the argument is there; always if None.
    """

    flag: str
    value: str | None = None
    when: Condition | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The one or two words."""
        return (self.flag,) if self.value is None else (self.flag, self.value)


@frozen
class EnvironmentEntry:
    """A variable of the environment in the container.

    Args:
        name: The name of the environment variable.
        text: Its value.
        when: When it is set; always if None.
        in_file: Whether it is written into the env file rather than on the command line, which everybody on the
            machine can read. Required for a secret.
        note: What the program in the container does with it, if the name does not say so.
    """

    name: str
    text: str
    when: Condition | None = None
    in_file: bool = False
    note: str = ""


@frozen
class Mount:
    """A folder of the machine, or a Docker volume, that is mounted in the container.

    Args:
        source: The absolute path of the folder, which the boot creates if it is missing; anything else is the name of
            a volume.
        target: The path in the container.
        writable: Whether the container may write there.
        when: When it is mounted; always if None.
        owner: The number of the user and group that own the folder; the container's ``owner`` if None.
        mode: The mode of a folder that the boot creates.
    """

    source: str
    target: str
    writable: bool = False
    when: Condition | None = None
    owner: int | None = None
    mode: int = FOLDER_MODE

    @property
    def is_volume(self) -> bool:
        """Whether it is a Docker volume."""
        return not self.source.startswith("/")


@frozen
class Port:
    """A port of the container that is published on the machine.

    Args:
        inside: The port that the program in the container listens on.
        outside: The port of the machine; the same as ``inside`` if empty.
        address: The address of the machine that it is published on; every address if empty.
        when: When it is published; always if None.
        protocol: ``tcp`` or ``udp``.
        unless_given: The address that it is published on while nobody has set a variable that ``address`` names, or
            `LOOPBACK` where this text yields no address. If empty, ``address`` always counts.
        exposed_when: When publishing it on every address is worth a warning; never if None.
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
        path: Its absolute path on the machine.
        text: Its content.
        inside: The path at which it is mounted in the container, read-only; not mounted if empty, for a file in a
            folder that is mounted already.
        when: When it is written; always if None.
        owner: The number of the user and group that own it; the container's ``owner`` if None.
        mode: Its mode; a file with a secret in it must be readable by its owner only.
    """

    path: str
    text: str
    inside: str = ""
    when: Condition | None = None
    owner: int | None = None
    mode: int = SECRET_MODE


@frozen
class Certificates:
    """Certificates that the context gives, or that the machine makes for itself and keeps across boots.

    Args:
        folder: The folder on the machine in which they are written: ``ca.crt``, ``server.crt`` and ``server.key``.
        authority: The variable that holds the certificate of the authority.
        certificate: The variable that holds the machine's own certificate; None for a machine that only checks others.
        key: The variable that holds its private key.
        when: When certificates are used; always if None.
        made_for: The common name of the certificate that the machine makes where none is given; empty to make none.
        names: The alternative names of a certificate that is made: ``DNS:name`` and ``IP:address``, several separated
            by commas.
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
    """What the container may do: the capabilities and privileges that Docker gives it.

    Args:
        drop: The capabilities to drop.
        add: The capabilities to add.
        gains_none: Whether to start it with ``no-new-privileges``.
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
        environment: The variables of its environment.
        mounts: The folders and volumes that are mounted in it.
        ports: The ports that are published.
        files: The files that are written for it.
        certificates: The certificates that are written for it.
        env_file: The path on the machine of the file for environment variables with ``in_file``; a file below
            ``/etc/ctxschema`` if empty.
        owner: The number of the user and group that the image runs as; they own what is mounted.
        user: The user to run it as instead of the image's own; the image decides if empty.
        rights: Its capabilities and privileges.
        shared_memory: The size of its shared memory, as ``--shm-size`` takes it; Docker's default if empty.
        settle_seconds: How long, in seconds, it has to stay up before it counts as running.
        discovers: The values that are looked up in the service before it starts.
        publishes: The attributes that are published through OneGate once it runs.
        beside: Further containers that are started after it. They have no certificates, discover and publish nothing,
            and have no containers beside them.
        name: Its name; the name of the appliance if empty.
        when: When it is started; always if None. The container of an appliance itself is always started.
        gpus: For a container beside another: whether it gets all GPUs where GPUs are used. The appliance's own
            container gets those that `GpuRequest` names.
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
        """This container and those beside it."""
        return (self, *self.beside)
