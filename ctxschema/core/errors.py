"""The exceptions of the package. Functions that judge something return findings instead of raising."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from ctxschema.core.finding import Finding


class CtxschemaError(Exception):
    """The base class of all exceptions that ctxschema raises deliberately.

    Attributes:
        findings: The findings that caused it, if there are any.
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


class MissingFileError(FileError):
    """The file that was named does not exist, or is a folder."""


class ConfigurationError(CtxschemaError):
    """A configuration, or a file that it names, is malformed; each of the findings is one mistake."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        findings = tuple(findings)
        super().__init__("; ".join(finding.message for finding in findings), findings)


class DeclarationError(CtxschemaError):
    """A declaration contradicts itself; the message lists every fault.

    Attributes:
        faults: The faults, one sentence each.
    """

    def __init__(self, message: str, findings: Iterable[Finding] = (), faults: Iterable[str] = ()) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join([message, *(f"  {fault}" for fault in self.faults)]), findings)


class NotPortableError(CtxschemaError):
    """Something has no form that every consumer reads alike."""


class NoContextError(NotPortableError):
    """An output needs values that the declaration does not have, and no context was given."""


class UnknownNameError(CtxschemaError, LookupError):
    """A name that is not declared: of an appliance, a variable, a group or a step."""


class NoValueError(CtxschemaError, KeyError):
    """The value of a variable was asked for, but it is missing or failed."""


def error_group(message: str, errors: Sequence[FindingError]) -> CtxschemaError:
    """Return an exception that ``except CtxschemaError`` catches and that is also a group for ``except*``.

    Args:
        message: A summary; the messages of the errors are appended.
        errors: The errors, at least one.
    """
    made: CtxschemaError = _group_class()(f"{message}: {'; '.join(str(error) for error in errors)}", list(errors))
    return made


@functools.cache
def _group_class() -> Any:
    """Return the class of the group. It is made only when needed: before Python 3.11 its base is in another package."""
    if sys.version_info >= (3, 11):
        base: Any = ExceptionGroup  # noqa: F821 - built in from there on
    else:
        from exceptiongroup import ExceptionGroup as Backport

        base = Backport

    class FindingsError(CtxschemaError, base):  # type: ignore[misc, valid-type]
        """All findings of severity error, as one exception and as a group of `FindingError`."""

        def __init__(self, message: str, errors: Sequence[Exception]) -> None:
            base.__init__(self, message, errors)
            self.findings = tuple(finding for error in errors for finding in getattr(error, "findings", ()))

        def derive(self, errors: Sequence[Exception]) -> CtxschemaError:
            return type(self)(self.message, errors)

    return FindingsError
