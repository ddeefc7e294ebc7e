"""The checks of the linter. Each takes a part of a document and yields findings."""

from __future__ import annotations

from collections.abc import Iterator

from ctxschema.core.finding import Finding
from ctxschema.lint.checks.capacity import capacity
from ctxschema.lint.checks.context import context
from ctxschema.lint.checks.export import exported
from ctxschema.lint.checks.grouping import grouping, metadata
from ctxschema.lint.checks.names import names
from ctxschema.lint.checks.order import order
from ctxschema.lint.checks.scripts import script
from ctxschema.lint.checks.secrets import secrets
from ctxschema.lint.checks.services import service
from ctxschema.lint.checks.values import addresses, pci_address, template
from ctxschema.lint.document import Document, Section, Service


def check(document: Document) -> Iterator[Finding]:
    """Yield the findings about a document, beyond those of its reader."""
    for part in document.parts:
        if isinstance(part, Section):
            yield from names(part.inputs, part.context or ())
            yield from secrets(part.inputs)
            yield from order(part)
            yield from context(part)
            yield from grouping(part.inputs)
            yield from metadata(part.inputs, part.metadata)
            yield from capacity(part.inputs)
            yield from exported(part)
            yield from template(part)
            yield from addresses(part.inputs, part.context or ())
        elif isinstance(part, Service):
            everything = (*part.inputs, *(each for role in part.roles for each in role.inputs))
            yield from names(everything, ())
            yield from secrets(everything)
            yield from grouping(everything)
            yield from metadata(everything, part.metadata)
            yield from service(part)
            yield from addresses(everything)
            for role in part.roles:
                for content in role.contents:
                    yield from pci_address(content)
        else:
            yield from script(part)
