"""``ctxschema gpu`` and ``ctxschema generate gpu-script``."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ctxschema.core import codes
from ctxschema.report.troubles import troubles
from tests.conftest import ROOT, Ended

Ctx = Callable[..., Ended]


@pytest.mark.parametrize("layer", ["host", "vm"])
def test_an_empty_root_fails(ctx: Ctx, layer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ended = ctx("gpu", "check", layer, "--root", str(tmp_path), "--format", "json")
    assert ended.code == 1
    assert (ended.json["layer"], ended.json["verdict"]) == (layer, "fail")
    assert sum(ended.json["counts"].values()) == len(ended.json["checks"])
    text = ctx("gpu", "check", layer, "--root", str(tmp_path))
    assert text.code == 1
    assert "FIX: " in text.out
    assert text.out.splitlines()[-1].startswith("FAIL: ")
    quiet = ctx("gpu", "check", layer, "--root", str(tmp_path), "--quiet")
    assert "SKIP" not in quiet.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "guest"),
        ("check", "vm", "--root", "/nowhere/at/all"),
        ("check", "vm", "--image", " "),
        ("check", "vm", "--timeout", "0"),
        ("check", "host", "--pull"),
        ("check", "host", "--image", "x"),
        ("troubleshoot", "--bogus"),
    ],
)
def test_misuse(ctx: Ctx, arguments: tuple[str, ...]) -> None:
    ended = ctx("gpu", *arguments)
    assert (ended.code, ended.out) == (2, "")


@pytest.mark.parametrize("layer", ["host", "vm"])
def test_the_script_is_written_and_compared(ctx: Ctx, layer: str, tmp_path: Path) -> None:
    path = tmp_path / "script.sh"
    assert ctx("generate", "gpu-script", layer).out.startswith("#!/usr/bin/env bash\n")
    assert ctx("generate", "gpu-script", layer, "-o", str(path)).code == 0
    assert ctx("generate", "gpu-script", layer, "-o", str(path), "--check").code == 0
    assert path.stat().st_mode & 0o777 == 0o755
    path.write_text(path.read_text().replace("FIX", "REPAIR"))
    differs = ctx("generate", "gpu-script", layer, "-o", str(path), "--check")
    assert differs.code == 1
    assert f"repair: ctxschema generate gpu-script {layer} -o {path}" in differs.out
    assert ctx("generate", "gpu-script", "guest").code == 2


def test_troubleshooting(ctx: Ctx) -> None:
    found = ctx("gpu", "troubleshoot", "could", "not", "select", "device", "driver")
    assert (found.code, found.err) == (0, "")
    for words in (
        "Likely cause: ",
        "FIX: nvidia-ctk runtime configure --runtime=docker",
        "It is this one if: ",
        "Source: ",
    ):
        assert words in found.out
    table = ctx("gpu", "troubleshoot", "--format", "json")
    assert table.code == 0
    assert (table.json["text"], table.json["programs"], table.json["near"], table.json["ask"]) == (None, [], [], None)
    assert len(table.json["rows"]) == len(troubles())
    keys = "check layer symptom cause fix link id program where messages line rank tell more source harmless"
    assert set(table.json["rows"][0]) == set(keys.split())
    assert "No IOMMU groups found" in ctx("gpu", "troubleshoot").out


def test_troubleshooting_what_is_not_known(ctx: Ctx) -> None:
    nothing = ctx("gpu", "troubleshoot", "paper jam")
    assert (nothing.code, nothing.out) == (1, "")
    assert "lines around it" in nothing.err
    unknown = ctx("gpu", "troubleshoot", "NVRM: fnord")
    assert (unknown.code, unknown.out) == (1, "")
    assert "RmInitAdapter" in unknown.err
    ended = ctx("gpu", "troubleshoot", "NVRM: fnord", "--format", "json")
    assert ended.code == 1
    assert ended.json["rows"] == []
    assert ended.json["programs"] == ["the NVIDIA kernel driver"]
    assert "nvrm-rm-init" in {entry["id"] for entry in ended.json["near"]}
    assert "lines around it" in ended.json["ask"]


def test_the_committed_scripts_are_found_by_their_check(ctx: Ctx) -> None:
    for layer, name in (("host", "validate-host-gpu.sh"), ("vm", "validate-gpu.sh")):
        path = ROOT / "schemas" / "gpu" / name
        assert ctx("generate", "gpu-script", layer, "-o", str(path), "--check").code == 0


def test_troubleshooting_a_finding_of_our_own_says_what_it_means(ctx: Ctx) -> None:
    code = codes.GPU_FALLBACK
    ended = ctx("gpu", "troubleshoot", f"context.sh:10:1: warning {code.id}: FL_GPU_ENABLED: falling back")
    assert ended.code == 1
    assert code.reason in ended.err
    assert code.repair in ended.err
    assert "No entry fits" not in ended.err
