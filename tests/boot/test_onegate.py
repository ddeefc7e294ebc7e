"""OneGate over real sockets, with a server that behaves as measured."""

import base64
import gc
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema import get_appliance, load_context
from ctxschema.catalog.flower.container import SUPERNODE_CONTAINER
from ctxschema.core import codes
from ctxschema.core.secret import Secret
from ctxschema.machine.onegate import NotReachedError, OneGate, OneGateError, find_onegate
from ctxschema.machine.system import System
from ctxschema.model.step import Backoff
from tests.conftest import probes
from tests.machine import LINK, NODE, Machine, hurried
from tests.onegate_server import TOKEN, Server, escape_attr, onegate
from tests.pem import CERTIFICATE

WANTED = SUPERNODE_CONTAINER.discovers[0]


@pytest.fixture
def server() -> Iterator[Server]:
    with onegate() as serving:
        yield serving


@pytest.fixture(scope="module")
def shared_server() -> Iterator[Server]:
    """One server for all examples of a property."""
    with onegate() as serving:
        yield serving


def client(server: Server, token: str = TOKEN) -> OneGate:
    return OneGate(server.endpoint, Secret(token), "42")


@pytest.mark.parametrize("probe", probes("onegate-probes.json"), ids=lambda probe: probe["data"])
def test_the_server_of_these_tests_quotes_as_the_real_one(probe: dict[str, str]) -> None:
    assert escape_attr(probe["data"]) == probe["after_escape_attr"]


@pytest.mark.parametrize(
    "value", ["YES", "1.25.0", "10.0.0.9:9092", "", "two words", "a=b==", "[fe80::1]:9"[1:7], "+a/b@c"]
)
def test_a_value_is_stored_as_it_is(server: Server, value: str) -> None:
    client(server).put("FL_X", value, 2)
    assert server.stored == {"FL_X": value}
    assert server.requests == ["PUT /vm"]


@given(value=st.text(st.characters(codec="utf-8"), max_size=40) | st.text("aZ09_.:/+=@ -", max_size=40))
def test_a_value_is_stored_exactly_or_not_sent_at_all(shared_server: Server, value: str) -> None:
    shared_server.stored.clear()
    try:
        client(shared_server).put("FL_X", value, 2)
    except OneGateError:
        assert shared_server.stored == {}
    else:
        assert shared_server.stored == {"FL_X": value}


@pytest.mark.parametrize(
    "value", ["a,b", "[x]", "a\\b", 'say "x"', "two\nlines", "caf\u00e9", "$(id)", "&data=x", "x;y"]
)
def test_what_the_server_would_mangle_is_not_sent(server: Server, value: str) -> None:
    with pytest.raises(OneGateError, match="FL_X"):
        client(server).put("FL_X", value, 2)
    assert server.requests == []


@pytest.mark.parametrize(
    ("mode", "message"),
    [
        ("401", "401 Unauthorized: Not authorized"),
        ("500", "500"),
        ("html", "no service document"),
        ("garbage", "no service document"),
        ("half", "cannot be reached"),
        ("no http", "cannot be reached"),
        ("redirect", "302"),
        ("silent", "did not answer within 0.4 seconds"),
        ("drip", "did not answer within 0.4 seconds"),
    ],
)
def test_every_way_of_failing_is_an_error_in_time(server: Server, mode: str, message: str) -> None:
    server.mode = mode
    began = time.monotonic()
    with pytest.raises(OneGateError, match=message):
        client(server).discover(WANTED, 0.4)
    assert time.monotonic() - began < 1.5


def test_a_server_that_resets_leaves_no_connection_open(server: Server) -> None:
    server.mode = "reset"
    gc.collect()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(NotReachedError, match="ConnectionResetError"):
            client(server).put("FL_X", "a", 2)
        gc.collect()
    assert [str(each.message) for each in warned] == []


def test_nobody_listens() -> None:
    with pytest.raises(NotReachedError, match="cannot be reached"):
        OneGate("http://127.0.0.1:9", Secret(TOKEN), "42").put("A", "b", 2)


@pytest.mark.parametrize(
    "endpoint", ["ftp://127.0.0.1/", "127.0.0.1:5030", "http://", "http://[::1", "http://127.0.0.1:x"]
)
def test_an_endpoint_that_is_none(endpoint: str) -> None:
    with pytest.raises(OneGateError, match="ONEGATE_ENDPOINT"):
        OneGate(endpoint, Secret(TOKEN), "42").put("A", "b", 2)


def test_a_token_is_in_no_message(server: Server) -> None:
    token = "first line\r\nX-Injected: yes"
    with pytest.raises(OneGateError) as raised:
        client(server, token).put("A", "b", 2)
    assert "first line" not in str(raised.value)
    assert "first line" not in repr(client(server, token))
    assert server.requests == []


def test_the_superlink_is_the_machine_that_says_it_is_ready(server: Server) -> None:
    assert client(server).discover(WANTED, 2) is None
    server.superlink(ready="NO")
    assert client(server).discover(WANTED, 2) is None
    server.superlink(endpoint="not an address")
    assert client(server).discover(WANTED, 2) is None
    server.superlink()
    found = client(server).discover(WANTED, 2)
    assert found is not None
    assert found["FL_ENDPOINT"] == "10.0.0.9:9092"
    assert server.requests[-1].startswith("GET /service?extended")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["SERVICE", "roles", "nodes", "vm_info", "VM", "USER_TEMPLATE", "FL_READY", "FL_ROLE", "FL_ENDPOINT"]
            ),
            inner,
            max_size=4,
        )
    ),
)


@given(document=json_values)
def test_a_service_document_of_any_shape_gives_an_address_or_none(shared_server: Server, document: object) -> None:
    before, shared_server.service = shared_server.service, document
    try:
        found = OneGate(f"{shared_server.endpoint}/", Secret(TOKEN), "42").discover(WANTED, 2)
    finally:
        shared_server.service = before
    assert found is None or ":" in found


# ---- where the token stands -------------------------------------------------------------------------


def test_the_token_of_the_context_wins_then_one_env_then_the_file(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path)
    context = {"ONEGATE_ENDPOINT": "http://h:5030", "VMID": "42", "ONEGATE_TOKEN": "from context"}
    machine.file("mnt/context/token.txt", "from file\n")
    machine.file("run/one-context/one_env", 'export TOKENTXT="from one_env"\nexport VMID="43"\n')

    def token() -> str:
        return find_onegate(machine.system(), load_context(context)).token.reveal()

    assert token() == "from context"
    del context["ONEGATE_TOKEN"]
    assert token() == "from one_env"
    machine.remove("run/one-context/one_env")
    assert token() == "from file"
    machine.remove("mnt/context/token.txt")
    with pytest.raises(OneGateError, match="TOKEN to YES"):
        token()
    with pytest.raises(OneGateError, match="ONEGATE_ENDPOINT"):
        find_onegate(machine.system(), load_context({}))


def test_who_has_asked_for_a_token_is_not_told_to_ask_for_it(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path)
    context = {"TOKEN": "YES"}
    with pytest.raises(OneGateError, match=r"oned\.conf") as endpoint:
        find_onegate(machine.system(), load_context(context))
    with pytest.raises(OneGateError, match=r"/mnt/context/token\.txt") as token:
        find_onegate(machine.system(), load_context({**context, "ONEGATE_ENDPOINT": "http://h:5030"}))
    assert all("set TOKEN" not in str(raised.value) for raised in (endpoint, token))


def test_a_failed_lookup_offers_the_address(tmp_path: Path) -> None:
    report = Machine.make(tmp_path).context(TOKEN="YES").boot(sleep=lambda _seconds: None)
    said = next(step.message for step in report.steps if "no SuperLink was found" in step.message)
    assert said.endswith("; or set FL_SUPERLINK_ADDRESS")


def test_one_env_alone_is_enough(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path)
    one_env = (
        'export TOKENTXT="t"\nexport VMID="42"\nexport ONEGATE_ENDPOINT="http://h:5030"\nexport X="$(touch /tmp/x)"\n'
    )
    machine.file("run/one-context/one_env", one_env)
    found = find_onegate(System(str(machine.root)), load_context({}))
    assert (found.endpoint, found.vm_id, found.token.reveal()) == ("http://h:5030", "42", "t")


# ---- discovery --------------------------------------------------------------------------------------


def test_a_static_address_asks_nobody(tmp_path: Path, server: Server) -> None:
    server.superlink()
    machine = Machine.make(tmp_path).context(**server.context, FL_SUPERLINK_ADDRESS="10.1.1.1:9")
    assert machine.boot().ok
    assert "GET" not in " ".join(server.requests)
    assert "10.1.1.1:9" in machine.argv()


def test_fixed_backoff_gives_up_after_30_attempts_10_seconds_apart(tmp_path: Path, server: Server) -> None:
    pauses: list[float] = []
    machine = Machine.make(tmp_path).context(**server.context, FL_EDGE_BACKOFF="fixed")
    report = machine.boot(sleep=pauses.append)
    assert not report.ok
    assert pauses == [10.0] * 29
    assert "30 attempts" in report.steps[6].message
    assert machine.containers == []


def test_exponential_backoff_doubles_up_to_its_cap_and_does_not_give_up(tmp_path: Path, server: Server) -> None:
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 40:
            server.superlink()

    machine = Machine.make(tmp_path).context(**server.context, FL_EDGE_MAX_BACKOFF="100")
    assert machine.boot(sleep=sleep).ok
    assert pauses[:40] == [10.0, 20.0, 40.0, 80.0, *[100.0] * 36]
    assert "10.0.0.9:9092" in machine.argv(NODE)


@given(first=st.integers(1, 60), longest=st.integers(1, 10**9), attempt=st.integers(1, 10**6))
def test_a_pause_never_exceeds_its_cap(first: int, longest: int, attempt: int) -> None:
    pause = Backoff(first, factor=2).pause(attempt, longest)
    assert pause is not None
    assert 0 < pause <= longest


def test_a_value_that_cannot_be_sent_does_not_keep_back_the_others(tmp_path: Path, server: Server) -> None:
    machine = Machine.make(tmp_path).context(**server.context, ETH0_IP="10.0.0.1,10.0.0.2")
    report = machine.boot("flower-superlink")
    assert report.ok
    assert server.stored == report.state.published
    assert server.stored.keys() == {"FL_VERSION", "FL_ROLE", "FL_TLS", "FL_CA_CERT", "FL_READY"}
    assert server.bodies[-1] == "FL_READY=YES"
    assert "FL_ENDPOINT not published" in report.steps[-2].message


def test_a_superlink_publishes_what_a_supernode_discovers(tmp_path: Path, server: Server) -> None:
    link = Machine.make(tmp_path / "link").context(**server.context, ETH0_IP="10.0.0.5")
    assert link.boot("flower-superlink").ok
    assert server.stored == {
        "FL_READY": "YES",
        "FL_ENDPOINT": "10.0.0.5:9092",
        "FL_VERSION": "1.25.0",
        "FL_ROLE": "superlink",
        "FL_TLS": "YES",
        "FL_CA_CERT": base64.b64encode((link.root / "opt/flower/certs/ca.crt").read_bytes()).decode(),
    }
    server.superlink(endpoint=server.stored["FL_ENDPOINT"])
    node = Machine.make(tmp_path / "node").context(**server.context)
    assert node.boot().ok
    assert "10.0.0.5:9092" in node.argv()


# ---- what OneFlow takes for READY -----------------------------------------------------------------------


def opens_the_gate(body: str) -> bool:
    """Whether OneFlow takes a publication for READY: EventManager.rb looks for the text anywhere."""
    return "READY=YES" in body


@pytest.mark.parametrize("name", [NODE, LINK])
def test_what_opens_the_gate_is_published_last_when_the_container_is_up(
    name: str, tmp_path: Path, server: Server
) -> None:
    server.superlink()
    machine = Machine.make(tmp_path).context(**server.context, ETH0_IP="10.0.0.5")
    seen: list[tuple[str, list[str], bool]] = []
    answer = server.answer

    def watched(handler: Any, body: str) -> None:
        if handler.command == "PUT":
            up = (machine.folder / "docker/containers" / name).read_text().startswith("true")
            seen.append((body, machine.commands, up))
        answer(handler, body)

    server.answer = watched  # type: ignore[method-assign]
    assert machine.boot(name).ok
    opening = [opens_the_gate(body) for body, _, _ in seen]
    assert opening == [False] * (len(seen) - 1) + [True]
    assert len(seen) > 2
    for _, commands, up in seen:
        # It has stayed up for a while: Docker was asked more than once since the start.
        started = max(number for number, line in enumerate(commands) if line.startswith("run "))
        assert sum(line.startswith("inspect ") for line in commands[started:]) > 1
        assert up


@pytest.mark.parametrize("name", [NODE, LINK])
@pytest.mark.parametrize("fault", ["crashes", "refuses"])
def test_nothing_opens_the_gate_where_the_container_does_not_stay_up(
    name: str, fault: str, tmp_path: Path, server: Server
) -> None:
    server.superlink()
    machine = Machine.make(tmp_path).context(**server.context, ETH0_IP="10.0.0.5").docker(fault, "no\n")
    assert not machine.boot(hurried(name)).ok
    assert not any(opens_the_gate(body) for body in server.bodies)


@pytest.mark.parametrize("name", [NODE, LINK])
def test_the_declared_steps_say_what_opens_the_gate(name: str) -> None:
    steps = {step.id: step for step in get_appliance(name).steps}
    order = list(steps)
    assert order.index("running") < order.index("publish") < order.index("ready") == len(order) - 1
    gates = [each.name for each in (get_appliance(name).container or pytest.fail("no container")).publishes]
    (gate,) = [each for each in gates if each.endswith("READY")]
    for step in (steps["publish"], steps["ready"]):
        assert gate in " ".join([step.what, step.why, *step.actions, step.onegate])


def test_the_certificate_of_a_superlink_reaches_its_supernodes(tmp_path: Path, server: Server) -> None:
    """The SuperLink makes it and publishes it; the SuperNode checks it, writes it and hands it to Flower."""
    link = Machine.make(tmp_path / "link").context(ETH0_IP="10.0.0.9", **server.context)
    assert link.boot(LINK).ok
    assert server.stored["FL_TLS"] == "YES"
    made = (link.root / "opt/flower/certs/ca.crt").read_text()
    assert base64.b64decode(server.stored["FL_CA_CERT"]).decode() == made
    server.superlink(FL_TLS="YES", FL_CA_CERT=server.stored["FL_CA_CERT"])
    node = Machine.make(tmp_path / "node").context(**server.context)
    report = node.boot()
    assert report.ok, report.findings
    assert (node.root / "opt/flower/certs/ca.crt").read_text() == made
    argv = node.argv()
    assert argv[argv.index("--root-certificates") + 1] == "/app/certs/ca.crt"
    assert "BEGIN" not in str(report.as_dict())
    assert server.stored["FL_CA_CERT"] not in str(report.as_dict())


@pytest.mark.parametrize("certificate", ["", "bm90IFBFTQ=="])
def test_a_supernode_without_a_certificate_that_it_needs_ends_its_boot(
    tmp_path: Path, server: Server, certificate: str
) -> None:
    server.superlink(FL_TLS="YES", FL_CA_CERT=certificate)
    node = Machine.make(tmp_path).context(**server.context)
    report = node.boot(sleep=lambda _seconds: None)
    assert not report.ok
    assert "no SuperLink was found" in next(f.message for f in report.findings if f.variable == "FL_SSL_CA_CERTFILE")
    assert node.containers == []


def test_a_certificate_of_ones_own_or_a_superlink_elsewhere_asks_no_service(tmp_path: Path, server: Server) -> None:
    node = Machine.make(tmp_path / "a").context(FL_SUPERLINK_ADDRESS="10.0.0.1:9092", **server.context)
    report = node.boot()
    assert report.ok
    assert "--root-certificates" not in node.argv()  # the authorities of the image
    assert [finding.code for finding in report.findings] == [codes.NO_AUTHORITY.id]
    server.superlink(FL_TLS="YES", FL_CA_CERT="never looked at")
    own = Machine.make(tmp_path / "b").context(FL_SSL_CA_CERTFILE=CERTIFICATE, **server.context)
    report = own.boot()
    assert report.ok
    assert not report.findings
    said = [step.message for step in report.steps]
    assert any("FL_SSL_CA_CERTFILE, as FL_SSL_CA_CERTFILE says" in each for each in said)
    assert not any("BEGIN" in each for each in said)
    assert (own.root / "opt/flower/certs/ca.crt").read_text().strip() == CERTIFICATE.strip()


def test_a_supernode_without_tls_warns_of_a_superlink_that_has_it(tmp_path: Path, server: Server) -> None:
    server.superlink()
    report = Machine.make(tmp_path / "a").context(FL_TLS_ENABLED="NO", **server.context).boot()
    assert report.ok
    (finding,) = report.findings
    assert (finding.code, finding.severity.value, finding.variable) == ("CTX215", "warning", "FL_TLS_ENABLED")
    assert finding.message == "the SuperLink says FL_TLS=YES, and here FL_TLS_ENABLED = NO"
    assert finding.repair == "set FL_TLS_ENABLED to YES"
    server.superlink(FL_TLS="")
    assert not Machine.make(tmp_path / "b").context(FL_TLS_ENABLED="NO", **server.context).boot().findings
    server.superlink()
    assert not Machine.make(tmp_path / "c").context(FL_TLS_ENABLED="YES", **server.context).boot().findings


def test_a_node_without_settings_of_its_own_gets_its_place_in_the_service(tmp_path: Path, server: Server) -> None:
    server.superlink()
    nodes = [{"deploy_id": 40}, {"deploy_id": 42}, {"deploy_id": None}]
    server.service["SERVICE"]["roles"][0]["nodes"] = nodes
    machine = Machine.make(tmp_path / "a").context(**server.context)
    assert machine.boot().ok
    assert "--node-config=partition-id=1 num-partitions=3" in machine.argv()
    machine = Machine.make(tmp_path / "b").context(FL_NODE_CONFIG="a=1", **server.context)
    assert machine.boot().ok
    assert [word for word in machine.argv() if word.startswith("--node-config")] == ["--node-config=a=1"]


def test_a_node_that_is_no_part_of_a_service_has_no_place(tmp_path: Path, server: Server) -> None:
    server.superlink()
    server.service["SERVICE"]["roles"][0]["nodes"] = [{"deploy_id": 7}, "odd", {}]
    machine = Machine.make(tmp_path / "a").context(**server.context)
    assert machine.boot().ok
    assert not [word for word in machine.argv() if word.startswith("--node-config")]
    static = Machine.make(tmp_path / "b").context(FL_SUPERLINK_ADDRESS="10.0.0.1:9092", **server.context)
    assert static.boot().ok
    assert not [word for word in static.argv() if word.startswith("--node-config")]
