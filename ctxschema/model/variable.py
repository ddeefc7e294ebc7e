"""The declaration of one context variable."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Generic, TypeVar

from attrs import Factory, field, frozen

from ctxschema.core.secret import MASK
from ctxschema.model.kinds import Kind
from ctxschema.model.limits import Limit, OneOf

if TYPE_CHECKING:
    from ctxschema.model.conditions import Condition

T = TypeVar("T")


class Stage(enum.Enum):
    """When a one-apps appliance reads a variable (docs/facts/opennebula.md, section 1.6)."""

    CONFIGURE = "configure"
    """At every boot, before the service is started."""
    BOOTSTRAP = "bootstrap"
    """Once the service runs, to set it up."""


class Maker(enum.Enum):
    """What a machine generates as the value of a variable that nobody has set."""

    PASSWORD = "password"  # noqa: S105 - the word, and no password
    """A random password."""
    ADDRESS = "address"
    """The first IPv4 address of the machine."""
    HOSTNAME = "hostname"
    """The name of the machine."""
    UUID = "uuid"
    """A random UUID."""

    @property
    def words(self) -> str:
        """The description for messages and documents."""
        return _MADE[self]


_MADE = {
    Maker.PASSWORD: "a random password",
    Maker.ADDRESS: "the first IPv4 address of the machine",
    Maker.HOSTNAME: "the name of the machine",
    Maker.UUID: "a random UUID",
}


@frozen
class Deprecation:
    """A notice that a variable will be removed.

    Args:
        since: The version since which it is deprecated.
        instead: The name of the variable that replaces it, if there is one.
    """

    since: str
    instead: str = ""

    @property
    def words(self) -> str:
        """The notice in words."""
        return f"deprecated since {self.since}" + (f", use {self.instead}" if self.instead else "")


def _in_words(name: str) -> str:
    """Return a label made from a name: "Db host" from ``ONEAPP_DB_HOST``."""
    return name.removeprefix("ONEAPP_").removeprefix("FL_").replace("_", " ").strip().capitalize() or name


@frozen(eq=False)
class Variable(Generic[T]):
    """One context variable, with everything that documents, checks and outputs need to know about it.

    Args:
        name: The name in CONTEXT, such as ``FL_GPU_ENABLED``.
        kind: How its text is read, and its USER_INPUTS type.
        label: What the user is asked; the description part of the definition. If empty, it is made from the name.
        default: The value where the context has none or an empty one. With None there is no default, and the variable
            has no value unless somebody gives one.
        help: What it does, in a sentence or two for somebody who has to choose a value.
        group: The group that it belongs to in forms and documents.
        scope: The role of the service that reads it.
        options: The choices of a list.
        limits: What a value must satisfy beyond its kind.
        effective: When the value has any effect; always if None.
        input_name: The short name that the user may be asked for; ``name`` without its first prefix if None.
        mandatory: Whether the user has to give a value.
        stops_boot: Whether a wrong value ends the boot. Otherwise the boot goes on without the feature, with a warning.
        deprecated: That it will be removed, and what replaces it; None if it stays.
        aliases: Other names under which CONTEXT may set it, as an already published appliance does. Where both are set,
            ``name`` counts.
        hidden: Whether the template leaves it out: the machine reads it, but no user is asked for it.
        stage: When a one-apps appliance reads it.
        made: What the machine generates as its value where nobody has set it; such a variable has no default.
        ask_empty: Whether forms start empty instead of with the default, so that the variable stays unset unless
            somebody types a value. For a variable whose default means something else when it is given explicitly.
    """

    name: str
    kind: Kind[T]
    label: str = field(default=Factory(lambda self: _in_words(self.name), takes_self=True), kw_only=True)
    default: T | None = field(default=None, kw_only=True)
    help: str = field(default="", kw_only=True)
    group: str = field(default="", kw_only=True)
    scope: str = field(default="", kw_only=True)
    options: tuple[str, ...] = field(default=(), kw_only=True)
    limits: tuple[Limit, ...] = field(default=(), kw_only=True)
    effective: Condition | None = field(default=None, kw_only=True)
    input_name: str | None = field(default=None, kw_only=True)
    mandatory: bool = field(default=False, kw_only=True)
    stops_boot: bool = field(default=True, kw_only=True)
    deprecated: Deprecation | None = field(default=None, kw_only=True)
    aliases: tuple[str, ...] = field(default=(), kw_only=True)
    hidden: bool = field(default=False, kw_only=True)
    stage: Stage = field(default=Stage.CONFIGURE, kw_only=True)
    made: Maker | None = field(default=None, kw_only=True)
    ask_empty: bool = field(default=False, kw_only=True)

    @property
    def question(self) -> str:
        """What the user is asked: the label, with a note if the variable is deprecated."""
        return self.label if self.deprecated is None else f"{self.label} ({self.deprecated.words})"

    @property
    def short_name(self) -> str:
        """The name under which ``--names short`` asks for it."""
        return self.input_name or self.name.removeprefix("FL_")

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which CONTEXT may set it, its own first."""
        return (self.name, *self.aliases)

    @property
    def secret(self) -> bool:
        """Whether its value must never be shown."""
        return self.kind.secret

    @property
    def all_limits(self) -> tuple[Limit, ...]:
        """The limits, including that a value is one of the options."""
        return (OneOf(self.options), *self.limits) if self.options else self.limits

    @property
    def default_text(self) -> str:
        """The default as a template spells it; empty if there is none."""
        return "" if self.default is None else self.kind.format(self.default)

    @property
    def asked_text(self) -> str:
        """What a form starts with: the default, or nothing with ``ask_empty``."""
        return "" if self.ask_empty else self.default_text

    def text_of(self, value: T) -> str:
        """Return a value as text, or as stars if it is secret."""
        return MASK if self.secret else self.kind.format(value)

    def problem(self, value: T) -> str | None:
        """Return why a value is outside the limits, to complete a sentence that begins with it, or None."""
        return next((problem for limit in self.all_limits if (problem := limit.problem(value))), None)

    @property
    def limits_in_words(self) -> str:
        """The kind and the limits in words."""
        words = [limit.words for limit in self.all_limits]
        if self.kind.words != "text":
            words.insert(0, self.kind.words)
        return ", ".join(words) or "any text"

    def __repr__(self) -> str:
        return f"Variable({self.name})"
