"""Simulated machines: what each is made of, and what must be said of it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tests.gpu.tree import Tree


class Machine(NamedTuple):
    """A machine and the expected answers of its checks; a check that is not named must pass or be skipped."""

    name: str
    layer: str
    build: Callable[[Tree], None]
    answers: Mapping[str, str]
    arguments: tuple[str, ...] = ()


MACHINES: list[Machine] = []


def machine(layer: str, *arguments: str, **answers: str) -> Callable[[Callable[[Tree], None]], Callable[[Tree], None]]:
    """Declare a machine; the words of an answer are separated by blanks where there are several of a check."""

    def declare(build: Callable[[Tree], None]) -> Callable[[Tree], None]:
        by_check = {check.replace("_", "-"): answer for check, answer in answers.items()}
        MACHINES.append(Machine(build.__name__, layer, build, by_check, arguments))
        return build

    return declare
