"""The preview shows what Sunstone shows, judges in the validator's words, and gives what the validator takes."""

import json
import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema import get_appliance, load_context, validate
from ctxschema.consumers.command_line import carried_by_option, given_pairs
from ctxschema.context.load import read_context
from ctxschema.core.files import LARGEST_FILE
from ctxschema.core.source import SourceText
from ctxschema.generate.names import Names
from ctxschema.grammar.parser import parse_template
from ctxschema.lint.linter import lint_text
from ctxschema.preview.engine import Engine
from ctxschema.testing import contexts, template_soup
from tests.conftest import probes

GROUPED = """USER_INPUTS = [
    ONEAPP_SHOP_DB_ENABLED = "O|boolean|Use a database| |NO",
    ONEAPP_SHOP_DB_PASSWORD = "O|password|Password| |",
    ONEAPP_SHOP_DB_SIZE = "O|range|Size|1..9|3",
    ONEAPP_SHOP_DB_ENABLED_LATE = "O|text|Late| |x",
    MEMORY = "M|range|Memory|512..8192|2048",
    ZEBRA = "O|list|Colour|white,black|white",
    APE = "M|text|Name| |" ]
INPUTS_ORDER = "ZEBRA,ONEAPP_SHOP_DB_SIZE"
USER_INPUTS_METADATA = [ TYPE = "APP", NAME = "SHOP", TITLE = "The shop", DESCRIPTION = "Sells" ]
USER_INPUTS_METADATA = [ TYPE = "GROUP", NAME = "DB", TITLE = "Database" ]
"""


def opened(text: str, name: str = "a.tmpl") -> tuple[Engine, dict[str, Any]]:
    engine = Engine()
    return engine, engine.answer({"op": "open", "name": name}, text.encode())


def fields(answer: dict[str, Any], part: int = 0) -> dict[str, dict[str, Any]]:
    return {
        field["name"]: field
        for tab in answer["parts"][part]["tabs"]
        for group in tab["groups"]
        for field in group["fields"]
    }


def filled(engine: Engine, answer: dict[str, Any], answers: dict[str, str], **more: Any) -> dict[str, Any]:
    return engine.answer({"op": "fill", "id": answer["id"], "part": 0, "answers": {"0": answers}, **more})


def output(answer: dict[str, Any], name: str) -> str:
    text: str = next(each["text"] for each in answer["outputs"] if each["id"] == name)
    return text


def test_tabs_groups_titles_and_order_follow_the_convention() -> None:
    _, answer = opened(GROUPED)
    tabs = answer["parts"][0]["tabs"]
    assert [(tab["title"], tab["description"]) for tab in tabs] == [
        ("Capacity", ""),
        ("The shop", "Sells"),
        ("Others", ""),
    ]
    assert [group["title"] for group in tabs[1]["groups"]] == ["Database"]
    # What INPUTS_ORDER leaves out comes first, by alphabet.
    assert [field["name"] for field in tabs[1]["groups"][0]["fields"]] == [
        "ONEAPP_SHOP_DB_ENABLED", "ONEAPP_SHOP_DB_ENABLED_LATE", "ONEAPP_SHOP_DB_PASSWORD", "ONEAPP_SHOP_DB_SIZE",
    ]  # fmt: skip
    assert [field["name"] for field in tabs[2]["groups"][0]["fields"]] == ["APE", "ZEBRA"]


def test_enabled_hides_its_group_but_not_what_begins_with_enabled() -> None:
    _, answer = opened(GROUPED)
    depends = {name: field["depends"] for name, field in fields(answer).items()}
    assert depends["ONEAPP_SHOP_DB_PASSWORD"] == depends["ONEAPP_SHOP_DB_SIZE"] == "ONEAPP_SHOP_DB_ENABLED"
    assert depends["ONEAPP_SHOP_DB_ENABLED"] is None
    assert depends["ONEAPP_SHOP_DB_ENABLED_LATE"] is None


def test_without_the_convention_there_is_one_tab_without_a_title() -> None:
    _, answer = opened('USER_INPUTS = [ B = "O|text|b| |", A = "O|text|a| |" ]\n')
    assert [tab["title"] for tab in answer["parts"][0]["tabs"]] == [""]
    assert list(fields(answer)) == ["A", "B"]


@pytest.mark.parametrize(
    ("definition", "control", "value"),
    [
        ("O|text|x| |a", "lines", "a"),
        ("O|text64|x| |a", "line", "a"),
        ("O|password|x| |", "password", ""),
        ("O|boolean|x| |YES", "switch", "YES"),
        ("O|boolean|x| |", "switch", "NO"),
        ("O|number|x| |1.5", "number", "1"),
        ("O|number-float|x| |1.5", "number", "1.5"),
        ("O|range|x|1..9|", "slider", "1"),
        ("O|range-float|x|0..1|0.5", "slider", "0.5"),
        ("O|list|x|b,a|a", "choice", "a"),
        ("O|list-multiple|x|b,a|a,b", "multiple", "a,b"),
        ("O|fixed|x| |7", "fixed", "7"),
        ("O|array|x| |7", "line", "7"),
    ],
)
def test_every_kind_has_its_control(definition: str, control: str, value: str) -> None:
    _, answer = opened(definition, "<pasted>")
    field = fields(answer)["INPUT"]
    assert (field["control"], field["value"]) == (control, value)


def test_a_wrong_value_gets_the_words_of_the_validator_and_nothing_comes_out() -> None:
    engine, answer = opened("", "x")
    answer = engine.answer({"op": "open", "appliance": "flower-supernode"})
    given = {"FL_GPU_ENABLED": "YES", "FL_GPU_MEMORY_FRACTION": "1.5"}
    said = validate(get_appliance("flower-supernode"), load_context(given)).findings[0]
    judged = filled(engine, answer, given)
    assert said.message in judged["problems"]["FL_GPU_MEMORY_FRACTION"][0]["text"]
    assert judged["outputs"] == []
    assert judged["errors"] == 1


@given(contexts(get_appliance("flower-supernode")))
def test_what_is_copied_passes_validate(context: dict[str, str]) -> None:
    appliance = get_appliance("flower-supernode")
    engine = Engine()
    answer = engine.answer({"op": "open", "appliance": appliance.name})
    judged = filled(engine, answer, context)
    if judged["errors"]:
        return
    assert validate(appliance, read_context(SourceText(output(judged, "context")))).ok
    template = parse_template(output(judged, "template"))
    assert template.ok
    assert validate(appliance, load_context({k: v for k, v in template.attributes if isinstance(v, str)})).ok


def test_the_docker_command_is_that_of_a_boot() -> None:
    engine = Engine()
    answer = engine.answer({"op": "open", "appliance": "flower-supernode"})
    given = {"FL_GPU_ENABLED": "YES", "FL_SUPERLINK_ADDRESS": "10.0.0.1:9092"}
    with_gpu = output(filled(engine, answer, given, gpu=True), "docker-flower-supernode")
    without = output(filled(engine, answer, given), "docker-flower-supernode")
    assert "--gpus all" in with_gpu
    assert "--gpus" not in without
    assert shlex.split(without)[:2] == ["docker", "run"]


def test_a_pasted_template_for_a_known_appliance_gets_its_docker_command() -> None:
    text = 'USER_INPUTS = [ GPU = "O|boolean|GPU| |YES" ]\nCONTEXT = [ FL_GPU_ENABLED = "$GPU" ]\n'
    engine, answer = opened(text)
    judged = filled(engine, answer, {}, gpu=True)
    assert "FL_GPU_ENABLED='YES'" in output(judged, "context")
    assert "--gpus all" in output(judged, "docker-flower-supernode")


def test_what_only_the_server_knows_is_left_out_and_named() -> None:
    engine, answer = opened(
        'USER_INPUTS = [ A = "O|text|a| |x" ]\nCONTEXT = [ A = "$A", K = "$USER[SSH_PUBLIC_KEY]" ]\n'
    )
    made = next(each for each in filled(engine, answer, {})["outputs"] if each["id"] == "context")
    assert "K=" not in made["text"]
    assert "Only the server knows K." in made["note"]


def test_a_password_is_starred_to_the_eye_and_never_in_the_command() -> None:
    engine, answer = opened('USER_INPUTS = [ P = "M|password|p| |" ]\nCONTEXT = [ P = "$P" ]\n')
    judged = filled(engine, answer, {"P": "hunter2"})
    assert all("hunter2" not in each["shown"] for each in judged["outputs"])
    assert "hunter2" not in output(judged, "command")
    assert 'P = "hunter2"' in output(judged, "template")


@pytest.mark.parametrize("value", ["a,b=c", 'a"b', "", "a\nb", "a\\"])
def test_what_the_option_cannot_carry_is_left_for_the_command_to_ask(value: str) -> None:
    assert not carried_by_option("A", value)


@given(st.lists(st.text(max_size=6), min_size=1, max_size=4))
def test_the_command_line_reads_from_the_option_what_was_put_into_it(values: list[str]) -> None:
    pairs = [(f"N{number}", value) for number, value in enumerate(values) if carried_by_option(f"N{number}", value)]
    if pairs:
        assert given_pairs(",".join(f"{name}={value}" for name, value in pairs)) == pairs


def test_a_service_gives_the_values_in_json() -> None:
    text = json.dumps({"name": "s", "roles": [{"name": "r"}], "user_inputs": {"A": "O|text|a| |x"}})
    engine, answer = opened(text, "s.json")
    judged = filled(engine, answer, {"A": "y"})
    assert json.loads(output(judged, "template")) == {"user_inputs_values": {"A": "y"}}
    assert output(judged, "command").startswith("oneflow-template instantiate")


def test_a_role_gets_what_its_service_was_asked() -> None:
    engine = Engine()
    answer = engine.answer({"op": "open", "appliance": "flower-service"})
    assert [part["title"] for part in answer["parts"]] == ["Service", "Role superlink", "Role supernode"]
    given = {"0": {"FL_LOG_LEVEL": "DEBUG"}, "2": {"FL_SUPERLINK_ADDRESS": "10.0.0.1:9092"}}
    judged = engine.answer({"op": "fill", "id": answer["id"], "part": 2, "answers": given})
    assert "FLWR_LOG_LEVEL=DEBUG" in output(judged, "docker-flower-supernode")
    assert "FL_LOG_LEVEL='DEBUG'" in output(judged, "context")
    assert [each["id"] for each in judged["outputs"]] == ["template", "context", "docker-flower-supernode"]
    role = json.loads(output(judged, "template"))["roles"][0]
    assert role["name"] == "supernode"
    assert "FL_LOG_LEVEL" not in role["user_inputs_values"]


def test_under_other_names_the_findings_stand_at_the_fields_that_ask() -> None:
    engine = Engine()
    answer = engine.answer({"op": "open", "appliance": "flower-supernode", "names": "oneapp"})
    assert len(answer["parts"][0]["tabs"][0]["groups"]) > 1
    given = {"ONEAPP_FLOWER_GPU_ENABLED": "YES", "ONEAPP_FLOWER_GPU_MEMORY_FRACTION": "1.5"}
    judged = filled(engine, answer, given)
    assert "FL_GPU_MEMORY_FRACTION: '1.5'" in judged["problems"]["ONEAPP_FLOWER_GPU_MEMORY_FRACTION"][0]["text"]
    del given["ONEAPP_FLOWER_GPU_MEMORY_FRACTION"]
    assert "--gpus all" in output(filled(engine, answer, given, gpu=True), "docker-flower-supernode")


def test_a_template_of_ones_own_for_a_known_role_is_judged_by_its_declaration() -> None:
    text = 'USER_INPUTS = [ DEVICES = "O|text|Devices| |GPU0" ]\n'
    text += 'CONTEXT = [ FL_GPU_ENABLED = "YES", FL_CUDA_VISIBLE_DEVICES = "$DEVICES" ]\n'
    engine, answer = opened(text)
    assert "FL_CUDA_VISIBLE_DEVICES: 'GPU0'" in filled(engine, answer, {})["problems"]["DEVICES"][0]["text"]


def test_marketplace_yaml_has_a_form() -> None:
    _, answer = opened("opennebula_template:\n  user_inputs:\n    A: 'M|text|a| |x'\n", "m.yaml")
    assert list(fields(answer)) == ["A"]


@pytest.mark.parametrize("probe", probes("user-input-probes.json"), ids=lambda probe: probe["input"])
def test_a_bare_definition_has_the_widget_and_the_default_of_the_real_form(probe: dict[str, Any]) -> None:
    if not probe["input"] or "\n" in probe["input"] or "=" in probe["input"].partition("|")[0]:
        pytest.skip("not taken for a bare definition")
    _, answer = opened(probe["input"], "<pasted>")
    if not answer["parts"]:
        assert "|" not in probe["input"]
        return
    control = fields(answer)["INPUT"]["control"]
    widget = {"switch": "switch", "slider": "slider", "choice": "autocomplete", "multiple": "autocomplete"}.get(
        control, "text"
    )
    assert widget == probe["sunstone"]["widget"]


@given(template_soup())
def test_any_text_is_answered_with_the_findings_of_the_linter(text: str) -> None:
    _, answer = opened(text)
    said = lint_text(SourceText(text, "a.tmpl"))
    assert answer["found"] == len(said)
    assert [each["code"] for each in answer["findings"]] == [each.code for each in said[: len(answer["findings"])]]


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x89PNG\r\n\x1a\n", b"x" * (LARGEST_FILE + 1)])
def test_what_is_no_text_is_a_finding(data: bytes) -> None:
    answer = Engine().answer({"op": "open", "name": "x.tmpl"}, data)
    assert answer["parts"] == []
    assert answer["findings"][0]["code"] in {"CTX052", "CTX051"}


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"op": "nonsense"},
        {"op": "fill"},
        {"op": "fill", "id": 7, "part": 0, "answers": {}},
        {"op": "open", "appliance": "x"},
    ],
)
def test_a_request_that_makes_no_sense_is_an_error_in_words(request_: dict[str, Any]) -> None:
    assert isinstance(Engine().answer(request_)["error"], str)


def test_few_documents_stay_open() -> None:
    engine = Engine()
    for _ in range(30):
        engine.answer({"op": "open", "name": "a"}, b'USER_INPUTS = [ A = "O|text|a| |" ]\n')
    assert len(engine.opened) < 10


def test_the_answers_are_plain_data() -> None:
    engine, answer = opened(GROUPED)
    json.dumps(answer)
    json.dumps(filled(engine, answer, {"APE": "x"}))
    json.dumps(engine.answer({"op": "explain", "id": answer["id"], "part": 0, "name": "APE", "answer": "x"}))


def test_the_separator_of_context_is_warned_of_where_it_is_typed() -> None:
    text = 'USER_INPUTS = [ NAME = "O|text|Name| |", B = "O|text|B| |" ]\nCONTEXT = [ APP_NAME = "$NAME" ]\n'
    engine, answer = opened(text)
    answered = filled(engine, answer, {"NAME": "a@^_^@EVIL=1"})
    (problem,) = answered["problems"]["NAME"]
    assert (problem["severity"], problem["code"]) == ("warning", "CTX132")
    assert answered["errors"] == 0
    # The file is the one that the machine gets.
    assert output(answered, "context").splitlines()[1:] == ["APP_NAME='a'", "EVIL='1'"]
    answer = engine.answer({"op": "open", "appliance": "flower-supernode"})
    answered = filled(engine, answer, {"FL_NODE_CONFIG": "site=1@^_^@EVIL=1"})
    assert "CTX132" in [problem["code"] for problem in answered["problems"]["FL_NODE_CONFIG"]]


def test_what_the_command_line_sends_is_followed_into_the_machine() -> None:
    engine, answer = opened('USER_INPUTS = [ A = "O|text|A| |", P = "O|password|P| |" ]\n')
    asked = {"op": "explain", "id": answer["id"], "part": 0}
    told = engine.answer({**asked, "name": "A", "answer": "site=1\\"})["rows"][0]["answer"]
    assert "swallows the answer behind it" in told
    assert engine.answer({**asked, "name": "A", "answer": "fine"})["rows"][0]["answer"] == 'sends "fine"'
    assert "s3cret" not in engine.answer({**asked, "name": "P", "answer": "s3cret\\"})["rows"][0]["answer"]


@pytest.mark.parametrize(("name", "port"), [("ollama", "ONEAPP_OLLAMA_API_PORT"), ("vllm", "ONEAPP_VLLM_API_PORT")])
def test_an_appliance_outside_flower_has_its_form_and_its_container(name: str, port: str) -> None:
    engine = Engine()
    answer = engine.answer({"op": "open", "appliance": name})
    assert set(fields(answer)) == set(get_appliance(name).by_name)
    after = filled(engine, answer, {port: "8081"})
    assert "8081:" in output(after, f"docker-{name}")


def test_a_service_has_the_containers_of_its_roles_and_no_others() -> None:
    engine = Engine()
    answer = engine.answer({"op": "open", "appliance": "flower-service"})
    for part, role in ((1, "superlink"), (2, "supernode")):
        judged = engine.answer({"op": "fill", "id": answer["id"], "part": part, "answers": {}})
        containers = [each["id"] for each in judged["outputs"] if each["id"].startswith("docker")]
        assert containers == [f"docker-flower-{role}"]


def test_a_style_of_names_tells_the_option_that_makes_it() -> None:
    """So that the form can be made again with ctxschema generate."""
    styles = Engine().answer({"op": "appliances"})["names"]
    assert {style["name"] for style in styles} == {names.value for names in Names}
    assert all(style["title"].endswith(f"--names {style['name']}") for style in styles)
