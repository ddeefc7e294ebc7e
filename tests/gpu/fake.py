"""A machine of a folder whose programs answer as a test says, without a process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ctxschema.gpu.machine import Machine
from ctxschema.machine.system import Outcome, System

MISSING, LATE = Outcome(None, missing=True), Outcome(None, timed_out=True)


def printed(text: str, code: int = 0, errors: str = "") -> Outcome:
    return Outcome(code, text + errors, answer=text)


class Fake:
    """A machine of a folder whose programs answer by the beginning of their command line."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.answers: dict[str, Outcome | list[Outcome]] = {}
        self.asked: list[tuple[str, float]] = []
        monkeypatch.setattr(System, "run", self.run)

    def run(self, arguments: list[str], seconds: float) -> Outcome:
        line = " ".join(arguments)
        self.asked.append((line, round(seconds, 3)))
        key = max((each for each in self.answers if line.startswith(each)), key=len, default=None)
        if key is None:
            return MISSING
        answer = self.answers[key]
        return answer if isinstance(answer, Outcome) else answer.pop(0)

    def file(self, path: str, text: str = "") -> Fake:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)
        return self

    def link(self, path: str, target: str) -> Fake:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).symlink_to(target)
        return self

    def function(self, addr: str, vendor: str = "10de", kind: str = "030200", device: str = "2335") -> Fake:
        folder = f"sys/bus/pci/devices/{addr}"
        return (
            self.file(f"{folder}/vendor", f"0x{vendor}\n")
            .file(f"{folder}/class", f"0x{kind}\n")
            .file(f"{folder}/device", f"0x{device.upper()}\n")
        )

    def machine(self, **more: Any) -> Machine:
        return Machine(System(str(self.root), "/nowhere"), **more)
