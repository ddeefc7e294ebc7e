"""Writing a declaration as YAML in the style that people use."""

from __future__ import annotations

import re
from typing import Any

import yaml

from ctxschema.declaration.kinds import YesOrNo
from ctxschema.declaration.unstructure import appliance_data
from ctxschema.grammar.yaml_document import is_plain_text
from ctxschema.model.appliance import Appliance

SCHEMA = "appliance.schema.json"
"""The name of the schema file for editors that ``make schemas`` writes."""

WIDTH = 120
_IN_ONE_LINE = 100


_MAP, _SEQUENCE = "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"


_OTHER_LINE_ENDS = re.compile("[\r\x85\u2028\u2029]")
"""Characters that YAML reads as line ends and normalises unless they are escaped."""


class _Flow(dict[str, Any]):
    """A mapping that is written on one line."""


class _FlowList(list[Any]):
    """A list that is written on one line."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's interface
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = None if is_plain_text(text) else "'"
    if "\n" in text and not text.startswith((" ", "\n")):
        style = "|"
    if _OTHER_LINE_ENDS.search(text):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(YesOrNo, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:bool", str(text)))
_Dumper.add_representer(_Flow, lambda dumper, data: dumper.represent_mapping(_MAP, data.items(), flow_style=True))
_Dumper.add_representer(_FlowList, lambda dumper, data: dumper.represent_sequence(_SEQUENCE, data, flow_style=True))


def declaration_yaml(appliance: Appliance, schema: str = SCHEMA) -> str:
    """Return the declaration of an appliance as YAML, from which an equal one can be read.

    Args:
        appliance: The appliance.
        schema: The path or URL at which an editor finds the schema.
    """
    return f"# yaml-language-server: $schema={schema}\n{data_yaml(appliance_data(appliance))}"


def data_yaml(data: dict[str, Any]) -> str:
    """Return plain data in the form of the schema as YAML, with blank lines between its parts."""
    parts = [_dump({name: value}) for name, value in data.items()]
    return "".join(f"\n{part}" if part.count("\n") > 1 else part for part in parts)


def _dump(data: dict[str, Any]) -> str:
    text: str = yaml.dump(
        {name: _styled(value, depth=1) for name, value in data.items()},
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=WIDTH,
    )
    return text


def _styled(data: Any, depth: int) -> Any:
    """Return plain data with markers for the short and deeply nested parts that are written on one line."""
    if isinstance(data, dict):
        inner = {name: _styled(value, depth + 1) for name, value in data.items()}
        return _Flow(inner) if depth > 2 and _fits(inner) else inner
    if isinstance(data, list):
        items = [_styled(item, depth + 1) for item in data]
        plain = all(not isinstance(item, dict) for item in items)
        return _FlowList(items) if plain and _fits(items) else items
    return data


def _fits(data: Any) -> bool:
    """Say whether data is short and contains no text of several lines."""
    return "\n" not in repr(data) and "\\n" not in repr(data) and len(repr(data)) < _IN_ONE_LINE and _flat(data)


def _flat(data: Any) -> bool:
    values = data.values() if isinstance(data, dict) else data
    return all(not isinstance(value, (dict, list)) or isinstance(value, (_Flow, _FlowList)) for value in values)
