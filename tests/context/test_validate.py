"""Results: typed values, origins, masks, and all errors at once."""

import json
import os
import sys

import pytest

from ctxschema import CtxschemaError, FindingError, get_appliance, load_context, validate
from ctxschema.catalog.flower import FL_GPU_ENABLED, FL_NUM_ROUNDS, FL_SSL_KEYFILE, FL_STRATEGY
from ctxschema.context.load import read_context
from ctxschema.core import codes
from ctxschema.core.errors import NoValueError
from ctxschema.core.finding import Severity
from ctxschema.core.secret import Secret
from ctxschema.core.source import SourceText
from ctxschema.generate.names import Names
from ctxschema.generate.options import Options
from ctxschema.generate.service import service_text
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.conditions import Compare
from ctxschema.model.kinds import NUMBER, PASSWORD, TEXT
from ctxschema.model.variable import Variable
from tests.pem import PRIVATE_KEY

if sys.version_info < (3, 11):
    from exceptiongroup import ExceptionGroup

SERVICE = get_appliance("flower-service")


def test_values_have_the_types_of_their_variables() -> None:
    values = validate(SERVICE, load_context({"FL_GPU_ENABLED": "yes", "FL_NUM_ROUNDS": "007"})).values
    assert values[FL_GPU_ENABLED] is True
    assert values["FL_GPU_ENABLED"] is True
    assert values[FL_NUM_ROUNDS] == 7
    assert values[FL_STRATEGY] == "FedAvg"
    assert FL_STRATEGY in values
    assert len(values) == len(SERVICE.variables)


def test_a_value_never_travels_without_its_origin() -> None:
    raw = read_context(SourceText("X='1'\nFL_NUM_ROUNDS='5'\n", name="context.sh"))
    values = validate(SERVICE, raw).values
    assert values.origin(FL_NUM_ROUNDS) == "context.sh:2:1"
    assert values.is_set(FL_NUM_ROUNDS)
    assert values.origin(FL_STRATEGY) == "default"
    assert not values.is_set(FL_STRATEGY)


def test_a_value_that_failed_is_not_a_value_that_is_missing() -> None:
    for text in ("FL_NUM_ROUNDS='none'\n", "FL_NUM_ROUNDS=5\n"):
        result = validate(SERVICE, read_context(SourceText(text)))
        assert len(result.findings) == 1
        assert not result.ok
        with pytest.raises(NoValueError, match="FL_NUM_ROUNDS"):
            result.values[FL_NUM_ROUNDS]


def test_a_secret_is_opaque() -> None:
    values = validate(SERVICE, load_context({"FL_SSL_KEYFILE": PRIVATE_KEY})).values
    secret = values[FL_SSL_KEYFILE]
    assert secret.reveal() == PRIVATE_KEY
    assert "PRIVATE" not in f"{secret} {secret!r} {values!r}"
    assert secret == Secret(PRIVATE_KEY)


def test_all_errors_are_raised_at_once() -> None:
    result = validate(SERVICE, load_context({"FL_NUM_ROUNDS": "0", "FL_STRATEGY": "x", "FL_GPU_ENABELD": "1"}))
    with pytest.raises(ExceptionGroup) as raised:
        result.raise_if_errors()
    assert all(isinstance(error, FindingError) for error in raised.value.exceptions)
    assert len(raised.value.exceptions) == 2
    with pytest.raises(CtxschemaError) as caught:
        result.raise_if_errors()
    assert [finding.variable for finding in caught.value.findings] == ["FL_NUM_ROUNDS", "FL_STRATEGY"]
    assert "FL_NUM_ROUNDS" in str(caught.value)
    matched, rest = raised.value.split(lambda error: "FL_STRATEGY" in str(error) and isinstance(error, FindingError))
    assert matched is not None
    assert rest is not None
    assert isinstance(matched, CtxschemaError)
    assert [finding.variable for finding in matched.findings] == ["FL_STRATEGY"]
    validate(SERVICE, load_context({})).raise_if_errors()


def test_a_short_name_that_nobody_mapped_is_found() -> None:
    (finding,) = validate(SERVICE, load_context({"GPU": "YES"})).findings
    assert (finding.code, finding.variable) == (codes.SHORT_NAME.id, "FL_GPU_ENABLED")
    assert finding.repair == 'write FL_GPU_ENABLED = "$GPU" in CONTEXT'
    assert validate(SERVICE, load_context({"GPU": "YES", "FL_GPU_ENABLED": "YES"})).findings == ()


def test_an_environment_that_says_nothing_is_worth_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SERVICE.by_name:
        monkeypatch.delenv(name, raising=False)
    assert [f.code for f in validate(SERVICE, load_context(os.environ)).findings] == [codes.CONTEXT_EMPTY.id]
    monkeypatch.setenv("FL_STRATEGY", "Krum")
    assert validate(SERVICE, load_context(os.environ)).findings == ()


def test_findings_come_in_the_order_of_the_file() -> None:
    text = "FL_STRATEGY='x'\nFL_TYPO='x'\nFL_LOG_LEVEL='x'\nFLOWER_VERSION='x'\n"
    findings = validate(SERVICE, read_context(SourceText(text, name="f"))).findings
    assert [f.origin for f in findings] == ["f:1:1", "f:2:1", "f:3:1", "f:4:1"]


@pytest.mark.parametrize(
    ("name", "text", "repair"),
    [
        ("FL_GPU_ENABLED", "true", "write YES"),
        ("FL_GPU_ENABLED", "0", "write NO"),
        ("FL_GPU_ENABLED", "perhaps", "write YES or NO"),
        ("FL_STRATEGY", "fedavg", "write FedAvg"),
        ("FL_LOG_LEVEL", "?", "write one of DEBUG, INFO, WARNING, ERROR"),
        ("FLOWER_VERSION", "latest", "write for example 1.25.0"),
    ],
)
def test_a_repair_says_what_was_most_likely_meant(name: str, text: str, repair: str) -> None:
    (finding,) = validate(SERVICE, load_context({name: text})).findings
    assert finding.repair == repair


def test_a_rule_that_the_defaults_alone_break_is_an_error() -> None:
    low, high = (Variable(name, NUMBER, label=name, default=default) for name, default in (("APP_A", 5), ("APP_B", 1)))
    rule = Rule("order", Severity.ERROR, low, "it is above APP_B", "lower it", must=Compare(low, "<=", high))
    own = Appliance("own", "Own", "Own.", (low, high), rules=(rule,), prefixes=("APP_",))
    (finding,) = validate(own, load_context({})).findings
    assert (finding.severity, finding.position, finding.value) == (Severity.ERROR, None, None)
    assert finding.message == "APP_A: it is above APP_B (APP_A=5, APP_B=1)"
    (finding,) = validate(own, load_context({"APP_B": "2"})).findings
    assert finding.severity is Severity.ERROR
    assert validate(own, load_context({"APP_B": "5"})).findings == ()


NAME = Variable("APP_NAME", TEXT, label="Name", default=None, mandatory=True)
PASS = Variable("APP_PASSWORD", PASSWORD, label="Password", default=None, mandatory=True)
COUNT = Variable("APP_COUNT", NUMBER, label="Count", default=1)
APP = Appliance("app", "App", "An app.", (NAME, PASS, COUNT), prefixes=("APP_",))


def test_mandatory_variables() -> None:
    result = validate(APP, load_context({"APP_NAME": "", "APP_COUNT": "2"}))
    assert [(f.code, f.variable) for f in result.findings] == [
        (codes.MISSING.id, "APP_NAME"),
        (codes.MISSING.id, "APP_PASSWORD"),
    ]
    assert validate(APP, load_context({"APP_NAME": "n", "APP_PASSWORD": "p"})).ok


@pytest.mark.parametrize("text", ["a\0b", "a\x1bb", "a\x7fb", "a\rb"])
def test_control_characters_are_refused_and_shown_escaped(text: str) -> None:
    (finding,) = validate(APP, load_context({"APP_NAME": text, "APP_PASSWORD": "p"})).findings
    assert finding.code == codes.UNSAFE_VALUE.id
    assert finding.message.isprintable()
    (finding,) = validate(APP, load_context({"APP_NAME": "n", "APP_PASSWORD": text})).findings
    assert text not in finding.message


def test_long_values_are_cut_in_messages() -> None:
    (finding,) = validate(APP, load_context({"APP_NAME": "n", "APP_PASSWORD": "p", "APP_COUNT": "x" * 10**6})).findings
    assert len(finding.message) < 500
    assert len(finding.value or "") < 500


def test_many_unknown_names() -> None:
    context = {f"APP_UNKNOWN_{number}": "x" for number in range(10_000)}
    result = validate(APP, load_context({**context, "APP_NAME": "n", "APP_PASSWORD": "p"}))
    assert result.ok
    assert len(result.findings) == 10_000


# ---- what a running server showed ----


def test_the_separator_of_context_is_warned_of() -> None:
    text = "FL_NODE_CONFIG='a=1@^_^@EVIL=1'\nOTHER='x@^_^@y'\n"
    result = validate(get_appliance("flower-supernode"), read_context(SourceText(text, name="context.sh")))
    (finding,) = [each for each in result.findings if each.code == codes.CONTEXT_SEPARATOR.id]
    assert (finding.severity.value, finding.variable, finding.origin) == ("warning", "FL_NODE_CONFIG", "context.sh:1:1")


@pytest.mark.parametrize("names", Names)
@pytest.mark.parametrize("role", ["superlink", "supernode"])
def test_what_a_service_hands_over_beside_context_is_known(names: Names, role: str) -> None:
    service = json.loads(service_text(SERVICE, Options(names=names)))
    made = next(each for each in service["roles"] if each["name"] == role)
    # OneFlow hands over every input under its own name too, and CONTEXT refers to them.
    told = {**service["user_inputs_values"], **made["user_inputs_values"]}
    context = {name: told.get(text[1:], text) for name, text in made["template_contents"]["CONTEXT"].items()}
    assert validate(get_appliance(f"flower-{role}"), load_context({**told, **context})).findings == ()


def test_the_names_of_inputs_are_known_under_a_prefix_of_ones_own() -> None:
    variables = (
        Variable("APP_PORT", NUMBER, label="Port", default=80, input_name="APP_P"),
        Variable("ONEAPP_NAME", TEXT, label="Name", default=""),
    )
    own = Appliance("own", "Own", "Own.", variables, prefixes=("APP_", "ONEAPP_"))
    told = {"APP_PORT": "1", "APP_P": "1", "ONEAPP_OWN_SETTINGS_PORT": "1", "ONEAPP_OWN_SETTINGS_NAME": "x"}
    assert validate(own, load_context(told)).findings == ()
    (finding,) = validate(own, load_context({**told, "ONEAPP_OWN_SETTINGS_OTHER": "x"})).findings
    assert finding.variable == "ONEAPP_OWN_SETTINGS_OTHER"
