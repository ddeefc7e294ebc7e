"""The content of a file as every reader returns it: inputs, their order and CONTEXT, with positions."""

from __future__ import annotations

import enum
from typing import TypeAlias

from attrs import field, frozen

from ctxschema.core.finding import Finding
from ctxschema.core.source import Position, SourceText
from ctxschema.grammar.ast import UserInput
from ctxschema.grammar.data import Scalar


class Kind(enum.Enum):
    """The kind of a file."""

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
        """The name in upper case, as the server stores it."""
        return self.name.upper()


@frozen
class Input(Named):
    """A user input with its definition, or a network of a service."""

    definition: UserInput


@frozen
class Entry(Named):
    """A name with a value, such as an entry of CONTEXT."""

    value: SourceText

    @property
    def position(self) -> Position:
        """The position of the value."""
        return self.value.at(0, len(self.value.text))


@frozen
class Content(Entry):
    """A value of a VM template, or of the contents that a role adds to its template.

    Attributes:
        vector: The name of the vector that contains it, in upper case; empty if none does.
    """

    vector: str = ""


@frozen
class Section:
    """The inputs of one VM template, with everything that has to agree with them.

    Attributes:
        position: The position for findings about the whole.
        inputs: The inputs, in order.
        order: INPUTS_ORDER.
        context: The entries of CONTEXT; None if there is no CONTEXT.
        attributes: The names of all other attributes, in upper case.
        metadata: USER_INPUTS_METADATA: the entries of each vector.
        exported: Every value that the marketplace export writes; none for a template text.
        values: The values of all other attributes, without CONTEXT.
        entry: Whether it is the template of a marketplace entry. Such a template is complete, and may be for a role.
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
        inputs: The inputs of this role alone.
        contents: The values that it adds to its VM template.
        as_text: Whether the contents are template text, as up to OpenNebula 6.10.
        position: Its position.
        template: The ID of its VM template; None if it has none.
    """

    name: str
    parents: frozenset[str] = frozenset()
    inputs: tuple[Input, ...] = ()
    contents: tuple[Content, ...] = ()
    as_text: bool = False
    position: Position | None = field(default=None, repr=False, eq=False)
    template: Entry | None = None

    @property
    def words(self) -> str:
        """The role as a message calls it."""
        return f"the role {self.name}" if self.name else "a role without a name"


@frozen
class Service:
    """One OneFlow service template.

    Attributes:
        inputs: The inputs of the service itself.
        networks: Its networks.
        roles: Its roles.
        values: The names for which it contains a value.
        metadata: USER_INPUTS_METADATA, as in a section.
        old_words: The keys that OpenNebula 7.0 has renamed, with the new key as value.
        before_7: Whether it says that it is only for versions before 7.0.
        exported: Whether it is in a marketplace entry, whose export adds the roles' templates.
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
    """A parameter of ONE_SERVICE_PARAMS: name, stage, description and input, one word each."""

    stage: Entry
    description: Entry
    input: Entry


@frozen
class Script:
    """The program of a one-apps appliance.

    Attributes:
        parameters: The parameters that it declares; a Ruby appliance declares none.
        defaults: The defaults that it applies, by name.
        declares: Whether it has ONE_SERVICE_PARAMS, against which defaults can be checked.
    """

    parameters: tuple[Parameter, ...] = ()
    defaults: tuple[Entry, ...] = ()
    declares: bool = True


Part: TypeAlias = "Section | Service | Script"


@frozen
class Document:
    """The content of a file.

    Attributes:
        kind: The kind of the file; None if it contains nothing of OpenNebula's.
        source: Its text.
        parts: Its parts.
        findings: The findings of the reader, including those about definitions.
    """

    kind: Kind | None
    source: SourceText
    parts: tuple[Part, ...] = ()
    findings: tuple[Finding, ...] = ()
