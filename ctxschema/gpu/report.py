"""The results of the checks, as text and as plain data; the scripts print the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from attrs import frozen

from ctxschema.model.check import Answer, Check, Details, Layer, Status, plain


def _visible(text: str, details: Details) -> str:
    """Return a text with its details filled in and control characters escaped."""
    return re.sub("[^ -~]+", "?", plain(text).format_map(details))


@frozen
class Result:
    """An answer of a check with its details."""

    answer: Answer
    details: Details

    @property
    def status(self) -> Status:
        """How bad it is."""
        return self.answer.status

    @property
    def message(self) -> str:
        """What was found."""
        return _visible(self.answer.message, self.details)

    @property
    def fix(self) -> str | None:
        """What repairs it."""
        return _visible(self.answer.fix, self.details) or None

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        return {
            "answer": self.answer.name,
            "status": self.status.value,
            "message": self.message,
            "fix": self.fix,
        }


@frozen
class CheckResult:
    """A check with its answers; the worst of them counts."""

    check: Check
    results: tuple[Result, ...]

    @property
    def status(self) -> Status:
        """The status of the worst answer."""
        return min((result.status for result in self.results), key=lambda status: status.rank)

    @property
    def worst(self) -> list[Result]:
        """The answers with the worst status."""
        return [result for result in self.results if result.status is self.status]

    @property
    def message(self) -> str:
        """The messages of the worst answers."""
        return "; ".join(result.message for result in self.worst)

    @property
    def fix(self) -> str | None:
        """The repairs of the worst answers, without repetitions."""
        return "; ".join(dict.fromkeys(result.fix for result in self.worst if result.fix)) or None

    def as_dict(self) -> dict[str, Any]:
        """Return the check and its answers as plain data."""
        return {
            "id": self.check.id,
            "question": self.check.question,
            "status": self.status.value,
            "message": self.message,
            "fix": self.fix,
            "results": [result.as_dict() for result in self.results],
        }


@frozen
class Report:
    """The results of all checks of a layer."""

    layer: Layer
    checks: tuple[CheckResult, ...]

    @property
    def ok(self) -> bool:
        """Whether no check failed."""
        return not any(each.status is Status.FAIL for each in self.checks)

    @property
    def counts(self) -> dict[str, int]:
        """The number of checks for each status."""
        counted = Counter(each.status for each in self.checks)
        return {status.value: counted[status] for status in Status}

    def as_dict(self) -> dict[str, Any]:
        """Return the stable JSON form; see ``docs/json.md``."""
        return {
            "layer": self.layer.value,
            "verdict": (Status.PASS if self.ok else Status.FAIL).value,
            "counts": self.counts,
            "checks": [each.as_dict() for each in self.checks],
        }

    def lines(self, *, quiet: bool = False) -> Iterator[str]:
        """Yield the lines of the report as text; with ``quiet`` only those about failures and warnings."""
        for each in self.checks:
            for result in each.results:
                if quiet and result.status not in {Status.FAIL, Status.WARN}:
                    continue
                yield f"{result.status.value.upper()}  {each.check.id}: {result.message}"
                if result.fix:
                    yield f"      FIX: {result.fix}"
        counts = self.counts
        if not quiet or not self.ok:
            counted = ", ".join(f"{counts[status.value]} {_COUNTED[status]}" for status in _COUNTED)
            yield f"{'PASS' if self.ok else 'FAIL'}: {counted}"


_COUNTED = {Status.PASS: "passed", Status.FAIL: "failed", Status.WARN: "warned", Status.SKIP: "skipped"}
