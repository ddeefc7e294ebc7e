"""Importing the files of the community marketplace beside an appliance: ``metadata.yaml`` and ``context.yaml``."""

from __future__ import annotations

from typing import Any

from ctxschema.core import codes
from ctxschema.core.source import Position
from ctxschema.grammar.data import Mapping, Scalar
from ctxschema.lint.checks.secrets import SECRET_WORD
from ctxschema.lint.importer_draft import Draft
from ctxschema.lint.importer_input import of_value
from ctxschema.lint.importer_tree import place, plain

PREFIX = "ONEAPP_"
APP, TESTS = ":app", ":tests"


def is_metadata(root: Mapping) -> bool:
    """Say whether a document is a ``metadata.yaml``."""
    return root.mapping(APP) is not None


def is_tests(root: Mapping) -> bool:
    """Say whether a document is a ``context.yaml``."""
    return root.mapping(TESTS) is not None


def import_metadata(draft: Draft, root: Mapping) -> None:
    """Read a ``metadata.yaml``: the parameters of its tests, and everything else for ``extra``."""
    extra: dict[str, Any] = plain(root)
    app = root.mapping(APP)
    context = app.mapping(":context") if app is not None else None
    params = context.mapping(":params") if context is not None else None
    prefixed = context.scalar(":prefixed") if context is not None else None
    before = PREFIX if prefixed is not None and prefixed.text.lower() == "true" else ""
    used: dict[str, Position] = {}
    values: dict[str, Any] = {}
    for key, node in params.pairs if params is not None else ():
        if not isinstance(node, Scalar):
            continue
        word = key.text.removeprefix(":").upper()
        name = word if word.startswith(before) else before + word
        where = key.source.at(0, len(key.text))
        used[name] = where
        secret = SECRET_WORD.search(name) is not None and node.text
        if secret:
            message = f"the value of {name} for tests is a secret by its name, and is left out"
            draft.note(codes.IMPORT_SECRET, message, where, name)
        else:
            values[key.text] = plain(node)
        if draft.read is None and not draft.asked and name not in draft.variables:
            draft.add(of_value(name, "", "" if secret else node.text, place(node) or where))
    context = extra.get(APP, {}).get(":context")
    if isinstance(context, dict):
        context.pop(":params", None)
        context |= {":params": values} if values else {}
    draft.unread(used, "metadata.yaml")
    if draft.read is None:
        draft.unread_by_template(used)
    draft.extra["metadata"] = extra


def import_tests(draft: Draft, root: Mapping) -> None:
    """Read a ``context.yaml``, which lists the tests of the image."""
    draft.extra["tests"] = plain(root)
