"""Codes of findings about files that cannot be read or written."""

from ctxschema.core.codes.code import ERROR, Code

UNREADABLE = Code(
    "CTX050",
    "unreadable",
    ERROR,
    "What cannot be read cannot be judged.",
    "check the path and its permissions",
)
TOO_LARGE = Code(
    "CTX051",
    "too-large",
    ERROR,
    "No template or context comes near this size, and reading it whole could exhaust the machine.",
    "check that this is the right file",
)
NOT_TEXT = Code("CTX052", "not-text", ERROR, "Templates and contexts are UTF-8 text.", "save the file as UTF-8 text")
UNWRITABLE = Code(
    "CTX053",
    "unwritable",
    ERROR,
    "The old contents stand untouched.",
    "check the folder, its permissions and the space on the disk",
)
CONFIGURATION = Code(
    "CTX240",
    "configuration",
    ERROR,
    "A setting that is not understood would silently check something else than what was meant.",
    "write a setting of the guide on continuous integration",
)
BASELINE = Code(
    "CTX243",
    "baseline",
    ERROR,
    "Without its baseline, known findings cannot be told apart from new ones.",
    "write it anew with --write-baseline",
)
