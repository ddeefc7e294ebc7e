"""The action of the repository: what it installs is pinned, and what it prints is annotated."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
SCRIPTS = sorted((ROOT / "tools/action").glob("*.sh"))
GOOD = 'CPU = "1"\nMEMORY = "512"\nUSER_INPUTS = [ A = "O|text|A| |x" ]\nCONTEXT = [ NETWORK = "YES", A = "$A" ]\n'


def defaults(**given: str) -> dict[str, str]:
    """The environment of both steps, as GitHub would make it."""
    inputs = {name: each["default"] for name, each in ACTION["inputs"].items()} | given
    made: dict[str, str] = {}
    for step in STEPS:
        for name, value in step["env"].items():
            match = re.fullmatch(r"\$\{\{ (inputs|github)\.([\w-]+) \}\}", value)
            assert match, value
            made[name] = str(ROOT) if match[1] == "github" else inputs[match[2]]
    return made


def run(script: str, folder: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(ROOT / "tools/action" / script)],
        cwd=folder,
        env={**os.environ, "RUNNER_TEMP": str(folder / "temp"), **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_composite_and_uses_nothing_that_is_not_pinned() -> None:
    assert ACTION["runs"]["using"] == "composite"
    for step in STEPS:
        assert "uses" not in step or re.search(r"@[0-9a-f]{40}$", step["uses"])
        assert "uses" in step or step["shell"] == "bash"
        assert "${{" not in step.get("run", "")  # an input never becomes part of a program
    pins = (ROOT / "constraints.txt").read_text().splitlines()
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in pins)
    assert any(pin.startswith("hatchling==") for pin in pins)


def test_every_input_is_used_and_told() -> None:
    used = {name for step in STEPS for value in step["env"].values() for name in re.findall(r"inputs\.([\w-]+)", value)}
    assert used == set(ACTION["inputs"])
    assert all(each["description"] for each in ACTION["inputs"].values())


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_its_scripts_are_clean(script: Path) -> None:
    program = Path(sys.executable).with_name("shellcheck")
    if not program.exists():
        pytest.skip("shellcheck is not installed")
    ended = subprocess.run([program, script], capture_output=True, text=True, check=False)
    assert ended.stdout == ""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with what the first step leaves behind."""
    place = tmp_path / "temp/ctxschema/bin"
    place.mkdir(parents=True)
    (place / "ctxschema").symlink_to(Path(sys.executable).with_name("ctxschema"))
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps" / "a.tmpl").write_text(GOOD)
    return tmp_path


def test_it_is_green_or_red(installed: Path) -> None:
    env = defaults(paths="apps\napps/a.tmpl", args="--consumer cli --fail-on warning")
    ended = run("check.sh", installed, env)
    assert ended.returncode == 0, ended.stderr
    (installed / "apps" / "a.tmpl").write_text(GOOD.replace('"O|', '"0|'))
    ended = run("check.sh", installed, env)
    assert ended.returncode == 1
    first, *lines = ended.stdout.splitlines()
    assert first == f"::add-matcher::{ROOT}/tools/action/problem-matcher.json"
    assert lines[-1] == "::remove-matcher owner=ctxschema-remark::"
    env = defaults(paths="apps", baseline="base.json", format="gitlab", **{"output-file": "quality.json"})
    ctxschema = installed / "temp/ctxschema/bin/ctxschema"
    subprocess.run([ctxschema, "lint", "apps", "--write-baseline", "base.json"], cwd=installed, check=True)
    assert run("check.sh", installed, env).returncode == 0
    assert json.loads((installed / "quality.json").read_text()) == []


def test_what_is_printed_is_annotated(installed: Path) -> None:
    (installed / "apps" / "a.tmpl").write_text(GOOD.replace('"O|text|A', '"0|text| A').replace("$A", "$B"))
    (installed / "apps" / "b.yaml").write_bytes(b"user_inputs: \xff")
    matchers = json.loads((ROOT / "tools/action/problem-matcher.json").read_text())["problemMatcher"]
    for form in ("text", "concise"):
        ended = run("check.sh", installed, defaults(args="--min-severity info", format=form))
        places: dict[str, list[str]] = {}
        for line in ended.stdout.splitlines():
            for matcher in matchers:
                (pattern,) = matcher["pattern"]
                if match := re.match(pattern["regexp"], line):
                    severity = match[pattern["severity"]] if "severity" in pattern else matcher["severity"]
                    places.setdefault(severity, []).append(f"{match[pattern['file']]}:{match[pattern['line']]}")
                    assert match[pattern["code"]].startswith("CTX")
                    assert match[pattern["message"]]
        assert places.keys() == {"error", "warning", "notice"}
        assert set(places["error"]) == {"apps/a.tmpl:3", "apps/b.yaml:None"}


@pytest.mark.parametrize(("version", "wanted"), [("1.2.3", "ctxschema==1.2.3"), ("", "ctxschema-9-py3-none-any.whl")])
def test_what_is_installed(tmp_path: Path, version: str, wanted: str) -> None:
    """With programs that only write down how they were called."""
    python = tmp_path / "python"
    python.write_text(
        '#!/bin/bash\necho "$PIP_CONSTRAINT|$*" >>"$RUNNER_TEMP/calls"\n'
        'if [ "$2" = venv ]; then mkdir -p "$4/bin"; cp "$0" "$4/bin/python"\n'
        'printf "#!/bin/sh\\necho ran" >"$4/bin/ctxschema"; chmod +x "$4/bin/ctxschema"; fi\n'
        'if [ "$3" = wheel ]; then mkdir -p "$7"; touch "$7/ctxschema-9-py3-none-any.whl"; fi\n'
    )
    python.chmod(0o755)
    (tmp_path / "temp").mkdir()
    ended = run("install.sh", tmp_path, defaults(version=version, python=str(python)))
    assert ended.returncode == 0, ended.stderr
    *_, last = (tmp_path / "temp/calls").read_text().splitlines()
    assert last.startswith(f"{ROOT}/constraints.txt|-m pip install")
    assert last.endswith(wanted)


def test_an_old_python_is_refused(tmp_path: Path) -> None:
    ended = run("install.sh", tmp_path, defaults(python="false"))
    assert ended.returncode == 1
    assert ended.stdout.startswith("::error::ctxschema needs Python 3.10")
