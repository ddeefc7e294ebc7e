"""Reading marketplace entries, service templates and VM templates that are written as mappings, in YAML or JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import evolve

from ctxschema.core import codes
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.source import SourceText
from ctxschema.grammar.data import Mapping, Node, Scalar, Sequence, scalars
from ctxschema.grammar.nodes import INPUT_ATTRIBUTES
from ctxschema.grammar.parser import parse_user_input
from ctxschema.lint.document import Content, Document, Entry, Input, Kind, Part, Role, Section, Service
from ctxschema.lint.mended import mended
from ctxschema.lint.template_reader import OWN_ATTRIBUTES, contents_of, in_template, section_of

MARKETPLACE_KEY = "opennebula_template"
_OF_A_SERVICE = {
    *("user_inputs", "user_input", "custom_attrs", "networks", "networks_values", "deployment", "cardinality"),
    *("vm_template", "vm_template_contents", "template_id", "template_contents", "ready_status_gate"),
}
_RENAMED = {
    "custom_attrs": "user_inputs",
    "custom_attrs_values": "user_inputs_values",
    "vm_template_contents": "template_contents",
    "vm_template": "template_id",
}

_TEMPLATE = ("template_id", "vm_template")


def read_mapping(source: SourceText, root: Node | None, findings: list[Finding]) -> Document:
    """Return a parsed YAML or JSON text as a document.

    Args:
        source: The text.
        root: Its tree; None if it could not be parsed.
        findings: The parser's findings.
    """
    reader = _Reader(source, findings)
    kind = reader.read(root) if isinstance(root, Mapping) else None
    return Document(kind, source, tuple(reader.parts), tuple(findings))


class _Reader:
    def __init__(self, source: SourceText, findings: list[Finding]) -> None:
        self.source = source
        self.findings = findings
        self.parts: list[Part] = []
        self.before_7 = False

    def read(self, root: Mapping) -> Kind | None:
        template = root.get(MARKETPLACE_KEY)
        if template is not None:
            versions = root.scalar("opennebula_version")
            self.before_7 = versions is not None and _before_7(versions.text)
            self.marketplace_template(template)
            of = root.scalar("type")
            if of is not None and of.text.strip().upper() == "IMAGE":
                # Its template describes the image, unless it sets a context for a machine.
                self.parts = [_of_an_image(part) for part in self.parts]
            return Kind.MARKETPLACE
        for path in (("document", "template", "body"), ("vmtemplate", "template"), ("template", "body"), ()):
            inner: Mapping | None = root
            for name in path:
                inner = inner.mapping(name) if inner is not None else None
            if inner is not None and (kind := self.bare(inner)):
                return kind
        return None

    def bare(self, node: Mapping) -> Kind | None:
        """Read a mapping whose keys say what it is."""
        if _is_service(node):
            self.service(node, exported=False)
            return Kind.SERVICE
        if any(node.get(name) is not None for name in ("user_inputs", "user_input", "inputs_order")):
            self.section(node, exported=False)
            return Kind.TEMPLATE
        return None

    def marketplace_template(self, node: Node) -> None:
        if isinstance(node, Mapping):
            if any(node.get(name) is not None for name in ("roles", "custom_attrs")):
                self.service(node, exported=True)
            else:
                self.section(node, exported=True)
        elif isinstance(node, Scalar) and node.text.lstrip().startswith("{"):
            from ctxschema.grammar.json_document import parse_json

            inner, findings = parse_json(node.source)
            self.findings += findings
            if isinstance(inner, Mapping):
                self.marketplace_template(inner)
        elif isinstance(node, Scalar) and node.text.strip():
            template, findings = mended(node.source)
            self.findings += map(in_template, findings)
            self.parts.append(evolve(section_of(template), entry=True))

    # ---- VM templates ----

    def section(self, node: Mapping, *, exported: bool) -> None:
        inputs: list[Input] = []
        order: SourceText | None = None
        context: tuple[Entry, ...] | None = None
        metadata: tuple[tuple[Entry, ...], ...] = ()
        where = self.source.span(node.span)
        for key, value in node.pairs:
            name = key.text.upper()
            if name in INPUT_ATTRIBUTES:
                where = self.source.span(key.span)
                inputs += self.inputs(value, key)
            elif name == "INPUTS_ORDER" and isinstance(value, Scalar):
                order = value.source
            elif name == "CONTEXT" and isinstance(value, Mapping):
                context = tuple(self.entries(value))
            elif name == "USER_INPUTS_METADATA":
                metadata = self.metadata(value)
        others = Mapping(tuple(pair for pair in node.pairs if pair[0].text.upper() not in OWN_ATTRIBUTES), node.span)
        self.parts.append(
            Section(
                where,
                tuple(inputs),
                order,
                context,
                frozenset(key.text.upper() for key, _ in others.pairs),
                metadata,
                exported=tuple(scalars(node)) if exported else (),
                values=tuple(self.contents(others)),
                entry=exported,
            )
        )

    def inputs(self, node: Node, key: Scalar, *, in_service: bool = False) -> Iterator[Input]:
        """Read a mapping of names to definitions, or a list of such mappings."""
        where = self.source.span(key.span)
        if key.text.upper() == "USER_INPUT":
            message = f"{key.text} is read by nobody; the attribute is {key.text}s"
            self.findings.append(codes.SINGULAR.at(message, variable=key.text.upper(), position=where))
        if isinstance(node, Sequence):
            for item in node.items:
                yield from self.inputs_of(item, key, in_service=in_service)
            if len(node.items) > 1:
                message = f"{key.text} is a list of {len(node.items)}; it takes one mapping of names to definitions"
                self.findings.append(codes.INPUTS_AS_LIST.at(message, variable="USER_INPUTS", position=where))
        else:
            yield from self.inputs_of(node, key, in_service=in_service)

    def inputs_of(self, node: Node, key: Scalar, *, in_service: bool) -> Iterator[Input]:
        if isinstance(node, Scalar):
            if node.string and node.text.strip():
                message = f"{key.text} is a single value; it takes a mapping of names to definitions"
                where = self.source.span(node.span)
                self.findings.append(codes.INPUTS_NOT_VECTOR.at(message, variable="USER_INPUTS", position=where))
            return
        for name, value in node.pairs if isinstance(node, Mapping) else ():
            if isinstance(value, Scalar):
                definition = parse_user_input(value.source, variable=name.text.upper())
                placed = map(_in_service if in_service else in_template, definition.findings)
                self.findings += [finding for finding in placed if finding is not None]
                yield Input(name.text, self.source.span(name.span), definition)
            else:
                message = f"the definition of {name.text} is no text"
                where = self.source.span(name.span)
                self.findings.append(codes.INPUTS_NOT_VECTOR.at(message, variable=name.text, position=where))

    def entries(self, node: Mapping) -> Iterator[Entry]:
        for key, value in node.pairs:
            if isinstance(value, Scalar):
                yield Entry(key.text, self.source.span(key.span), value.source)

    def metadata(self, node: Node | None) -> tuple[tuple[Entry, ...], ...]:
        items = node.items if isinstance(node, Sequence) else (node,)
        return tuple(tuple(self.entries(item)) for item in items if isinstance(item, Mapping))

    # ---- services ----

    def service(self, node: Mapping, *, exported: bool) -> None:
        inputs: list[Input] = []
        networks: list[Input] = []
        values: set[str] = set()
        old_words = list(self.old_words(node))
        roles: list[Role] = []
        for key, value in node.pairs:
            name = key.text.lower()
            if name in {"user_inputs", "custom_attrs", "user_input"}:
                inputs += self.inputs(value, key, in_service=True)
            elif name == "networks" and isinstance(value, Mapping):
                networks += self.networks(value)
            elif name in {"user_inputs_values", "custom_attrs_values"} and isinstance(value, Mapping):
                values |= {pair[0].text.upper() for pair in value.pairs}
            elif name == "roles" and isinstance(value, Sequence):
                for item in value.items:
                    if isinstance(item, Mapping):
                        roles.append(self.role(item))
                        old_words += self.old_words(item)
        metadata = self.metadata(node.get("user_inputs_metadata"))
        levels = (tuple(inputs), tuple(networks), tuple(roles))
        details = (frozenset(values), metadata, tuple(old_words))
        self.parts.append(Service(*levels, *details, self.before_7, exported))

    def old_words(self, node: Mapping) -> Iterator[Entry]:
        for key, _ in node.pairs:
            if (new := _RENAMED.get(key.text.lower())) is not None:
                yield Entry(key.text, self.source.span(key.span), SourceText(new))

    def networks(self, node: Mapping) -> Iterator[Input]:
        for key, value in node.pairs:
            if isinstance(value, Scalar):
                yield Input(key.text, self.source.span(key.span), parse_user_input(value.source))

    def role(self, node: Mapping) -> Role:
        name = node.scalar("name")
        parents = frozenset(scalar.text for scalar in scalars(node.get("parents")))
        inputs = [
            each
            for key, value in node.pairs
            if key.text.lower() == "user_inputs"
            for each in self.inputs(value, key, in_service=True)
        ]
        contents: list[Content] = []
        as_text = False
        for key, value in node.pairs:
            word = key.text.lower()
            if word not in {"template_contents", "vm_template_contents"}:
                continue
            if isinstance(value, Mapping):
                contents += self.contents(value)
            elif isinstance(value, Scalar) and value.text.strip():
                contents += self.text_contents(value.source)
                as_text = True
        template = next((entry for entry in self.entries(node) if entry.name.lower() in _TEMPLATE), None)
        where = self.source.span(name.span if name else node.span)
        return Role(name.text if name else "", parents, tuple(inputs), tuple(contents), as_text, where, template)

    def contents(self, node: Mapping) -> Iterator[Content]:
        for key, value in node.pairs:
            if isinstance(value, Scalar):
                yield Content(key.text, self.source.span(key.span), value.source)
            for item in value.items if isinstance(value, Sequence) else (value,):
                if isinstance(item, Mapping):
                    for entry in self.entries(item):
                        yield Content(entry.name, entry.name_position, entry.value, key.text.upper())

    def text_contents(self, source: SourceText) -> Iterator[Content]:
        template, findings = mended(source)
        self.findings += findings
        for item in template.items:
            yield from contents_of(item, template.source)


def _is_service(node: Mapping) -> bool:
    """Say whether a mapping with roles is a OneFlow service; other programs and declarations have roles, too."""
    roles = node.get("roles")
    if not isinstance(roles, Sequence) or (roles.items and all(isinstance(each, Scalar) for each in roles.items)):
        return False
    keys = {key.text.lower() for item in (node, *roles.items) if isinstance(item, Mapping) for key, _ in item.pairs}
    return bool(keys & _OF_A_SERVICE)


def _before_7(versions: str) -> bool:
    """Say whether a list of OpenNebula versions contains none from 7.0 on."""
    found = re.findall(r"\d+(?=[.,\s]|\Z)", re.sub(r"\.\d+", "", versions))
    return bool(found) and all(int(version) < 7 for version in found)


def _in_service(finding: Finding) -> Finding | None:
    """Return a finding about a definition with its severity in a service, whose editor cannot open three parts.

    A missing default is judged elsewhere, where it is known whether the service contains a value.
    """
    if finding.code == codes.NO_DEFAULT.id:
        return None
    return evolve(finding, severity=Severity.ERROR) if finding.code == codes.THREE_PARTS.id else finding


def _of_an_image(part: Part) -> Part:
    if isinstance(part, Section) and part.context is None and not part.inputs:
        return evolve(part, entry=False)
    return part


def is_wanted(text: str) -> bool:
    """Say whether a text that cannot be parsed is meant for OpenNebula."""
    lower = text.lower()
    return MARKETPLACE_KEY in lower or "user_inputs" in lower or "vm_template_contents" in lower
