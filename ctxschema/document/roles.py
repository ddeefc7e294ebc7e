"""The page of one appliance of a service: the variables that it reads, and its container."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from ctxschema.boot.plan import DryRun, dry_run
from ctxschema.context.load import load_context
from ctxschema.document.contextualization import user_inputs_block
from ctxschema.document.markdown import code, count, escape, escape_prose, fence, link, page, table
from ctxschema.document.places import Places
from ctxschema.document.steps import boot_sequence
from ctxschema.document.variables import default_words
from ctxschema.gpu.facts import GpuFacts
from ctxschema.model.appliance import Appliance
from ctxschema.model.gpu_request import GpuRequest
from ctxschema.model.uses import uses
from ctxschema.report.shell import folded

WITH = GpuFacts(driver_loaded=True, nvidia_smi=True)
WITHOUT = GpuFacts(reason="there is none")

_MARK = "-DOCKER_GPU_FLAGS-"


def role_page(appliance: Appliance, context: Mapping[str, str], *, places: Places, diagram: str, see_also: str) -> str:
    """Return the page.

    Args:
        appliance: An appliance that is a single machine, such as ``flower-supernode``.
        context: The context of the example machine.
        places: The pages that describe the variables.
        diagram: The file of the diagram of its boot.
        see_also: Markdown with links to other pages.
    """
    return page(
        appliance.title,
        f"{appliance.summary} It is called {code(appliance.name)} on the command line, and reads "
        f"{count(len(appliance.variables), 'context variable')}.",
        see_also,
        *boot_sequence(appliance, diagram, places),
        "## What it reads",
        table(
            ("variable", "default", "becomes"),
            (
                (places.variable(v), default_words(v), "<br>".join(map(escape, uses(v, (appliance,)))))
                for v in appliance.variables
            ),
        ),
        "## The container that it starts",
        *_container(appliance, context, places),
        *user_inputs_block(appliance),
    )


def _container(appliance: Appliance, context: Mapping[str, str], places: Places) -> Iterator[str]:
    needs_gpu = appliance.gpu is not None and appliance.gpu.required
    planned = _planned(appliance, context, WITH if needs_gpu else WITHOUT)
    if context:
        yield "From this context, the rest being defaults:"
        yield fence("\n".join(f"{name}='{value}'" for name, value in context.items()), "bash")
    else:
        yield "From the defaults alone"
    yield "comes this command. It is a list of words that no shell ever reads, and is quoted here to be copied:"
    if planned.env_file_note:
        yield escape_prose(planned.env_file_note)
    yield fence(_command(planned, flags=appliance.gpu is not None), "bash")
    if appliance.gpu is not None:
        yield from _with_gpu(appliance, appliance.gpu, context, planned, places)
    yield from _folders(planned)
    if planned.onegate:
        yield "What is published through OneGate, in this order:"
        yield table(("name", "value"), ((code(name), code(value)) for name, value in planned.onegate.items()))


def _planned(appliance: Appliance, context: Mapping[str, str], facts: GpuFacts) -> DryRun:
    return dry_run(appliance, load_context(context), lambda: facts)


def _command(planned: DryRun, *, flags: bool) -> str:
    """Return the command, with ``${DOCKER_GPU_FLAGS}`` in place of the flags for a GPU."""
    container = planned.container
    if container is None:
        raise AssertionError(f"the example does not boot: {planned.findings}")
    marked = container.arguments([_MARK] if flags else None)
    return folded(marked, container.image).replace(_MARK, "${DOCKER_GPU_FLAGS}")


def _folders(planned: DryRun) -> Iterator[str]:
    """Yield the folders and files that the boot writes for the container."""
    folders = planned.container.folders if planned.container else ()
    if folders:
        yield "Before it starts, these folders are there:"
        yield table(
            ("folder", "owner", "mode, where it has to be made"),
            ((code(each.path), f"{each.owner}:{each.owner}", f"{each.mode:04o}") for each in dict.fromkeys(folders)),
        )


def _with_gpu(
    appliance: Appliance, gpu: GpuRequest, context: Mapping[str, str], without: DryRun, places: Places
) -> Iterator[str]:
    asked = {**context, **({gpu.asked_by.name: "YES"} if gpu.asked_by else {})}
    chosen = {**asked, gpu.devices.name: "0,1"} if gpu.devices else None
    rows = [("a GPU is used", asked, WITH), ("there is none", asked, WITHOUT)]
    if chosen is not None:
        rows.insert(1, ("a GPU is used, and GPUs were chosen", chosen, WITH))
    if gpu.asked_by is not None:
        rows.append(("none is asked for", dict(context), WITH))
    yield "What `${DOCKER_GPU_FLAGS}` is:"
    plans = [(words, _planned(appliance, values, facts)) for words, values, facts in rows]
    yield table(
        ("when", "flags", "published"),
        (
            (
                words,
                code(" ".join(plan.decision.docker_flags)) if plan.decision.docker_flags else "empty",
                ", ".join(code(f"{name}={value}") for name, value in plan.decision.onegate.items()) or "nothing",
            )
            for words, plan in plans
        ),
    )
    used, missing = plans[0][1], next(plan for words, plan in plans if words == "there is none")
    there = link("GPU passthrough", "gpu-passthrough.md")
    if gpu.required:
        yield (
            f"Where there is none, there is no command: {appliance.title} cannot do without a GPU, and the boot ends "
            f"with *{escape(missing.decision.warning or '')}*. {there} tells what has to be there."
        )
        return
    switch = f"With {places.variable(gpu.asked_by)} set to YES and" if gpu.asked_by else "With"
    before, after = (_command(plan, flags=True).splitlines() for plan in (without, used))
    changed = [line for line in difflib.ndiff(before, after) if line.startswith(("- ", "+ "))]
    if changed:
        yield f"{switch} a GPU that works, these lines change as well; {there} tells what has to be there."
        yield fence("\n".join(changed), "diff")
    else:
        yield f"{switch} a GPU that works, nothing else changes; {there} tells what has to be there."
    if missing.argv and missing.argv == without.argv:
        yield (
            "Where a GPU is asked for and missing, the command is the one without a GPU, to the letter: the flags "
            f"are left out rather than tried. The log gets the warning *{escape(missing.decision.warning or '')}*."
        )
