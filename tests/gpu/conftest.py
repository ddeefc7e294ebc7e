"""Building a machine, and asking the command and the script about it."""

import contextlib
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ctxschema.gpu.registry import SCRIPTS
from ctxschema.gpu.run import run_checks
from ctxschema.gpu.script import gpu_script
from ctxschema.machine.system import System
from ctxschema.model.check import Layer
from tests.conftest import ROOT
from tests.gpu.fake import Fake
from tests.gpu.tree import Tree

NOBODY = 65534


@pytest.fixture(scope="session")
def scripts() -> Iterator[dict[str, Path]]:
    """The scripts, where anybody may read them."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        found = {}
        for layer in Layer:
            found[layer.value] = Path(folder, SCRIPTS[layer])
            found[layer.value].write_text(gpu_script(layer))
        yield found


@pytest.fixture
def new_tree() -> Iterator[Callable[[], Tree]]:
    """What makes machines; they are removed at the end, whatever was locked."""
    folders: list[Path] = []

    def make() -> Tree:
        folders.append(Path(tempfile.mkdtemp()))
        folders[-1].chmod(0o755)
        return Tree(folders[-1])

    yield make
    for folder in folders:
        remove(folder)


def remove(folder: Path) -> None:
    for path, names, _ in os.walk(folder):
        for name in names:
            if not os.path.islink(os.path.join(path, name)):
                os.chmod(os.path.join(path, name), 0o755)
    shutil.rmtree(folder)


def ended(tree: Tree, command: Sequence[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a machine; as user nobody if a part of it is unreadable, since root could read it."""
    identity: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if tree.locked else {}
    return subprocess.run(
        command, env={"PATH": str(tree.bin), **environment}, cwd=ROOT, capture_output=True, text=True, check=False,
        timeout=60, **identity,
    )  # fmt: skip


def pairs_of(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each argument with the one before it."""
    return itertools.pairwise(("", *arguments))


def by_script(
    tree: Tree, script: Path, *arguments: str, shell: Sequence[str] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    words = [str(tree.root / each) if before == "--onehost" else each for before, each in pairs_of(arguments)]
    command = [str(tree.bin / "bash"), *shell, str(script), *words]
    return ended(tree, command, CTX_ROOT=str(tree.root), **environment)


def by_python(tree: Tree, layer: str, arguments: Sequence[str]) -> dict[str, Any]:
    """The report of the command."""
    given = dict(itertools.pairwise(arguments))
    most = given.get("--timeout")
    onehost = (tree.root / given["--onehost"]).read_text() if "--onehost" in given else None
    with as_nobody() if tree.locked else contextlib.nullcontext():
        report = run_checks(
            Layer(layer),
            System(str(tree.root), str(tree.bin)),
            image=given.get("--image"),
            pull="--pull" in arguments,
            most=int(most) if most else None,
            onehost=onehost,
        )
    return report.as_dict()


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Look at files as a user without rights, where these tests are run by root."""
    for layer in Layer:
        run_checks(layer, System("/nowhere", "/nowhere"))  # imports what nobody may not read
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    return Fake(tmp_path, monkeypatch)
