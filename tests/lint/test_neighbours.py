"""What stands between the files of one appliance."""

from pathlib import Path
from unittest import mock

import pytest

from ctxschema.core import codes
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.source import SourceText
from ctxschema.grammar.data import Node
from ctxschema.grammar.yaml_document import parse_yaml
from ctxschema.lint import neighbours
from ctxschema.lint.cache import Cache
from ctxschema.lint.linter import Request, lint_files
from ctxschema.lint.neighbours import Checked, between_files
from ctxschema.lint.readers import read_named
from ctxschema.lint.walk import walk
from tests.conftest import ROOT

ENTRY = """\
---
name: Web
version: 1.0.0
opennebula_template:
  cpu: '1'
  memory: '1024'
  context:
    network: 'YES'
    oneapp_web_site_title: $ONEAPP_WEB_SITE_TITLE
    oneapp_web_site_port: $ONEAPP_WEB_SITE_PORT
    oneapp_web_site_mode: $ONEAPP_WEB_SITE_MODE
  inputs_order: ONEAPP_WEB_SITE_TITLE,ONEAPP_WEB_SITE_PORT,ONEAPP_WEB_SITE_MODE
  user_inputs:
    ONEAPP_WEB_SITE_TITLE: O|text|Title of the site| |Home
    ONEAPP_WEB_SITE_PORT: O|number|Port of the site| |80
    ONEAPP_WEB_SITE_MODE: O|text|Mode of the site| |fast
"""
SHELL = """\
#!/usr/bin/env bash
ONEAPP_WEB_SITE_PORT="${ONEAPP_WEB_SITE_PORT:-80}"
serve --title "$ONEAPP_WEB_SITE_TITLE" --port "$ONEAPP_WEB_SITE_PORT" --mode "$ONEAPP_WEB_SITE_MODE"
"""
RUBY = """\
require_relative '../lib/helpers'
ONEAPP_WEB_SITE_TITLE = env :ONEAPP_WEB_SITE_TITLE, 'Home'
ONEAPP_WEB_SITE_PORT = env(:ONEAPP_WEB_SITE_PORT, '80')
ONEAPP_WEB_SITE_MODE = env(:ONEAPP_WEB_SITE_MODE, nil)
"""


def found(folder: Path, files: dict[str, str]) -> set[tuple[str, str, str, str]]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    results = [result for result in lint_files(walk([str(folder)]), lambda _found: Request()) if result is not None]
    return {
        (Path(result.path).name, finding.code, finding.severity.value, finding.variable or "")
        for result in results
        for finding in result.reported.apart
        if finding.code in {codes.NOT_ASKED.id, codes.NOT_READ.id}
    }


@pytest.mark.parametrize("script", [{"appliance.sh": SHELL}, {"web/main.rb": RUBY}, {"web/config.rb": RUBY}])
def test_files_that_agree(tmp_path: Path, script: dict[str, str]) -> None:
    assert found(tmp_path, {"web.yaml": ENTRY, **script}) == set()


def test_a_name_that_nobody_asks_for(tmp_path: Path) -> None:
    more = 'echo "$ONEAPP_WEB_SITE_COLOUR $ONEAPP_WEB_SITE_FONT ${ONEAPP_WEB_SITE_SIZE:-12}"\n'
    assert found(tmp_path, {"web.yaml": ENTRY, "appliance.sh": SHELL + more}) == {
        ("appliance.sh", codes.NOT_ASKED.id, Severity.WARNING.value, "ONEAPP_WEB_SITE_COLOUR"),
        ("appliance.sh", codes.NOT_ASKED.id, Severity.WARNING.value, "ONEAPP_WEB_SITE_FONT"),
        ("appliance.sh", codes.NOT_ASKED.id, Severity.INFO.value, "ONEAPP_WEB_SITE_SIZE"),
    }


def test_a_name_that_nobody_reads(tmp_path: Path) -> None:
    expected = {("web.yaml", codes.NOT_READ.id, "warning", "ONEAPP_WEB_SITE_MODE")}
    without = SHELL.replace(' --mode "$ONEAPP_WEB_SITE_MODE"', "")
    assert found(tmp_path, {"web.yaml": ENTRY, "appliance.sh": without}) == expected
    without = "".join(line for line in RUBY.splitlines(keepends=True) if "MODE" not in line)
    assert found(tmp_path, {"web.yaml": ENTRY, "web/main.rb": without}) == expected


@pytest.mark.parametrize(
    "more",
    [
        "docker run --env-file /run/one-context/one_env web",
        'for name in ${!ONEAPP_@}; do echo "$name"; done',
        'echo "${prefix}ONEAPP_WEB_SITE_" ',
        "compgen -v",
        "printenv",
        "env | sort",
        "env|sort",
        "env \t | sort",
        "env -0\t|sort -z",
        "env\t-0| sort -z",
        "ruby -e 'p ENV.select { }'",
        "ruby -e 'ENV.each { }'",
        "ruby -e 'p ENV.to_h'",
        "ruby -e 'p ENV.filter { }'",
        "ruby -e 'p ENV.map { }'",
        "python3 -c 'import os; print(os.environ)'",
    ],
)
def test_names_that_may_be_read_otherwise(tmp_path: Path, more: str) -> None:
    without = SHELL.replace(' --mode "$ONEAPP_WEB_SITE_MODE"', "")
    assert found(tmp_path, {"web.yaml": ENTRY, "appliance.sh": f"{without}{more}\n"}) == set()


@pytest.mark.parametrize(
    "more",
    [
        "echo $PATH ${PATH} ! {!x} --env --file",
        "mycompgen; compgens; myprintenv; printenvs",
        "myenv | sort; env; env x | sort; env -1 | sort",
        'ruby -e \'p ENV["A"], ENV.fetch("A"), MYENV.each, ENV_map\'',
        'python3 -c \'import os; print(os.environ["A"], os.environ.get("A"), os.environment)\'',
    ],
)
def test_names_that_are_read_one_by_one(tmp_path: Path, more: str) -> None:
    without = SHELL.replace(' --mode "$ONEAPP_WEB_SITE_MODE"', "")
    reported = found(tmp_path, {"web.yaml": ENTRY, "appliance.sh": f"{without}{more}\n"})
    assert reported == {("web.yaml", codes.NOT_READ.id, "warning", "ONEAPP_WEB_SITE_MODE")}


OF_THE_GUEST = """
NETWORK TOKEN DNS SEARCH_DOMAINS TIMEZONE FILES FILES_DS SECURETTY USERNAME USERNAME_2 PASSWORD
MY_PASSWORD PASSWORD_BASE64 ETH0_IP ETH12_IP6 SSH_PUBLIC_KEY EC2_USER_DATA SET_HOSTNAME DNS_HOSTNAME
START_SCRIPT START_SCRIPT_BASE64 INIT_SCRIPTS READY_SCRIPT READY_SCRIPT_PATH REPORT_READY GROW_FS
GROWPART IGNORE_SWAP NETCFG_TYPE VROUTER_ID ONEGATE_ENDPOINT FALLBACK_DNS RECREATE_SSH EJECT_CDROM
ETH_ORDER
"""
OF_NOBODY = """
NETWORKS MY_TOKEN DNS_X DOMAINS ZONE FILES_D FILES_DS_X TTY USER PASSWORD_X PASSWORD_BASE ETH0 ETHX_IP
ETH SSH_KEY EC2 HOSTNAME SCRIPT INIT_SCRIPT READY GROW PART IGNORE NETCFG VROUTER ONEGATE FALLBACK
RECREATE EJECT ETH0X_IP EC2X GROWX IGNOREX NETCFGX VROUTERX ONEGATEX FALLBACKX RECREATEX EJECTX ETHX
REPORT READ
"""


def test_names_that_the_guest_reads(tmp_path: Path) -> None:
    entry = ENTRY + "".join(f"    {name}: O|text|A text| |\n" for name in (OF_THE_GUEST + OF_NOBODY).split())
    assert found(tmp_path, {"web.yaml": entry, "appliance.sh": SHELL}) == {
        ("web.yaml", codes.NOT_READ.id, "warning", name) for name in OF_NOBODY.split()
    }


@pytest.mark.parametrize(
    ("use", "severity"),
    [
        ("echo $ONEAPP_NEW_2-x", "warning"),
        ("echo ${ONEAPP_NEW_2}", "warning"),
        ("echo ${ONEAPP_NEW_2:-}", "warning"),
        ("echo ${ONEAPP_NEW_2-}", "warning"),
        ("echo ${ONEAPP_NEW_2:+x}", "warning"),
        ("echo ${ONEAPP_NEW_2-x}", "info"),
        ("echo ${ONEAPP_NEW_2:=x}", "info"),
        ("ONEAPP_NEW_2=x; echo $ONEAPP_NEW_2", "info"),
        ("\texport \tONEAPP_NEW_2=x; echo $ONEAPP_NEW_2", "info"),
        (" local \tONEAPP_NEW_2=x; echo $ONEAPP_NEW_2", "info"),
        ("readonly \tONEAPP_NEW_2=x; echo $ONEAPP_NEW_2", "info"),
        ("localONEAPP_NEW_2=x; echo $ONEAPP_NEW_2", "warning"),
        ("readonlyONEAPP_NEW_2=x; echo $ONEAPP_NEW_2", "warning"),
        ("ONEAPP_NEW_2 x; echo $ONEAPP_NEW_2", "warning"),
        ("x ONEAPP_NEW_2=x; echo $ONEAPP_NEW_2", "warning"),
        ("exportONEAPP_NEW_2=x; echo $ONEAPP_NEW_2", "warning"),
    ],
)
def test_what_has_a_default_is_a_remark(tmp_path: Path, use: str, severity: str) -> None:
    reported = found(tmp_path, {"web.yaml": ENTRY, "appliance.sh": f"{SHELL}{use}\n"})
    assert reported == {("appliance.sh", codes.NOT_ASKED.id, severity, "ONEAPP_NEW_2")}


def test_what_reads_them_may_stand_elsewhere(tmp_path: Path) -> None:
    assert found(tmp_path, {"web.yaml": ENTRY, "build.sh": "#!/bin/sh\nmake image\n"}) == set()
    assert found(tmp_path, {"web.yaml": ENTRY}) == set()


def test_a_script_of_another_appliance_in_a_folder_of_its_own_is_none_of_this_one(tmp_path: Path) -> None:
    other = SHELL.replace("_WEB_", "_SHOP_")
    assert found(tmp_path / "a", {"web.yaml": ENTRY, "shop/appliance.sh": other}) == set()
    beside = found(tmp_path / "b", {"web.yaml": ENTRY, "appliance.sh": other})
    assert {code for _, code, *_ in beside} == {codes.NOT_ASKED.id}


SERVICE = """\
---
name: Pair
type: SERVICE_TEMPLATE
opennebula_version: 7.2
opennebula_template:
  name: Pair
  roles:
  - name: node
    cardinality: 2
    vm_template_contents: |
      PAIR_SIZE = "2"
  user_inputs:
    PAIR_TITLE: O|text|Title||Pair
"""
ROLE = """\
---
name: Node of a pair
opennebula_template:
  cpu: '1'
  memory: '1024'
  context:
    pair_title: $PAIR_TITLE
    pair_size: $PAIR_SIZE
    pair_extra: $PAIR_EXTRA
    node_of: $SERVICE_ID
    node_name: $PAIR_NAME
    files_ds: $FILE[IMAGE_ID=7] $NONE
"""


def test_a_role_is_judged_where_its_service_is_known(tmp_path: Path) -> None:
    (tmp_path / "role.yaml").write_text(ROLE)
    (tmp_path / "other.yaml").write_text(
        ROLE.replace("pair_", "other_").replace("NAME", "TITLE").replace("EXTRA", "SIZE")
    )
    walked = walk([str(tmp_path)])
    assert [result.findings for result in lint_files(walked, lambda _found: Request()) if result] == [(), ()]
    (tmp_path / "pair.yaml").write_text(SERVICE)
    results = [result for result in lint_files(walk([str(tmp_path)]), lambda _found: Request()) if result]
    reported = {
        (Path(result.path).name, finding.code, finding.severity.value, finding.variable)
        for result in results
        for finding in result.findings
    }
    assert reported == {
        ("role.yaml", codes.REFERENCE_UNDEFINED.id, Severity.INFO.value, "PAIR_EXTRA"),
        ("role.yaml", codes.REFERENCE_UNDEFINED.id, Severity.WARNING.value, "NODE_NAME"),
    }


def test_a_file_is_read_once_for_itself_and_its_neighbours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noted(source: SourceText) -> "tuple[Node | None, list[Finding]]":
        read.append(Path(source.name).name)
        return parse_yaml(source)

    monkeypatch.setattr("ctxschema.grammar.yaml_document.parse_yaml", noted)
    files = {"a/a.yaml": ENTRY, "a/appliance.sh": "echo $ONEAPP_NEW", "b/b.yaml": ENTRY}
    expected = found(tmp_path, files)
    assert ("appliance.sh", codes.NOT_ASKED.id, "warning", "ONEAPP_NEW") in expected
    assert sorted(read) == ["a.yaml", "b.yaml"]
    monkeypatch.setattr("ctxschema.lint.linter._MOST_KEPT", 1)
    read.clear()
    assert found(tmp_path, {"a/z.yaml": ENTRY}) != set()
    assert sorted(read) == ["a.yaml", "b.yaml", "z.yaml", "z.yaml"]


@pytest.mark.parametrize("folder", ["appliances", "services", "marketplace"])
def test_findings_are_those_of_files_that_are_read_again(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def everything() -> list[tuple[str, list[dict[str, object]]]]:
        files = list(walk([str(ROOT / "tests/cases/corpus" / folder)]))
        results = [each for each in lint_files(files, lambda _found: Request()) if each is not None]
        return [(each.path, [finding.as_dict() for finding in each.findings]) for each in results]

    kept = everything()
    assert any(findings for _, findings in kept)
    monkeypatch.setattr("ctxschema.lint.linter._LARGEST_KEPT", -1)
    assert everything() == kept


def test_what_was_found_between_files_is_not_looked_for_again(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "kept"))
    (tmp_path / "a").mkdir()
    (tmp_path / "a/web.yaml").write_text(ENTRY)
    (tmp_path / "a/appliance.sh").write_text("echo $ONEAPP_NEW\n")

    def linted() -> list[tuple[str, list[dict[str, object]]]]:
        files = walk([str(tmp_path / "a")])
        results = [each for each in lint_files(files, lambda _found: Request(cache=cache)) if each is not None]
        return [(each.path, [finding.as_dict() for finding in each.findings]) for each in results]

    with mock.patch.object(neighbours, "_of_an_appliance", wraps=neighbours._of_an_appliance) as looked:
        first = linted()
        assert codes.NOT_ASKED.id in {finding["code"] for _, findings in first for finding in findings}
        assert linted() == first
        assert looked.call_count == 1


def test_an_entry_without_a_program_does_not_keep_others_from_being_compared(tmp_path: Path) -> None:
    files = {"a/web.yaml": ENTRY, "b/web.yaml": ENTRY, "b/appliance.sh": f"{SHELL}echo $ONEAPP_NEW\n"}
    assert found(tmp_path, files) == {("appliance.sh", codes.NOT_ASKED.id, "warning", "ONEAPP_NEW")}


def test_a_file_that_is_no_text_does_not_hide_those_behind_it(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\xff")
    files = {"web.yaml": ENTRY, "appliance.sh": f"{SHELL}echo $ONEAPP_NEW\n"}
    assert found(tmp_path, files) == {("appliance.sh", codes.NOT_ASKED.id, "warning", "ONEAPP_NEW")}


def test_a_name_is_read_at_the_very_end_of_a_file(tmp_path: Path) -> None:
    without = SHELL.replace(' --mode "$ONEAPP_WEB_SITE_MODE"', "")
    for number, more in enumerate(({"z": "$ONEAPP_WEB_SITE_MODE"}, {"a": "$ONEAPP_WEB_SITE_MODE", "z": "end"})):
        assert found(tmp_path / str(number), {"web.yaml": ENTRY, "appliance.sh": without, **more}) == set()


@pytest.mark.parametrize(
    ("name", "use", "read"),
    [
        ("ONEAPP_WEB_SITE_BOX1", 'eval "echo \\$ONEAPP_WEB_SITE_BOX$number"', True),
        ("ONEAPP_WEB_SITE_BOX", "echo $myONEAPP_WEB_SITE_BOX", False),
        ("ONEAPP_WEB_SITE_BOX", "echo $ONEAPP_WEB_SITE_BO", False),
    ],
)
def test_a_name_is_read_as_a_whole_or_by_its_beginning(tmp_path: Path, name: str, use: str, *, read: bool) -> None:
    reported = found(
        tmp_path, {"web.yaml": f"{ENTRY}    {name}: O|text|A text| |\n", "appliance.sh": f"{SHELL}{use}\n"}
    )
    assert (("web.yaml", codes.NOT_READ.id, "warning", name) not in reported) is read


def test_no_more_files_are_read_than_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"web.yaml": ENTRY, "a.sh": "echo $ONEAPP_A $ONEAPP_WEB_SITE_PORT\n", "b.sh": "echo $ONEAPP_B\n"}
    files = {name.replace(".sh", "/appliance.sh"): text for name, text in files.items()}
    monkeypatch.setattr("ctxschema.lint.neighbours._MOST_FILES", 1)
    assert found(tmp_path / "a", files) == set()
    monkeypatch.setattr("ctxschema.lint.neighbours._MOST_FILES", 2)
    assert {name for *_, name in found(tmp_path / "b", files) if name.startswith("ONEAPP_A")} == {"ONEAPP_A"}


@pytest.mark.parametrize("number", [6, 7])
def test_a_folder_of_many_entries_is_no_appliance(tmp_path: Path, number: int) -> None:
    files = {f"{each}.yaml": ENTRY for each in range(number)}
    reported = found(tmp_path, files | {"appliance.sh": "echo $ONEAPP_WEB_SITE_PORT $ONEAPP_NEW\n"})
    assert any(variable == "ONEAPP_NEW" for *_, variable in reported) == (number == 6)


def test_what_is_typed_has_no_neighbours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "appliance.sh").write_text("echo $ONEAPP_WEB_SITE_PORT $ONEAPP_NEW\n")
    monkeypatch.chdir(tmp_path)
    typed = read_named(SourceText(ENTRY, "web.yaml"))
    assert between_files([Checked("-", typed.kind)], documents={"-": typed}) == {}
    assert set(between_files([Checked("web.yaml", typed.kind)], documents={"web.yaml": typed})) == {
        "appliance.sh",
        "web.yaml",
    }
