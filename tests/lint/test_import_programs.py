"""How the authors of appliances write what a program reads: each spelling is understood alike."""

from pathlib import Path
from typing import Any

import pytest

from ctxschema.core.errors import FileError
from ctxschema.lint.importer import import_files
from ctxschema.lint.importer_program import made_by

PARAMETER = "ONE_SERVICE_PARAMS=( ONEAPP_A configure 'The A' '' )\n"


def declared(folder: Path, name: str, text: str) -> dict[str, dict[str, Any]]:
    """Return the variables of what is imported, without their labels."""
    path = folder / name
    path.write_text(text)
    variables = import_files([str(path)], "x").data["variables"]
    return {key: {field: each[field] for field in each if field != "label"} for key, each in variables.items()}


@pytest.mark.parametrize(
    ("code", "maker"),
    [
        ("$(gen_password 16)", "password"),
        ("$(gen_pass)", "password"),
        ("$(openssl  rand -hex 8)", "password"),
        ("$(pwgen 20 1)", "password"),
        ("SecureRandom.hex(8)", "password"),
        ("$(head -c 8 /dev/urandom | base64)", "password"),
        ("$(head -c 8 /dev/random | base64)", "password"),
        ("$(hostname)-$(gen_password)", "password"),
        ("$(uuidgen -r)", "uuid"),
        ("SecureRandom.uuid", "uuid"),
        ("$(cat /proc/sys/kernel/random/uuid)", "uuid"),
        ("$(get_local_ip)", "address"),
        ("$(hostname  -I | cut -d ' ' -f 1)", "address"),
        ("`hostname --all-ip-addresses`", "address"),
        ("$(ip a | grep inet)", "address"),
        ("$(ip addr show)", "address"),
        ("$(ip address show)", "address"),
        ("$(ip -4 route get 1)", "address"),
        ("$(ip -4  -o addr)", "address"),
        ("Socket.ip_address_list.first", "address"),
        ("detect_addrs.first", "address"),
        ("ip_addr_of('eth0')", "address"),
        ("$( hostname -f)", "hostname"),
        ("`hostname`", "hostname"),
        ("Socket.gethostname", "hostname"),
        ("$(cat /etc/hostname)", "hostname"),
        ("$HOSTNAME", "hostname"),
        ("${HOSTNAME}", "hostname"),
        ("$(gen_passage)", None),
        ("$(zip a.zip)", None),
        ("$(ip link)", None),
        ("$(ip add)", None),
        ("detect_addrs_of", None),
        ("$(redetect_addrs)", None),
        ("skip_addr", None),
        ("$(hostnames)", None),
        ("`hostnamectl`", None),
        ("$HOSTNAMES", None),
        ("openssl.rand", None),
        ("SecureRandom", None),
        ("$(date)", None),
    ],
)
def test_what_makes_a_default(code: str, maker: str | None) -> None:
    made = made_by(code)
    assert (made.value if made else None) == maker


@pytest.mark.parametrize(
    ("given", "exposes"),
    [
        *((f"{flag}|text64", True) for flag in "MOmo0"),
        ("O|range-float |A|0..1", True),
        ("O|list\t|A|a,b|a", True),
        ("x|text", False),
        ("5|text", False),
        ("O", False),
        ("O|", False),
        ("M||", False),
        ("O|two words", False),
        ("O|#", False),
        ("text", False),
    ],
)
def test_a_flag_and_a_type_expose_those_parameters_that_have_them(tmp_path: Path, given: str, *, exposes: bool) -> None:
    text = f"ONE_SERVICE_PARAMS=( ONEAPP_A configure A '{given}' ONEAPP_B configure B '' )\n"
    found = declared(tmp_path, "a.sh", text)
    assert [name for name, each in found.items() if each.get("hidden")] == ["ONEAPP_B"] * exposes


def test_no_parameter_is_exposed_where_none_has_a_fourth_word(tmp_path: Path) -> None:
    assert declared(tmp_path, "a.sh", PARAMETER) == {"ONEAPP_A": {"hidden": True}}


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ('ONEAPP_A="${ONEAPP_A:-a b}"', {"default": "a b"}),
        ("ONEAPP_A=${ONEAPP_A:-a}", {"default": "a"}),
        ("ONEAPP_A=${ONEAPP_A-a}", {"default": "a"}),
        ("ONEAPP_A=${ONEAPP_A=a}", {"default": "a"}),
        ("ONEAPP_A=${ONEAPP_A:=a}", {"default": "a"}),
        ('ONEAPP_A="${ONEAPP_A:-}"', {}),
        ('ONEAPP_A="${ONEAPP_A:-{x}}"', {"default": "{x}"}),
        (' \texport \tONEAPP_A="${ONEAPP_A:-a}"', {"default": "a"}),
        ('readonly  ONEAPP_A="${ONEAPP_A:-a}"', {"default": "a"}),
        ('declare ONEAPP_A="${ONEAPP_A:-a}"', {"default": "a"}),
        ('declare -rx\tONEAPP_A="${ONEAPP_A:-a}"', {"default": "a"}),
        ("ONEAPP_A=${ONEAPP_A:-'a} b'}", {"default": "a} b"}),
        (r"ONEAPP_A=${ONEAPP_A:-'it'\''s'}", {"default": "it's"}),
        ("ONEAPP_A=\"${ONEAPP_A:-'a'}\"", {"default": "'a'"}),
        ('ONEAPP_A="${ONEAPP_A:-costs 5$}"', {"default": ""}),
        ('ONEAPP_A="${ONEAPP_A:-$(pwgen)}"', {"kind": "password", "made": "password"}),
        ("ONEAPP_A=${ONEAPP_A=`pwgen`}", {"kind": "password", "made": "password"}),
        ("ONEAPP_A=${ONEAPP_A-$HOSTNAME}", {"made": "hostname"}),
        ("ONEAPP_A=${ONEAPP_A:-${HOSTNAME}}", {"made": "hostname"}),
        (' \texport \tONEAPP_A="${ONEAPP_A:-$(f ${X})$HOSTNAME}" \t# behind', {"made": "hostname"}),
        ('readonly  ONEAPP_A="${ONEAPP_A:=$(f ${X})$HOSTNAME}"#', {"made": "hostname"}),
        ('declare \t-x ONEAPP_A="${ONEAPP_A:-$(f ${X})$HOSTNAME}"', {"made": "hostname"}),
        ('declare  ONEAPP_A="${ONEAPP_A:-$(f ${X})$HOSTNAME}"', {"made": "hostname"}),
        ('ONEAPP_A="${ONEAPP_A-$(f ${X})$HOSTNAME}"', {"made": "hostname"}),
        ('ONEAPP_A="${ONEAPP_A=$(f ${X})$HOSTNAME}"', {"made": "hostname"}),
        ("ONEAPP_A=${ONEAPP_A:-$(f ${X})$HOSTNAME}", {"made": "hostname"}),
        ('ONEAPP_A="${ONEAPP_A:-$X}"', {}),
        ('echo; ONEAPP_A="${ONEAPP_A:-a}"', {}),
        ('ONEAPP_A="${ONEAPP_B:-a}"', {}),
        ('# ONEAPP_A="${ONEAPP_A:-a}"', {}),
    ],
)
def test_the_default_that_a_script_applies(tmp_path: Path, line: str, fields: dict[str, Any]) -> None:
    text = f"{PARAMETER}{line}\nX=${{ONEAPP_A}}\n"
    assert declared(tmp_path, "a.sh", text) == {"ONEAPP_A": {**fields, "hidden": True}}


@pytest.mark.parametrize(
    ("word", "title"),
    [
        ("'The shop'", "The shop"),
        ('"The shop"', "The shop"),
        ("''", "x"),
        ('""', "x"),
        ("'A \"shop\"'", "A 'shop'"),
        ('"Shop $NUMBER"', "x"),
        ('"Shop `number`"', "x"),
        ("'The\nshop'", "x"),
        ('"The\nshop"', "x"),
        ("Shop", "x"),
    ],
)
def test_the_title_that_a_script_gives(tmp_path: Path, word: str, title: str) -> None:
    path = tmp_path / "a.sh"
    for name, field in (("ONE_SERVICE_NAME", "title"), ("ONE_SERVICE_SHORT_DESCRIPTION", "summary")):
        path.write_text(f" {name}='Indented'\n{name}={word}\n{PARAMETER}")
        assert getattr(import_files([str(path)], "x").appliance, field) == title


@pytest.mark.parametrize("text", ["#!/bin/sh\nA=${A:-a}\n", "# one-appliance\nputs 1\n"])
def test_a_program_that_reads_nothing_has_nothing_to_import(tmp_path: Path, text: str) -> None:
    for name in ("a.sh", "a.rb"):
        (tmp_path / name).write_text(text)
        with pytest.raises(FileError, match="there are no inputs"):
            import_files([str(tmp_path / name)])


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("ONEAPP_A = env :ONEAPP_A, 'a'", {"default": "a"}),
        ("  ONEAPP_A=env(:ONEAPP_A,'a')", {"default": "a"}),
        ("\tONEAPP_A\t=\tenv\t( 'ONEAPP_A'\t, \t'a'\t)", {"default": "a"}),
        ('ONEAPP_A = env "ONEAPP_A", "a)"', {"default": "a)"}),
        ("ONEAPP_A = env :ONEAPP_A,\n\t  'a'", {"default": "a"}),
        ("ONEAPP_A = env :ONEAPP_A, 'a # b'# c", {"default": "a # b"}),
        ('ONEAPP_A = env :ONEAPP_A, "a # b" # c', {"default": "a # b"}),
        (r"ONEAPP_A = env :ONEAPP_A, 'it\'s, # b' # c", {"default": "it's, # b"}),
        (r'ONEAPP_A = env :ONEAPP_A, "a\#b" # c', {"default": "a#b"}),
        ("ONEAPP_A = env :ONEAPP_A, 0 # none", {"kind": "number", "default": 0}),
        ("ONEAPP_A = env :ONEAPP_A, 120", {"kind": "number", "default": 120}),
        ("ONEAPP_A = env :ONEAPP_A, 123456789012345678", {"kind": "number", "default": 123456789012345678}),
        ("ONEAPP_A = env :ONEAPP_A, 1234567890123456789", {}),
        ("ONEAPP_A = env :ONEAPP_A", {}),
        ("ONEAPP_A = env(:ONEAPP_A)", {}),
        ("ONEAPP_A = env :ONEAPP_A, nil", {}),
        ("ONEAPP_A = env :ONEAPP_A, Socket.gethostname", {"made": "hostname"}),
        ('ONEAPP_A = env :ONEAPP_A, "#{Socket.gethostname}"', {"made": "hostname"}),
    ],
)
def test_the_default_that_a_ruby_program_applies(tmp_path: Path, line: str, fields: dict[str, Any]) -> None:
    assert declared(tmp_path, "a.rb", f"# one-appliance\n{line}\n") == {"ONEAPP_A": fields}


@pytest.mark.parametrize(
    "line",
    [
        "# ONEAPP_A = env :ONEAPP_A, 'a'",
        "oneapp_a = env :ONEAPP_A, 'a'",
        "ONEAPP_A = env 'ONEAPP_A\", 'a'",
        "ONEAPP_A = env ONEAPP_A, 'a'",
        "ONEAPP_A = env :oneapp_a, 'a'",
        "ONEAPP_A = ENV['ONEAPP_A']",
    ],
)
def test_what_reads_nothing_in_ruby(tmp_path: Path, line: str) -> None:
    text = f"# one-appliance\nONEAPP_B = env :ONEAPP_B, 'b'\n{line}\n"
    assert declared(tmp_path, "a.rb", text) == {"ONEAPP_B": {"default": "b"}}


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("# One.", ("One", None)),
        ("# OneX.", ("OneX", None)),
        ("#XML One", ("XML One", None)),
        ("# Not exposed to the user: One\n#XML", ("One XML", None)),
        ("# ONEAPP_A One\n#XML", ("One XML", None)),
        ("  ## One\n\t# two. Three. Four", ("One two", "One two. Three. Four")),
        ("# Not this\n\n# One", ("One", None)),
        ("# Not this\nx = 1\n# One", ("One", None)),
        ("# Not this\n#\n# One", ("One", None)),
        ("# Not this\n#\n# One\n#", ("One", None)),
        ("# One\n# -----\n# =====\n# *****\n# #####\n# - = * #", ("One", None)),
        ("# -----\n# One\n# -----", ("One", None)),
        ("# One | two", ("One / two", None)),
        ("# - one", ("- one", None)),
        ("#", ("ONEAPP_A", None)),
        ("# Not exposed to the user: One. Two", ("One", "One. Two")),
        ("# not be exposed", ("ONEAPP_A", None)),
        ("# It is NOT EXPOSED\n# at all", ("ONEAPP_A", None)),
        ("# These are not\n# exposed", ("ONEAPP_A", None)),
        ("# Not exposed to the user:\n#  One.", ("One", None)),
        ("# ONEAPP_A One", ("One", None)),
        ("#ONEAPP_A: - One", ("One", None)),
        ("# ONEAPP_A One\n#  two\n# ONEAPP_B Three", ("One two", None)),
        ("# ONEAPP_A One\n#\n# Two", ("One", None)),
        ("# ONEAPP_A One\n# ---\n# Two", ("One", None)),
        ("# ONEAPP_A One\nx = 1\n# Two", ("One", None)),
        ("# ONEAPP_A <YES|NO> One <a> two", ("One two", None)),
        ("# ONEAPP_A", ("ONEAPP_A", None)),
        ("# ONEAPP_AB One", ("ONEAPP_AB One", None)),
        ("# ONEAPP_A_B One", ("ONEAPP_A_B One", None)),
        ("# ONEAPP_A1 One", ("ONEAPP_A1 One", None)),
        ("# ONEAPP_Aa One", ("ONEAPP_Aa One", None)),
        ("# The ONEAPP_A One", ("The ONEAPP_A One", None)),
    ],
)
def test_what_a_comment_says_of_a_name_in_ruby(tmp_path: Path, comment: str, said: tuple[str, str | None]) -> None:
    path = tmp_path / "a.rb"
    path.write_text(f"# one-appliance\nZ = 1\n\n{comment}\nONEAPP_A = env :ONEAPP_A, 'a'\n")
    (found,) = import_files([str(path)]).data["variables"].values()
    assert (found["label"], found.get("help")) == said


@pytest.mark.parametrize(
    ("comment", "hidden"),
    [
        ("# not exposed", True),
        ("# It is NOT BE EXPOSED at all", True),
        ("# These are not\n# exposed", True),
        ("\t## Not\n\t##   exposed", True),
        ("# not exposed\nB = 1", True),
        ("# not exposed\n\n# A", False),
        ("# cannot exposed", False),
        ("# not exposedly", False),
        ("# not to be exposed", False),
        ("x # not exposed", False),
    ],
)
def test_what_a_comment_hides_in_ruby(tmp_path: Path, comment: str, *, hidden: bool) -> None:
    text = f"# one-appliance\n\n{comment}\nONEAPP_A = env :ONEAPP_A, 'a'\n"
    assert declared(tmp_path, "a.rb", text)["ONEAPP_A"].get("hidden", False) == hidden
