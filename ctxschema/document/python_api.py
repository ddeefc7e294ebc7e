"""The reference of the Python API, made from the docstrings of its public names."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from ctxschema.document.examples import examples
from ctxschema.document.markdown import anchor, code, count, escape, fence, link, page, table
from ctxschema.model.kinds import Kind

_SECTION = re.compile(r"(Args|Attributes|Returns|Raises|Yields):\s*\Z")
_ENTRY = re.compile(r"(?P<name>[\w*.]+): (?P<text>.*)", re.DOTALL)
_CODE = re.compile(r"``(.+?)``|`([\w.]+)`")


def python_api(names: Mapping[str, Any]) -> str:
    """Return the page.

    Args:
        names: The public names, with their objects.
    """
    ordered = sorted(names, key=lambda name: (name[0].isupper(), name.lower()))
    rows = ((link(code(name), f"#{anchor(name)}"), _prose(_summary(names[name]))) for name in ordered)
    return page(
        "The Python API",
        f"{count(len(names), 'name')} that `from ctxschema import ...` gives. They are imported when they are first "
        "used, so that what runs in a machine pays for nothing it does not need.",
        table(("name", "what it is"), rows),
        *(block for name in ordered for block in _name(name, names[name])),
    )


def _what(thing: Any) -> str:
    """Return a description of a kind or a shared limit: its words, and for a kind its USER_INPUTS type."""
    words = f"{thing.words[:1].upper()}{thing.words[1:]}"
    return f"{words}; the input has the type ``{thing.name}``." if isinstance(thing, Kind) else f"{words}."


@cache
def _examples() -> Mapping[str, str]:
    return examples()


def _example(name: str) -> Iterator[str]:
    if name in _examples():
        yield fence(_examples()[name], "python")


def _summary(thing: Any) -> str:
    if not callable(thing):
        return _what(thing)
    return (inspect.getdoc(thing) or "").partition("\n\n")[0]


def _name(name: str, thing: Any) -> Iterator[str]:
    yield f"## {name}"
    if not callable(thing):
        yield fence(f"{name}: {type(thing).__name__}", "python")
        yield _prose(_what(thing))
        yield from _example(name)
        return
    signature = _signature(name, thing)
    if signature:
        yield fence(signature, "python")
    yield from docstring(inspect.getdoc(thing) or "")
    yield from _example(name)
    if inspect.isclass(thing):
        rows = []
        for member, value in _members(thing).items():
            made = value.fget if isinstance(value, property) else value
            if member.startswith("_") or not inspect.isfunction(made) or not inspect.getdoc(made):
                continue
            heading = code(member if isinstance(value, property) else _signature(member, made))
            rows.append((heading, _prose(_summary(made))))
        if rows:
            yield table(("member", "what it gives"), rows)


def _members(thing: type) -> dict[str, Any]:
    """Return the members of a class, those of its base classes in this package first."""
    own = [each for each in reversed(thing.__mro__) if each.__module__.partition(".")[0] == "ctxschema"]
    return {member: value for each in own for member, value in vars(each).items()}


def _signature(name: str, thing: Any) -> str:
    if inspect.isclass(thing) and issubclass(thing, Exception):
        return ""
    try:
        signature = inspect.signature(thing)
    except ValueError:
        return ""
    public = [p for p in signature.parameters.values() if p.name != "self" and not p.name.startswith("_")]
    written = [re.sub(r" at 0x[0-9a-f]+|NOTHING", "...", _parameter(each)) for each in public]
    star = next((n for n, p in enumerate(public) if p.kind is inspect.Parameter.KEYWORD_ONLY), None)
    if star is not None:
        written.insert(star, "*")
    returns = signature.return_annotation
    arrow = "" if returns in {inspect.Signature.empty, None, "None"} else f" -> {_annotation(returns)}"
    return f"{name}({', '.join(written)}){arrow}"


def _parameter(each: inspect.Parameter) -> str:
    typed = "" if each.annotation is inspect.Parameter.empty else f": {_annotation(each.annotation)}"
    if each.default is inspect.Parameter.empty:
        return f"{each.name}{typed}"
    plain = isinstance(each.default, (str, int, float, tuple, type(None)))
    return f"{each.name}{typed}{' = ' if typed else '='}{repr(each.default) if plain else '...'}"


def _annotation(annotation: Any) -> str:
    return annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))


def _prose(text: str) -> str:
    """Return a part of a docstring as Markdown, in which double backticks mark code."""
    pieces = _CODE.split(text)
    made = []
    for at in range(0, len(pieces), 3):
        made.append(escape(pieces[at]) if pieces[at].strip() else pieces[at])
        if pieces[at][-1:].isspace() and pieces[at].strip():
            made.append(" ")
        if at + 2 < len(pieces):
            made.append(code(pieces[at + 1] or pieces[at + 2]))
            if pieces[at + 3][:1].isspace():
                made.append(" ")
    return "".join(made).strip()


def docstring(text: str) -> Iterator[str]:
    """Yield the blocks of a docstring as Markdown."""
    for paragraph in text.split("\n\n"):
        first, _, rest = paragraph.partition("\n")
        match = _SECTION.match(first)
        if match is None:
            yield _prose(paragraph)
            continue
        yield f"**{match[1]}**"
        body = inspect.cleandoc(f"\n{rest}")
        yield _prose(body) if match[1] in {"Returns", "Yields"} else "\n".join(_entries(body))


def _entries(text: str) -> Iterator[str]:
    for item in re.split(r"\n(?=\S)", text):
        match = _ENTRY.match(item)
        yield f"- {code(match['name'])}: {_prose(match['text'])}" if match else f"- {_prose(item)}"
