"""OneGate, through which a machine publishes attributes and reads those of its service.

Source: docs/facts/opennebula.md, section 6. The network library is imported only when a request is sent, because
importing it takes long.
"""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from ctxschema.context.load import read_context
from ctxschema.context.raw import RawContext
from ctxschema.core.errors import CtxschemaError
from ctxschema.core.secret import Secret, echoed
from ctxschema.core.source import SourceText
from ctxschema.core.timed import in_time
from ctxschema.machine.source import CONTEXT_FOLDERS
from ctxschema.machine.system import System
from ctxschema.model.service import Discover

if TYPE_CHECKING:
    from http.client import HTTPConnection
    from socket import socket

TOKEN_FILES = ("/mnt/context/token.txt", "/mnt/token.txt", "/run/one-context/token.txt")
"""The paths at which the context CD's token may be mounted."""

TOKEN_NAMES = ("ONEGATE_TOKEN", "TOKENTXT")
"""The names under which a context holds the token."""

_ASK = "set TOKEN to YES in CONTEXT"

LARGEST_ANSWER = 16 * 1024 * 1024
"""The most that is read of an answer, in bytes."""

LARGEST_ECHO = 4096
"""The most of an error answer that is used for a message, in characters."""

_PLAIN = re.compile(r"(?! )[A-Za-z0-9_.:/+=@ -]*(?<! )\Z", re.ASCII)
"""The values that the server stores unchanged without quotes (section 6.1); it strips blanks at the ends."""


class OneGateError(CtxschemaError):
    """OneGate could not be reached, or its answer is not usable."""


class NotReachedError(OneGateError):
    """OneGate did not answer at all; an immediate next attempt is not likely to succeed."""


@frozen
class OneGate:
    """The address and credentials with which this machine reaches OneGate.

    Args:
        endpoint: The URL of the server.
        token: The token that authenticates the machine.
        vm_id: The ID of the virtual machine.
    """

    endpoint: str
    token: Secret
    vm_id: str = field(default="")

    def put(self, name: str, value: str, seconds: float) -> None:
        """Publish one attribute of this machine.

        Args:
            name: The name of the attribute.
            value: Its value.
            seconds: The time limit.

        Raises:
            OneGateError: The attribute was not published.
        """
        if not _PLAIN.match(value):
            raise OneGateError(f"{name} has a value that OneGate does not store unchanged")
        # The server stores a URL-encoded body without decoding it, so the body is sent raw, one attribute at a time.
        answer = self._request("PUT", "/vm", f"{name}={value}" if value else f'{name}=""', seconds)
        if answer.lstrip().startswith("<"):
            raise OneGateError(f"{self.endpoint} answered with a web page; is it OneGate?")

    def discover(self, wanted: Discover, seconds: float) -> Mapping[str, str] | None:
        """Return the attributes of another machine of the service, or None while no machine has those that are wanted.

        Args:
            wanted: The attributes to look for.
            seconds: The time limit.

        Raises:
            OneGateError: There was no answer, or the answer is not a service document.
        """
        for published in _published(self._service(seconds)):
            found = published.get(wanted.attribute)
            fits = all(published.get(name) == value for name, value in wanted.where.items())
            if fits and isinstance(found, str) and found and wanted.variable.problem(found) is None:
                return {name: text for name, text in published.items() if isinstance(text, str)}
        return None

    def place(self, seconds: float) -> tuple[int, int] | None:
        """Return the index of this machine among the machines of its role, from 0, and the number of those machines.

        Args:
            seconds: The time limit.

        Returns:
            Both numbers, or None if no role contains this machine.

        Raises:
            OneGateError: There was no answer, or the answer is not a service document.
        """
        for role in _items(_member(_member(self._service(seconds), "SERVICE"), "roles")):
            machines = [str(_member(node, "deploy_id")) for node in _items(_member(role, "nodes"))]
            if self.vm_id in machines:
                return machines.index(self.vm_id), len(machines)
        return None

    def _service(self, seconds: float) -> Any:
        # Only the extended form contains the attributes of the machines; any value of the parameter switches it on.
        text = self._request("GET", "/service?extended=true", None, seconds)
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise OneGateError(f"{self.endpoint} answered with something that is no service document") from None

    def _request(self, method: str, path: str, body: str | None, seconds: float) -> str:
        """Send one request and return the body of the answer.

        The request runs in a thread, because a socket's timeout covers neither the lookup of a name nor a server that
        sends a byte now and then. At the deadline the connection is shut down from outside, which ends the thread.
        """
        until = time.monotonic() + seconds
        held: list[socket] = []
        try:
            return in_time(lambda: self._answer(method, path, body, until, held), seconds)
        except TimeoutError:
            raise self._silent(seconds) from None
        finally:
            while held:
                with held.pop() as connected, contextlib.suppress(OSError):
                    connected.shutdown(2)  # SHUT_RDWR

    def _silent(self, seconds: float) -> NotReachedError:
        return NotReachedError(f"{self.endpoint} did not answer within {seconds:g} seconds")

    def _answer(self, method: str, path: str, body: str | None, until: float, held: list[socket]) -> str:
        import http.client

        headers = {"X-ONEGATE-TOKEN": self.token.reveal(), "X-ONEGATE-VMID": self.vm_id}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection, root = self._connection(until, held)
            try:
                connection.request(method, root + path, body, headers)
                with connection.getresponse() as response:  # one that ends with its connection is not closed by it
                    data = response.read(LARGEST_ANSWER + 1)
                    if response.length and len(data) <= LARGEST_ANSWER:  # a sized read does not notice a short answer
                        raise http.client.IncompleteRead(data, response.length)
            finally:
                connection.close()
        except TimeoutError:
            raise
        except (OSError, http.client.HTTPException) as error:
            said = self._echo(f"{type(error).__name__} {error}")
            raise NotReachedError(f"{self.endpoint} cannot be reached: {said}") from None
        except ValueError:  # the message would quote the header, and with it the token
            raise OneGateError("ONEGATE_ENDPOINT or the token has characters that no request can carry") from None
        if len(data) > LARGEST_ANSWER:
            raise OneGateError(f"{self.endpoint} answered with more than {LARGEST_ANSWER >> 20} MiB")
        text = data.decode("utf-8", "replace")
        if response.status != http.client.OK:
            said = self._echo(f"{response.reason}: {text[:LARGEST_ECHO]}")
            raise OneGateError(f"{self.endpoint} answered {response.status} {said}")
        return text

    def _echo(self, text: str) -> str:
        """Return an error answer for a message: shortened, with the token masked where the server repeats it."""
        return echoed(text, self.token.reveal())

    def _connection(self, until: float, held: list[socket]) -> tuple[HTTPConnection, str]:
        """Return a connection that is not opened yet, and the path prefix of OneGate.

        Args:
            until: The time by which it must be open, on the monotonic clock.
            held: A list to which the open socket is added, so that the caller can shut it down.
        """
        import http.client
        from urllib.parse import urlsplit

        url = urlsplit(self.endpoint)
        if url.scheme not in {"http", "https"} or not url.hostname:
            raise OneGateError("ONEGATE_ENDPOINT is no http:// or https:// address")

        class Plain(http.client.HTTPConnection):
            def connect(self) -> None:
                super().connect()
                if time.monotonic() >= until:  # the name lookup took too long, and the caller is gone
                    self.close()
                    raise TimeoutError
                held.append(self.sock.dup())

        class Encrypted(http.client.HTTPSConnection, Plain):
            pass

        kind = Encrypted if url.scheme == "https" else Plain
        return kind(url.hostname, url.port, timeout=max(until - time.monotonic(), 0.001)), url.path.rstrip("/")


def _published(document: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the attributes of each machine of a service; a machine that is still starting has none."""
    for role in _items(_member(_member(document, "SERVICE"), "roles")):
        for node in _items(_member(role, "nodes")):
            published = _member(_member(_member(node, "vm_info"), "VM"), "USER_TEMPLATE")
            if isinstance(published, dict):
                yield published


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def find_onegate(system: System, raw: RawContext) -> OneGate:
    """Return how a machine reaches OneGate.

    The token is taken from the context, else from one_env, else from the file on the context CD.

    Args:
        system: The machine.
        raw: Its context.

    Raises:
        OneGateError: The address, the token or the ID is missing; the message names it.
    """
    lookups = [_from(raw), *(_from(_one_env(system, folder)) for folder in CONTEXT_FOLDERS)]

    def first(name: str) -> str:
        return next((text for given in lookups if (text := given(name))), "")

    endpoint, vm_id = first("ONEGATE_ENDPOINT"), first("VMID")
    asked = first("TOKEN").upper() == "YES"
    if not endpoint:
        repair = "TOKEN is YES, so look at ONEGATE_ENDPOINT in oned.conf on the front-end" if asked else _ASK
        raise OneGateError(f"the context names no ONEGATE_ENDPOINT; {repair}")
    token = next(filter(None, map(first, TOKEN_NAMES)), "")
    if not token:
        token = next((text for path in TOKEN_FILES if (text := system.read(path))), "")
    if not token:
        repair = f"TOKEN is YES, so look for the context CD's token.txt ({', '.join(TOKEN_FILES)})" if asked else _ASK
        raise OneGateError(f"there is no token for OneGate; {repair}")
    return OneGate(endpoint, Secret(token), vm_id)


def _from(raw: RawContext) -> Callable[[str], str]:
    def given(name: str) -> str:
        value = raw.values.get(name)
        return (value.text or "").strip() if value else ""

    return given


def _one_env(system: System, folder: str) -> RawContext:
    path = f"{folder}/one_env"
    return read_context(SourceText(system.read(path) or "", path, confidential=True))
