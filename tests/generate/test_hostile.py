"""Whatever a declaration may say reaches every output as the text that it is, and not as a piece of the output."""

import json
import shutil
import subprocess
from typing import Any

import hcl2
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ctxschema import parse_template
from ctxschema.core.errors import DeclarationError
from ctxschema.core.source import SourceText
from ctxschema.generate.attributes import definition
from ctxschema.generate.registry import OUTPUTS
from ctxschema.lint.document import Script
from ctxschema.lint.script_reader import read_script
from ctxschema.model.appliance import Appliance, Infrastructure
from ctxschema.model.kinds import LIST, TEXT
from ctxschema.model.texts import DEFAULT_HAZARDS, LABEL_HAZARDS, OPTION_HAZARDS, Hazard, hazards
from ctxschema.model.variable import Variable
from tests.core.test_quoting import of_hcl

BY_NAME = {output.name: output for output in OUTPUTS}
PIECES = [
    "'",
    "`",
    "\\",
    "{",
    "}",
    "$(touch canary)",
    "don't",
    "#",
    " ",
    "\n",
    "!",
    "~",
    "*",
    "\u2028",
    "[",
    "]",
    "=",
    "x",
    ":",
]


def texts(known: tuple[Hazard, ...]) -> st.SearchStrategy[str]:
    some = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join) | st.text(min_size=1, max_size=8)
    return some.filter(lambda text: not any(hazards(text, known)) and text.strip() == text)


def appliance(label: str, default: str, option: str, free: str, roles: tuple[str, ...] = ()) -> Appliance:
    options = tuple(dict.fromkeys([option, "other"]))
    variables: tuple[Variable[Any], ...] = (
        Variable("A", TEXT, label=label, default=default, help=free, group=free),
        Variable("NO", LIST, label=label, default=option, options=options, help=free, group=free),
    )
    entries = (Infrastructure("ON", default, free),)
    return Appliance("hostile", label, label, variables, infrastructure=entries, roles=roles)


HOSTILE = (texts(LABEL_HAZARDS), texts(DEFAULT_HAZARDS), texts(OPTION_HAZARDS), st.text(max_size=8) | texts(()))


def in_shell(shell: str, script: str, *wanted: str) -> list[str]:
    """Run a script and return what it leaves in some variables."""
    text = script + "\nprintf '%s\\0' " + " ".join(f'"${name}"' for name in wanted) + "\n"
    ended = subprocess.run(
        [str(shutil.which(shell))], input=text.encode(), capture_output=True, check=False, env={"PATH": ""}
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    return ended.stdout.decode().split("\0")[:-1]


@settings(max_examples=40)
@given(*HOSTILE)
@example("it's", "don't", "won't", "it's\n$(reboot)")
@example("it's", "a}b", "a`b", "")
@example("it's", "'don't'", "`'`", "")
def test_bash_reads_the_script_of_an_appliance(label: str, default: str, option: str, free: str) -> None:
    script = BY_NAME["one-apps"].text(appliance(label, default, option, free))
    wanted = ("A", "NO", "ONE_SERVICE_NAME", "ONE_SERVICE_DESCRIPTION")
    assert in_shell("bash", f"{script}\ncontext_validate; context_defaults", *wanted) == [default, option, label, label]
    (part,) = read_script(SourceText(script, "a.sh")).parts
    assert isinstance(part, Script)
    read = {entry.name: entry.value.text for entry in part.defaults}
    assert (read["A"], read["NO"]) == (default, option)


@pytest.mark.parametrize("shell", [shell for shell in ("bash", "dash") if shutil.which(shell)])
@settings(max_examples=25)
@given(*HOSTILE)
@example("it's", "don't", "won't", "a\n$(reboot)")
def test_a_shell_reads_the_sample_of_a_context(shell: str, label: str, default: str, option: str, free: str) -> None:
    script = BY_NAME["env-sample"].text(appliance(label, default, option, free))
    assert in_shell(shell, script, "A", "NO") == [default, option]


@settings(max_examples=60)
@given(*HOSTILE)
@example("x\u2028: x", "don't", "won't", "\u2028")
def test_yaml_json_and_templates_hold_the_definitions(label: str, default: str, option: str, free: str) -> None:
    one = appliance(label, default, option, free)
    wanted = {variable.name: definition(variable) for variable in one.variables}
    entry = yaml.safe_load(BY_NAME["marketplace"].text(one))["opennebula_template"]
    assert entry["user_inputs"] == wanted
    assert entry["context"]["ON"] == default
    for name in ("vm-template", "user-inputs"):
        template = parse_template(BY_NAME[name].text(one))
        assert {key: each.emit() for key, each in template.user_inputs} == wanted
    assert json.loads(BY_NAME["json-schema"].text(one))["title"].endswith(label)
    service = appliance(label, default, option, free, roles=("one", "two"))
    flow = json.loads(BY_NAME["oneflow"].text(service))
    assert flow["user_inputs"] == wanted
    assert json.loads(yaml.safe_load(BY_NAME["marketplace"].text(service))["opennebula_template"]) == flow


@settings(max_examples=15)
@given(*HOSTILE)
@example("a % {", "don't", "%{if", 'a\n}\n"')
def test_hcl_holds_the_defaults(label: str, default: str, option: str, free: str) -> None:
    tree = hcl2.loads(BY_NAME["terraform"].text(appliance(label, default, option, free)))
    declared = {key.strip('"'): value for block in tree["variable"] for key, value in block.items()}
    assert of_hcl(declared["a"]["default"]) == default
    assert of_hcl(declared["no"]["default"]) == option
    assert label in of_hcl(declared["a"]["description"])


@pytest.mark.parametrize("name", ["", "..", ".", "../x", "/etc", "-rf", "a\nb", "a\0"])
def test_an_appliance_is_named_as_a_file_can_be(name: str) -> None:
    with pytest.raises(DeclarationError, match="name"):
        Appliance(name, "t", "s", (Variable("A", TEXT, label="a", default="x"),))
