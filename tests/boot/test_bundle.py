"""The boot agent as one file: the same bytes every time, and nothing needed but Python."""

import ast
import importlib
import inspect
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ctxschema.core import codes
from ctxschema.gpu.decision import FALLBACK_WARNING
from ctxschema.gpu.registry import SCRIPTS
from ctxschema.gpu.script import gpu_script
from tests.conftest import ROOT
from tests.machine import ADDRESS, LINK, NODE, Machine

SAMPLE = ROOT / "examples/flower-supernode/context.sh"


def build(target: Path, **environment: str) -> Path:
    command: list[str | Path] = [sys.executable, "-m", "ctxschema", "generate", "agent", "-o", target]
    subprocess.run(command, check=True, capture_output=True, env={"PATH": "/usr/bin:/bin", **environment}, timeout=120)
    return target


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("bundle") / "ctxschema-agent.pyz")


def run(bundle: Path, *arguments: str | Path, path: str = "/nowhere") -> subprocess.CompletedProcess[str]:
    """Run the file with nothing around it: no variable of the environment, no package of the machine's."""
    return subprocess.run(
        [sys.executable, "-I", "-S", bundle, *arguments],
        capture_output=True,
        text=True,
        env={"PATH": path},
        cwd="/",
        check=False,
        timeout=60,
    )


def test_two_builds_are_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    again = build(tmp_path / "again.pyz", PYTHONHASHSEED="7", TZ="Asia/Tokyo", LC_ALL="C")
    assert again.read_bytes() == bundle.read_bytes()
    assert again.stat().st_mode & 0o777 == 0o755


def test_it_holds_the_boot_path_attrs_a_reader_of_toml_and_nothing_else(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as opened:
        names = opened.namelist()
    tops = {name.partition("/")[0] for name in names}
    modules = {"__main__.py", "__main__.pyc", "agent_start.py", "attr", "attrs", "tomli", "ctxschema", "compiled"}
    assert tops == modules | {"LICENSE", "attrs-LICENSE", "tomli-LICENSE"}
    packages = {name.split("/")[1] for name in names if name.startswith("ctxschema/") and name.count("/") > 1}
    assert packages <= {"core", "grammar", "model", "context", "catalog", "machine", "gpu", "boot"}
    assert not [
        name
        for name in names
        if (name.startswith("ctxschema") and "parser" in name) or {"cli", "__init__"} & set(name.split("/"))
    ]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", [NODE, LINK])
def test_it_boots_a_machine_in_an_empty_environment(bundle: Path, tmp_path: Path, name: str) -> None:
    machine = Machine.make(tmp_path, gpu=True).context(**ADDRESS, FL_GPU_ENABLED="YES", FL_NODE_CONFIG='a="b"')
    ended = run(bundle, name, "--root", machine.root, "--report", tmp_path / "report.json", path=machine.path)
    assert ended.returncode == 0, ended.stderr
    assert machine.containers == [name]
    assert (tmp_path / "report.json").exists()


def test_it_holds_the_checks_that_follow_when_a_gpu_is_not_there(bundle: Path, tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context(**ADDRESS, FL_GPU_ENABLED="YES")
    ended = run(bundle, NODE, "--root", machine.root, path=machine.path)
    assert ended.returncode == 0, ended.stderr
    assert FALLBACK_WARNING in ended.stderr
    assert "a fault of" not in ended.stderr
    assert codes.GPU_CHECK.id in ended.stderr


def test_every_mode_works_without_the_package_around_it(bundle: Path) -> None:
    assert "docker run" in run(bundle, NODE, "--dry-run", "--context", SAMPLE).stdout
    assert "export FL_GPU_ENABLED='YES'" in run(bundle, "env", NODE, "--context", SAMPLE).stdout
    assert run(bundle, "--help").returncode == 0
    assert run(bundle, "nonsense").returncode == 2


def test_every_module_in_it_can_be_imported(bundle: Path) -> None:
    """Modules that are imported only in some situations must be included as well."""
    with zipfile.ZipFile(bundle) as opened:
        files = [name for name in opened.namelist() if name.startswith("ctxschema/") and name.endswith(".py")]
    modules = [name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in files]
    wanted = [module for module in modules if not module.endswith("__main__")]
    code = f"import sys; sys.path.insert(0, {str(bundle)!r})\nfor name in {wanted!r}: __import__(name)"
    ended = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def as_compiled(bundle: Path) -> str:
    """Return Python that finds the modules of the file as the file itself does."""
    return (
        "import importlib.util, marshal, sys, zipimport\n"
        f"reader = zipimport.zipimporter({str(bundle)!r})\n"
        "magic = int.from_bytes(importlib.util.MAGIC_NUMBER[:2], 'little')\n"
        "modules = marshal.loads(reader.get_data(f'compiled/{magic}'))\n"
        "exec(marshal.loads(modules['agent_start'][1]))\n"
        "find_compiled(reader, modules)\n"
    )


def test_every_module_is_compiled_for_the_python_that_made_it(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as opened:
        files = [name for name in opened.namelist() if name.startswith(("ctxschema/", "tomli/")) and name[-3:] == ".py"]
    ours = {"agent_start", "agent_attrs", "agent_re", "agent_typing"}
    wanted = {*ours, *(name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in files)}
    code = (
        f"{as_compiled(bundle)}"
        f"wanted = {sorted(wanted)!r}\n"
        "assert sorted(sys.meta_path[0].modules) == wanted\n"
        "for name in wanted:\n"
        "    if not name.endswith('__main__'): __import__(name)\n"
        "found = {sys.modules[name].__spec__.loader for name in wanted if name in sys.modules}\n"
        "assert found == {sys.meta_path[0]}, found\n"
    )
    ended = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_every_class_is_what_attrs_makes_of_it(bundle: Path) -> None:
    """In the file they are written out: what they take, show, compare, hide and refuse is the same."""
    with zipfile.ZipFile(bundle) as opened:
        files = [name for name in opened.namelist() if name.startswith("ctxschema/") and name.endswith(".py")]
    modules = [name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in files]
    once: dict[str, list[str]] = {}
    for module in modules:
        for cls in vars(importlib.import_module(module)).values() if not module.endswith("__main__") else ():
            if isinstance(cls, type) and "__attrs_attrs__" in vars(cls):
                once[cls.__qualname__] = re.findall(r"@cached_property\n +def (\w+)", inspect.getsource(cls))
    words = [json.dumps([name for name in modules if not name.endswith("__main__")]), json.dumps(once)]
    script = Path(__file__).with_name("describe_classes.py").read_text()
    answers = []
    for flags, before in (([], ""), (["-I", "-S"], as_compiled(bundle))):
        command = [sys.executable, *flags, "-c", before + script, *words]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
        assert ended.returncode == 0, ended.stderr
        answers.append(json.loads(ended.stdout))
    attrs_made, written_out = answers
    assert len(attrs_made) > 90
    assert written_out.keys() == attrs_made.keys()
    for name, wanted in attrs_made.items():
        assert written_out[name] == wanted, name


def test_nothing_that_takes_long_is_imported_where_everything_is_compiled(bundle: Path) -> None:
    code = (
        f"{as_compiled(bundle)}import atexit\n"
        "atexit.register(lambda: print(*sorted(sys.modules)))\n"
        "import ctxschema.model.appliance as declared\n"
        "declared.CHECKED_BEFORE = True\n"
        "from ctxschema.agent import main\n"
        f"main([{NODE!r}, '--dry-run', '--context', {str(SAMPLE)!r}])\n"
    )
    ended = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    assert "docker run" in ended.stdout
    long = {"attr", "inspect", "ast", "re", "typing", "ssl", "shlex", "json"}
    assert not long & set(ended.stdout.splitlines()[-1].split())


def test_every_pattern_that_is_compiled_ahead_is_what_python_makes_of_it(bundle: Path) -> None:
    code = (
        f"{as_compiled(bundle)}import agent_re, re\n"
        "for words in agent_re.COMPILED: assert agent_re.compile(*words) == re.compile(*words), words\n"
        "assert agent_re.compile('never seen', agent_re.ASCII) == re.compile('never seen', re.ASCII)\n"
        "for name in ('IGNORECASE', 'MULTILINE', 'DOTALL', 'VERBOSE', 'ASCII'):\n"
        "    assert getattr(agent_re, name) == getattr(re, name), name\n"
        "for name, words in (('search', ()), ('findall', ()), ('split', ()), ('fullmatch', ()), ('sub', ('-',))):\n"
        "    ours, theirs = (getattr(each, name)('b+', *words, 'abbcb') for each in (agent_re, re))\n"
        "    assert str(ours) == str(theirs), name\n"
        "assert agent_re.compile(b'bytes') == re.compile(b'bytes')\n"
        "assert agent_re.escape('a.b') == re.escape('a.b')\n"
        "print(len(agent_re.COMPILED))\n"
    )
    ended = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > 60


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 9, 18)])
def test_an_older_python_is_refused_in_one_line(bundle: Path, version: tuple[int, ...]) -> None:
    """The files that an older Python reads contain no newer syntax."""
    with zipfile.ZipFile(bundle) as opened:
        source = opened.read("__main__.py").decode()
    ast.parse(source, feature_version=(3, 4))
    code = f"import runpy, sys; sys.version_info = {version}; runpy.run_path({str(bundle)!r}, run_name='__main__')"
    ended = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    message = f"ctxschema-agent: this needs Python 3.10 or newer, and here is {version[0]}.{version[1]}\n"
    assert (ended.stdout, ended.stderr) == ("", message)


@pytest.mark.parametrize("version", ["3.10", "3.11", "3.12", "3.13", "3.14"])
def test_every_python_from_3_10_on_answers_the_same(bundle: Path, version: str) -> None:
    program = shutil.which(f"python{version}")
    if program is None or subprocess.run([program, "-V"], capture_output=True, check=False).returncode:
        pytest.skip(f"there is no Python {version} here")
    words = (NODE, "--dry-run", "--context", SAMPLE)
    ended = subprocess.run([program, "-I", "-S", bundle, *words], capture_output=True, text=True, check=False, cwd="/")
    wanted = run(bundle, *words)
    assert (ended.returncode, ended.stdout) == (0, wanted.stdout), ended.stderr


@pytest.mark.parametrize("instead", [None, b"", b"\xff", b"i\0\0\0\0"])
def test_without_what_is_compiled_it_reads_its_sources(bundle: Path, tmp_path: Path, instead: bytes | None) -> None:
    """As under a Python that was not there when the file was made, or where what it compiled is no longer whole."""
    other = tmp_path / "other.pyz"
    with zipfile.ZipFile(bundle) as opened, zipfile.ZipFile(other, "w") as made:
        for name in opened.namelist():
            if not name.startswith("compiled/"):
                made.writestr(name, opened.read(name))
            elif instead is not None:
                made.writestr(name, instead)
    words = (NODE, "--dry-run", "--context", SAMPLE)
    ended, wanted = run(other, *words), run(bundle, *words)
    assert wanted.returncode == 0
    assert (ended.stdout, ended.stderr, ended.returncode) == (wanted.stdout, wanted.stderr, wanted.returncode)


def test_it_runs_as_a_program(bundle: Path) -> None:
    """The first line names the interpreter of Debian and Ubuntu, without anything of the machine's own packages."""
    assert bundle.read_bytes().startswith(b"#!/usr/bin/python3 -IS\n")


@pytest.mark.parametrize(("text", "code"), [('a="b"', 0), ("a=b", 1)])
def test_it_reads_toml_where_python_does_not(bundle: Path, tmp_path: Path, text: str, code: int) -> None:
    """Python 3.10 has no tomllib; the reader that is brought along is asked instead."""
    machine = Machine.make(tmp_path).context(**ADDRESS, FL_NODE_CONFIG=text)
    words = ["agent", NODE, "--root", str(machine.root), "--dry-run"]
    run_it = (
        "import runpy, sys; sys.modules['tomllib'] = None; sys.version_info = (3, 10, 12)\n"
        f"sys.argv = {words!r}; runpy.run_path({str(bundle)!r}, run_name='__main__')"
    )
    command = [sys.executable, "-I", "-S", "-c", run_it]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": machine.path})
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    assert code == 0 or "which is not TOML" in ended.stderr


def limited(bundle: Path, machine: Machine, kilobytes: int) -> subprocess.CompletedProcess[str]:
    """Boot with so much memory; what Python itself needs is part of it."""
    words = f"ulimit -v {kilobytes}; exec {sys.executable} -IS {bundle} {NODE} --root {machine.root}"
    return subprocess.run(
        ["/bin/sh", "-c", words],
        capture_output=True,
        text=True,
        env={"PATH": machine.path},
        check=False,
        timeout=100,
    )


@pytest.mark.parametrize("kilobytes", [20_000, 25_000, 30_000, 35_000, 40_000, 50_000])
def test_too_little_memory_is_one_line(bundle: Path, tmp_path: Path, kilobytes: int) -> None:
    machine = Machine.make(tmp_path).context(**ADDRESS, FL_NODE_CONFIG='a="b"')
    ended = limited(bundle, machine, kilobytes)
    if "Fatal Python error" in ended.stderr or "error while loading shared libraries" in ended.stderr:
        pytest.skip("not even Python starts with so little")
    assert "Traceback" not in ended.stderr
    assert ended.returncode in {0, 1}
    assert ended.returncode == 0 or ended.stderr.strip()


def test_it_installs_the_scripts_that_check_a_gpu(bundle: Path, tmp_path: Path) -> None:
    ended = run(bundle, "scripts", NODE, "--root", tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    folder = tmp_path / "opt/flower/scripts"
    assert ended.stdout.split() == [f"/opt/flower/scripts/{name}" for name in SCRIPTS.values()]
    for layer, name in SCRIPTS.items():
        assert (folder / name).read_text() == gpu_script(layer)
        assert (folder / name).stat().st_mode & 0o777 == 0o755
    assert "no place" in run(bundle, "scripts", LINK, "--root", tmp_path).stdout
