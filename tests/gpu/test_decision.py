"""GPU or CPU, to the letter of the requirements' seven steps, and the command that follows."""

import base64
from typing import Any

import pytest
from hypothesis import given

from ctxschema import (
    Appliance,
    RawContext,
    Severity,
    decide_gpu,
    docker_arguments,
    get_appliance,
    load_context,
    validate,
)
from ctxschema.boot.plan import DryRun
from ctxschema.boot.plan import dry_run as plan
from ctxschema.catalog.flower import FL_GPU_ENABLED
from ctxschema.context.load import read_context
from ctxschema.core import codes
from ctxschema.core.errors import UnknownNameError
from ctxschema.core.source import SourceText
from ctxschema.gpu.decision import FALLBACK_WARNING, GpuDecision
from ctxschema.gpu.facts import GpuFacts
from ctxschema.testing import contexts
from tests.pem import CERTIFICATE, PRIVATE_KEY

NODE, LINK = get_appliance("flower-supernode"), get_appliance("flower-superlink")
BOTH = GpuFacts(driver_loaded=True, nvidia_smi=True)
ADDRESS = {"FL_SUPERLINK_ADDRESS": "10.0.0.1:9092"}


def decide(facts: GpuFacts, **context: str) -> GpuDecision:
    return decide_gpu(validate(NODE, load_context(context)).values, facts)


def dry_run(appliance: Appliance, raw: RawContext, facts: GpuFacts) -> DryRun:
    return plan(appliance, raw, lambda: facts)


def argv(appliance: Any = NODE, facts: GpuFacts = GpuFacts(), **context: str) -> list[str]:  # noqa: B008 - frozen
    planned = dry_run(appliance, load_context(context if appliance is LINK else {**ADDRESS, **context}), facts)
    assert planned.ok, planned.findings
    return planned.argv


def after(arguments: list[str], flag: str) -> str:
    return arguments[arguments.index(flag) + 1]


@pytest.mark.parametrize("enabled", ["YES", "NO", "yes", "", "maybe"])
@pytest.mark.parametrize("driver", [True, False])
@pytest.mark.parametrize("smi", [True, False])
def test_the_table_of_situations(enabled: str, *, driver: bool, smi: bool) -> None:
    decision = decide(GpuFacts(driver_loaded=driver, nvidia_smi=smi), FL_GPU_ENABLED=enabled)
    requested = enabled.upper() == "YES"
    use = requested and driver and smi
    assert (decision.requested, decision.use_gpu) == (requested, use)
    assert decision.docker_flags == (["--gpus", "all"] if use else [])
    assert decision.warning == (FALLBACK_WARNING if requested and not use else None)
    assert decision.onegate == {"FL_GPU_AVAILABLE": "YES" if use else "NO"}


def test_the_warning_is_to_the_letter() -> None:
    assert decide(GpuFacts(), FL_GPU_ENABLED="YES").warning == "GPU requested but not available, falling back to CPU"


@pytest.mark.parametrize(
    ("devices", "flags"),
    [
        ("all", []),
        ("ALL", []),
        ("", []),
        ("0", ["-e", "CUDA_VISIBLE_DEVICES=0"]),
        ("0,1", ["-e", "CUDA_VISIBLE_DEVICES=0,1"]),
        ("1,0,1,00", ["-e", "CUDA_VISIBLE_DEVICES=1,0"]),
    ],
)
def test_devices_are_chosen_by_number_each_once_and_never_by_all(devices: str, flags: list[str]) -> None:
    decision = decide(BOTH, FL_GPU_ENABLED="YES", FL_CUDA_VISIBLE_DEVICES=devices)
    assert decision.docker_flags == ["--gpus", "all", *flags]
    assert decide(GpuFacts(), FL_GPU_ENABLED="YES", FL_CUDA_VISIBLE_DEVICES=devices).docker_flags == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"FL_GPU_ENABLED": "maybe"},
        {"FL_GPU_ENABLED": "YES", "FL_CUDA_VISIBLE_DEVICES": "GPU0"},
        {"FL_GPU_ENABLED": "YES", "FL_GPU_MEMORY_FRACTION": "80%"},
        {"FL_GPU_ENABLED": "NO", "FL_DCGM_ENABLED": "maybe"},
    ],
)
def test_a_wrong_gpu_setting_never_stops_a_node(wrong: dict[str, str]) -> None:
    planned = dry_run(NODE, load_context({**ADDRESS, **wrong}), BOTH)
    assert planned.ok
    assert "--gpus" not in planned.argv
    assert planned.onegate["FL_GPU_AVAILABLE"] == "NO"
    assert {finding.severity for finding in planned.findings} == {Severity.WARNING}
    assert planned.decision.warning == (FALLBACK_WARNING if wrong["FL_GPU_ENABLED"] == "YES" else None)


def test_a_fraction_that_has_no_effect_does_not_cost_the_gpu() -> None:
    context = {"FL_GPU_ENABLED": "YES", "FL_GPU_MEMORY_FRACTION": "80%", "ML_FRAMEWORK": "sklearn"}
    assert decide(BOTH, **context).use_gpu


def test_the_whole_command_of_a_node_on_its_cpu() -> None:
    assert argv(FL_TLS_ENABLED="NO") == [
        *("docker", "run", "-d", "--name", "flower-supernode", "--restart", "unless-stopped"),
        *("--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
        *("-v", "/opt/flower/data:/app/data:ro", "-e", "FLWR_LOG_LEVEL=INFO"),
        *("-e", "FL_GRPC_KEEPALIVE_TIME=60", "-e", "FL_GRPC_KEEPALIVE_TIMEOUT=20"),
        *("-e", "ML_FRAMEWORK=pytorch", "-e", "FL_USE_CASE=none", "-e", "FL_LOG_FORMAT=text"),
        "flwr/supernode:1.25.0",
        *("--insecure", "--superlink", "10.0.0.1:9092", "--isolation", "subprocess"),
    ]


def test_a_gpu_needs_an_image_with_glibc() -> None:
    assert "flwr/supernode:1.25.0-py3.13-ubuntu24.04" in argv(facts=BOTH, FL_GPU_ENABLED="YES")
    assert "flwr/supernode:1.25.0" in argv(facts=BOTH)


@pytest.mark.parametrize(
    ("framework", "environment"),
    [
        ("pytorch", {"FL_GPU_MEMORY_FRACTION": "0.5"}),
        ("tensorflow", {"TF_FORCE_GPU_ALLOW_GROWTH": "true"}),
        ("sklearn", {}),
    ],
)
def test_the_framework_is_told_about_the_gpu(framework: str, environment: dict[str, str]) -> None:
    context = {**ADDRESS, "FL_GPU_ENABLED": "YES", "FL_GPU_MEMORY_FRACTION": "0.5", "ML_FRAMEWORK": framework}
    with_gpu = dry_run(NODE, load_context(context), BOTH).environment
    without = dry_run(NODE, load_context(context), GpuFacts()).environment
    assert with_gpu == {**without, **environment}
    assert not environment.keys() & without.keys()


def test_device_numbers_are_those_of_nvidia_smi() -> None:
    chosen = dry_run(NODE, load_context({**ADDRESS, "FL_GPU_ENABLED": "YES", "FL_CUDA_VISIBLE_DEVICES": "1"}), BOTH)
    assert chosen.environment["CUDA_DEVICE_ORDER"] == "PCI_BUS_ID"
    assert chosen.environment["CUDA_VISIBLE_DEVICES"] == "1"


def test_no_limit_means_no_flag() -> None:
    assert not {"--max-retries", "--max-wait-time"} & set(argv(FL_MAX_RETRIES="0", FL_MAX_WAIT_TIME="0"))
    limited = argv(FL_MAX_RETRIES="3", FL_MAX_WAIT_TIME="60")
    assert (after(limited, "--max-retries"), after(limited, "--max-wait-time")) == ("3", "60")


def test_node_config_is_one_argument_as_it_stands() -> None:
    value = "-a=1 name=\"a b\" c='$(id)'"
    assert f"--node-config={value}" in argv(FL_NODE_CONFIG=value)
    assert not [word for word in argv() if word.startswith("--node-config")]


def test_tls_of_a_node() -> None:
    pem = base64.b64encode(CERTIFICATE.encode()).decode()
    arguments = argv(FL_TLS_ENABLED="YES", FL_SSL_CA_CERTFILE=pem)
    assert "--insecure" not in arguments
    assert after(arguments, "--root-certificates") == "/app/certs/ca.crt"
    assert "/opt/flower/certs:/app/certs:ro" in arguments
    assert pem not in " ".join(arguments)


def test_the_whole_command_of_a_superlink() -> None:
    assert argv(LINK) == [
        *("docker", "run", "-d", "--name", "flower-superlink", "--restart", "unless-stopped"),
        *("--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
        *("-p", "127.0.0.1:9092:9092", "-p", "127.0.0.1:9093:9093"),
        *(
            "-v",
            "/opt/flower/state:/app/state:rw",
            "-v",
            "/opt/flower/certs:/app/certs:ro",
            "-e",
            "FLWR_LOG_LEVEL=INFO",
        ),
        *("-e", "FL_GRPC_KEEPALIVE_TIME=60", "-e", "FL_GRPC_KEEPALIVE_TIMEOUT=20", "-e", "FL_NUM_ROUNDS=3"),
        *("-e", "FL_STRATEGY=FedAvg", "-e", "FL_MIN_FIT_CLIENTS=2", "-e", "FL_MIN_EVALUATE_CLIENTS=2"),
        *("-e", "FL_MIN_AVAILABLE_CLIENTS=2", "-e", "FL_CHECKPOINT_ENABLED=NO", "-e", "FL_LOG_FORMAT=text"),
        *("-e", "FL_METRICS_ENABLED=NO"),
        "flwr/superlink:1.25.0",
        *("--ssl-ca-certfile", "/app/certs/ca.crt", "--ssl-certfile", "/app/certs/server.crt"),
        *("--ssl-keyfile", "/app/certs/server.key", "--isolation", "subprocess", "--database", "state/state.db"),
        *("--fleet-api-address", "0.0.0.0:9092", "--control-api-address", "0.0.0.0:9093"),
    ]


@pytest.mark.parametrize("version", ["1.40.0", "1.41.0", "2.0.0"])
def test_from_flower_140_on_there_is_one_listener(version: str) -> None:
    arguments = argv(LINK, FLOWER_VERSION=version, FL_FLEET_API_ADDRESS="0.0.0.0:9092")
    assert (after(arguments, "--host"), after(arguments, "--port")) == ("0.0.0.0", "9092")
    assert not {"--fleet-api-address", "--control-api-address"} & set(arguments)


@pytest.mark.parametrize("version", ["1.25.0", "1.39.9"])
def test_before_flower_140_there_are_two(version: str) -> None:
    arguments = argv(LINK, FLOWER_VERSION=version)
    assert "--host" not in arguments
    assert after(arguments, "--fleet-api-address") == "0.0.0.0:9092"


def test_checkpoints_metrics_and_tls_of_a_superlink() -> None:
    arguments = argv(
        LINK,
        FL_CHECKPOINT_ENABLED="YES",
        FL_CHECKPOINT_PATH="/app/saves",
        FL_METRICS_ENABLED="YES",
        FL_TLS_ENABLED="YES",
        FL_SSL_CERTFILE=CERTIFICATE,
        FL_SSL_KEYFILE=PRIVATE_KEY,
    )
    assert "/opt/flower/checkpoints:/app/saves:rw" in arguments
    assert "127.0.0.1:9101:9101" in arguments
    assert "--insecure" not in arguments
    assert after(arguments, "--ssl-keyfile") == "/app/certs/server.key"
    assert "PRIVATE" not in " ".join(arguments)


def test_what_is_published() -> None:
    raw = {**ADDRESS, "VMID": "42", "FL_GPU_ENABLED": "YES"}
    assert dry_run(NODE, load_context(raw), BOTH).onegate == {
        "FL_NODE_READY": "YES",
        "FL_NODE_ID": "42",
        "FL_VERSION": "1.25.0",
        "FL_GPU_AVAILABLE": "YES",
    }
    assert dry_run(LINK, load_context({"ETH0_IP": "10.0.0.5"}), BOTH).onegate == {
        "FL_READY": "YES",
        "FL_ENDPOINT": "10.0.0.5:9092",
        "FL_VERSION": "1.25.0",
        "FL_ROLE": "superlink",
        "FL_TLS": "YES",
    }


def test_without_an_address_the_command_says_so_and_lacks_it() -> None:
    planned = dry_run(NODE, load_context({}), GpuFacts())
    assert [(finding.code, finding.variable) for finding in planned.findings] == [
        (codes.NO_ADDRESS.id, "FL_SUPERLINK_ADDRESS"),
        (codes.NO_ADDRESS.id, "FL_SSL_CA_CERTFILE"),
    ]
    assert "--superlink" not in planned.argv
    values = validate(NODE, load_context({})).values
    discovered = docker_arguments(NODE, values, decide_gpu(values, GpuFacts()), superlink_address="10.9.9.9:9092")
    assert after(discovered, "--superlink") == "10.9.9.9:9092"


def test_an_error_stops_the_boot() -> None:
    planned: DryRun = dry_run(NODE, load_context({"FL_SUPERLINK_ADDRESS": "nowhere"}), BOTH)
    assert (planned.ok, planned.argv, planned.environment, planned.onegate) == (False, [], {}, {})


def test_a_service_is_no_machine() -> None:
    with pytest.raises(UnknownNameError, match="flower-superlink or flower-supernode"):
        dry_run(get_appliance("flower-service"), load_context({}), BOTH)


@given(contexts(NODE))
def test_a_fallback_leaves_no_trace_of_a_gpu(context: dict[str, str]) -> None:
    planned = dry_run(NODE, load_context(context), GpuFacts())
    words = " ".join(planned.argv)
    for trace in ("--gpus", "CUDA_VISIBLE_DEVICES", "NVIDIA", "FL_GPU_MEMORY_FRACTION", "TF_FORCE"):
        assert trace not in words


@given(contexts(NODE))
def test_every_option_comes_before_the_image_and_every_value_is_one_word(context: dict[str, str]) -> None:
    planned = dry_run(NODE, load_context(context), BOTH)
    if planned.container is None:
        return
    at = planned.argv.index(planned.container.image)
    assert planned.argv[:at].count("--gpus") == (context.get("FL_GPU_ENABLED", "").upper() == "YES")
    assert not {"--gpus", "-e", "-v"} & set(planned.argv[at:])
    assert not any("\0" in word for word in planned.argv)


def test_a_failed_gpu_variable_reads_as_not_requested() -> None:
    values = validate(NODE, load_context({"FL_GPU_ENABLED": "maybe"})).values
    assert FL_GPU_ENABLED not in values
    assert not decide_gpu(values, BOTH).requested


def test_nobody_looks_for_a_gpu_that_was_not_requested() -> None:
    def look() -> GpuFacts:
        raise AssertionError("nobody asked for a GPU")

    for appliance, context in [(NODE, {**ADDRESS, "FL_GPU_ENABLED": "NO"}), (NODE, ADDRESS), (LINK, {})]:
        assert plan(appliance, load_context(context), look).ok


@pytest.mark.parametrize(
    "text",
    [
        "FL_SUPERLINK_ADDRESS='a:1'\nFL_CUDA_VISIBLE_DEVICES='0\nFL_TLS_ENABLED=YES\n",
        "FL_SUPERLINK_ADDRESS='a:1'\nFL_GPU_ENABLED='NO'\nFL_GPU_ENABLED='YES'\n",
        "FL_SUPERLINK_ADDRESS='a:1'\nFL_GPU_ENABLED=YES\n",
        'export FL_SUPERLINK_ADDRESS="a:1"\nexport FL_GPU_MEMORY_FRACTION="0.5"\nexport FL_TLS_ENABLED=YES\n',
    ],
)
def test_a_broken_file_stops_the_boot_even_at_a_gpu_setting(text: str) -> None:
    """The malformed entry may have contained another variable, and which one cannot be known."""
    assert not dry_run(NODE, read_context(SourceText(text)), BOTH).ok


def test_faults_at_names_of_opennebula_stop_nobody() -> None:
    text = 'export START_SCRIPT="#!/bin/sh\nexport PATH="/usr/bin"\necho hi"\nexport FL_SUPERLINK_ADDRESS="a:1"\n'
    planned = dry_run(NODE, read_context(SourceText(text)), BOTH)
    assert planned.ok
    assert {finding.severity for finding in planned.findings} == {Severity.WARNING}


@pytest.mark.parametrize(
    "context",
    [
        {"FL_CHECKPOINT_ENABLED": "YES", "FL_CHECKPOINT_PATH": "/app/state"},
        {"FL_TLS_ENABLED": "YES", "FL_DATABASE": "certs/x.db"},
        {"FL_CHECKPOINT_ENABLED": "YES", "FL_CHECKPOINT_PATH": "/app/certs/", "FL_TLS_ENABLED": "YES"},
    ],
)
def test_two_folders_at_one_place_are_an_error(context: dict[str, str]) -> None:
    planned = dry_run(LINK, load_context(context), BOTH)
    assert not planned.ok
    assert codes.MOUNT.id in {finding.code for finding in planned.findings}


def test_ports_are_published_once_and_a_database_without_a_folder_is_not_mounted() -> None:
    arguments = argv(LINK, FL_CONTROL_API_ADDRESS="0.0.0.0:9092", FL_DATABASE="state.db", FL_TLS_ENABLED="NO")
    assert arguments.count("-p") == 1
    assert "-v" not in arguments
    assert "127.0.0.1:9093:9093" not in argv(LINK, FLOWER_VERSION="1.40.0")


def test_tls_without_a_ca_uses_the_authorities_of_the_image() -> None:
    assert not {"--insecure", "--root-certificates"} & set(argv())
    planned = dry_run(NODE, load_context(ADDRESS), GpuFacts())
    (finding,) = planned.findings
    assert (finding.code, finding.severity) == (codes.NO_AUTHORITY.id, Severity.WARNING)
    assert finding.repair == "set FL_SSL_CA_CERTFILE, or set FL_TLS_ENABLED to NO"
    for context in ({"FL_TLS_ENABLED": "NO"}, {"FL_SSL_CA_CERTFILE": CERTIFICATE}):
        assert not dry_run(NODE, load_context({**ADDRESS, **context}), GpuFacts()).findings


def test_the_endpoint_is_the_address_that_was_given() -> None:
    for address, endpoint in [("10.1.1.1:9", "10.1.1.1:9"), ("[::]:9", "10.0.0.5:9"), ("0.0.0.0:9", "10.0.0.5:9")]:
        planned = dry_run(LINK, load_context({"ETH0_IP": "10.0.0.5", "FL_FLEET_API_ADDRESS": address}), BOTH)
        assert planned.onegate["FL_ENDPOINT"] == endpoint


def test_from_flower_140_on_a_host_has_no_brackets() -> None:
    assert after(argv(LINK, FLOWER_VERSION="1.40.0", FL_FLEET_API_ADDRESS="[::]:9092"), "--host") == "::"


@pytest.mark.parametrize("devices", ["0, 1", "0 ,  1", "00,1", "0, 1, 0"])
def test_blanks_between_the_numbers_are_taken_out(devices: str) -> None:
    decision = decide(BOTH, FL_GPU_ENABLED="YES", FL_CUDA_VISIBLE_DEVICES=devices)
    assert decision.docker_flags == ["--gpus", "all", "-e", "CUDA_VISIBLE_DEVICES=0,1"]


@pytest.mark.parametrize(
    ("devices", "words"),
    [
        ("GPU-2f31e691-0000-0000-0000-000000000000", "nvidia-smi -L"),
        ("0,GPU-2f31e691", "nvidia-smi -L"),
        ("MIG-41b3", "where MIG is on, CUDA gives a program one instance"),
        ("MIG 1g.18gb", "where MIG is on, CUDA gives a program one instance"),
    ],
)
def test_a_uuid_or_a_mig_name_is_told_what_to_write_and_what_the_node_does(devices: str, words: str) -> None:
    context = {"FL_GPU_ENABLED": "YES", "FL_SUPERLINK_ADDRESS": "a:1", "FL_CUDA_VISIBLE_DEVICES": devices}
    (finding,) = (each for each in validate(NODE, load_context(context)).findings if each.code == "CTX072")
    assert words in (finding.repair or "")
    assert "Until then the node trains on its CPU" in (finding.repair or "")
    assert not decide(BOTH, FL_GPU_ENABLED="YES", FL_CUDA_VISIBLE_DEVICES=devices).use_gpu
