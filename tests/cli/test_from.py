"""Every command that takes an appliance takes one that a file declares."""

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from ctxschema.cli.appliances import load_appliances
from ctxschema.cli.commands import cli
from ctxschema.preview.engine import Engine
from ctxschema.preview.server import PreviewServer
from tests.conftest import Ended

BLOG = """\
name: blog
variables:
  ONEAPP_TITLE:
    label: Title
    default: My blog
  ONEAPP_PORT:
    kind: number
    label: Port
    default: 8080
    limits: {from: 1, to: 65535}
container:
  image: {repository: ghost, tag: "5"}
  ports: [{inside: "2368", outside: "{ONEAPP_PORT}"}]
"""
TOML = """\
name = "blog"
[variables.ONEAPP_TITLE]
label = "Title"
default = "My blog"
[variables.ONEAPP_PORT]
kind = "number"
label = "Port"
default = 8080
limits = {from = 1, to = 65535}
[container]
image = {repository = "ghost", tag = "5"}
ports = [{inside = "2368", outside = "{ONEAPP_PORT}"}]
"""


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


TAKES_NONE = "parse explain lint import init codes generate_declaration-schema generate_gpu-script".split()  # noqa: SIM905


def test_every_command_that_is_about_an_appliance_has_the_option() -> None:
    without = {
        "_".join(path)
        for path, command in commands(cli)
        if not any("--from" in each.opts for each in command.params) and path[0] != "gpu"
    }
    assert without <= set(TAKES_NONE)


@pytest.fixture
def blog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "blog.yaml").write_text(BLOG)
    (tmp_path / "blog.toml").write_text(TOML)
    (tmp_path / "context.sh").write_text("ONEAPP_PORT='99'\n")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("list", "blog"),
        ("show", "2 variables"),
        ("show ONEAPP_PORT", "O|number|Port| |8080"),
        ("show blog ONEAPP_PORT", "O|number|Port| |8080"),
        ("validate --context context.sh", "99"),
        ("boot --context context.sh --dry-run --gpu no", "-p 99:2368"),
        ("generate user-inputs", "ONEAPP_TITLE"),
        ("generate declaration --format python", "Variable("),
        ("generate vm-template", "ONEAPP_PORT"),
        ("diff blog.yaml", "blog.yaml to"),
        ("diff blog.yaml blog", "blog.yaml to"),
    ],
)
@pytest.mark.parametrize("file", ["blog.yaml", "blog.toml", "blog.json", "blog.py", "blog:APPLIANCE", "blog.yaml:blog"])
def test_a_command_takes_a_declaration_in_every_form(
    blog: Path, ctx: Callable[..., Ended], words: str, said: str, file: str
) -> None:
    (appliance,) = load_appliances("blog.yaml").values()
    if file == "blog.json":
        from ctxschema.declaration.unstructure import appliance_data

        (blog / "blog.json").write_text(json.dumps(appliance_data(appliance)))
    elif "yaml" not in file:
        from ctxschema.declaration.python_form import declaration_python

        (blog / "blog.py").write_text(declaration_python(appliance))
    ended = ctx(*words.split(), "--from", file)
    assert ended.code == 0, ended.err
    assert said in ended.out


def test_drift_takes_several_paths_behind_the_file(blog: Path, ctx: Callable[..., Ended]) -> None:
    for name in ("a.tmpl", "b.tmpl", "c.tmpl"):
        assert ctx("generate", "vm-template", "--from", "blog.yaml", "-o", str(blog / name)).code == 0
    for words in (["a.tmpl", "b.tmpl", "c.tmpl"], ["blog", "a.tmpl", "b.tmpl", "c.tmpl"]):
        ended = ctx("drift", "--from", "blog.yaml", *words, "--format", "json")
        assert json.loads(ended.out)["files"] == ["a.tmpl", "b.tmpl", "c.tmpl"]
    assert ctx("drift", "--from", "blog.yaml").code == 2


def test_what_breaks_in_a_declaration_of_ones_own_is_found(blog: Path, ctx: Callable[..., Ended]) -> None:
    (blog / "new.yaml").write_text(BLOG.replace("to: 65535", "to: 9000"))
    ended = ctx("diff", "blog.yaml", "--from", "new.yaml")
    assert ended.code == 1
    assert "ONEAPP_PORT" in ended.out
    assert ctx("diff", "blog.yaml").code == 2
    assert ctx("diff", "blog.yaml", "other", "--from", "new.yaml").code == 2


def test_the_agent_and_the_folders_are_made(blog: Path, ctx: Callable[..., Ended]) -> None:
    assert ctx("generate", "agent", "--from", "blog.yaml", "-o", "agent.pyz").code == 0
    assert ctx("generate", "docs", "--from", "blog.yaml", "--out", "pages").code == 0
    assert ctx("generate", "all", "--from", "blog.yaml", "--out", "all").code == 0
    assert "ONEAPP_PORT" in (blog / "pages" / "blog.md").read_text()


def test_the_preview_shows_the_form_of_ones_own_declaration(blog: Path) -> None:
    own = load_appliances(str(blog / "blog.yaml"))
    engine = Engine(own=own)
    first = engine.answer({"op": "appliances"})["appliances"][0]
    assert first == {"name": "blog", "title": "blog", "own": True}
    opened = engine.answer({"op": "open", "appliance": "blog"})
    assert "ONEAPP_PORT" in json.dumps(opened["parts"])
    filled = engine.answer({"op": "fill", "id": opened["id"], "part": 0, "answers": {"0": {"ONEAPP_PORT": "70000"}}})
    assert "65535" in json.dumps(filled["problems"])
    filled = engine.answer({"op": "fill", "id": opened["id"], "part": 0, "answers": {"0": {"ONEAPP_PORT": "70"}}})
    assert "-p 70:2368" in json.dumps(filled["outputs"])
    with PreviewServer(None, own=own) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with urllib.request.urlopen(f"{server.url}engine.json") as answer:
            assert json.load(answer) == {"runs": "here", "file": None, "appliance": "blog"}
        server.shutdown()


def test_the_preview_of_a_wrong_declaration_says_what_is_wrong(blog: Path, ctx: Callable[..., Ended]) -> None:
    (blog / "wrong.yaml").write_text(BLOG.replace("label: Port", "lable: Port"))
    ended = ctx("preview", "--no-browser", "--from", "wrong.yaml")
    assert ended.code == 1
    assert "wrong.yaml:8:5" in ended.err


@pytest.mark.parametrize(
    "words",
    [("show", "{}"), ("generate", "user-inputs", "{}"), ("validate", "{}"), ("generate", "all", "{}", "--out", "x")],
)
def test_a_file_in_place_of_a_name_is_told_how_to_be_given(
    ctx: Callable[..., Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own").write_text("")
    for file, advice in [
        ("own.yaml", "did you mean --from own.yaml?"),
        ("own.py", "did you mean --from own.py?"),
        ("own.tmpl", "ctxschema import own.tmpl"),
        ("own", "ctxschema import own"),
    ]:
        ended = ctx(*(word.format(file) for word in words))
        assert (ended.code, ended.out) == (2, "")
        assert advice in ended.err
    assert "--from" not in ctx(*(word.format("nothing") for word in words)).err
