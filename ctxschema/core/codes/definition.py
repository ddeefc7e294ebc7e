"""Codes of findings about one USER_INPUTS string. Source: docs/facts/opennebula.md, section 1."""

from ctxschema.core.codes.code import ERROR, INFO, WARNING, Code

PART_COUNT = Code(
    "CTX001",
    "part-count",
    ERROR,
    "The command line takes three or five parts and ends on anything else.",
    "write flag|type|description|params|default",
    {"cli": ERROR, "sunstone": WARNING, "service-editor": ERROR, "old-sunstone": WARNING},
)
THREE_PARTS = Code(
    "CTX002",
    "three-parts",
    WARNING,
    "Sunstone's service editor cannot open three parts, and Enter on the command line crashes or loops for "
    "every type but text, password and fixed.",
    "write all five parts",
    {"cli": ERROR, "service-editor": ERROR},
    grouped=True,
)
FLAG = Code(
    "CTX003",
    "flag",
    ERROR,
    "Only M and O are flags; the command line takes anything else for mandatory, Sunstone for optional.",
    "write M for mandatory or O for optional",
    {"cli": ERROR, "sunstone": WARNING, "service-editor": WARNING},
)
PADDED = Code(
    "CTX004",
    "padded-part",
    WARNING,
    "The command line strips blanks around a part and Sunstone does not.",
    "remove the blanks around the part",
    {"sunstone": ERROR, "service-editor": ERROR, "old-sunstone": WARNING},
)
UNKNOWN_TYPE = Code(
    "CTX005",
    "unknown-type",
    ERROR,
    "The command line ends on a type that it does not know, and Sunstone shows a plain text box.",
    "write one of the documented types",
    {"cli": ERROR, "sunstone": WARNING, "service-editor": WARNING, "old-sunstone": WARNING},
)
UNPORTABLE_TYPE = Code(
    "CTX006",
    "type-not-portable",
    ERROR,
    "The type belongs to one consumer; the command line ends on it.",
    "write a type that every consumer knows",
    {"cli": ERROR, "service-editor": INFO},
)
PIPE = Code(
    "CTX007",
    "pipe-in-text",
    ERROR,
    "No consumer has an escape for a pipe, so one in a description or a default starts a new part.",
    "remove the pipe or write another character, such as a slash",
)
OPTIONS_IGNORED = Code(
    "CTX008",
    "params-ignored",
    WARNING,
    "Params mean something for lists and ranges only.",
    "leave the fourth part a single blank",
    grouped=True,
)
RANGE_PARAMS = Code(
    "CTX009",
    "range-params",
    ERROR,
    "A range needs two numbers: the command line ends without them, and Sunstone's form cannot be submitted.",
    "write min..max",
    {"cli": ERROR, "sunstone": ERROR, "service-editor": WARNING},
)
RANGE_ORDER = Code(
    "CTX010",
    "range-order",
    ERROR,
    "No value lies in a range whose minimum is not below its maximum.",
    "write the smaller number first",
    {"cli": ERROR, "sunstone": ERROR},
)
NO_OPTIONS = Code(
    "CTX011",
    "list-without-options",
    ERROR,
    "Nothing can be chosen from a list without options.",
    "write the options as a,b,c in the fourth part",
    {"cli": ERROR, "sunstone": ERROR},
)
OPTION_TEXT = Code(
    "CTX012",
    "option-text",
    ERROR,
    "Blanks around an option are kept, so a default never matches it and Sunstone refuses to submit it; an "
    "empty or repeated option is dropped by one consumer and offered by another.",
    "write the options without blanks, each once",
    {"cli": ERROR, "sunstone": ERROR},
)
NO_DEFAULT = Code(
    "CTX013",
    "no-default",
    WARNING,
    "Without a default, the command line and Sunstone do different things when the user enters nothing.",
    "write a default in the fifth part",
    {"cli": WARNING, "sunstone": WARNING, "oneflow": INFO},
)
DEFAULT_TYPE = Code(
    "CTX014",
    "default-not-of-type",
    ERROR,
    "A default that is not of the input's type makes the command line ask for ever and is changed or dropped "
    "by Sunstone.",
    "write a default of the type, or the type of the default",
    {"cli": ERROR, "sunstone": WARNING, "service-editor": WARNING},
)
DEFAULT_RANGE = Code(
    "CTX015",
    "default-out-of-range",
    ERROR,
    "A default outside the range, or not among the options, makes the command line ask for ever.",
    "write a default that the input itself would accept",
    {"cli": ERROR, "sunstone": WARNING},
)
DEFAULT_BOOLEAN = Code(
    "CTX016",
    "boolean-default",
    ERROR,
    "The command line ends on a boolean default other than exactly YES or NO, an empty one included.",
    "write YES or NO",
    {"cli": ERROR, "old-sunstone": INFO},
)
LINE_END = Code(
    "CTX017",
    "line-end-in-part",
    WARNING,
    "OneFlow adds a comma at each line end inside a vector when it renders a service's roles.",
    "write the part on one line",
    {"oneflow": WARNING},
)
SECRET_DEFAULT = Code(
    "CTX018",
    "secret-default",
    WARNING,
    "A template is readable by everyone who may use it, and the command line prints the default of a "
    "password in its prompt.",
    "leave the default of a password empty",
)
UNSAFE_TEXT = Code(
    "CTX019",
    "unsafe-text",
    ERROR,
    "NUL, other control characters, ]]> and a final backslash do not survive the server's own storage.",
    "remove the characters",
)
FIXED_DEFAULT = Code(
    "CTX020",
    "fixed-without-default",
    ERROR,
    "A fixed input has no value but its default, and without one Sunstone's form cannot be submitted.",
    "write the value in the fifth part",
    {"sunstone": ERROR},
)
NUMBER_FORM = Code(
    "CTX022",
    "number-form",
    WARNING,
    "The command line sends a number as it is written, Sunstone as JavaScript prints it.",
    "write the number in its shortest form",
    {"cli": WARNING, "sunstone": WARNING},
)
TEXT64_DEFAULT = Code(
    "CTX021",
    "text64-default",
    WARNING,
    "The command line encodes the default of a text64 and Sunstone sends it as it stands.",
    "leave the default empty, or let the guest take both forms",
    {"cli": WARNING, "sunstone": WARNING},
)
