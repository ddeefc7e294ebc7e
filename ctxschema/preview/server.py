"""The server of ``ctxschema preview``: the same page as on the site, answered by this machine's Python."""

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
_ROOM = 1 << 20  # bytes for the request that accompanies a file


def static_files() -> dict[str, bytes]:
    """Return the files of the page, by name."""
    folder = files("ctxschema.preview").joinpath("static")
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.name.endswith(tuple(TYPES))}


class PreviewServer(ThreadingHTTPServer):
    """Serves the page to this machine only, below a path that cannot be guessed.

    Args:
        file: The name and the content of a file to open; None for none.
        port: The port; 0 for any free one.
        own: Appliances beside those of the catalog, by name; without a file, the first is opened.

    Raises:
        OSError: The port is in use.
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
        """Close the server, and end the engine's process."""
        super().server_close()
        self.engine.stop()

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://{HOST}:{self.server_address[1]}{self.path}"

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the library calls it
        """Ignore that a browser closed its connection; print any other error in one line."""
        error = sys.exc_info()[1]
        if not isinstance(error, (ConnectionError, TimeoutError)) and sys.stderr is not None:
            sys.stderr.write(f"a request could not be answered: {error!r}\n")

    def is_ours(self, headers: Message) -> bool:
        """Say whether a request comes from this page, and not from another site.

        A foreign host name that resolves to this machine differs in the Host header. A foreign page that knows the path
        differs in the Origin header, and browsers mark its requests as coming from another site.
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
        """Return the file or operation that the path names; None for any other path."""
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
        self.send_header("Content-Security-Policy", "frame-ancestors 'none'")  # in addition to the page's own policy
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Log nothing, since the path is a secret."""
