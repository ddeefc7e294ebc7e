"""An appliance checks itself when it is built."""

from collections.abc import Callable
from typing import Any

import pytest

from ctxschema import Severity, get_appliance
from ctxschema.catalog import APPLIANCES, machines_of
from ctxschema.core.errors import DeclarationError, UnknownNameError
from ctxschema.core.secret import Secret
from ctxschema.generate.registry import OUTPUTS
from ctxschema.model.appliance import Appliance, Infrastructure, Level, Rule, Tab
from ctxschema.model.conditions import AllOf, AnyOf, Compare, Condition, Is, IsOneOf, IsSet, Linear, Not, Repeats
from ctxschema.model.container import Argument, Container, Image
from ctxschema.model.kinds import BOOLEAN, LIST, LIST_MULTIPLE, NUMBER, NUMBER_FLOAT, PASSWORD, RANGE, TEXT
from ctxschema.model.limits import Between, Matches, NoneOf, OneOf
from ctxschema.model.uses import uses
from ctxschema.model.variable import Maker, Variable

PORT = Variable("APP_PORT", NUMBER, label="Port", default=80, limits=(Between(1, 65535),))
MODE = Variable("APP_MODE", LIST, label="Mode", default="fast", options=("fast", "slow"))
NAME = Variable("APP_NAME", TEXT, label="Name", default="")
FLAG = Variable("APP_FLAG", BOOLEAN, label="Flag", default=False)


def build(*variables: Variable[Any], **details: Any) -> Appliance:
    return Appliance("app", "App", "An app.", variables, **details)


def test_a_sound_declaration_stands() -> None:
    assert build(PORT, MODE, NAME).variable("app_port") is PORT
    only = Variable("APP_ONLY", NUMBER, label="Only", default=5, limits=(Between(5, 5),))
    assert build(only).variables == (only,)


@pytest.mark.parametrize(
    ("variables", "details", "fault"),
    [
        ((PORT, PORT), {}, "APP_PORT is declared twice"),
        ((NAME, Variable("B", TEXT, label="L", default="", input_name="APP_NAME")), {}, "short name APP_NAME"),
        ((NAME,), {"infrastructure": (Infrastructure("APP_NAME", "", ""),)}, "both a variable and infrastructure"),
        ((Variable("A", NUMBER, label="L", default=0, limits=(Between(low=1),)),), {}, "default 0 is not at least 1"),
        ((Variable("A", NUMBER, label="L", default=10**18),), {}, "is not an integer"),
        ((Variable("A", NUMBER, label="L", limits=(Between(),)),), {}, "the limit has no end"),
        ((Variable("A", NUMBER, label="L", limits=(Between(1, float("inf")),)),), {}, "ends at inf"),
        ((Variable("A", NUMBER, label="L", limits=(Between(float("nan"), 1), Between(2, 1))),), {}, "ends at nan"),
        ((Variable("A", TEXT, label="L", limits=(Matches("(" * 300, "w", "a", "b"),)),), {}, "has the pattern"),
        ((Variable("A", LIST, label="L", default="c", options=("a", "b")),), {}, "default c is not one of a, b"),
        ((Variable("A", LIST, label="L", default="", options=("a", "b")),), {}, "default among its options"),
        ((Variable("A", LIST, label="L", default="a"),), {}, "a list has options"),
        ((Variable("A", TEXT, label="L", default="a", options=("a",)),), {}, "a list has options"),
        ((Variable("A", LIST, label="L", default="a", options=("a", "a")),), {}, "option a is declared twice"),
        ((Variable("A", LIST, label="L", default="a", options=("a", " b")),), {}, "option ' b'"),
        ((Variable("A", LIST, label="L", default="a,b", options=("a,b",)),), {}, "option 'a,b'"),
        ((Variable("A", TEXT, label="a | b", default=""),), {}, "a pipe"),
        ((Variable("A", TEXT, label='say "hi"', default=""),), {}, "a double quote"),
        ((Variable("A", TEXT, label="two\nlines", default=""),), {}, "a line end"),
        ((Variable("A", TEXT, label="L", default="a|b"),), {}, "the default has a pipe"),
        ((Variable("A", TEXT, label=" L", default=""),), {}, "blanks around it"),
        ((Variable("A", TEXT, label="", default=""),), {}, "label is empty"),
        ((Variable("lower", TEXT, label="L", default=""),), {}, "lower is no name"),
        ((Variable("XML_A", TEXT, label="L", default=""),), {}, "XML_A is no name"),
        ((Variable("A", PASSWORD, label="L", default=Secret("hunter2")),), {}, "a secret cannot have a default"),
        (
            (Variable("A", TEXT, label="L", default=None),),
            {"roles": ("a", "b")},
            "an optional variable of a service needs a default",
        ),
        (
            (Variable("A", TEXT, label="L", default="", effective=Is(FLAG, True)),),
            {},
            "mentions APP_FLAG, which is not declared",
        ),
        (
            (NAME,),
            {"rules": (Rule("r", Severity.ERROR, PORT, "m", "r", when=IsSet(NAME)),)},
            "rule r mentions APP_PORT",
        ),
        ((NAME,), {"rules": (Rule("r", Severity.ERROR, NAME, "m", "r"),)}, "rule r says nothing"),
        (
            (NAME,),
            {"rules": (Rule("r", Severity.ERROR, NAME, "m", "r", when=IsSet(NAME)),) * 2},
            "rule r is declared twice",
        ),
    ],
)
def test_a_fault_is_named(
    variables: tuple[Variable[Any], ...], details: dict[str, Any], fault: str, said: Callable[[object], None]
) -> None:
    with pytest.raises(DeclarationError) as refused:
        build(*variables, **details)
    assert fault in str(refused.value)
    said(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("details", "fault"),
    [
        ({"extra": {"templates": {}}}, "extra has templates; it takes template, entry,"),
        ({"extra": {"template": ["x"]}}, "extra: template is no mapping"),
        ({"tabs": (Tab(Level.APP, "A", "a | b"),)}, "the title of the tab A has a pipe in it"),
        ({"variables": (Variable("A", TEXT, hidden=True, mandatory=True),)}, "mandatory and hidden"),
        ({"variables": (Variable("A", TEXT, default="x", made=Maker.UUID),)}, "it has no default"),
    ],
)
def test_what_is_kept_and_made_is_judged(details: dict[str, Any], fault: str, said: Callable[[object], None]) -> None:
    with pytest.raises(DeclarationError) as raised:
        Appliance("a", "A", "S", **{"variables": (), **details})
    assert fault in str(raised.value)
    said(raised.value)


def test_a_hidden_variable_is_read_and_asked_of_nobody() -> None:
    read = Variable("PORT", NUMBER, default=80, hidden=True)
    appliance = Appliance("a", "A", "S", (read, Variable("NAME_OF_IT", TEXT, default="x")), roles=("front",))
    for output in OUTPUTS:
        if output.suits(appliance):
            named = "PORT" in output.text(appliance)
            assert named == (output.name in {"declaration", "one-apps", "config.rb", "json-schema", "env-sample"}), (
                output
            )


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(DeclarationError) as refused:
        build(PORT, PORT, Variable("lower", TEXT, label="a|b", default=None))
    assert str(refused.value).count("\n") == 4  # one line each


def test_unknown_names_are_met_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="APP_PORT"):
        build(PORT).variable("APP_PROT")
    with pytest.raises(UnknownNameError, match="gpu"):
        get_appliance("flower-supernode").group("gpus")
    with pytest.raises(UnknownNameError, match="flower-supernode"):
        get_appliance("flower-supernod")


@pytest.mark.parametrize("name", APPLIANCES)
def test_every_declared_text_is_there(name: str) -> None:
    appliance = get_appliance(name)
    for variable in appliance.variables:
        assert variable.help, variable
        assert uses(variable, machines_of(appliance)), variable
        assert variable.group, variable
    assert appliance.summary


COUNT = Variable("APP_COUNT", NUMBER, label="Count", default=1)
IDS = Variable("APP_IDS", TEXT, label="Ids", default="")
VALUES: dict[Variable[Any], object] = {PORT: 80, MODE: "fast", NAME: "", FLAG: True, COUNT: 3, IDS: "1,2,01"}


@pytest.mark.parametrize(
    ("condition", "words", "holds"),
    [
        (Is(FLAG, True), "APP_FLAG = YES", True),
        (IsOneOf(MODE, ("slow", "fast")), "APP_MODE is slow or fast", True),
        (IsSet(NAME), "APP_NAME is set", False),
        (Not(IsSet(NAME)), "not (APP_NAME is set)", True),
        (Compare(PORT, ">=", Linear(COUNT, 2, 3)), "APP_PORT >= 2 x APP_COUNT + 3", True),
        (Compare(COUNT, "<", 3), "APP_COUNT < 3", False),
        (Compare(COUNT, "<=", 3), "APP_COUNT <= 3", True),
        (Compare(COUNT, "=", PORT), "APP_COUNT = APP_PORT", False),
        (Compare(COUNT, ">", 2), "APP_COUNT > 2", True),
        (Repeats(IDS), "APP_IDS names a number twice", True),
        (AllOf((Is(FLAG, True), IsSet(NAME))), "APP_FLAG = YES and APP_NAME is set", False),
        (AnyOf((Is(FLAG, True), AllOf((IsSet(NAME),)))), "APP_FLAG = YES or (APP_NAME is set)", True),
    ],
)
def test_conditions(condition: Condition, words: str, *, holds: bool) -> None:
    assert condition.words == words
    assert condition.holds(VALUES) is holds
    assert {each.name for each in condition.variables} <= {each.name for each in VALUES}


def test_a_comparison_is_one_of_five() -> None:
    with pytest.raises(ValueError, match="no comparison"):
        Compare(PORT, "!=", 3)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (Between(1, 5), "from 1 to 5"),
        (Between(0.0, 0.5, low_included=False, high_included=False), "from 0.0 to 0.5, 0.0 and 0.5 excluded"),
        (Between(low=1), "at least 1"),
        (Between(low=0.0, low_included=False), "more than 0.0"),
        (Between(high=9), "at most 9"),
        (Between(high=9, high_included=False), "less than 9"),
        (NoneOf((1, 2), "taken"), "not 1, 2 (taken)"),
        (OneOf(("a", "b")), "one of a, b"),
        (Matches("a+", "some a", "aa", "b"), "some a"),
    ],
)
def test_limits_have_words_and_examples_that_are_true(limit: Any, words: str) -> None:
    assert limit.words == words
    convert = str if isinstance(limit, (OneOf, Matches)) else float
    if limit.example is not None:
        assert limit.problem(convert(limit.example)) is None
    assert limit.problem(convert(limit.counterexample))


def test_a_text_has_a_longest_length() -> None:
    assert Matches("a*", "a", "a", "b").problem("a" * 5000)


@pytest.mark.parametrize(
    ("kind", "text", "value", "back"),
    [
        (BOOLEAN, "yEs", True, "YES"),
        (NUMBER, "-05", -5, "-5"),
        (NUMBER_FLOAT, "1e-7", 1e-7, "0.0000001"),
        (NUMBER_FLOAT, "2", 2.0, "2.0"),
        (RANGE, "3", 3, "3"),
        (LIST_MULTIPLE, "a,b", ("a", "b"), "a,b"),
        (TEXT, "any\nthing", "any\nthing", "any\nthing"),
        (PASSWORD, "p", Secret("p"), "p"),
    ],
)
def test_kinds_read_and_write(kind: Any, text: str, value: object, back: str) -> None:
    assert kind.parse(text) == value
    assert kind.format(value) == back


def test_all_but_name_and_kind_is_given_by_keyword() -> None:
    with pytest.raises(TypeError):
        Variable("A", TEXT, "Label")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("name", "label"),
    [("ONEAPP_DB_HOST", "Db host"), ("FL_NUM_ROUNDS", "Num rounds"), ("A", "A"), ("ONEAPP_", "ONEAPP_")],
)
def test_a_label_is_the_name_in_words_and_a_default_is_none(name: str, label: str) -> None:
    assert (Variable(name, TEXT).label, Variable(name, TEXT).default) == (label, None)


def test_what_a_use_depends_on_is_said_unless_it_is_the_effect_of_the_variable() -> None:
    alone = Variable("APP_ALONE", TEXT, label="Alone", default="")
    effect = Variable("APP_EFFECT", TEXT, label="Effect", default="", effective=Is(FLAG, True))
    arguments = (
        Argument("--alone", "{APP_ALONE}", when=Is(FLAG, True)),
        Argument("--effect", "{APP_EFFECT}", when=effect.effective),
    )
    appliance = Appliance("app", "App", "An app.", (FLAG, alone, effect), container=Container(Image("a/b"), arguments))
    assert uses(alone, [appliance]) == ("--alone, when APP_FLAG = YES",)
    assert uses(effect, [appliance]) == ("--effect",)
