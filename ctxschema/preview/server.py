"""The preview on this machine: the same page, answered by this Python rather than by one in the browser."""

from __future__ import annotations

import json
import secrets
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any

from ctxschema.core.files import LARGEST_FILE
from ctxschema.preview.engine import Engine

HOST = "127.0.0.1"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_ROOM = 1 << 20  # for the request beside a file


def static_files() -> dict[str, bytes]:
    """Return the files of the page, by name."""
    folder = files("ctxschema.preview").joinpath("static")
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.name.endswith(tuple(TYPES))}


class PreviewServer(ThreadingHTTPServer):
    """Serves the page to this machine alone, below a path that nobody can guess.

    Args:
        file: Name and contents of the file to open; None to open none.
        port: The port; 0 for any that is free.

    Raises:
        OSError: The port is taken.
    """

    daemon_threads = True

    def __init__(self, file: tuple[str, bytes] | None, port: int = 0) -> None:
        super().__init__((HOST, port), _Handler)
        self.path = f"/{secrets.token_urlsafe(16)}/"
        self.engine = Engine()
        self.lock = threading.Lock()
        found = {"runs": "here", "file": file[0] if file else None}
        self.pages = {**static_files(), "engine.json": json.dumps(found).encode()}
        if file is not None:
            self.pages["file"] = file[1]

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://{HOST}:{self.server_address[1]}{self.path}"

    def is_host(self, host: str | None) -> bool:
        """Say whether a request names this server; one that a foreign name led here does not."""
        return host in {f"{name}:{self.server_address[1]}" for name in (HOST, "localhost")}


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        name = self._name()
        if name is None or (name or "index.html") not in self.server.pages:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        name = name or "index.html"
        kind = TYPES.get(name[name.rfind(".") :], "application/octet-stream")
        self._send(self.server.pages[name], kind)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self._name() != "answer":
            self.close_connection = True
            self.send_error(HTTPStatus.NOT_FOUND)
        elif not length.isdigit() or int(length) > LARGEST_FILE + _ROOM:
            self.close_connection = True
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            head, _, data = self.rfile.read(int(length)).partition(b"\n")
            try:
                request = json.loads(head)
            except ValueError:
                self.send_error(HTTPStatus.BAD_REQUEST)
                return
            if not isinstance(request, dict):
                self.send_error(HTTPStatus.BAD_REQUEST)
                return
            with self.server.lock:
                answer = self.server.engine.answer(request, data)
            self._send(json.dumps(answer).encode(), "application/json")

    def _name(self) -> str | None:
        """Return what is asked for below the server's path; None for everything else."""
        path = self.path.partition("?")[0]
        if not self.server.is_host(self.headers.get("Host")) or not path.startswith(self.server.path):
            return None
        return path.removeprefix(self.server.path)

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing: the path is nobody else's business."""
