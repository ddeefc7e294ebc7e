"""The parts of the agent's file, one by one; tests/boot/test_bundle.py runs the whole."""

import __future__

import gc
import importlib
import importlib.util
import io
import marshal
import os
import re
import stat
import sys
import zipfile
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import ctxschema.model.appliance as declared
from ctxschema.boot import program
from ctxschema.declaration.python_form import declaration_python
from ctxschema.generate import agent, agent_re, agent_start
from ctxschema.generate import compiled as compiling
from ctxschema.generate.agent_patterns import patterns
from ctxschema.generate.compiled import Module, compiled
from ctxschema.model.container import Container, Image
from ctxschema.model.kinds import NUMBER, TEXT
from ctxschema.model.limits import Matches
from ctxschema.model.variable import Variable

LETTERS = Matches("[a-c]{2}", "letters", "ab", "x")
SMALL = declared.Appliance(
    "small", "Small", "S", (Variable("A", TEXT, label="a", default="ab", limits=(LETTERS,)),),
    container=Container(Image("example/small", "1")),
)  # fmt: skip


# ---- what goes into the file ---------------------------------------------------------------------------


FEW = ("ctxschema.boot", "ctxschema.core.names", "ctxschema.model.kinds", "ctxschema.model.variable")
"""Some of the modules, in place of all that are needed; reading those takes seconds."""


def entries_of(appliance: declared.Appliance | None) -> tuple[list[str], dict[str, bytes]]:
    """What is imported at the start, and the entries of a file, of which nothing is compiled."""
    starts: list[list[str]] = []

    def few(start: list[str]) -> dict[str, Path]:
        starts.append(start)
        return {name: Path(str(importlib.import_module(name).__file__)) for name in FEW}

    def instead(modules: dict[str, Module], asked: set[tuple[str, int]]) -> dict[int, bytes]:
        MODULES.update(modules)
        PATTERNS.update(asked)
        return {7: b"seven", 8: b"eight"}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agent, "compiled", instead)
        patch.setattr(agent, "_our_modules", few)
        found = agent._entries(appliance)
    return starts[0], found


@pytest.fixture(scope="module")
def entries() -> dict[str, bytes]:
    """The entries of a file for one appliance."""
    start, found = entries_of(SMALL)
    assert {"ctxschema.model.appliance", "ctxschema.model.limits"} <= {*start}
    return found


MODULES: dict[str, Module] = {}
PATTERNS: set[tuple[str, int]] = set()


def test_the_file_of_no_appliance_has_the_catalog() -> None:
    start, found = entries_of(None)
    assert start == ["ctxschema.agent"]
    assert "ctxschema_appliance.py" not in found
    assert 'start(__loader__, modules, "ctxschema.agent")' in found["__main__.py"].decode()


def test_the_file_has_what_a_boot_of_one_appliance_reads(entries: dict[str, bytes]) -> None:
    assert entries["ctxschema_appliance.py"].decode() == declaration_python(SMALL)
    assert 'start(__loader__, modules, "ctxschema_appliance")' in entries["__main__.py"].decode()
    assert entries["__main__.pyc"] == agent._compiled_main(entries["__main__.py"].decode())
    assert (entries["compiled/7"], entries["compiled/8"]) == (b"seven", b"eight")
    assert entries["agent_start.py"].decode() == Path(agent_start.__file__).read_text(encoding="utf-8")
    ours = {name for name in entries if name.startswith("ctxschema/")}
    assert all(entries[name] == (agent._PACKAGE.parent / name).read_bytes() for name in ours)
    shells = {str(path.relative_to(agent._PACKAGE.parent)) for path in agent._PACKAGE.glob("gpu/**/*.sh")}
    few = {f"{name.replace('.', '/')}.py" for name in FEW} - {"ctxschema/boot.py"}
    assert ours == shells | few | {"ctxschema/boot/__init__.py"}
    assert b"MIT" in entries["attrs-LICENSE"]
    assert b"MIT" in entries["tomli-LICENSE"]
    assert b"Apache License" in entries["LICENSE"]
    assert {"attr/__init__.py", "attr/_make.py", "attrs/__init__.py", "tomli/__init__.py"} < entries.keys()
    assert not [name for name in entries if name.startswith("attr") and name[-3:] != ".py" and name != "attrs-LICENSE"]


def test_all_but_attrs_is_compiled_and_ours_without_annotations(entries: dict[str, bytes]) -> None:
    names = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in entries if ".py" in name}
    bare = {name for name in names if name.partition(".")[0] in {"attr", "attrs", "__main__"}}
    assert MODULES.keys() == names - bare | {"agent_attrs", "agent_re", "agent_typing"}
    assert MODULES["ctxschema.boot"].package
    assert MODULES["tomli"].package
    assert not MODULES["ctxschema.core.names"].package
    assert MODULES["ctxschema.core.names"].plain
    assert not MODULES["tomli"].plain
    assert MODULES["tomli"].text == entries["tomli/__init__.py"].decode()
    assert not MODULES["tomli"].classes
    assert "from agent_attrs import" in MODULES["ctxschema.model.variable"].text
    assert "Variable" in MODULES["ctxschema.model.variable"].classes
    assert not MODULES["agent_re"].package
    assert "_sre" in MODULES["agent_re"].text


def test_the_patterns_of_the_appliance_and_of_the_modules_are_compiled(entries: dict[str, bytes]) -> None:
    assert entries
    assert (LETTERS.pattern, 0) in PATTERNS
    assert (NUMBER.pattern, re.DOTALL) in PATTERNS


def test_an_appliance_without_a_container_is_refused() -> None:
    with pytest.raises(LookupError, match="a declares no container"):
        agent._entries(declared.Appliance("a", "A", "S", ()))


def test_the_same_entries_are_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def entries_of_two(appliance: Any) -> dict[str, bytes]:
        asked.append(appliance)
        return {"b": b"2" * 99, "a": b"1"}

    monkeypatch.setattr(agent, "_entries", entries_of_two)
    data = agent.agent_bundle(SMALL)
    assert asked == [SMALL]
    assert data.startswith(b"#!/usr/bin/python3 -IS\nPK")
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        told = [
            (each.filename, each.date_time, each.compress_type, each.create_system, oct(each.external_attr >> 16))
            for each in opened.infolist()
        ]
        assert opened.read("b") == b"2" * 99
    assert told == [(name, (1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, 3, "0o100644") for name in "ab"]


def test_the_first_module_is_compiled_so_that_python_trusts_it() -> None:
    made = agent._compiled_main("x = __name__, __debug__")
    assert made[:16] == importlib.util.MAGIC_NUMBER + b"\1\0\0\0" + bytes(8)
    code = marshal.loads(made[16:])
    names: dict[str, Any] = {"__name__": "main"}
    exec(code, names)
    assert (names["x"], code.co_filename) == (("main", True), "__main__.py")
    assert not code.co_flags & __future__.annotations.compiler_flag  # which it does not ask for


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("from ctxschema.a import b, c as d", ["ctxschema.a", "ctxschema.a.b", "ctxschema.a.c"]),
        ("import ctxschema.a, os, ctxschema.b as c", ["ctxschema.a", "ctxschema.b"]),
        ("def f():\n    if f:\n        from ctxschema import a", ["ctxschema", "ctxschema.a"]),
        ("if TYPE_CHECKING:\n    import ctxschema.a\nimport ctxschema.b", ["ctxschema.b"]),
        ("import ctxschema.b\nif TYPE_CHECKING:\n    import ctxschema.a", ["ctxschema.b"]),
        ("if typing.TYPE_CHECKING:\n    import ctxschema.a\nelse:\n    import ctxschema.b", []),
        ("from . import a\nfrom os import path\nimport os", []),
    ],
)
def test_the_modules_that_a_text_imports(text: str, names: list[str]) -> None:
    assert list(agent._imported(text)) == names


def test_the_modules_that_a_module_needs() -> None:
    found = agent._our_modules(["ctxschema.core.later", "ctxschema.core.names.no_module", "ctxschema.no_module"])
    package = agent._PACKAGE
    assert found["ctxschema.core.later"] == package / "core/later.py"
    assert found["ctxschema.core.names"] == package / "core/names.py"
    assert found["ctxschema.core"] == package / "core/__init__.py"
    assert found["ctxschema.model"] == package / "model/__init__.py"
    assert found["ctxschema"] == package / "__init__.py"
    assert found["ctxschema.boot.start"] == package / "boot/start.py"
    checks = {path.stem for path in (package / "gpu/checks").glob("*.py")} - {"__init__"}
    assert {f"ctxschema.gpu.checks.{name}" for name in checks} < found.keys()
    assert {"boot", "context", "core", "gpu", "machine", "model"} <= {f"{name}.".split(".")[1] for name in found}
    assert not {"catalog", "cli", "generate", "lint"} & {f"{name}.".split(".")[1] for name in found}
    assert not [name for name in found if name.endswith(("__main__", "no_module", "__init__", "gpu.troubleshoot"))]
    assert agent._file_name("ctxschema.core", package / "core/__init__.py") == "ctxschema/core/__init__.py"
    assert agent._file_name("ctxschema.core.names", package / "core/names.py") == "ctxschema/core/names.py"


def test_the_file_is_written_at_once_and_can_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def bundle(appliance: Any) -> bytes:
        asked.append(appliance)
        return b"data"

    monkeypatch.setattr(agent, "agent_bundle", bundle)
    target = tmp_path / "new" / "folder" / "agent.pyz"
    agent.write_agent(str(target), SMALL)
    agent.write_agent(str(target), SMALL)
    assert (asked, target.read_bytes()) == ([SMALL, SMALL], b"data")
    assert stat.S_IMODE(target.stat().st_mode) == 0o755
    monkeypatch.chdir(tmp_path)
    agent.write_agent("here.pyz")
    assert asked[-1] is None
    with pytest.raises(OSError, match="folder"):
        agent.write_agent(str(target.parent))
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["agent.pyz", "folder", "here.pyz", "new"]


# ---- compiling -----------------------------------------------------------------------------------------


def test_every_python_that_is_there_compiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = "{}.{}".format(*sys.version_info)
    for version in ("3.14", own):
        path = tmp_path / f"python{version}"
        path.write_text("#!/bin/sh\nprintf 'AB\\0\\0two'\n", encoding="utf-8")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(compiling, "VERSIONS", ("3.13", own, "3.14"))
    assert compiling._programs() == [str(tmp_path / "python3.14"), sys.executable]
    found = compiled({"b": Module(False, "x: int = 1\n", plain=True), "a": Module(True, "y = 2\n")}, [("a+", 0)])
    magic = int.from_bytes(importlib.util.MAGIC_NUMBER[:2], "little")
    assert found.keys() == {0x4241, magic}
    assert found[0x4241] == b"two"
    modules = marshal.loads(found[magic])
    assert [(name, package) for name, (package, _) in modules.items()] == [("a", True), ("b", False)]
    names: dict[str, Any] = {}
    exec(marshal.loads(modules["b"][1]), names)
    assert names["x"] == 1
    assert "__annotations__" not in names


def test_patterns_are_compiled_into_the_stand_in_of_re(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("re._compiler")
    monkeypatch.setattr(compiling, "VERSIONS", ())
    (data,) = compiled({"agent_re": Module(False, "from marshal import loads")}, [("a+", 0), ("b", 2)]).values()
    names: dict[str, Any] = {}
    exec(marshal.loads(marshal.loads(data)["agent_re"][1]), names)
    assert marshal.loads(names["COMPILED"]["b", 2]) == marshal.loads(handed("b", 2))
    assert names["COMPILED"].keys() == {("a+", 0), ("b", 2)}


@pytest.mark.parametrize("script", ["#!/bin/sh\nprintf 'AB\\0\\0half'\nexit 3\n", "#!/nowhere/at/all\n", None])
def test_a_python_that_does_not_work_compiles_nothing(script: str | None, tmp_path: Path) -> None:
    path = tmp_path / "python"
    if script is not None:
        path.write_text(script, encoding="utf-8")
        path.chmod(0o755)
    assert compiling._compiled_by(str(path), b"") == b""


def test_a_python_gets_nothing_of_its_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "python"
    path.write_text('#!/bin/sh\npwd; env | sort; printf "%s " "$1" "$2" "$3"; cat\n', encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    lines = compiling._compiled_by(str(path), b"given").decode().splitlines()
    assert lines[0] == "/"
    assert {line for line in lines if line.startswith("P")} == {
        "PATH=" + os.defpath, "PWD=/", "PYTHONHASHSEED=0", "PYTHONIOENCODING=utf-8"
    }  # fmt: skip
    assert lines[-1] == "-S -s -c given"


def test_a_python_that_hangs_is_waited_for_no_longer_than_it_may_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "python"
    path.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setattr(compiling, "_SECONDS", 0.05)
    assert compiling._compiled_by(str(path), b"") == b""


# ---- patterns ------------------------------------------------------------------------------------------

HELD = """
import re
from attrs import define, frozen
from ctxschema.model.kinds import NUMBER

A = re.compile("a+", re.IGNORECASE)
B = [re.compile("b+"), {re.compile("k+"): (re.compile("v+", re.DOTALL), "text")}]
C = re.compile(rb"bytes")

@frozen
class Own:
    pattern: object
    more: object = None

@define
class Loop:
    pattern: str
    inside: object = None

D = Own("d+", Own(3, [re.compile("e+")]))
E = NUMBER
F = Own("f+", D)
L = Loop("l+")
L.inside = [L]

def f(text, pattern):
    re.compile("not on the way")
    re.sub(pattern, "x", text)
    re.sub("g+", "x", text, count=1)
    text.sub("h+", text)
    re.escape
    return re.fullmatch("i+", text) and re.sub("j+", "x", text)
"""


def test_the_patterns_that_a_module_holds_and_asks_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "holding.py").write_text(HELD, encoding="utf-8")
    found = patterns(["holding"], SMALL)
    sys.modules.pop("holding")
    ours = {each for each in found if each[0].endswith("+") or each[0] == LETTERS.pattern}
    plain = {(f"{letter}+", 0) for letter in "bdefijkl"}
    assert ours == plain | {("a+", int(re.IGNORECASE)), ("v+", int(re.DOTALL)), (LETTERS.pattern, 0)}
    assert (NUMBER.pattern, int(re.DOTALL)) in found
    assert not [each for each in found if each[0] in {b"bytes", "not on the way"}]


# ---- the stand-in of re --------------------------------------------------------------------------------


def handed(pattern: str, flags: int) -> bytes:
    """What the file holds of a pattern: with what Python's own re makes it."""
    compiler: Any = pytest.importorskip("re._compiler")
    words: list[Any] = []

    class Recorder:
        def __getattr__(self, name: str) -> Any:
            return getattr(engine, name)

        def compile(self, *given: Any) -> Any:
            words.extend(given)
            return engine.compile(*given)

    with pytest.MonkeyPatch.context() as patch:
        engine = compiler._sre
        patch.setattr(compiler, "_sre", Recorder())
        compiler.compile(pattern, flags)
    _, made, code, groups, index, names = words
    return marshal.dumps((int(made), [*map(int, code)], groups, dict(index), tuple(names)))


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent_re, "_made", {})
    monkeypatch.setattr(agent_re, "COMPILED", {})


@pytest.mark.usefixtures("fresh")
def test_a_pattern_that_is_compiled_ahead_is_not_compiled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent_re, "COMPILED", {("ab", 2): handed("cd", 2), ("ab", 0): handed("ef", 0)})
    made = agent_re.compile("ab", agent_re.IGNORECASE)
    assert (made.pattern, made.flags, bool(made.fullmatch("CD"))) == ("ab", 34, True)
    assert agent_re.compile("ab", 2) is made
    assert agent_re.compile("ab").fullmatch("ef")
    for found in (agent_re.fullmatch("ab", "ef"), agent_re.search("ab", "ef"), agent_re.findall("ab", "ef")):
        assert found


@pytest.mark.usefixtures("fresh")
def test_every_other_pattern_is_what_re_makes_of_it() -> None:
    made = agent_re.compile("x", agent_re.VERBOSE)
    assert made == re.compile("x", re.VERBOSE)
    assert agent_re.compile("x", agent_re.VERBOSE) is made
    assert agent_re.compile(b"x", agent_re.IGNORECASE) == re.compile(b"x", re.IGNORECASE)
    assert agent_re.escape("a.b") == re.escape("a.b")


CALLS: list[Callable[[Any], Any]] = [
    lambda each: each.fullmatch("a+", "AA", each.IGNORECASE),
    lambda each: each.fullmatch("a+", "AA"),
    lambda each: each.search("^b", "a\nb", each.MULTILINE),
    lambda each: each.search("b", "ab"),
    lambda each: each.findall("A.", "ab\na\n", each.IGNORECASE | each.DOTALL),
    lambda each: each.findall("a.", "abac"),
    lambda each: each.split("b+", "abbcb"),
    lambda each: each.sub("b+", "-", "abbcb"),
]


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("call", CALLS)
def test_its_functions_answer_as_those_of_re(call: Callable[[Any], Any]) -> None:
    assert str(call(agent_re)) == str(call(re))


# ---- the start -----------------------------------------------------------------------------------------


@pytest.fixture
def restored() -> Iterator[None]:
    """What importing and starting change is as it was afterwards."""
    finders, names, running = list(sys.meta_path), set(sys.modules), gc.isenabled()
    yield
    sys.meta_path[:] = finders
    for name in set(sys.modules) - names:
        del sys.modules[name]
    gc.unfreeze()
    (gc.enable if running else gc.disable)()


def marshalled(text: str, file: str) -> bytes:
    return marshal.dumps(compile(text, file, "exec"))


@pytest.mark.usefixtures("restored")
def test_modules_are_found_as_they_were_compiled(tmp_path: Path) -> None:
    archive = tmp_path / "a.pyz"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("held/data.txt", "data")
        made.writestr("held/__init__.py", "")
        made.writestr("held/deep/more.txt", "more")
        made.writestr("held/deep/__init__.py", "")
    modules = {
        "held": (True, marshalled("a = 1", "held/__init__.py")),
        "held.deep": (True, marshalled("", "held/deep/__init__.py")),
        "held.inner": (False, marshalled("from held import a; b = a + 1", "held/inner.py")),
    }
    agent_start.find_compiled(SimpleNamespace(archive=str(archive)), modules)
    held, inner = importlib.import_module("held"), importlib.import_module("held.inner")
    assert (held.a, inner.b) == (1, 2)
    assert (held.__file__, inner.__file__) == (f"{archive}/held/__init__.py", f"{archive}/held/inner.py")
    assert held.__path__ == [f"{archive}/held"]
    assert not hasattr(inner, "__path__")
    assert (held.__package__, inner.__package__) == ("held", "held")
    for module in (held, inner):
        spec = module.__spec__
        assert spec is not None
        assert (spec.has_location, spec.origin) == (True, module.__file__)
        assert isinstance(module.__loader__, agent_start._Compiled)
        assert type(module) is ModuleType
    assert files("held").joinpath("data.txt").read_text() == "data"
    assert files("held.deep").joinpath("more.txt").read_text() == "more"
    first: Any = sys.meta_path[0]
    assert first.find_spec("held", None) is not None
    assert first.find_spec("held.other", None) is None
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("held.other")


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("modules", [None, b"x", 3])
def test_without_compiled_modules_python_looks_where_it_did(modules: object) -> None:
    before = list(sys.meta_path)
    agent_start.find_compiled(SimpleNamespace(archive="x"), modules)
    assert sys.meta_path == before


class Ended(BaseException):
    """Stands for the end of the process."""


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize(("name", "given"), [("APPLIANCE", "a"), ("CATALOG", ["b", "c"])])
def test_a_start_imports_boots_and_ends(name: str, given: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    text = (
        f"import gc\nimport ctxschema.model.appliance as a\nGC = gc.isenabled(), a.CHECKED_BEFORE\n{name} = {given!r}"
    )
    modules = {"told_where": (False, marshalled(text, "told_where.py"))}

    def run(words: list[str], appliances: Any) -> int:
        seen.extend((words, appliances, gc.isenabled(), gc.get_freeze_count() > 0))
        return 7

    def ended(code: int) -> None:
        seen.append(code)
        raise Ended

    monkeypatch.setattr(declared, "CHECKED_BEFORE", False)
    monkeypatch.setattr(program, "run", run)
    monkeypatch.setattr(program, "only", lambda appliance: ["only", appliance])
    monkeypatch.setattr(os, "_exit", ended)
    monkeypatch.setattr(sys, "argv", ["agent", "x", "--y"])
    with pytest.raises(Ended):
        agent_start.start(SimpleNamespace(archive="x"), modules, "told_where")
    assert seen == [["x", "--y"], given if name == "CATALOG" else ["only", "a"], True, True, 7]
    assert vars(sys.modules["told_where"])["GC"] == (False, True)


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("error", [MemoryError, SystemError])
def test_a_start_without_memory_ends_with_a_line(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_words: list[str], _appliances: Any) -> int:
        raise error

    monkeypatch.setattr(declared, "CHECKED_BEFORE", False)
    monkeypatch.setattr(program, "run", run)
    with pytest.raises(SystemExit) as ended:
        agent_start.start(None, None, "ctxschema.agent")
    assert ended.value.code == "ctxschema-agent: there is not enough memory to go on"
