"""What somebody can choose about an output."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from ctxschema.core.source import SourceText
from ctxschema.generate.names import Names


@frozen
class Options:
    """The choices; an output takes those that its entry in the registry names.

    Args:
        names: Under which names users are asked.
        group: Only the variables of this group.
        gpu: Whether the machine gets a GPU of its host.
        templates: The id of the VM template of each role.
        context: What the machine is told, for an output into which the values are written; the defaults if None.
        form: ``yaml`` or ``python``, for a declaration.
    """

    names: Names = Names.VARIABLE
    group: str | None = None
    gpu: bool = False
    templates: Mapping[str, int] = field(factory=dict)
    form: str = "yaml"
    context: SourceText | None = None
