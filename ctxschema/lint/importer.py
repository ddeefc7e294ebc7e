"""Making a declaration from existing files: templates, marketplace entries, services, scripts and others."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from attrs import frozen

from ctxschema.core import codes
from ctxschema.core.errors import FileError, UnknownNameError
from ctxschema.core.files import read_text
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.quoting import comment
from ctxschema.core.secret import quoted
from ctxschema.core.source import SourceText
from ctxschema.declaration.python_form import declaration_python
from ctxschema.declaration.structure import Fault, FaultsError, appliance_of
from ctxschema.declaration.yaml_form import SCHEMA, data_yaml
from ctxschema.grammar.data import Mapping
from ctxschema.grammar.json_document import parse_json
from ctxschema.grammar.yaml_document import parse_yaml
from ctxschema.lint.importer_bash import import_bash
from ctxschema.lint.importer_draft import Draft
from ctxschema.lint.importer_ruby import import_ruby
from ctxschema.lint.importer_template import KEY, import_entry, import_template
from ctxschema.lint.importer_tests import import_metadata, import_tests, is_metadata, is_tests
from ctxschema.lint.importer_tree import scalar_of
from ctxschema.lint.readers import read_json, read_template, read_yaml, reader_of
from ctxschema.lint.ruby_reader import read_ruby
from ctxschema.lint.script_reader import read_script
from ctxschema.model.appliance import Appliance
from ctxschema.model.faults import name_problem

_INNER = (("document", "template", "body"), ("vmtemplate", "template"), ("template", "body"), ())
_OURS = ("user_inputs", "user_input", "inputs_order", "context", "roles", "custom_attrs")
_MOST_REPAIRS = 100
_SAYS_NOTHING = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z|(?:metadata|context|appliance|config|main|stdin)\Z"
)


@frozen
class Imported:
    """A declaration made from existing files.

    Attributes:
        data: The declaration as plain data in the form of the schema.
        appliance: The declaration as an appliance.
        findings: What was decided or left out, and where the files disagree.
        files: The names of the files.
    """

    data: dict[str, Any]
    appliance: Appliance
    findings: tuple[Finding, ...]
    files: tuple[str, ...]

    def text(self, form: Literal["yaml", "python"] = "yaml") -> str:
        """Return the declaration as YAML or as a Python module, with a comment for each finding."""
        lines = [f"Imported from {', '.join(map(os.path.basename, self.files))}."]
        lines += [f"{each.origin}: {each.message}" for each in self.findings if each.severity is not Severity.INFO]
        comments = "".join(f"# {comment(line)}\n" for line in lines)
        if form == "python":
            # The comments follow the docstring, as Python searches the first two lines for an encoding.
            first, _, rest = declaration_python(self.appliance).partition("\n")
            return f"{first}\n\n{comments}{rest}"
        return f"# yaml-language-server: $schema={SCHEMA}\n{comments}{data_yaml(self.data)}"


def import_files(paths: Sequence[str], name: str | None = None) -> Imported:
    """Return the declaration made from the files of one appliance.

    Args:
        paths: The files, in any order. Definitions of inputs count more than scripts, and those more than other files.
        name: The name of the appliance; derived from the first file if None.

    Raises:
        FileError: A file cannot be read, or no file has any variables.
        UnknownNameError: The name cannot be an appliance's.
    """
    if name is not None and (problem := name_problem(name)):
        raise UnknownNameError(f"{quoted(name)} is no name for an appliance: {problem}")
    sources = [read_text(path) for path in paths]
    draft = Draft(name or "")
    known = sorted(map(_read, sources), key=lambda each: each[0])
    for _, read, _ in known:
        read(draft)
    _compare(draft)
    draft.name = draft.name or _name(sources[0], draft)
    names = tuple(source.name for source in sources)
    if not draft.variables:
        message = f"there are no inputs in {', '.join(names)}"
        raise FileError(message, [codes.NOTHING_FOUND.at(message, position=sources[0].at(0)), *draft.findings])
    appliance, data = _declared(draft)
    return Imported(data, appliance, tuple(draft.findings), names)


def _name(source: SourceText, draft: Draft) -> str:
    """Return a name derived from the name of the file, or from the title if the file's name is a common one."""
    stem = os.path.splitext(os.path.basename(source.name))[0].strip("<>")
    if _SAYS_NOTHING.match(stem):
        stem = str(draft.extra.get("metadata", {}).get(":app", {}).get(":name") or draft.title or stem)
    return "-".join(re.findall(r"[a-z0-9]+", stem.lower())) or "appliance"


def _read(source: SourceText) -> tuple[int, Callable[[Draft], object], SourceText]:
    """Return the order in which a file is read, the function that reads it, and the file."""
    reader = reader_of(source)
    if reader is read_script:
        return 1, lambda draft: import_bash(draft, source), source
    if reader is read_ruby:
        return 1, lambda draft: import_ruby(draft, source), source
    if reader is read_template:
        return 0, lambda draft: import_template(draft, scalar_of(source)), source
    if reader not in {read_yaml, read_json}:
        return 0, lambda _: None, source
    root, findings = (parse_yaml if reader is read_yaml else parse_json)(source)
    if not isinstance(root, Mapping):
        return 0, lambda draft: draft.findings.extend(findings), source
    rank = 2 if is_metadata(root) else 3 if is_tests(root) else 0

    def read(draft: Draft) -> None:
        draft.findings += findings
        _mapping(draft, root)

    return rank, read, source


def _mapping(draft: Draft, root: Mapping) -> None:
    if is_metadata(root):
        import_metadata(draft, root)
    elif is_tests(root):
        import_tests(draft, root)
    elif root.get(KEY) is not None:
        import_entry(draft, root)
    else:
        for path in _INNER:
            inner: Mapping | None = root
            for name in path:
                inner = inner.mapping(name) if inner is not None else None
            if inner is not None and any(inner.get(name) is not None for name in _OURS):
                import_template(draft, inner)
                return


def _compare(draft: Draft) -> None:
    """Find variables that are asked for but not read by the script."""
    if draft.asked:
        asked = {
            name: place
            for name, place in draft.places.items()
            if not draft.variables[name].get("hidden") and name.startswith("ONEAPP_")
        }
        draft.unread(asked, "the template")


def _declared(draft: Draft) -> tuple[Appliance, dict[str, Any]]:
    """Return the appliance and its data; parts that are not valid are left out, with a finding."""
    for _ in range(_MOST_REPAIRS):
        data = draft.data()
        try:
            return appliance_of(data), data
        except FaultsError as error:
            repaired = [_repair(draft, fault) for fault in error.faults]
            if not all(repaired):
                raise _refused(draft, error.faults) from None
    raise _refused(draft, [])


def _repair(draft: Draft, fault: Fault) -> bool:
    if len(fault.path) < 2 or fault.path[0] != "variables":
        return False
    name = str(fault.path[1])
    if draft.variables.pop(name, None) is not None:
        message = f"{name} is left out: {fault.message}"
        draft.note(codes.IMPORT_LEFT_OUT, message, draft.places[name], name)
    return True


def _refused(draft: Draft, faults: Iterable[Fault]) -> FileError:
    findings = [codes.DECLARATION_FAULT.at(fault.message) for fault in faults]
    reasons = "; ".join(fault.message for fault in faults) or "there are too many faults"
    return FileError(f"no declaration can be made of {draft.name}: {reasons}", [*findings, *draft.findings])
