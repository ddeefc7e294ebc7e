"""The results of a filled form: the command, the extra template, the context, the command of the container."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from ctxschema.boot.plan import DryRun, dry_run
from ctxschema.consumers.command_line import carried_by_option
from ctxschema.context.load import load_context
from ctxschema.core.errors import NotPortableError
from ctxschema.core.finding import has_errors
from ctxschema.core.quoting import json_text, shell_word
from ctxschema.gpu.facts import GpuFacts
from ctxschema.grammar.emit import template_text
from ctxschema.grammar.references import references
from ctxschema.model.appliance import Appliance
from ctxschema.preview.form import Part
from ctxschema.report.shell import folded

PLACE = "TEMPLATE_ID"
"""A placeholder for the ID of the template, which is known only after uploading it."""

WITH_GPU = GpuFacts(driver_loaded=True, nvidia_smi=True)
WITHOUT_GPU = GpuFacts(reason="the preview assumes that the machine has no GPU")


@frozen
class Output:
    """A text to copy.

    Attributes:
        id: Its kind.
        title: Its title.
        text: The text; empty if there is none.
        note: A remark about it.
    """

    id: str
    title: str
    text: str
    note: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return it as plain data."""
        return {"id": self.id, "title": self.title, "text": self.text, "note": self.note}


def command(answers: Mapping[str, str], secrets: Collection[str], part: Part) -> Output:
    """Return the command that instantiates a template with the answers; it asks for secrets itself."""
    if part.role:
        return Output("command", "Command", "", "The service as a whole is instantiated, not one role.")
    program = "oneflow-template" if part.service else "onetemplate"
    carried = {name: value for name, value in answers.items() if name not in secrets and carried_by_option(name, value)}
    option = ",".join(f"{name}={value}" for name, value in carried.items())
    words = [program, "instantiate", PLACE, *(["--user-inputs", option] if option else [])]
    left = [name for name, value in answers.items() if value and name not in carried]
    note = f"Put the template's number in place of {PLACE}."
    if left:
        note += f" It asks for {', '.join(left)}, which --user-inputs cannot carry or should not show."
    return Output("command", "Command", shlex.join(words) + "\n", note)


def extra_template(answers: Mapping[str, str], part: Part) -> Output:
    """Return the extra template that a client sends with the instantiation."""
    if part.service:
        values: dict[str, Any] = {"user_inputs_values": dict(answers)}
        data = {"roles": [{"name": part.role, **values}]} if part.role else values
        text = json_text(data, indent=2) + "\n"
        note = "Where they stand in the service template that a client sends, in JSON."
        return Output("template", f"Values of the {'role' if part.role else 'service'}", text, note)
    lines, refused = [], []
    for name, value in answers.items():
        try:
            lines.append(template_text(name, value))
        except NotPortableError as error:
            refused.append(str(error))
    note = "What a client sends along; it is merged into the template."
    return Output("template", "Extra template", "".join(lines), " ".join([note, *(f"Left out: {r}." for r in refused)]))


def context_values(part: Part, answers: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the CONTEXT of the machine, and the names of entries that only a server can resolve.

    Args:
        part: The form. A template without CONTEXT, and every role, has the answers under their own names.
        answers: The texts that the client sends.
    """
    found: dict[str, str] = dict(answers) if part.context is None or part.service else {}
    unknown = []
    for entry in part.context or ():
        value = _resolved(entry.value.text, answers)
        if value is None:
            unknown.append(entry.key)
        else:
            found[entry.key] = value
    return found, unknown


def _resolved(text: str, answers: Mapping[str, str]) -> str | None:
    pieces, at = [], 0
    for reference in references(text):
        if reference.fault is not None or reference.attribute is not None or reference.name not in answers:
            return None
        pieces += [text[at : reference.span.start], answers[reference.name]]
        at = reference.span.end
    return "".join([*pieces, text[at:]])


def context_sh(values: Mapping[str, str], unknown: Sequence[str] = ()) -> Output:
    """Return the context.sh of the machine, as the server writes it."""
    lines = [f"{name}={shell_word(value)}\n" for name, value in sorted(values.items())]
    note = "What the machine reads."
    if unknown:
        note += f" Only the server knows {', '.join(sorted(unknown))}."
    return Output("context", "context.sh", "".join(["# Context variables generated by OpenNebula\n", *lines]), note)


def nearest(values: Mapping[str, str], machines: Mapping[str, Appliance]) -> dict[str, Appliance]:
    """Return the appliances that a context is most likely for: those of which it sets the most variables."""
    shared = {role: sum(name in each.by_name for name in values) for role, each in machines.items()}
    most = max(shared.values(), default=0)
    return {role: each for role, each in machines.items() if most and shared[role] == most}


def _planned(role: Appliance, values: Mapping[str, str], facts: GpuFacts) -> DryRun:
    return dry_run(role, load_context(values), lambda: facts)


def containers(
    values: Mapping[str, str], machines: Mapping[str, Appliance], part: Part, *, gpu: bool
) -> Iterator[Output]:
    """Yield the command that starts the container of each machine that a context is for.

    Args:
        values: The context.
        machines: The possible machines; those of a service by the names of its roles.
        part: The form; for that of a role, only its machines are considered.
        gpu: Whether the machine has a GPU.
    """
    if part.service and not part.role:
        return  # the service itself has no machine
    for role, each in machines.items():
        if each.container is None or (part.role and not f"-{role}".endswith(f"-{part.role}")):
            continue
        facts = WITH_GPU if gpu or (each.gpu is not None and each.gpu.required) else WITHOUT_GPU
        planned = _planned(each, values, facts)
        if has_errors(planned.findings) or planned.container is None:
            continue
        text = folded(planned.argv, planned.container.image) + "\n"
        warnings = [finding.message for finding in planned.findings if finding.severity.value == "warning"]
        yield Output(f"docker-{each.name}", f"docker run, {each.title}", text, " ".join(f"{w}." for w in warnings[:3]))
