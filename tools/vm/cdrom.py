"""The context CD, as OpenNebula makes it: ISO 9660, labelled CONTEXT, with context.sh and, for OneGate, token.txt.

Source: docs/facts/opennebula.md, section 5.3.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ctxschema.context.context_sh import write_context_sh
from tools.vm.debian import program


def context_cd(target: Path, values: Mapping[str, str], token: str | None = None) -> None:
    """Write a context CD.

    Args:
        target: The file; a machine that has it in its drive must not be running.
        values: The context.
        token: What proves to OneGate which machine it is; the CD has none if None.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "context.sh").write_text(write_context_sh(values), encoding="utf-8")
        if token is not None:
            (folder / "token.txt").write_text(token, encoding="utf-8")
        made = [program("xorriso"), "-as", "mkisofs", "-quiet", "-V", "CONTEXT", "-J", "-R"]
        subprocess.run([*made, "-o", str(target), name], check=True, capture_output=True)
