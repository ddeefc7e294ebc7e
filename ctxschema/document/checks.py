"""The pages of the GPU checks of a machine, and of the scripts that run them."""

from __future__ import annotations

from collections.abc import Iterator

from ctxschema.catalog.flower.container import SCRIPT_FOLDER
from ctxschema.document.markdown import code, count, escape_prose, fence, link, page, table
from ctxschema.gpu.registry import CHECKS, SCRIPTS
from ctxschema.gpu.script import gpu_script
from ctxschema.model.check import Check, Layer, Status, in_general

_WHERE = {
    Layer.HOST: "Run it on the KVM host, as root, before virtual machines with a GPU are deployed there.",
    Layer.VM: "Run it in the virtual machine, over SSH or as part of the boot's health check.",
}
CHECK_PAGES = {layer: f"gpu-{layer.value}-checks.md" for layer in Layer}
SCRIPT_PAGES = {layer: f"gpu-{layer.value}-script.md" for layer in Layer}

_NAMES = {Layer.HOST: "host", Layer.VM: "virtual machine"}
_STATUS = {Status.FAIL: "FAIL", Status.WARN: "WARN", Status.PASS: "PASS", Status.SKIP: "SKIP"}


def checks_page(layer: Layer, see_also: str) -> str:
    """Return the page with all checks of a layer and their possible answers."""
    return page(
        f"Checks of the {_NAMES[layer]}",
        f"What `ctxschema gpu check {layer.value}` asks, and so does {link('the script', SCRIPT_PAGES[layer])}, which "
        f"needs neither Python nor a network. {_WHERE[layer]}",
        see_also,
        *(block for check in CHECKS[layer] for block in _check(check)),
    )


def script_page(layer: Layer) -> str:
    """Return the page with the script of a layer in full."""
    script = gpu_script(layer)
    return page(
        SCRIPTS[layer],
        f"The script that makes the checks of {link(f'the {_NAMES[layer]}', CHECK_PAGES[layer])}: "
        f"{count(len(script.splitlines()), 'line')} of bash, which need neither Python nor a network. {_WHERE[layer]} "
        f"`ctxschema generate gpu-script {layer.value} -o {SCRIPT_FOLDER}/{SCRIPTS[layer]}` writes it.",
        fence(script, "bash"),
    )


def checks_index(layer: Layer) -> Iterator[str]:
    """Yield a table that links to the checks of a layer. Its rows have the anchors to which reports refer."""
    found = CHECKS[layer]
    yield (
        f"{count(len(found), 'check')}, made by `ctxschema gpu check {layer.value}` and by the script "
        f"{link(f'{SCRIPT_FOLDER}/{SCRIPTS[layer]}', SCRIPT_PAGES[layer])}. {_WHERE[layer]} Both print PASS or FAIL "
        "for each check with a FIX for what failed, and end with 1 where something failed."
    )
    rows = (
        (f'<a id="{each.id}"></a>{link(code(each.id), f"{CHECK_PAGES[layer]}#{each.id}")}', escape_prose(each.question))
        for each in found
    )
    yield table(("check", "asks"), rows)


def _check(check: Check) -> Iterator[str]:
    yield f"## {check.id}"
    yield f"**{escape_prose(check.question)}** Looks at {escape_prose(check.probe)}."
    rows = (
        (_STATUS[answer.status], escape_prose(in_general(answer.message)), escape_prose(in_general(answer.fix)))
        for answer in check.answers
    )
    yield table(("comes out as", "because", "fix"), rows)
