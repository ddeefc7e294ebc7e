"""What the rules of the linter take for a fault, and what for none."""

import sys
from collections.abc import Iterable

import pytest

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.source import SourceText
from ctxschema.lint.checks.order import order
from ctxschema.lint.document import Section
from ctxschema.lint.linter import lint_text
from ctxschema.lint.readers import read_named
from tests.said import said

MACHINE = 'CPU = "1"\nMEMORY = "512"\n'


def of_input(name: str, definition: str) -> set[str]:
    text = f'{MACHINE}USER_INPUTS = [ {name} = "{definition}" ]\nINPUTS_ORDER = "{name}"\n'
    text += f'CONTEXT = [ {name} = "${name}" ]\n'
    return {finding.code for finding in lint_text(SourceText(text, name="a.tmpl"))}


def of_template(text: str) -> set[str]:
    return {finding.code for finding in lint_text(SourceText(MACHINE + text, name="a.tmpl"))}


@pytest.mark.parametrize(
    ("name", "definition", "secret"),
    [
        ("DB_PASSWORD", "M|text|Password| |", True),
        ("ONEAPP_API_TOKEN", "O|text|Token| |", True),
        ("REGISTRY_KEY", "M|text|Registry key.| |", True),
        ("DB_PASSWORD", "M|password|Password| |", False),
        ("TOKEN_TTL", "O|text|Minutes| |30", False),
        ("SSH_PUBLIC_KEY", "O|text|Public API key| |", False),
        ("TLS_PRIVATE_KEY", "O|text|Private key| |", False),
        ("SORT_KEY", "O|text|Key to sort by| |", False),
        ("PASSWORD_FILE", "O|text|Where the password stands| |", False),
        ("BYPASS", "O|text|Hosts without a proxy| |", False),
    ],
)
def test_secrets_that_are_asked_for_as_text(name: str, definition: str, *, secret: bool) -> None:
    assert (codes.SECRET_AS_TEXT.id in of_input(name, definition)) == secret


@pytest.mark.parametrize(
    ("definition", "lost"),
    [
        ("O|text|User| |$oauthtoken", True),
        ("O|text|Folder| |${HOME}/x", True),
        ("O|password|Password| |pa$", True),
        ("O|list|Price|10$,20$|10$", True),
        ("O|text|User| |oauthtoken", False),
        ("O|text|Costs $5| |x", False),
        ("O|boolean|Use it| |NO", False),
    ],
)
def test_dollars_in_defaults(definition: str, *, lost: bool) -> None:
    assert (codes.DEFAULT_DOLLAR.id in of_input("ASKED", definition)) == lost


def test_the_default_of_a_password_is_not_told() -> None:
    text = f'{MACHINE}USER_INPUTS = [ PW = "O|password|Password| |open$esame" ]\nCONTEXT = [ PW = "$PW" ]\n'
    for finding in lint_text(SourceText(text, name="a.tmpl")):
        assert "open" not in finding.message + (finding.repair or "") + (finding.value or "")


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ('DISK = [ IMAGE = "$OS_IMAGE" ]\n', True),
        ('NIC = [ NETWORK_ID = "$net" ]\n', True),
        ('PCI = [ SHORT_ADDRESS = "$GPU" ]\n', True),
        ('OS = [ KERNEL_DS = "$FILE[IMAGE_ID=4]" ]\n', False),
        ('SCHED_REQUIREMENTS = "CLUSTER_ID = $CLUSTER"\n', False),
        ('DISK = [ IMAGE = "price in $" ]\n', False),
        ('NOTE = "$5"\n', False),
    ],
)
def test_references_that_nothing_resolves(text: str, *, literal: bool) -> None:
    assert (codes.LITERAL_REFERENCE.id in of_template(text)) == literal


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("0000:e1:00.0", True),
        ("0001:01:00.1", True),
        ("e1:00.0", False),
        ("00:1f.2", False),
        ("", False),
    ],
)
def test_addresses_of_devices(address: str, *, wrong: bool) -> None:
    assert (codes.PCI_ADDRESS.id in of_template(f'PCI = [ SHORT_ADDRESS = "{address}" ]\n')) == wrong


@pytest.mark.parametrize(
    ("name", "definition", "wrong"),
    [
        ("API_URL", "O|text|URL| |http://0.0.0.0:80", True),
        ("SUPERLINK_ADDRESS", "O|text|Address| |0.0.0.0:9092", True),
        ("HOST", "O|text|Host to connect to| |[::]:80", True),
        ("API_URL", "O|text|URL| |http://10.0.0.1", False),
        ("LISTEN_URL", "O|text|URL| |http://0.0.0.0:80", False),
        ("API_ENDPOINT", "O|text|Where the API listens| |0.0.0.0:80", False),
        ("ALLOWED", "O|text|Networks that may connect| |0.0.0.0/0", False),
        ("ADDRESS", "O|text|Address| |0.0.0.0", False),
    ],
)
def test_addresses_to_connect_to(name: str, definition: str, *, wrong: bool) -> None:
    assert (codes.LISTENING_ADDRESS.id in of_input(name, definition)) == wrong


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ('NAME = "t"\nCONTEXT = [ NETWORK = "YES" ]\n', False),
        ('NAME = "t"\nCPU = "1"\n', True),
        ('MEMORY = "1"\nUSER_INPUTS = [ CPU = "M|list||1,2|1" ]\n', False),
        ('NAME = "t"\nDISK = [ IMAGE = "a" ]\nNIC = [ NETWORK = "b" ]\n', True),
        ('NAME = "t"\nCPU = "1"\nMEMORY = "1"\n', False),
        ('NAME = "t"\nMEMORY = "1"\n', True),
        ('NAME = "t"\nDISK = [ IMAGE = "a" ]\n', False),
        ('NAME = "t"\nNIC = [ NETWORK = "b" ]\n', False),
    ],
)
def test_templates_without_capacity(text: str, *, missing: bool) -> None:
    found = {finding.code for finding in lint_text(SourceText(text, name="a.tmpl"))}
    assert (codes.NO_CAPACITY.id in found) == missing


@pytest.mark.parametrize(
    ("template", "missing"),
    [
        ("{}", False),
        ("{hypervisor: kvm}", True),
        ("{context: {network: 'YES'}}", True),
        ("{user_inputs: {CPU: 'M|list||1,2|1'}}", True),
        ("{cpu: '1', memory: '512'}", False),
    ],
)
def test_marketplace_entries_without_capacity(template: str, *, missing: bool) -> None:
    found = {finding.code for finding in lint_text(SourceText(f"opennebula_template: {template}\n", name="a.yaml"))}
    assert (codes.NO_CAPACITY.id in found) == missing


def test_a_hash_in_context_is_one_finding() -> None:
    text = f'{MACHINE}CONTEXT = [ HASH = "$6$salt$hash" ]\n'
    (finding,) = lint_text(SourceText(text, name="a.tmpl"))
    assert (finding.code, finding.severity.value) == (codes.REFERENCE_UNDEFINED.id, "warning")


def test_many_of_one_cause_are_one_finding() -> None:
    names = [f"APP_{letter}" for letter in "ABCDEFG"]
    inputs = ",\n".join(f'  {name} = "O|text|Text| |x"' for name in names)
    text = f'{MACHINE}USER_INPUTS = [\n{inputs}\n]\nINPUTS_ORDER = "{",".join(names)}"\nCONTEXT = [ NETWORK = "YES" ]\n'
    (finding,) = lint_text(SourceText(text, name="a.tmpl"))
    assert finding.code == codes.INPUT_NOT_USED.id
    data = finding.as_dict()
    assert (data["count"], [place["line"] for place in data["places"]]) == (7, [4, 5, 6])
    assert "6 more like it, next in line 5 and 6" in finding.message


@pytest.mark.parametrize(
    ("contents", "places"),
    [
        ('{"A": "$A"}', 0),
        ('{"A": " $A "}', 0),
        ('{"CONTEXT": {"B": "$A"}}', 0),
        ('{"NIC": [{"NETWORK_ID": "$net"}]}', 0),
        ('{"B": "$NONE"}', 0),
        ('{"B": "$A"}', 1),
        ('{"A": "http://$A"}', 1),
        ('{"DISK": [{"IMAGE": "$A"}]}', 1),
        ('{"NIC": [{"NETWORK": "$net"}]}', 1),
        ('{"B": "$A", "C": "$A"}', 2),
    ],
)
def test_references_in_a_role(contents: str, places: int) -> None:
    text = (
        '{"name": "s", "deployment": "none", "user_inputs": {"A": "O|text|A||x"},'
        ' "networks": {"net": "M|network|||id:"},'
        f' "roles": [{{"name": "r", "cardinality": 1, "template_id": 1, "template_contents": {contents}}}]}}'
    )
    found = [each for each in lint_text(SourceText(text, "a.json")) if each.code == codes.CONTENTS_REFERENCE.id]
    assert sum(1 + len(each.also) for each in found) == places
    for each in found:
        assert "DISK" not in contents or "CONTEXT" not in (each.repair or "")


@pytest.mark.parametrize(
    ("default", "parents", "resolves"),
    [
        ("${a.TEMPLATE.CONTEXT.ETH0_IP}", '"parents": ["a"],', True),
        ("x,${a.TEMPLATE.CONTEXT.ETH0_IP},${a.NAME}", '"parents": ["a"],', True),
        ("${a.TEMPLATE.CONTEXT.ETH0_IP}", "", False),
        ("${b.TEMPLATE.CONTEXT.ETH0_IP}", '"parents": ["a"],', False),
        ("${HOME}", '"parents": ["a"],', False),
        ("$HOME", '"parents": ["a"],', True),
    ],
)
def test_expressions_of_parents(default: str, parents: str, *, resolves: bool) -> None:
    text = (
        f'{{"name": "s", "deployment": "straight", "user_inputs": {{"A": "O|text|A||{default}"}}, "roles": ['
        '{"name": "a", "cardinality": 1, "template_id": 1},'
        f'{{"name": "c", {parents} "cardinality": 1, "template_id": 1}}]}}'
    )
    found = {each.code for each in lint_text(SourceText(text, "a.json"))}
    assert (codes.SERVICE_EXPRESSION.id not in found) == resolves


def in_order(names: Iterable[str], written: str) -> list[Finding]:
    inputs = ", ".join(f'{name} = "O|text|Text| |x"' for name in names)
    text = f'{MACHINE}USER_INPUTS = [ {inputs} ]\nINPUTS_ORDER = "{written}"\n'
    section = read_named(SourceText(text, "a.tmpl")).parts[0]
    assert isinstance(section, Section)
    return list(order(section))


@pytest.mark.parametrize(
    ("written", "becomes"),
    [("A,B", None), ("A,,B", "A,B"), ("B, ,A", "B,A"), (",A,B", "A,B"), ("B,A,", "B,A"), ("A,B,A", "A,B")],
)
def test_names_that_are_empty_or_repeated_in_an_order(written: str, becomes: str | None) -> None:
    found = in_order("AB", written)
    assert {each.code for each in found} == ({codes.ORDER_REPEATED.id} if becomes else set())
    assert {edit.text for each in found for edit in each.edits} == ({becomes} if becomes else set())


def test_a_name_in_an_order_means_itself_before_a_similar_one() -> None:
    assert {edit.text for each in in_order(["SHOP_NAME", "SHOP_NAMES"], "SHOP_NAME") for edit in each.edits} == {
        "SHOP_NAME,SHOP_NAMES"
    }


def test_a_wrong_name_in_an_order_means_an_input_that_is_left_out() -> None:
    found = in_order(["SHOP_NAME", "SHOP_NAMES"], "SHOP_NAME,SHOP_NAM")
    assert "INPUTS_ORDER names 'SHOP_NAM', which is no input; did you mean SHOP_NAMES?" in {
        each.message for each in found
    }


@pytest.mark.parametrize(("length", "end"), [(200, "A" * 200), (201, "A" * 200 + "...")])
def test_a_long_list_of_names_is_cut(length: int, end: str) -> None:
    assert [each.message for each in in_order(["A" * length, "B"], "B")] == [f"INPUTS_ORDER leaves out {end}"]


def test_many_wrong_names_in_an_order_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(sys.modules[order.__module__]), "_MOST_REPORTED", 2)
    findings = in_order("ABCD", "a,b,c,d,no_1,no_2,no_3,no_4,no_5")
    found = [said(each).partition(" => ")[0] for each in findings]
    assert [each for each in found if codes.ORDER_REPEATED.id not in each] == [
        "warning CTX123 4:17-4:18 A: INPUTS_ORDER has 'a', and the server folds the input to A",
        "warning CTX123 4:19-4:20 B: INPUTS_ORDER has 'b', and the server folds the input to B",
        "warning CTX120 4:25-4:29 no_1: INPUTS_ORDER names 'no_1', which is no input",
        "warning CTX120 4:30-4:34 no_2: INPUTS_ORDER names 'no_2', which is no input",
        "warning CTX120 4:17-4:49 INPUTS_ORDER: INPUTS_ORDER has 3 more names of which the same is to be said",
        "warning CTX123 4:17-4:49 INPUTS_ORDER: INPUTS_ORDER has 2 more names of which the same is to be said",
    ]
    assert {tuple(edit.text for edit in each.edits) for each in findings} == {("A,B,C,D",)}
    assert [each.code for each in in_order("AB", "a,b,no_1,no_2")] == ["CTX123", "CTX123", "CTX120", "CTX120"]
