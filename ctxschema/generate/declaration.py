"""The declaration itself, as YAML or as a Python module."""

from __future__ import annotations

from ctxschema.generate.options import Options
from ctxschema.model.appliance import Appliance


def generate(appliance: Appliance, options: Options) -> str:
    """Return the declaration as YAML or Python; ``--from`` reads an equal one from it."""
    if options.form == "python":
        from ctxschema.declaration.python_form import declaration_python

        return declaration_python(appliance)
    from ctxschema.declaration.yaml_form import declaration_yaml

    return declaration_yaml(appliance)
