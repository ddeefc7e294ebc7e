"""Codes of findings about the files of one appliance: its templates and scripts.

Source: docs/facts/opennebula.md, section 1.6.
"""

from ctxschema.core.codes.code import WARNING, Code

NOT_ASKED = Code(
    "CTX227",
    "read-not-asked",
    WARNING,
    "What a script of an appliance reads reaches it only if the template asks for it or hands it over.",
    "declare an input of that name and refer to it in CONTEXT",
    grouped=True,
)
NOT_READ = Code(
    "CTX228",
    "asked-not-read",
    WARNING,
    "An input that no script of the appliance reads changes nothing.",
    "read it in the script, or remove the input",
    grouped=True,
)
