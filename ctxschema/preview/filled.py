"""Judging a form that a user fills in: the problems of each answer, and the results."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from attrs import field, frozen

from ctxschema.consumers.javascript import Undefined, number_text
from ctxschema.consumers.resolve import taken_apart
from ctxschema.consumers.sunstone_form import Form, Outcome
from ctxschema.context.load import load_context
from ctxschema.context.validate import validate
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.secret import MASK
from ctxschema.lint.document import Input
from ctxschema.model.appliance import Appliance
from ctxschema.model.input_names import input_names
from ctxschema.preview import outputs
from ctxschema.preview.form import Part


@frozen
class Judge:
    """The declaration by which answers are judged.

    Args:
        appliance: The declaration.
        known: Whether it is a real declaration, rather than one made from the inputs.
        machines: The appliances that the machines can be, by likelihood: those of a service by the names of its roles;
            all appliances if there is no declaration.
    """

    appliance: Appliance
    known: bool = True
    machines: Mapping[str, Appliance] = field(factory=dict)


@frozen
class _Problems:
    """The problems: by field, of the whole form, and in Sunstone's own words."""

    fields: dict[str, list[dict[str, str]]] = field(factory=dict)
    general: list[dict[str, str]] = field(factory=list)
    sunstone: dict[str, str] = field(factory=dict)

    @property
    def wrong_fields(self) -> list[str]:
        """The fields with an error, in the order of the form."""
        return [name for name, found in self.fields.items() if _has_error(found)]

    @property
    def stops(self) -> bool:
        """Whether an error prevents any result."""
        return bool(self.wrong_fields) or _has_error(self.general)


def _has_error(found: Iterable[Mapping[str, str]]) -> bool:
    return any(each["severity"] == Severity.ERROR.value for each in found)


def fill(
    part: Part, judge: Judge, answers: Mapping[str, str], *, inherited: Mapping[str, str], gpu: bool
) -> dict[str, Any]:
    """Judge the answers to a form.

    Args:
        part: The form.
        judge: The declaration to judge by.
        answers: The texts by field name; a field without one keeps its initial content.
        inherited: What reaches the machine from elsewhere: for a role, the answers to its service.
        gpu: Whether the machine has a GPU.

    Returns:
        The ``problems`` by field, the worst first; under ``sunstone``, by field, Sunstone's own messages; under
        ``general`` the problems of the whole form; under ``errors`` the number of fields with an error; and the
        ``outputs`` to copy, of which there are none while there is an error.
    """
    problems = judged(part, judge, answers, inherited)
    copied = [] if problems.stops else _outputs(part, judge, sent_texts(part, answers), inherited, gpu=gpu)
    errors = len(problems.wrong_fields)
    return {
        "problems": problems.fields,
        "sunstone": problems.sunstone,
        "general": problems.general,
        "errors": errors,
        "outputs": copied,
    }


def judged(part: Part, judge: Judge, answers: Mapping[str, str], inherited: Mapping[str, str]) -> _Problems:
    """Return the problems with the answers to a form; see `fill`."""
    found: dict[str, list[dict[str, str]]] = {each.key: [] for each in part.inputs}
    wrong = _Problems()
    sent = sent_texts(part, answers)
    context, _ = outputs.context_values(part, {**inherited, **sent})
    asked = asked_as(part, judge.appliance if judge.known else None)
    for appliance, given in _judges(part, judge, sent, context):
        for finding in validate(appliance, load_context(given)).findings:
            name = asked.get(finding.variable or "")
            about = wrong.general if name is None else found[name]
            if shown(finding) not in about:
                about.append(shown(finding))
    for each in part.inputs:
        outcome = _submitted(each, answers.get(each.key))
        if not outcome.ok:
            wrong.sunstone[each.key] = outcome.error
            if not _has_error(found[each.key]):
                refused = f"Sunstone's form refuses it: {outcome.error.splitlines()[0]}"
                found[each.key].append({"severity": Severity.ERROR.value, "text": refused})
    for name, problems in found.items():
        if problems:
            wrong.fields[name] = sorted(problems, key=lambda each: _SEVERITIES.index(each["severity"]))
    return wrong


_SEVERITIES = [Severity.ERROR.value, Severity.WARNING.value, Severity.INFO.value]


def _judges(
    part: Part, judge: Judge, sent: Mapping[str, str], context: Mapping[str, str]
) -> Iterator[tuple[Appliance, Mapping[str, str]]]:
    """Yield appliances and values to judge: the declaration, or for a template without one the appliance it is for."""
    if judge.known:
        yield judge.appliance, context
        return
    yield judge.appliance, sent
    roles = outputs.nearest(context, judge.machines)
    if part.context and len(roles) == 1:
        yield from ((each, context) for each in roles.values())


def asked_as(part: Part, appliance: Appliance | None) -> dict[str, str]:
    """Return the field name for every name under which the machine knows a value.

    Args:
        part: The form.
        appliance: The declaration; None if there is none.
    """
    asked = {each.key: each.key for each in part.inputs}
    if appliance is not None:
        fields = dict(asked)
        asked |= {each.name: fields[name] for name, each in input_names(appliance).items() if name in fields}
    for entry in part.context or ():
        name = entry.value.text.upper().removeprefix("$")
        if entry.value.text.startswith("$") and name in asked:
            asked[entry.key] = name
    return asked


def sent_texts(part: Part, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the texts that the form sends, by name; for an answer that it refuses, the typed text."""
    sent = {}
    for each in part.inputs:
        outcome = _submitted(each, answers.get(each.key))
        text = sent_text(outcome) if outcome.ok else answers.get(each.key, "")
        if text is not None:
            sent[each.key] = text
    return sent


def _submitted(each: Input, answer: str | None) -> Outcome:
    form = Form(each.definition)
    if answer is None or form.read.type == "fixed":
        return form.untouched()
    if form.read.type == "list-multiple" and not answer:
        return Outcome(ok=True, submitted="")
    return form.typed(answer)


def sent_text(outcome: Outcome) -> str | None:
    """Return the text that an outcome sends, or None if it sends nothing."""
    value = outcome.submitted
    if isinstance(value, (Undefined, type(None))):
        return None
    return number_text(value) if isinstance(value, float) else str(value)


def shown(finding: Finding) -> dict[str, str]:
    """Return a finding as plain data for a field."""
    repair = f" ({finding.repair})" if finding.repair else ""
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "variable": finding.variable or "",
        "text": f"{finding.message}{repair}",
    }


def _outputs(
    part: Part, judge: Judge, sent: Mapping[str, str], inherited: Mapping[str, str], *, gpu: bool
) -> list[dict[str, str]]:
    """Return the results to copy, each with a text for display in which secrets are stars."""
    secrets = {each.key for each in part.inputs if each.definition.type == "password"}
    asked = asked_as(part, judge.appliance if judge.known else None)
    secrets |= {asked.get(each.name, each.name) for each in judge.appliance.variables if each.secret}

    def made(answers: Mapping[str, str], above: Mapping[str, str]) -> list[outputs.Output]:
        handed, unknown = outputs.context_values(part, {**above, **answers})
        context = taken_apart(handed)
        machines = judge.machines if judge.known else outputs.nearest(context, judge.machines)
        found = [
            outputs.command(answers, secrets, part),
            outputs.extra_template(answers, part),
            outputs.context_sh(context, unknown),
            *outputs.containers(context, machines, part, gpu=gpu),
        ]
        return [each for each in found if each.text]

    starred = {each.id: each.text for each in made(_starred(sent, secrets), _starred(inherited, secrets))}
    return [{**each.as_dict(), "shown": starred.get(each.id, each.text)} for each in made(sent, inherited)]


def _starred(texts: Mapping[str, str], secrets: Collection[str]) -> dict[str, str]:
    return {name: MASK if name in secrets and text else text for name, text in texts.items()}
