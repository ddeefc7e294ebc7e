"""The exceptions of the edge; whatever judges returns findings instead."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from ctxschema.core.finding import Finding


class CtxschemaError(Exception):
    """The base of everything that ctxschema raises on purpose.

    Attributes:
        findings: What led to it, for whoever wants more than the message.
    """

    def __init__(self, message: str, findings: Iterable[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)

    def __str__(self) -> str:
        return str(self.args[0])


class FindingError(CtxschemaError):
    """One finding of severity error, as an exception."""

    def __init__(self, finding: Finding) -> None:
        where = f"{finding.origin}: " if finding.position else ""
        super().__init__(f"{where}{finding.code}: {finding.message}", [finding])


class FileError(CtxschemaError):
    """A file that cannot be read or written."""


class ConfigurationError(CtxschemaError):
    """A configuration, or a file that it names, which is not understood; the findings name every fault."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        findings = tuple(findings)
        super().__init__("; ".join(finding.message for finding in findings), findings)


class DeclarationError(CtxschemaError):
    """A declaration that contradicts itself; the message lists every fault.

    Attributes:
        faults: Each of them, as a sentence.
    """

    def __init__(self, message: str, findings: Iterable[Finding] = (), faults: Iterable[str] = ()) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join([message, *(f"  {fault}" for fault in self.faults)]), findings)


class NotPortableError(CtxschemaError):
    """Something that has no form which every consumer reads alike."""


class UnknownNameError(CtxschemaError, LookupError):
    """An appliance, variable or group that is not declared."""


class NoValueError(CtxschemaError, KeyError):
    """A variable that was asked for although it is missing or failed its limits."""


def error_group(message: str, errors: Sequence[FindingError]) -> CtxschemaError:
    """Return what ``except CtxschemaError`` catches and ``except*`` takes apart: a group of errors.

    Args:
        message: What is wrong as a whole; the messages of the errors follow it.
        errors: At least one.
    """
    made: CtxschemaError = _group_class()(f"{message}: {'; '.join(str(error) for error in errors)}", list(errors))
    return made


@functools.cache
def _group_class() -> Any:
    """Return the class, made when it is first raised: before Python 3.11 its base is in a package of its own."""
    if sys.version_info >= (3, 11):
        base: Any = ExceptionGroup  # noqa: F821 - built in from there on
    else:
        from exceptiongroup import ExceptionGroup as Backport

        base = Backport

    class FindingsError(CtxschemaError, base):  # type: ignore[misc, valid-type]
        """Every finding of severity error, as one exception and as a group of `FindingError`."""

        def __init__(self, message: str, errors: Sequence[Exception]) -> None:
            base.__init__(self, message, errors)
            self.findings = tuple(finding for error in errors for finding in getattr(error, "findings", ()))

        def derive(self, errors: Sequence[Exception]) -> CtxschemaError:
            return type(self)(self.message, errors)

    return FindingsError
