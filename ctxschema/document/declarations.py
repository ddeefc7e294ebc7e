"""The pages about the parts of a declaration: kinds, limits, conditions, rules and parts of containers."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import fields

from ctxschema.declaration.kinds import kind_name
from ctxschema.declaration.python_form import python_expression
from ctxschema.declaration.schema import argument_texts
from ctxschema.document.examples import (
    CONDITIONS,
    KINDS,
    LIMITS,
    OF_APPLIANCE,
    OF_VARIABLE,
    PARTS,
    RULES,
    base,
    yaml_of,
)
from ctxschema.document.markdown import anchor, code, escape, escape_prose, fence, link, page, table
from ctxschema.generate.attributes import definition
from ctxschema.model import kinds
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.conditions import Condition
from ctxschema.model.container import Container
from ctxschema.model.limits import Limit
from ctxschema.model.placeholders import FACTS
from ctxschema.model.shapes import SHAPES as NAMED
from ctxschema.model.variable import Variable

INDEX = "declaration.md"
_NAMES = {
    "kinds": "declaration-kinds.md",
    "limits": "declaration-limits.md",
    "conditions": "declaration-conditions.md",
    "container": "declaration-container.md",
}


def declaration_pages() -> dict[str, str]:
    """Return the pages: file name to Markdown."""
    return {
        INDEX: _index(),
        _NAMES["kinds"]: _kinds(),
        _NAMES["limits"]: _limits(),
        _NAMES["conditions"]: _conditions(),
        _NAMES["container"]: _container(),
    }


def _index() -> str:
    yaml, python = base()
    return page(
        "Declarations",
        "A declaration is a YAML, TOML or JSON file, or a Python module; every command takes it with `--from`. "
        "`ctxschema init` writes one to begin with, and `ctxschema generate declaration-schema` the JSON Schema that "
        "editors complete and explain it by. What stands on these pages is read back by the tests, in both forms.",
        table(
            ("page", "what it has"),
            (
                (link("Kinds", _NAMES["kinds"]), "how the text of a variable is read"),
                (link("Limits", _NAMES["limits"]), "what a value must be beyond its kind"),
                (link("Conditions and rules", _NAMES["conditions"]), "what is said across variables"),
                (link("Container", _NAMES["container"]), "what a machine starts, and what becomes of each variable"),
            ),
        ),
        "## The variables of the examples",
        "Every example can be copied into a declaration that has these variables. As YAML:",
        fence(yaml, "yaml"),
        "As Python, where `from ctxschema import *` gives the names:",
        fence(python, "python"),
        "## An appliance",
        _fields(Appliance),
        "## A variable",
        _fields(Variable),
        *(block for name, each in OF_VARIABLE.items() for block in _example(_of_field(name), each)),
        "## What else an appliance has",
        *(block for name, each in OF_APPLIANCE.items() for block in _part(name, each)),
    )


def _of_field(name: str) -> str:
    """Return the heading of an example that shows a field of a variable."""
    return {"Variable": "With a limit", "Deprecation": "deprecated", "Maker": "made"}.get(name, name)


def _kinds() -> str:
    """Return the page of the kinds."""
    rows = (
        (link(code(_kind_name(name)), f"#{anchor(_kind_name(name))}"), code(name), escape(getattr(kinds, name).words),
         escape(getattr(kinds, name).shape.value))
        for name in KINDS
    )  # fmt: skip
    return page(
        "Kinds",
        "The kind of a variable says how its text becomes a value, and which type its USER_INPUTS definition has. "
        "`text` is the kind where none is named.",
        _to_index(),
        table(("kind", "in Python", "the text is", "the value is"), rows),
        *(block for name, variable in KINDS.items() for block in _kind(name, variable)),
    )


def _kind_name(name: str) -> str:
    return kind_name(getattr(kinds, name))


def _kind(name: str, variable: Variable[Any]) -> Iterator[str]:
    kind = variable.kind
    tried = f"A good text is {code(kind.example)}"
    tried += f", and a bad one {code(kind.counterexample)}." if kind.counterexample else "; every text is one."
    secret = " Its value is stars wherever it would be shown." if kind.secret else ""
    yield from _example(_kind_name(name), variable, f"{tried}{secret}")
    yield "The definition that comes of it:"
    yield fence(f'{variable.name} = "{definition(variable)}"')


def _limits() -> str:
    """Return the page of the limits: first the shared ones, which have a name, then the others."""
    return page(
        "Limits",
        "What a value must be beyond its kind, below `limits`: one, or a list of them that all have to hold.",
        _to_index(),
        "## Limits with a name",
        table(("limit", "the value is", "good", "bad"), (_named_limit(name) for name in NAMED)),
        *(block for name, limit in NAMED.items() for block in _example(name, limit)),
        "## Limits that are written out",
        *(block for name, forms in LIMITS.items() for block in _limit(name, forms)),
    )


def _named_limit(name: str) -> tuple[str, ...]:
    limit = NAMED[name]
    good, bad = (code(text or "") for text in (limit.example, limit.counterexample))
    return link(code(name), f"#{anchor(name)}"), escape(limit.words), good, bad


def _limit(name: str, forms: Sequence[Limit]) -> Iterator[str]:
    yield f"### {name}"
    yield _says(forms[0])
    for form in forms:
        good = f"good is {code(form.example)}, " if form.example else ""
        yield f"{escape(form.words).capitalize()}: {good}bad is {code(form.counterexample or '')}."
        yield from _both(form)


def _conditions() -> str:
    """Return the page of the conditions and the rules."""
    return page(
        "Conditions and rules",
        "A condition is a statement about the values of variables. It stands under `effective` of a variable, under "
        "`when` of a part of the container, and under `when` and `must` of a rule.",
        _to_index(),
        "## Conditions",
        *(block for name, forms in CONDITIONS.items() for block in _condition(name, forms)),
        "## Rules",
        _fields(Rule),
        *(block for name, rule in RULES.items() for block in _example(f"A rule with {name}", rule, _broken(rule))),
    )


def _condition(name: str, forms: Sequence[Condition]) -> Iterator[str]:
    yield f"### {name}"
    yield _says(forms[0]) if type(forms[0]).__name__ == name else f"In {code(type(forms[0]).__name__)}:"
    for form in forms:
        yield f"*{escape(form.words)}*"
        yield from _both(form)


def _broken(rule: Rule) -> str:
    if rule.when is not None and rule.must is not None:
        return f"It is broken where *{escape(rule.when.words)}*, and not *{escape(rule.must.words)}*."
    if rule.must is not None:
        return f"It is broken where not *{escape(rule.must.words)}*."
    return f"It is broken where *{escape(rule.when.words if rule.when else '')}*."


def _container() -> str:
    """Return the page of the container and its parts."""
    facts = ((code(f"{{{name}}}"), escape(words)) for name, words in FACTS.items())
    return page(
        "Container",
        "The container that a boot starts. A text may have the name of a variable in braces, which stands for its "
        "value; an entry that names a variable without a value is left out.",
        _to_index(),
        _fields(Container),
        "Beside variables, a text may have what the machine knows itself:",
        table(("in a text", "stands for"), facts),
        *(block for name, each in PARTS.items() for block in _part(name, each)),
    )


def _part(name: str, each: Any) -> Iterator[str]:
    explanation = f"{_says(each)}" if type(each).__name__ == name else f"In {code(type(each).__name__)}:"
    yield f"### {name if name != 'Container' else 'A container beside it'}"
    yield explanation
    yield from _both(each)
    if type(each).__name__ == name and name != "Container":
        yield _fields(type(each))


def _example(title: str, part: Any, explanation: str = "") -> Iterator[str]:
    yield f"### {title}"
    yield explanation
    yield from _both(part)


def _both(part: Any) -> Iterator[str]:
    """Yield a part as YAML and as Python."""
    keyword = "limits=({},)" if isinstance(part, Limit) else "when={}" if isinstance(part, Condition) else "{}"
    yield fence(yaml_of(part), "yaml")
    yield fence(keyword.format(python_expression(part)), "python")


def _says(part: Any) -> str:
    """Return the description of a part's class, from its docstring."""
    summary = " ".join((inspect.getdoc(type(part)) or "").partition("\n\n")[0].split())
    return escape_prose(summary.replace("``", "`"))


def _fields(cls: type[Any]) -> str:
    """Return the table of a class's fields, with a description and whether each is required."""
    texts = argument_texts(cls)
    given: Mapping[str, Any] = {each.name: each for each in fields(cls)}
    rows = [(code(name), escape_prose(text)) for name, text in texts.items() if name in given]
    return table(("field", "what it is"), rows) if rows else ""


def _to_index() -> str:
    return f"The variables that the examples name are in {link('the index', INDEX)}."
