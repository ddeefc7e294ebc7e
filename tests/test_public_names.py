"""The names that are promised, and their types."""

import subprocess
import sys
from pathlib import Path

import pytest

import ctxschema
from tests.conftest import ROOT

PROMISED = "parse_user_input parse_template get_appliance load_context validate decide_gpu docker_arguments".split()  # noqa: SIM905


@pytest.mark.parametrize("name", [*PROMISED, *ctxschema.__all__])
def test_a_public_name_is_there(name: str) -> None:
    assert getattr(ctxschema, name).__module__.startswith("ctxschema.")
    assert name in dir(ctxschema)


def test_the_names_for_type_checkers_are_the_names_at_run_time() -> None:
    declared = {
        line.rpartition(" as ")[2].strip()
        for line in (ROOT / "ctxschema" / "__init__.py").read_text().splitlines()
        if line.startswith("    from ctxschema.")
    }
    assert declared == set(ctxschema.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        ctxschema.nonsense  # noqa: B018


def test_the_version() -> None:
    assert ctxschema.__version__.count(".") == 2


def test_values_are_typed_for_who_checks_strictly(tmp_path: Path) -> None:
    module = tmp_path / "typed.py"
    module.write_text(
        "from typing_extensions import assert_type\n"
        "from ctxschema import get_appliance, load_context, validate, decide_gpu, docker_arguments\n"
        "from ctxschema import GpuFacts, Template, parse_template\n"
        "from ctxschema.catalog.flower import FL_GPU_ENABLED, FL_NUM_ROUNDS, FL_STRATEGY\n"
        "from ctxschema.catalog.flower import FL_SSL_KEYFILE, FL_TRIM_BETA\n"
        "from ctxschema.core.secret import Secret\n"
        "values = validate(get_appliance('flower-service'), load_context({})).values\n"
        "assert_type(values[FL_GPU_ENABLED], bool)\n"
        "assert_type(values[FL_NUM_ROUNDS], int)\n"
        "assert_type(values[FL_STRATEGY], str)\n"
        "assert_type(values[FL_TRIM_BETA], float)\n"
        "assert_type(values[FL_SSL_KEYFILE], Secret)\n"
        "assert_type(parse_template('A=1'), Template)\n"
        "decision = decide_gpu(values, GpuFacts())\n"
        "assert_type(docker_arguments(get_appliance('flower-supernode'), values, decision), list[str])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", "/dev/null", str(module)],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout
