"""What an editor shows of a declaration: the YAML language server, as VS Code runs it, with our schema."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest

from ctxschema.catalog import APPLIANCES, get_appliance
from ctxschema.declaration.yaml_form import declaration_yaml
from tests.conftest import ROOT

SERVER = ROOT / "tools" / "web" / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(
    not SERVER.exists() or NODE is None,
    reason="yaml-language-server of tools/web is not there, or no node is",
)
SETTINGS = {
    "yaml": {"schemaStore": {"enable": False}, "validate": True, "completion": True, "hover": True},
    "http": {"proxy": ""},
}
WAIT = 60
TEXT = """\
# yaml-language-server: $schema=appliance.schema.json
name: blog
variables:
  ONEAPP_PORT:
    kind: number
    label: Port
    default: 8080
    limits: {from: 1, to: 65535}
"""


class Editor:
    """Speaks to the server as an editor does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copy(ROOT / "schemas" / "appliance.schema.json", folder)
        assert NODE is not None
        self.process = subprocess.Popen([NODE, str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.heard: Queue[dict[str, Any]] = Queue()
        threading.Thread(target=self.listen, daemon=True).start()
        self.number = 0
        self.ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities=CAPABILITIES)
        self.tell("initialized")
        self.tell("workspace/didChangeConfiguration", settings=SETTINGS)

    def listen(self) -> None:
        assert self.process.stdout is not None
        while header := self.process.stdout.readline():
            length = int(header.partition(b":")[2])
            while self.process.stdout.readline().strip():
                pass
            self.heard.put(json.loads(self.process.stdout.read(length)))

    def send(self, **message: Any) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def tell(self, method: str, **params: Any) -> None:
        self.send(method=method, params=params)

    def hear(self) -> dict[str, Any]:
        try:
            message = self.heard.get(timeout=WAIT)
        except Empty:
            pytest.fail("the server says nothing")
        if message.get("method") == "workspace/configuration":
            self.send(id=message["id"], result=[SETTINGS.get(item["section"]) for item in message["params"]["items"]])
        elif "method" in message and "id" in message:
            self.send(id=message["id"], result=None)
        return message

    def ask(self, method: str, **params: Any) -> Any:
        self.number += 1
        self.send(id=self.number, method=method, params=params)
        while True:
            message = self.hear()
            if message.get("id") == self.number and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def open(self, text: str, name: str = "blog.yaml") -> list[dict[str, Any]]:
        """Open a file; return what is underlined in it."""
        uri = (self.folder / name).as_uri()
        self.tell("textDocument/didOpen", textDocument={"uri": uri, "languageId": "yaml", "version": 1, "text": text})
        while True:
            message = self.hear()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                found: list[dict[str, Any]] = message["params"]["diagnostics"]
                return found

    def at(self, method: str, text: str, word: str, name: str = "blog.yaml") -> Any:
        """Ask about the place behind a word."""
        before = text[: text.index(word) + len(word)]
        place = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        return self.ask(method, textDocument={"uri": (self.folder / name).as_uri()}, position=place)


CAPABILITIES = {
    "textDocument": {
        "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
        "hover": {"contentFormat": ["markdown"]},
        "publishDiagnostics": {},
    },
    "workspace": {"configuration": True, "didChangeConfiguration": {}},
}


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    made = Editor(tmp_path_factory.mktemp("editor"))
    yield made
    with made.process:
        made.process.kill()


def completed(editor: Editor, text: str, word: str, name: str) -> dict[str, str]:
    editor.open(text, name)
    found = editor.at("textDocument/completion", text, word, name)
    items = found if isinstance(found, list) else found["items"]
    return {item["label"]: json.dumps(item.get("documentation", "")) for item in items}


def test_the_keys_of_a_variable_are_completed_and_explained(editor: Editor) -> None:
    keys = completed(editor, f"{TEXT}    ma", "    ma", "keys.yaml")
    assert {"mandatory", "effective", "help", "options"} <= set(keys)
    assert "Whether the user has to give a value." in keys["mandatory"]


def test_the_kinds_are_completed(editor: Editor) -> None:
    kinds = completed(editor, TEXT.replace("kind: number", "kind: "), "kind: ", "kinds.yaml")
    assert {"text", "number", "password", "boolean"} <= set(kinds)


def test_the_names_of_shared_limits_are_completed(editor: Editor) -> None:
    text = TEXT.replace("kind: number", "kind: text").replace("{from: 1, to: 65535}", "\n      is: ")
    assert {"host-port", "release"} <= set(completed(editor, text, "is: ", "shapes.yaml"))


def test_a_key_is_explained_where_the_mouse_stands(editor: Editor) -> None:
    editor.open(TEXT)
    assert "What the user is asked" in json.dumps(editor.at("textDocument/hover", TEXT, "    lab"))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [("label", "lable", 5), ("number", "numbr", 4), ("8080", "many", 6), ("name: blog\n", "", 1)],
)
def test_what_is_wrong_is_underlined(editor: Editor, old: str, new: str, line: int) -> None:
    found = editor.open(TEXT.replace(old, new), f"{new or 'none'}.yaml")
    assert line in {each["range"]["start"]["line"] for each in found}


@pytest.mark.parametrize("appliance", APPLIANCES)
def test_nothing_is_underlined_in_the_declarations_of_the_catalog(editor: Editor, appliance: str) -> None:
    assert editor.open(declaration_yaml(get_appliance(appliance)), f"{appliance}.yaml") == []
