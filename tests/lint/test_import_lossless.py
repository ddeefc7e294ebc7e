"""What exists is imported and generated again: the same, save for what a finding named."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from ctxschema import parse_template
from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.declaration.load import load_declaration
from ctxschema.generate.options import Options
from ctxschema.generate.registry import OUTPUTS
from ctxschema.lint.importer import Imported, import_files
from ctxschema.model.appliance import Appliance
from tests.conftest import FROM_DEBIAN, Ended

FILES = Path(__file__).parents[1] / "cases" / "import"
BY_NAME = {output.name: output for output in OUTPUTS}
ENTRY = "8b437ffe-7b90-4dc0-a453-f0646b11ab09.yaml"


def there_and_back(folder: Path, *names: str) -> tuple[Imported, Appliance]:
    """Return the result of the import, and the appliance that its YAML declares."""
    imported = import_files([str(FILES / name) for name in names])
    declared = folder / "declared.yaml"
    declared.write_text(imported.text())
    return imported, load_declaration(declared)


def found(imported: Imported, code: Code) -> set[str | None]:
    return {finding.variable for finding in imported.findings if finding.code == code.id}


def as_five(definition: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in [*definition.split("|"), "", ""][:5])


def folded(template: dict[str, Any]) -> dict[str, Any]:
    """Return a template as the server keeps it."""
    return {
        name.upper(): {key.upper(): text for key, text in value.items()} if isinstance(value, dict) else value
        for name, value in template.items()
    }


def test_a_whole_marketplace_entry(tmp_path: Path) -> None:
    imported, appliance = there_and_back(tmp_path, "prowl.yaml")
    before = yaml.safe_load((FILES / "prowl.yaml").read_text())
    after = yaml.safe_load(BY_NAME["marketplace"].text(appliance))
    one, other = folded(before.pop("opennebula_template")), folded(after.pop("opennebula_template"))
    assert after == before
    inputs, again = one.pop("USER_INPUTS"), other.pop("USER_INPUTS")
    assert found(imported, codes.IMPORT_DOLLAR) == {"ONEAPP_PROWL_NET_USER"}
    dollar = inputs.pop("ONEAPP_PROWL_NET_USER")
    assert as_five(again.pop("ONEAPP_PROWL_NET_USER")) == (*as_five(dollar)[:4], "")
    assert {name: as_five(text) for name, text in again.items()} == {
        name: as_five(text) for name, text in inputs.items()
    }
    one["CONTEXT"] = {name: text.upper() for name, text in one["CONTEXT"].items()}
    assert {name: text.upper() for name, text in other.pop("CONTEXT").items()} == one.pop("CONTEXT")
    pci, pci_again = one.pop("PCI"), other.pop("PCI")
    assert [{key.lower(): text for key, text in each.items()} for each in pci_again] == pci
    assert other == one


def test_a_finding_names_the_line_of_what_is_left_out() -> None:
    imported = import_files([str(FILES / "prowl.yaml")])
    (finding,) = (each for each in imported.findings if each.code == codes.IMPORT_DOLLAR.id)
    lines = (FILES / "prowl.yaml").read_text().splitlines()
    assert finding.origin is not None
    line, column = map(int, finding.origin.split(":")[-2:])
    assert lines[line - 1][column - 1 :].startswith("$oauthtoken")


def test_a_vm_template(tmp_path: Path) -> None:
    imported, appliance = there_and_back(tmp_path, "web.tmpl")
    before = parse_template((FILES / "web.tmpl").read_text())
    after = parse_template(BY_NAME["vm-template"].text(appliance))
    assert after.ok
    one: dict[str, Any] = dict(before.attributes)
    other: dict[str, Any] = dict(after.attributes)
    one["NIC"] = [value for name, value in before.attributes if name == "NIC"]
    other["NIC"] = [value for name, value in after.attributes if name == "NIC"]
    assert {name: as_five(text) for name, text in dict(one.pop("USER_INPUTS")).items()} == {
        name: as_five(text) for name, text in dict(other.pop("USER_INPUTS")).items()
    }
    assert other == one
    assert found(imported, codes.IMPORT_GUESSED) == {"PORT"}


def test_a_gpu_stands_beside_what_the_author_said(tmp_path: Path) -> None:
    _, appliance = there_and_back(tmp_path, "web.tmpl")
    after = dict(parse_template(BY_NAME["vm-template"].text(appliance, Options(gpu=True))).attributes)
    assert after["OS"] == {"ARCH": "x86_64", "FIRMWARE": "UEFI", "MACHINE": "q35", "BOOT": ""}
    assert after["LOGO"] == "images/logos/web.png"


def test_a_service_with_all_its_roles(tmp_path: Path) -> None:
    _, appliance = there_and_back(tmp_path, "farm.json")
    before = json.loads((FILES / "farm.json").read_text())
    after = json.loads(BY_NAME["oneflow"].text(appliance))
    for role in before["roles"]:
        role.setdefault("user_inputs", {})
        role.setdefault("user_inputs_values", {})
    assert after == before


def test_a_service_in_an_entry_is_in_the_words_of_7_0(tmp_path: Path) -> None:
    imported, appliance = there_and_back(tmp_path, ENTRY)
    assert appliance.name == "service-farm"
    before = yaml.safe_load((FILES / ENTRY).read_text())
    after = yaml.safe_load(BY_NAME["marketplace"].text(appliance))
    service, again = before.pop("opennebula_template"), json.loads(after.pop("opennebula_template"))
    assert after == before
    assert again["networks"] == service["networks"]
    assert (again["name"], again["deployment"], again["ready_status_gate"]) == ("Farm", "straight", True)
    assert {name: as_five(text) for name, text in again["user_inputs"].items()} == {
        name: as_five(text) for name, text in service["custom_attrs"].items()
    }
    head, worker = again["roles"]
    assert head["template_contents"] == {"NIC": {"NETWORK_ID": "$Private"}, "ONEAPP_FARM_TLS": "$ONEAPP_FARM_TLS"}
    assert (worker["parents"], worker["cardinality"]) == (["head"], 2)
    assert not [each for each in imported.findings if each.severity.value == "error"]


# ---- scripts ----


def test_bash_with_flags_and_types(tmp_path: Path) -> None:
    _, appliance = there_and_back(tmp_path, "wordpost.sh")
    assert [each.name for each in appliance.variables if each.hidden] == [
        "ONEAPP_PASSWORD_LENGTH",
        "ONEAPP_DB_NAME",
        "ONEAPP_DB_PASSWORD",
        "ONEAPP_SITE_HOSTNAME",
    ]
    assert {each.name: each.made.value for each in appliance.variables if each.made} == {
        "ONEAPP_DB_PASSWORD": "password",
        "ONEAPP_SITE_HOSTNAME": "address",
    }
    assert {each.name for each in appliance.variables if each.stage.value == "bootstrap"} == {
        "ONEAPP_SITE_TITLE",
        "ONEAPP_ADMIN_PASSWORD",
    }
    template = BY_NAME["vm-template"].text(appliance)
    assert "ONEAPP_DB_NAME" not in template
    assert 'ONEAPP_SITE_PORT = "O|number|Port of the site| |8080"' in template
    script = tmp_path / "again.sh"
    script.write_text(BY_NAME["one-apps"].text(appliance))
    again = import_files([str(script)], appliance.name)
    assert again.data == import_files([str(FILES / "wordpost.sh")], appliance.name).data


def test_bash_makes_what_is_declared_to_be_made(tmp_path: Path) -> None:
    _, appliance = there_and_back(tmp_path, "wordpost.sh")
    script = BY_NAME["one-apps"].text(appliance) + '\ncontext_defaults\nprintf "%s\\n" "$ONEAPP_DB_PASSWORD"\n'
    ended = subprocess.run(["bash", "-euo", "pipefail"], input=script, capture_output=True, text=True, check=True)
    assert re.fullmatch(r"[A-Za-z0-9_-]{20}\n", ended.stdout)


def test_bash_with_bare_defaults(tmp_path: Path) -> None:
    _, appliance = there_and_back(tmp_path, "flowery.sh")
    assert {each.name: (each.kind.name, each.default) for each in appliance.variables} == {
        "ONEAPP_FL_RELEASE": ("text", "1.31.0"),
        "ONEAPP_FL_LOG_LEVEL": ("text", "INFO"),
        "ONEAPP_FL_TLS": ("boolean", True),
        "ONEAPP_FL_RETRIES": ("number", 0),
        "ONEAPP_FL_ADDRESS": ("text", ""),
    }


RUBY = shutil.which("ruby") or shutil.which("ruby", path=FROM_DEBIAN)
RUN = r"""
require 'socket'
require 'securerandom'
require 'json'
$told = {}
def env(name, default = nil)
    value = ENV[name.to_s]
    value = default if value.nil? || value.empty?
    value = %w[1 YES].include?(value.to_s.upcase) if %w[YES NO].include?(default.to_s.upcase)
    $told[name] = value
end
text = File.read(ARGV[0]).gsub(/^begin.*?^end$/m, '')
eval(text)
$told.transform_values! { |each| each.to_s =~ /\A[A-Za-z0-9]{16,20}\z/ ? 'made' : each }
puts JSON.generate('told' => $told.sort.to_h, 'constants' => Object.constants.grep(/VROUTE|INSTALL_DRIVERS/).sort)
"""


@pytest.mark.skipif(RUBY is None, reason="there is no Ruby")
@pytest.mark.parametrize("values", [{}, {"ONEAPP_VROUTE_API_WEB": "NO", "ONEAPP_VROUTE_DOMAIN": "it's $HOME \\"}])
def test_a_ruby_appliance_and_its_config_come_to_the_same_values(tmp_path: Path, values: dict[str, str]) -> None:
    assert RUBY is not None
    imported, appliance = there_and_back(tmp_path, "vroute.rb")
    (tmp_path / "config.rb").write_text(BY_NAME["config.rb"].text(appliance))
    ended = [
        json.loads(
            subprocess.run(
                [RUBY, "-e", RUN, str(path)], env={**os.environ, **values}, capture_output=True, text=True, check=True
            ).stdout
        )
        for path in (FILES / "vroute.rb", tmp_path / "config.rb")
    ]
    for name in found(imported, codes.IMPORT_LEFT_OUT):
        assert name is not None
        assert [each["told"].pop(name) for each in ended][1] is None
    assert ended[0] == ended[1]
    again = import_files([str(tmp_path / "config.rb")], appliance.name)
    assert again.data["variables"] == imported.data["variables"]


def test_ruby_says_what_the_comment_says(tmp_path: Path) -> None:
    _, appliance = there_and_back(tmp_path, "vroute.rb")
    assert appliance.variable("ONEAPP_VROUTE_GREETING").label == "What clients say first"
    assert appliance.variable("ONEAPP_VROUTE_API_PORT").help.endswith("Choose one that is free.")
    assert appliance.variable("ONEAPP_VROUTE_VERSION").hidden
    assert not appliance.variable("ONEAPP_VROUTE_API_WEB").hidden


@pytest.mark.parametrize("text", ["it's", "a\\", "\\'", "#{exit 1}", "'; exit 1; '", "$(x) `x`", "ß \U0001f600"])
@pytest.mark.skipif(RUBY is None, reason="there is no Ruby")
def test_a_text_becomes_no_ruby(text: str) -> None:
    from ctxschema.generate.config_rb import ruby_string
    from ctxschema.lint.importer_ruby import ruby_text

    assert RUBY is not None
    program = f"$stdout.binmode; print {ruby_string(text)}"
    ended = subprocess.run([RUBY, "-Ku", "-e", program], capture_output=True, check=True)
    assert ended.stdout.decode() == text
    assert ruby_text(ruby_string(text)) == text


@pytest.mark.parametrize("default", ["0 x", '0 "x"', "08", "1_000", "[1]", "%w[a]", "nil.to_s", "'a' + 'b'"])
def test_ruby_that_is_no_literal_is_a_finding(tmp_path: Path, default: str) -> None:
    (tmp_path / "a.rb").write_text(f"# one-appliance\nONEAPP_A = env :ONEAPP_A, {default}\n")
    imported = import_files([str(tmp_path / "a.rb")])
    assert found(imported, codes.IMPORT_COMPUTED) == {"ONEAPP_A"}
    assert imported.appliance.variable("ONEAPP_A").default is None


@pytest.mark.parametrize("kept", [{":app": "x"}, {":app": {":context": ["x"]}}, {":infra": None}, {":one": 5}])
def test_metadata_of_any_form_is_written(kept: dict[str, Any]) -> None:
    appliance = Appliance("a", "A", "S", (), extra={"metadata": kept, "template": {"X": None, "CONTEXT": ["x"]}})
    assert isinstance(yaml.safe_load(BY_NAME["metadata.yaml"].text(appliance)), dict)
    assert "None" not in BY_NAME["vm-template"].text(appliance)


# ---- several files of one appliance ----

RABBIT = ("rabbit/metadata.yaml", "rabbit/appliance.sh", "rabbit/context.yaml")


def test_several_files_make_one_declaration(tmp_path: Path) -> None:
    imported, appliance = there_and_back(tmp_path, *RABBIT)
    assert appliance.name == "rabbit"
    assert [each.name for each in appliance.variables] == [
        "ONEAPP_RABBIT_PORT",
        "ONEAPP_RABBIT_USER",
        "ONEAPP_RABBIT_PASS",
    ]
    assert found(imported, codes.IMPORT_UNREAD) == {"ONEAPP_RABBIT_NODE_PORT"}
    assert "ONEAPP_RABBIT_PORT" in next(
        each.message for each in imported.findings if each.code == codes.IMPORT_UNREAD.id
    )
    assert "opensesame" not in imported.text()


@pytest.mark.skipif(RUBY is None, reason="there is no Ruby")
def test_metadata_and_tests_come_back(tmp_path: Path) -> None:
    assert RUBY is not None
    imported, appliance = there_and_back(tmp_path, *RABBIT)
    for name in ("metadata.yaml", "context.yaml"):
        (tmp_path / name).write_text(BY_NAME[name].text(appliance))
        program = "require 'yaml'; p YAML.load_file(ARGV[0], permitted_classes: [Symbol])"
        before, after = (
            subprocess.run([RUBY, "-e", program, str(path)], capture_output=True, text=True, check=True).stdout
            for path in (FILES / "rabbit" / name, tmp_path / name)
        )
        if name == "metadata.yaml":
            assert found(imported, codes.IMPORT_SECRET) == {"ONEAPP_RABBIT_PASS"}
            before = before.replace(', :ONEAPP_RABBIT_PASS=>"opensesame"', "")
        assert after == before


def test_metadata_of_a_declaration_has_the_names_without_prefix(tmp_path: Path) -> None:
    _, appliance = there_and_back(tmp_path, "wordpost.sh")
    made = yaml.safe_load(BY_NAME["metadata.yaml"].text(appliance))
    assert made[":app"][":context"] == {":prefixed": True, ":params": {":SITE_PORT": "8080"}}


def test_where_template_and_script_disagree_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "a.tmpl").write_text(
        'USER_INPUTS = [ ONEAPP_SITE_PORT = "O|number|Port| |80", ONEAPP_SITE_NAM = "O|text|Name| |" ]\n'
    )
    imported = import_files([str(tmp_path / "a.tmpl"), str(FILES / "wordpost.sh")])
    assert found(imported, codes.IMPORT_DISAGREE) == {"ONEAPP_SITE_PORT"}
    assert found(imported, codes.IMPORT_UNREAD) == {"ONEAPP_SITE_NAM"}
    assert imported.appliance.variable("ONEAPP_SITE_PORT").default == 80
    assert imported.appliance.variable("ONEAPP_ADMIN_PASSWORD").hidden


def test_the_command_writes_what_it_found_to_standard_error(ctx: Any, tmp_path: Path) -> None:
    ended: Ended = ctx("import", str(FILES / "prowl.yaml"), "-o", str(tmp_path / "prowl.yaml"))
    assert ended.code == 0
    assert "CTX277" in ended.err
    ended = ctx("generate", "marketplace", "--from", str(tmp_path / "prowl.yaml"))
    assert 'memory: "8192"' in ended.out
