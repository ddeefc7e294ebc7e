"""Variables for logs and metrics."""

from ctxschema.catalog.flower.gpu import FL_GPU_ENABLED
from ctxschema.catalog.flower.scopes import SERVICE, SUPERLINK, SUPERNODE
from ctxschema.model.conditions import Is
from ctxschema.model.kinds import BOOLEAN, LIST, NUMBER
from ctxschema.model.limits import Between, NoneOf
from ctxschema.model.variable import Variable

GROUP = "monitoring"
TITLE = "Monitoring"

FL_LOG_FORMAT = Variable(
    "FL_LOG_FORMAT",
    LIST,
    label="Log format: text for people, json for machines",
    default="text",
    help="One setting for the whole service. The log level filters either form.",
    group=GROUP,
    scope=SERVICE,
    options=("text", "json"),
)
FL_METRICS_ENABLED = Variable(
    "FL_METRICS_ENABLED",
    BOOLEAN,
    label="Export training metrics to Prometheus",
    default=False,
    help="Starts an exporter that Prometheus can read.",
    group=GROUP,
    scope=SUPERLINK,
)
FL_METRICS_PORT = Variable(
    "FL_METRICS_PORT",
    NUMBER,
    label="Metrics port",
    default=9101,
    help="The port that Prometheus reads from.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(Between(1024, 65535), NoneOf((9091, 9092, 9093), "Flower's own ports")),
    effective=Is(FL_METRICS_ENABLED, True),
)
FL_DCGM_ENABLED = Variable(
    "FL_DCGM_ENABLED",
    BOOLEAN,
    label="Export GPU metrics to Prometheus",
    default=False,
    help="Starts NVIDIA's DCGM exporter on port 9400 beside the node, where a GPU was found.",
    group=GROUP,
    scope=SUPERNODE,
    effective=Is(FL_GPU_ENABLED, True),
    stops_boot=False,
)
