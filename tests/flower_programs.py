"""Run the argument parser of a real Flower program out of its wheel, beside nothing that Flower needs to run.

``python flower_programs.py WHEEL`` reads ``[program, arguments]`` as JSON, a line each, and answers each with a line:
what the program's own parser makes of it, its values or its error. Whatever is not installed (gRPC, protobuf, ...) is a
stand-in that only lets itself be imported: parsing arguments uses none of it.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import io
import json
import sys
import types
from typing import Any

PARSERS = {
    "supernode": ("flwr.supernode.cli.flower_supernode",),
    "superlink": ("flwr.superlink.cli.flower_superlink", "flwr.server.app"),
}


class AnythingType(type):
    """A class that is whatever is asked of it."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = AnythingType(name, (), {})
        setattr(cls, name, made)
        return made

    def __call__(cls, *_arguments: Any, **_named: Any) -> Any:
        return cls

    def __getitem__(cls, _key: Any) -> Any:
        return cls

    def __or__(cls, _other: Any) -> Any:
        return cls

    __ror__ = __or__

    def __iter__(cls) -> Any:
        return iter(())


class Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """An importer that provides stand-ins for missing modules and those that protobuf generates."""

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> Any:
        if name.partition(".")[0] == "flwr" and not name.startswith("flwr.proto."):
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: Any) -> types.ModuleType:
        module = types.ModuleType(spec.name)
        module.__path__ = []
        module.__getattr__ = lambda name: AnythingType(name, (), {})  # type: ignore[method-assign]
        return module

    def exec_module(self, _module: types.ModuleType) -> None:
        pass


class Protobuf(Absent):
    """The generated modules are there and need protobuf itself, so they are stood in for before they are found."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        return super().find_spec(name, path, target) if name.startswith("flwr.proto.") else None


def parser(program: str) -> Any:
    for module in PARSERS[program]:
        with contextlib.suppress(ModuleNotFoundError):
            return getattr(importlib.import_module(module), f"_parse_args_run_{program}")()
    raise ModuleNotFoundError(program)


def main() -> None:
    sys.modules["tomli"] = importlib.import_module("tomllib")
    sys.path.insert(0, sys.argv[1])
    sys.meta_path.insert(0, Protobuf())
    sys.meta_path.append(Absent())
    parsers = {program: parser(program) for program in PARSERS}
    config = importlib.import_module("flwr.common.config").parse_config_args
    for line in sys.stdin:
        program, arguments = json.loads(line)
        said = io.StringIO()
        try:
            with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
                values = vars(parsers[program].parse_args(arguments))
                if values.get("node_config"):
                    values["node_config"] = config([values["node_config"]])
            answer = {"values": values}
        except (SystemExit, Exception) as error:  # noqa: BLE001 - any refusal is a refusal
            answer = {"error": f"{error} {said.getvalue()}"}
        sys.stdout.write(json.dumps(answer, default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
