"""The GPU checks of a machine: each one, and the script that makes them."""

from __future__ import annotations

from collections.abc import Iterator

from ctxschema.catalog.flower.container import SCRIPT_FOLDER
from ctxschema.document.markdown import count, escape_prose, fence, table
from ctxschema.gpu.registry import CHECKS, SCRIPTS
from ctxschema.gpu.script import gpu_script
from ctxschema.model.check import Check, Layer, Status, in_general

_WHERE = {
    Layer.HOST: "Run it on the KVM host, as root, before virtual machines with a GPU are deployed there.",
    Layer.VM: "Run it in the virtual machine, over SSH or as part of the boot's health check.",
}
_NAMES = {Layer.HOST: "host", Layer.VM: "virtual machine"}
_STATUS = {Status.FAIL: "FAIL", Status.WARN: "WARN", Status.PASS: "PASS", Status.SKIP: "SKIP"}


def checks(layer: Layer) -> Iterator[str]:
    """Yield the blocks about one layer: what is asked, and the script in full."""
    found = CHECKS[layer]
    yield f"## Check the {_NAMES[layer]}"
    yield (
        f"{count(len(found), 'check')}, made by `ctxschema gpu check {layer.value}` and by the script "
        f"`{SCRIPT_FOLDER}/{SCRIPTS[layer]}`, which needs neither Python nor a network. "
        f"{_WHERE[layer]} Both print PASS or FAIL for each check with a FIX for what failed, and end with 1 where "
        "something failed."
    )
    for check in found:
        yield from _check(check)
    yield f"### {SCRIPTS[layer]}"
    yield (
        f"The script, as `ctxschema generate gpu-script {layer.value} -o {SCRIPT_FOLDER}/{SCRIPTS[layer]}` writes it:"
    )
    yield (
        f'<details markdown="1">\n<summary>The whole script</summary>\n\n{fence(gpu_script(layer), "bash")}\n</details>'
    )


def _check(check: Check) -> Iterator[str]:
    yield f"### {check.id}"
    yield f"**{escape_prose(check.question)}** Looks at {escape_prose(check.probe)}."
    rows = (
        (_STATUS[answer.status], escape_prose(in_general(answer.message)), escape_prose(in_general(answer.fix)))
        for answer in check.answers
    )
    yield table(("comes out as", "because", "fix"), rows)
