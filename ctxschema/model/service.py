"""What a machine of a service reads from and publishes through OneGate, as data."""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import field, frozen

from ctxschema.model.conditions import Condition
from ctxschema.model.step import Backoff
from ctxschema.model.variable import Variable

ATTEMPT_SECONDS = 10.0
"""The timeout of one request to OneGate, in seconds."""

GATE = re.compile("READY")
"""OneFlow takes a machine for ready as soon as it publishes a name with READY in it.

Source: docs/facts/opennebula.md, section 6.3.
"""


@frozen
class Discover:
    """The lookup of a value that was left empty: an attribute that another machine of the service publishes.

    Args:
        variable: The variable; it is looked up only where the context gives no value.
        role: The role of the other machine, in words for documents.
        attribute: The attribute to read.
        where: Attributes, with their values, that the other machine must have as well.
        backoff: The pauses between attempts; where there are several sets, ``chosen_by`` selects one.
        chosen_by: The variable that selects among several sets of pauses; None where there is one set.
        longest: The variable that holds the longest pause in seconds.
        when: When to look it up, judged by the context; always if None.
        mismatch: Attributes with values that the other machine may have, and with which this machine does not work
            together; they cause a warning.
        mismatch_when: When ``mismatch`` is looked at, judged by the context; always if None.
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
    """An attribute that the machine publishes through OneGate once its container runs.

    Args:
        name: The name of the attribute.
        text: Its value.
        when: When it is published; always if None.
    """

    name: str
    text: str
    when: Condition | None = None

    @property
    def opens_gate(self) -> bool:
        """Whether the name makes OneFlow consider the machine ready; such an attribute is published last."""
        return GATE.search(self.name) is not None
