"""Readers say what stands in a file, and where."""

from pathlib import Path

import pytest

from ctxschema.core import codes
from ctxschema.core.source import SourceText
from ctxschema.lint.document import Document, Input, Kind, Script, Section, Service
from ctxschema.lint.linter import lint_text
from ctxschema.lint.pieces import joined
from ctxschema.lint.readers import (
    may_be_ours,
    nothing_found,
    program_of,
    read_found,
    read_json,
    read_named,
    read_template,
    read_yaml,
    reader_of,
)
from ctxschema.lint.ruby_reader import read_ruby
from ctxschema.lint.script_reader import read_script

DEFINITION = "O|number|Port of the service| |80a"


def read(text: str, name: str) -> Document:
    return read_named(SourceText(text, name=name))


def inputs(document: Document) -> list[Input]:
    return [each for part in document.parts if isinstance(part, (Section, Service)) for each in part.inputs]


YAML = {
    "single": f"    port: '{DEFINITION}'\n",
    "double": f'    port: "{DEFINITION}"\n',
    "plain": f"    port: {DEFINITION}\n",
    "escaped": '    port: "O|number|\\u0050ort of the service| |80a"\n',
    "block": f"    port: |-\n      {DEFINITION}\n",
    "folded": "    port: >-\n      O|number|Port of\n      the service| |80a\n",
    "wrapped": "    port: 'O|number|Port of\n      the service| |80a'\n",
    "doubled": "    port: 'O|number|Port''s of the service| |80a'\n",
    "wide": "    port: 'O|number|Pört 🙂 of the service| |80a'\n",
}


@pytest.mark.parametrize("style", YAML)
def test_a_position_points_into_the_scalar(style: str) -> None:
    text = "opennebula_template:\n  user_inputs:\n" + YAML[style]
    (finding,) = [each for each in lint_text(SourceText(text, name="a.yaml")) if each.code == "CTX014"]
    assert finding.position is not None
    place = finding.position.outermost
    assert place.source.text[place.start : place.end] == "80a"


def test_a_position_points_through_json_escapes() -> None:
    text = '{"roles": [], "user_inputs": {"PORT": "O|number|The \\"port\\" \\u00e9\\n| |80a"}}'
    (finding,) = [each for each in lint_text(SourceText(text, name="a.json")) if each.code == "CTX014"]
    assert finding.position is not None
    place = finding.position.outermost
    assert place.source.text[place.start : place.end] == "80a"


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.tmpl", f'USER_INPUTS = [ PORT = "{DEFINITION}" ]', Kind.TEMPLATE),
        ("a", f"<VM><USER_INPUTS><PORT>{DEFINITION}</PORT></USER_INPUTS></VM>", Kind.TEMPLATE),
        ("a", f"user_inputs:\n  PORT: '{DEFINITION}'\n", None),
        ("a.yaml", f"opennebula_template:\n  user_inputs:\n    port: '{DEFINITION}'\n", Kind.MARKETPLACE),
        ("a.json", f'{{"roles": [], "custom_attrs": {{"PORT": "{DEFINITION}"}}}}', Kind.SERVICE),
        (
            "a.json",
            f'{{"DOCUMENT":{{"TEMPLATE":{{"BODY":{{"roles":[],"user_inputs":{{"PORT":"{DEFINITION}"}}}}}}}}}}',
            None,
        ),
        ("a.json", f'{{"VMTEMPLATE":{{"TEMPLATE":{{"USER_INPUTS":{{"PORT":"{DEFINITION}"}}}}}}}}', None),
    ],
)
def test_every_form_gives_the_same_input(name: str, text: str, kind: Kind | None) -> None:
    document = read(text, name)
    assert kind is None or document.kind is kind
    assert [(each.key, each.definition.source.text) for each in inputs(document)] == [("PORT", DEFINITION)]


def test_metadata_order_and_context_of_a_marketplace_entry() -> None:
    document = read(
        "opennebula_template:\n  context:\n    web: $ONEAPP_A_WEB_PORT\n  inputs_order: A,B\n"
        "  user_inputs_metadata:\n    - type: GROUP\n      name: WEB\n",
        "a.yaml",
    )
    (section,) = document.parts
    assert isinstance(section, Section)
    assert section.order is not None
    assert section.order.text == "A,B"
    assert [(entry.key, entry.value.text) for entry in section.context or ()] == [("WEB", "$ONEAPP_A_WEB_PORT")]
    assert [[(entry.key, entry.value.text) for entry in vector] for vector in section.metadata] == [
        [("TYPE", "GROUP"), ("NAME", "WEB")]
    ]


SCRIPT = r"""#!/usr/bin/env bash
# ONE_SERVICE_PARAMS=( 'not' 'this' 'one' 'O|text' )
ONE_SERVICE_PARAMS=(
    'ONEAPP_PORT' 'configure' 'Port of the '"service" 'O|number' # a comment with ' in it
    "ONEAPP_NAME" configure  \
        "Name, \"quoted\"" M\|text
    'ONEAPP_EMPTY' 'configure' '' ''
)
ONEAPP_PORT="${ONEAPP_PORT:-8080}"
export ONEAPP_NAME=${ONEAPP_NAME:-$(hostname)}
"""


def test_a_script_is_read_without_running_it() -> None:
    document = read(SCRIPT, "appliance.sh")
    (script,) = document.parts
    assert isinstance(script, Script)
    assert [(each.name, each.description.value.text, each.input.value.text) for each in script.parameters] == [
        ("ONEAPP_PORT", "Port of the service", "O|number"),
        ("ONEAPP_NAME", 'Name, \\"quoted\\"', "M|text"),
        ("ONEAPP_EMPTY", "", ""),
    ]
    assert [(each.name, each.value.text) for each in script.defaults] == [
        ("ONEAPP_PORT", "8080"),
        ("ONEAPP_NAME", "$(hostname)"),
    ]
    place = script.parameters[1].input.name_position.outermost
    assert SCRIPT[place.start : place.end] == r"M\|text"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ONE_SERVICE_PARAMS=(a b c d)", "a|b|c|d"),
        ("ONE_SERVICE_PARAMS+=(a b c d)", "a|b|c|d"),
        (" \t ONE_SERVICE_PARAMS=( \t\r\na b \\\nc\\\n d\\\n\\\ne\n)", "a|b|c|de"),
        ("ONE_SERVICE_PARAMS=(# first\n\ta# b c#d\nb c # )\nd)", "a#|b|c#d|b"),
        ("ONE_SERVICE_PARAMS=(a 'b\nb' \"c\nc\" d)", "a|b\nb|c\nc|d"),
        (r"""ONE_SERVICE_PARAMS=(\a \'b\) $"c" 'd'"d"\ d)""", "a|'b)|c|dd d"),
        (r"""ONE_SERVICE_PARAMS=("a\"a" "\\" "" '')""", 'a\\"a|\\\\||'),
        ("ONE_SERVICE_PARAMS=(a b c d)\nONE_SERVICE_PARAMS+=(e f g h)", "a|b|c|d|e|f|g|h"),
        ("ONE_SERVICE_PARAMS=(:)\nONE_SERVICE_PARAMS+=(a b c d)", "a|b|c|d"),
        ("ONE_SERVICE_PARAMS=()", ""),
    ],
)
def test_the_words_of_a_parameter(text: str, words: str) -> None:
    (script,) = read(f"{text}\n", "a.sh").parts
    assert isinstance(script, Script)
    entries = [[each.name, each.stage.name, each.description.name, each.input.name] for each in script.parameters]
    assert "|".join(word for each in entries for word in each) == words


@pytest.mark.parametrize(
    "text",
    [
        "echo; ONE_SERVICE_PARAMS=( a b c d )",
        "# ONE_SERVICE_PARAMS=( a b c d )",
        "ONE_SERVICE_PARAMS=a",
        "X=(a)",
    ],
)
def test_what_is_no_array_of_parameters(text: str) -> None:
    assert read(f"{text}\n", "a.sh").parts == ()


@pytest.mark.parametrize(
    ("line", "default"),
    [
        ("A = env :A, 'a'", "a"),
        ("x.y(env(:A,'a'))", "a"),
        ('A=env \t("A" \t,\n \t"a\'")', "a'"),
        ("A = env 'A', 'it\\'s \\\\ \\n'", "it's \\ \\n"),
        ('A = env :A, "a\\\\b"', "a\\\\b"),
        ("A = env :A, nil", ""),
        ("A = env :A, f('a')", ""),
        ('A = env :A, "a#{b}"', ""),
        ("A = env :A, 'a", ""),
        ("# A = env :A, 'a'", None),
        ("A = 1 # env :A, 'a'", None),
        ("A = my_env :A, 'a'", None),
        ("A = env :A", None),
        ("A = env :a, 'a'", None),
    ],
)
def test_what_a_ruby_program_reads(line: str, default: str | None) -> None:
    for mark in ("# one-appliance", "require 'lib/helpers'", "\tload_env", "  module Service"):
        parts = read(f"{mark}\n{line}\n", "a.rb").parts
        found = [(each.name, each.value.text) for part in parts if isinstance(part, Script) for each in part.defaults]
        assert found == ([] if default is None else [("A", default)])


@pytest.mark.parametrize("mark", ["# nothing", "x load_env", "load_envs", "amodule Service", "module Services"])
def test_a_ruby_program_of_no_appliance_is_passed_over(mark: str) -> None:
    assert read(f"{mark}\nA = env :A, 'a'\n", "a.rb").parts == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("notes.txt", "nothing of interest"),
        ("values.yaml", "replicas: 3\n"),
        ("package.json", '{"name": "x", "version": "1.0.0"}'),
        ("build.sh", "#!/bin/sh\nmake\n"),
        ("a.tmpl", "Dear {{ name }},\n"),
        ("Makefile", "all:\n\ttrue\n"),
    ],
)
def test_what_is_not_of_opennebula_is_passed_over_on_a_walk(name: str, text: str) -> None:
    assert read_found(SourceText(text, name=name)) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("opennebula_template: {cpu: x\n", True),
        ("USER_INPUTS: {A: x\n", True),
        ("vm_template_contents: {x\n", True),
        ("colour: {red\n", False),
    ],
)
def test_a_broken_text_counts_by_its_words(text: str, *, found: bool) -> None:
    assert (read_found(SourceText(text, "a.yaml")) is not None) == found


# ---- what a file is, by its content ----


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"\ufeff{name}=1\n \t{other} \t=1\n"
            for name, other in [
                ("NAME", "CPU"),
                ("VCPU", "MEMORY"),
                ("DISK", "NIC"),
                ("OS", "GRAPHICS"),
                ("PCI", "SCHED_REQUIREMENTS"),
                ("HYPERVISOR", "FEATURES"),
                ("RAW", "CPU"),
            ]
        ),
        "A=1\n\tUSER_INPUTS\t=\t[ ]\n",
        "A=1\nuser_input=x\n",
        "A=1\n\ufeffINPUTS_ORDER=x\n",
        "A=1\n Context = [ ]\n",
        "A=1\nGRAPHICS_2 \t= \t[\n\tTYPE \t= x ]\n",
        "A=1\nB=[C=1]\n",
        "\ufeff\n#\n \t# A comment\n \tcpu_2 \t=1\nCONTEXT=[ ]\n",
        "CONTEXT\n= [ ]\nCONTEXT=[ ]\n",
        "X\n<CONTEXT>\n",
        '"A_1" \t=1\nCONTEXT=[ ]\n',
        '"a"=1\nCONTEXT=[ ]\n',
    ],
)
def test_a_template_is_known_by_its_content(text: str) -> None:
    assert read(text, "machine").kind is Kind.TEMPLATE


@pytest.mark.parametrize(
    "text",
    [
        "A=1\nB=2\n",
        "A=1\nCPU=1\n",
        "CPU=1\nCPU=2\n",
        "A=1\nCPUS=1\nXCPU=1\nx MEMORY=1\nNAME\n",
        "A=1\nXCONTEXT=[ ]\nx CONTEXT=1\nCONTEXT\n",
        "A=1\nCONTEXT={ }\n",
        "A=1\nCONTEXT = \t> x\n",
        "A=1\nCONTEXT =\t= x\n",
        "A=1\nB=[ 1, 2 ]\nB[ C=1 ]\nB= C=1 ]\nb=[ C=1 ]\n1=[ C=1 ]\nx B=[ C=1 ]\nB=[ =1 ]\n",
        "A b=1\nCONTEXT=[ ]\n",
        "-A=1\nCONTEXT=[ ]\n",
        '"A B"=1\nCONTEXT=[ ]\n',
        "=1\nCONTEXT=[ ]\n",
        '""=1\nCONTEXT=[ ]\n',
        '"A" x\nCONTEXT=[ ]\n',
        "x:\nA=1\nCONTEXT=[ ]\n",
        "#!/usr/bin/python3\nA=1\nCONTEXT=[ ]\n",
    ],
)
def test_what_is_no_template_is_known_by_its_content(text: str) -> None:
    assert read(text, "machine").kind is None


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ("#!/bin/sh\n", "sh"),
        ("#!/sh\n", "sh"),
        ("#!sh\n", "sh"),
        ("#!/usr/bin/env - bash\n", "bash"),
        ("#! \t/usr/bin/env \tbash\n", "bash"),
        ("#!/usr/bin/env -S \t-i ruby -w\n", "ruby"),
        ("#!env python3\n", "python3"),
        ("#!/usr/bin/environment x\n", "environment"),
        ("#!/usr/bin/env\n", "env"),
        ("#!\n", None),
        ("# !/bin/sh\n", None),
        ("\n#!/bin/sh\n", None),
    ],
)
def test_the_program_of_a_script(text: str, program: str | None) -> None:
    assert program_of(text) == program


def test_a_program_is_read_in_its_language() -> None:
    programs = {"bash": read_script, "busybox": read_script, "ruby": read_ruby, "python3": None, "bashful": None}
    assert {name: reader_of(SourceText(f"#!/bin/{name}\n", "program")) for name in programs} == programs


@pytest.mark.parametrize(
    ("text", "is_script"),
    [
        ("A=1\n\t ONE_SERVICE_PARAMS=(\n)\n", True),
        ("A=1\nONE_SERVICE_PARAMS+=(\n)\n", True),
        ("A=1\nONE_SERVICE_PARAMS=x\n", False),
        ("A=1\nx ONE_SERVICE_PARAMS=(\n)\n", False),
        ("A=1\nONE_SERVICE_PARAMS (\n)\n", False),
    ],
)
def test_an_appliance_script_is_known_by_its_parameters(text: str, *, is_script: bool) -> None:
    assert reader_of(SourceText(text, "appliance")) is (read_script if is_script else None)


@pytest.mark.parametrize(
    ("text", "is_yaml"),
    [
        ("---\n", True),
        ("#\n---\n", True),
        ("%YAM\n", False),
        ("%YAML 1.2\n", True),
        ("\ufeff# A comment\n\n \tname: x\n", True),
        ("'a-b'\t:\n", True),
        ('"A":', True),
        ("_a_1 : x\n", True),
        ("a:b\n", False),
        ("-a: x\n", False),
        ("1: x\n", False),
        ("a b: x\n", False),
        ("x\n---\n", False),
        ("--\n", False),
        ("name: x\nUSER_INPUTS = [ ]\n", False),
    ],
)
def test_yaml_is_known_by_its_content(text: str, *, is_yaml: bool) -> None:
    assert (reader_of(SourceText(text, "entry")) is read_yaml) is is_yaml


@pytest.mark.parametrize(
    ("text", "is_xml"),
    [
        ("<VM>", True),
        ("<VM_1/>", True),
        ("\ufeff\n<?xml version='1.0'?><!-- A - b -- c --> \n<!DOCTYPE VM>\n<VM>", True),
        ("<!doctype VM [\n<!ENTITY a ']'>\n] >\n<VM>", True),
        ("<!DOCTYPE VM[]><VM>", True),
        ("<!----><VM>", True),
        ("<!DOCTYPE><VM>", True),
        ("<htmls>", True),
        ("<svgs>", True),
        ("<html>", False),
        ("<SVG>", False),
        ("<VM a='b'>", False),
        ("<!-- <VM> --", False),
        ("<!-- a --> x <VM>", False),
        ("<?a <VM>", False),
        ("<?a><VM>", False),
        ("<a?><VM>", False),
        ("<!-- a -><VM>", False),
        ("<!-- a --> x --><VM>", False),
        ("<!DOCTYP VM><VM>", False),
        ("<!DOCTYPE VM [ ><VM>", False),
        ("<!DOCTYPE VM> x <!DOCTYPE VM><VM>", False),
        ("<!DOCTYPE VM [ ] > x ]><VM>", False),
        ("<>", False),
        ("<VM", False),
        ("<!DOCTYPE VM [ <VM>", False),
    ],
)
def test_a_template_in_xml_is_known_by_its_beginning(text: str, *, is_xml: bool) -> None:
    assert (reader_of(SourceText(text, "machine")) is not None) is is_xml


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\n TEMPLATE 12 INFORMATION \t\nID : 12\n", "about template 12 for people"),
        ("VIRTUAL MACHINE 1 INFORMATION\n", "about virtual machine 1 for people"),
        ("TEMPLATE 1 INFORMATION x\n", "nothing of OpenNebula's was found in x.txt"),
        ("A TEMPLATE INFORMATION\n", "nothing of OpenNebula's was found in x.txt"),
        ("TEMPLATE  INFORMATION\n", "nothing of OpenNebula's was found in x.txt"),
        ("TEMPLATE12 INFORMATION\n", "nothing of OpenNebula's was found in x.txt"),
        ("  1 INFORMATION\n", "nothing of OpenNebula's was found in x.txt"),
        ("name 1 INFORMATION\n", "nothing of OpenNebula's was found in x.txt"),
        ("name: x\nvariables \t:\n", "a declaration of ctxschema"),
        ("variables:\n", "a declaration of ctxschema"),
        ("variables = x\n", "nothing of OpenNebula's was found in x.txt"),
        ("[variables.A]\n", "a declaration of ctxschema"),
        ("[variables]\n", "a declaration of ctxschema"),
        ('{\n \t"variables"\t:{}}\n', "a declaration of ctxschema"),
        ('{\n"variables":{}}\n', "a declaration of ctxschema"),
        ('{"a":\n"variables"}\n', "nothing of OpenNebula's was found in x.txt"),
        ("[variablesA]\n", "nothing of OpenNebula's was found in x.txt"),
        ("my variables:\n", "nothing of OpenNebula's was found in x.txt"),
        ("A='b'\n", "the context of a machine"),
        ("#!/bin/sh\nA='b'\n", "nothing of OpenNebula's was found in x.txt"),
        ("# A comment\n", "nothing of OpenNebula's was found in x.txt"),
    ],
)
def test_what_is_said_of_other_files(text: str, words: str) -> None:
    assert nothing_found(SourceText(text, "x.txt")).message.endswith(words)


@pytest.mark.parametrize(
    ("name", "text", "ours"),
    [
        ("a.xml", "<VM><user_inputs></user_inputs></VM>", True),
        ("a.xml", "<VM><CONTEXT></CONTEXT></VM>", True),
        ("a.xml", "<VM><NAME></NAME></VM>", False),
        ("a.xml", "<VM>USER_INPUTS CONTEXT USER_INPUTS> <USER_INPUTS</VM>", False),
        ("a.yaml", "user_inputs: [\n", True),
        ("a.yaml", "user_inputs: [\n# { { { % < %\n", True),
        ("a.yaml", "user_inputs: [\n# {{ x }}\n", False),
        ("a.yaml", "user_inputs: [\n# {% x %}\n", False),
        ("a.yaml", "user_inputs: [\n# <% x %>\n", False),
    ],
)
def test_what_is_looked_at_in_a_folder(name: str, text: str, *, ours: bool) -> None:
    assert (read_found(SourceText(text, name)) is not None) is ours


@pytest.mark.parametrize(("name", "origin"), [("<stdin>", "FILE"), ("a b", "'a b'")])
def test_a_command_to_use_instead_names_the_file(name: str, origin: str) -> None:
    for text, command in (("variables:\n", "ctxschema show --from"), ("A='b'\n", "validate APPLIANCE --context")):
        assert f"{command} {origin} " in (nothing_found(SourceText(text, name)).repair or "")


def test_the_place_in_a_context_is_its_beginning_of_which_nothing_may_be_printed() -> None:
    text = "A='b'\n"
    position = nothing_found(SourceText(text, "x.txt")).position
    assert position is not None
    assert (str(position), position.source.text, position.source.confidential) == ("x.txt:1:1", text, True)


def test_what_cannot_be_looked_into_may_be_of_opennebula(tmp_path: Path) -> None:
    assert may_be_ours(str(tmp_path / "gone.yaml"))
    assert not may_be_ours(str(tmp_path / "gone.txt"))


@pytest.mark.parametrize(
    ("text", "is_json"),
    [("{", True), ("\ufeff{", True), (" \t\r\n{ }", True), ("X{ }", False), ("\ufeff[", False)],
)
def test_json_is_known_by_its_content(text: str, *, is_json: bool) -> None:
    assert (reader_of(SourceText(text, "entry")) is read_json) is is_json


def test_what_is_typed_is_taken_for_a_template_where_it_begins_like_one() -> None:
    readers = [reader_of(SourceText("A = 1\n", name)) for name in ("<stdin>", "a.tmpl", "machine")]
    assert readers == [read_template, read_template, None]


def test_only_what_the_marketplace_exports_has_to_be_text() -> None:
    inner = '{"user_inputs": {"A": "O|text|A| |"}, "memory": 512}'
    for text, exported in ((inner, False), (f'{{"opennebula_template": {inner}}}', True)):
        found = {each.code for each in lint_text(SourceText(text, "a.json"))}
        assert (codes.NOT_QUOTED.id in found) is exported


def test_pieces_of_a_text_bear_its_name() -> None:
    piece = joined(SourceText("one two", "a.sh"), [(0, 3), (4, 7)])
    assert (piece.text, piece.name) == ("onetwo", "a.sh")


def test_what_stands_in_xml_is_said_of_its_file() -> None:
    inputs = "<USER_INPUTS><A><![CDATA[O|text|A| |x]]></A></USER_INPUTS><INPUTS_ORDER><![CDATA[A,B]]></INPUTS_ORDER>"
    text = f"<VMTEMPLATE><TEMPLATE>{inputs}<CONTEXT><A>$A</A><C>$D</C></CONTEXT></TEMPLATE></VMTEMPLATE>"
    found = {each.code: str(each.position) for each in lint_text(SourceText(text, "a.xml"))}
    assert (found[codes.ORDER_UNKNOWN.id], found[codes.REFERENCE_UNDEFINED.id]) == ("a.xml", "a.xml")
