"""Codes of findings about the syntax of YAML, JSON and shell files."""

from ctxschema.core.codes.code import ERROR, WARNING, Code

YAML_SYNTAX = Code(
    "CTX145",
    "yaml-syntax",
    ERROR,
    "Nobody can load a document that is no YAML.",
    "mend the YAML; quote a value with a colon or a number sign in it",
)
DUPLICATE_KEY = Code(
    "CTX146",
    "duplicate-key",
    WARNING,
    "Loaders take the last of two equal keys without a word.",
    "remove one of them",
)
KEY_NO_TEXT = Code(
    "CTX296",
    "key-no-text",
    ERROR,
    "Nothing of OpenNebula's has a list or a mapping as the key of a mapping, so the entry has no effect.",
    "write a text as the key; quote one that begins with a bracket, a brace or a question mark",
)
TOO_DEEP = Code(
    "CTX147",
    "too-deep",
    ERROR,
    "No template has this many levels, and following them could exhaust whoever reads it.",
    "check that this is the right file",
)
ALIASES = Code(
    "CTX153",
    "yaml-aliases",
    ERROR,
    "Aliases of aliases grow without end in whoever loads them.",
    "write out what the aliases stand for",
)
JSON_SYNTAX = Code("CTX148", "json-syntax", ERROR, "Nobody can load a document that is no JSON.", "mend the JSON")
LINK_LOOP = Code(
    "CTX149",
    "link-loop",
    WARNING,
    "A folder that contains itself would be walked for ever.",
    "remove the symbolic link",
)
NOTHING_FOUND = Code(
    "CTX144",
    "nothing-found",
    WARNING,
    "A file in which nothing of OpenNebula's is found has not been checked.",
    "name a template, a marketplace entry, a service template or an appliance script",
)
IGNORE_UNUSED = Code(
    "CTX241",
    "ignore-unused",
    WARNING,
    "A comment that ignores nothing hides the next fault of its kind.",
    "remove it",
)
IGNORE_WORDS = Code(
    "CTX242",
    "ignore-words",
    WARNING,
    "A comment that is not understood ignores nothing.",
    "write a code and a reason, such as # ctxschema: ignore CTX161 because 6.10 needs it",
)
