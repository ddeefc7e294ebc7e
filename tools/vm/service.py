"""A service of two machines: the SuperNode learns from OneGate where the SuperLink is, and reaches it there.

OneGate is that of the tests, which answers as measured (docs/facts/opennebula.md, section 6), for two machines.
"""

from __future__ import annotations

import socket
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.onegate_server import TOKEN, Server
from tests.serving import serving
from tools.vm.lab import HOST, USER_NETWORK, Lab, switch_on
from tools.vm.roles import SUPERLINK, SUPERNODE
from tools.vm.seen import check, clean, ended

LINK_ID, NODE_ID = "41", "42"
_LINK, _NODE = "10.77.0.1", "10.77.0.2"
_MAC = "02:00:0a:4d:00:0{}"


class ServiceServer(Server):
    """A OneGate with a SuperLink and a SuperNode in one service.

    Attributes:
        link: What the SuperLink has published.
    """

    def __init__(self) -> None:
        super().__init__()
        self.link: dict[str, Any] = {}
        self.refused = 0

    def answer(self, handler: BaseHTTPRequestHandler, body: str) -> None:
        if handler.headers.get("X-ONEGATE-VMID") != LINK_ID:
            super().answer(handler, body)
        elif handler.headers.get("X-ONEGATE-TOKEN") != TOKEN:
            self.refused += 1
            self.send(handler, 401, "Not authorized")
        else:
            node, self.stored = self.stored, self.link
            answer = self.store(handler, body) if handler.command == "PUT" else (200, "{}")
            self.stored = node
            self.send(handler, *answer)
            machine = {"VM": {"NAME": "link", "ID": LINK_ID, "USER_TEMPLATE": self.link, "TEMPLATE": {"NIC": []}}}
            for role in self.service["SERVICE"]["roles"]:
                if role["name"] == "superlink":
                    role["nodes"] = [{"deploy_id": int(LINK_ID), "vm_info": machine}]


def discovery(lab: Lab) -> str:
    """A SuperNode that is told nothing of its SuperLink, started before it, in a network of two machines."""
    server = ServiceServer()
    server.superlink()
    server.service["SERVICE"]["roles"][1]["nodes"] = []
    port = server.http.server_address[1]
    onegate = {"ONEGATE_ENDPOINT": f"http://{HOST}:{port}", "TOKEN": "YES"}
    between = _free_port()
    node_network = (*USER_NETWORK, *_second(f"socket,id=service,listen=127.0.0.1:{between}", 2))
    link_network = (*USER_NETWORK, *_second(f"socket,id=service,connect=127.0.0.1:{between}", 1))
    with (
        serving(server.http),
        lab.machine(SUPERNODE, "discovery", network=node_network) as node,
        lab.machine(SUPERLINK, "discovery", network=link_network) as link,
    ):
        switch_on(node, {**onegate, **_address(_NODE, 2), "VMID": NODE_ID}, TOKEN)
        listening = {"FL_FLEET_API_ADDRESS": f"{_LINK}:9092"}
        switch_on(link, {**onegate, **_address(_LINK, 1), **listening, "VMID": LINK_ID}, TOKEN)
        link_end, node_end = ended(link), ended(node)
        check(link_end.report["ok"], f"the SuperLink: {link_end.said}")
        check(node_end.report["ok"], f"the SuperNode: {node_end.said}")
        check(server.link.get("FL_ENDPOINT") == f"{_LINK}:9092", f"the SuperLink has published {sorted(server.link)}")
        command = node_end.running(SUPERNODE.name, {})["Config"]["Cmd"]
        told = command[command.index("--superlink") + 1]
        check(told == f"{_LINK}:9092", f"the SuperNode is told {told}")
        check("--root-certificates" in command, "the SuperNode does not check the SuperLink's certificate")
        check(server.stored.get("FL_NODE_READY") == "YES", f"the SuperNode has published {sorted(server.stored)}")
        same = "sha256sum < /opt/flower/certs/{}"
        check(
            link.must(same.format("server.crt")) == node.must(same.format("ca.crt")),
            "the SuperNode has another certificate than the SuperLink",
        )
        host, number = told.split(":")
        # From the machine: without iptables its containers reach nothing beyond it.
        answer = node.must(f"busybox nc -w 60 {host} {number} < /dev/null")
        check("superlink" in answer, f"at {told} answers {answer.strip()!r}")
        clean(node, set(), {TOKEN: ""})
        clean(link, {"/opt/flower/certs/server.key"}, {TOKEN: ""})
        discovered = next(step["message"] for step in node_end.report["steps"] if step["id"] == "discover")
        return str(discovered).partition(";")[0]


def _address(address: str, number: int) -> dict[str, str]:
    return {"ETH1_IP": address, "ETH1_MAC": _MAC.format(number), "ETH1_MASK": "255.255.255.0"}


def _second(network: str, number: int) -> tuple[str, ...]:
    return ("-netdev", network, "-device", f"virtio-net-pci,netdev=service,mac={_MAC.format(number)}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
