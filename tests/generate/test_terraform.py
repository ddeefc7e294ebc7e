"""The Terraform output: parsed by a library, and by Terraform itself where that is there."""

import json
import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import hcl2
import pytest

from ctxschema.catalog import get_appliance
from ctxschema.context.load import load_context
from ctxschema.context.validate import validate
from ctxschema.core.errors import NotPortableError
from ctxschema.core.finding import Severity
from ctxschema.generate.names import Names
from ctxschema.generate.options import Options
from ctxschema.generate.registry import OUTPUTS
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.conditions import AnyOf, Compare, Is, IsSet, Linear, Not
from ctxschema.model.kinds import LIST, NUMBER, PASSWORD, TEXT
from ctxschema.model.limits import Between, Matches
from ctxschema.model.variable import Variable
from tests.generate.contexts import text
from tests.generate.test_one_apps import OWN

(OUTPUT,) = [output for output in OUTPUTS if output.name == "terraform"]
MACHINES = [get_appliance("flower-superlink"), get_appliance("flower-supernode"), OWN]
TERRAFORM = shutil.which("terraform") or shutil.which("tofu")
needs_terraform = pytest.mark.skipif(TERRAFORM is None, reason="Terraform is not installed")


def run(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(TERRAFORM), *words], cwd=folder, capture_output=True, text=True, check=False)


def without_the_machine(text: str) -> str:
    """The variables alone, which need no provider."""
    return text[: text.index('resource "opennebula_virtual_machine"')]


@pytest.mark.parametrize("appliance", MACHINES, ids=lambda appliance: appliance.name)
@pytest.mark.parametrize("names", Names)
def test_a_library_reads_it(appliance: Appliance, names: Names) -> None:
    tree = hcl2.loads(OUTPUT.text(appliance, Options(names=names)))
    declared = {key.strip('"') for block in tree["variable"] for key in block if not key.startswith("__")}
    wanted = {names.of(variable, appliance).lower() for variable in appliance.variables}
    assert declared == wanted | {"template_id", "vm_name"}
    assert len(tree["resource"]) == 1


@pytest.mark.parametrize("appliance", MACHINES, ids=lambda appliance: appliance.name)
def test_it_sends_every_variable_and_its_reference(appliance: Appliance) -> None:
    machine = OUTPUT.text(appliance).partition("resource ")[2]
    tags, _, context = machine.partition("context = {")
    for variable in appliance.variables:
        assert re.search(rf"^    {variable.name} += .*var\.{variable.name.lower()}\b", tags, re.MULTILINE)
        assert re.search(rf'^    {variable.name} += "\${variable.name}"$', context, re.MULTILINE)
    for entry in appliance.infrastructure:
        assert re.search(rf"^    {entry.name} += {re.escape(json.dumps(entry.value))}$", context, re.MULTILINE)


@pytest.mark.parametrize("appliance", MACHINES, ids=lambda appliance: appliance.name)
def test_it_is_laid_out_as_terraform_lays_out(appliance: Appliance) -> None:
    """What ``terraform fmt`` would change of such a file, where there is no Terraform to ask."""
    text = OUTPUT.text(appliance)
    assert not re.search(r"[ \t]\n|\t|\n\n\n|\n\Z(?<=\n\n)", text)
    depth = 0
    columns: dict[int, int] = {}
    for line in text.splitlines():
        depth -= line.strip().startswith("}")
        assert not line.strip() or len(line) - len(line.lstrip()) == 2 * depth
        match = re.match(r" *\w+ +(?==)", line)
        if match is not None and not line.endswith("{"):
            assert columns.setdefault(depth, match.end()) == match.end(), line
            continue
        columns.pop(depth, None)
        depth += line.endswith("{")
        columns.pop(depth, None)


@needs_terraform
@pytest.mark.parametrize("appliance", MACHINES, ids=lambda appliance: appliance.name)
def test_terraform_finds_it_well_formatted_and_its_variables_valid(appliance: Appliance, tmp_path: Path) -> None:
    (tmp_path / "all.tf").write_text(OUTPUT.text(appliance))
    formatted = run("fmt", "-check", "-diff", folder=tmp_path)
    assert (formatted.returncode, formatted.stdout) == (0, "")
    (tmp_path / "all.tf").write_text(without_the_machine(OUTPUT.text(appliance)))
    assert json.loads(run("validate", "-json", folder=tmp_path).stdout)["valid"] is True


def typed(variable: Variable[Any], value: str) -> Any:
    if variable.kind.name == "boolean":
        return value == "YES"
    if variable.kind.name.startswith(("number", "range")):
        return float(value)
    return value


@needs_terraform
@pytest.mark.parametrize("appliance", MACHINES[:2], ids=lambda appliance: appliance.name)
def test_terraform_never_refuses_what_validate_takes_and_refuses_what_it_has_words_for(
    appliance: Appliance, tmp_path: Path
) -> None:
    output = OUTPUT.text(appliance)
    left_out = {name.upper() for name in re.findall(r'variable "(\w+)" \{(?:[^}]|\}[^\n])*?# Not checked', output)}
    (tmp_path / "main.tf").write_text(without_the_machine(output))
    chooser = random.Random(1)
    refused = 0
    for _ in range(20):
        chosen = chooser.sample(appliance.variables, 3)
        values = {}
        for variable in chosen:
            value = text(chooser, variable)
            parsed = re.fullmatch(variable.kind.pattern, value) and "e" not in value.lower() and value.isprintable()
            if variable.kind.name == "boolean":
                value = value.upper()
            if parsed and value and len(value) < 40 and "." not in value[-1:] and not re.match(r"-?0\d|-0", value):
                values[variable.name] = value
        given = {name.lower(): typed(appliance.by_name[name], value) for name, value in values.items()}
        (tmp_path / "terraform.tfvars.json").write_text(json.dumps({**given, "template_id": 1}))
        ended = run("plan", "-input=false", "-no-color", "-refresh=false", folder=tmp_path)
        errors = {
            f.variable for f in validate(appliance, load_context(values)).findings if f.severity is Severity.ERROR
        }
        if not errors:
            assert ended.returncode == 0, (values, ended.stderr)
        elif errors - left_out:
            assert ended.returncode == 1, values
            refused += 1
    assert refused


def test_a_name_that_terraform_needs_itself_is_refused() -> None:
    with pytest.raises(NotPortableError, match="VM_NAME is also the name"):
        OUTPUT.text(Appliance("a", "A", "S", (Variable("VM_NAME", TEXT, label="x", default=""),)))


def test_what_begins_a_template_of_terraform_is_kept_as_text() -> None:
    made = OUTPUT.text(Appliance("a", "A", "S", (Variable("X", TEXT, label="100%{ of it", default="a%{b"),)))
    assert '"a\\u0025{b"' in made
    assert r"100\u0025{ of it" in made


COUNT = Variable("A_COUNT", NUMBER, label="Count", default=None, limits=(Between(1, 9),))
WORD = Variable("WORD", TEXT, label="Word", default=None, limits=(Matches("[a-z]{2,}", "letters", "ab", "x"),))
SIZE = Variable("SIZE", NUMBER, label="Size", default=1, limits=(Between(1, 9),), effective=Compare(COUNT, ">=", 2))
NAME = Variable("NAME", TEXT, label="Name", default="ab", limits=(WORD.limits[0],), effective=Not(IsSet(WORD)))
TOKEN = Variable("TOKEN", PASSWORD, label="Token", default=None)
MODE = Variable("MODE", LIST, label="Mode", default="slow", options=("slow", "fast"))
NEEDED = Variable("NEEDED", TEXT, label="Needed", default=None, mandatory=True)
UNSET = Appliance(
    "unset", "Unset", "S", (COUNT, WORD, SIZE, NAME, TOKEN, MODE, NEEDED),
    rules=(
        Rule("sum", Severity.ERROR, SIZE, "too much", "take less", must=Compare(SIZE, "<=", Linear(COUNT, 2))),
        Rule("mode", Severity.ERROR, NAME, "is slow", "change it", must=AnyOf((Is(MODE, "slow"), Is(NAME, "b")))),
        Rule("word", Severity.ERROR, WORD, "no token", "set it", when=IsSet(WORD), must=IsSet(TOKEN)),
    ),
)  # fmt: skip


@needs_terraform
def test_terraform_judges_no_value_as_validate_does(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(without_the_machine(OUTPUT.text(UNSET)))
    contexts: list[dict[str, Any]] = [
        {},
        {"A_COUNT": 1, "SIZE": 2},
        {"A_COUNT": 3, "SIZE": 7},
        {"WORD": "ab"},
        {"WORD": "x", "TOKEN": "t"},
        {"WORD": "ab", "NAME": "y", "TOKEN": "t"},
        {"NAME": "y"},
        {"SIZE": 30},
        {"NAME": "", "TOKEN": ""},
        {"NAME": "", "MODE": "", "NEEDED": "x"},
        {"NEEDED": ""},
        {"MODE": "fast"},
    ]
    for each in contexts:
        given = {"NEEDED": "x", **each}
        values = {name.lower(): value for name, value in given.items()}
        (tmp_path / "terraform.tfvars.json").write_text(json.dumps({**values, "template_id": 1}))
        ended = run("plan", "-input=false", "-no-color", "-refresh=false", folder=tmp_path)
        assert "must not be null" not in ended.stderr
        assert (ended.returncode == 0) == validate(UNSET, load_context(given)).ok, (given, ended.stderr)


@pytest.mark.parametrize("name", ["COUNT", "VERSION", "FOR_EACH"])
def test_a_name_that_terraform_keeps_for_itself_is_refused(name: str) -> None:
    with pytest.raises(NotPortableError, match=f"{name} is also the name of something that Terraform keeps"):
        OUTPUT.text(Appliance("a", "A", "S", (Variable(name, TEXT, label="x", default=""),)))
