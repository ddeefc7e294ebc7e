"""Codes of findings about an answer on its way into the machine.

Source: docs/facts/opennebula.md, sections 1.1, 2 and 5.
"""

from ctxschema.core.codes.code import ERROR, INFO, WARNING, Code

ANSWER_CHANGED = Code(
    "CTX245",
    "answer-changed",
    WARNING,
    "Blanks at both ends of an answer are trimmed before it is stored, and a carriage return becomes a line end.",
    "write the value without them, or send it in base64",
)
ANSWER_SWALLOWS = Code(
    "CTX246",
    "answer-swallows",
    ERROR,
    "The command line writes answers between double quotes, and no backslash can be escaped there: one at the end of "
    "an answer opens it to what follows.",
    "write something behind the backslash, or send the value in base64",
)
ANSWER_REFUSED = Code(
    "CTX248",
    "answer-refused",
    ERROR,
    "The command line takes no such answer: it asks again, or ends without having instantiated anything.",
    "type what the definition asks for",
)
BASE64_NOT_LOADED = Code(
    "CTX249",
    "base64-not-loaded",
    INFO,
    "The command line encodes text64 with Ruby's base64 and does not load it: where nothing else has (Ruby 3.1 with "
    "Debian's gems), every answer and Enter end in uninitialized constant OpenNebulaHelper::Base64.",
    "set RUBYOPT=-rbase64 where the command line ends so, or instantiate without asking, through a file",
)
NOT_HANDED_OVER = Code(
    "CTX250",
    "not-handed-over",
    ERROR,
    "An answer reaches the machine through an entry of CONTEXT that refers to it; the command line adds none.",
    "write the entry in CONTEXT",
)
