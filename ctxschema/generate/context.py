"""The CONTEXT section of a template."""

from __future__ import annotations

from ctxschema.core.quoting import comment
from ctxschema.generate.attributes import context
from ctxschema.generate.options import Options
from ctxschema.grammar.emit import INDENT, template_text
from ctxschema.model.appliance import Appliance


def generate(appliance: Appliance, options: Options) -> str:
    """Return the output: what a user was asked for goes over by reference, so that it arrives as it was typed."""
    text = template_text("CONTEXT", context(appliance, options.names.inputs(appliance, appliance.asked)).items())
    for variable in appliance.variables:
        if variable.deprecated is not None:
            entry = f"{INDENT}{variable.name} = "
            text = text.replace(f"\n{entry}", f"\n{INDENT}# {comment(variable.deprecated.words)}\n{entry}")
    return text
