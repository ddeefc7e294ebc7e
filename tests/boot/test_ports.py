"""The addresses of the machine on which ports are published: only those that were asked for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ctxschema import Appliance, Severity, get_appliance, load_context
from ctxschema.boot.plan import DryRun, dry_run
from ctxschema.core import codes
from ctxschema.core.errors import DeclarationError
from ctxschema.generate.attributes import definition
from ctxschema.generate.registry import OUTPUTS
from ctxschema.gpu.facts import GpuFacts
from ctxschema.model.conditions import Is
from ctxschema.model.container import Container, Image, Port
from ctxschema.model.kinds import BOOLEAN, TEXT
from ctxschema.model.uses import uses
from ctxschema.model.variable import Variable
from tests.conftest import Ended
from tests.machine import LINK, Machine

SUPERLINK = get_appliance(LINK)
FLEET, CONTROL = "FL_FLEET_API_ADDRESS", "FL_CONTROL_API_ADDRESS"
OPEN = Variable("OWN_OPEN", BOOLEAN, label="Whether it is open to all", default=True)
WHERE = Variable("OWN_ADDRESS", TEXT, label="Address", default="0.0.0.0:80", ask_empty=True)
PORT = Port(
    "80", "{OWN_ADDRESS:port}", "{OWN_ADDRESS:publishing-host}", unless_given="{address}", exposed_when=Is(OPEN, True)
)


def own(*ports: Port, variables: tuple[Variable[Any], ...] = (OPEN, WHERE)) -> Appliance:
    return Appliance("own", "Own", "One.", variables, container=Container(Image("busybox"), ports=ports))


def plan(appliance: Appliance = SUPERLINK, /, **context: str) -> DryRun:
    planned = dry_run(appliance, load_context(context), GpuFacts)
    assert planned.ok, planned.findings
    return planned


def ports(appliance: Appliance = SUPERLINK, /, **context: str) -> list[str]:
    container = plan(appliance, **context).container
    assert container is not None
    return list(container.ports)


def exposed(appliance: Appliance = SUPERLINK, /, **context: str) -> list[str | None]:
    found = [each for each in plan(appliance, **context).findings if each.code == codes.EXPOSED.id]
    assert {each.severity for each in found} <= {Severity.WARNING}
    return [each.variable for each in found]


def test_nothing_is_published_on_every_address_unless_the_context_says_so() -> None:
    assert ports(ETH0_IP="10.0.0.5") == ["10.0.0.5:9092:9092", "127.0.0.1:9093:9093"]
    assert ports() == ["127.0.0.1:9092:9092", "127.0.0.1:9093:9093"]
    assert ports(**{FLEET: "", CONTROL: ""}, ETH0_IP="10.0.0.5") == ports(ETH0_IP="10.0.0.5")
    assert "10.0.0.5:9101:9101" in ports(FL_METRICS_ENABLED="YES", ETH0_IP="10.0.0.5")
    assert ports(FLOWER_VERSION="1.40.0", ETH0_IP="10.0.0.5") == ["10.0.0.5:9092:9092"]


@pytest.mark.parametrize(
    "address", ["0.0.0.0", "10.0.0.1,10.0.0.2", "10.0.0", "10.0.0.256", "010.0.0.1", "x", "10.0.0.1\u0660"]
)
def test_what_is_no_address_of_the_machine_publishes_on_none_but_its_own(address: str) -> None:
    assert ports(ETH0_IP=address)[0] == "127.0.0.1:9092:9092"


@given(st.ip_addresses(v=4).map(str))
def test_every_address_that_a_machine_can_have_is_taken(address: str) -> None:
    assert ports(ETH0_IP=address)[0] == f"{'127.0.0.1' if address == '0.0.0.0' else address}:9092:9092"


@pytest.mark.parametrize(
    ("given", "published"),
    [
        ("0.0.0.0:9000", "9000:9000"),
        ("[::]:9000", "9000:9000"),
        ("link.example.org:9000", "9000:9000"),
        ("10.9.9.9:9000", "10.9.9.9:9000:9000"),
        ("127.0.0.1:9000", "127.0.0.1:9000:9000"),
        ("[fe80::1]:9000", "[fe80::1]:9000:9000"),
    ],
)
@pytest.mark.parametrize("name", [FLEET, CONTROL])
def test_an_address_that_is_given_counts_and_every_one_is_a_warning_without_tls(
    name: str, given: str, published: str
) -> None:
    assert published in ports(**{name: given}, ETH0_IP="10.0.0.5")
    assert exposed(**{name: given}) == []
    without = exposed(**{name: given}, FL_TLS_ENABLED="NO")
    assert without == ([name] if published == "9000:9000" else [])


def test_without_tls_the_defaults_expose_nothing_and_the_warning_says_what_to_do() -> None:
    assert exposed(FL_TLS_ENABLED="NO", ETH0_IP="10.0.0.5") == []
    (finding,) = plan(FL_TLS_ENABLED="NO", FL_FLEET_API_ADDRESS="0.0.0.0:9092").findings
    assert finding.message == (
        "FL_FLEET_API_ADDRESS: the port 9092 is published on every address of the machine, and FL_TLS_ENABLED = NO"
    )
    assert finding.repair == (
        "write an address of the machine in FL_FLEET_API_ADDRESS, or leave it empty, or set FL_TLS_ENABLED to YES"
    )


def test_the_boot_and_validate_as_a_boot_warn_as_well(tmp_path: Path, ctx: Callable[..., Ended]) -> None:
    values = {CONTROL: "0.0.0.0:9093", "FL_TLS_ENABLED": "NO"}
    machine = Machine.make(tmp_path).context(**values, ETH0_IP="10.0.0.5")
    report = machine.boot(LINK)
    assert report.ok
    assert [each.code for each in report.findings if each.variable == CONTROL] == [codes.EXPOSED.id]
    assert {"10.0.0.5:9092:9092", "9093:9093"} <= set(machine.argv(LINK))
    path = machine.root / "run/one-context/context.sh.network"
    ended = ctx("validate", LINK, "--context", str(path), "--boot", "--format", "json")
    assert (ended.code, [each["code"] for each in ended.json["findings"]]) == (0, [codes.EXPOSED.id])


def test_what_others_reach_it_by_is_published_through_onegate_all_the_same() -> None:
    assert plan(ETH0_IP="10.0.0.5").onegate["FL_ENDPOINT"] == "10.0.0.5:9092"


def test_a_port_of_every_address_is_not_published_on_one_of_them_too() -> None:
    """Docker refuses the second: the port is allocated already."""
    assert ports(**{FLEET: "10.0.0.5:9092", CONTROL: "0.0.0.0:9092"}) == ["9092:9092"]
    assert ports(**{FLEET: "0.0.0.0:9092", CONTROL: "127.0.0.1:9092"}) == ["9092:9092"]
    assert ports(**{CONTROL: "127.0.0.1:9092"}, ETH0_IP="10.0.0.5") == ["10.0.0.5:9092:9092", "127.0.0.1:9092:9092"]


def test_any_appliance_can_say_so() -> None:
    assert ports(own(PORT), ETH0_IP="10.0.0.5") == ["10.0.0.5:80:80"]
    assert ports(own(PORT), OWN_ADDRESS="0.0.0.0:81") == ["81:80"]
    assert exposed(own(PORT), OWN_ADDRESS="0.0.0.0:81") == ["OWN_ADDRESS"]
    assert exposed(own(PORT), OWN_ADDRESS="0.0.0.0:81", OWN_OPEN="NO") == []
    assert exposed(own(evolve(PORT, exposed_when=None)), OWN_ADDRESS="0.0.0.0:81") == []
    assert exposed(own(Port("80", exposed_when=Is(OPEN, True)))) == [None]
    assert ports(own(Port("80", unless_given="127.0.0.1"))) == ["127.0.0.1:80:80"]


def test_the_documents_say_where() -> None:
    (fleet, *_) = [each for each in uses(SUPERLINK.variable(FLEET), (SUPERLINK,)) if "published port" in each]
    assert fleet == (
        "published port, on the first address of the machine (127.0.0.1 where that is not known) "
        "unless an address is given"
    )
    (control, *_) = [each for each in uses(SUPERLINK.variable(CONTROL), (SUPERLINK,)) if "published port" in each]
    assert "on 127.0.0.1 unless an address is given" in control


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (
            lambda: own(evolve(PORT, unless_given="everywhere")),
            "on everywhere, which is no IPv4 address",
        ),
        (lambda: own(evolve(PORT, unless_given="0.0.0.0")), "published on 0.0.0.0, which is no IPv4 address"),
        (lambda: own(evolve(PORT, unless_given="{OTHER}")), "names OTHER, which is not declared"),
        (lambda: own(PORT, variables=(WHERE,)), "names OWN_OPEN, which is not declared"),
        (lambda: own(PORT, variables=(OPEN, evolve(WHERE, mandatory=True))), "forms are to ask for it empty"),
        (lambda: own(variables=(evolve(OPEN, ask_empty=True),)), "forms are to ask for it empty"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(make: Any, fault: str) -> None:
    with pytest.raises(DeclarationError, match=fault):
        make()


@pytest.mark.parametrize("name", [FLEET, CONTROL])
def test_forms_start_empty_so_that_nobody_says_every_address_by_leaving_them_alone(name: str) -> None:
    variable = SUPERLINK.variable(name)
    assert variable.default_text.startswith("0.0.0.0:")
    assert definition(variable) == f"O|text|{variable.label}| |"
    outputs = {output.name: output for output in OUTPUTS}
    for output in ("user-inputs", "oneflow", "marketplace", "vm-template", "env-sample", "terraform", "metadata.yaml"):
        appliance = get_appliance("flower-service") if output == "oneflow" else SUPERLINK
        text = outputs[output].text(appliance)
        assert output == "metadata.yaml" or name.lower() in text.lower()
        assert variable.default_text not in text, output
