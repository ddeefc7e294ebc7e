"""A small Docker engine on a unix socket: enough for the real client to create, start and look at containers."""

from __future__ import annotations

import contextlib
import json
import re
import socketserver
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.serving import serving

VERSION = {
    "Version": "28.5.2",
    "ApiVersion": "1.50",
    "MinAPIVersion": "1.24",
    "Os": "linux",
    "Arch": "amd64",
    "Components": [{"Name": "Engine", "Version": "28.5.2", "Details": {}}],
}
NAMES = re.compile(r"(/v[0-9.]+)?/(?P<what>.*)")


class Engine:
    """What the client has sent.

    Attributes:
        created: The body of each ``POST /containers/create``, by the container's name, in order.
        running: The names of the containers that were started.
        refuses_gpu: What it says to a container with a GPU; nothing if it has the GPU to hand over.
        calls: Method and path of everything that was asked.
    """

    def __init__(self, path: Path) -> None:
        self.created: dict[str, dict[str, Any]] = {}
        self.running: list[str] = []
        self.refuses_gpu = ""
        self.calls: list[str] = []
        engine = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                engine.handle(self)

            def __getattr__(self, name: str) -> Any:
                if name in {"do_HEAD", "do_POST", "do_DELETE"}:
                    return self.do_GET
                raise AttributeError(name)

            def log_message(self, *_arguments: object) -> None:
                pass

            def address_string(self) -> str:
                return "client"

        class Server(socketserver.ThreadingUnixStreamServer):
            daemon_threads = True

        self.server = Server(str(path), Handler)
        self.host = f"unix://{path}"

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        url = urlsplit(handler.path)
        match = NAMES.match(url.path)
        what = match["what"] if match else ""
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        self.calls.append(f"{handler.command} /{what}")
        status, answer = self.answer(handler.command, what, parse_qs(url.query), json.loads(body or b"{}"))
        data = b"" if answer is None else answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        handler.send_response(status)
        handler.send_header("Api-Version", "1.50")
        handler.send_header("Ostype", "linux")
        handler.send_header("Content-Type", "text/plain" if isinstance(answer, bytes) else "application/json")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        if handler.command != "HEAD":
            with contextlib.suppress(BrokenPipeError):  # a client that was ended does not read
                handler.wfile.write(data)

    def answer(self, method: str, what: str, query: dict[str, list[str]], body: dict[str, Any]) -> tuple[int, Any]:
        fixed = {"_ping": b"OK", "version": VERSION}
        if what in fixed or what.startswith("images/"):
            return 200, fixed.get(what, {"Id": "sha256:0", "RepoTags": []})
        if what == "containers/create":
            return self.create(query.get("name", [""])[0], body)
        name = what.split("/")[1]
        if name not in self.created:
            return 404, {"message": f"No such container: {name}"}
        if method == "DELETE":
            del self.created[name]
            return 204, None
        return self.start(name) if what.endswith("/start") else self.inspect(name)

    def create(self, name: str, body: dict[str, Any]) -> tuple[int, Any]:
        if name in self.created:
            return 409, {"message": f'Conflict. The container name "/{name}" is already in use'}
        self.created[name] = body
        return 201, {"Id": name, "Warnings": []}

    def start(self, name: str) -> tuple[int, Any]:
        if self.refuses_gpu and self.created[name]["HostConfig"]["DeviceRequests"]:
            return 500, {"message": self.refuses_gpu}
        self.running.append(name)
        return 204, None

    def inspect(self, name: str) -> tuple[int, Any]:
        running = name in self.running
        error = "" if running else self.refuses_gpu
        return 200, {"Id": name, "RestartCount": 0, "State": {"Running": running, "ExitCode": 0, "Error": error}}


@contextlib.contextmanager
def engine(path: Path) -> Iterator[Engine]:
    """Serve on a socket until the end of the block."""
    made = Engine(path)
    with serving(made.server):
        yield made
