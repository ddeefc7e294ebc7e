"""Hypothesis strategies for the tests of an appliance. They need the extra ``test``."""

from __future__ import annotations

import math
import re
from typing import Any

from hypothesis import strategies as st

from ctxschema.core.never import assert_never
from ctxschema.grammar.emit import template_text, user_input_text
from ctxschema.grammar.numbers import canonical_number
from ctxschema.grammar.types import BLANKS, FLOAT, TYPES, Params
from ctxschema.model.appliance import Appliance
from ctxschema.model.kinds import Shape
from ctxschema.model.limits import Between, Matches
from ctxschema.model.variable import Variable

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f]|\]\]>|\\\Z")


def _is_safe(text: str) -> bool:
    return not _UNSAFE.search(text) and text == text.strip(BLANKS)


def attribute_names() -> st.SearchStrategy[str]:
    """Attribute names that the server stores unchanged."""
    return st.from_regex(r"[A-WYZ_][A-Z0-9_]{0,20}", fullmatch=True)


def safe_texts(*, without: str = "") -> st.SearchStrategy[str]:
    """Texts that a template can hold: stripped, without control characters, ``]]>`` or a backslash at the end."""
    characters = st.characters(exclude_characters=without, exclude_categories=("Cs", "Cc"))
    return st.text(characters | st.sampled_from([c for c in '"\\$#,[]= ' if c not in without])).filter(_is_safe)


@st.composite
def definitions(draw: st.DrawFn) -> str:
    """Definitions in the portable form, with a valid default."""
    kind = draw(st.sampled_from([each for each in TYPES.values() if each.portable and each.name != "fixed"]))
    params = default = ""
    if kind.name == "boolean":
        default = draw(st.sampled_from(["YES", "NO"]))
    elif kind.params is Params.RANGE:
        low, high = sorted(draw(st.lists(st.integers(0, 10**6), min_size=2, max_size=2, unique=True)))
        params, default = f"{low}..{high}", str(draw(st.integers(low, high)))
    elif kind.params is Params.OPTIONS:
        word = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,8}[A-Za-z0-9]", fullmatch=True)
        options = draw(st.lists(word, min_size=1, max_size=5, unique=True))
        params, default = ",".join(options), draw(st.sampled_from(options))
    elif kind.number is not None:
        number = draw(st.integers(-(10**9), 10**9) if kind.number is not FLOAT else st.decimals(-99, 99, places=3))
        default = canonical_number(str(number))
    elif kind.name not in {"text64", "password"}:
        default = draw(safe_texts(without="|\n").filter(bool))
    mandatory = draw(st.booleans())
    return user_input_text(
        kind.name, draw(safe_texts(without="|")), mandatory=mandatory, params=params, default=default
    )


def piped_texts() -> st.SearchStrategy[str]:
    """Any text, with pipes and words of definitions in it more often than by chance."""
    words = st.sampled_from(["|", "M", "O", "0", " ", "..", ",", "YES", "1", "0.8", "\n", "\\", *TYPES])
    return st.lists(words | st.text(max_size=3)).map("".join)


def templates() -> st.SearchStrategy[str]:
    """Template texts in the canonical form."""
    single = st.tuples(attribute_names(), safe_texts())
    members = st.dictionaries(attribute_names(), safe_texts(), min_size=1, max_size=4)
    vector = st.tuples(attribute_names(), members.map(lambda found: tuple(found.items())))
    return st.lists(single | vector, max_size=5).map(lambda items: "".join(template_text(*item) for item in items))


def template_soup() -> st.SearchStrategy[str]:
    """Any text, with the characters that mean something in a template more often than by chance."""
    pieces = ["=", '"', "\\", "[", "]", ",", "#", "\n", "\r\n", " ", "\t", "A", "USER_INPUTS", "]]>", "\0", "<", "é"]
    return st.lists(st.sampled_from(pieces) | st.text(max_size=2)).map("".join)


def value_texts(variable: Variable[Any]) -> st.SearchStrategy[str]:
    """Valid texts for a variable."""
    shape = variable.kind.shape
    match shape:
        case Shape.CHOICE | Shape.CHOICES:
            return st.sampled_from(variable.options)
        case Shape.BOOLEAN:
            return st.sampled_from(["YES", "NO", "yes", "No"])
        case Shape.INTEGER | Shape.DECIMAL:
            return _numbers(variable).filter(lambda number: variable.problem(number) is None).map(repr)
        case Shape.TEXT | Shape.ENCODED:
            shapes = [limit.pattern for limit in variable.limits if isinstance(limit, Matches)]
            if shapes:
                return st.from_regex(shapes[0], fullmatch=True).filter(lambda text: variable.problem(text) is None)
            return st.just(variable.default_text or (variable.kind.example if variable.mandatory else ""))
        case _:
            return assert_never(shape)


def _numbers(variable: Variable[Any]) -> st.SearchStrategy[int] | st.SearchStrategy[float]:
    bounds = next((limit for limit in variable.limits if isinstance(limit, Between)), Between())
    low, high = bounds.low, bounds.high
    if variable.kind.shape is Shape.INTEGER:
        return st.integers(-(10**9) if low is None else math.ceil(low), 10**9 if high is None else math.floor(high))
    return st.floats(-1e9 if low is None else low, 1e9 if high is None else high, allow_subnormal=False)


def contexts(appliance: Appliance) -> st.SearchStrategy[dict[str, str]]:
    """Contexts whose values are all valid, though they may break rules."""
    mandatory = {each.name: value_texts(each) for each in appliance.variables if each.mandatory}
    optional = {each.name: value_texts(each) for each in appliance.variables if not each.mandatory}
    return st.fixed_dictionaries(mandatory, optional=optional)
