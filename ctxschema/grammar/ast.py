"""The trees of USER_INPUTS strings and template text that the parsers return, with their portable form."""

from __future__ import annotations

from attrs import field, frozen

from ctxschema.core.finding import Finding
from ctxschema.grammar.emit import canonical_template, canonical_user_input
from ctxschema.grammar.nodes import Definition, ParsedTemplate


@frozen
class UserInput(Definition):
    """One USER_INPUTS definition: ``flag|type|description|params|default``.

    Attributes:
        source: The text of the definition.
        parts: The pieces between the pipes; everything after the thousandth pipe is one piece.
        pieces: The options of a list or the bounds of a range, with their positions.
        findings: What is wrong with it, mostly for some consumers only.
    """

    findings: tuple[Finding, ...] = field(default=(), eq=False)

    def canonical(self) -> str:
        """Return the portable form, which every consumer reads alike.

        It has five parts, the flag M or O, a single blank for empty params, and no blanks around any part.

        Raises:
            NotPortableError: There is none unless one guesses what the author meant; the exception's ``findings`` say
                why.
        """
        return canonical_user_input(self, self.findings)


@frozen
class Template(ParsedTemplate):
    """A template text: a list of attributes. A USER_INPUTS block is the smallest template.

    Attributes:
        source: The text.
        items: The attributes in the order in which they are written.
        ok: Whether the server accepts the text.
        attributes: What the server stores: pairs of name and value, sorted by name; a vector is a dict. Empty unless
            ``ok``.
        user_inputs: The name and the definition of every input, in the order in which they are written.
        findings: What is wrong with the text and with the definitions in it.
    """

    user_inputs: tuple[tuple[str, UserInput], ...] = ()
    findings: tuple[Finding, ...] = field(default=(), eq=False)

    def canonical(self) -> str:
        """Return the template in the form that every reader reads alike.

        Raises:
            NotPortableError: A name or a value has no safe form; the exception's ``findings`` say which.
        """
        return canonical_template(self, self.findings)
