"""The options of outputs."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from ctxschema.core.source import SourceText
from ctxschema.generate.names import Names


@frozen
class Options:
    """The options of outputs. Each output uses those that its entry in the registry names.

    Args:
        names: The style of the inputs' names.
        group: Limits the output to the variables of this group.
        gpu: Whether the machine gets a GPU.
        templates: The ID of the VM template of each role.
        context: The context whose values are written into the output; the defaults if None.
        form: The language of a declaration, ``yaml`` or ``python``.
    """

    names: Names = Names.VARIABLE
    group: str | None = None
    gpu: bool = False
    templates: Mapping[str, int] = field(factory=dict)
    form: str = "yaml"
    context: SourceText | None = None
