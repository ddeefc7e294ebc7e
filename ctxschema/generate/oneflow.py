"""The service template of OneFlow, in JSON, for ``oneflow-template create``."""

from __future__ import annotations

from ctxschema.generate.options import Options
from ctxschema.generate.service import service_text
from ctxschema.model.appliance import Appliance


def generate(appliance: Appliance, options: Options) -> str:
    """Return the service template."""
    return service_text(appliance, options)
