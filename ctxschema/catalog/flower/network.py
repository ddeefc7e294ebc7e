"""Variables for the addresses of the SuperLink, and for how a SuperNode finds it and stays connected."""

from ctxschema.catalog.flower.scopes import BOTH, SUPERLINK, SUPERNODE
from ctxschema.model.conditions import Is
from ctxschema.model.kinds import LIST, NUMBER, TEXT
from ctxschema.model.shapes import HOST_PORT, NOT_NEGATIVE, POSITIVE
from ctxschema.model.variable import Variable

GROUP = "network"
TITLE = "Network"

FL_FLEET_API_ADDRESS = Variable(
    "FL_FLEET_API_ADDRESS",
    TEXT,
    label="Address the SuperLink listens on for SuperNodes (host:port), empty for port 9092 of its first address",
    default="0.0.0.0:9092",
    help="Where nobody sets it, the machine is reached at its first address, and at no other. 0.0.0.0 stands for every "
    "address; without TLS that is a warning.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(HOST_PORT,),
    ask_empty=True,
)
FL_CONTROL_API_ADDRESS = Variable(
    "FL_CONTROL_API_ADDRESS",
    TEXT,
    label="Address the SuperLink listens on for the flwr command (host:port), empty for port 9093 of 127.0.0.1",
    default="0.0.0.0:9093",
    help="Where users submit and follow runs. It executes what is submitted, so that only the machine itself reaches "
    "it where nobody sets it; operators come through an SSH tunnel. 0.0.0.0 stands for every address; without TLS that "
    "is a warning.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(HOST_PORT,),
    ask_empty=True,
)
FL_SUPERLINK_ADDRESS = Variable(
    "FL_SUPERLINK_ADDRESS",
    TEXT,
    label="Address of the SuperLink (host:port), empty to discover it through OneGate",
    default="",
    help="Set it where the SuperLink is not part of the same OneFlow service.",
    group=GROUP,
    scope=SUPERNODE,
    limits=(HOST_PORT,),
    aliases=("ONEAPP_FL_SUPERLINK_ADDRESS",),
)
FL_MAX_RETRIES = Variable(
    "FL_MAX_RETRIES",
    NUMBER,
    label="Maximum number of connection attempts (0 means no limit)",
    default=0,
    help="With a limit, the container ends when it is reached and Docker starts it anew.",
    group=GROUP,
    scope=SUPERNODE,
    limits=(NOT_NEGATIVE,),
    aliases=("ONEAPP_FL_MAX_RETRIES",),
)
FL_MAX_WAIT_TIME = Variable(
    "FL_MAX_WAIT_TIME",
    NUMBER,
    label="Maximum time to try connecting, in seconds (0 means no limit)",
    default=0,
    help="With a limit, the container ends when it is reached and Docker starts it anew.",
    group=GROUP,
    scope=SUPERNODE,
    limits=(NOT_NEGATIVE,),
    aliases=("ONEAPP_FL_MAX_WAIT_TIME",),
)
FL_EDGE_BACKOFF = Variable(
    "FL_EDGE_BACKOFF",
    LIST,
    label="Backoff between attempts to discover the SuperLink",
    default="exponential",
    help="Exponential doubles the pause from 10 seconds up to a cap and never gives up; fixed waits 10 seconds each "
    "time and gives up after 30 attempts.",
    group=GROUP,
    scope=SUPERNODE,
    options=("exponential", "fixed"),
)
FL_EDGE_MAX_BACKOFF = Variable(
    "FL_EDGE_MAX_BACKOFF",
    NUMBER,
    label="Maximum backoff between discovery attempts, in seconds",
    default=300,
    help="The cap of the exponential backoff.",
    group=GROUP,
    scope=SUPERNODE,
    limits=(POSITIVE,),
    effective=Is(FL_EDGE_BACKOFF, "exponential"),
)
FL_GRPC_KEEPALIVE_TIME = Variable(
    "FL_GRPC_KEEPALIVE_TIME",
    NUMBER,
    label="gRPC keepalive interval, in seconds",
    default=60,
    help="How often an idle connection is probed, so that firewalls between sites do not drop it.",
    group=GROUP,
    scope=BOTH,
    limits=(POSITIVE,),
)
FL_GRPC_KEEPALIVE_TIMEOUT = Variable(
    "FL_GRPC_KEEPALIVE_TIMEOUT",
    NUMBER,
    label="gRPC keepalive timeout, in seconds",
    default=20,
    help="A probe without an answer in this time means that the connection is lost.",
    group=GROUP,
    scope=BOTH,
    limits=(POSITIVE,),
)
