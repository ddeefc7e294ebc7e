"""``ctxschema preview`` serves the page to this machine alone."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ctxschema.core.files import LARGEST_FILE
from ctxschema.preview.server import HOST, PreviewServer
from tests.conftest import Ended
from tests.serving import serving


@pytest.fixture
def server() -> Iterator[PreviewServer]:
    made = PreviewServer(("a.tmpl", b'USER_INPUTS = [ A = "O|text|a| |" ]\n'))
    with serving(made):
        yield made


def ask(
    server: PreviewServer, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(HOST, server.server_address[1], timeout=10)
    connection.request(method, path, body, headers or {})
    with contextlib.closing(connection), connection.getresponse() as answered:
        return answered.status, answered.read()


def test_the_page_and_the_file(server: PreviewServer) -> None:
    status, page = ask(server, "GET", server.path)
    assert status == 200
    assert b"Content-Security-Policy" in page
    assert json.loads(ask(server, "GET", f"{server.path}engine.json")[1]) == {"runs": "here", "file": "a.tmpl"}
    assert ask(server, "GET", f"{server.path}file")[1].startswith(b"USER_INPUTS")


def test_a_request_is_answered(server: PreviewServer) -> None:
    body = json.dumps({"op": "open", "name": "a.tmpl"}).encode() + b'\nUSER_INPUTS = [ A = "O|text|a| |" ]\n'
    status, answer = ask(server, "POST", f"{server.path}answer", body)
    assert status == 200
    assert json.loads(answer)["parts"][0]["title"] == "Virtual machine"


@pytest.mark.parametrize("path", ["/", "/file", "/engine.json", "/x/file", "/../preview.js"])
def test_nothing_is_served_to_who_does_not_know_the_path(server: PreviewServer, path: str) -> None:
    assert ask(server, "GET", path)[0] == 404


@pytest.mark.parametrize("name", ["", "../engine.py", "..%2fengine.py", "engine.py", "%2e%2e/server.py"])
def test_nothing_but_the_page_is_served(server: PreviewServer, name: str) -> None:
    status, data = ask(server, "GET", f"{server.path}{name}")
    assert status == 404 or data.startswith(b"<!doctype")


def test_a_foreign_name_that_leads_here_is_refused(server: PreviewServer) -> None:
    assert ask(server, "GET", server.path, headers={"Host": "evil.example"})[0] == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "127.0.0.1"},
    ],
)
def test_a_foreign_page_that_knows_the_path_is_refused(server: PreviewServer, headers: dict[str, str]) -> None:
    request = json.dumps({"op": "appliances"}).encode() + b"\n"
    assert ask(server, "POST", f"{server.path}answer", request, headers)[0] == 404
    assert ask(server, "GET", f"{server.path}file", headers=headers)[0] == 404


def test_the_page_itself_is_answered(server: PreviewServer) -> None:
    request = json.dumps({"op": "appliances"}).encode() + b"\n"
    ours = {"Origin": f"http://{HOST}:{server.server_address[1]}", "Sec-Fetch-Site": "same-origin"}
    assert ask(server, "POST", f"{server.path}answer", request, ours)[0] == 200


@pytest.mark.parametrize("length", ["\xb2", "9" * 5000, "-1", "+1", "1_0", "0x1", "1, 1", "", " "])
def test_a_length_that_is_no_number_is_refused(
    server: PreviewServer, length: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection((HOST, server.server_address[1]), timeout=5) as connection:
        head = f"POST {server.path}answer HTTP/1.1\r\nHost: {HOST}:{server.server_address[1]}\r\n"
        connection.sendall(f"{head}Content-Length: {length}\r\n\r\n{{}}\n".encode("latin-1"))
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "request_text",
    [
        '{"op": "fill", "id": 1e999, "part": 0, "answers": {}}',
        '{"op": "fill", "id": 1, "part": 0, "answers": {"1e400": {}}}',
        '{"op": ["explain"], "id": "\u00b2"}',
        r'{"op": "open", "name": "\ud800", "appliance": "\ud800"}',
        '{"op": "open", "names": [[]], "appliance": "flower-supernode"}',
        '{"op": "__class__"}',
    ],
)
def test_a_request_that_makes_no_sense_is_told_so(
    server: PreviewServer, request_text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    status, answer = ask(server, "POST", f"{server.path}answer", request_text.encode() + b"\n")
    assert status == 200
    assert json.loads(answer).keys() == {"error"}
    assert capfd.readouterr().err == ""


def test_an_answer_is_json_whatever_was_typed(server: PreviewServer) -> None:
    body = b'{"op": "open"}\nUSER_INPUTS = [ A = "O|number-float|a| |1", B = "O|range|b|1..2|1" ]\n'
    number = json.loads(ask(server, "POST", f"{server.path}answer", body)[1])["id"]
    for typed in ("1e999", "9" * 5000, "\ud800", "NaN", "-Infinity"):
        for request in (
            {"op": "fill", "id": number, "part": 0, "answers": {"0": {"A": typed, "B": typed}}},
            {"op": "explain", "id": number, "part": 0, "name": "A", "answer": typed},
        ):
            status, answer = ask(server, "POST", f"{server.path}answer", json.dumps(request).encode() + b"\n")
            assert status == 200
            json.loads(answer, parse_constant=pytest.fail)


def test_a_bomb_of_entities_is_a_finding(server: PreviewServer) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]><a><USER_INPUTS><A>&b;</A></USER_INPUTS></a>'
    answer = json.loads(ask(server, "POST", f"{server.path}answer", b'{"op": "open"}\n' + bomb)[1])
    assert [finding["code"] for finding in answer["findings"]] == ["CTX205"]


DEEP = b'{"op": ' + b"[" * 200_000


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[1]", b"\xff\n", DEEP, b'{"op": Infinity}', b"9" * 5000])
def test_a_body_that_is_no_request(server: PreviewServer, body: bytes) -> None:
    assert ask(server, "POST", f"{server.path}answer", body)[0] == 400


def test_a_body_that_is_too_large_is_refused_unread(server: PreviewServer) -> None:
    length = {"Content-Length": str(LARGEST_FILE * 4)}
    assert ask(server, "POST", f"{server.path}answer", b"", length)[0] == 413


def test_who_goes_away_early_is_no_traceback(server: PreviewServer, capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(5):
        with socket.create_connection((HOST, server.server_address[1]), timeout=5) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(
                f"POST {server.path}answer HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 9\r\n\r\n".encode()
            )
    assert ask(server, "GET", server.path)[0] == 200
    assert "Traceback" not in capfd.readouterr().err


def test_a_file_that_is_not_there(ctx: Callable[..., Ended]) -> None:
    ended = ctx("preview", "/nowhere.tmpl", "--no-browser")
    assert ended.code == 2
    assert "/nowhere.tmpl cannot be read" in ended.err


def test_a_port_that_is_taken(ctx: Callable[..., Ended], server: PreviewServer) -> None:
    ended = ctx("preview", "--no-browser", "--port", str(server.server_address[1]))
    assert ended.code == 2
    assert "name another --port" in ended.err


def test_the_command_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    template = tmp_path / "a.tmpl"
    template.write_text('USER_INPUTS = [ A = "O|text|a| |" ]\n')
    command = [sys.executable, "-m", "ctxschema", "preview", str(template), "--no-browser"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        match = re.search(r"http://127\.0\.0\.1:(\d+)(/\S+/)", line)
        assert match
        connection = http.client.HTTPConnection(HOST, int(match[1]), timeout=10)
        connection.request("GET", f"{match[2]}file")
        with contextlib.closing(connection), connection.getresponse() as answered:
            assert answered.read().startswith(b"USER_INPUTS")
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(timeout=10) == 0
        finally:
            process.kill()
