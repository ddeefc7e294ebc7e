"""Codes of findings about a template as a whole: inputs, their order, CONTEXT, services, marketplaces.

Source: docs/facts/opennebula.md, sections 1.3 to 5.4.
"""

from ctxschema.core.codes.code import ERROR, INFO, WARNING, Code

# ---- INPUTS_ORDER (section 4.1) ----

ORDER_UNKNOWN = Code(
    "CTX120",
    "order-unknown-name",
    WARNING,
    "INPUTS_ORDER names an input that does not exist, most often one that was renamed or removed.",
    "remove the name from INPUTS_ORDER",
)
ORDER_INCOMPLETE = Code(
    "CTX121",
    "order-incomplete",
    WARNING,
    "The command line asks for the inputs that INPUTS_ORDER leaves out last, Sunstone first.",
    "name every input in INPUTS_ORDER",
    {"cli": INFO, "sunstone": WARNING},
)
ORDER_MISSING = Code(
    "CTX122",
    "order-missing",
    INFO,
    "Without INPUTS_ORDER users are asked in alphabetical order, because the server forgets the order as written.",
    "write INPUTS_ORDER with every input",
    {"cli": INFO, "sunstone": INFO},
)
ORDER_CASE = Code(
    "CTX123",
    "order-case",
    WARNING,
    "The server folds the names of inputs to upper case and leaves INPUTS_ORDER as it is, so that they never match.",
    "write the names in INPUTS_ORDER in upper case",
    {"cli": WARNING, "sunstone": WARNING},
)
ORDER_REPEATED = Code(
    "CTX124",
    "order-repeated",
    INFO,
    "A name that stands twice in INPUTS_ORDER, or an empty one, means nothing.",
    "name every input once",
)

# ---- CONTEXT (sections 1.2 and 5.2) ----

INPUT_NOT_USED = Code(
    "CTX125",
    "input-not-used",
    WARNING,
    "An input that no CONTEXT entry uses never reaches the machine from the command line.",
    "refer to the input in CONTEXT",
    {"cli": WARNING},
    grouped=True,
)
REFERENCE_UNDEFINED = Code(
    "CTX126",
    "reference-undefined",
    WARNING,
    "A reference that neither an input nor an attribute defines becomes an empty text, without a word.",
    "declare an input of that name, or correct the reference",
    grouped=True,
)
REFERENCE_DROPPED = Code(
    "CTX127",
    "reference-dropped",
    INFO,
    "As soon as a template has an input, Sunstone drops every CONTEXT entry that begins with a dollar and is not the "
    "name of an input.",
    "instantiate such a template from the command line, or set the value otherwise",
    {"sunstone": INFO},
    grouped=True,
)
CONTEXT_DOLLAR = Code(
    "CTX128",
    "context-dollar",
    ERROR,
    "A dollar that no name follows fails the instantiation of the whole template.",
    "put the text into an attribute of its own and refer to it, or use a variable in base64",
)
CONTEXT_SHELL_VARIABLE = Code(
    "CTX129",
    "context-shell-variable",
    WARNING,
    "A script in CONTEXT loses its variables, because the server takes each dollar with a name for a reference.",
    "use START_SCRIPT_BASE64",
    grouped=True,
)
CONTEXT_BACKSLASH = Code(
    "CTX130",
    "context-backslash",
    WARNING,
    "A backslash before a dollar keeps it from being expanded, and stays in the value.",
    "put the text into an attribute of its own and refer to it, or use a variable in base64",
)
REFERENCE_TERMINATOR = Code(
    "CTX131",
    "reference-terminator",
    ERROR,
    "A comma, an equals sign, a bracket or a line end right behind a reference fails the instantiation or is lost.",
    "write a blank behind the reference",
)
CONTEXT_SEPARATOR = Code(
    "CTX132",
    "context-separator",
    ERROR,
    "@^_^@ is what the server joins the values of CONTEXT with and takes them apart at: in a value it creates another "
    "variable, or what stands behind it is lost.",
    "remove it, or send the value in base64",
)
RESERVED_NAME = Code(
    "CTX134",
    "reserved-name",
    ERROR,
    "The guest exports every CONTEXT variable, so that one with the name of a shell's own breaks all its scripts.",
    "write another name",
)
INPUT_NAME = Code(
    "CTX135",
    "input-name",
    ERROR,
    "Names of inputs are letters, digits and underscores; anything else does not survive a template.",
    "write upper-case letters, digits and _",
)

# ---- grouping (sections 4.2 and 4.3) ----

GROUPING_SHORT = Code(
    "CTX136",
    "grouping-short",
    INFO,
    "Sunstone groups ONEAPP_<APP>_<GROUP>_<FIELD> into tabs, and puts a name with fewer words among the others.",
    "write four words: ONEAPP_<APP>_<GROUP>_<FIELD>",
    {"sunstone": INFO},
    default=False,
    grouped=True,
)
ENABLED_KIND = Code(
    "CTX137",
    "enabled-not-boolean",
    WARNING,
    "An input whose fourth word is ENABLED hides the others of its group until it is true, so it has to be a boolean.",
    "write the type boolean",
    {"sunstone": WARNING},
)
ENABLED_HIDES = Code(
    "CTX138",
    "enabled-hides-mandatory",
    WARNING,
    "A mandatory input without a default that is hidden still has to be filled in, so that the form cannot be sent.",
    "write a default, or make the input optional",
    {"sunstone": WARNING},
)
ENABLED_WORD = Code(
    "CTX139",
    "enabled-more-words",
    INFO,
    "Only the fourth word decides what ENABLED hides; with more words behind it an input is never hidden.",
    "write another fourth word",
    {"sunstone": INFO},
    grouped=True,
)
METADATA_UNMATCHED = Code(
    "CTX140",
    "metadata-unmatched",
    WARNING,
    "Metadata for an app or a group that no input belongs to is shown nowhere.",
    "write the word that stands in the names of the inputs",
    {"sunstone": WARNING},
    grouped=True,
)
METADATA_TYPE = Code(
    "CTX141",
    "metadata-type",
    WARNING,
    "Metadata is of the type APP or GROUP and has a name; anything else is ignored.",
    "write TYPE as APP or GROUP, and NAME",
    {"sunstone": WARNING},
)
METADATA_REPEATED = Code(
    "CTX142",
    "metadata-repeated",
    INFO,
    "Of two entries of metadata for the same app or group the first counts.",
    "remove one of them",
    {"sunstone": INFO},
)
CAPACITY_FIXED = Code(
    "CTX143",
    "capacity-not-enforced",
    WARNING,
    "Sunstone discards an input for MEMORY, CPU or VCPU whose default is not among its choices, and lets the user "
    "write anything.",
    "write a list or a range with a default inside, or leave the default empty",
    {"sunstone": WARNING},
)

# ---- marketplaces (section 1.4) ----

NOT_QUOTED = Code(
    "CTX150",
    "scalar-not-quoted",
    ERROR,
    "A number or a boolean without quotes makes the export leave out the whole VM template, silently.",
    "put the value in quotes",
    {"marketplace": ERROR},
    grouped=True,
)
MARKETPLACE_QUOTE = Code(
    "CTX151",
    "marketplace-quote",
    ERROR,
    "The export does not escape double quotes, so that the exported template does not parse.",
    'write \\" for a double quote, or single quotes',
    {"marketplace": ERROR},
    grouped=True,
)
INPUTS_AS_LIST = Code(
    "CTX152",
    "inputs-as-list",
    ERROR,
    "A list of inputs is exported as one USER_INPUTS vector for each, and the command line crashes on two of them.",
    "write one mapping of names to definitions",
    {"marketplace": ERROR, "cli": ERROR},
)

# ---- what is missed (sections 1.2, 5.2 and 7) ----

DEFAULT_DOLLAR = Code(
    "CTX220",
    "default-dollar",
    WARNING,
    "Sunstone writes the value of an input into CONTEXT, where the server takes a dollar for a reference: a name "
    "behind it becomes nothing, and anything else fails the instantiation.",
    "leave the default empty and apply it in the guest, or hand the value over in base64",
    {"sunstone": WARNING},
    grouped=True,
)
LITERAL_REFERENCE = Code(
    "CTX221",
    "literal-reference",
    WARNING,
    "The server resolves references in CONTEXT and SCHED_REQUIREMENTS only; in DISK, NIC, PCI and the like they stay "
    "as they stand.",
    "write the value itself, or a template for each choice",
    grouped=True,
)
SECRET_AS_TEXT = Code(
    "CTX222",
    "secret-as-text",
    WARNING,
    "Sunstone and the command line show what is typed into a text, and hide a password.",
    "write the type password",
)
PCI_ADDRESS = Code(
    "CTX223",
    "pci-address",
    WARNING,
    "Hosts report their devices as bus:slot.function; an address with a PCI domain never equals one of them.",
    "write the address without its domain, such as e1:00.0",
)
NO_CAPACITY = Code(
    "CTX224",
    "no-capacity",
    WARNING,
    "The server refuses to instantiate a template without MEMORY and CPU.",
    "write CPU and MEMORY",
)
LISTENING_ADDRESS = Code(
    "CTX225",
    "listening-address",
    WARNING,
    "0.0.0.0 and [::] mean every address of a machine that listens; nobody can connect to them.",
    "write the address of the other machine, or leave it empty",
)
