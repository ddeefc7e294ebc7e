"""The bash helper functions of generated scripts, with the bounds and lengths that they compare with."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ctxschema.generate.numbers import FINITE
from ctxschema.generate.shell_rules import Checks, bound_words
from ctxschema.model.pem import LONGEST


def libraries(checks: Checks) -> Iterator[str]:
    """Yield the helper functions that the checks of a context need, the basic ones first."""
    for name in ("base", *checks.libraries):
        path = os.path.join(os.path.dirname(__file__), "shell", f"{name}.sh")
        with open(path, "rb") as stream:
            text = stream.read().decode()
        yield text.replace("@FINITE@", bound_words(FINITE)).replace("@LONGEST@", str(LONGEST))
