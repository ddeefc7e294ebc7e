"""What kinds, limits, conditions and the small functions of the model answer, in whole sentences."""

import base64
from typing import Any

import pytest

from ctxschema.core.secret import Secret
from ctxschema.model import kinds
from ctxschema.model.condition_parts import exclude, mentions_gpu
from ctxschema.model.conditions import AllOf, AnyOf, Compare, Condition, Is, IsOneOf, IsSet, Linear, Not, Repeats
from ctxschema.model.gpu_request import GpuUsed
from ctxschema.model.kinds import BOOLEAN, LIST_MULTIPLE, NUMBER, NUMBER_FLOAT, PASSWORD, TEXT
from ctxschema.model.limits import Between, Instead, Limit, Matches, NoneOf, OneOf
from ctxschema.model.node_config import NODE_CONFIG
from ctxschema.model.pem import CERTIFICATE, LONGEST, PRIVATE_KEY, pem_text
from ctxschema.model.variable import Variable
from tests import pem

FLAG = Variable("FL_FLAG", BOOLEAN, label="Flag", default=False, group="web")
COUNT = Variable("FL_COUNT", NUMBER, label="Count", default=1, aliases=("OLD_COUNT",), group="web")
OTHER = Variable("FL_OTHER", NUMBER, label="Other", default=1, group="db")
NAME = Variable("FL_NAME", TEXT, label="Name", default="")
KEY = Variable("FL_KEY", PASSWORD, label="Key")
RELEASE = Variable("FL_RELEASE", TEXT, label="Release", default="1.2", limits=(Matches("[0-9.]{1,5}", "r", "1", "a"),))


@pytest.mark.parametrize(
    ("limit", "value", "problem"),
    [
        (Between(1, 5), 1, None),
        (Between(1, 5), 5, None),
        (Between(1, 5), 0, "is not within 1 to 5"),
        (Between(1, 5), 6, "is not within 1 to 5"),
        (Between(1, 5, low_included=False), 1, "is not within 1 to 5, 1 excluded"),
        (Between(1, 5, high_included=False), 5, "is not within 1 to 5, 5 excluded"),
        (Between(1, 5, low_included=False, high_included=False), 3, None),
        (Between(low=1), 0, "is not at least 1"),
        (Between(low=1), 10**9, None),
        (Between(high=1, high_included=False), 1, "is not less than 1"),
        (Between(high=1), 1, None),
        (NoneOf((22, 80), "taken"), 80, "is taken: taken"),
        (NoneOf((22, 80), "taken"), 81, None),
        (OneOf(("ab", "c")), "ab", None),
        (OneOf(("ab", "c")), "a", "is not one of ab, c"),
        (OneOf(("ab", "c")), ("ab", "c"), None),
        (OneOf(("ab", "c")), ("ab", "d"), "is not one of ab, c"),
        (OneOf(("ab", "c")), (), None),
        (Matches("a*", "some a", "a", "b", longest=3), "aaa", None),
        (Matches("a*", "some a", "a", "b", longest=3), "aaaa", "has 4 characters, more than 3"),
        (Matches("a*", "some a", "a", "b", longest=3), "ab", "is not some a"),
        (NODE_CONFIG, "", None),
        (NODE_CONFIG, 'a=1 b="x y" c=true d=-1.5 e_f-g=+0', None),
        (NODE_CONFIG, "a='x y' b.c=1 d=1_000", None),
        (NODE_CONFIG, f"a={9_223_372_036_854_775_807}", None),
        (NODE_CONFIG, f"a={-9_223_372_036_854_775_808}", None),
        (NODE_CONFIG, f"a={2**63}", f"holds 'a={2**63}', which is too large for Flower to send"),
        (NODE_CONFIG, f"a={-(2**63) - 1}", f"holds 'a={-(2**63) - 1}', which is too large for Flower to send"),
        (NODE_CONFIG, f'a="{"x" * 4092}"', None),
        (NODE_CONFIG, f'a="{"x" * 4093}"', "has 4097 characters, more than 4096"),
        (NODE_CONFIG, "node.toml", "ends in .toml, which Flower takes for a file to open"),
        (NODE_CONFIG, "a=1 b", "holds 'b', which is no key=value pair and which Flower drops"),
        (
            NODE_CONFIG,
            "a=1 site=north=east",
            "holds 'site=north=east', which is not TOML; a string needs double quotes, and blanks stand between pairs",
        ),
        (NODE_CONFIG, "a=1 b=[1]", "holds 'b=[1]', which is no text, number, true or false"),
        (NODE_CONFIG, "a=1 b={c=[1]}", "holds 'b={c=[1]}', which is no text, number, true or false"),
        (NODE_CONFIG, "a=1 b={}", "holds 'b={}', which gives no value and which Flower drops"),
        (NODE_CONFIG, "a={b=1,c={d=2}} e=1", None),
        (NODE_CONFIG, "a=1 a=2", "names a key twice"),
        (NODE_CONFIG, "a={b=1} a.b=2", "names a key twice"),
        (
            NODE_CONFIG,
            "a=#",
            "holds 'a=#', which is not TOML; a string needs double quotes, and blanks stand between pairs",
        ),
        (CERTIFICATE, pem.CERTIFICATE, None),
        (CERTIFICATE, base64.b64encode(pem.CERTIFICATE.encode()).decode(), None),
        (CERTIFICATE, "no PEM", "is not base64 of a PEM certificate: it does not decode to PEM"),
        (CERTIFICATE, "x" * (LONGEST + 1), "has more than 1048576 characters"),
        (CERTIFICATE, "=" * LONGEST, "is not base64 of a PEM certificate: it does not decode to PEM"),
        (
            CERTIFICATE,
            pem.PRIVATE_KEY,
            "is not base64 of a PEM certificate: no complete block of that kind is in it",
        ),
        (
            CERTIFICATE,
            f"{pem.CERTIFICATE}\n{pem.PRIVATE_KEY}",
            "holds a private key beside the certificate, where it would be shown",
        ),
        (
            CERTIFICATE,
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
            "is not base64 of a PEM certificate: no complete block of that kind is in it",
        ),
        (
            CERTIFICATE,
            f"-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n{pem.CERTIFICATE}",
            None,
        ),
        (PRIVATE_KEY, Secret(pem.PRIVATE_KEY), None),
        (PRIVATE_KEY, Secret(f"{pem.CERTIFICATE}\n{pem.PRIVATE_KEY}"), None),
        (
            PRIVATE_KEY,
            Secret(pem.CERTIFICATE),
            "is not base64 of a PEM private key without a passphrase: no complete block of that kind is in it",
        ),
    ],
)  # fmt: skip
def test_a_limit_says_what_is_wrong_with_a_value(limit: Limit, value: Any, problem: str | None) -> None:
    assert limit.problem(value) == problem


@pytest.mark.parametrize(
    ("limit", "example"),
    [
        (Between(0, 1, low_included=False), "1"),
        (Between(0, 1, low_included=False, high_included=False), "0.5"),
        (Between(0.0, 1.0, low_included=False), "0.5"),
        (Between(0, 3), "1"),
        (Between(high=3, high_included=False), "2"),
    ],
)
def test_an_example_is_within_the_limit(limit: Between, example: str) -> None:
    assert limit.example == example
    assert limit.problem(float(example)) is None


def test_a_mistake_that_is_known_has_a_repair_of_its_own() -> None:
    limit = Matches("a", "a", "a", "b", instead=(Instead("b+", "write a"), Instead("bb|c", "write it so")))
    assert [limit.repair(text) for text in ("bb", "c", "cc", "a")] == ["write a", "write it so", None, None]
    assert Between(1, 2).repair("3") is None


@pytest.mark.parametrize("packed", ["", " ", "\n"])
def test_pem_comes_encoded_at_most_twice(packed: str) -> None:
    text = "-----BEGIN X-----"
    for _ in range(3):
        assert pem_text(packed + text + packed) == "-----BEGIN X-----\n"
        text = base64.b64encode(text.encode()).decode()
    assert pem_text(text) is None
    assert pem_text("") is None
    assert pem_text(base64.b64encode("-----BEGIN ä".encode()).decode()) is None


@pytest.mark.parametrize(
    ("kind", "text", "fault"),
    [
        (NUMBER, "5.5", "is not an integer"),
        (NUMBER, "5\n", "is not an integer"),
        (BOOLEAN, "maybe", "is not YES or NO"),
        (NUMBER_FLOAT, "1e999", "is too large"),
        (NUMBER_FLOAT, "1,5", "is not a number"),
    ],
)
def test_a_text_that_is_none_of_a_kind_is_refused(kind: kinds.Kind[Any], text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=f"^{fault}$"):
        kind.parse(text)


@pytest.mark.parametrize(
    ("number", "text"),
    [(1e22, "1" + "0" * 22), (1e-7, "0.0000001"), (2.5, "2.5"), (-1e16, "-1" + "0" * 16)],
)
def test_a_number_is_written_without_an_exponent(number: float, text: str) -> None:
    assert NUMBER_FLOAT.format(number) == text


def test_what_is_secret_is_stars() -> None:
    assert (KEY.text_of(Secret("x")), COUNT.text_of(5), FLAG.text_of(True)) == ("********", "5", "YES")
    assert Variable("A", LIST_MULTIPLE, options=("a",), limits=(NoneOf((), "w"),)).problem(("b",)) == "is not one of a"


A, B, C = Is(FLAG, True), Is(COUNT, 1), IsSet(NAME)


@pytest.mark.parametrize(
    ("condition", "values", "holds"),
    [
        (A, {}, None),
        (A, {FLAG: False}, False),
        (IsOneOf(COUNT, (1, 2)), {COUNT: 3}, False),
        (Not(A), {}, None),
        (Not(A), {FLAG: True}, False),
        (AllOf((A, B)), {FLAG: True}, None),
        (AllOf((A, B)), {FLAG: False}, False),
        (AllOf((A, B)), {FLAG: True, COUNT: 1}, True),
        (AnyOf((A, B)), {FLAG: False}, None),
        (AnyOf((A, B)), {FLAG: True}, True),
        (AnyOf((A, B)), {FLAG: False, COUNT: 2}, False),
        (GpuUsed(), {}, None),
        (GpuUsed(), {"gpu": "YES"}, True),
        (GpuUsed(), {"gpu": "NO"}, False),
        (Repeats(NAME), {NAME: "0,1,00"}, True),
        (Repeats(NAME), {NAME: "0,10,100"}, False),
        (Compare(Linear(COUNT, 2, 1), "=", 5), {COUNT: 2}, True),
        (Compare(Linear(COUNT, 2, 1), "=", OTHER), {COUNT: 2}, None),
        (Compare(COUNT, ">", Linear(OTHER)), {COUNT: 2, OTHER: 1}, True),
        (Compare(COUNT, ">", 2.5), {COUNT: 2}, False),
        (C, {NAME: "a"}, True),
    ],
)
def test_a_condition_holds_or_not_or_nobody_knows(
    condition: Condition, values: dict[Any, Any], holds: bool | None  # noqa: FBT001
) -> None:  # fmt: skip
    assert condition.holds(values) is holds


@pytest.mark.parametrize(
    ("one", "other", "never"),
    [
        (None, A, False),
        (A, None, False),
        (A, A, False),
        (A, Is(FLAG, False), True),
        (A, B, False),
        (Is(COUNT, 1), Is(COUNT, 2), True),
        (Is(COUNT, 1), Is(OTHER, 2), False),
        (C, Not(C), True),
        (Not(C), C, True),
        (Not(C), Not(C), False),
        (AllOf((B, AllOf((C, A)))), AllOf((C, Not(A))), True),
        (AllOf((B, C)), AllOf((C, A)), False),
        (AnyOf((A, B)), Not(A), False),
        (Is(COUNT, 1), IsOneOf(COUNT, (2,)), False),
    ],
)
def test_conditions_exclude_each_other_where_that_is_certain(
    one: Condition | None, other: Condition | None, never: bool  # noqa: FBT001
) -> None:  # fmt: skip
    assert exclude(one, other) is never
    assert exclude(other, one) is never


def test_the_gpu_is_found_in_any_depth() -> None:
    assert mentions_gpu(AllOf((A, AnyOf((B, Not(GpuUsed()))))))
    assert not mentions_gpu(AllOf((A, AnyOf((B, Not(C))))))
    assert not mentions_gpu(None)
