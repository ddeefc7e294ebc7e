"""The trees of USER_INPUTS strings and of template text as the parsers return them, with their portable form."""

from __future__ import annotations

from attrs import field, frozen

from ctxschema.core.finding import Finding
from ctxschema.grammar.emit import canonical_template, canonical_user_input
from ctxschema.grammar.nodes import Definition, ParsedTemplate


@frozen
class UserInput(Definition):
    """One USER_INPUTS definition: ``flag|type|description|params|default``.

    Attributes:
        source: The definition's text.
        parts: The pieces between the pipes; whatever is left behind the thousandth pipe is one piece.
        pieces: The options of a list or the bounds of a range, each where it stands.
        findings: What is wrong with it, most of it for some consumer.
    """

    findings: tuple[Finding, ...] = field(default=(), eq=False)

    def canonical(self) -> str:
        """Return the portable form, which every consumer reads alike.

        Five parts, the flag M or O, a single blank for empty params, no blanks around any part.

        Raises:
            NotPortableError: There is no such form without guessing what the author meant; its
                ``findings`` say why.
        """
        return canonical_user_input(self, self.findings)


@frozen
class Template(ParsedTemplate):
    """A template text: a list of attributes. A USER_INPUTS block is the smallest one.

    Attributes:
        source: The text.
        items: The attributes in the order in which they were written.
        ok: Whether the server takes the text.
        attributes: What the server keeps of it: name and value pairs sorted by name, a vector as a dict.
            Empty where ``ok`` is false.
        user_inputs: Name and definition of every input, in the order in which they were written.
        findings: What is wrong with the text and with the definitions in it.
    """

    user_inputs: tuple[tuple[str, UserInput], ...] = ()
    findings: tuple[Finding, ...] = field(default=(), eq=False)

    def canonical(self) -> str:
        """Return the template in the one form that every reader of it takes alike.

        Raises:
            NotPortableError: A name or a value has no safe form; its ``findings`` say which.
        """
        return canonical_template(self, self.findings)
