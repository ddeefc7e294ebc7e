"""Generating the validation scripts from the bash of each check and the texts of its declaration."""

from __future__ import annotations

import re
import shlex
import string
from collections.abc import Iterator
from importlib.resources import files

from ctxschema.core.errors import DeclarationError
from ctxschema.core.quoting import comment
from ctxschema.gpu.registry import CHECKS, SCRIPTS
from ctxschema.gpu.values import VALUES
from ctxschema.model.check import Answer, Check, Layer, plain

_SHARED: dict[Layer, tuple[str, ...]] = {
    Layer.HOST: ("common", "pci", "processes", "iommu", "groups"),
    Layer.VM: ("common", "programs", "pci", "processes", "driver", "smi", "smi_details", "cuda_library", "engine"),
}
_TITLES: dict[Layer, str] = {
    Layer.HOST: "can this KVM host hand its NVIDIA GPUs to virtual machines?",
    Layer.VM: "do this virtual machine and its containers reach their NVIDIA GPUs?",
}
_WHERE: dict[Layer, str] = {
    Layer.HOST: "Run it as root on the KVM host, before virtual machines with GPUs are deployed. It changes nothing.",
    Layer.VM: "Run it as root in the virtual machine. It starts one container, which is removed, and changes nothing.",
}
_OPTIONS: dict[Layer, str] = {
    Layer.HOST: """\
  --onehost FILE     what onehost show -x prints of this host on the front-end
""",
    Layer.VM: """\
  --image IMAGE      start the container from this image; without it, from one that is there
  --pull             download the image if it is not there
  --no-container     start no container, and look at no image
  --timeout SECONDS  the longest that any program may take
""",
}
_ANSWER = re.compile(r"^( *)answer ([a-z-]+)\b", re.MULTILINE)
_NAME_GOES_ON = re.compile(r"[A-Za-z0-9_]")


def gpu_script(layer: Layer) -> str:
    """Return the validation script of a layer, for bash 4.4 with coreutils, grep, sed and awk."""
    checks = CHECKS[layer]
    parts = [
        _head(layer),
        _fragment("head"),
        f"LAYER={layer.value}\n{''.join(_values(layer))}",
        *(_fragment(name) for name in _SHARED[layer]),
        "# ---- the checks ----\n",
        *(_check(check) for check in checks),
        "make_checks() {\n" + "".join(map(_made, checks)) + "}\n",
        _usage(layer),
        _fragment(f"options_{layer.value}"),
        _fragment("tail"),
    ]
    return "\n".join(parts)


def _fragment(name: str) -> str:
    return files("ctxschema.gpu").joinpath(f"{name}.sh").read_bytes().decode()


def _head(layer: Layer) -> str:
    return (
        f"#!/usr/bin/env bash\n# {SCRIPTS[layer]}: {_TITLES[layer]}\n#\n"
        f"# {_WHERE[layer]}\n# It needs bash 4.4, coreutils, grep, sed and awk; --help tells its options.\n#\n"
        f"# Made by `ctxschema generate gpu-script {layer.value}` from the declaration of the checks; change that.\n"
    )


def _values(layer: Layer) -> Iterator[str]:
    """Yield assignments of the values that the checks compare with."""
    for name, value in VALUES[layer].items():
        if isinstance(value, tuple):
            yield f"{name}=({' '.join(shlex.quote(str(item)) for item in value)})\n"
        else:
            yield f"{name}={shlex.quote(str(value))}\n"


def _check(check: Check) -> str:
    """Return the bash of a check, preceded by its question, with the names of answers replaced by their texts."""
    known = {answer.name: answer for answer in check.answers}

    def written(match: re.Match[str]) -> str:
        if match[2] not in known:
            raise DeclarationError(f"{check.id}: its script answers {match[2]}, which is not declared")
        return _answer(known[match[2]], match[1])

    head = comment(f"{check.question} {_first_up(plain(check.passes))}.")
    return f"# {head}\n{_ANSWER.sub(written, _fragment(f'checks/{_name(check)}'))}"


def _name(check: Check) -> str:
    """Return the name of a check's module and bash function."""
    return check.id.replace("-", "_")


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def _answer(answer: Answer, indentation: str) -> str:
    line = f"{indentation}{answer.status.value} {answer.name} {_quoted(answer.message)}"
    return f"{line} \\\n{indentation}  {_quoted(answer.fix)}" if answer.fix else line


def _quoted(text: str) -> str:
    """Return a text as one bash word in which each placeholder is the variable of its name."""
    word = ""
    for literal, name, _, _ in reversed(list(string.Formatter().parse(plain(text)))):
        if name:
            word = f"${{{name}}}{word}" if _NAME_GOES_ON.match(word) else f"${name}{word}"
        word = re.sub(r'[\\"$`]', r"\\\g<0>", literal) + word
    return f'"{word}"'


def _made(check: Check) -> str:
    """Return the line that runs a check."""
    return f"  {'[[ -n $NO_CONTAINER ]] || ' if check.needs_container else ''}check {_call(check)}\n"


def _call(check: Check) -> str:
    return f"{check.id} {_quoted(check.question)} check_{_name(check)}"


def _usage(layer: Layer) -> str:
    return f"""\
usage() {{
  cat <<'END'
{SCRIPTS[layer]}: {_TITLES[layer]}

  --json             print one JSON object
  --quiet            print only what failed or asks for a look
{_OPTIONS[layer]}  -h, --help         print this

Every failed check prints what repairs it. CTX_ROOT names a folder that stands for /.
Exit codes: 0 no check failed, 1 a check failed, 2 misuse.
END
}}
"""
