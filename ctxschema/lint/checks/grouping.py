"""Checks of the naming convention by which Sunstone groups inputs.

Source: docs/facts/opennebula.md, sections 4.2 and 4.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import field, frozen

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.names import Suggestions
from ctxschema.core.secret import quoted
from ctxschema.grammar.types import RUBY_BLANKS
from ctxschema.lint.document import Entry, Input

_FIRST, _WORDS = "ONEAPP", 4
SWITCH = "ENABLED"
"""The last word of the name of an input that switches its group on and off."""


@frozen
class Group:
    """The tab and the group of an input in Sunstone's form.

    Attributes:
        app: The app, which is a tab.
        group: The group in the tab.
        words: The rest of the name.
    """

    app: str
    group: str
    words: tuple[str, ...] = field(eq=False)

    @property
    def first(self) -> str:
        """The word that Sunstone compares with ENABLED; it ignores all later ones."""
        return self.words[0]


def group_of(name: str) -> Group | None:
    """Return the group of an input, or None if its name does not follow the convention."""
    words = name.upper().split("_")
    if words[0] != _FIRST or len(words) < _WORDS:
        return None
    return Group(words[1], words[2], tuple(words[3:]))


def grouping(inputs: Iterable[Input]) -> Iterator[Finding]:
    """Yield findings about inputs that are probably not grouped as meant, and about what ENABLED hides."""
    grouped: list[tuple[Input, Group]] = []
    for each in inputs:
        found = group_of(each.key)
        if found is not None:
            grouped.append((each, found))
        elif each.key.startswith(f"{_FIRST}_"):
            message = f"{each.key} has fewer than {_WORDS} words, so that Sunstone groups it with the others"
            yield codes.GROUPING_SHORT.at(message, variable=each.key, position=each.name_position)
    switches = {group: each for each, group in grouped if group.words == (SWITCH,)}
    for each, group in grouped:
        switch = switches.get(group)
        if each is switch:
            kind = each.definition.input_type
            if kind is None or kind.name != "boolean":
                name = quoted(each.definition.type or "")
                message = f"{each.key} switches the group {group.group} on and off, and its type is {name}"
                yield codes.ENABLED_KIND.at(message, variable=each.key, position=each.name_position)
        elif switch is not None and group.first == SWITCH:
            message = f"{each.key} stays visible whatever {switch.key} says"
            yield codes.ENABLED_WORD.at(message, variable=each.key, position=each.name_position)
        elif switch is not None and _blocks(each):
            message = f"{switch.key} hides {each.key}, which is mandatory and has no default"
            yield codes.ENABLED_HIDES.at(message, variable=each.key, position=each.name_position)


def _blocks(each: Input) -> bool:
    """Say whether an input that is hidden prevents the form from being submitted."""
    definition, kind = each.definition, each.definition.input_type
    sends_something = kind is not None and (kind.name == "boolean" or kind.params.value == "range")
    return definition.flag == "M" and not sends_something and not (definition.default or "").strip(RUBY_BLANKS)


def metadata(inputs: Iterable[Input], entries: Sequence[Sequence[Entry]]) -> Iterator[Finding]:
    """Yield findings about metadata that Sunstone ignores or never shows."""
    groups = [found for each in inputs if (found := group_of(each.key)) is not None]
    known = {"APP": {group.app for group in groups}, "GROUP": {group.group for group in groups}}
    near = {word: Suggestions(tokens) for word, tokens in known.items()}
    seen: set[tuple[str, str]] = set()
    for vector in filter(None, entries):  # the server stores no empty vector
        fields = {entry.key: entry for entry in vector}
        kind, name = fields.get("TYPE"), fields.get("NAME")
        word = kind.value.text.strip().upper() if kind else ""
        if kind is None or name is None or word not in known or not name.value.text.strip():
            where = (name if word in known else kind) or kind or vector[0]
            message = (
                f"metadata of the type {quoted(kind.value.text)}"
                if kind is not None and word not in known
                else "metadata without a TYPE or a NAME"
            )
            yield codes.METADATA_TYPE.at(message, variable="USER_INPUTS_METADATA", position=where.position)
            continue
        token = name.value.text.strip().upper()
        if token not in known[word]:
            message = f"no input belongs to the {word.lower()} {token}{near[word](token)}"
            yield codes.METADATA_UNMATCHED.at(message, variable="USER_INPUTS_METADATA", position=name.position)
        elif (word, token) in seen:
            message = f"the {word.lower()} {token} has metadata already; Sunstone takes the first"
            yield codes.METADATA_REPEATED.at(message, variable="USER_INPUTS_METADATA", position=name.position)
        seen.add((word, token))
