"""Importing the files of the community marketplace beside an appliance: ``metadata.yaml`` and ``context.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ctxschema.core import codes
from ctxschema.core.source import Position
from ctxschema.grammar.data import Mapping, Node, Scalar
from ctxschema.lint.checks.secrets import SECRET_WORD
from ctxschema.lint.importer_draft import Draft
from ctxschema.lint.importer_input import of_value
from ctxschema.lint.importer_tree import plain, scalar_place

PREFIX = "ONEAPP_"
APP, CONTEXT, TESTS = ":app", ":context", ":tests"


def is_metadata(root: Mapping) -> bool:
    """Say whether a document is a ``metadata.yaml``."""
    return root.mapping(APP) is not None


def is_tests(root: Mapping) -> bool:
    """Say whether a document is a ``context.yaml``."""
    return root.mapping(TESTS) is not None


def import_metadata(draft: Draft, root: Mapping) -> None:
    """Read a ``metadata.yaml``: the parameters of its tests, and everything else for ``extra``."""
    app = root.mapping(APP)
    context = app.mapping(CONTEXT) if app is not None else None
    prefixed = context.scalar(":prefixed") if context is not None else None
    before = PREFIX if prefixed is not None and prefixed.text.lower() == "true" else ""
    used: dict[str, Position] = {}
    secrets: list[Scalar] = []
    for key, node in _params(root):
        word = key.text.removeprefix(":").upper()
        name = word if word.startswith(before) else before + word
        where = scalar_place(key)
        secret = SECRET_WORD.search(name) is not None and not (isinstance(node, Scalar) and node.text == "")
        if secret:
            message = f"the value of {name} for tests is a secret by its name, and is left out"
            draft.note(codes.IMPORT_SECRET, message, where, name)
            secrets.append(key)
        if not isinstance(node, Scalar):
            continue
        used[name] = where
        if draft.read is None and not draft.asked and name not in draft.variables:
            draft.add(of_value(name, "", "" if secret else node.text, scalar_place(node)))
    draft.unread(used, "metadata.yaml")
    if draft.read is None:
        draft.unread_by_template(used)
    draft.extra["metadata"] = _without(root, secrets)


def _params(root: Mapping) -> Iterator[tuple[Scalar, Node]]:
    """Yield the parameters of the tests, from every part that has their name in whatever letters."""
    nodes: list[Node] = [root]
    for name in (APP, CONTEXT, ":params"):
        found = (node.pairs for node in nodes if isinstance(node, Mapping))
        nodes = [node for pairs in found for key, node in pairs if key.text.lower() == name]
    for node in nodes:
        yield from node.pairs if isinstance(node, Mapping) else ()


def _without(node: Node, keys: Iterable[Scalar]) -> Any:
    """Return a node as plain data, without some keys."""
    if not isinstance(node, Mapping):
        return plain(node)
    pairs = [(key, item) for key, item in node.pairs if not any(key is each for each in keys)]
    return {key.text: _without(item, keys) for key, item in pairs}


def import_tests(draft: Draft, root: Mapping) -> None:
    """Read a ``context.yaml``, which lists the tests of the image."""
    draft.extra["tests"] = plain(root)
