"""What a machine learns from its service, and what it tells it, through OneGate: data, as all of a declaration."""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import field, frozen

from ctxschema.model.conditions import Condition
from ctxschema.model.step import Backoff
from ctxschema.model.variable import Variable

ATTEMPT_SECONDS = 10.0
"""How long one answer of OneGate may take."""

GATE = re.compile("READY")
"""OneFlow takes a machine for ready as soon as it publishes a name that has this in it (opennebula.md, section 6.3)."""


@frozen
class Discover:
    """The value of a variable that is left empty: what another machine of the service published.

    Args:
        variable: The variable; a value that it is given comes first.
        role: The role whose machine is asked, as documents call it.
        attribute: What that machine published it as.
        where: What the machine must have published beside it.
        backoff: The pauses between attempts; where there are several, ``chosen_by`` says which.
        chosen_by: The variable that chooses among several; None where there is one.
        longest: The variable that says in seconds what no pause exceeds.
        when: When it is looked up, by what the context says; always if None.
        mismatch: What a machine publishes that this one does not fit together with, and then there is a warning.
        mismatch_when: When this one does not fit together with that, by what the context says; always if None.
    """

    variable: Variable[str]
    role: str
    attribute: str
    where: Mapping[str, str] = field(factory=dict)
    backoff: Mapping[str, Backoff] = field(factory=lambda: {"": Backoff(10, attempts=30)})
    chosen_by: Variable[str] | None = None
    longest: Variable[int] | None = None
    when: Condition | None = None
    mismatch: Mapping[str, str] = field(factory=dict)
    mismatch_when: Condition | None = None


@frozen
class Publish:
    """What the machine tells its service through OneGate once the container runs.

    Args:
        name: The name.
        text: The value.
        when: When it is published.
    """

    name: str
    text: str
    when: Condition | None = None

    @property
    def opens_gate(self) -> bool:
        """Whether OneFlow takes the machine for ready when it sees it; such a name is published last."""
        return GATE.search(self.name) is not None
