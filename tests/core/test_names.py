"""Which name is offered for an unknown one, and that none is where none is near."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema import get_appliance
from ctxschema.core.names import Suggestions, nearest

VARIABLES = tuple(get_appliance("flower-supernode").by_name)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("FL_GPU_ENABLE", "FL_GPU_ENABLED"),
        ("fl_gpu_enabld", "FL_GPU_ENABLED"),
        ("GPU_ENABLED", "FL_GPU_ENABLED"),
        ("FL_LOG_LVL", "FL_LOG_LEVEL"),
        ("FL_LOGLEVEL", "FL_LOG_LEVEL"),
        ("FL_TSL_ENABLED", "FL_TLS_ENABLED"),
        ("FLOWER_VERSON", "FLOWER_VERSION"),
        ("ML_FRAMWORK", "ML_FRAMEWORK"),
        ("FL_TYPO", None),
        ("FL_GPU_TYPO", None),
        ("FL_X", None),
        ("FL_", None),
        ("", None),
    ],
)
def test_a_beginning_that_many_names_have_makes_none_of_them_near(name: str, meant: str | None) -> None:
    assert nearest(name, VARIABLES) == meant


@pytest.mark.parametrize(("word", "meant"), [("jsn", "json"), ("josn", "json"), ("tex", "text"), ("yaml", None)])
def test_words(word: str, meant: str | None) -> None:
    assert nearest(word, ["text", "json", "shell"]) == meant


@given(st.sampled_from(VARIABLES))
def test_a_known_name_is_nearest_to_itself_in_any_case(name: str) -> None:
    assert nearest(name.lower(), VARIABLES) == name


def test_the_only_name_of_a_family_is_compared_whole() -> None:
    assert nearest("DB_PASSWRD", ["DB_PASSWORD"]) == "DB_PASSWORD"
    assert nearest("DB_X", ["DB_PASSWORD"]) is None
    assert nearest("DATABASE_X", ["DATABASE_Y"]) == "DATABASE_Y"


def test_one_of_two_characters_may_differ_behind_a_beginning_that_many_names_have() -> None:
    known = ["ONEAPP_DB", "ONEAPP_USER", "ONEAPP_LOG_LEVEL"]
    assert nearest("ONEAPP_DD", ["ONEAPP_DB"]) == nearest("ONEAPP_DD", known) == "ONEAPP_DB"
    assert nearest("oneapp_bd", known) == "ONEAPP_DB"
    assert nearest("ONEAPP_XY", known) is None
    assert nearest("ONEAPP_D", ["ONEAPP_X", "ONEAPP_Y"]) is None
    assert nearest("dd", ["db", "du"]) is None


def test_only_so_many_names_are_looked_for() -> None:
    asked = Suggestions(["FL_STRATEGY", "FL_ROUNDS"], most=2)
    assert [asked("FL_STRATEGIE"), asked("zzz"), asked("FL_STRATEGIE")] == ["; did you mean FL_STRATEGY?", "", ""]
    assert Suggestions(["FL_STRATEGY"], largest=1)("FL_STRATEGIE") == "; did you mean FL_STRATEGY?"
    assert Suggestions(["FL_STRATEGY", "FL_ROUNDS"], largest=1)("FL_STRATEGIE") == ""
    usual = Suggestions(["FL_STRATEGY"])
    assert [usual.nearest("FL_STRATEGIE") for _ in range(21)] == ["FL_STRATEGY"] * 20 + [None]
    assert Suggestions([f"FL_{number}" for number in range(1000)]).nearest("FL_1") == "FL_1"
    assert Suggestions([f"FL_{number}" for number in range(1001)]).nearest("FL_1") is None


def test_of_names_that_are_as_near_the_first_is_offered() -> None:
    assert nearest("CAR", ["CAT", "CAN"]) == "CAT"
    assert nearest("CAR", ["CAN", "CAT"]) == "CAN"
    assert nearest("CARS", ["CAN", "CARD", "CART"]) == "CARD"


def test_how_near_a_name_has_to_be_can_be_said() -> None:
    assert nearest("ABCD", ["ABXY"]) is None  # half of the characters
    assert nearest("ABCD", ["ABXY"], 0.5) == "ABXY"
    assert nearest("ABCD", ["ABXY"], 0.51) is None
    assert nearest("AB", ["ABVWXY"], 0.5) == "ABVWXY"


def test_a_long_name_is_compared_as_a_short_one_is() -> None:
    assert nearest("A" * 300, ["A" * 200]) == "A" * 200
    assert nearest("X" + "AB" * 150, ["Y" + "AB" * 100]) == "Y" + "AB" * 100
