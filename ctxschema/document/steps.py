"""The section about the boot of a machine, step by step."""

from __future__ import annotations

from collections.abc import Iterator

from ctxschema.core.sentences import sentence
from ctxschema.document.diagrams import Box, Diagram
from ctxschema.document.markdown import count, escape, fill_links, table
from ctxschema.document.places import Places
from ctxschema.model.appliance import Appliance
from ctxschema.model.step import Runner, Step

_RUNNERS = {Runner.AGENT: "the boot agent", Runner.IMAGE: "the machine's image"}


def boot_sequence(appliance: Appliance, diagram: str, places: Places) -> Iterator[str]:
    """Yield the blocks of the section.

    Args:
        appliance: The appliance.
        diagram: The file of the diagram.
        places: The pages that describe the variables.
    """
    stopping = sum(step.stops_boot for step in appliance.boot_steps)
    yield "## The boot sequence"
    yield (
        f"{count(len(appliance.boot_steps), 'step')}, in this order. A failure of {stopping} of them stops the boot; "
        "after one of the others it goes on with a warning."
    )
    yield f"![The boot sequence of {appliance.title}]({diagram})"
    for number, step in appliance.numbered_steps:
        yield f"### {number}. {escape(step.title)}"
        yield f"{_linked(appliance, step.what, places)} {_linked(appliance, step.why, places)}"
        yield "\n".join(f"- {_linked(appliance, action, places)}" for action in step.actions)
        yield table(("when it fails", "what"), _when_it_fails(appliance, step, places))


def _when_it_fails(appliance: Appliance, step: Step, places: Places) -> Iterator[tuple[str, str]]:
    yield "severity", f"{step.severity.value}: {'the boot stops' if step.stops_boot else 'the boot goes on'}"
    yield "recovery", _linked(appliance, step.recovery, places)
    yield "OneGate", _linked(appliance, step.onegate, places) if step.onegate else "nothing"
    yield "time", escape(step.deadline_in_words)
    yield "carried out by", _RUNNERS[step.runner]


def _linked(appliance: Appliance, text: str, places: Places) -> str:
    links = {name: places.variable(variable) for name, variable in appliance.by_name.items()}
    return fill_links(text, links)


def boot_diagram(appliance: Appliance) -> Diagram:
    """Return a diagram of the steps from top to bottom, each with what happens when it fails."""
    boxes = []
    for number, step in appliance.numbered_steps:
        fails = step.recovery if step.stops_boot else f"A warning, and the boot goes on. {step.recovery}"
        if step.onegate:
            fails += f" OneGate: {sentence(step.onegate)}"
        tone = "plain" if step.runner is Runner.AGENT else "good"
        side_tone = "plain" if step.stops_boot else "care"
        boxes.append(
            Box(f"{number}. {step.title}", step.what, side=fails, arrow="fails", tone=tone, side_tone=side_tone)
        )
    title = f"The boot sequence of {appliance.title}"
    return Diagram(title, "From top to bottom; what the machine's image carries out is green.", boxes)
