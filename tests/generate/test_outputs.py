"""Generated outputs are read by our own readers, and contain the declaration."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from attrs import evolve
from hypothesis import given

from ctxschema import parse_template, parse_user_input
from ctxschema.catalog import APPLIANCES, get_appliance
from ctxschema.context.load import read_context
from ctxschema.context.validate import validate
from ctxschema.core import codes
from ctxschema.core.errors import DeclarationError, NotPortableError, UnknownNameError
from ctxschema.core.source import SourceText
from ctxschema.generate.names import Names
from ctxschema.generate.options import Options
from ctxschema.generate.registry import OUTPUTS, Subject, artefacts
from ctxschema.grammar.ast import UserInput
from ctxschema.lint.document import Document, Script, Section, Service
from ctxschema.lint.drift import drift
from ctxschema.lint.linter import lint_text
from ctxschema.lint.readers import read_named
from ctxschema.model.appliance import Appliance, Infrastructure
from ctxschema.model.container import Container, Image
from ctxschema.model.gpu_request import GpuRequest
from ctxschema.model.input_names import GROUPED
from ctxschema.model.kinds import BOOLEAN, LIST, NUMBER, RANGE, TEXT
from ctxschema.model.limits import Between
from ctxschema.model.variable import Deprecation, Variable
from ctxschema.testing import safe_texts

BY_NAME = {output.name: output for output in OUTPUTS}
# What cannot be helped: CONTEXT alone has no inputs, and the required entry for the operator's key is a reference
# that Sunstone drops from every template with inputs.
UNAVOIDABLE = {
    "context.tmpl": {codes.REFERENCE_UNDEFINED.id},
    "oneflow.json": {codes.TEMPLATE_ID.id},
    "": {codes.REFERENCE_DROPPED.id},
}

OLD = Variable("OLD", NUMBER, label="It's old", default=3, group="one", deprecated=Deprecation("2.0", "NEW"))
NEW = Variable("NEW", RANGE, label="New (50% of it)", default=3, group="one", limits=(Between(1, 5),))
ON = Variable("TWO_ENABLED", BOOLEAN, label="On, # or not", default=True, group="two", input_name="ON")
WORD = Variable("WORD", LIST, label="Word", default="b c", group="two", options=("a", "b c", "d:e"))
OWN = Appliance(
    "own-thing",
    "Own thing",
    "An appliance: with 'quotes' and # signs.",
    (
        OLD,
        NEW,
        Variable("ASKED", TEXT, label="Asked for: 'x' # y", default=None, group="two", mandatory=True),
        ON,
        WORD,
    ),
    infrastructure=(Infrastructure("TOKEN", "YES", "gives a token"),),
    group_titles={"one": "Number one"},
)
SERVED = Appliance(
    "served", "Served", "A service.", (OLD, NEW, ON), roles=("front", "back"), infrastructure=OWN.infrastructure
)


def appliances() -> list[Appliance]:
    return [*map(get_appliance, APPLIANCES), OWN, SERVED]


def everything(names: Names = Names.VARIABLE) -> Iterator[tuple[Appliance, str, str]]:
    for appliance in appliances():
        for file, text in artefacts(appliance, Options(names=names)):
            yield appliance, file, text


def read(file: str, text: str) -> Document:
    return read_named(SourceText(text, file))


def inputs_of(document: Document) -> dict[str, UserInput]:
    found = {}
    for part in document.parts:
        if isinstance(part, (Section, Service)):
            found.update({each.key: each.definition for each in part.inputs})
        if isinstance(part, Service):
            found.update({each.key: each.definition for role in part.roles for each in role.inputs})
    return found


# ---- round trips -------------------------------------------------------------------------------------


@pytest.mark.parametrize("names", Names)
def test_our_readers_give_the_declaration_back(names: Names) -> None:
    read_back = 0
    for appliance, file, text in everything(names):
        found = inputs_of(read(file, text))
        if not found:
            continue
        read_back += 1
        assert set(found) == {names.of(variable, appliance) for variable in appliance.variables}, file
        for variable in appliance.variables:
            each = found[names.of(variable, appliance)]
            parts = (each.flag, each.type, each.description, each.default)
            wanted = ("M" if variable.mandatory else "O", variable.kind.name, variable.question, variable.asked_text)
            assert parts == wanted, file
            assert each.params == (",".join(variable.options) or ("1..5" if variable.kind is RANGE else " "))
            if variable.default_text or variable.kind.name in {"text", "text64"}:
                assert each.canonical() == each.emit(), file
    asking = {"user-inputs.tmpl", "vm-template.tmpl", "vm-template-gpu.tmpl", "marketplace.yaml", "oneflow.json"}
    assert read_back == sum(file in asking for _, file, _ in everything())


@pytest.mark.parametrize("names", Names)
def test_the_order_is_that_of_the_declaration(names: Names) -> None:
    for appliance, file, text in everything(names):
        for part in read(file, text).parts:
            wanted = [names.of(variable, appliance) for variable in appliance.variables]
            if isinstance(part, Section) and part.inputs:
                assert part.order is not None
                assert part.order.text.split(",") == wanted
            elif isinstance(part, Script) and not part.declares:
                assert [entry.name for entry in part.defaults] == [variable.name for variable in appliance.variables]
            elif isinstance(part, Script):
                assert [parameter.name for parameter in part.parameters] == wanted
            elif isinstance(part, Service):
                for level in (part.inputs, *(role.inputs for role in part.roles)):
                    keys = [each.key for each in level]
                    assert keys == [name for name in wanted if name in keys]


@pytest.mark.parametrize("names", Names)
def test_context_hands_over_every_variable_and_what_the_author_sets(names: Names) -> None:
    for appliance, file, text in everything(names):
        for part in read(file, text).parts:
            if isinstance(part, Section) and part.context is not None:
                entries = {entry.name: entry.value.text for entry in part.context}
                handed = {variable.name: f"${names.of(variable, appliance)}" for variable in appliance.variables}
                set_by_author = {entry.name: entry.value for entry in appliance.infrastructure}
                assert entries == handed | set_by_author, file


def test_the_server_takes_every_template() -> None:
    for _, file, text in everything():
        if file.endswith(".tmpl"):
            template = parse_template(text)
            assert template.ok, file
            assert template.emit() == text


@pytest.mark.parametrize("name", APPLIANCES)
@pytest.mark.parametrize("names", Names)
def test_the_linter_finds_nothing_in_them_that_could_be_helped(name: str, names: Names) -> None:
    for file, text in artefacts(get_appliance(name), Options(names=names)):
        if file.endswith((".tmpl", ".yaml", ".sh")) or file == "oneflow.json":
            found = {finding.code for finding in lint_text(SourceText(text, file))}
            assert found <= UNAVOIDABLE.get(file, set()) | UNAVOIDABLE[""], (file, found)


@pytest.mark.parametrize("name", APPLIANCES)
@pytest.mark.parametrize("names", Names)
def test_what_is_generated_has_not_drifted(name: str, names: Names, tmp_path: Any) -> None:
    for file, text in artefacts(get_appliance(name), Options(names=names)):
        (tmp_path / file).write_text(text)
    looked, findings = drift(get_appliance(name), [str(tmp_path)])
    assert findings == []
    assert len(looked) >= 5


# ---- one by one --------------------------------------------------------------------------------------


def test_every_input_of_a_service_has_a_value() -> None:
    for appliance in (get_appliance("flower-service"), SERVED):
        made = json.loads(BY_NAME["oneflow"].text(appliance))
        assert made["deployment"] == "straight"
        for level in (made, *made["roles"]):
            assert set(level["user_inputs"]) == set(level["user_inputs_values"])
            assert all(isinstance(value, str) for value in level["user_inputs_values"].values())
            for name, value in level["user_inputs_values"].items():
                assert parse_user_input(level["user_inputs"][name]).default == value


def test_a_service_asks_each_level_for_its_own() -> None:
    service = get_appliance("flower-service")
    made = json.loads(BY_NAME["oneflow"].text(service, Options(templates={"supernode": 12})))
    levels = [made, *made["roles"]]
    asked = [name for level in levels for name in level["user_inputs"]]
    assert sorted(asked) == sorted(service.by_name)
    for level in levels:
        scopes = {service.by_name[name].scope for name in level["user_inputs"]}
        assert scopes <= ({"both", "service"} if level is made else {level["name"]})
    assert [role["name"] for role in made["roles"]] == ["superlink", "supernode"]
    assert made["roles"][1]["parents"] == ["superlink"]
    assert "parents" not in made["roles"][0]
    assert [role["template_id"] for role in made["roles"]] == ["<number of the VM template of superlink>", 12]
    for role in made["roles"]:
        handed = {name for name, value in role["template_contents"]["CONTEXT"].items() if value == f"${name}"}
        assert handed == set(get_appliance(f"flower-{role['name']}").by_name)


def test_a_service_without_the_numbers_of_its_templates_is_no_service_yet() -> None:
    service = get_appliance("flower-service")
    text = BY_NAME["oneflow"].text(service)
    found = [each for each in lint_text(SourceText(text, "oneflow.json")) if each.code == codes.TEMPLATE_ID.id]
    assert [each.variable for each in found] == ["superlink", "supernode"]
    # OneFlow would take -1; what is no number it refuses when the service is created.
    assert not any(isinstance(role["template_id"], int) for role in json.loads(text)["roles"])
    filled = BY_NAME["oneflow"].text(service, Options(templates={"superlink": 11, "supernode": 12}))
    assert codes.TEMPLATE_ID.id not in {each.code for each in lint_text(SourceText(filled, "oneflow.json"))}
    marketplace = BY_NAME["marketplace"].text(service)
    assert codes.TEMPLATE_ID.id not in {each.code for each in lint_text(SourceText(marketplace, "a.yaml"))}


def test_every_scalar_of_a_marketplace_entry_is_a_string_in_quotes() -> None:
    for appliance in appliances():
        text = BY_NAME["marketplace"].text(appliance)
        template = yaml.safe_load(text)["opennebula_template"]
        if appliance.roles:
            assert json.loads(template) == json.loads(BY_NAME["oneflow"].text(appliance))
            continue
        lines = text.partition("opennebula_template:\n")[2].splitlines()
        assert all(re.search(r':(?: ".*")?$', line) for line in lines)
        values = [template]
        while values:
            value = values.pop()
            values += value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
            assert isinstance(value, (dict, list, str))


def test_a_gpu_template_has_what_opennebula_documents() -> None:
    text = BY_NAME["vm-template"].text(get_appliance("flower-supernode"), Options(gpu=True))
    kept = dict(parse_template(text).attributes)
    assert kept["OS"] == {"ARCH": "x86_64", "FIRMWARE": "UEFI", "MACHINE": "q35"}
    assert kept["CPU_MODEL"] == {"MODEL": "host-passthrough"}
    assert kept["PCI"] == {"VENDOR": "10de", "CLASS": "0302"}
    topology = kept["TOPOLOGY"]
    assert isinstance(topology, dict)
    assert topology["PIN_POLICY"] == "CORE"
    cores = [int(topology[name]) for name in ("CORES", "SOCKETS", "THREADS")]
    assert cores[0] * cores[1] * cores[2] == int(str(kept["VCPU"]))
    plain = dict(parse_template(BY_NAME["vm-template"].text(get_appliance("flower-supernode"))).attributes)
    assert not {"OS", "CPU_MODEL", "TOPOLOGY", "PCI"} & set(plain)


@pytest.mark.parametrize("names", list(Names))
def test_a_template_says_what_its_user_has_to_see_to(names: Names) -> None:
    """The notes are there only where they apply, and are comments, so the attributes are as they were."""
    appliance = get_appliance("flower-supernode")
    (asked,) = [
        name for name, variable in names.inputs(appliance, appliance.asked).items() if variable.name == "FL_GPU_ENABLED"
    ]
    for gpu in (False, True):
        text = BY_NAME["vm-template"].text(appliance, Options(names=names, gpu=gpu))
        notes = [line for line in text.splitlines() if line.startswith("#")]
        template = parse_template(text)
        (path,) = [
            value["READY_SCRIPT_PATH"]
            for name, value in template.attributes
            if name == "CONTEXT" and isinstance(value, dict)
        ]
        assert any(f"has to bring {path}:" in note for note in notes)
        assert any(f"Answer {asked} with YES" in note for note in notes) == gpu
        bare = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
        assert parse_template(bare).attributes == template.attributes
    own = BY_NAME["vm-template"].text(OWN, Options(names=names))
    assert "has to bring" not in own
    for hidden in (False, True):
        wanted = Variable("A", BOOLEAN, label="A", default=False, hidden=hidden)
        one = Appliance("own", "Own", "One.", (wanted,), gpu=GpuRequest(wanted), container=Container(Image("a/b")))
        text = BY_NAME["vm-template"].text(one, Options(names=names, gpu=True))
        assert ("with YES" in text) != hidden


def test_metadata_is_there_where_names_are_grouped() -> None:
    titles: dict[tuple[str, str], str] = {}
    for appliance in (get_appliance("flower-supernode"), OWN):
        text = BY_NAME["user-inputs"].text(appliance, Options(names=Names.ONEAPP))
        entries = [value for name, value in parse_template(text).attributes if name == "USER_INPUTS_METADATA"]
        titles = {(entry["TYPE"], entry["NAME"]): entry["TITLE"] for entry in entries if isinstance(entry, dict)}
        names = [GROUPED.match(name) for name, _ in parse_template(text).user_inputs]
        assert {match["group"] for match in names if match} == {name for kind, name in titles if kind == "GROUP"}
        assert {match["app"] for match in names if match} == {name for kind, name in titles if kind == "APP"}
    assert titles[("GROUP", "ONE")] == "Number one"
    assert "METADATA" not in BY_NAME["user-inputs"].text(OWN)


def test_the_parameters_of_a_test_lack_the_prefix_that_all_have() -> None:
    def of_test(*names: str) -> object:
        variables = tuple(Variable(name, TEXT, label="a", default="x") for name in names)
        text = BY_NAME["metadata.yaml"].text(Appliance("own", "Own", "One.", variables))
        return yaml.safe_load(text)[":app"][":context"]

    assert of_test("ONEAPP_A", "ONEAPP_B") == {":prefixed": True, ":params": {":A": "x", ":B": "x"}}
    assert of_test("ONEAPP_A", "B") == {":prefixed": False, ":params": {":ONEAPP_A": "x", ":B": "x"}}


def _tabs(*names: str) -> dict[str, str]:
    """The titles of the tabs, by app, that the marketplaces' names of some variables make."""
    variables = tuple(Variable(name, TEXT, label="a", default="x") for name in names)
    appliance = Appliance("postgres", "PostgreSQL 16", "S", variables)
    text = BY_NAME["user-inputs"].text(appliance, Options(names=Names.ONEAPP))
    found = [value for name, value in parse_template(text).attributes if name == "USER_INPUTS_METADATA"]
    return {each["NAME"]: each["TITLE"] for each in found if isinstance(each, dict) and each["TYPE"] == "APP"}


def test_variables_that_name_an_app_put_the_others_into_its_tab() -> None:
    assert _tabs("ONEAPP_PG_DB_NAME", "ONEAPP_PG_PORT", "PLAIN") == {"PG": "PostgreSQL 16"}
    assert _tabs("ONEAPP_PG_PORT", "PLAIN") == {"POSTGRES": "PostgreSQL 16"}


def test_two_tabs_have_different_titles() -> None:
    both = _tabs("ONEAPP_WEB_A_B", "ONEAPP_PG_DB_NAME", "ONEAPP_PG_DB_USER", "PLAIN")
    assert both == {"WEB": "WEB", "PG": "PostgreSQL 16"}


def test_the_marketplace_names_have_the_switch_of_their_group() -> None:
    names = Names.ONEAPP.inputs(get_appliance("flower-superlink"))
    assert names["ONEAPP_FLOWER_TLS_ENABLED"].name == "FL_TLS_ENABLED"
    assert names["ONEAPP_FLOWER_CHECKPOINT_INTERVAL"].name == "FL_CHECKPOINT_INTERVAL"
    assert all(GROUPED.match(name) for appliance in appliances() for name in Names.ONEAPP.inputs(appliance))


def test_names_that_would_be_the_same_are_refused() -> None:
    twins = Appliance(
        "a",
        "A",
        "S",
        (Variable("X_A", TEXT, label="a", default=""), Variable("Y_A", TEXT, label="b", default="")),
        prefixes=("X_", "Y_"),
    )
    with pytest.raises(NotPortableError, match="X_A and Y_A would both be asked for as ONEAPP_A_SETTINGS_A"):
        BY_NAME["context"].text(twins, Options(names=Names.ONEAPP))


def test_the_sample_is_a_context_that_changes_nothing() -> None:
    for appliance in appliances():
        raw = read_context(SourceText(BY_NAME["env-sample"].text(appliance), "sample"))
        assert list(raw.values) == list(appliance.by_name)
        result = validate(appliance, raw)
        assert {finding.code for finding in result.findings} <= {codes.MISSING.id, codes.DEPRECATED.id}
        for variable in appliance.variables:
            assert result.values.get(variable) == variable.default


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda output: output.name)
def test_a_deprecation_shows_in_every_output(output: Any) -> None:
    for appliance in (OWN, SERVED):
        # Names and values for tests have no words beside them.
        if output.suits(appliance) and output.name not in {"metadata.yaml", "context.yaml"}:
            text = " ".join(output.text(appliance).replace("\n#", "").split())
            data = "deprecated: {since: '2.0', instead: NEW}"
            assert (data if output.name == "declaration" else "deprecated since 2.0, use NEW") in text


def test_an_output_says_what_it_cannot_be_made_of() -> None:
    with pytest.raises(UnknownNameError, match="flower-supernode is one machine, and oneflow is for a service"):
        BY_NAME["oneflow"].text(get_appliance("flower-supernode"))
    with pytest.raises(UnknownNameError, match="flower-service is a service of several roles"):
        BY_NAME["vm-template"].text(get_appliance("flower-service"))
    alone = Appliance("a", "A", "S", (Variable("A", TEXT, label="a", default="x"),))
    for output in OUTPUTS:
        if output.about is Subject.CONTAINER:
            with pytest.raises(UnknownNameError, match=f"a has no container, and {output.name} is for .*`container`"):
                output.text(alone)
            with pytest.raises(UnknownNameError, match="flower-service is a service of several roles"):
                output.text(get_appliance("flower-service"))


def test_what_is_advised_for_a_service_makes_one() -> None:
    ports = [Variable(f"{role.upper()}_PORT", TEXT, label="a", default="x", scope=role) for role in ("db", "web")]
    alone = Appliance("a", "A", "S", tuple(ports))
    with pytest.raises(UnknownNameError, match=r"declare `roles: \[FIRST, SECOND\]`, and `scope: ROLE`"):
        BY_NAME["oneflow"].text(alone)
    roles = json.loads(BY_NAME["oneflow"].text(evolve(alone, roles=("db", "web"))))["roles"]
    assert [list(role["user_inputs"]) for role in roles] == [["DB_PORT"], ["WEB_PORT"]]


def trimmed(text: str) -> bool:
    return bool(text) and text == text.strip()


@given(safe_texts(without='|$"').filter(trimmed), safe_texts(without='|$"`}\\').filter(trimmed))
def test_any_text_that_can_be_carried_comes_back(label: str, default: str) -> None:
    appliance = Appliance("a", "A", "S", (Variable("X", TEXT, label=label, default=default),))
    for file, text in artefacts(appliance):
        document = read(file, text)
        for part in document.parts:
            if isinstance(part, Section) and part.inputs:
                (each,) = part.inputs
                assert (each.definition.description, each.definition.default) == (label, default), file
            elif isinstance(part, Script) and not part.declares:
                assert part.defaults[0].value.text == default
            elif isinstance(part, Script):
                assert part.parameters[0].description.name == label
                assert part.defaults[0].value.text == default


def test_a_range_without_bounds_is_refused() -> None:
    with pytest.raises(NotPortableError, match="X is a range and has no two bounds"):
        BY_NAME["user-inputs"].text(Appliance("a", "A", "S", (Variable("X", RANGE, label="x", default=1),)))


# ---- what no output can carry --------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["a|b", 'a"b', "a\nb", "a\x01b", "a]]>b", "a\\", "a@^_^@b", " a"])
def test_a_label_or_a_default_that_cannot_be_carried_is_refused_with_the_name_and_a_repair(text: str) -> None:
    for variable in (Variable("X", TEXT, label=text, default=""), Variable("X", TEXT, label="x", default=text)):
        with pytest.raises(DeclarationError, match=r"X: the (label|default) has .* (in|around) it.*; \w+"):
            Appliance("a", "A", "S", (variable,))
    with pytest.raises(DeclarationError, match="option"):
        Appliance("a", "A", "S", (Variable("X", LIST, label="x", default=text, options=(text,)),))


@pytest.mark.parametrize("default", ["$HOME", "5$", "${X}"])
def test_a_default_with_a_dollar_is_refused(default: str) -> None:
    with pytest.raises(DeclarationError, match="X: the default has a dollar"):
        Appliance("a", "A", "S", (Variable("X", TEXT, label="x", default=default),))


@pytest.mark.parametrize("value", ['"', "a\nb", "\\", "${X}", "$", "$A,b"])
def test_an_entry_of_context_that_cannot_be_carried_is_refused(value: str) -> None:
    with pytest.raises(DeclarationError, match="ENTRY: the value has"):
        Appliance("a", "A", "S", (), infrastructure=(Infrastructure("ENTRY", value, "why"),))


def test_a_replacement_has_to_be_declared() -> None:
    with pytest.raises(DeclarationError, match="GONE is to replace it and is not declared"):
        Appliance("a", "A", "S", (Variable("X", TEXT, label="x", default="", deprecated=Deprecation("1", "GONE")),))


def test_a_deprecated_variable_that_is_set_is_a_warning() -> None:
    (finding,) = validate(OWN, read_context(SourceText("OLD='4'\nASKED='x'\n"))).findings
    assert (finding.code, finding.variable, finding.repair) == (codes.DEPRECATED.id, "OLD", "set NEW")
    assert finding.severity is codes.DEPRECATED.severity
