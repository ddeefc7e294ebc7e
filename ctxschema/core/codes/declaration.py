"""Codes of findings about a declaration in YAML, TOML or JSON."""

from ctxschema.core.codes.code import ERROR, Code

DECLARATION_KEY = Code(
    "CTX270",
    "declaration-key",
    ERROR,
    "A key that no declaration has would be dropped without a word.",
    "write one of the keys that stand there, or remove it",
)
DECLARATION_FORM = Code(
    "CTX271",
    "declaration-form",
    ERROR,
    "What has another form than the schema says cannot be read.",
    "write it as the schema of declarations says: schemas/appliance.schema.json",
)
DECLARATION_BARE = Code(
    "CTX272",
    "declaration-bare",
    ERROR,
    "YAML reads some words and numbers as something else than the text that they look like.",
    "put it into quotes",
)
DECLARATION_FAULT = Code(
    "CTX273",
    "declaration-fault",
    ERROR,
    "A declaration that contradicts itself gives outputs that contradict one another.",
    "mend the declaration",
)
DECLARATION_FILES = Code(
    "CTX274",
    "declaration-files",
    ERROR,
    "Files that include one another in a circle have no beginning.",
    "remove one of the includes",
)
