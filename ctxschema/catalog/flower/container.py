"""The containers of the Flower machines, and how they use each variable.

Source: docs/facts/gpu.md, sections 1, 2, 7 and 8.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ctxschema.catalog.flower.base import FL_NODE_CONFIG, FLOWER_VERSION
from ctxschema.catalog.flower.checkpoint import FL_CHECKPOINT_ENABLED, FL_CHECKPOINT_INTERVAL, FL_CHECKPOINT_PATH
from ctxschema.catalog.flower.gpu import FL_CUDA_VISIBLE_DEVICES, FL_GPU_ENABLED, FL_GPU_MEMORY_FRACTION
from ctxschema.catalog.flower.monitoring import FL_DCGM_ENABLED, FL_LOG_FORMAT, FL_METRICS_ENABLED, FL_METRICS_PORT
from ctxschema.catalog.flower.network import (
    FL_EDGE_BACKOFF,
    FL_EDGE_MAX_BACKOFF,
    FL_GRPC_KEEPALIVE_TIME,
    FL_GRPC_KEEPALIVE_TIMEOUT,
    FL_MAX_RETRIES,
    FL_MAX_WAIT_TIME,
    FL_SUPERLINK_ADDRESS,
)
from ctxschema.catalog.flower.tls import FL_SSL_CA_CERTFILE, FL_SSL_CERTFILE, FL_SSL_KEYFILE, FL_TLS_ENABLED
from ctxschema.catalog.flower.training import (
    FL_CLIENT_LR,
    FL_MIN_AVAILABLE_CLIENTS,
    FL_MIN_EVALUATE_CLIENTS,
    FL_MIN_FIT_CLIENTS,
    FL_NUM_MALICIOUS,
    FL_NUM_ROUNDS,
    FL_PROXIMAL_MU,
    FL_SERVER_LR,
    FL_STRATEGY,
    FL_TRIM_BETA,
    FL_USE_CASE,
    ML_FRAMEWORK,
)
from ctxschema.model.conditions import AllOf, Compare, CompareRelease, Is, IsSet, Not
from ctxschema.model.container import (
    LOOPBACK,
    Argument,
    Certificates,
    Container,
    EnvironmentEntry,
    Image,
    Mount,
    Port,
    Rights,
)
from ctxschema.model.gpu_request import GpuRequest, GpuUsed
from ctxschema.model.service import Discover, Publish
from ctxschema.model.step import Backoff
from ctxschema.model.variable import Variable

SCRIPT_FOLDER = "/opt/flower/scripts"
"""The folder of the image for scripts: the health check and the GPU checks."""

OWNER = 49999
"""The ID of the user and the group that Flower's images run as."""

CERTIFICATE_FOLDER = "/opt/flower/certs"

TLS = Is(FL_TLS_ENABLED, True)
NO_TLS = Is(FL_TLS_ENABLED, False)

ONE_LISTENER = CompareRelease(FLOWER_VERSION, ">=", "1.40")
"""Since this Flower release the API addresses are ignored, and ``--host`` and ``--port`` are used."""


def settings(*notes: tuple[Variable[Any], str]) -> Iterable[EnvironmentEntry]:
    """Yield a line of the env file, under the variable's own name, for each variable that apps read themselves."""
    for variable, note in notes:
        yield EnvironmentEntry(variable.name, f"{{{variable.name}}}", variable.effective, in_file=True, note=note)


def run_config(*keys: tuple[Variable[Any], str]) -> Iterable[EnvironmentEntry]:
    """Yield a line of the env file for each setting of a run. Apps in images of one's own read them, Flower's do not.

    For those, the settings are what ``flwr run --run-config`` submits with the app (docs/facts/flower-shipped.md).
    """
    ignored = "an app of your own can read it; Flower's images take it from flwr run --run-config"
    return settings(*((variable, f"{key}: {ignored}") for variable, key in keys))


LOG_LEVEL = EnvironmentEntry("FLWR_LOG_LEVEL", "{FL_LOG_LEVEL}")
KEEPALIVE = (
    (FL_GRPC_KEEPALIVE_TIME, "grpc.keepalive_time_ms, times 1000"),
    (FL_GRPC_KEEPALIVE_TIMEOUT, "grpc.keepalive_timeout_ms, times 1000"),
)
ISOLATION = Argument("--isolation", "{FL_ISOLATION}")
CERTIFICATE_MOUNT = Mount(CERTIFICATE_FOLDER, "/app/certs", when=TLS)
EXPORTER = Container(
    Image("nvcr.io/nvidia/k8s/dcgm-exporter", "3.3.9-3.6.1-ubuntu22.04"),
    ports=(Port("9400", unless_given="{address}"),),
    # Without it the exporter cannot read profiling metrics, and some releases exit (its README and issue 407).
    rights=Rights(drop=(), add=("SYS_ADMIN",), gains_none=False),
    name="flower-dcgm-exporter",
    when=AllOf((Is(FL_DCGM_ENABLED, True), GpuUsed())),
    gpus=True,
)

SUPERLINK_CONTAINER = Container(
    Image("flwr/superlink", "{FLOWER_VERSION}", release=FLOWER_VERSION),
    arguments=(
        Argument("--ssl-ca-certfile", "/app/certs/ca.crt", TLS),
        Argument("--ssl-certfile", "/app/certs/server.crt", TLS),
        Argument("--ssl-keyfile", "/app/certs/server.key", TLS),
        Argument("--insecure", when=NO_TLS),
        ISOLATION,
        Argument("--database", "{FL_DATABASE}"),
        Argument(
            "--fleet-api-address",
            "{FL_FLEET_API_ADDRESS:listening-host}:{FL_FLEET_API_ADDRESS:port}",
            Not(ONE_LISTENER),
        ),
        Argument(
            "--control-api-address",
            "{FL_CONTROL_API_ADDRESS:listening-host}:{FL_CONTROL_API_ADDRESS:port}",
            Not(ONE_LISTENER),
        ),
        Argument("--host", "{FL_FLEET_API_ADDRESS:listening-ip}", ONE_LISTENER),
        Argument("--port", "{FL_FLEET_API_ADDRESS:port}", ONE_LISTENER),
    ),
    environment=(
        LOG_LEVEL,
        *settings(
            *KEEPALIVE,
        ),
        *run_config(
            (FL_NUM_ROUNDS, "run config num-server-rounds"),
            (FL_STRATEGY, "run config strategy"),
            (FL_MIN_FIT_CLIENTS, "strategy min_fit_clients"),
            (FL_MIN_EVALUATE_CLIENTS, "strategy min_evaluate_clients"),
            (FL_MIN_AVAILABLE_CLIENTS, "strategy min_available_clients"),
            (FL_PROXIMAL_MU, "strategy proximal_mu"),
            (FL_SERVER_LR, "strategy eta"),
            (FL_CLIENT_LR, "strategy eta_l"),
            (FL_NUM_MALICIOUS, "strategy num_malicious_clients"),
            (FL_TRIM_BETA, "strategy beta"),
            (FL_CHECKPOINT_ENABLED, "run config checkpoint-enabled"),
            (FL_CHECKPOINT_INTERVAL, "run config checkpoint-interval"),
            (FL_CHECKPOINT_PATH, "where the app saves"),
        ),
        *settings(
            (FL_LOG_FORMAT, "log formatter"),
            (FL_METRICS_ENABLED, "Prometheus exporter"),
            (FL_METRICS_PORT, "port of the exporter"),
        ),
    ),
    mounts=(
        Mount("/opt/flower/state", "/app/{FL_DATABASE:folder}", writable=True),
        Mount("/opt/flower/checkpoints", "{FL_CHECKPOINT_PATH}", writable=True, when=Is(FL_CHECKPOINT_ENABLED, True)),
        CERTIFICATE_MOUNT,
    ),
    ports=(
        Port(
            "{FL_FLEET_API_ADDRESS:port}",
            address="{FL_FLEET_API_ADDRESS:publishing-host}",
            unless_given="{address}",
            exposed_when=NO_TLS,
        ),
        Port(
            "{FL_CONTROL_API_ADDRESS:port}",
            address="{FL_CONTROL_API_ADDRESS:publishing-host}",
            when=Not(ONE_LISTENER),
            # The port executes what is submitted to it; operators use an SSH tunnel (docs/facts/flower-shipped.md).
            unless_given=LOOPBACK,
            exposed_when=NO_TLS,
        ),
        Port("{FL_METRICS_PORT}", when=Is(FL_METRICS_ENABLED, True), unless_given="{address}"),
    ),
    certificates=Certificates(
        CERTIFICATE_FOLDER,
        FL_SSL_CA_CERTFILE,
        FL_SSL_CERTFILE,
        FL_SSL_KEYFILE,
        when=TLS,
        made_for="flower-superlink",
        names=("DNS:localhost", "DNS:flower-superlink", "IP:127.0.0.1", "IP:{address}", "{FL_CERT_EXTRA_SAN}"),
    ),
    env_file="/opt/flower/config/flower-superlink.env",
    owner=OWNER,
    publishes=(
        Publish("FL_READY", "YES"),
        Publish("FL_ENDPOINT", "{FL_FLEET_API_ADDRESS:reachable}"),
        Publish("FL_VERSION", "{FLOWER_VERSION}"),
        Publish("FL_ROLE", "superlink"),
        Publish("FL_TLS", "YES", TLS),
        Publish("FL_CA_CERT", "{ca_certificate}", TLS),
    ),
)

SUPERNODE_CONTAINER = Container(
    # The plain tag is based on Alpine, where neither nvidia-smi nor PyTorch with CUDA runs.
    Image("flwr/supernode", "{FLOWER_VERSION}", "{FLOWER_VERSION}-py3.13-ubuntu24.04", FLOWER_VERSION),
    arguments=(
        Argument("--insecure", when=NO_TLS),
        Argument("--root-certificates", "/app/certs/ca.crt", AllOf((TLS, IsSet(FL_SSL_CA_CERTFILE)))),
        Argument("--superlink", "{FL_SUPERLINK_ADDRESS}", IsSet(FL_SUPERLINK_ADDRESS)),
        ISOLATION,
        # As a separate word, a value that begins with a dash would be taken for an option.
        Argument("--node-config={FL_NODE_CONFIG}", when=IsSet(FL_NODE_CONFIG)),
        Argument("--node-config=partition-id={place} num-partitions={places}", when=Not(IsSet(FL_NODE_CONFIG))),
        # For Flower, 0 means no retry at all rather than no limit.
        Argument("--max-retries", "{FL_MAX_RETRIES}", Compare(FL_MAX_RETRIES, ">", 0)),
        Argument("--max-wait-time", "{FL_MAX_WAIT_TIME}", Compare(FL_MAX_WAIT_TIME, ">", 0)),
    ),
    environment=(
        LOG_LEVEL,
        *settings(
            *KEEPALIVE,
            (ML_FRAMEWORK, "framework of the app"),
            (FL_USE_CASE, "app in the image"),
            (FL_LOG_FORMAT, "log formatter"),
        ),
    ),
    mounts=(Mount("/opt/flower/data", "/app/data"), CERTIFICATE_MOUNT),
    certificates=Certificates(CERTIFICATE_FOLDER, FL_SSL_CA_CERTFILE, when=TLS),
    env_file="/opt/flower/config/flower-supernode.env",
    owner=OWNER,
    discovers=(
        Discover(
            FL_SUPERLINK_ADDRESS,
            "SuperLink",
            "FL_ENDPOINT",
            {"FL_ROLE": "superlink", "FL_READY": "YES"},
            {"fixed": Backoff(10, attempts=30), "exponential": Backoff(10, factor=2)},
            FL_EDGE_BACKOFF,
            FL_EDGE_MAX_BACKOFF,
            mismatch={"FL_TLS": "YES"},
            mismatch_when=NO_TLS,
        ),
        # Only if the SuperLink was looked up: then it belongs to the same service and made its own certificate.
        Discover(
            FL_SSL_CA_CERTFILE,
            "SuperLink",
            "FL_CA_CERT",
            {"FL_ROLE": "superlink", "FL_READY": "YES", "FL_TLS": "YES"},
            {"": Backoff(5, attempts=12)},
            when=AllOf((TLS, Not(IsSet(FL_SUPERLINK_ADDRESS)))),
        ),
    ),
    publishes=(
        Publish("FL_NODE_READY", "YES"),
        Publish("FL_NODE_ID", "{vm_id}"),
        Publish("FL_VERSION", "{FLOWER_VERSION}"),
    ),
    beside=(EXPORTER,),
)

SUPERNODE_GPU = GpuRequest(
    FL_GPU_ENABLED,
    FL_CUDA_VISIBLE_DEVICES,
    settings=(FL_GPU_MEMORY_FRACTION,),
    environment=(
        EnvironmentEntry(
            FL_GPU_MEMORY_FRACTION.name,
            "{FL_GPU_MEMORY_FRACTION}",
            Is(ML_FRAMEWORK, "pytorch"),
            note="for the app to read",
        ),
        EnvironmentEntry("TF_FORCE_GPU_ALLOW_GROWTH", "true", Is(ML_FRAMEWORK, "tensorflow")),
    ),
    published_as="FL_GPU_AVAILABLE",
    script=f"{SCRIPT_FOLDER}/validate-gpu.sh",
)
