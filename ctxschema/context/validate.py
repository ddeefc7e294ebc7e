"""Judging a context: kinds, limits, conditions, rules and undeclared names, all at once."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

from attrs import evolve, frozen

from ctxschema.context.names import Names
from ctxschema.context.raw import RawContext, RawValue
from ctxschema.context.values import Values
from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.errors import FindingError, error_group
from ctxschema.core.finding import Finding, Severity, has_errors
from ctxschema.core.names import nearest
from ctxschema.core.secret import quoted, shown
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.kinds import Shape
from ctxschema.model.placeholders import EVERY_ADDRESS, EVERY_IPV6_ADDRESS, is_every_address
from ctxschema.model.variable import Variable

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@frozen
class Result:
    """The result of judging a context.

    Attributes:
        appliance: The appliance that it was judged against.
        values: The values that are valid, with defaults applied.
        findings: All findings, errors and warnings.
    """

    appliance: Appliance
    values: Values
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether there is no finding of severity error."""
        return not has_errors(self.findings)

    def raise_if_errors(self) -> None:
        """Raise an exception if there is a finding of severity error.

        Raises:
            CtxschemaError: It holds every finding, and is also an ``ExceptionGroup`` with one `FindingError` for each
                error.
        """
        errors = [FindingError(finding) for finding in self.findings if finding.severity is Severity.ERROR]
        if errors:
            raise error_group(f"the context of {self.appliance.name} is not valid", errors)


def validate(appliance: Appliance, raw: RawContext) -> Result:
    """Judge a context against an appliance.

    Args:
        appliance: The declaration.
        raw: The context, as `load_context` returns it.

    Returns:
        The typed values, where an empty text means unset and defaults are applied, and every finding.
    """
    if raw.broken:
        return Result(appliance, Values({}, {}), raw.findings)  # what is missing in a broken file means nothing
    judge = _Judge(appliance, raw)
    findings = [
        *judge.reading_findings(),
        *judge.names.findings(),
        *judge.values_findings(),
        *judge.alias_findings(),
        *judge.listening_findings(),
        *judge.rule_findings(),
    ]
    # In the order of the file, so that it can be repaired from top to bottom; findings without a place come last.
    findings.sort(key=lambda f: f.position.start if f.position and f.position.start is not None else sys.maxsize)
    return Result(appliance, judge.values, tuple(findings))


class _Judge:
    def __init__(self, appliance: Appliance, raw: RawContext) -> None:
        self.appliance = appliance
        self.raw = raw
        self.names = Names(appliance, raw)
        self.problems: dict[str, _Problem] = {}
        values: dict[str, Any] = {}
        origins: dict[str, str] = {}
        for variable in appliance.variables:
            given = raw.given(variable)
            if given is not None and given.text is None:
                continue  # the entry is malformed, and the reader has reported it
            if given is None or not given.text:
                if variable.default is not None:
                    values[variable.name] = variable.default
                elif variable.mandatory:
                    self.problems[variable.name] = _Problem(codes.MISSING, "has no value", "give it a value")
                continue
            origins[variable.name] = str(given.position)
            try:
                value = variable.kind.parse(_checked(given.text, variable))
            except _UnsafeError as unsafe:
                self.problems[variable.name] = unsafe.problem
            except ValueError as error:
                repair = _kind_repair(variable, given.text)
                self.problems[variable.name] = _Problem(codes.KIND, str(error), repair)
            else:
                problem = variable.problem(value)
                if problem is None:
                    values[variable.name] = value
                else:
                    self.problems[variable.name] = _Problem(codes.LIMIT, problem, _limit_repair(variable, given.text))
        known = {name: where for name, where in origins.items() if name in values}
        self.values = Values(values, known, appliance.gpu)

    def reading_findings(self) -> Iterator[Finding]:
        """Yield the reader's findings; those about OpenNebula's own names do not stop the boot."""
        for finding in self.raw.findings:
            foreign = finding.variable is not None and not self.names.is_ours(finding.variable)
            yield evolve(finding, severity=Severity.WARNING) if foreign else finding

    def listening_findings(self) -> Iterator[Finding]:
        """Find 0.0.0.0 and [::] where an address to connect to is needed."""
        discovers = self.appliance.container.discovers if self.appliance.container else ()
        for variable in (discover.variable for discover in discovers):
            given = self.values.get(variable)
            if given and is_every_address(given):
                message = (
                    f"{variable.name}: {EVERY_ADDRESS} and {EVERY_IPV6_ADDRESS} are for listening, not for connecting"
                )
                yield codes.LISTENING_ADDRESS.at(message, **self.details(variable))

    def effective(self, variable: Variable[Any]) -> bool | None:
        """Say whether a variable has an effect, or None if that depends on a value that failed."""
        return True if variable.effective is None else variable.effective.holds(self.values)

    def values_findings(self) -> Iterator[Finding]:
        for variable in self.appliance.variables:
            effective = self.effective(variable)
            problem = self.problems.get(variable.name)
            if problem is not None:
                yield self.problem_finding(variable, problem, harmless=effective is False)
            elif effective is False and variable.effective is not None and self.differs_from_default(variable):
                message = f"{variable.name} is set and has an effect only when {variable.effective.words}"
                yield codes.INEFFECTIVE.at(message, rule=codes.INEFFECTIVE.name, **self.details(variable))
            given = self.raw.given(variable)
            if variable.deprecated is not None and given is not None and given.text:
                repair = f"set {variable.deprecated.instead}" if variable.deprecated.instead else "leave it unset"
                message = f"{variable.name} is {variable.deprecated.words}"
                yield codes.DEPRECATED.at(message, repair=repair, **self.details(variable))

    def alias_findings(self) -> Iterator[Finding]:
        """Find variables that are set under two names to different values."""
        for variable in self.appliance.variables:
            given = [(name, self.raw.values[name]) for name in variable.names if name in self.raw.values]
            entries = [(name, each.text, each.position) for name, each in given if each.text]
            for name, text, position in entries[1:]:
                first, said, _ = entries[0]
                if self.read(variable, text) != self.read(variable, said):
                    hidden = variable.secret or variable.kind.shape is Shape.ENCODED
                    values = "" if hidden else f" ({shown(said)} and {shown(text)})"
                    message = f"{first} and {name} are two names of one variable and differ{values}; {first} counts"
                    repair = f"set {first} alone"
                    yield codes.ALIASES_DIFFER.at(message, variable=variable.name, position=position, repair=repair)

    @staticmethod
    def read(variable: Variable[Any], text: str) -> Any:
        """Return the value of a text, so that YES and yes compare equal, or the text itself if it is not valid."""
        try:
            return variable.kind.parse(text)
        except ValueError:
            return text

    def differs_from_default(self, variable: Variable[Any]) -> bool:
        return self.values.is_set(variable) and bool(self.values[variable] != variable.default)

    def details(self, variable: Variable[Any]) -> dict[str, Any]:
        given: RawValue | None = self.raw.given(variable)
        if given is None:
            return {"variable": variable.name}
        return {"variable": variable.name, "value": self.shown(variable, given), "position": given.position}

    @staticmethod
    def shown(variable: Variable[Any], given: RawValue) -> str:
        """Return a text as a finding may show it; nothing of an encoded text, which may contain a key."""
        text = given.text or ""
        if variable.kind.shape is Shape.ENCODED and not variable.secret and text:
            return f"({len(text)} characters)"
        return shown(text, secret=variable.secret)

    def problem_finding(self, variable: Variable[Any], problem: _Problem, *, harmless: bool) -> Finding:
        given = self.raw.given(variable)
        if given is None or not given.text:
            subject = variable.name
        elif variable.kind.shape is Shape.ENCODED or variable.secret:
            subject = f"the value of {variable.name}"
        else:
            subject = f"{variable.name}: {quoted(given.text)}"
        suffix = "; it has no effect here" if harmless else ""
        severity = Severity.WARNING if harmless else Severity.ERROR
        message = f"{subject} {problem.text}{suffix}"
        return problem.code.at(message, severity=severity, repair=problem.repair, **self.details(variable))

    def rule_findings(self) -> Iterator[Finding]:
        for rule in self.appliance.rules:
            if self.broken(rule):
                yield self.rule_finding(rule)

    def broken(self, rule: Rule) -> bool:
        """Say whether a rule is certainly broken; not if one of its variables failed, which is a finding already."""
        if any(variable not in self.values for variable in rule.variables):
            return False
        applies = rule.when is None or rule.when.holds(self.values) is True
        return applies and (rule.must is None or rule.must.holds(self.values) is False)

    def rule_finding(self, rule: Rule) -> Finding:
        shown_values = ", ".join(f"{variable.name}={self.value_in_words(variable)}" for variable in rule.variables)
        given = [variable for variable in rule.variables if self.values.is_set(variable)]
        # A value without effect never stops a boot.
        harmless = rule.severity is Severity.ERROR and given and all(self.effective(v) is False for v in given)
        severity = Severity.WARNING if harmless else rule.severity
        message = f"{rule.about.name}: {rule.message} ({shown_values})"
        return codes.RULE.at(message, severity=severity, repair=rule.repair, rule=rule.id, **self.details(rule.about))

    def value_in_words(self, variable: Variable[Any]) -> str:
        if variable.kind.shape is Shape.ENCODED:
            return "set" if self.values[variable] else "unset"
        return shown(variable.text_of(self.values[variable])) or "empty"


@frozen
class _Problem:
    """Why a value failed: a text that completes a sentence beginning with the value."""

    code: Code
    text: str
    repair: str


class _UnsafeError(Exception):
    def __init__(self, problem: _Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def _checked(text: str, variable: Variable[Any]) -> str:
    """Return a text if it can be passed on as it is."""
    if any("\udc80" <= character <= "\udcff" for character in text):
        raise _UnsafeError(_Problem(codes.CONTEXT_ENCODING, "is not UTF-8", codes.CONTEXT_ENCODING.repair))
    # PEM texts may have the line ends of any system.
    if variable.kind.shape is not Shape.ENCODED and (match := _CONTROL.search(text)):
        text = f"holds the control character {quoted(match.group())}"
        raise _UnsafeError(_Problem(codes.UNSAFE_VALUE, text, codes.UNSAFE_VALUE.repair))
    return text


_YES_NO = {"TRUE": "YES", "1": "YES", "ON": "YES", "FALSE": "NO", "0": "NO", "OFF": "NO"}


def _kind_repair(variable: Variable[Any], text: str) -> str:
    word = text.strip().upper()
    meant = _YES_NO.get(word, word)
    if variable.kind.shape is Shape.BOOLEAN and meant in {"YES", "NO"}:
        return f"write {meant}"
    return variable.kind.repair or codes.KIND.repair


def _limit_repair(variable: Variable[Any], text: str) -> str:
    if variable.options:
        meant = nearest(text, variable.options)
        return f"write {meant}" if meant else f"write one of {', '.join(variable.options)}"
    advice = next((repair for limit in variable.all_limits if (repair := limit.repair(text))), None)
    if advice:
        return advice
    example = next((limit.example for limit in variable.all_limits if limit.example is not None), None)
    return f"write for example {example}" if example else f"write {variable.limits_in_words}"
