"""What of a declaration and its values reaches the container: parts that a whole boot shows only by their sum."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from ctxschema import Appliance, GpuFacts, docker_arguments, load_context
from ctxschema.boot.container import (
    env_file_path,
    plan_beside,
    plan_container,
    planned_files,
    settings_text,
    unwanted_files,
    with_discovered,
)
from ctxschema.boot.container_plan import ContainerPlan, Folder
from ctxschema.boot.known import Known, authority_fact, context_facts
from ctxschema.boot.plan import boot_findings, bootable, decision_findings, dry_run, gpu_facts, published, stopped
from ctxschema.boot.plan_findings import authority_findings, container_findings, mismatch_findings
from ctxschema.boot.ports import planned_ports, published_ports
from ctxschema.context.raw import RawContext
from ctxschema.context.values import Values
from ctxschema.core import codes
from ctxschema.core.errors import DeclarationError, NoValueError, UnknownNameError
from ctxschema.core.finding import Severity
from ctxschema.core.secret import Secret, quoted
from ctxschema.gpu.decision import FALLBACK_WARNING, NOT_REQUESTED, GpuDecision, fall_back
from ctxschema.machine.system import System
from ctxschema.model.conditions import Is, IsSet, Not
from ctxschema.model.container import (
    Argument,
    Certificates,
    Container,
    EnvironmentEntry,
    Image,
    Mount,
    Port,
    WrittenFile,
)
from ctxschema.model.gpu_request import GpuRequest, GpuUsed
from ctxschema.model.kinds import BOOLEAN, NUMBER, PASSWORD, TEXT
from ctxschema.model.service import Discover, Publish
from ctxschema.model.variable import Variable
from tests.pem import CERTIFICATE

SWITCH = Variable("OWN_SWITCH", BOOLEAN, label="Switch", default=False)
NAME = Variable("OWN_NAME", TEXT, label="Name", default="")
NOTE = Variable("OWN_NOTE", TEXT, label="Note", default=None)
NEED = Variable("OWN_NEED", TEXT, label="Need", default=None, mandatory=True)
PORT = Variable("OWN_PORT", NUMBER, label="Port", default=80)
WORD = Variable("OWN_WORD", PASSWORD, label="Word", default=Secret(""))
FIRST = Variable("OWN_FIRST", TEXT, label="First", default="")
SECOND = Variable("OWN_SECOND", TEXT, label="Second", default="")
LOOSE = Variable("OWN_LOOSE", TEXT, label="Loose", default="x", stops_boot=False)
VARIABLES = (SWITCH, NAME, NOTE, NEED, PORT, WORD, FIRST, SECOND, LOOSE)
VALUES: dict[str, Any] = {
    "OWN_SWITCH": False, "OWN_NAME": "", "OWN_NEED": "n", "OWN_PORT": 80, "OWN_WORD": Secret(""), "OWN_FIRST": "",
    "OWN_SECOND": "", "OWN_LOOSE": "x",
}  # fmt: skip
USED = GpuDecision(requested=True, use_gpu=True, count=1)


def own(**container: Any) -> Appliance:
    gpu = container.pop("gpu", None)
    return Appliance(
        "own", "Own", "One.", VARIABLES, prefixes=("OWN_",), gpu=gpu,
        container=Container(Image("example/own"), **container),
    )  # fmt: skip


def known(appliance: Appliance, facts: dict[str, str] | None = None, **values: Any) -> Known:
    return Known(appliance, Values({**VALUES, **values}, dict.fromkeys(values, "context")), facts or {})


# ---- values and facts -------------------------------------------------------------------------------


def test_which_facts_a_context_has() -> None:
    assert context_facts(load_context({"VMID": "7", "ETH0_IP": "10.0.0.4"})) == {"vm_id": "7", "address": "10.0.0.4"}
    assert context_facts(load_context({"VMID": "", "ETH1_IP": "10.0.0.4"})) == {}


def test_an_authority_is_published_as_base64() -> None:
    import base64

    assert authority_fact({}) == {}
    assert authority_fact({"server.crt": Secret(CERTIFICATE)}) == {}
    found = authority_fact({"ca.crt": Secret(CERTIFICATE)})
    assert found.keys() == {"ca_certificate"}
    assert base64.b64decode(found["ca_certificate"], validate=True).decode() == CERTIFICATE
    assert "\n" not in found["ca_certificate"]


def test_a_condition_on_what_failed_cannot_be_judged() -> None:
    appliance = own()
    assert known(appliance).holds(None)
    assert known(appliance, OWN_SWITCH=True).holds(Is(SWITCH, True))
    assert not known(appliance).holds(Is(SWITCH, True))
    assert known(appliance, {"gpu": "YES"}).holds(GpuUsed())
    assert not known(appliance, {"gpu": "NO"}).holds(GpuUsed())
    assert not known(appliance).holds(GpuUsed())
    failed = Known(appliance, Values({}, {}))
    for condition in (Is(SWITCH, True), Is(PORT, 80), IsSet(NEED)):
        with pytest.raises(NoValueError):
            failed.holds(condition)
    assert not failed.holds(IsSet(NOTE))  # nobody has to give it
    assert not failed.holds(Is(LOOSE, "x"))  # the machine boots without it


def test_a_text_is_filled_with_values_and_facts() -> None:
    at = known(own(), {"address": "10.0.0.4"}, OWN_WORD=Secret("w0rd"), OWN_SWITCH=True)
    assert at.text("{OWN_PORT}/{OWN_WORD}/{OWN_SWITCH}/{address}") == "80/w0rd/YES/10.0.0.4"
    assert at.text("plain") == "plain"
    assert at.text("{vm_id}") is None
    assert at.text("{OWN_NOTE}") is None
    with pytest.raises(NoValueError):
        Known(own(), Values({}, {})).text("{OWN_PORT}")
    assert Known(own(), Values({}, {})).text("{OWN_LOOSE}") is None


def test_which_texts_are_secret() -> None:
    at = known(own())
    assert at.secret("a {OWN_NAME} and {OWN_WORD}")
    assert not at.secret("a {OWN_NAME} of {address}")
    assert not at.secret("{OWN_UNKNOWN}")
    assert "w0rd" not in repr(known(own(), OWN_WORD="w0rd"))


# ---- the container ----------------------------------------------------------------------------------


def test_what_was_looked_up_counts_where_nothing_was_given() -> None:
    values = with_discovered(Values({"OWN_FIRST": "", "OWN_NAME": "given"}, {}), {"OWN_FIRST": "a", "OWN_NAME": "b"})
    assert (values["OWN_FIRST"], values["OWN_NAME"]) == ("a", "given")


LOOKS = (Discover(FIRST, "one", "A"), Discover(SECOND, "other", "B"))


def test_the_command_of_a_container_for_a_program() -> None:
    appliance = own(
        discovers=LOOKS,
        arguments=(Argument("{OWN_FIRST}", "{OWN_SECOND}"), Argument("--gpu", when=GpuUsed())),
        environment=(EnvironmentEntry("A", "a", in_file=True), EnvironmentEntry("W", "{OWN_WORD}", in_file=True)),
        gpu=GpuRequest(SWITCH),
    )
    values = known(appliance, OWN_SWITCH=True).values
    words = docker_arguments(appliance, values, USED, superlink_address="10.0.0.1:1")
    assert words[words.index("example/own:latest") :] == ["example/own:latest", "10.0.0.1:1", "", "--gpu"]
    assert words[5:11] == ["--restart", "unless-stopped", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
    assert words[words.index("--env-file") + 1] == "/etc/ctxschema/own.env"  # for the secret
    assert "A=a" in words
    words = docker_arguments(appliance, values, NOT_REQUESTED, hardened=False, env_file="/other.env")
    assert "--cap-drop" not in words
    assert "--gpu" not in words
    assert words[words.index("--env-file") + 1] == "/other.env"
    assert "A=a" not in words


def test_a_plan_is_hardened_unless_told_otherwise_and_its_image_is_the_declared_one() -> None:
    plan = plan_container(known(own()), NOT_REQUESTED)
    assert plan.rights == ("--cap-drop", "ALL", "--security-opt", "no-new-privileges")
    assert plan_container(known(own()), NOT_REQUESTED, hardened=False).rights == ()
    assert plan_container(known(own()), NOT_REQUESTED, image="other:1").image == "other:1"
    assert plan.image == "example/own:latest"


def test_without_an_env_file_only_secrets_need_one() -> None:
    appliance = own(environment=(EnvironmentEntry("A", "a", in_file=True),))
    plan = plan_container(known(appliance), NOT_REQUESTED)
    assert (plan.environment, plan.env_file) == ({"A": "a"}, None)
    assert plan.folders == (Folder("/etc/ctxschema", 0),)
    plan = plan_container(known(appliance), NOT_REQUESTED, env_file="/real/own.env")
    assert (plan.environment, plan.env_file) == ({}, "/real/own.env")
    assert plan_container(known(own()), NOT_REQUESTED, env_file="/real/own.env").env_file is None


def test_the_order_of_the_devices_is_that_of_nvidia_smi_where_some_are_chosen() -> None:
    appliance = own(gpu=GpuRequest(SWITCH, environment=(EnvironmentEntry("A", "a"),)))
    chosen = evolve(USED, environment={"CUDA_VISIBLE_DEVICES": "1"})
    assert plan_container(known(appliance), chosen).environment == {"CUDA_DEVICE_ORDER": "PCI_BUS_ID", "A": "a"}
    assert plan_container(known(appliance), USED).environment == {"A": "a"}
    assert plan_container(known(appliance), NOT_REQUESTED).environment == {}
    assert plan_container(known(own()), USED).environment == {}


def test_the_env_file_stands_where_it_is_declared() -> None:
    assert env_file_path(own()) == "/etc/ctxschema/own.env"
    assert env_file_path(own(env_file="/opt/own.env")) == "/opt/own.env"
    with pytest.raises(UnknownNameError):
        env_file_path(Appliance("bare", "Bare", "One.", ()))


def test_a_value_of_several_lines_never_reaches_the_env_file() -> None:
    entries = (EnvironmentEntry("A", "{OWN_NAME}", in_file=True), EnvironmentEntry("B", "{OWN_FIRST}", in_file=True))
    appliance = own(environment=(*entries, EnvironmentEntry("C", "{OWN_SECOND}")))
    assert settings_text(known(appliance, OWN_NAME="a b", OWN_SECOND="x\ny")) == "A=a b\nB=\n"
    for text in ("x\ny", "x\u2028y", "x\r\ny\nz"):
        with pytest.raises(DeclarationError) as raised:
            settings_text(known(appliance, OWN_NAME=text, OWN_FIRST=text))
        assert str(raised.value) == "A, B would add lines to the env file"


def test_which_folders_and_files_there_have_to_be() -> None:
    appliance = own(
        owner=7,
        mounts=(
            Mount("/a", "/in/a"),
            Mount("/b", "/in/b", owner=0, mode=0o700),
            Mount("volume", "/in/c", writable=True),
            Mount("/d", "/in/d", when=Is(SWITCH, True)),
        ),
        files=(
            WrittenFile("/e/file", "text {OWN_PORT}", "/in/e"),
            WrittenFile("/f/file", "text", owner=3, mode=0o644),
            WrittenFile("/g/file", "{OWN_NOTE}"),
            WrittenFile("/h/file", "text", "/in/h", when=Is(SWITCH, True)),
        ),
        environment=(EnvironmentEntry("A", "a", in_file=True),),
    )
    plan = plan_container(known(appliance), NOT_REQUESTED)
    assert plan.folders == (Folder("/etc/ctxschema", 0), Folder("/a", 7), Folder("/b", 0, 0o700), Folder("/e", 0))
    assert plan.mounts == ("/a:/in/a:ro", "/b:/in/b:ro", "volume:/in/c:rw", "/e/file:/in/e:ro")
    files = planned_files(known(appliance))
    assert [(each.path, each.text.reveal(), each.owner, each.mode) for each in files] == [
        ("/etc/ctxschema/own.env", "A=a\n", 0, 0o600),
        ("/e/file", "text 80", 7, 0o600),
        ("/f/file", "text", 3, 0o644),
    ]
    assert unwanted_files(known(appliance)) == ("/g/file", "/h/file")
    assert unwanted_files(known(own())) == ("/etc/ctxschema/own.env",)


def test_what_stands_beside_gets_gpus_where_it_asks_and_they_are_used() -> None:
    beside = (
        Container(Image("example/a"), name="a", gpus=True),
        Container(Image("example/b"), name="b"),
        Container(Image("example/c"), name="c", when=Is(SWITCH, True)),
    )
    appliance = own(beside=beside, gpu=GpuRequest(SWITCH))

    def gpus(decision: GpuDecision) -> list[tuple[str, GpuDecision | None]]:
        return [(each.name, plan.gpu if plan else None) for each, plan in plan_beside(known(appliance), decision)]

    alike = GpuDecision(requested=True, use_gpu=True)
    assert gpus(USED) == [("a", alike), ("b", NOT_REQUESTED), ("c", None)]
    assert gpus(fall_back(appliance.gpu, "no")) == [("a", NOT_REQUESTED), ("b", NOT_REQUESTED), ("c", None)]


def test_the_flags_for_gpus_can_be_others() -> None:
    plan = ContainerPlan("own", "example/own", {}, gpu=USED)
    assert plan.arguments()[-3:] == ["--gpus", "all", "example/own"]
    assert plan.arguments(["--x"])[-2:] == ["--x", "example/own"]
    assert plan.arguments([])[-2:] == ["unless-stopped", "example/own"]


# ---- ports ------------------------------------------------------------------------------------------


def test_which_ports_are_published() -> None:
    ports = (
        Port("{OWN_PORT}"),
        Port("53", "5353", protocol="udp"),
        Port("{OWN_NOTE}", "1"),
        Port("2", "{OWN_NOTE}"),
        Port("3", when=Is(SWITCH, True)),
        Port("4", address="{address}"),
        Port("5", address="127.0.0.1"),
    )
    appliance = own(ports=ports)
    container = bootable(appliance)
    at = known(appliance)
    assert [numbers for _, numbers in planned_ports(at, container)] == [
        ("80", "80"), ("53", "5353"), ("4", "4"), ("5", "5"),
    ]  # fmt: skip
    assert published_ports(at, container) == ("80:80", "5353:53/udp", "127.0.0.1:5:5")


# ---- the dry run ------------------------------------------------------------------------------------


def test_a_service_of_several_roles_is_no_machine() -> None:
    roles = ("link", "node")
    for name, said in (
        ("own-service", "own-service is no single machine; boot own-link or own-node"),
        ("our-own-service", "our-own-service is no single machine; boot our-own-link or our-own-node"),
        ("service", "service is no single machine; boot link or node"),
    ):
        with pytest.raises(UnknownNameError) as raised:
            bootable(Appliance(name, "Own", "One.", (), roles=roles))
        assert str(raised.value) == said
    with pytest.raises(UnknownNameError):
        bootable(Appliance("bare", "Bare", "One.", ()))


def test_what_opens_the_gate_and_what_tells_of_the_gpu_are_published_last() -> None:
    publishes = (Publish("OWN_READY", "YES"), Publish("OWN_A", "a"), Publish("OWN_B", "{OWN_NOTE}"))
    gpu = GpuRequest(SWITCH, published_as="OWN_GPU")
    used = evolve(USED, request=gpu)
    assert list(published(known(own(publishes=publishes, gpu=gpu)), used).items()) == [
        ("OWN_A", "a"), ("OWN_GPU", "YES"), ("OWN_READY", "YES"),
    ]  # fmt: skip
    assert list(published(known(own(publishes=publishes[1:], gpu=gpu)), used).items()) == [
        ("OWN_A", "a"), ("OWN_GPU", "YES"),
    ]  # fmt: skip
    switched = (Publish("OWN_A", "a", Is(SWITCH, True)),)
    assert published(known(own(publishes=switched)), NOT_REQUESTED) == {}


@pytest.mark.parametrize("required", [True, False])
def test_a_gpu_that_is_missing_is_said_at_what_asks_for_it(*, required: bool) -> None:
    raw = load_context({"OWN_SWITCH": "YES"})
    request = GpuRequest(SWITCH, NAME, required=required)
    (finding,) = decision_findings(fall_back(request, "no driver"), raw)
    code = codes.GPU_REQUIRED if required else codes.GPU_FALLBACK
    assert (finding.code, finding.severity) == (code.id, code.severity)
    assert (finding.variable, finding.repair) == ("OWN_SWITCH", "no driver")
    assert finding.position == raw.values["OWN_SWITCH"].position
    (finding,) = decision_findings(fall_back(evolve(request, asked_by=None), None), raw)
    assert (finding.variable, finding.position, finding.repair) == (None, None, code.repair or None)
    (finding,) = decision_findings(fall_back(None, None), raw)
    assert (finding.variable, finding.message) == (None, FALLBACK_WARNING)


def test_a_device_that_is_missing_is_said_at_what_chooses_it() -> None:
    raw = load_context({"OWN_NAME": "7"})
    notice = evolve(USED, notice="no GPU has the number 7", request=GpuRequest(SWITCH, NAME))
    (finding,) = decision_findings(notice, raw)
    assert (finding.code, finding.variable) == (codes.DEVICE_NOT_THERE.id, "OWN_NAME")
    assert finding.message == "OWN_NAME: no GPU has the number 7"
    assert finding.position == raw.values["OWN_NAME"].position
    assert list(decision_findings(evolve(notice, request=GpuRequest(SWITCH)), raw)) == []
    assert list(decision_findings(evolve(notice, request=None), raw)) == []
    assert list(decision_findings(NOT_REQUESTED, raw)) == []


def test_a_wrong_value_of_something_optional_is_a_warning_at_boot() -> None:
    appliance = own()
    found = [
        codes.KIND.at("odd", variable="OWN_LOOSE"),
        codes.KIND.at("odd", variable="OWN_NAME"),
        codes.CONTEXT_SYNTAX.at("odd", variable="OWN_LOOSE"),
        codes.KIND.at("odd"),
        evolve(codes.LIMIT.at("odd", variable="OWN_LOOSE"), severity=Severity.INFO),
    ]
    levels = [each.severity.value for each in boot_findings(appliance, found)]
    assert levels == ["warning", "error", codes.CONTEXT_SYNTAX.severity.value, "error", "info"]


def test_facts_about_a_gpu_can_be_told() -> None:
    assert gpu_facts("yes", System())() == GpuFacts(driver_loaded=True, nvidia_smi=True)
    assert gpu_facts("no", System())() == GpuFacts(reason="the dry run was told that there is no GPU")
    assert not gpu_facts("detect", System("/nowhere", "/nowhere"))().usable


def test_a_dry_run_that_stopped_has_its_findings_only() -> None:
    finding = codes.KIND.at("odd")
    planned = stopped([finding])
    assert (planned.ok, planned.argv, planned.onegate, planned.findings) == (False, [], {}, (finding,))
    assert planned.decision is NOT_REQUESTED
    assert (planned.in_file, planned.env_file_note) == ((), "")


def test_a_dry_run_names_what_a_boot_writes_into_the_env_file() -> None:
    entries = (
        EnvironmentEntry("A", "a", in_file=True),
        EnvironmentEntry("B", "b", in_file=True),
        EnvironmentEntry("W", "{OWN_WORD}", in_file=True),
        EnvironmentEntry("C", "c"),
    )
    planned = dry_run(own(environment=entries), load_context({"OWN_NEED": "n"}), GpuFacts)
    assert planned.in_file == ("A", "B")
    assert planned.env_file_note == (
        "A boot writes these into the env file, and the command here has -e instead: A, B."
    )
    assert "--cap-drop" in planned.argv
    unhardened = dry_run(own(environment=entries), load_context({"OWN_NEED": "n"}), GpuFacts, hardened=False)
    assert "--cap-drop" not in unhardened.argv


@pytest.mark.parametrize(("asked", "looks"), [("YES", 1), ("NO", 0)])
def test_a_dry_run_looks_for_gpus_only_where_one_is_asked_for(asked: str, looks: int) -> None:
    looked: list[bool] = []

    def look() -> GpuFacts:
        looked.append(True)
        return GpuFacts(driver_loaded=True, nvidia_smi=True)

    context = {"OWN_NEED": "n", "OWN_SWITCH": asked}
    planned = dry_run(own(gpu=GpuRequest(SWITCH)), load_context(context), look)
    assert (len(looked), planned.decision.use_gpu) == (looks, asked == "YES")


# ---- findings ---------------------------------------------------------------------------------------


def problems(appliance: Appliance, **values: Any) -> list[str]:
    return [each.message for each in container_findings(known(appliance, **values), bootable(appliance))]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x" * 60_000, None),
        ("x" * 60_001, "OWN_NAME: the value has more than 60000 bytes, too many for the env file"),
        ("\u00e9" * 30_001, "OWN_NAME: the value has more than 60000 bytes, too many for the env file"),
        ("a\nb", "OWN_NAME: the value has a line end, and A is one line of the env file"),
        ("a\n", None),
    ],
)
def test_what_the_env_file_takes(text: str, message: str | None) -> None:
    appliance = own(environment=(EnvironmentEntry("B", "b"), EnvironmentEntry("A", "{OWN_NAME}", in_file=True)))
    assert problems(appliance, OWN_NAME=text) == ([message] if message else [])


@pytest.mark.parametrize(
    ("tag", "fits"),
    [("1.0", True), ("A" * 128, True), ("A" * 129, False), ("_x", True), (".x", False), ("a b", False), ("", False)],
)
@pytest.mark.parametrize("gpu_tag", [False, True])
def test_what_a_tag_can_be(tag: str, *, fits: bool, gpu_tag: bool) -> None:
    image = Image("example/own", "1", "{OWN_NAME}") if gpu_tag else Image("example/own", "{OWN_NAME}")
    appliance = evolve(own(), container=Container(image))
    found = problems(appliance, OWN_NAME=tag)
    assert found == [] if fits else [f"OWN_NAME: the value has what no tag of an image can have: {quoted(tag)}"]


def test_a_tag_without_a_value_is_none() -> None:
    image = Image("example/own", "{OWN_NOTE}")
    (finding,) = container_findings(known(evolve(own(), container=Container(image))), Container(image))
    assert finding.message == "OWN_NOTE: the value has what no tag of an image can have: ''"
    assert finding.repair == "write a tag"


def test_what_is_wrong_about_two_values_together_names_both() -> None:
    mount = Mount("/srv/{OWN_FIRST}{OWN_SECOND}", "/in")
    (finding,) = container_findings(
        known(own(mounts=(mount,)), OWN_FIRST="a", OWN_SECOND=":"), Container(Image("x"), mounts=(mount,))
    )
    assert finding.message == "OWN_FIRST and OWN_SECOND: the value has what no mount can have: '/srv/a:'"
    assert (finding.variable, finding.repair) == ("OWN_FIRST", "write a plain path")


def test_what_to_do_about_a_line_that_is_too_long() -> None:
    appliance = own(environment=(EnvironmentEntry("A", "{OWN_NAME}", in_file=True),))
    (finding,) = container_findings(known(appliance, OWN_NAME="x" * 70_000), bootable(appliance))
    assert finding.repair == "shorten it"
    (finding,) = container_findings(known(appliance, OWN_NAME="x\ny"), bootable(appliance))
    assert finding.repair == "write it on one line"


@pytest.mark.parametrize(
    ("values", "container", "found"),
    [
        ({}, {}, True),
        ({"OWN_FIRST": "a"}, {}, False),
        ({"OWN_SWITCH": True}, {}, False),
        ({}, {"discovers": (Discover(FIRST, "one", "A"),)}, False),
        ({}, {"discovers": (Discover(FIRST, "one", "A", when=Is(SWITCH, True)),)}, True),
        ({}, {"discovers": (Discover(SECOND, "one", "A"),)}, True),
        ({}, {"certificates": None}, False),
        ({}, {"certificates": Certificates("/c", FIRST, SECOND, WORD)}, False),
    ],
)
def test_a_machine_that_checks_certificates_has_somebody_to_trust(
    values: dict[str, Any], container: dict[str, Any], *, found: bool
) -> None:
    declared = {"certificates": Certificates("/c", FIRST, when=Is(SWITCH, False)), **container}
    appliance = own(**declared)
    findings = list(authority_findings(known(appliance, **values), bootable(appliance)))
    assert len(findings) == found
    for finding in findings:
        assert (finding.code, finding.variable) == (codes.NO_AUTHORITY.id, "OWN_FIRST")
        assert finding.message == (
            "OWN_FIRST is empty: certificates are checked against the authorities that the system knows"
        )
        assert finding.repair == "set OWN_FIRST, or set OWN_SWITCH to YES"


@pytest.mark.parametrize(
    ("number", "fits"), [("1", True), ("65535", True), ("65536", False), ("0", False), ("123456", False), ("-1", False)]
)
@pytest.mark.parametrize("outside", [False, True])
def test_what_a_port_can_be(number: str, *, fits: bool, outside: bool) -> None:
    port = Port("80", "{OWN_NAME}") if outside else Port("{OWN_NAME}", "80")
    found = problems(own(ports=(port, Port("81"))), OWN_NAME=number)
    subject = "80" if outside else "OWN_NAME"
    assert found == ([] if fits else [f"{subject}: the value has no number of a port"])


@pytest.mark.parametrize(
    ("source", "target", "found"),
    [
        ("a", "b", []),
        ("a:b", "b", ["OWN_FIRST: the value has what no mount can have: '/srv/a:b'"]),
        ("a,b", "b", ["OWN_FIRST: the value has what no mount can have: '/srv/a,b'"]),
        ("a", "b c", ["OWN_SECOND: the value has what no mount can have: '/in/b c'"]),
        ("a", 'b"', ["OWN_SECOND: the value has what no mount can have: '/in/b\"'"]),
        ("a", "otherX", []),
        ("a", "other/", ["/srv/a and /srv/other would both be mounted at /in/other"]),
    ],
)
def test_what_a_mount_can_be(source: str, target: str, found: list[str]) -> None:
    appliance = own(mounts=(Mount("/srv/other", "/in/other"), Mount("/srv/{OWN_FIRST}", "/in/{OWN_SECOND}")))
    assert problems(appliance, OWN_FIRST=source, OWN_SECOND=target) == found


@pytest.mark.parametrize(("target", "found"), [("/", 1), ("in", 1), ("/in", 0)])
def test_a_mount_stands_below_the_root_of_the_container(target: str, found: int) -> None:
    appliance = own(mounts=(Mount("/srv", "{OWN_FIRST}"),))
    assert (
        problems(appliance, OWN_FIRST=target)
        == [f"OWN_FIRST: the value has no path below the root of the container: '{target}'"] * found
    )


@pytest.mark.parametrize(
    ("port", "variable", "message", "repair"),
    [
        (
            Port("80", exposed_when=Is(SWITCH, False)),
            None,
            "the port 80 is published on every address of the machine, and OWN_SWITCH = NO",
            "declare an address, or set OWN_SWITCH to YES",
        ),
        (
            Port("80", "81", "{OWN_FIRST}", exposed_when=Is(SWITCH, False)),
            "OWN_FIRST",
            "OWN_FIRST: the port 81 is published on every address of the machine, and OWN_SWITCH = NO",
            "write an address of the machine in OWN_FIRST, or set OWN_SWITCH to YES",
        ),
        (
            Port("80", "", "{OWN_FIRST}", unless_given="127.0.0.1", exposed_when=Not(IsSet(NAME))),
            "OWN_FIRST",
            f"OWN_FIRST: the port 80 is published on every address of the machine, and {Not(IsSet(NAME)).words}",
            "write an address of the machine in OWN_FIRST, or leave it empty",
        ),
    ],
)
def test_a_port_for_everybody(port: Port, variable: str | None, message: str, repair: str) -> None:
    appliance = own(ports=(port,))
    (finding,) = container_findings(known(appliance, OWN_FIRST="0.0.0.0"), bootable(appliance))
    assert (finding.code, finding.variable, finding.message, finding.repair) == (
        codes.EXPOSED.id, variable, message, repair,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("when", "published_there", "found"),
    [
        (
            Is(SWITCH, False),
            {"A": "YES", "B": "YES"},
            ("OWN_SWITCH", "the one says A=YES and B=YES, and here OWN_SWITCH = NO", "set OWN_SWITCH to YES"),
        ),
        (Is(SWITCH, False), {"A": "NO"}, None),
        (Is(SWITCH, True), {"A": "YES"}, None),
        (None, {"B": "YES"}, ("OWN_FIRST", "the one says B=YES", codes.MISMATCH.repair)),
        (
            Not(IsSet(NAME)),
            {"B": "YES"},
            ("OWN_NAME", f"the one says B=YES, and here {Not(IsSet(NAME)).words}", codes.MISMATCH.repair),
        ),
        (Not(GpuUsed()), {"B": "YES"}, ("OWN_FIRST", f"the one says B=YES, and here {Not(GpuUsed()).words}", None)),
    ],
)
def test_another_machine_that_does_not_fit(when: Any, published_there: dict[str, str], found: Any) -> None:
    wanted = Discover(FIRST, "one", "A", mismatch={"A": "YES", "B": "YES"}, mismatch_when=when)
    findings = [
        (each.variable, each.message, each.repair)
        for each in mismatch_findings(known(own(), {"gpu": "NO"}), wanted, published_there)
    ]
    expected = [] if found is None else [(found[0], found[1], found[2] or codes.MISMATCH.repair)]
    assert findings == expected


def test_a_context_of_nothing_has_no_facts() -> None:
    assert context_facts(RawContext("mapping", {})) == {}
