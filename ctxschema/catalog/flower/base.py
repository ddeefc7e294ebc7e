"""Variables that both programs need to run."""

from ctxschema.catalog.flower.scopes import BOTH, SUPERLINK, SUPERNODE
from ctxschema.model.kinds import LIST, TEXT
from ctxschema.model.node_config import NODE_CONFIG
from ctxschema.model.shapes import RELATIVE_PATH, RELEASE
from ctxschema.model.variable import Variable

GROUP = "base"
TITLE = "Base"

FLOWER_VERSION = Variable(
    "FLOWER_VERSION",
    TEXT,
    label="Flower version to run",
    default="1.25.0",
    help="Release of Flower, and so the tag of the container image. Both roles of a service must run the same. Where a "
    "GPU is used, the tag is that of the Ubuntu build, because the plain one is Alpine, which no CUDA program runs on.",
    group=GROUP,
    scope=BOTH,
    limits=(RELEASE,),
    aliases=("ONEAPP_FLOWER_VERSION",),
)
FL_ISOLATION = Variable(
    "FL_ISOLATION",
    LIST,
    label="App isolation: subprocess (same container) or process (apps are started separately)",
    default="subprocess",
    help="With subprocess, Flower starts ServerApps and ClientApps in its own container; with process, a SuperExec has "
    "to be run beside it.",
    group=GROUP,
    scope=BOTH,
    options=("subprocess", "process"),
    aliases=("ONEAPP_FL_ISOLATION",),
)
FL_LOG_LEVEL = Variable(
    "FL_LOG_LEVEL",
    LIST,
    label="Log level",
    default="INFO",
    help="Messages below this level are left out of the container's log.",
    group=GROUP,
    scope=BOTH,
    options=("DEBUG", "INFO", "WARNING", "ERROR"),
    aliases=("ONEAPP_FL_LOG_LEVEL",),
)
FL_DATABASE = Variable(
    "FL_DATABASE",
    TEXT,
    label="Database file of the SuperLink, relative to /app",
    default="state/state.db",
    help="Where the SuperLink keeps its state. An absolute path would lie outside the mounted volume and be lost "
    "with the container.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(RELATIVE_PATH,),
    aliases=("ONEAPP_FL_DATABASE",),
)
FL_NODE_CONFIG = Variable(
    "FL_NODE_CONFIG",
    TEXT,
    label="Settings of this node, as key=value pairs (strings in double quotes)",
    default="",
    help="Handed to the ClientApp, for instance to tell it which partition of the data is its own.",
    group=GROUP,
    scope=SUPERNODE,
    limits=(NODE_CONFIG,),
    aliases=("ONEAPP_FL_NODE_CONFIG",),
)
