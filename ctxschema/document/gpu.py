"""The page on GPU passthrough with its diagrams."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from attrs import evolve, fields

from ctxschema.catalog.flower.gpu import FL_CUDA_VISIBLE_DEVICES, FL_GPU_ENABLED
from ctxschema.catalog.flower.gpu_stack import LAYERS, StackLayer
from ctxschema.context.load import load_context
from ctxschema.context.validate import validate
from ctxschema.core.errors import DeclarationError
from ctxschema.core.sentences import sentence
from ctxschema.document.checks import checks_index
from ctxschema.document.diagrams import Box, Diagram
from ctxschema.document.markdown import code, count, escape, escape_prose, page, table
from ctxschema.document.places import Places
from ctxschema.document.troubles import troubles_index
from ctxschema.generate.attributes import machine
from ctxschema.gpu.answers import UDEV_RULE
from ctxschema.gpu.checks import container_toolkit, kernel_driver, opennebula_pci
from ctxschema.gpu.decision import FALLBACK_WARNING, decide_gpu
from ctxschema.gpu.facts import GpuFacts
from ctxschema.grammar.emit import template_text
from ctxschema.model.appliance import Appliance
from ctxschema.model.check import Check, Layer, in_general

QUESTIONS = {
    "driver_loaded": "Is the NVIDIA kernel driver loaded?",
    "nvidia_smi": "Does nvidia-smi answer and name a GPU?",
    "cuda": "Does CUDA initialise and find a device?",
    "docker_route": "Can Docker hand a GPU to a container?",
}
"""The questions about a machine in their order, by the fact that answers each."""

_SLOT = re.compile(r"^(?P<indent> *)\{\{(?P<block>[\w-]+)\}\}$|\{\{(?P<inline>[\w-]+)\}\}", re.MULTILINE)


def gpu_page(node: Appliance, places: Places, see_also: str) -> str:
    """Return the page for an appliance: the text ``texts/gpu-passthrough.md`` filled with what is declared.

    Args:
        node: The appliance.
        places: The pages that describe its variables and rules.
        see_also: Markdown with links to other pages.
    """
    text = files("ctxschema.document").joinpath("texts/gpu-passthrough.md").read_text(encoding="utf-8")
    return page("GPU passthrough", filled(text, _slots(node, places, see_also)))


def filled(text: str, slots: Mapping[str, str]) -> str:
    """Return a text with its slots filled, indented as they are.

    Raises:
        DeclarationError: A slot has an unknown name.
    """

    def fill(match: re.Match[str]) -> str:
        name = match["block"] or match["inline"]
        if name not in slots:
            raise DeclarationError(f"nothing is known of {{{{{name}}}}}")
        indent = match["indent"] or ""
        return "\n".join(f"{indent}{line}".rstrip() for line in slots[name].rstrip("\n").split("\n"))

    return _SLOT.sub(fill, text)


def _slots(node: Appliance, places: Places, see_also: str) -> dict[str, str]:
    return {
        "layers": count(len(LAYERS), "layer"),
        "see_also": see_also,
        "stack": "\n".join(_layer(number, layer) for number, layer in enumerate(LAYERS, 1)),
        "udev_rule": UDEV_RULE.split("`")[1],
        "pci_filter": opennebula_pci.CHECK.answer("refused").fix.split("`")[1],
        "template": "".join(
            template_text(name, value if isinstance(value, str) else value.items())
            for name, value in machine(node, gpu=True)
            if name in {"OS", "CPU_MODEL", "TOPOLOGY", "PCI"}
        ),
        "driver": _fix(kernel_driver.CHECK, "not-installed"),
        "toolkit": _fix(container_toolkit.CHECK, "not-installed"),
        "warning": escape(FALLBACK_WARNING),
        "situations": table(("situation", "flags of docker run", "published", "warning"), _situations(node)),
        "host_checks": "\n\n".join(checks_index(Layer.HOST)),
        "vm_checks": "\n\n".join(checks_index(Layer.VM)),
        "troubles": "\n\n".join(troubles_index()),
        **{variable.name: places.variable(variable) for variable in node.variables},
        **{rule.id: places.rule(rule) for rule in node.rules},
    }


def _fix(check: Check, answer: str) -> str:
    """Return the repair for an answer of a check, as the beginning of a sentence."""
    fix = escape_prose(in_general(check.answer(answer).fix))
    return f"{fix[:1].upper()}{fix[1:]}"


def _situations(node: Appliance) -> Iterator[tuple[str, str, str, str]]:
    """Yield the decision between GPU and CPU for each situation, by making it."""
    asked = {FL_GPU_ENABLED.name: "YES"}
    good = GpuFacts(driver_loaded=True, nvidia_smi=True)
    facts_without: dict[str, Any] = {name: {name: False} for name in QUESTIONS}
    missing = [(f"{QUESTIONS[name]} No.", asked, evolve(good, **without)) for name, without in facts_without.items()]
    cases: list[tuple[str, dict[str, str], GpuFacts]] = [
        (f"{FL_GPU_ENABLED.name} is not YES", {}, good),
        *missing,
        ("A GPU setting is wrong", {**asked, FL_CUDA_VISIBLE_DEVICES.name: "GPU0"}, good),
        ("All holds, and no GPU was chosen", asked, good),
        ("All holds, and GPUs were chosen", {**asked, FL_CUDA_VISIBLE_DEVICES.name: "0,1"}, good),
    ]
    for words, context, facts in cases:
        decision = decide_gpu(validate(node, load_context(context)).values, facts)
        published = ", ".join(code(f"{name}={value}") for name, value in decision.onegate.items())
        warned = "yes" if decision.warning else "no"
        yield escape(words), code(" ".join(decision.docker_flags)) or "none", published, warned


def _layer(number: int, layer: StackLayer) -> str:
    description = f"**{escape(layer.name)}** ({escape(layer.place)}) {escape(sentence(layer.does))}"
    return f"{number}. {description} Look: {escape(sentence(layer.look))} Without it, {escape(sentence(layer.without))}"


def stack_diagram() -> Diagram:
    """Return a diagram of the layers, from the program down to the firmware."""
    boxes = [
        Box(layer.name, layer.does, side=f"{layer.place}: {layer.look}", arrow="look") for layer in reversed(LAYERS)
    ]
    words = "; ".join(f"{layer.name}, which {layer.does}" for layer in LAYERS)
    return Diagram("The layers of the GPU stack", f"From the ground up: {words}.", boxes)


def decision_diagram() -> Diagram:
    """Return a diagram of the questions that decide between GPU and CPU."""
    known = {each.name for each in fields(GpuFacts) if each.type in {bool, "bool"}}
    if known != QUESTIONS.keys():
        raise AssertionError(f"a fact without a question: {known ^ QUESTIONS.keys()}")
    fallback = f"CPU, with the warning: {FALLBACK_WARNING}. FL_GPU_AVAILABLE=NO"
    boxes = [
        Box(f"Is {FL_GPU_ENABLED.name} = YES?", side="CPU, without a word", arrow="no", down="yes"),
        *(Box(question, side=fallback, arrow="no", down="yes", side_tone="care") for question in QUESTIONS.values()),
        Box(
            f"Is {FL_CUDA_VISIBLE_DEVICES.name} = all?",
            side="--gpus all -e CUDA_VISIBLE_DEVICES=IDS. FL_GPU_AVAILABLE=YES",
            arrow="no",
            down="yes",
            side_tone="good",
        ),
        Box("--gpus all", "FL_GPU_AVAILABLE=YES", tone="good"),
    ]
    return Diagram("The decision for GPU or CPU", "Asked from top to bottom; the first no decides.", boxes)
