"""The page on GPU passthrough, and its diagrams."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import evolve, fields

from ctxschema.catalog.flower.gpu import FL_CUDA_VISIBLE_DEVICES, FL_GPU_ENABLED
from ctxschema.catalog.flower.gpu_stack import LAYERS, StackLayer
from ctxschema.context.load import load_context
from ctxschema.context.validate import validate
from ctxschema.document.checks import checks
from ctxschema.document.diagrams import Box, column
from ctxschema.document.markdown import code, count, escape, page, sentence, table
from ctxschema.document.troubles import troubleshooting
from ctxschema.document.variables import variable_link
from ctxschema.gpu.decision import FALLBACK_WARNING, decide_gpu
from ctxschema.gpu.facts import GpuFacts
from ctxschema.model.appliance import Appliance
from ctxschema.model.check import Layer

QUESTIONS = {
    "driver_loaded": "Is the NVIDIA kernel driver loaded?",
    "nvidia_smi": "Does nvidia-smi answer and name a GPU?",
    "cuda": "Does CUDA initialise and find a device?",
    "docker_route": "Can Docker hand a GPU to a container?",
}
"""What is asked of the machine, by the fact that answers it, in their order."""


def gpu_page(node: Appliance, reference: str, see_also: str) -> str:
    """Return the page for a node."""
    return page(
        "GPU passthrough",
        f"A GPU passes through {count(len(LAYERS), 'layer')} from the firmware of a host to a container. "
        f"Whoever wants one sets {variable_link(FL_GPU_ENABLED, reference)} to YES; everything else has to be made "
        "ready once, on the host and in the image.",
        see_also,
        "## The stack, layer by layer",
        "![The layers of the GPU stack](gpu-stack.svg)",
        "From the ground up:",
        "\n".join(_layer(number, layer) for number, layer in enumerate(LAYERS, 1)),
        "## GPU or CPU",
        "At every boot the node decides anew. A GPU that was asked for and is not there is a warning, never the end of "
        f"a boot: *{escape(FALLBACK_WARNING)}*.",
        "![The decision for GPU or CPU](gpu-decision.svg)",
        table(("situation", "flags of docker run", "published", "warning"), _situations(node)),
        *checks(Layer.HOST),
        *checks(Layer.VM),
        *troubleshooting(),
    )


def _situations(node: Appliance) -> Iterator[tuple[str, str, str, str]]:
    """Yield what is decided in every situation, by deciding it."""
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
    told = f"**{escape(layer.name)}** ({escape(layer.place)}) {escape(sentence(layer.does))}"
    return f"{number}. {told} Look: {escape(sentence(layer.look))} Without it, {escape(sentence(layer.without))}"


def stack_diagram() -> str:
    """Return the layers, from the program down to the firmware."""
    boxes = [
        Box(layer.name, layer.does, side=f"{layer.place}: {layer.look}", arrow="look") for layer in reversed(LAYERS)
    ]
    words = "; ".join(f"{layer.name}, which {layer.does}" for layer in LAYERS)
    return column("The layers of the GPU stack", f"From the ground up: {words}.", boxes)


def decision_diagram() -> str:
    """Return the questions that decide between GPU and CPU."""
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
    return column("The decision for GPU or CPU", "Asked from top to bottom; the first no decides.", boxes)
