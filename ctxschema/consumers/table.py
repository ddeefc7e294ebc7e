"""The dialect table: the consumers of USER_INPUTS and how each treats a definition, as data.

Sources: docs/facts/opennebula.md, section 1.7 and the sections that it summarises, from OpenNebula 7.5 of
2026-08-20. What the
command line and Sunstone make of one definition is computed in ``command_line.py`` and ``sunstone.py``.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator

from attrs import frozen

from ctxschema.grammar.ast import UserInput
from ctxschema.grammar.types import RUBY_BLANKS, InputType, Params


class Accepts(enum.Enum):
    """Whether a consumer accepts something."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"

    @property
    def rank(self) -> int:
        """The place in the order of the members; 0 is yes."""
        return list(Accepts).index(self)


@frozen
class Consumer:
    """One consumer of USER_INPUTS.

    Args:
        id: Its name on the command line.
        name: Its name for people.
        about: What it does with a definition.
        before: The first OpenNebula release without it; empty if every release has it.
    """

    id: str
    name: str
    about: str
    before: str = ""


CLI = Consumer("cli", "command line", "asks at a terminal: onetemplate, onevrouter and oneflow-template instantiate")
SUNSTONE = Consumer("sunstone", "Sunstone 7, VM form", "shows a form to instantiate a VM template")
SERVICE_EDITOR = Consumer("service-editor", "Sunstone 7, service editor", "reads and rewrites a service template")
ONEFLOW = Consumer("oneflow", "OneFlow server", "instantiates a service; it reads names only")
MARKETPLACE = Consumer("marketplace", "marketplace export", "turns a marketplace entry into a template text")
OLD_SUNSTONE = Consumer("old-sunstone", "Sunstone up to 6.10", "shows a form to instantiate a VM template", "7.0")

CONSUMERS = (CLI, SUNSTONE, SERVICE_EDITOR, ONEFLOW, MARKETPLACE, OLD_SUNSTONE)
"""Every consumer, in the order of lists and documents."""

BY_ID = {consumer.id: consumer for consumer in CONSUMERS}


@frozen
class Reading:
    """How one consumer treats one subject."""

    consumer: Consumer
    accepts: Accepts
    makes: str


@frozen
class Row:
    """One row of the dialect table.

    Args:
        subject: What a definition contains: a type, or a property of the string.
        readings: How each consumer treats it; a consumer that is not named accepts it unchanged.
    """

    subject: str
    readings: tuple[Reading, ...]

    def of(self, consumer: Consumer) -> Reading:
        """Return how a consumer treats the subject."""
        return next((each for each in self.readings if each.consumer is consumer), Reading(consumer, Accepts.YES, ""))


def _row(subject: str, **readings: str) -> Row:
    """Return a row. Each reading begins with its verdict: ``+`` for yes, ``~`` for partly, ``-`` for no."""
    verdicts = {"+": Accepts.YES, "~": Accepts.PARTLY, "-": Accepts.NO}
    made = tuple(Reading(BY_ID[name.replace("_", "-")], verdicts[text[0]], text[2:]) for name, text in readings.items())
    return Row(subject, made)


TABLE = (
    # ---- types ----
    _row(
        "text",
        cli="+ takes an empty answer even where the input is mandatory",
        sunstone="+ a box of several lines; refuses an empty one where the input is mandatory",
    ),
    _row(
        "text64",
        cli="~ encodes the answer in base64, the default too, where something has loaded Ruby's base64; elsewhere "
        "(Ruby 3.1 with Debian's gems) it crashes, even at Enter",
        sunstone="~ sends the text as it stands, not encoded",
        service_editor="~ wants base64 already",
        old_sunstone="+ encodes the answer in base64",
    ),
    _row(
        "password",
        cli="+ does not show the answer, and prints the default in clear",
        sunstone="+ a password box; refuses blanks at the ends",
        old_sunstone="+ a password box; its editor writes three parts",
    ),
    _row(
        "number", cli="+ an integer, checked to the letter", sunstone="+ a number box; the default is cut to an integer"
    ),
    _row(
        "number-float",
        cli="+ digits with a point between them; no exponent",
        sunstone="+ a number box",
        service_editor="~ refuses a default that is an integer",
    ),
    _row(
        "range",
        cli="+ an integer within the bounds",
        sunstone="~ a slider, which sends the minimum where nothing is set",
        service_editor="~ bounds from 0 up",
    ),
    _row(
        "range-float",
        cli="+ a number within the bounds",
        sunstone="~ a slider in steps of 0.1, which sends the minimum where nothing is set",
        service_editor="~ refuses bounds that are integers",
    ),
    _row(
        "boolean",
        cli="+ exactly YES or NO; anything else ends the command",
        sunstone="+ a switch, which always sends YES or NO",
        old_sunstone="+ two buttons, none of them pressed unless the default is YES or NO",
    ),
    _row(
        "list",
        cli="+ asks for the number of an option, from 0",
        sunstone="+ offers the options in alphabetical order, each once; does not check the default",
        old_sunstone="+ offers the options in their order, without blanks",
    ),
    _row(
        "list-multiple",
        cli="- refuses the type",
        sunstone="~ joins the choices with commas after 7.4.0, one element for each before",
    ),
    _row(
        "fixed",
        cli="+ does not ask",
        sunstone="~ a box that cannot be changed; without a value the form cannot be submitted",
        service_editor="~ a text box, for its editor does not offer the type",
    ),
    _row(
        "array",
        cli="- refuses the type",
        sunstone="~ a plain text box",
        service_editor="~ a plain text box",
        old_sunstone="~ a plain text box",
    ),
    _row(
        "network",
        cli="- refuses the type in user_inputs",
        sunstone="~ a plain text box",
        service_editor="~ has an editor of its own for networks",
        oneflow="+ reads it in networks only",
        old_sunstone="~ a plain text box",
    ),
    _row(
        "unknown type",
        cli="- refuses the type",
        sunstone="~ a plain text box",
        service_editor="~ a plain text box",
        old_sunstone="~ a plain text box",
    ),
    # ---- the string ----
    _row(
        "fewer than 3 parts",
        cli="- wants three parts at least",
        sunstone="~ takes what is missing for undefined",
        service_editor="- crashes",
        old_sunstone="~ takes what is missing for empty",
    ),
    _row(
        "3 parts",
        cli="~ crashes, loops or ends at Enter, but for text, password and fixed",
        service_editor="- crashes",
    ),
    _row(
        "4 parts",
        cli="- wants three parts or five",
        sunstone="~ has no default",
        service_editor="~ writes undefined for the default",
        old_sunstone="~ has no default",
    ),
    _row(
        "more than 5 parts",
        cli="- wants three parts or five",
        sunstone="~ ignores the sixth part and what follows",
        service_editor="~ ignores the sixth part and what follows",
        old_sunstone="~ ignores the sixth part and what follows",
    ),
    _row(
        "flag other than M or O",
        cli="~ takes the flag for mandatory",
        sunstone="~ takes the flag for optional, and rewrites it as O",
        service_editor="~ takes the flag for optional",
        old_sunstone="~ takes the flag for optional",
    ),
    _row(
        "blanks around a part",
        cli="+ strips the blanks around a part",
        sunstone="~ keeps the blanks around a part: a padded flag is optional, a padded type unknown",
        service_editor="~ keeps the blanks around a part",
        old_sunstone="~ keeps the blanks around a part",
    ),
    _row(
        "params that mean nothing",
        cli="+ ignores the params",
        sunstone="+ ignores the params",
        old_sunstone="~ drops the params",
    ),
    _row(
        "default that is no option",
        cli="~ asks for ever at Enter",
        sunstone="~ submits the default unseen",
        old_sunstone="~ shows the first option",
    ),
    _row(
        "double quote",
        marketplace="- writes the double quote without an escape, so that the exported template does not parse",
    ),
    _row(
        "line end",
        oneflow="~ adds a comma at each line end inside a vector of a role",
    ),
)
"""The dialect table."""

ROWS = {row.subject: row for row in TABLE}


def subjects(node: UserInput) -> Iterator[str]:
    """Yield the subjects of the table that apply to a definition."""
    parts = [part.text for part in node.parts]
    if len(parts) != 5:
        yield (
            "fewer than 3 parts" if len(parts) < 3 else "more than 5 parts" if len(parts) > 5 else f"{len(parts)} parts"
        )
    if parts[0].strip(RUBY_BLANKS) not in {"M", "O"}:
        yield "flag other than M or O"
    if any(part != part.strip(RUBY_BLANKS) for number, part in enumerate(parts) if number != 3 or part.strip()):
        yield "blanks around a part"
    kind = node.input_type
    if len(parts) > 1:
        yield kind.name if kind else "unknown type"
    if kind is not None and len(parts) == 5:
        yield from _about_params(kind, parts[3], parts[4].strip())
    if '"' in node.emit():
        yield "double quote"
    if "\n" in node.emit().strip():
        yield "line end"


def _about_params(kind: InputType, params: str, default: str) -> Iterator[str]:
    if kind.params is Params.NONE and params.strip():
        yield "params that mean nothing"
    if kind.name == "list" and default and default not in params.split(","):
        yield "default that is no option"
