"""Codes of findings about generated outputs, drift from the declaration, and changes between releases."""

from ctxschema.core.codes.code import ERROR, INFO, WARNING, Code

NOT_CARRIED = Code(
    "CTX171",
    "not-carried",
    ERROR,
    "An output is refused rather than changed where it cannot carry what is declared.",
    "change the declaration",
)
MARKERS = Code(
    "CTX172",
    "markers",
    ERROR,
    "What stands between the two markers is replaced, so that there has to be one pair of them.",
    "write both markers once, each on a line of its own",
)
READ_ONLY = Code(
    "CTX173",
    "read-only",
    ERROR,
    "A file that somebody has made read-only is not overwritten.",
    "make the file writable",
)
CHANGED = Code(
    "CTX174",
    "changed-underneath",
    ERROR,
    "Somebody else has changed the file meanwhile, and their change would be lost.",
    "run the command again",
)

# ---- drift ----

DRIFT_UNDECLARED = Code(
    "CTX175",
    "drift-undeclared",
    ERROR,
    "A name that is used and not declared is documented, checked and defaulted nowhere.",
    "declare it, or remove it here",
)
DRIFT_NAMES = Code(
    "CTX230",
    "drift-names",
    WARNING,
    "Users of the declaration set names that this appliance does not read.",
    "use the declared names here, or declare these",
)
DRIFT_UNUSED = Code(
    "CTX176",
    "drift-unused",
    ERROR,
    "A variable that is declared and missing here cannot be set by whoever uses this file.",
    "add it here, or remove its declaration",
)
DRIFT_DEFINITION = Code(
    "CTX177",
    "drift-definition",
    ERROR,
    "Users are asked another question than the one that is declared.",
    "write what is declared",
)
DRIFT_DEFAULT = Code(
    "CTX178",
    "drift-default",
    ERROR,
    "The machine applies the declared default, and users are shown another one.",
    "write the declared default, or change the declaration",
)
DRIFT_ORDER = Code(
    "CTX179",
    "drift-order",
    ERROR,
    "Users are asked in another order than the declared one.",
    "write the names in their declared order",
)
DRIFT_CONTEXT = Code(
    "CTX180",
    "drift-context",
    ERROR,
    "CONTEXT hands over something else than what is declared, so that the machine reads another value.",
    "write what is declared",
)

# ---- diff ----

REMOVED = Code(
    "CTX181",
    "removed",
    ERROR,
    "A deployment that sets the variable sets nothing any more.",
    "deprecate it for a release before it goes",
)
RENAMED = Code(
    "CTX182",
    "renamed",
    ERROR,
    "A deployment that sets the old name sets nothing any more.",
    "keep the old name, deprecated, for a release",
)
NARROWED = Code(
    "CTX183",
    "narrowed",
    ERROR,
    "A value that was right may be refused now.",
    "take the old values too, or release it as a breaking change",
)
DEFAULT_CHANGED = Code(
    "CTX184",
    "default-changed",
    WARNING,
    "A deployment that leaves the variable alone behaves otherwise.",
    "tell users in the notes of the release",
)
NEWLY_MANDATORY = Code(
    "CTX185",
    "newly-mandatory",
    ERROR,
    "A deployment that leaves the variable alone is refused now.",
    "give it a default",
)
ADDED = Code("CTX186", "added", INFO, "Nobody has to do anything about a new optional variable.", "nothing")
WIDENED = Code("CTX187", "widened", INFO, "What was right is still right.", "nothing")
NEWLY_DEPRECATED = Code(
    "CTX188",
    "newly-deprecated",
    INFO,
    "There is time to move to what replaces the variable.",
    "tell users in the notes of the release",
)
NOT_A_RELEASE = Code(
    "CTX189",
    "no-release",
    ERROR,
    "Only a declaration, or a JSON Schema that was generated from one, says what a release took.",
    "name an appliance, a Python module that declares one, or a schema that generate json-schema has written",
)
