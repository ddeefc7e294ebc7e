"""Codes of findings about OneFlow services and about the scripts of one-apps appliances.

Source: docs/facts/opennebula.md, sections 1.3, 1.6 and 5.4.
"""

from ctxschema.core.codes.code import ERROR, INFO, WARNING, Code

# ---- services (sections 1.3 and 5.4) ----

SERVICE_DEFAULT = Code(
    "CTX155",
    "service-default",
    ERROR,
    "The server refuses a service with status 400 unless every declared input has a value, optional ones too, and "
    "clients send none for an optional number, list or range without a default.",
    "write a default",
    {"oneflow": ERROR, "cli": ERROR, "service-editor": WARNING},
    grouped=True,
)
NETWORK = Code(
    "CTX156",
    "network-definition",
    WARNING,
    "A network is M|network|description| |kind:id with kind id, template_id or reserve_from; the server answers 400 to "
    "an empty default, and a typed id is ignored where the default has one.",
    "write M|network|description| |id:",
    {"oneflow": WARNING, "cli": WARNING},
)
CUSTOM_ATTRS = Code(
    "CTX157",
    "custom-attrs",
    INFO,
    "custom_attrs and vm_template_contents are the words of OpenNebula up to 6.10; 7.0 calls them user_inputs and "
    "template_contents.",
    "write the new words where the service is for 7.0 and later",
    {"oneflow": INFO},
    since="7.0",
    default=False,
    grouped=True,
)
CONTENTS_QUOTE = Code(
    "CTX158",
    "contents-quote",
    WARNING,
    "The upgrade to 7.0 deletes every double quote of vm_template_contents and splits vectors at commas.",
    "write values without quotes and commas inside",
    {"oneflow": WARNING},
    since="7.0",
    grouped=True,
)
CONTENTS_LINE_END = Code(
    "CTX159",
    "contents-line-end",
    WARNING,
    "OneFlow adds a comma at each line end inside a vector when it renders a role.",
    "write the value on one line, or in base64",
    {"oneflow": WARNING},
    grouped=True,
)
SERVICE_EXPRESSION = Code(
    "CTX160",
    "service-expression",
    WARNING,
    "OneFlow replaces ${...} anywhere in a rendered role by an attribute of one of its parents, and by nothing where "
    "there is none.",
    "write it only for an attribute of a parent role, such as ${vnf.TEMPLATE.CONTEXT.ETH0_IP}",
    {"oneflow": WARNING},
    grouped=True,
)
CONTENTS_REFERENCE = Code(
    "CTX161",
    "contents-reference",
    WARNING,
    "From 7.0 on OneFlow no longer replaces $NAME inside the contents of a role: an input is written under its own "
    "name and into CONTEXT, a network into NETWORK_ID, and every other reference stays as it stands.",
    "hand the value over in the CONTEXT of the role; anywhere else it has to be written out",
    {"oneflow": WARNING},
    since="7.0",
    grouped=True,
)

TEMPLATE_ID = Code(
    "CTX251",
    "template-id",
    ERROR,
    "Each role names the VM template of its machines by number. OneFlow takes -1 when a service is created and "
    "instantiated, and the service then hangs in DEPLOYING_NETS with the reason in its log only.",
    "write the number that onetemplate list shows, or generate with --template ROLE=ID",
    {"oneflow": ERROR},
)
READY_EARLY = Code(
    "CTX252",
    "ready-early",
    WARNING,
    "At every change of a machine OneFlow looks for READY=YES anywhere in what is published, so that FL_READY=YES "
    "counts as READY, and the roles that wait for this one start.",
    "publish it last, when the container is up and healthy, or under a name that does not end in READY",
    {"oneflow": WARNING},
)

# ---- one-apps scripts (section 1.6) ----

PARAMS_COUNT = Code(
    "CTX165",
    "params-count",
    ERROR,
    "ONE_SERVICE_PARAMS has four words for each parameter; with another number everything behind is shifted.",
    "write name, stage, description and input for each parameter",
)
PARAMS_BLANK_NAME = Code(
    "CTX166",
    "params-blank-name",
    ERROR,
    "The loop that reads ONE_SERVICE_PARAMS stops at the first empty name.",
    "write the name",
)
PARAMS_INPUT = Code(
    "CTX167",
    "params-input",
    INFO,
    "The fourth word of a parameter is empty, or a flag and a type such as O|text.",
    "write O|text, another type, or nothing",
    grouped=True,
)
PARAMS_REPEATED = Code(
    "CTX168",
    "params-repeated",
    WARNING,
    "A parameter that stands twice is documented twice.",
    "remove one of them",
    grouped=True,
)
SCRIPT_DEFAULT = Code(
    "CTX169",
    "script-default",
    INFO,
    "A default for a name that is no parameter, or a parameter without one, is where script and template drift apart.",
    "declare the parameter, or write its default",
)
