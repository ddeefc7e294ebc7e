"""Variables of a training run: strategy, rounds, clients, framework."""

from ctxschema.catalog.flower.scopes import SUPERLINK, SUPERNODE
from ctxschema.model.conditions import Is, IsOneOf
from ctxschema.model.kinds import LIST, NUMBER, NUMBER_FLOAT
from ctxschema.model.limits import Between
from ctxschema.model.shapes import NOT_NEGATIVE, POSITIVE
from ctxschema.model.variable import Variable

GROUP = "training"
TITLE = "Training"

FL_NUM_ROUNDS = Variable(
    "FL_NUM_ROUNDS",
    NUMBER,
    label="Number of training rounds",
    default=3,
    help="How often the model is sent out, trained on the nodes and aggregated.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(POSITIVE,),
)
FL_STRATEGY = Variable(
    "FL_STRATEGY",
    LIST,
    label="Aggregation strategy",
    default="FedAvg",
    help="FedAvg averages. FedProx suits nodes with unlike data, FedAdam tunes the server's steps, and Krum, Bulyan "
    "and FedTrimmedAvg withstand nodes that send bad models.",
    group=GROUP,
    scope=SUPERLINK,
    options=("FedAvg", "FedProx", "FedAdam", "Krum", "Bulyan", "FedTrimmedAvg"),
)
FL_MIN_FIT_CLIENTS = Variable(
    "FL_MIN_FIT_CLIENTS",
    NUMBER,
    label="Minimum number of nodes that train in a round",
    default=2,
    help="A round does not begin with fewer.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(POSITIVE,),
)
FL_MIN_EVALUATE_CLIENTS = Variable(
    "FL_MIN_EVALUATE_CLIENTS",
    NUMBER,
    label="Minimum number of nodes that evaluate in a round",
    default=2,
    help="An evaluation does not begin with fewer.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(POSITIVE,),
)
FL_MIN_AVAILABLE_CLIENTS = Variable(
    "FL_MIN_AVAILABLE_CLIENTS",
    NUMBER,
    label="Minimum number of connected nodes before training starts",
    default=2,
    help="The SuperLink waits until this many nodes are there.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(POSITIVE,),
)
FL_PROXIMAL_MU = Variable(
    "FL_PROXIMAL_MU",
    NUMBER_FLOAT,
    label="FedProx: weight of the proximal term (0.0 or more)",
    default=1.0,
    help="How strongly a node's model is held near the common one. 0.0 makes FedProx the same as FedAvg.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(Between(low=0.0),),
    effective=Is(FL_STRATEGY, "FedProx"),
)
FL_SERVER_LR = Variable(
    "FL_SERVER_LR",
    NUMBER_FLOAT,
    label="FedAdam: learning rate of the server (more than 0.0)",
    default=0.1,
    help="The size of the server's steps.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(Between(low=0.0, low_included=False),),
    effective=Is(FL_STRATEGY, "FedAdam"),
)
FL_CLIENT_LR = Variable(
    "FL_CLIENT_LR",
    NUMBER_FLOAT,
    label="FedAdam: learning rate of the nodes (more than 0.0)",
    default=0.1,
    help="The size of the nodes' steps, as FedAdam assumes it.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(Between(low=0.0, low_included=False),),
    effective=Is(FL_STRATEGY, "FedAdam"),
)
FL_NUM_MALICIOUS = Variable(
    "FL_NUM_MALICIOUS",
    NUMBER,
    label="Krum and Bulyan: number of bad nodes to withstand",
    default=0,
    help="Every bad node that is to be withstood needs several good ones beside it.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(NOT_NEGATIVE,),
    effective=IsOneOf(FL_STRATEGY, ("Krum", "Bulyan")),
)
FL_TRIM_BETA = Variable(
    "FL_TRIM_BETA",
    NUMBER_FLOAT,
    label="FedTrimmedAvg: share to cut off at either end (between 0.0 and 0.5)",
    default=0.2,
    help="The largest and the smallest values of this share are left out of the average.",
    group=GROUP,
    scope=SUPERLINK,
    limits=(Between(0.0, 0.5, low_included=False, high_included=False),),
    effective=Is(FL_STRATEGY, "FedTrimmedAvg"),
)
ML_FRAMEWORK = Variable(
    "ML_FRAMEWORK",
    LIST,
    label="Machine-learning framework of the node",
    default="pytorch",
    help="Which framework the node's image carries.",
    group=GROUP,
    scope=SUPERNODE,
    options=("pytorch", "tensorflow", "sklearn"),
    aliases=("ONEAPP_FL_FRAMEWORK",),
)
FL_USE_CASE = Variable(
    "FL_USE_CASE",
    LIST,
    label="Preinstalled Flower app",
    default="none",
    help="A ready app to start from. Each one needs a framework that it was written for.",
    group=GROUP,
    scope=SUPERNODE,
    options=("none", "image-classification", "anomaly-detection", "llm-fine-tuning"),
)
