"""Codes of findings about existing templates and scripts that are imported as a declaration."""

from ctxschema.core.codes.code import INFO, WARNING, Code

IMPORT_GUESSED = Code(
    "CTX275",
    "import-guessed",
    WARNING,
    "Where the file leaves something open, or consumers read it differently, the importer has decided.",
    "look at it, and say it in the declaration if it is meant otherwise",
)
IMPORT_LEFT_OUT = Code(
    "CTX276",
    "import-left-out",
    WARNING,
    "What some consumer cannot carry would not arrive, so that it is not in the declaration.",
    "say it in the declaration in another way",
)
IMPORT_DOLLAR = Code(
    "CTX277",
    "import-dollar",
    WARNING,
    "A default with a dollar is read as a reference once Sunstone has put it into CONTEXT, and does not arrive.",
    "use text64, or apply the default in the guest",
)
IMPORT_SECRET = Code(
    "CTX278",
    "import-secret",
    WARNING,
    "A template is readable by everyone who may use it, so that no declaration has a secret in clear.",
    "ask the user for it",
)
IMPORT_DISAGREE = Code(
    "CTX279",
    "import-disagree",
    WARNING,
    "Where two files of one appliance say different things, users get what neither of them means.",
    "make the files say the same, or decide in the declaration",
)
IMPORT_ADDED = Code(
    "CTX280",
    "import-added",
    INFO,
    "The file lacks a value that every output needs, so the importer has set the one in the message.",
    "change it in the declaration",
)
IMPORT_COMPUTED = Code(
    "CTX281",
    "import-computed",
    WARNING,
    "A declaration can say that a machine makes a password, its address, its name or a UUID, and nothing else.",
    "keep it in the script, or give the variable a default",
)
IMPORT_UNREAD = Code(
    "CTX282",
    "import-unread",
    WARNING,
    "A name that one file of an appliance uses and its script does not read has no effect.",
    "rename it to the one that the script reads, or remove it",
)
