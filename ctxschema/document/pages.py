"""The registry of pages, which the command line, the site and the test for outdated pages use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from ctxschema.catalog import machines_of
from ctxschema.catalog.flower.gpu import FL_GPU_ENABLED
from ctxschema.core.codes import TABLE
from ctxschema.document import findings
from ctxschema.document.checks import CHECK_PAGES, SCRIPT_PAGES, checks_page, script_page
from ctxschema.document.commands import command_line
from ctxschema.document.consumers import consumers
from ctxschema.document.contextualization import contextualization, group_pages
from ctxschema.document.declarations import declaration_pages
from ctxschema.document.findings import Examples
from ctxschema.document.gpu import decision_diagram, gpu_page, stack_diagram
from ctxschema.document.index import index_page
from ctxschema.document.markdown import link
from ctxschema.document.matrix import matrix
from ctxschema.document.outputs import outputs
from ctxschema.document.places import Places, places_of
from ctxschema.document.python_api import python_api
from ctxschema.document.roles import role_page
from ctxschema.document.steps import boot_diagram
from ctxschema.document.travel import travel_diagram
from ctxschema.document.troubles import troubles_pages
from ctxschema.model.appliance import Appliance
from ctxschema.model.check import Layer

REFERENCE = "contextualization.md"
GPU_PAGE = "gpu-passthrough.md"
SERVICE = "flower-service"
EXAMPLE_CONTEXTS = {
    "flower-superlink": {"VMID": "41", "ETH0_IP": "192.168.100.10"},
    "flower-supernode": {"VMID": "42", "FL_SUPERLINK_ADDRESS": "192.168.100.10:9092"},
}
"""The contexts of the example machines of Flower."""

OTHERS: dict[str, dict[str, str]] = {
    "ollama": {"ETH0_IP": "192.168.100.20", "ONEAPP_OLLAMA_MODEL_KEEP_ALIVE": "30m"},
    "vllm": {"ETH0_IP": "192.168.100.30", "ONEAPP_VLLM_MODEL_QUANTIZATION": "4"},
}
"""The other appliances of the catalog, with the contexts of their example machines."""

EXAMPLES: Mapping[str, Mapping[str, str]] = {**EXAMPLE_CONTEXTS, **OTHERS}

_RELATED = {
    REFERENCE: "every variable",
    "matrix.md": "which appliance reads what",
    "supernode.md": "the SuperNode",
    "superlink.md": "the SuperLink",
    "ollama.md": "Ollama",
    "vllm.md": "vLLM",
    "gpu-passthrough.md": "GPU passthrough",
    "consumers.md": "who reads USER_INPUTS",
}
"""The pages that belong together, with the text of a link to each."""


def _see_also(here: str) -> str:
    """Return links to the pages that belong together, except to the page itself."""
    return "See also: " + ", ".join(link(words, name) for name, words in _RELATED.items() if name != here)


def appliance_pages(appliances: Sequence[Appliance], examples: Mapping[str, Examples]) -> dict[str, str]:
    """Return the pages of some appliances, and those that they link to: file name to Markdown."""
    pages: dict[str, str] = {}
    for each in appliances:
        places = places_of(each, each.name)
        pages[places.index] = contextualization(each, places=places)
        pages |= group_pages(each, places=places)
    return {**pages, **_common_pages(examples)}


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
        examples: Files with a finding and files without it, by code.
        names: The public Python names.
        root: The command line.
    """
    service = appliances[SERVICE]
    places = {name: _places(appliances[name] if name in OTHERS else service) for name in appliances}
    pages = {
        REFERENCE: contextualization(
            service,
            places=places[SERVICE],
            see_also=_see_also(REFERENCE),
            diagram="how-a-value-travels.svg",
            machines=machines_of(service),
        ),
        **group_pages(service, places=places[SERVICE], see_also=_see_also(""), machines=machines_of(service)),
        **{
            _page_of(name): role_page(
                appliances[name],
                context,
                places=places[name].on(_page_of(name)),
                diagram=f"boot-{_page_of(name).removesuffix('.md')}.svg",
                see_also=_see_also(_page_of(name)),
            )
            for name, context in EXAMPLES.items()
        },
        **{
            places[name].index: contextualization(appliances[name], places=places[name], see_also=_see_also(""))
            for name in OTHERS
        },
        "matrix.md": matrix(list(appliances.values()), _PAGES, places, _see_also("matrix.md")),
        GPU_PAGE: gpu_page(
            appliances["flower-supernode"], places["flower-supernode"].on(GPU_PAGE), _see_also(GPU_PAGE)
        ),
        **declaration_pages(),
        **_gpu_pages(),
        "outputs.md": outputs([appliances["flower-supernode"], service]),
        **_common_pages(examples),
        "cli.md": command_line(root, "ctxschema"),
        "python.md": python_api(names),
    }
    diagrams = {
        **{f"boot-{_page_of(name).removesuffix('.md')}": boot_diagram(appliances[name]) for name in EXAMPLES},
        "gpu-stack": stack_diagram(),
        "gpu-decision": decision_diagram(),
        "how-a-value-travels": travel_diagram(appliances["flower-supernode"], FL_GPU_ENABLED, "YES"),
    }
    drawings = {file: text for name, each in diagrams.items() for file, text in each.files(name).items()}
    shown = {name: text for name, text in pages.items() if not name.startswith(("findings/C", "gpu-printed-by-"))}
    return {**drawings, "index.md": index_page(shown), **pages}


def _gpu_pages() -> dict[str, str]:
    """Return the pages that the page on GPU passthrough links to."""
    return {
        **{CHECK_PAGES[layer]: checks_page(layer, _see_also("")) for layer in Layer},
        **{SCRIPT_PAGES[layer]: script_page(layer) for layer in Layer},
        **troubles_pages(_see_also("")),
    }


def _page_of(name: str) -> str:
    """Return the page of an appliance; for a service, the index of its variables."""
    return f"{name.removeprefix('flower-')}.md"


_PAGES = {name: _page_of(name) for name in EXAMPLES} | {SERVICE: REFERENCE}


def _places(appliance: Appliance) -> Places:
    name = f"{appliance.name}-variables" if appliance.name in OTHERS else REFERENCE.removesuffix(".md")
    return places_of(appliance, name, gpu=GPU_PAGE)
