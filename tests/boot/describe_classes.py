"""Prints what every attrs class of some modules is like, and does: with attrs, or with what the agent has of it."""

# ruff: noqa: BLE001 - a script that looks at classes of any kind

import copy
import importlib
import importlib.util
import inspect
import json
import pickle
import re
import sys
from typing import Any

library = importlib.import_module("agent_attrs" if importlib.util.find_spec("agent_attrs") else "attrs")
asdict, evolve = library.asdict, library.evolve


def result_of(work: Any) -> str:
    """Return the result of a call as text, or its exception, without memory addresses."""
    try:
        answer = work()
    except Exception as error:
        answer = f"{type(error).__name__}: {error}"
    return re.sub(r"0x[0-9a-f]+", "0x", answer if isinstance(answer, str) else repr(answer))


def changed(made: Any, name: str) -> Any:
    setattr(made, name, "another")
    return getattr(made, name)


def lost(made: Any, name: str) -> bool:
    delattr(made, name)
    return hasattr(made, name)


def described(cls: Any) -> dict[str, Any]:
    """What a class is like."""
    fields = [
        each if isinstance(each, tuple) else (each.name, each.alias, each.init, each.repr)
        for each in cls.__attrs_attrs__
    ]
    parameters = inspect.signature(cls.__init__).parameters.values()
    found: dict[str, Any] = {
        "fields": [each[:3] for each in fields],
        "shown": [each[3] if isinstance(each[3], bool) else "by itself" for each in fields],
        "parameters": [(each.name, str(each.kind)) for each in parameters],
        "defaults": [
            result_of(lambda each=each: each.default) for each in parameters if each.default is not each.empty
        ],
        "optional": [each.name for each in parameters if each.default is not each.empty],
        "slots": sorted({*vars(cls).get("__slots__", ())} - {"__dict__", *cached(cls)}),
        "matched": cls.__match_args__,
        "hashed": cls.__hash__ is not None,
        "left": sorted(name for name in vars(cls) if not name.startswith("__") and name not in cached(cls)),
        "bases": [each.__qualname__ for each in cls.__mro__],
    }
    given = {argument: f"a {argument}" for _, argument, init, _ in fields if init}
    one, other, third = (told_or_made(cls, values) for values in (given, given, dict.fromkeys(given, "b")))
    found["made"] = result_of(lambda: one) if isinstance(one, cls) else one
    if isinstance(one, cls):
        found["equal"] = [
            result_of(lambda: one == other),
            result_of(lambda: one == third),
            result_of(lambda: one != other),
            one == 1,
        ]
        found["hashes"] = [result_of(lambda: hash(one) == hash(other)), result_of(lambda: hash(one) == hash(third))]
        found["third"] = result_of(lambda: third)
        found["plain"] = result_of(lambda: asdict(one))
        found["evolved"] = result_of(lambda: evolve(one, **dict.fromkeys(list(given)[:1], "c")))
        found["copied"] = [result_of(lambda: copy.copy(one)), result_of(lambda: pickle.loads(pickle.dumps(one)))]
        for name in (fields[0][0] if fields else "nothing", "unknown_name"):
            found[f"changed {name}"] = result_of(lambda name=name: changed(one, name))
            found[f"lost {name}"] = result_of(lambda name=name: lost(one, name))
    optional = {key: value for key, value in given.items() if key not in found["optional"]}
    found["least"] = result_of(lambda: cls(**optional))
    return found


def cached(cls: Any) -> set[str]:
    """The properties that are worked out once; attrs has them, and what they need, in slots of its own."""
    return {name for base in cls.__mro__ for name in ONCE.get(base.__qualname__, ())}


def told_or_made(cls: Any, values: dict[str, str]) -> Any:
    try:
        return cls(**values)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


ONCE = json.loads(sys.argv[2])
classes: dict[str, Any] = {}
for name in json.loads(sys.argv[1]):
    for cls in vars(importlib.import_module(name)).values():
        if inspect.isclass(cls) and cls.__module__ == name and hasattr(cls, "__attrs_attrs__"):
            classes[f"{name}.{cls.__qualname__}"] = described(cls)
catalog = importlib.import_module("ctxschema.catalog")
for name in catalog.APPLIANCES:
    classes[name] = [result_of(lambda name=name: catalog.get_appliance(name)), len(catalog.get_appliance(name).by_name)]
json.dump(classes, sys.stdout, default=repr, sort_keys=True)
