"""The classes of attrs written out as plain ones: the text that comes of a module, and what its classes then do.

In each file under tests/cases/expand, a module stands above the line of dashes. Below it stands its text without the
fields, then the new text of the body of each class, or what is refused. ``UPDATE_CASES=1 pytest`` writes that anew, to
be read before it is committed.
"""

import copy
import os
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest

from ctxschema.generate import agent_attrs
from ctxschema.generate.expand import expanded
from tests.conftest import ROOT

FOLDER = ROOT / "tests/cases/expand"
LINE = "-" * 40 + "\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose modules can be imported."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def told(name: str, text: str) -> Iterator[str]:
    try:
        plain, classes = expanded(name, text)
    except NotImplementedError as error:
        yield f"refused: {error}\n"
        return
    yield plain
    yield from (f"== {each}\n{body}\n" for each, body in classes.items())


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.stem)
def test_what_comes_of_a_module(path: Path, folder: Path) -> None:
    text, _, expected = path.read_text(encoding="utf-8").partition(LINE)
    name = f"case_{path.stem.replace('-', '_')}"
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    found = "".join(told(name, text))
    sys.modules.pop(name, None)
    if os.environ.get("UPDATE_CASES"):
        path.write_text(f"{text}{LINE}{found}", encoding="utf-8")
    assert found == expected


SAMPLE = """
from attrs import Factory, field, frozen, define

@frozen
class Point:
    x: int
    _y: int = 2
    hidden: str = field(default="h", repr=False)
    made: list = field(factory=list, kw_only=True)
    shown: str = field(default="s", repr=lambda value: "*" * len(value))
    double: int = field(init=False, default=Factory(lambda self: self.x * 2, takes_self=True))

@define
class Open:
    parts: tuple = ()
    inside: object = None

class Outer:
    pass
"""


@pytest.fixture
def both(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, ModuleType]:
    """The sample as attrs makes it, and as it is written out."""
    monkeypatch.setitem(sys.modules, "agent_attrs", agent_attrs)
    (folder / "sampled.py").write_text(SAMPLE, encoding="utf-8")
    monkeypatch.delitem(sys.modules, "sampled", raising=False)
    text, classes = expanded("sampled", SAMPLE)
    for name, body in classes.items():
        indented = "".join(f"    {line}\n" for line in body.split("\n"))
        text = text.replace(f"class {name}:\n", f"class {name}:\n{indented}")
    plain = ModuleType("sampled_plain")
    monkeypatch.setitem(sys.modules, "sampled_plain", plain)
    exec(compile(text.replace("from attrs", "from agent_attrs"), "sampled_plain", "exec"), vars(plain))
    return sys.modules["sampled"], plain


def done(module: Any, tools: Any) -> Iterator[Any]:
    """What the classes of a module do."""
    point = module.Point(1, 3, made=[module.Point(5)])
    yield repr(point), repr(module.Open((point, [point], {"a": {"b": module.Open()}})))
    for each in (module.Open([module.Open(1), 2], {"a": module.Open(5)}), module.Point(7)):
        yield tools.asdict(each)
    yield repr(tools.evolve(point, x=9, y=8)), repr(tools.evolve(point, hidden="other")), tools.evolve(point).hidden
    yield point == module.Point(1, 3, made=[module.Point(5)]), point == module.Point(2), point == 3
    yield hash(module.Open) != 0, {module.Point: 1}[module.Point]
    loop = module.Open()
    loop.inside = [loop]
    yield repr(loop), repr(loop)
    for each in (lambda: setattr(point, "x", 3), lambda: delattr(point, "x"), lambda: module.Point(1, 2, 3, 4, 5, 6)):
        with pytest.raises((AttributeError, TypeError)) as refused:
            each()
        yield str(refused.value) if isinstance(refused.value, AttributeError) else "TypeError"
    for each in (copy.copy(point), copy.deepcopy(point), pickle.loads(pickle.dumps(point))):
        yield repr(each), each == point, each.hidden, each.double
    yield repr(type("Local", (module.Open,), {"__qualname__": "outer.<locals>.inner.<locals>.Local"})())
    match point:
        case module.Point(x, y):
            yield x, y


def test_classes_do_what_those_of_attrs_do(both: tuple[ModuleType, ModuleType]) -> None:
    made, plain = both
    ours = [str(each).replace("sampled_plain", "sampled") for each in done(plain, agent_attrs)]
    assert ours == [str(each) for each in done(made, attrs)]
    assert repr(agent_attrs.NOTHING) == repr(attrs.NOTHING)
    assert issubclass(agent_attrs.FrozenInstanceError, AttributeError)
    with pytest.raises(AttributeError, match="boom"):
        repr(plain.Open(type("Broken", (), {"__repr__": lambda _: exec("raise AttributeError('boom')")})()))
    assert not agent_attrs._shown


def test_a_mapping_of_objects_becomes_plain_keys_too(both: tuple[ModuleType, ModuleType]) -> None:
    _, plain = both
    assert agent_attrs.asdict(plain.Open({"a": (1, plain.Open(2))})) == {
        "parts": {"a": [1, {"parts": 2, "inside": None}]},
        "inside": None,
    }
    nested = plain.Open([(2, {3}), frozenset({4})], {"a": {(5,): plain.Open(5)}.popitem()})
    assert agent_attrs.asdict(nested) == {
        "parts": [[2, [3]], [4]],
        "inside": {"a": [[5], {"parts": 5, "inside": None}]},
    }
