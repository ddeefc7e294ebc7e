"""Variables for saving the model during training."""

from ctxschema.catalog.flower.scopes import SUPERLINK
from ctxschema.model.conditions import Is
from ctxschema.model.kinds import BOOLEAN, NUMBER, TEXT
from ctxschema.model.shapes import ABSOLUTE_PATH, POSITIVE
from ctxschema.model.variable import Variable

GROUP = "checkpoint"
TITLE = "Checkpoints"

FL_CHECKPOINT_ENABLED = Variable(
    "FL_CHECKPOINT_ENABLED",
    BOOLEAN,
    label="Save checkpoints of the model",
    default=False,
    help="Makes /opt/flower/checkpoints on the machine, mounts it into the container and saves there.",
    group=GROUP,
    scope=SUPERLINK,
)
FL_CHECKPOINT_INTERVAL = Variable(
    "FL_CHECKPOINT_INTERVAL",
    NUMBER,
    label="Rounds between two checkpoints",
    default=5,
    help="The model is saved every so many rounds.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(POSITIVE,),
    effective=Is(FL_CHECKPOINT_ENABLED, True),
)
FL_CHECKPOINT_PATH = Variable(
    "FL_CHECKPOINT_PATH",
    TEXT,
    label="Checkpoint folder inside the container",
    default="/app/checkpoints",
    help="Where /opt/flower/checkpoints of the machine stands inside the container.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(ABSOLUTE_PATH,),
    effective=Is(FL_CHECKPOINT_ENABLED, True),
)
