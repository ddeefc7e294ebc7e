"""Codes of findings about context files and the values in them. Source: docs/facts/opennebula.md, section 5.3."""

from ctxschema.core.codes.code import ERROR, INFO, WARNING, Code

CONTEXT_SYNTAX = Code(
    "CTX060",
    "context-syntax",
    ERROR,
    "context.sh holds comments and NAME='value' lines, and nothing else.",
    "write NAME='value', with ' inside the value as '\\''",
)
CONTEXT_DUPLICATE = Code(
    "CTX061",
    "context-duplicate",
    ERROR,
    "OpenNebula writes each name once; of two, whoever sources the file takes the last.",
    "remove all lines of this name but one",
)
CONTEXT_CRLF = Code(
    "CTX062",
    "context-crlf",
    ERROR,
    "OpenNebula writes LF; with CRLF every value ends in a carriage return for whoever sources the file.",
    "convert the file to LF line ends",
)
CONTEXT_NUL = Code(
    "CTX063",
    "context-nul",
    ERROR,
    "No environment variable can hold a NUL.",
    "remove the NUL, or send the value in base64",
)
CONTEXT_ENCODING = Code(
    "CTX064",
    "context-encoding",
    ERROR,
    "A value that is not UTF-8 cannot be passed on unchanged.",
    "write the value in UTF-8",
)
CONTEXT_EMPTY = Code(
    "CTX065",
    "context-empty",
    WARNING,
    "Every variable has its default then, which is seldom what somebody meant.",
    "check that this is the right file",
)
CONTEXT_TOO_MANY = Code(
    "CTX098",
    "context-too-many",
    ERROR,
    "No context has thousands of entries, so this file is most likely something else.",
    "check that this is the right file",
)
MISSING = Code(
    "CTX070",
    "missing-value",
    ERROR,
    "A mandatory variable without a default has no value until somebody gives one.",
    "give it a value",
)
KIND = Code("CTX071", "not-of-kind", ERROR, "The value is not of the variable's kind.", "write a value of the kind")
LIMIT = Code("CTX072", "outside-limits", ERROR, "The value is outside the variable's limits.", "write a value inside")
RULE = Code(
    "CTX073",
    "rule-broken",
    ERROR,
    "Values that are fine by themselves do not fit together.",
    "change one of them",
)
INEFFECTIVE = Code(
    "CTX074",
    "ineffective",
    INFO,
    "The variable is set and has no effect.",
    "remove the value, or set what it depends on",
)
UNKNOWN_VARIABLE = Code(
    "CTX075",
    "unknown-variable",
    WARNING,
    "A name under the appliance's own prefix that it does not declare is most often a typing mistake.",
    "correct the name or remove it",
)
SHORT_NAME = Code(
    "CTX077",
    "short-name",
    WARNING,
    "The machine reads the variable's own name; what the user was asked for under a short one reaches it only through "
    "CONTEXT.",
    "map the short name in CONTEXT",
)
UNSAFE_VALUE = Code(
    "CTX076",
    "unsafe-value",
    ERROR,
    "A control character in a value can become a line of its own further on.",
    "remove the control character",
)
ALIASES_DIFFER = Code(
    "CTX212",
    "aliases-differ",
    WARNING,
    "CONTEXT sets one variable under two names to different values; only one of them can count.",
    "set only one of the names",
)
DEPRECATED = Code(
    "CTX170",
    "deprecated-variable",
    WARNING,
    "A variable that is deprecated goes with one of the next versions.",
    "set the variable that replaces it",
)
