"""The page of one appliance of a service: what it reads, and the container that it starts."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from ctxschema.boot.plan import DryRun, dry_run
from ctxschema.catalog.flower.gpu import FL_GPU_ENABLED
from ctxschema.context.load import load_context
from ctxschema.document.markdown import code, count, escape, fence, link, page, table
from ctxschema.document.steps import boot_sequence
from ctxschema.document.variables import default_words, variable_link
from ctxschema.gpu.facts import GpuFacts
from ctxschema.model.appliance import Appliance
from ctxschema.report.shell import folded

WITH = GpuFacts(driver_loaded=True, nvidia_smi=True)
WITHOUT = GpuFacts(reason="there is none")


def role_page(appliance: Appliance, context: Mapping[str, str], *, reference: str, diagram: str, see_also: str) -> str:
    """Return the page.

    Args:
        appliance: A single role, such as ``flower-supernode``.
        context: What the example machine is told.
        reference: The page that describes the variables.
        diagram: The file with the diagram of its boot.
        see_also: Markdown that leads to other pages.
    """
    return page(
        appliance.title,
        f"{appliance.summary} It is called {code(appliance.name)} on the command line, and reads "
        f"{count(len(appliance.variables), 'context variable')}.",
        see_also,
        *boot_sequence(appliance, diagram, reference),
        "## What it reads",
        table(
            ("variable", "default", "goes to"),
            ((variable_link(v, reference), default_words(v), escape(v.maps_to)) for v in appliance.variables),
        ),
        "## The container that it starts",
        *_container(appliance, context),
    )


def _container(appliance: Appliance, context: Mapping[str, str]) -> Iterator[str]:
    planned = dry_run(appliance, load_context(context), lambda: WITHOUT)
    yield "From this context, the rest being defaults:"
    yield fence("\n".join(f"{name}='{value}'" for name, value in context.items()), "bash")
    yield "comes this command. It is a list of words that no shell ever reads, and is quoted here to be copied:"
    yield fence(_command(planned), "bash")
    yield "What is published through OneGate:"
    yield table(("name", "value"), ((code(name), code(value)) for name, value in planned.onegate.items()))
    if FL_GPU_ENABLED.name in appliance.by_name:
        yield from _with_gpu(appliance, context, planned)


def _command(planned: DryRun) -> str:
    return folded(planned.argv, planned.container.image if planned.container else None)


def _with_gpu(appliance: Appliance, context: Mapping[str, str], without: DryRun) -> Iterator[str]:
    asked = {**context, FL_GPU_ENABLED.name: "YES"}
    used = dry_run(appliance, load_context(asked), lambda: WITH)
    missing = dry_run(appliance, load_context(asked), lambda: WITHOUT)
    yield "## The same with a GPU"
    switch = variable_link(FL_GPU_ENABLED, "contextualization.md")
    there = link("GPU passthrough", "gpu-passthrough.md")
    yield f"With {switch} set to YES and a GPU that works, these lines change; {there} tells what has to be there."
    before, after = _command(without).splitlines(), _command(used).splitlines()
    changed = [line for line in difflib.ndiff(before, after) if line.startswith(("- ", "+ "))]
    yield fence("\n".join(changed), "diff")
    if missing.argv == without.argv:
        published = " and ".join(code(f"{name}={value}") for name, value in missing.decision.onegate.items())
        yield (
            "Where the GPU is asked for and missing, the command is the one without a GPU, to the letter: the flags "
            f"are left out rather than tried. The log gets the warning *{escape(missing.decision.warning or '')}*, and "
            f"OneGate {published}."
        )
