"""``ctxschema init`` writes a declaration with which every command goes on, and overwrites nothing."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema.core.source import SourceText
from ctxschema.declaration.beginning import Beginning, beginning_yaml, image_fault, name_fault, text_fault
from ctxschema.declaration.load import read_declaration
from ctxschema.generate.attributes import metadata
from ctxschema.generate.names import Names
from tests.conftest import Ended


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_written_goes_through_every_command(folder: Path, ctx: Callable[..., Ended]) -> None:
    assert ctx("init", "--minimal").code == 0
    source = ["--from", "appliance.yaml"]
    (folder / "context.sh").write_text("ONEAPP_MYAPPLIANCE_PORT='80'\n")
    assert ctx("validate", *source, "--context", "context.sh").code == 0
    assert ctx("generate", "vm-template", *source, "-o", "a.tmpl").code == 0
    assert ctx("lint", "a.tmpl").out.startswith("1 file checked: no findings")
    assert "error" not in ctx("lint", "appliance.yaml").out
    assert ctx("drift", *source, "a.tmpl").code == 0


def test_its_comments_say_what_lint_remarks_of_the_template(folder: Path, ctx: Callable[..., Ended]) -> None:
    assert ctx("init", "--minimal").code == 0
    assert ctx("generate", "vm-template", "--from", "appliance.yaml", "-o", "a.tmpl").code == 0
    remarks = {
        each["code"] for each in ctx("lint", "a.tmpl", "--min-severity", "info", "--format", "json").json["findings"]
    }
    assert remarks
    text = (folder / "appliance.yaml").read_text()
    assert {code for code in remarks if code not in text} == set()


def test_its_comment_says_into_which_box_sunstone_sorts_a_field() -> None:
    text = beginning_yaml(Beginning(name="shop"))
    comment = text.partition("variables:")[0]
    assert "such as ONEAPP_SHOP_DB_HOST" in comment
    named = text.replace("label: Host of the database", "label: Host of the database\n    group: elsewhere")
    appliance, _ = read_declaration(SourceText(named, name="shop.yaml"))
    assert appliance is not None
    boxes = metadata(appliance, Names.VARIABLE.inputs(appliance, appliance.asked))
    assert [(each["TYPE"], each["NAME"]) for each in boxes] == [("APP", "SHOP"), ("GROUP", "DB")]
    assert "moves no field" in comment


def test_nothing_is_overwritten(folder: Path, ctx: Callable[..., Ended]) -> None:
    (folder / "mine.yaml").write_text("mine")
    (folder / "broken.yaml").symlink_to(folder / "nowhere")
    assert ctx("init", "--minimal", "mine.yaml").code == 2
    assert ctx("init", "--minimal", "broken.yaml").code == 2
    assert (folder / "mine.yaml").read_text() == "mine"
    assert not (folder / "nowhere").exists()
    for name in ("mine.txt", "no/folder/a.yaml"):
        assert ctx("init", "--minimal", name).code == 2


def test_it_asks_nobody_where_standard_input_is_closed(folder: Path) -> None:
    command = f"{sys.executable} -m ctxschema init <&-"
    ended = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60, check=False, cwd=folder)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (folder / "appliance.yaml").exists()


def test_it_asks_on_a_terminal_until_the_answer_is_one(folder: Path) -> None:
    leader, follower = pty.openpty()
    os.write(leader, b"../x\nshop\nThe shop\nIt sells.\nno image!\nnginx:1.27\n")
    command = [sys.executable, "-m", "ctxschema", "init", "shop.yaml"]
    ended = subprocess.run(command, stdin=follower, capture_output=True, text=True, timeout=60, check=False, cwd=folder)
    os.close(leader)
    os.close(follower)
    assert ended.returncode == 0, ended.stderr
    assert "cannot be that of a file" in ended.stdout + ended.stderr
    appliance, findings = read_declaration(SourceText((folder / "shop.yaml").read_text(), name="shop.yaml"))
    assert findings == []
    assert appliance is not None
    assert (appliance.name, appliance.title, appliance.summary) == ("shop", "The shop", "It sells.")
    assert appliance.container is not None
    assert (appliance.container.image.repository, appliance.container.image.tag) == ("nginx", "1.27")


names = st.text("abYN01.-_ é:#", min_size=1, max_size=12).filter(lambda text: name_fault(text) is None)
texts = st.text("abYnNoO ',:#{}[]&*!>%@`-?~01.é", max_size=20).filter(lambda text: text_fault(text) is None)
images = st.from_regex(r"([a-z0-9][a-z0-9]{0,5}(:[A-Za-z0-9]{1,5})?)?", fullmatch=True)


@given(names, texts, texts, images)
def test_whatever_is_answered_can_be_read_again(name: str, title: str, summary: str, image: str) -> None:
    assert image_fault(image) is None
    text = beginning_yaml(Beginning(name, title, summary, image))
    appliance, findings = read_declaration(SourceText(text, name="a.yaml"))
    assert findings == []
    assert appliance is not None
    assert (appliance.name, appliance.title, appliance.summary) == (name, title, summary)
