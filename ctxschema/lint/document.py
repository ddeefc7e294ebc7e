"""What every reader makes of a file: inputs, their order, CONTEXT, all with the places where they stand."""

from __future__ import annotations

import enum
from typing import TypeAlias

from attrs import field, frozen

from ctxschema.core.finding import Finding
from ctxschema.core.source import Position, SourceText
from ctxschema.grammar.ast import UserInput
from ctxschema.grammar.data import Scalar


class Kind(enum.Enum):
    """What a file is."""

    TEMPLATE = "VM template"
    MARKETPLACE = "marketplace entry"
    SERVICE = "service template"
    SCRIPT = "appliance script"


@frozen
class Named:
    """Something with a name."""

    name: str
    name_position: Position = field(repr=False, eq=False)

    @property
    def key(self) -> str:
        """The name as the server folds it."""
        return self.name.upper()


@frozen
class Input(Named):
    """One user input, or one network of a service, with its definition."""

    definition: UserInput


@frozen
class Entry(Named):
    """A name with a value, such as an entry of CONTEXT."""

    value: SourceText

    @property
    def position(self) -> Position:
        """Where the value stands."""
        return self.value.at(0, len(self.value.text))


@frozen
class Content(Entry):
    """One value of a VM template, or of what a role adds to its own.

    Attributes:
        vector: The vector that it stands in, folded, or nothing.
    """

    vector: str = ""


@frozen
class Section:
    """The inputs of one VM template, with everything that has to agree with them.

    Attributes:
        position: Where it stands, for what concerns it as a whole.
        inputs: In their order.
        order: INPUTS_ORDER.
        context: The entries of CONTEXT; None where there is no CONTEXT.
        attributes: The names of all other attributes, folded.
        metadata: USER_INPUTS_METADATA, each vector as its entries.
        exported: Every value that the marketplace export writes; nothing of a template text.
        values: The values of all other attributes, CONTEXT aside.
        entry: Whether it is the template of a marketplace entry, which is whole, and may be that of a service's role.
    """

    position: Position
    inputs: tuple[Input, ...] = ()
    order: SourceText | None = None
    context: tuple[Entry, ...] | None = None
    attributes: frozenset[str] = frozenset()
    metadata: tuple[tuple[Entry, ...], ...] = ()
    exported: tuple[Scalar, ...] = ()
    values: tuple[Content, ...] = ()
    entry: bool = False


@frozen
class Role:
    """One role of a service.

    Attributes:
        name: Its name.
        parents: The roles that it waits for.
        inputs: The inputs that are asked for this role alone.
        contents: What it adds to its VM template.
        as_text: Whether the contents are template text, as up to OpenNebula 6.10.
        position: Where it stands.
        template: The number of its VM template; None where it has none.
    """

    name: str
    parents: frozenset[str] = frozenset()
    inputs: tuple[Input, ...] = ()
    contents: tuple[Content, ...] = ()
    as_text: bool = False
    position: Position | None = field(default=None, repr=False, eq=False)
    template: Entry | None = None


@frozen
class Service:
    """One OneFlow service template.

    Attributes:
        inputs: The inputs of the service itself.
        networks: Its networks.
        roles: Its roles.
        values: The names for which it brings a value along.
        metadata: As in a section.
        old_words: The keys that OpenNebula 7.0 has renamed, with the new word as their value.
        before_7: Whether it says that it is for versions before 7.0 only.
        exported: Whether a marketplace exports it, and gives the roles their templates as it does.
    """

    inputs: tuple[Input, ...] = ()
    networks: tuple[Input, ...] = ()
    roles: tuple[Role, ...] = ()
    values: frozenset[str] = frozenset()
    metadata: tuple[tuple[Entry, ...], ...] = ()
    old_words: tuple[Entry, ...] = ()
    before_7: bool = False
    exported: bool = False


@frozen
class Parameter(Named):
    """One parameter of ONE_SERVICE_PARAMS: name, stage, description and input, each as one word."""

    stage: Entry
    description: Entry
    input: Entry


@frozen
class Script:
    """The program of a one-apps appliance.

    Attributes:
        parameters: What it declares; a Ruby appliance declares nothing.
        defaults: The defaults that it applies, by the names that it applies them to.
        declares: Whether it has ONE_SERVICE_PARAMS, against which defaults can be judged.
    """

    parameters: tuple[Parameter, ...] = ()
    defaults: tuple[Entry, ...] = ()
    declares: bool = True


Part: TypeAlias = "Section | Service | Script"


@frozen
class Document:
    """A file that was read.

    Attributes:
        kind: What it is; None where nothing of OpenNebula's was found in it.
        source: Its text.
        parts: What is in it.
        findings: What the reader itself found, the faults of definitions among them.
    """

    kind: Kind | None
    source: SourceText
    parts: tuple[Part, ...] = ()
    findings: tuple[Finding, ...] = ()
