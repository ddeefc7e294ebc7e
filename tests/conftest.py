"""What all tests share: what real programs answered, and the command line in this process."""

import contextlib
import io
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parents[1]
FROM_DEBIAN = ROOT / ".venv/debian/bin"
"""Where tools/fetch_debian.sh put the programs that read what we write; nothing is there without it."""

# What a shell runs in the background ignores Ctrl-C, and so does what that starts; some tests press it.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True)
settings.register_profile("thorough", settings.get_profile("dev"), max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--attack-all", action="store_true", help="make the slow attacks as well, as make attack does")


SLOW = (
    "tests/attack/",  # programs that hang
    "tests/site/",  # a browser
    "tests/properties/",  # thousands of texts
    "tests/preview/test_server.py",
    "tests/test_contributing.py",  # copies of the repository
    "tests/test_guides.py",  # every command of every guide
    "tests/test_hostile.py",
    "tests/test_action.py",
    "tests/boot/",  # whole boots, in processes of their own
    "tests/gpu/test_scripts.py",  # every simulated machine in bash as well
    "tests/gpu/test_machines.py",
    "tests/gpu/test_record.py",
    "tests/gpu/test_random.py",
    "tests/gpu/test_reports.py",  # programs that hang
    "tests/gpu/test_reference_faults.py",
    "tests/gpu/test_details.py",
    "tests/gpu/test_fixes.py",
    "tests/gpu/test_cuda.py",
    "tests/generate/test_ajv.py",  # shells, Ruby, node and HCL read what was generated
    "tests/generate/test_container_outputs.py",
    "tests/generate/test_hostile.py",
    "tests/generate/test_json_schema.py",
    "tests/generate/test_linter_agrees.py",
    "tests/generate/test_one_apps.py",
    "tests/generate/test_outputs.py",
    "tests/generate/test_terraform.py",
    "tests/document/test_pages.py",
    "tests/lint/test_hostile.py",
    "tests/lint/test_importer.py",
    "tests/conformance/test_docker",  # a real client, and an engine
    "tests/conformance/test_cloud_init.py",
    "tests/conformance/test_flower_programs.py",
    "tests/cli/test_generate.py",
    "tests/cli/test_cli.py",  # the program itself, and pipes
    "tests/cli/test_completion.py",
    "tests/cli/test_terminal.py",
    "tests/report/test_forms.py",
    "tests/core/test_quoting.py",  # real shells
)
"""What ``-m "not slow"`` leaves out: what asks other programs, or tries very many inputs."""

MEASURED = tuple(
    f"tests/{folder}/"
    for folder in ("cli", "conformance", "context", "core", "declaration", "grammar", "lint", "model", "report")
)
"""The quick tests that ``make test`` measures: those of the packages whose lines the report names."""


def _has(name: str, mark: str) -> bool:
    """Return whether a test, or all tests of a file, have a mark."""
    slow = name.startswith(SLOW)
    return slow if mark == "slow" else name.startswith(MEASURED) and not slow


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even read the files of which ``-m`` with one mark, or without it, wants none."""
    mark = config.option.markexpr.removeprefix("not ")
    if mark not in {"slow", "measured"} or collection_path.suffix != ".py":
        return None
    return _has(collection_path.relative_to(ROOT).as_posix(), mark) != (mark == config.option.markexpr) or None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for mark in ("slow", "measured"):
            if _has(item.nodeid, mark):
                item.add_marker(mark)
    if not config.getoption("--attack-all"):
        for item in items:
            if item.get_closest_marker("slow_attack"):
                item.add_marker(pytest.mark.skip(reason="it waits for real deadlines; make attack has the time"))


def recorded(name: str) -> Any:
    """The content of a file under ``tests/conformance/data``."""
    return json.loads((ROOT / "tests/conformance/data" / name).read_text(encoding="utf-8"))


def probes(name: str) -> list[dict[str, Any]]:
    """The probes of a recorded file: what real programs answered."""
    found: list[dict[str, Any]] = recorded(name)["probes"]
    return found


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The linter's cache is separate from that of the user who runs the tests."""
    os.environ["CTXSCHEMA_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))
    yield
    del os.environ["CTXSCHEMA_CACHE_DIR"]


class Ended(NamedTuple):
    """How a command line ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def ctx(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    """Run a command line in this process."""
    from ctxschema.cli import main

    def run(*arguments: str, stdin: str | bytes = b"") -> Ended:
        out, err = io.StringIO(), io.StringIO()
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "argv", ["ctxschema", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main()
        return Ended(int(ended.value.code or 0), out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def patience() -> Iterator[None]:
    """Thirty seconds of the processor: far more than the texts below take, and less than quadratic work on them."""

    def give_up(*_: object) -> None:
        pytest.fail("it took thirty seconds of the processor")

    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, 30)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)
