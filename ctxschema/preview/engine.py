"""The engine behind the page: it answers requests, with plain data in both directions.

The same class runs in the browser, within Pyodide, and on the machine that runs ``ctxschema preview``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from attrs import evolve, field, frozen

from ctxschema.catalog import APPLIANCES, BOOTABLE, get_appliance, machines_of
from ctxschema.consumers.command_line import typed
from ctxschema.consumers.explain import Beside, explain
from ctxschema.consumers.stations import ANSWER
from ctxschema.consumers.sunstone_form import Form
from ctxschema.core.errors import CtxschemaError, FileError, NotPortableError, UnknownNameError
from ctxschema.core.files import LARGEST_FILE, text_of
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.source import SourceText
from ctxschema.generate.names import Names
from ctxschema.generate.options import Options
from ctxschema.generate.registry import OUTPUTS
from ctxschema.lint.linter import lint_document
from ctxschema.model.appliance import Appliance
from ctxschema.preview.declared import declared
from ctxschema.preview.example import example_answers
from ctxschema.preview.filled import Judge, asked_as, fill, judged, sent_text, sent_texts, shown
from ctxschema.preview.form import Part, layout, parts
from ctxschema.preview.own import format_of, read_own
from ctxschema.report.text import finding_lines

MOST_SHOWN = 200
"""The greatest number of findings that a page shows."""
MOST_FIELDS = 500
"""The greatest number of inputs of a form; no real template comes near."""
MOST_OPEN = 8
"""The greatest number of documents, one for each page, that stay open."""
PASTED = "<pasted>"
"""The name of a text that does not come from a file."""
STYLES = {
    Names.ONEAPP: "Grouped by topic (ONEAPP_…)",
    Names.VARIABLE: "As the variables are called",
    Names.SHORT: "Short, without a prefix",
}
"""The styles of names that the page offers, the default first."""
DEFINITION_NAME = "INPUT"
"""The name of the input for a definition without a template."""
_BARE_DEFINITION = re.compile(r"[^=\n#<{]*\|[^\n]*\s*\Z")


@frozen
class _Opened:
    """A document that a page shows."""

    parts: tuple[Part, ...]
    judges: tuple[Judge, ...]


@frozen
class Engine:
    """Answers requests, each a mapping with the operation under ``op``.

    Args:
        opened: The open documents, by number.
        own: Appliances beside those of the catalog, by name.
        pasted: Appliances whose declarations were pasted, dropped or opened on the page, by name.
    """

    opened: dict[int, _Opened] = field(factory=dict)
    own: Mapping[str, Appliance] = field(factory=dict)
    pasted: dict[str, Appliance] = field(factory=dict)

    def _appliance(self, name: str) -> Appliance:
        return self.own[name] if name in self.own else get_appliance(name)

    def _document(self, request: Mapping[str, Any]) -> _Opened:
        """Return the document that a request refers to.

        Raises:
            UnknownNameError: It is not open, or no longer.
        """
        found = self.opened.get(int(request["id"]))
        if found is None:
            raise UnknownNameError("this form is not open any more; show it again")
        return found

    def answer(self, request: Mapping[str, Any], data: bytes = b"") -> dict[str, Any]:
        """Return the answer to a request.

        Args:
            request: The operation ``op`` and its arguments; see the methods whose names begin with ``op_``.
            data: The content of a file, for ``open``.

        Returns:
            The answer; for a malformed request, a sentence under ``error``.
        """
        op = getattr(self, f"op_{request.get('op')}", None)
        if op is None:
            return {"error": f"nothing answers {request.get('op')!r}"}
        try:
            answered: dict[str, Any] = op(request, data)
        except CtxschemaError as error:
            return {"error": str(error)}
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            return {"error": f"the request makes no sense: {error!r}"}
        return answered

    def op_appliances(self, _request: Mapping[str, Any], _data: bytes) -> dict[str, Any]:
        """Return the appliances, the user's own first; the styles of names; and the greatest size of a file."""
        names = dict.fromkeys([*self.own, *APPLIANCES])
        found = [{"name": name, "title": self._appliance(name).title, "own": name in self.own} for name in names]
        styles = [{"name": each.value, "title": f"{title}: --names {each.value}"} for each, title in STYLES.items()]
        return {"appliances": found, "names": styles, "largest": LARGEST_FILE}

    def op_declare(self, request: Mapping[str, Any], _data: bytes) -> dict[str, Any]:
        """Return the declaration of an ``appliance`` in YAML, as a start for one of the user's own."""
        from ctxschema.declaration.yaml_form import declaration_yaml

        appliance = self._appliance(str(request["appliance"]))
        return {"name": f"{appliance.name}.yaml", "text": declaration_yaml(appliance)}

    def op_open(self, request: Mapping[str, Any], data: bytes) -> dict[str, Any]:
        """Open ``data`` under a ``name``, or an ``appliance``; return its forms and its findings.

        ``names`` is the style of names for the inputs of a declaration; a template has its own names.
        """
        appliance = self._appliance(str(request["appliance"])) if request.get("appliance") else None
        name = str(request.get("name") or PASTED)
        source = None
        if appliance is None:
            try:
                source = text_of(data, name)
            except FileError as error:
                return _unread(name, error.findings)
            ending = format_of(source)
            if ending is not None:
                appliance, findings = read_own(source, ending)
                if appliance is None:
                    return _unread(name, tuple(findings))
                self._keep(appliance)
        if appliance is not None:
            source, names = template_in_style(appliance, Names(request.get("names", Names.VARIABLE.value)))
            return self._opened(source, appliance, {"title": appliance.title, "names": names.value})
        return self._opened(_as_template(source or SourceText("")), None, {"title": name, "names": None})

    def _keep(self, appliance: Appliance) -> None:
        """Store an appliance that was given on the page, so that a service can find the machines of its roles."""
        self.pasted.pop(appliance.name, None)
        self.pasted[appliance.name] = appliance
        for old in list(self.pasted)[:-MOST_OPEN]:
            del self.pasted[old]

    def _opened(self, source: SourceText, appliance: Appliance | None, about: Mapping[str, Any]) -> dict[str, Any]:
        document, findings = lint_document(source)
        found = [evolve(part, inputs=part.inputs[:MOST_FIELDS]) for part in parts(document)]
        number = max(self.opened, default=0) + 1
        machines = self._machines(appliance)
        judges = tuple(
            Judge(appliance or declared(part.inputs), known=appliance is not None, machines=machines) for part in found
        )
        self.opened[number] = _Opened(tuple(found), judges)
        for old in sorted(self.opened)[:-MOST_OPEN]:
            del self.opened[old]
        return {
            "id": number,
            **about,
            "kind": document.kind.value if document.kind else None,
            "file": source.name if appliance else "",
            "text": source.text if appliance else "",
            "parts": [{"title": part.title, "tabs": layout(part, _variables(part, appliance))} for part in found],
            **_findings(findings),
        }

    def _machines(self, appliance: Appliance | None) -> dict[str, Appliance]:
        """Return the possible machines of a document: those of its roles, or all appliances without a declaration."""
        own = {**self.own, **self.pasted}
        if appliance is None:
            catalog = {name: get_appliance(name) for name in BOOTABLE}
            return {name: each for name, each in {**catalog, **own}.items() if not each.roles}
        if not appliance.roles:
            return {appliance.name: appliance}
        if appliance.name in APPLIANCES and appliance is get_appliance(appliance.name):
            own = {each.name: each for each in machines_of(appliance)}
        family = appliance.name.rpartition("-")[0] or appliance.name
        return {role: own[name] for role in appliance.roles if (name := f"{family}-{role}") in own}

    def op_fill(self, request: Mapping[str, Any], _data: bytes) -> dict[str, Any]:
        """Judge the answers to a ``part`` of document ``id``; return the problems of each field, and the results.

        ``answers`` holds the answers to each part, by its number: texts by field name. A field without an answer keeps
        its initial content.
        """
        opened = self._document(request)
        number = int(request["part"])
        answers = {int(part): {str(k): str(v) for k, v in given.items()} for part, given in request["answers"].items()}
        part = opened.parts[number]
        # The answers to the service itself reach the machines of every role.
        above = [(n, each) for n, each in enumerate(opened.parts) if part.role and each.service and not each.role]
        inherited = {name: text for n, each in above for name, text in sent_texts(each, answers.get(n, {})).items()}
        gpu = bool(request.get("gpu"))
        judge = opened.judges[number]
        answer = fill(part, judge, answers.get(number, {}), inherited=inherited, gpu=gpu)
        if part.role and judge.known and part.role not in judge.machines:
            text = (
                f"What the machine of role {part.role} starts is shown once its own declaration was opened here, too."
            )
            answer["general"].append({"severity": Severity.INFO.value, "code": "", "variable": "", "text": text})
        return answer

    def op_example(self, request: Mapping[str, Any], _data: bytes) -> dict[str, Any]:
        """Return example answers for a ``part`` of document ``id``: texts by field name."""
        opened = self._document(request)
        number = int(request["part"])
        part, judge = opened.parts[number], opened.judges[number]

        def faults(answers: Mapping[str, str]) -> int:
            found = judged(part, judge, answers, {})
            return sum(map(len, (*found.fields.values(), found.general)))

        asked = asked_as(part, judge.appliance if judge.known else None)
        return {"answers": example_answers(judge.appliance, asked, faults)}

    def op_explain(self, request: Mapping[str, Any], _data: bytes) -> dict[str, Any]:
        """Explain how each consumer treats input ``name``, and an ``answer`` if there is one."""
        part = self._document(request).parts[int(request["part"])]
        each = next(each for each in part.inputs if each.key == request["name"])
        rows = [
            {"consumer": e.consumer.name, "accepts": e.accepts.value, "sees": e.sees, "sends": e.sends}
            for e in explain(each.definition)
        ]
        answer = request.get("answer")
        if answer:
            outcome = Form(each.definition).typed(str(answer))
            shown = f'sends "{sent_text(outcome)}"' if outcome.ok else f"refuses it: {outcome.error.splitlines()[0]}"
            secret = each.definition.type == "password"
            rows[1]["answer"] = "sends it as it stands" if secret and outcome.ok else shown
            rows[0]["answer"] = _ASKED.get(result := typed(each.definition, str(answer))) or (
                "sends it as it stands" if secret else f"sends {result.removeprefix('value ')}"
            )
            made = Beside(each.key).travelled(each.definition, str(answer)).travelled[0]
            lost = [finding.message for station, finding in made.findings if station != ANSWER]
            rows[0]["answer"] += "".join(f"; {message}" for message in lost)
        definition = each.definition.emit()
        return {"name": each.key, "definition": definition, "rows": rows}


_ASKED = {"ABSENT": "leaves it out", "REPROMPT": "asks again", "EXIT": "ends", "CRASH": "crashes"}


def template_in_style(appliance: Appliance, names: Names) -> tuple[SourceText, Names]:
    """Return the template of an appliance, and the style of its names.

    The style is the wanted one, unless that would give two inputs the same name; then the variables' own names are
    used. For a service, the template is a service template.
    """
    wanted, extension = ("oneflow", "json") if appliance.roles else ("vm-template", "tmpl")
    output = next(each for each in OUTPUTS if each.name == wanted)
    try:
        text = output.text(appliance, Options(names))
    except NotPortableError:
        if names is Names.VARIABLE:
            raise
        return template_in_style(appliance, Names.VARIABLE)
    return SourceText(text, f"{appliance.name}.{extension}"), names


def _as_template(source: SourceText) -> SourceText:
    """Return a pasted definition without a template as the template of one input, and any other text unchanged."""
    if source.name != PASTED or len(source.text) > 10_000 or not _BARE_DEFINITION.match(source.text):
        return source
    before = f'USER_INPUTS = [ {DEFINITION_NAME} = "'
    escaped = source.text.strip("\n").replace('"', '\\"')
    return SourceText(f'{before}{escaped}" ]\n', source.name)


def _variables(part: Part, appliance: Appliance | None) -> dict[str, str]:
    """Return the variable that each field sets, by field name, for fields whose name differs from the variable's."""
    known = appliance.by_name if appliance else {}
    return {
        name: variable for variable, name in asked_as(part, appliance).items() if variable in known and variable != name
    }


def _unread(name: str, findings: tuple[Finding, ...]) -> dict[str, Any]:
    return {"kind": None, "parts": [], "title": name, "names": None, **_findings(findings), "file": "", "text": ""}


def _findings(findings: tuple[Finding, ...]) -> dict[str, Any]:
    items = [
        {**shown(finding), "lines": list(finding_lines(finding)), "origin": finding.origin}
        for finding in findings[:MOST_SHOWN]
    ]
    return {"findings": items, "found": len(findings)}
