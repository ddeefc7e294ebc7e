"""The preview on this machine: the same page, answered by this Python rather than by one in the browser."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Mapping
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any

from ctxschema.core.files import LARGEST_FILE
from ctxschema.core.outside import json_value, whole_number
from ctxschema.model.appliance import Appliance
from ctxschema.preview.apart import EngineApart
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
        own: Appliances beside those of the catalog, by name; the first of them is opened where there is no file.

    Raises:
        OSError: The port is taken.
    """

    daemon_threads = True

    def __init__(
        self, file: tuple[str, bytes] | None, port: int = 0, own: Mapping[str, Appliance] | None = None
    ) -> None:
        self.engine = EngineApart(Engine(own=own or {}))
        super().__init__((HOST, port), _Handler)
        self.path = f"/{secrets.token_urlsafe(16)}/"
        found = {"runs": "here", "file": file[0] if file else None}
        if own and file is None:
            found["appliance"] = next(iter(own))
        self.pages = {**static_files(), "engine.json": json.dumps(found).encode()}
        if file is not None:
            self.pages["file"] = file[1]

    def server_close(self) -> None:
        """Close the server, and end what answers for it."""
        super().server_close()
        self.engine.stop()

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://{HOST}:{self.server_address[1]}{self.path}"

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the library calls it
        """Say nothing of a browser that went away before it had its answer, and of a fault of ours one line."""
        error = sys.exc_info()[1]
        if not isinstance(error, (ConnectionError, TimeoutError)) and sys.stderr is not None:
            sys.stderr.write(f"a request could not be answered: {error!r}\n")

    def is_ours(self, headers: Message) -> bool:
        """Say whether a request is one of this page: for this server, and from no page of somebody else's.

        A foreign name that leads here is another Host; a foreign page that knows the path has another Origin, and a
        browser says of it that it is of another site.
        """
        hosts = {f"{name}:{self.server_address[1]}" for name in (HOST, "localhost")}
        origins = {None, *(f"http://{host}" for host in hosts)}
        named = headers.get_all("Host", [])
        return (
            len(named) == 1
            and named[0] in hosts
            and all(origin in origins for origin in headers.get_all("Origin", []))
            and headers.get("Sec-Fetch-Site", "none") in {"none", "same-origin"}
        )


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
        length = whole_number(self.headers.get("Content-Length", ""))
        if self._name() == "stop":
            self.server.engine.stop()
            self._send(b"", TYPES[".html"])
        elif self._name() != "answer":
            self.close_connection = True
            self.send_error(HTTPStatus.NOT_FOUND)
        elif length is None or length > LARGEST_FILE + _ROOM:
            self.close_connection = True
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            head, _, data = self.rfile.read(length).partition(b"\n")
            try:
                request = json_value(head)
            except ValueError:
                self.send_error(HTTPStatus.BAD_REQUEST)
                return
            if not isinstance(request, dict):
                self.send_error(HTTPStatus.BAD_REQUEST)
                return
            self._send(self.server.engine.answer(request, data), "application/json")

    def _name(self) -> str | None:
        """Return what is asked for below the server's path; None for everything else."""
        path = self.path.partition("?")[0]
        if not self.server.is_ours(self.headers) or not path.startswith(self.server.path):
            return None
        return path.removeprefix(self.server.path)

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Content-Security-Policy", "frame-ancestors 'none'")  # beside that of the page itself
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing: the path is nobody else's business."""
