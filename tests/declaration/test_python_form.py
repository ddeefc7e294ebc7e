"""Parts of a declaration in Python and as data, which documents show one by one."""

from collections.abc import Callable
from typing import Any

import pytest

from ctxschema.core import codes
from ctxschema.core.errors import NotPortableError
from ctxschema.declaration.conditions import condition_data, limit_data
from ctxschema.declaration.python_form import python_expression
from ctxschema.model.conditions import AllOf, Condition, Is, IsOneOf
from ctxschema.model.kinds import BOOLEAN, NUMBER
from ctxschema.model.limits import Between, Limit
from ctxschema.model.variable import Variable

FLAG = Variable("A_FLAG", BOOLEAN, label="Flag", default=True)
PORT = Variable("A_PORT", NUMBER, label="Port", default=1, limits=(Between(1, 9),), effective=Is(FLAG, True))


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (
            PORT,
            """\
Variable(
    'A_PORT',
    NUMBER,
    label='Port',
    default=1,
    limits=(Between(low=1, high=9),),
    effective=Is(variable=A_FLAG, value=True),
)""",
        ),
        (Is(PORT, 5), "Is(variable=A_PORT, value=5)"),
        (IsOneOf(PORT, (1,)), "IsOneOf(variable=A_PORT, choices=(1,))"),
        ("a" * 108, repr("a" * 108)),
        (("a" * 105,), f"({'a' * 105!r},)"),
        (("a" * 106,), f"(\n    {'a' * 106!r},\n)"),
        ((("a" * 99,), "b"), f"(\n    ({'a' * 99!r},),\n    'b',\n)"),
        (
            ((("a" * 97,), "b" * 20), "c"),
            f"(\n    (\n        ({'a' * 97!r},),\n        {'b' * 20!r},\n    ),\n    'c',\n)",
        ),
        (
            ((("a" * 98,), "b" * 20), "c"),
            f"(\n    (\n        (\n            {'a' * 98!r},\n        ),\n        {'b' * 20!r},\n    ),\n    'c',\n)",
        ),
    ],
)
def test_a_part_is_written_as_it_would_be_by_hand(part: Any, text: str) -> None:
    assert python_expression(part) == text


def test_a_condition_that_is_true_of_one_variable_twice_keeps_both() -> None:
    both = AllOf((Is(FLAG, True), IsOneOf(FLAG, (True, False))))
    assert condition_data(both) == {"all": [{"A_FLAG": "YES"}, {"A_FLAG": ["YES", "NO"]}]}


class Odd(Limit):
    words = "an odd number"


class Full(Condition):
    words = "the moon is full"


@pytest.mark.parametrize(
    ("data_of", "part", "what"),
    [(limit_data, Odd(), "limit Odd (an odd number)"), (condition_data, Full(), "condition Full (the moon is full)")],
)
def test_what_data_has_no_words_for_is_named(data_of: Callable[[Any], Any], part: object, what: str) -> None:
    with pytest.raises(NotPortableError) as refused:
        data_of(part)
    (found,) = refused.value.findings
    assert str(refused.value) == found.message == f"a declaration as data has no words for the {what}"
    assert found.code == codes.NOT_CARRIED.id
    kind = what.partition(" ")[0]
    assert found.repair == f"declare it with the {kind}s of ctxschema.model, or keep the declaration in Python"
