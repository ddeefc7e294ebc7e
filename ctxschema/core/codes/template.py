"""Codes of findings about template text. Source: docs/facts/opennebula.md, section 2."""

from ctxschema.core.codes.code import ERROR, WARNING, Code

SYNTAX = Code(
    "CTX030",
    "template-syntax",
    ERROR,
    "The server refuses the whole template.",
    'write NAME = "value" or NAME = [ KEY = "value", ... ]',
)
DROPPED = Code(
    "CTX031",
    "text-dropped",
    WARNING,
    "The server drops characters that no rule of its lexer matches, without a word.",
    "remove the characters",
)
TRUNCATED = Code(
    "CTX032",
    "nul-truncates",
    ERROR,
    "The server reads a template up to its first NUL and ignores the rest.",
    "remove the NUL",
)
CDATA_END = Code(
    "CTX033",
    "cdata-end",
    ERROR,
    "]]> is refused on the line of an equals sign and corrupts the stored template elsewhere.",
    "remove ]]>",
)
SINGULAR = Code(
    "CTX034",
    "user-input-singular",
    ERROR,
    "OpenNebula reads USER_INPUTS; nothing reads USER_INPUT, so nobody is ever asked.",
    "write USER_INPUTS",
)
XML = Code(
    "CTX035",
    "xml-syntax",
    ERROR,
    "A template that begins with < is read as XML, and the server refuses XML that is not well-formed.",
    "write well-formed XML, or a text template",
)
INPUTS_NOT_VECTOR = Code(
    "CTX036",
    "user-inputs-not-vector",
    ERROR,
    "USER_INPUTS is one vector of definitions; the command line crashes on anything else.",
    'write USER_INPUTS = [ NAME = "definition", ... ]',
)
EMPTY_VECTOR = Code(
    "CTX038",
    "empty-vector",
    WARNING,
    "An empty vector is dropped when the template is stored, and an empty CONTEXT fails the instantiation.",
    "leave the attribute out",
)
CONTROL_CHARACTER = Code(
    "CTX039",
    "control-character",
    ERROR,
    "The server takes control characters, and then cannot read the template that it has stored.",
    "remove the character",
)
GLUED_QUOTE = Code(
    "CTX040",
    "glued-quote",
    WARNING,
    "What is glued to a closing quote, or never closed, makes the quotes part of the value.",
    "write a blank or a line end behind the closing quote",
)
MEMBER_NAME = Code(
    "CTX041",
    "member-name",
    ERROR,
    "A key that begins with a digit or with XML is stored as it is, and the template cannot be read again.",
    "begin the name with a letter or an underscore, and not with XML",
)
MEMBER_REPEATED = Code(
    "CTX042",
    "member-repeated",
    ERROR,
    "Of a key that stands twice in a vector the server keeps the first, without a word.",
    "remove one of them",
)
INPUTS_REPEATED = Code(
    "CTX043",
    "user-inputs-repeated",
    ERROR,
    "The server keeps both vectors, and the command line crashes on them.",
    "write one vector with all the inputs",
)
CRLF = Code(
    "CTX037",
    "template-crlf",
    WARNING,
    "A carriage return behind a closing quote makes the server keep the quotes as part of the value.",
    "convert the file to LF line ends",
)
SINGLE_QUOTES = Code(
    "CTX226",
    "single-quotes",
    WARNING,
    "Single and typographic quotes mean nothing in a template: the server keeps them as part of the value.",
    "write double quotes",
    grouped=True,
)
XML_DOCTYPE = Code(
    "CTX205",
    "xml-doctype",
    ERROR,
    "A document type can declare entities that grow without end or name files, so that nothing behind it is read.",
    "remove the document type, and write out what its entities stand for",
)
