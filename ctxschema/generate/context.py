"""The CONTEXT section of a template, as template text."""

from __future__ import annotations

from ctxschema.core.quoting import comment
from ctxschema.generate.attributes import context
from ctxschema.generate.options import Options
from ctxschema.grammar.emit import INDENT, template_text
from ctxschema.model.appliance import Appliance


def generate(appliance: Appliance, options: Options) -> str:
    """Return the section. Each variable is a reference to its input, so that the answer arrives unchanged."""
    text = template_text("CONTEXT", context(appliance, options.names.inputs(appliance, appliance.asked)).items())
    for variable in appliance.variables:
        if variable.deprecated is not None:
            entry = f"{INDENT}{variable.name} = "
            text = text.replace(f"\n{entry}", f"\n{INDENT}# {comment(variable.deprecated.words)}\n{entry}")
    return text
