"""OneGate on a real socket, as measured: docs/facts/opennebula.md, section 6, and onegate-probes.json."""

from __future__ import annotations

import contextlib
import json
import struct
import time
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SO_LINGER, SOL_SOCKET
from typing import Any
from urllib.parse import parse_qs

from ctxschema import parse_template
from tests.pem import CERTIFICATE
from tests.serving import serving

TOKEN = "dG9rZW4gb2YgdGhlIG1hY2hpbmU="


def escape_attr(data: str) -> str:
    """Quote as the server does: an opening quote after a bare =, a closing one before what ends a value."""
    out: list[str] = []
    named = is_open = False
    opened_at = 0
    for index, character in enumerate(data):
        before, after = data[index - 1 : index], data[index + 1 : index + 2]
        if character in ",[]\\\n" or data.startswith("\\n", index):
            if named and before != '"':
                out.append('"')
            is_open = False
            named = named and character != "\n" and not data.startswith("\\n", index)
        out.append(character)
        if character == "=" and not named and after != "[":
            named = True
            if after != '"':
                out.append('"')
                is_open, opened_at = True, index
    if is_open and not data.endswith('"') and opened_at < len(data) - 1:
        out.append('"')
    return "".join(out).replace("\\n", "\n")


class Server:
    """A OneGate with one machine in a service.

    Attributes:
        stored: What the machine has published, as the template keeps it.
        service: The document of the service.
        mode: How it behaves: ``well``, or one of the ways of failing below.
        requests: Method and path of everything that was asked.
    """

    def __init__(self) -> None:
        self.stored: dict[str, Any] = {}
        self.service: Any = {"SERVICE": {"name": "flower", "id": "7", "state": 1, "roles": []}}
        self.mode = "well"
        self.requests: list[str] = []
        self.bodies: list[str] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.answer(self, "")

            def do_PUT(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                server.answer(self, self.rfile.read(length).decode())

            def log_message(self, *_arguments: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self.http.server_address[1]}"

    @property
    def context(self) -> dict[str, str]:
        """The entries of a machine's context that refer to this server."""
        return {"ONEGATE_ENDPOINT": self.endpoint, "ONEGATE_TOKEN": TOKEN, "VMID": "42"}

    def superlink(self, endpoint: str = "10.0.0.9:9092", ready: str = "YES", **more: str) -> None:
        """Publish the address and the certificate of a SuperLink of the service, unless given others."""
        tls = {"FL_TLS": "YES", "FL_CA_CERT": b64encode(CERTIFICATE.encode()).decode()}
        link = {"FL_READY": ready, "FL_ENDPOINT": endpoint, "FL_VERSION": "1.25.0", "FL_ROLE": "superlink"}
        published = {**link, **tls, **more}
        machine = {"VM": {"NAME": "link", "ID": "41", "USER_TEMPLATE": published, "TEMPLATE": {"NIC": []}}}
        roles = [
            {"name": "supernode", "cardinality": 2, "state": "1", "nodes": [{"deploy_id": 42, "running": None}]},
            {"name": "superlink", "cardinality": 1, "state": "2", "nodes": [{"deploy_id": 41, "vm_info": machine}]},
        ]
        self.service = {"SERVICE": {"name": "flower", "id": "7", "state": 2, "roles": roles}}

    def answer(self, handler: BaseHTTPRequestHandler, body: str) -> None:
        self.requests.append(f"{handler.command} {handler.path}")
        self.bodies.append(body)
        failing = {
            "401": (401, "Not authorized"),
            "500": (500, "[VirtualMachineUpdate] Parse error: syntax error, unexpected COMMA"),
            "html": (200, "<html><body>Please log in</body></html>"),
            "redirect": (302, ""),
            "garbage": (200, "\x00\x01 not JSON {"),
            "list": (200, "[1, 2, 3]"),
        }
        if self.mode == "silent":
            time.sleep(3)
        elif self.mode == "drip":
            with contextlib.suppress(OSError):
                handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                for _ in range(30):
                    handler.wfile.write(b" ")
                    time.sleep(0.1)
        elif self.mode == "half":
            handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"SERVICE": ')
            handler.close_connection = True
        elif self.mode == "no http":
            handler.wfile.write(b"220 mail.example.org ESMTP\r\n")
            handler.close_connection = True
        elif self.mode == "reset":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            time.sleep(0.1)
            handler.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
            handler.connection.close()
            handler.close_connection = True
        elif self.mode in failing:
            self.send(handler, *failing[self.mode])
        elif handler.headers.get("X-ONEGATE-TOKEN") != TOKEN or handler.headers.get("X-ONEGATE-VMID") != "42":
            self.send(handler, 401, "Not authorized")
        elif handler.command == "PUT":
            self.send(handler, *self.store(handler, body))
        else:
            document = self.service if "extended" in handler.path else _plain(self.service)
            self.send(handler, 200, json.dumps(document))

    def store(self, handler: BaseHTTPRequestHandler, body: str) -> tuple[int, str]:
        form = handler.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
        given = parse_qs(body, keep_blank_values=True).get("data") if form else None
        template = parse_template(escape_attr(given[0] if given else body))
        if not template.ok:
            return 500, "[VirtualMachineUpdate] Parse error: syntax error"
        self.stored.update(dict(template.attributes))
        return 200, ""

    def send(self, handler: BaseHTTPRequestHandler, status: int, text: str) -> None:
        data = text.encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json;charset=utf-8")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)


def _plain(service: Any) -> Any:
    """The service document as it is without ``extended``: no address, nothing published."""
    plain = json.loads(json.dumps(service))
    for role in plain["SERVICE"]["roles"]:
        for node in role["nodes"]:
            if "vm_info" in node:
                node["vm_info"] = {"VM": {key: node["vm_info"]["VM"][key] for key in ("ID", "NAME")}}
    return plain


@contextlib.contextmanager
def onegate() -> Iterator[Server]:
    """Serve until the end of the block."""
    server = Server()
    with serving(server.http):
        yield server
