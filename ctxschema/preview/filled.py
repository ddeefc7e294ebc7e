"""A form that somebody fills in: what is wrong with each answer, and what comes out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
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
from ctxschema.preview import outputs
from ctxschema.preview.form import Part


@frozen
class Judge:
    """Who judges what is typed.

    Args:
        appliance: What is declared.
        known: Whether it is declared in the catalog, rather than made of the inputs themselves.
    """

    appliance: Appliance
    known: bool = True


@frozen
class _Told:
    """What is wrong: by field, and with the whole."""

    fields: dict[str, list[dict[str, str]]] = field(factory=dict)
    general: list[dict[str, str]] = field(factory=list)

    @property
    def errors(self) -> int:
        several = [*self.fields.values(), self.general]
        return sum(each["severity"] == Severity.ERROR.value for found in several for each in found)


def fill(
    part: Part, judge: Judge, answers: Mapping[str, str], *, inherited: Mapping[str, str], gpu: bool
) -> dict[str, Any]:
    """Judge the answers to a form.

    Args:
        part: The form.
        judge: Who judges.
        answers: A text by the name of its field; a field without one is as the form opened it.
        inherited: What reaches the machine from elsewhere: for a role, what its service was asked.
        gpu: Whether the machine is one with a GPU.

    Returns:
        Problems by field, those of the whole, and what there is to copy: nothing while there is an error.
    """
    wrong = _Told()
    for each in part.inputs:
        outcome = _submitted(each, answers.get(each.key))
        if not outcome.ok:
            refused = f"Sunstone refuses it: {outcome.error.splitlines()[0]}"
            wrong.fields.setdefault(each.key, []).append({"severity": "error", "text": refused})
    sent = sent_texts(part, answers)
    context, _ = outputs.context_values(part, {**inherited, **sent})
    asked = _asked_as(part)
    for appliance, given in _judged(part, judge, sent, context):
        for finding in validate(appliance, load_context(given)).findings:
            name = asked.get(finding.variable or "")
            about = wrong.general if name is None else wrong.fields.setdefault(name, [])
            if told(finding) not in about:
                about.insert(0, told(finding))
    copied = _outputs(part, judge, sent, inherited, gpu=gpu) if not wrong.errors else []
    return {"problems": wrong.fields, "general": wrong.general, "errors": wrong.errors, "outputs": copied}


def _judged(
    part: Part, judge: Judge, sent: Mapping[str, str], context: Mapping[str, str]
) -> Iterator[tuple[Appliance, Mapping[str, str]]]:
    """Yield who judges what: the declaration, and for a template of one's own the role of the catalog it is for."""
    if judge.known:
        yield judge.appliance, context
        return
    yield judge.appliance, sent
    roles = outputs.roles_of(context, None)
    if part.context and len(roles) == 1:
        yield roles[0], context


def _asked_as(part: Part) -> dict[str, str]:
    """Return the name of the input for every name that the machine knows its value by."""
    asked = {each.key: each.key for each in part.inputs}
    for entry in part.context or ():
        name = entry.value.text.upper().removeprefix("$")
        if entry.value.text.startswith("$") and name in asked:
            asked[entry.key] = name
    return asked


def sent_texts(part: Part, answers: Mapping[str, str]) -> dict[str, str]:
    """Return what a form sends, by name; for what it refuses, what was typed."""
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
    """Return the text that an outcome sends, or None where it sends nothing."""
    value = outcome.submitted
    if isinstance(value, (Undefined, type(None))):
        return None
    return number_text(value) if isinstance(value, float) else str(value)


def told(finding: Finding) -> dict[str, str]:
    """Return a finding as a field shows it."""
    repair = f" ({finding.repair})" if finding.repair else ""
    return {"severity": finding.severity.value, "code": finding.code, "text": f"{finding.message}{repair}"}


def _outputs(
    part: Part, judge: Judge, sent: Mapping[str, str], inherited: Mapping[str, str], *, gpu: bool
) -> list[dict[str, str]]:
    """Return what there is to copy, each with a text for the eye that has stars in place of secrets."""
    secrets = {each.key for each in part.inputs if each.definition.type == "password"}
    asked = _asked_as(part)
    secrets |= {asked.get(each.name, each.name) for each in judge.appliance.variables if each.secret}

    def made(answers: Mapping[str, str], above: Mapping[str, str]) -> list[outputs.Output]:
        handed, unknown = outputs.context_values(part, {**above, **answers})
        context = taken_apart(handed)
        appliance = judge.appliance if judge.known else None
        found = [
            outputs.command(answers, secrets, part),
            outputs.extra_template(answers, part),
            outputs.context_sh(context, unknown),
            *outputs.containers(context, appliance, part, gpu=gpu),
        ]
        return [each for each in found if each.text]

    shown = {each.id: each.text for each in made(_starred(sent, secrets), _starred(inherited, secrets))}
    return [{**each.as_dict(), "shown": shown.get(each.id, each.text)} for each in made(sent, inherited)]


def _starred(texts: Mapping[str, str], secrets: Collection[str]) -> dict[str, str]:
    return {name: MASK if name in secrets and text else text for name, text in texts.items()}
