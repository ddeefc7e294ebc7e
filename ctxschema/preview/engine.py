"""What the page asks for and what it is told: plain data in, plain data out.

The same class answers in the browser, where it runs in Pyodide, and under ``ctxschema preview``, where it runs here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from attrs import evolve, field, frozen

from ctxschema.catalog import APPLIANCES, get_appliance
from ctxschema.consumers.command_line import typed
from ctxschema.consumers.explain import Beside, explain
from ctxschema.consumers.stations import ANSWER
from ctxschema.consumers.sunstone_form import Form
from ctxschema.core.errors import CtxschemaError, FileError
from ctxschema.core.files import LARGEST_FILE, text_of
from ctxschema.core.finding import Finding
from ctxschema.core.source import SourceText
from ctxschema.generate.names import Names
from ctxschema.generate.options import Options
from ctxschema.generate.registry import OUTPUTS
from ctxschema.lint.linter import lint_document
from ctxschema.model.appliance import Appliance
from ctxschema.preview.declared import declared
from ctxschema.preview.filled import Judge, fill, sent_text, sent_texts, told
from ctxschema.preview.form import Part, layout, parts
from ctxschema.report.text import finding_lines

MOST_SHOWN = 200
"""How many findings a page shows."""
MOST_FIELDS = 500
"""How many inputs a form shows; no template has as many."""
MOST_OPEN = 8
"""How many documents stay open, for as many pages."""
PASTED = "<pasted>"
"""What a text without a file is called."""
DEFINITION_NAME = "INPUT"
"""What the input of a bare definition is called."""
_BARE_DEFINITION = re.compile(r"[^=\n#<{]*\|[^\n]*\s*\Z")


@frozen
class _Opened:
    """One document that a page shows."""

    parts: tuple[Part, ...]
    judges: tuple[Judge, ...]


@frozen
class Engine:
    """Answers requests; each is a mapping with an ``op``.

    Args:
        opened: The documents that are open, by their numbers.
        own: Appliances beside those of the catalog, by name.
    """

    opened: dict[int, _Opened] = field(factory=dict)
    own: Mapping[str, Appliance] = field(factory=dict)

    def _appliance(self, name: str) -> Appliance:
        return self.own[name] if name in self.own else get_appliance(name)

    def answer(self, request: Mapping[str, Any], data: bytes = b"") -> dict[str, Any]:
        """Return the answer to a request.

        Args:
            request: ``op`` and what belongs to it: see the methods whose names begin with ``op_``.
            data: The contents of a file, for ``open``.

        Returns:
            The answer; for a request that makes no sense, ``error`` with a sentence.
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
        """Return the appliances, one's own first, the styles of names, and the most bytes that are read."""
        names = dict.fromkeys([*self.own, *APPLIANCES])
        found = [{"name": name, "title": self._appliance(name).title} for name in names]
        return {"appliances": found, "names": [each.value for each in Names], "largest": LARGEST_FILE}

    def op_open(self, request: Mapping[str, Any], data: bytes) -> dict[str, Any]:
        """Open ``data`` under a ``name``, or an ``appliance`` with ``names``; return its forms and its findings."""
        appliance = self._appliance(str(request["appliance"])) if request.get("appliance") else None
        name = str(request.get("name") or PASTED)
        try:
            source = (
                template_of(appliance, Names(request.get("names", "variable"))) if appliance else text_of(data, name)
            )
        except FileError as error:
            return {"kind": None, "parts": [], "title": name, **_findings(error.findings), "text": ""}
        document, findings = lint_document(_as_template(source))
        found = [evolve(part, inputs=part.inputs[:MOST_FIELDS]) for part in parts(document)]
        number = max(self.opened, default=0) + 1
        judges = tuple(Judge(appliance) if appliance else Judge(declared(part.inputs), known=False) for part in found)
        self.opened[number] = _Opened(tuple(found), judges)
        for old in sorted(self.opened)[:-MOST_OPEN]:
            del self.opened[old]
        return {
            "id": number,
            "title": appliance.title if appliance else name,
            "kind": document.kind.value if document.kind else None,
            "text": source.text if appliance else "",
            "parts": [{"title": part.title, "tabs": layout(part)} for part in found],
            **_findings(findings),
        }

    def op_fill(self, request: Mapping[str, Any], _data: bytes) -> dict[str, Any]:
        """Judge the answers to a ``part`` of document ``id``; return problems by field, and what comes out.

        ``answers`` has those to every part, by its number: texts by the name of the field. A field without one is as
        the form opened it.
        """
        opened = self.opened[int(request["id"])]
        number = int(request["part"])
        answers = {int(part): {str(k): str(v) for k, v in given.items()} for part, given in request["answers"].items()}
        part = opened.parts[number]
        # What the service itself is asked reaches the machines of every role.
        above = [(n, each) for n, each in enumerate(opened.parts) if part.role and each.service and not each.role]
        inherited = {name: text for n, each in above for name, text in sent_texts(each, answers.get(n, {})).items()}
        gpu = bool(request.get("gpu"))
        return fill(part, opened.judges[number], answers.get(number, {}), inherited=inherited, gpu=gpu)

    def op_explain(self, request: Mapping[str, Any], _data: bytes) -> dict[str, Any]:
        """Say what every consumer makes of input ``name``, and of the ``answer`` if there is one."""
        part = self.opened[int(request["id"])].parts[int(request["part"])]
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
            rows[0]["answer"] = _ASKED.get(kept := typed(each.definition, str(answer))) or (
                "sends it as it stands" if secret else f"sends {kept.removeprefix('value ')}"
            )
            made = Beside(each.key).travelled(each.definition, str(answer)).travelled[0]
            lost = [finding.message for station, finding in made.findings if station != ANSWER]
            rows[0]["answer"] += "".join(f"; {message}" for message in lost)
        definition = each.definition.emit()
        return {"name": each.key, "definition": definition, "rows": rows}


_ASKED = {"ABSENT": "leaves it out", "REPROMPT": "asks again", "EXIT": "ends", "CRASH": "crashes"}


def template_of(appliance: Appliance, names: Names) -> SourceText:
    """Return the template of an appliance; of a service, the service template."""
    wanted, extension = ("oneflow", "json") if appliance.roles else ("vm-template", "tmpl")
    output = next(each for each in OUTPUTS if each.name == wanted)
    return SourceText(output.text(appliance, Options(names)), f"{appliance.name}.{extension}")


def _as_template(source: SourceText) -> SourceText:
    """Return a bare definition that somebody pasted as the template of one input; everything else as it is."""
    if source.name != PASTED or len(source.text) > 10_000 or not _BARE_DEFINITION.match(source.text):
        return source
    before = f'USER_INPUTS = [ {DEFINITION_NAME} = "'
    escaped = source.text.strip("\n").replace('"', '\\"')
    return SourceText(f'{before}{escaped}" ]\n', source.name)


def _findings(findings: tuple[Finding, ...]) -> dict[str, Any]:
    shown = [
        {**told(finding), "lines": list(finding_lines(finding)), "origin": finding.origin}
        for finding in findings[:MOST_SHOWN]
    ]
    return {"findings": shown, "found": len(findings)}
