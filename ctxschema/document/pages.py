"""Which pages there are: the registry that the command line, the site and the drift test read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from ctxschema.catalog import machines_of
from ctxschema.catalog.flower.gpu import FL_GPU_ENABLED
from ctxschema.core.codes import TABLE
from ctxschema.document import findings
from ctxschema.document.commands import command_line
from ctxschema.document.consumers import consumers
from ctxschema.document.contextualization import contextualization
from ctxschema.document.findings import Examples
from ctxschema.document.gpu import decision_diagram, gpu_page, stack_diagram
from ctxschema.document.markdown import link, page, table
from ctxschema.document.outputs import outputs
from ctxschema.document.python_api import python_api
from ctxschema.document.roles import role_page
from ctxschema.document.steps import boot_diagram
from ctxschema.document.travel import travel_diagram
from ctxschema.model.appliance import Appliance

REFERENCE = "contextualization.md"
EXAMPLE_CONTEXTS = {
    "flower-superlink": {"VMID": "41", "ETH0_IP": "192.168.100.10"},
    "flower-supernode": {"VMID": "42", "FL_SUPERLINK_ADDRESS": "192.168.100.10:9092"},
}
"""What the machines of Flower's examples are told."""

OTHERS: dict[str, dict[str, str]] = {
    "ollama": {"ETH0_IP": "192.168.100.20", "ONEAPP_OLLAMA_MODEL_KEEP_ALIVE": "30m"},
    "vllm": {"ETH0_IP": "192.168.100.30", "ONEAPP_VLLM_MODEL_QUANTIZATION": "4"},
}
"""The other appliances of the catalog, and what the machines of their examples are told."""

_SEE_ALSO = "See also: " + ", ".join(
    (
        link("the SuperNode", "supernode.md"),
        link("the SuperLink", "superlink.md"),
        link("GPU passthrough", "gpu-passthrough.md"),
        link("every variable", REFERENCE),
        link("who reads USER_INPUTS", "consumers.md"),
        link("Ollama", "ollama.md"),
        link("vLLM", "vllm.md"),
    )
)


def appliance_pages(appliances: Sequence[Appliance], examples: Mapping[str, Examples]) -> dict[str, str]:
    """Return the pages of any appliances, with those that they link to: file name to Markdown."""
    return {
        **{f"{each.name}.md": contextualization(each) for each in appliances},
        **_common_pages(examples),
    }


def _common_pages(examples: Mapping[str, Examples]) -> dict[str, str]:
    return {
        "consumers.md": consumers(),
        "findings/index.md": findings.index(),
        **{f"findings/{each.id}.md": findings.code_page(each, examples.get(each.id)) for each in TABLE},
    }


def catalog_pages(
    appliances: Mapping[str, Appliance],
    examples: Mapping[str, Examples],
    names: Mapping[str, Any],
    root: click.Group,
) -> dict[str, str]:
    """Return the whole reference of the catalog: file name to text.

    Args:
        appliances: The appliances of the catalog, by name.
        examples: Files that have a kind of finding and files that have not, by code.
        names: The public Python names.
        root: The command line.
    """
    pages = {
        REFERENCE: contextualization(
            appliances["flower-service"],
            see_also=_SEE_ALSO,
            diagram="how-a-value-travels.svg",
            machines=machines_of(appliances["flower-service"]),
        ),
        **{
            f"{name.removeprefix('flower-')}.md": role_page(
                appliances[name],
                context,
                reference=REFERENCE,
                diagram=f"boot-{name.removeprefix('flower-')}.svg",
                see_also=_SEE_ALSO,
            )
            for name, context in EXAMPLE_CONTEXTS.items()
        },
        **{
            name: text
            for other, context in OTHERS.items()
            for name, text in _other_pages(appliances[other], context).items()
        },
        "gpu-passthrough.md": gpu_page(appliances["flower-supernode"], REFERENCE, _SEE_ALSO),
        "outputs.md": outputs([appliances["flower-supernode"], appliances["flower-service"]]),
        **_common_pages(examples),
        "cli.md": command_line(root, "ctxschema"),
        "python.md": python_api(names),
    }
    rows = [
        (link(text.partition("\n")[0].removeprefix("# "), name), _first_sentence(text))
        for name, text in pages.items()
        if not name.startswith("findings/C")
    ]
    diagrams = {
        **{
            f"boot-{name.removeprefix('flower-')}.svg": boot_diagram(appliances[name])
            for name in (*EXAMPLE_CONTEXTS, *OTHERS)
        },
        "gpu-stack.svg": stack_diagram(),
        "gpu-decision.svg": decision_diagram(),
        "how-a-value-travels.svg": travel_diagram(appliances["flower-supernode"], FL_GPU_ENABLED, "YES"),
    }
    return {**diagrams, "index.md": page("Reference", _INDEX, table(("page", "what it begins with"), rows)), **pages}


def _other_pages(appliance: Appliance, context: Mapping[str, str]) -> dict[str, str]:
    """Return the pages of an appliance outside Flower: what it starts, and its variables."""
    variables = f"{appliance.name}-variables.md"
    see_also = "See also: " + ", ".join(
        (
            link(appliance.title, f"{appliance.name}.md"),
            link("its variables", variables),
            link("GPU passthrough", "gpu-passthrough.md"),
            link("who reads USER_INPUTS", "consumers.md"),
        )
    )
    return {
        f"{appliance.name}.md": role_page(
            appliance, context, reference=variables, diagram=f"boot-{appliance.name}.svg", see_also=see_also
        ),
        variables: contextualization(appliance, see_also=see_also),
    }


_INDEX = """
Everything here is rendered from the declarations by `ctxschema generate docs`, and `make test` fails where a page and
its declaration differ.
""".strip()


def _first_sentence(text: str) -> str:
    """Return how the text of a page begins, behind its title and the remark."""
    return text.split("\n\n")[2].split(". ", maxsplit=1)[0].rstrip(".") + "."
