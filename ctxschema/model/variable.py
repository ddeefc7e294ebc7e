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
    """When a one-apps appliance reads a variable (opennebula.md, section 1.6)."""

    CONFIGURE = "configure"
    """At every boot, before the service is started."""
    BOOTSTRAP = "bootstrap"
    """Once the service runs, to set it up."""


class Maker(enum.Enum):
    """What a machine makes the value of a variable of that nobody has set."""

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
        """The same as a reader would put it."""
        return _MADE[self]


_MADE = {
    Maker.PASSWORD: "a random password",
    Maker.ADDRESS: "the first IPv4 address of the machine",
    Maker.HOSTNAME: "the name of the machine",
    Maker.UUID: "a random UUID",
}


@frozen
class Deprecation:
    """That a variable will go.

    Args:
        since: The version from which on it is deprecated.
        instead: The name of the variable that replaces it, if one does.
    """

    since: str
    instead: str = ""

    @property
    def words(self) -> str:
        """The same as a reader would put it."""
        return f"deprecated since {self.since}" + (f", use {self.instead}" if self.instead else "")


def _in_words(name: str) -> str:
    """Return a name as a label: ``ONEAPP_DB_HOST`` is "Db host"."""
    return name.removeprefix("ONEAPP_").removeprefix("FL_").replace("_", " ").strip().capitalize() or name


@frozen(eq=False)
class Variable(Generic[T]):
    """One context variable: everything that anybody needs to know of it, once.

    Args:
        name: The name in CONTEXT, such as ``FL_GPU_ENABLED``.
        kind: How its text is read.
        label: What the user is asked; it becomes the description part of the definition. Its name in words without.
        default: The value where the context has none or an empty one; None if there is no default, and the
            variable then has no value where nobody gives one.
        help: What it does, in a sentence or two for somebody who has to choose a value.
        group: The heading that it stands under.
        scope: Which role of the service reads it.
        options: The choices of a list.
        limits: What the value must be beyond its kind.
        effective: When the value has any effect; always if None.
        input_name: The short name that the user is asked for; ``name`` without its first prefix if None.
        mandatory: Whether the user has to give a value.
        stops_boot: Whether a wrong value stops the boot. Where it does not, the node goes on without the
            feature and a warning.
        deprecated: That it will go, and what replaces it; None if it stays.
        aliases: Other names under which a machine may be told, as an appliance that is published already asks for it.
            Its own name counts where both are set.
        hidden: Whether it is asked of nobody: the machine reads it, and the template does not offer it.
        stage: When a one-apps appliance reads it.
        made: What the machine makes its value of where nobody has set it; such a variable has no default.
        ask_empty: Whether forms start empty rather than with the default, so that who leaves it alone leaves it unset.
            For a variable whose default means something else where somebody writes it himself.
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
        """What the user is asked: the label, and whether the variable is deprecated."""
        return self.label if self.deprecated is None else f"{self.label} ({self.deprecated.words})"

    @property
    def short_name(self) -> str:
        """The name under which ``--names short`` asks for it."""
        return self.input_name or self.name.removeprefix("FL_")

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which a machine may be told, its own first."""
        return (self.name, *self.aliases)

    @property
    def secret(self) -> bool:
        """Whether its value must never be shown."""
        return self.kind.secret

    @property
    def all_limits(self) -> tuple[Limit, ...]:
        """The limits, the choice among the options included."""
        return (OneOf(self.options), *self.limits) if self.options else self.limits

    @property
    def default_text(self) -> str:
        """The default as it is written in a template; empty if there is none."""
        return "" if self.default is None else self.kind.format(self.default)

    @property
    def asked_text(self) -> str:
        """What a form starts with: the default, unless it starts empty."""
        return "" if self.ask_empty else self.default_text

    def text_of(self, value: T) -> str:
        """Return a value as text, or stars if it is secret."""
        return MASK if self.secret else self.kind.format(value)

    def problem(self, value: T) -> str | None:
        """Return why a value is outside the limits, to follow it in a sentence, or None."""
        return next((problem for limit in self.all_limits if (problem := limit.problem(value))), None)

    @property
    def limits_in_words(self) -> str:
        """The kind and the limits as a reader would put them."""
        words = [limit.words for limit in self.all_limits]
        if self.kind.words != "text":
            words.insert(0, self.kind.words)
        return ", ".join(words) or "any text"

    def __repr__(self) -> str:
        return f"Variable({self.name})"
