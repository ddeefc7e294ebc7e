"""9: secrets that a server repeats in its answer reach neither the log nor the report, which only root reads."""

import json
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema.core.secret import echoed, starred
from tests.attack.conftest import Agent
from tests.machine import ADDRESS, NODE, Machine

TOKEN = "c2VjcmV0L3Rva2VuK29mL3RoZS9tYWNoaW5lPQ=="
ECHOES: dict[str, Callable[[str], str]] = {
    "the body": lambda request: f"HTTP/1.1 500 no\r\nContent-Length: {len(request)}\r\n\r\n{request}",
    "the body, as JSON": lambda request: f"HTTP/1.1 500 no\r\n\r\n{json.dumps(request)}",
    "the body, encoded": lambda request: f"HTTP/1.1 500 no\r\n\r\n{quote(request)}",
    "the body, cut in the token": lambda request: f"HTTP/1.1 500 no\r\n\r\n{request[: request.index(TOKEN) + 25]}",
    "the reason": lambda request: f"HTTP/1.1 401 {' '.join(request.split())}\r\nContent-Length: 0\r\n\r\n",
    "a bad status line": lambda request: f"{' '.join(request.split())}\r\n\r\n",
    "a bad status": lambda _request: f"HTTP/1.1 {TOKEN} no\r\n\r\n",
    "a bad header": lambda request: f"HTTP/1.1 200 OK\r\n{TOKEN}\r\nContent-Length: {TOKEN}\r\n\r\n{request}",
    "a long reason": lambda _request: f"HTTP/1.1 500 {'no ' * 15000}\r\n\r\n",
    "an address that is the token": lambda _request: f"HTTP/1.1 200 OK\r\n\r\n<{TOKEN}>",
}


@contextmanager
def parrot(answer: Callable[[str], str]) -> Iterator[str]:
    """Serve what repeats the request; yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    request = connection.recv(65536).decode("latin-1")
                    if TOKEN in request:
                        connection.sendall(answer(request).encode("latin-1"))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("answer", ECHOES.values(), ids=ECHOES)
def test_no_echo_brings_the_token_anywhere(tmp_path: Path, agent: Agent, answer: Callable[[str], str]) -> None:
    report = tmp_path / "report.json"
    report.write_text("an earlier one, for everybody")
    report.chmod(0o644)
    with parrot(answer) as endpoint:
        machine = Machine.make(tmp_path / "machine").context(
            **ADDRESS, ONEGATE_ENDPOINT=endpoint, ONEGATE_TOKEN=TOKEN, VMID="42"
        )
        ended = agent(machine, NODE, "--report", report, "--format", "json")
    assert ended.code == 0, ended.err
    for text in (ended.err, ended.out, report.read_text()):
        assert not [at for at in range(len(TOKEN) - 11) if TOKEN[at : at + 12] in text]
        assert max(map(len, text.splitlines())) < 2000
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


def test_the_token_of_a_file_is_starred_as_well(tmp_path: Path, agent: Agent) -> None:
    with parrot(ECHOES["the body"]) as endpoint:
        machine = Machine.make(tmp_path / "machine").context(**ADDRESS, ONEGATE_ENDPOINT=endpoint, VMID="42")
        machine.file("mnt/context/token.txt", TOKEN)
        ended = agent(machine, NODE, "--format", "json")
    assert "500" in ended.err
    assert TOKEN not in ended.err + ended.out


def test_what_docker_repeats_of_a_secret_is_starred(tmp_path: Path, agent: Agent) -> None:
    machine = Machine.make(tmp_path / "machine").context(**ADDRESS, ONEGATE_TOKEN=TOKEN)
    machine.docker("refuses", f"Error response from daemon: what is {TOKEN}?")
    ended = agent(machine, NODE, "--format", "json")
    assert ended.code == 1
    assert "what is ********?" in ended.err
    assert TOKEN not in ended.err + ended.out


@given(before=st.text(), after=st.text(), secret=st.text("abcdefgh0123/+=", min_size=12, max_size=60))
def test_no_piece_of_a_secret_is_echoed(before: str, after: str, secret: str) -> None:
    assert secret not in starred(before + secret + after, [secret])
    shown = echoed(before + secret[:-2] + after, secret)
    assert not [at for at in range(len(secret) - 7) if secret[at : at + 8] in shown]
    assert len(shown) <= 123
    assert "\n" not in shown


@given(text=st.text("abc ", max_size=100))
def test_what_repeats_nothing_is_shown_as_it_is(text: str) -> None:
    assert echoed(text, "0123456789") == " ".join(text.split())
