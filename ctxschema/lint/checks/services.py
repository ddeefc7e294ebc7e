"""Checks of OneFlow service templates. Source: docs/facts/opennebula.md, sections 1.2, 1.3 and 5.4."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from attrs import evolve

from ctxschema.core import codes
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.later import later
from ctxschema.core.secret import quoted
from ctxschema.grammar.references import Reference, references
from ctxschema.grammar.types import RUBY_BLANKS
from ctxschema.lint.document import Content, Input, Role, Service

_ABSENT = {"number", "number-float", "range", "range-float", "list", "list-multiple"}
_WRITTEN_FOR_NOTHING = {"undefined", "NaN", "null"}
_NETWORK_KINDS = ("id", "template_id", "reserve_from")
_NUMBER = later(r"[0-9]+\Z")
_EXPRESSION = later(r"\$\{([^}]*)\}?")


def service(service: Service) -> Iterator[Finding]:
    """Yield the findings about a service template, beyond those about its definitions."""
    for word in service.old_words:
        message = f"{word.name} is what OpenNebula up to 6.10 calls {word.value.text}"
        repair = f"write {word.value.text} where the service is for 7.0 and later"
        yield codes.CUSTOM_ATTRS.at(message, variable=word.name, position=word.name_position, repair=repair)
    parents = frozenset(parent for role in service.roles for parent in role.parents)
    levels = [(service.inputs, parents), *((role.inputs, role.parents) for role in service.roles)]
    for each, named in ((each, named) for inputs, named in levels for each in inputs):
        if each.key not in service.values:
            yield from _default(each)
        for match in _EXPRESSION.finditer(each.definition.source.text):
            if not _resolves(match, named):
                message = f"{quoted(match.group())} names no parent of a role, and OneFlow replaces it by nothing"
                where = each.definition.source.at(*match.span())
                yield codes.SERVICE_EXPRESSION.at(message, variable=each.name, position=where)
    for network in service.networks:
        yield from _network(network)
    names = {each.key for each in service.inputs}
    networks = tuple(each.name for each in service.networks)  # in order, for the messages
    for role in service.roles:
        if not service.exported:
            yield from _template(role)
        for finding in _contents(role, names | {each.key for each in role.inputs}, networks):
            # Up to OpenNebula 6.10, references were resolved wherever they stood.
            harmless = service.before_7 and finding.code == codes.CONTENTS_REFERENCE.id
            yield evolve(finding, severity=Severity.INFO) if harmless else finding


def _resolves(expression: re.Match[str], parents: Collection[str]) -> bool:
    """Say whether OneFlow resolves the ``${parent.XPATH}`` in a role with these parents."""
    parent, point, path = expression[1].partition(".")
    return expression.group().endswith("}") and bool(point and path.strip()) and parent.strip() in parents


def _template(role: Role) -> Iterator[Finding]:
    """Find a role without a VM template. OneFlow accepts any number, and fails with it at the deployment."""
    given, where = role.template, role.position
    if given is None:
        message = f"{role.words} has no template_id"
    elif not _NUMBER.match(given.value.text):
        message = f"{given.name} of {role.words} is {quoted(given.value.text)}, no number of a template"
        where = given.position
    else:
        return
    yield codes.TEMPLATE_ID.at(message, variable=role.name or None, position=where)


def _default(each: Input) -> Iterator[Finding]:
    definition, kind = each.definition, each.definition.input_type
    if kind is None or len(definition.parts) != 5:  # three parts have their own finding
        return
    default, where = definition.parts[4].text.strip(RUBY_BLANKS), each.name_position
    if default in _WRITTEN_FOR_NOTHING and kind.name in {"text", "password", "text64"}:
        message = f"the default {quoted(default)} is what Sunstone's editor writes where there is none"
        position = definition.source.span(definition.parts[4].span)
        yield codes.SERVICE_DEFAULT.at(message, variable=each.name, position=position, severity=Severity.WARNING)
    elif default or kind.name not in _ABSENT:
        return
    elif definition.flag == "M":
        message = f"{each.name} has no default, and Sunstone's editor saves one that is no {kind.name}"
        yield codes.SERVICE_DEFAULT.at(message, variable=each.name, position=where, severity=Severity.WARNING)
    else:
        message = f"{each.name} has no default, and untouched nobody sends a value"
        yield codes.SERVICE_DEFAULT.at(message, variable=each.name, position=where)


def _network(network: Input) -> Iterator[Finding]:
    parts = network.definition.parts
    source = network.definition.source
    whole = source.at(0, len(source.text))
    if len(parts) != 5:
        message = f"{network.name} has {len(parts)} part{'s' * (len(parts) > 1)} of five"
        yield codes.NETWORK.at(message, variable=network.name, position=whole, severity=Severity.ERROR)
        return
    where = source.span(parts[4].span)
    kind, colon, rest = parts[4].text.strip(RUBY_BLANKS).partition(":")
    if not colon:
        message = f"{network.name} ends in {quoted(parts[4].text)}, which is no kind:id"
        yield codes.NETWORK.at(message, variable=network.name, position=where, severity=Severity.ERROR)
    elif kind not in _NETWORK_KINDS:
        message = f"{quoted(kind)} is none of {', '.join(_NETWORK_KINDS)}"
        yield codes.NETWORK.at(message, variable=network.name, position=where)
    elif rest.partition(":")[0].strip():
        message = f"{network.name} has an id already, so that the command line ignores the one that is typed"
        yield codes.NETWORK.at(message, variable=network.name, position=where, severity=Severity.INFO)


def _contents(role: Role, inputs: Collection[str], networks: Collection[str]) -> Iterator[Finding]:
    for content in role.contents:
        text, position = content.value.text, content.position
        if content.vector and "\n" in text.strip(RUBY_BLANKS):
            message = f"{content.vector}/{content.key} of {role.words} has a line end in it"
            yield codes.CONTENTS_LINE_END.at(message, variable=content.key, position=position)
        if role.as_text and ('"' in text or (content.vector and "," in text)):
            message = f"the upgrade to 7.0 breaks the quotes or commas of {content.key}"
            yield codes.CONTENTS_QUOTE.at(message, variable=content.key, position=position)
        for match in _EXPRESSION.finditer(text):
            if not _resolves(match, role.parents):
                message = f"{quoted(match.group())} names no parent of {role.words}"
                where = content.value.at(*match.span())
                yield codes.SERVICE_EXPRESSION.at(message, variable=content.key, position=where)
        yield from _content_references(role, content, inputs, networks)


def _content_references(
    role: Role, content: Content, inputs: Collection[str], networks: Collection[str]
) -> Iterator[Finding]:
    if content.vector == "CONTEXT":
        return  # the server itself resolves these
    names = [reference for reference in references(content.value.text) if reference.name and not reference.fault]
    for reference in names:
        where = content.value.span(reference.span)
        written = reference.text[1:]
        if content.vector == "NIC" and content.key == "NETWORK_ID":
            if written not in networks:
                message = f"{reference.text} names no network of the service"
                yield codes.REFERENCE_UNDEFINED.at(
                    message, variable=content.key, position=where, repair=_one_of(networks)
                )
        elif content.vector == "NIC" and written in networks:
            message = f"OpenNebula 7 leaves {reference.text} as it stands in NIC/{content.key} of {role.words}"
            repair = f'write NETWORK_ID = "{reference.text}"'
            yield codes.CONTENTS_REFERENCE.at(message, variable=content.key, position=where, repair=repair)
        elif reference.name in inputs and not _overwritten(content, reference):
            place = f"{content.vector}/{content.key}" if content.vector else content.key
            message = f"OpenNebula 7 leaves {reference.text} as it stands in {place} of {role.words}"
            repair = _instead(content, reference)
            yield codes.CONTENTS_REFERENCE.at(message, variable=content.key, position=where, repair=repair)


def _overwritten(content: Content, reference: Reference) -> bool:
    """Say whether OneFlow replaces the whole value by the input's: ``X = "$X"``, which was needed up to 6.10."""
    return not content.vector and content.key == reference.name and content.value.text.strip() == reference.text


def _instead(content: Content, reference: Reference) -> str:
    if content.vector:
        return f"write the value itself into {content.vector}, which takes no input of a service from 7.0 on"
    if content.key == reference.name:
        return f'write {content.key} = "{reference.text}", or nothing: the input takes its place as it is'
    return (
        f'write {content.key} = "{reference.text}" into CONTEXT of the role, or give the input the name {content.key}'
    )


def _one_of(networks: Iterable[str]) -> str:
    return f"write one of {', '.join(f'${name}' for name in networks)}" if networks else "declare the network"
