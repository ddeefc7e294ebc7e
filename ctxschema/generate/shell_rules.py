"""Translating kinds, limits, conditions and rules into bash: the function ``context_validate``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ctxschema.core import codes
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.never import assert_never
from ctxschema.core.quoting import shell_word
from ctxschema.generate.certain import CannotSayError, Language
from ctxschema.generate.comparisons import one_sided
from ctxschema.generate.names import renamed
from ctxschema.generate.numbers import Bound, bounds, high_bound, low_bound
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.closed import Foreign, Leaf, closed_limit
from ctxschema.model.conditions import Compare, CompareRelease, Condition, Is, IsOneOf, IsSet, Linear, Repeats, Term
from ctxschema.model.gpu_request import GpuUsed
from ctxschema.model.kinds import Shape
from ctxschema.model.limits import Between, Limit, Matches, NoneOf, OneOf
from ctxschema.model.node_config import NodeConfig
from ctxschema.model.pem import Pem
from ctxschema.model.variable import Variable

_INDENT = "    "
_OTHERWISE = {"<": ">=", "<=": ">", "=": "!=", ">=": "<", ">": "<="}
_LARGEST_FACTOR = 9
"""The greatest factor by which an integer of 18 digits can be multiplied within 64 bits."""


def bound_words(bound: Bound) -> str:
    """Return a bound as the arguments of the bash helpers: sign, power of ten, digits, and whether it is included."""
    digits, power, cut = bound.decimal
    # Texts have fewer digits than a bound, so that a single further digit represents those that were cut off.
    digits += "1" if cut else ""
    sign = "-" if bound.value < 0 else "+"
    return f"{sign} {power} {shell_word(digits)} {'yes' if bound.included else 'no'}"


class Checks:
    """Writes the bash functions that judge a context.

    Args:
        appliance: The declaration.
        inputs: The variables by the names that the machine's environment uses.
        boot: Whether to judge as a boot does, where a wrong value of an optional feature is only a warning.

    Attributes:
        findings: What cannot be expressed in bash.
        libraries: The helper functions that are needed beyond the basic ones.
    """

    def __init__(self, appliance: Appliance, inputs: dict[str, Variable[Any]], *, boot: bool = False) -> None:
        self.appliance = appliance
        self.boot = boot
        self.inputs = inputs
        self.names = {variable: name for name, variable in inputs.items()}
        self.findings: list[Finding] = []
        self.libraries: list[str] = []
        self.language: Language[str] = Language(self.leaf, _all_of, _any_of)

    def lines(self) -> list[str]:
        """Return the functions, ``context_validate`` first."""
        return [*self.main(), *self.functions()]

    def main(self) -> Iterator[str]:
        yield "context_validate() {"
        yield f"{_INDENT}# What a caller may have set and this relies on not being set; it is as it was afterwards."
        yield f"{_INDENT}local keywords folding"
        yield f"{_INDENT}keywords=$- folding=$BASHOPTS"
        yield f"{_INDENT}set +k"
        yield f"{_INDENT}shopt -u nocasematch"
        yield f"{_INDENT}local LC_ALL=C errors=0"
        yield f"{_INDENT}local -A has=() values=() given=() problems=()"
        yield from (f"{_INDENT}{line}" for line in self.values())
        for name, variable in self.inputs.items():
            yield from self.report(name, variable)
        for rule in self.appliance.rules:
            yield from self.rule(rule)
        yield f"{_INDENT}if [[ $folding == *nocasematch* ]]; then shopt -s nocasematch; fi"
        yield f"{_INDENT}if [[ $keywords == *k* ]]; then set -k; fi"
        yield f"{_INDENT}((errors == 0))"
        yield "}"

    def values(self) -> Iterator[str]:
        """Yield the lines that fill the arrays ``has``, ``values``, ``given`` and ``problems``."""
        for name, variable in self.inputs.items():
            has = "no" if variable.default is None else "yes"
            default = "" if variable.default is None else variable.kind.format(variable.default)
            mandatory = "M" if variable.mandatory else "O"
            yield f"_context_variable {name} {has} {shell_word(default)} {mandatory}"

    def report(self, name: str, variable: Variable[Any]) -> Iterator[str]:
        """Yield the lines that report what is wrong with a value; only as a warning if it certainly has no effect."""
        yield f"{_INDENT}if [[ -n ${{problems[{name}]-}} ]]; then"
        severity = "warning" if self.boot and not variable.stops_boot else "error"
        error = f'_context_say {severity} {name} "${{problems[{name}]}}"'
        ineffective = self.ineffective(variable)
        if ineffective is None:
            yield f"{_INDENT * 2}{error}"
        else:
            yield f"{_INDENT * 2}if {ineffective}; then"
            yield f'{_INDENT * 3}_context_say warning {name} "${{problems[{name}]}}; it has no effect here"'
            yield f"{_INDENT * 2}else"
            yield f"{_INDENT * 3}{error}"
            yield f"{_INDENT * 2}fi"
        yield f"{_INDENT}fi"

    def ineffective(self, variable: Variable[Any]) -> str | None:
        if variable.effective is None:
            return None
        return self.said(variable.effective, variable, f"when {variable.name} has an effect", wanted=False)

    def said(self, condition: Condition, about: Variable[Any] | None, where: str, *, wanted: bool = True) -> str:
        try:
            return self.language.holds(condition, wanted=wanted)
        except CannotSayError as error:
            message = f"{where}: bash has no words for {error}"
            repair = "compare whole numbers with each other, and other numbers with a constant"
            finding = codes.NOT_CARRIED.at(message, variable=about.name if about else None, repair=repair)
            if finding not in self.findings:  # a condition is asked for again wherever a rule needs it
                self.findings.append(finding)
            return "false"

    def rule(self, rule: Rule) -> Iterator[str]:
        """Yield the lines that report a broken rule, unless a value failed, since that is reported already."""
        conditions = [f"_context_has {' '.join(self.names[variable] for variable in rule.variables)}"]
        if rule.when is not None:
            conditions.append(self.said(rule.when, rule.about, f"rule {rule.id}"))
        if rule.must is not None:
            conditions.append(self.said(rule.must, rule.about, f"rule {rule.id}", wanted=False))
        name = self.names[rule.about]
        text = shell_word(renamed(f"[{rule.id}] {rule.message}; {rule.repair}", self.inputs))
        yield f"{_INDENT}if {' && '.join(conditions)}; then"
        if rule.severity is Severity.ERROR:
            yield f"{_INDENT * 2}if {self.harmless(rule)}; then"
            yield f"{_INDENT * 3}_context_say warning {name} {text}"
            yield f"{_INDENT * 2}else"
            yield f"{_INDENT * 3}_context_say error {name} {text}"
            yield f"{_INDENT * 2}fi"
        else:
            yield f"{_INDENT * 2}_context_say {rule.severity.value} {name} {text}"
        yield f"{_INDENT}fi"

    def harmless(self, rule: Rule) -> str:
        """Return the test whether no given value of a rule has an effect, so that the rule is only a warning."""
        conditions = [f"_context_given {' '.join(self.names[variable] for variable in rule.variables)}"]
        for variable in rule.variables:
            ineffective = self.ineffective(variable)
            without = f"! _context_given {self.names[variable]}"
            conditions.append(without if ineffective is None else f"{{ {without} || {ineffective}; }}")
        return " && ".join(conditions)

    # ---- conditions ----

    def leaf(self, condition: Leaf, wanted: bool) -> str:  # noqa: FBT001, PLR0911 - one for each
        if isinstance(condition, (Is, IsOneOf)):
            choices = condition.choices if isinstance(condition, IsOneOf) else (condition.value,)
            joined = _any_of if wanted else _all_of
            return joined(self.equal(condition.variable, value, wanted=wanted) for value in choices)
        if isinstance(condition, IsSet):
            return f"_context_is{'_not' if wanted else ''} {self.names[condition.variable]} ''"
        if isinstance(condition, Repeats):
            name = self.names[condition.variable]
            return f"{{ _context_has {name} && {'' if wanted else '! '}_context_repeats {name}; }}"
        if isinstance(condition, Compare):
            return self.compared(condition, wanted=wanted)
        if isinstance(condition, CompareRelease):
            self.need("release")
            sign = condition.sign if wanted else _OTHERWISE[condition.sign]
            return f"_context_release {self.names[condition.variable]} '{sign}' {condition.release}"
        if isinstance(condition, GpuUsed) and self.boot:
            return f"[[ $gpu {'==' if wanted else '!='} YES ]]"
        if isinstance(condition, GpuUsed | Foreign):
            raise CannotSayError(condition.words)
        return assert_never(condition)

    def equal(self, variable: Variable[Any], value: Any, *, wanted: bool) -> str:
        if variable.kind.shape is Shape.DECIMAL:
            return self.within(variable, Between(value, value), wanted=wanted)
        return f"_context_is{'' if wanted else '_not'} {self.names[variable]} {shell_word(variable.kind.format(value))}"

    def within(self, variable: Variable[Any], limit: Between, *, wanted: bool) -> str:
        name = self.names[variable]
        low, high = bounds(limit, whole=variable.kind.shape is Shape.INTEGER)
        tests = []
        if low is not None:
            tests.append(f'! _context_below "${{values[{name}]}}" {bound_words(Bound(low.value, not low.included))}')
        if high is not None:
            tests.append(f'_context_below "${{values[{name}]}}" {bound_words(high)}')
        inside = " && ".join(tests) if wanted else f"! {{ {' && '.join(tests)}; }}"
        return f"{{ _context_has {name} && {inside}; }}"

    def compared(self, condition: Compare, *, wanted: bool) -> str:
        limit = one_sided(condition)
        if limit is not None:
            return self.within(condition.variables[0], limit, wanted=wanted)
        names = " ".join(self.names[variable] for variable in condition.variables)
        sign = "==" if condition.sign == "=" else condition.sign
        left, right = self.term(condition.left, condition), self.term(condition.right, condition)
        return f"{{ _context_has {names} && {'' if wanted else '! '}(({left} {sign} {right})); }}"

    def term(self, term: Term, condition: Condition) -> str:
        variable = term.variable if isinstance(term, Linear) else term
        if not isinstance(variable, Variable):
            if isinstance(variable, int):
                return str(variable)
            raise CannotSayError(condition.words)
        value = f"values[{self.names[variable]}]"
        if variable.kind.shape is not Shape.INTEGER or (isinstance(term, Linear) and abs(term.times) > _LARGEST_FACTOR):
            raise CannotSayError(condition.words)
        return value if not isinstance(term, Linear) else f"{term.times} * {value} + {term.plus}"

    # ---- values ----

    def functions(self) -> Iterator[str]:
        for name, variable in self.inputs.items():
            yield ""
            yield f"_context_{name}() {{"
            tests = [*self.tests(variable)]
            yield from (f"{_INDENT}{test}{' &&' * (number < len(tests))}" for number, test in enumerate(tests, 1))
            yield "}"

    def tests(self, variable: Variable[Any]) -> Iterator[str]:
        shape = variable.kind.shape
        yield f"_context_safe {'with' if shape is Shape.ENCODED else 'without'}"
        match shape:
            case Shape.BOOLEAN:
                yield "_context_boolean"
            case Shape.INTEGER:
                yield "_context_whole"
            case Shape.DECIMAL:
                yield "_context_decimal"
            case Shape.TEXT | Shape.ENCODED | Shape.CHOICE | Shape.CHOICES:
                pass  # every text is valid
            case _:
                assert_never(shape)
        for limit in variable.all_limits:
            yield from self.limit(limit, variable)

    def limit(self, declared: Limit, variable: Variable[Any]) -> Iterator[str]:
        words, limit = shell_word(declared.words), closed_limit(declared)
        if isinstance(limit, OneOf):
            several = "each" if variable.kind.shape is Shape.CHOICES else "one"
            yield f"_context_{several}_of {words} {' '.join(map(shell_word, limit.options))}"
        elif isinstance(limit, NoneOf):
            yield from self.none_of(limit, variable)
        elif isinstance(limit, Matches):
            yield f"_context_longest {limit.longest}"
            yield f"_context_matches {words} {shell_word(limit.pattern)}"
        elif isinstance(limit, Between):
            low, high = bounds(limit, whole=variable.kind.shape is Shape.INTEGER)
            if low is not None:
                yield f"_context_least {words} {bound_words(low)}"
            if high is not None:
                yield f"_context_most {words} {bound_words(high)}"
        elif isinstance(limit, Pem):
            self.need("pem")
            yield f"_context_pem {words} {' '.join(map(shell_word, limit.accepted))}"
        elif isinstance(limit, NodeConfig):
            self.need("node_config")
            yield f"_context_node_config {words}"
        elif isinstance(limit, Foreign):
            message = f"{variable.name}: bash has no words for the limit {limit.name}"
            repair = "declare it with the limits of ctxschema.model.limits"
            self.findings.append(codes.NOT_CARRIED.at(message, variable=variable.name, repair=repair))
        else:
            assert_never(limit)

    def none_of(self, limit: NoneOf, variable: Variable[Any]) -> Iterator[str]:
        why = shell_word(limit.why)
        if variable.kind.shape is Shape.INTEGER:
            yield f"_context_none_of {why} {' '.join(shell_word(str(value)) for value in limit.values)}"
            return
        for value in limit.values:
            low, high = (bound(value, included=True, whole=False) for bound in (low_bound, high_bound))
            yield f"_context_outside {why} {bound_words(Bound(low.value, not low.included))} {bound_words(high)}"

    def need(self, library: str) -> None:
        if library not in self.libraries:
            self.libraries.append(library)


def _all_of(tests: Iterable[str]) -> str:
    return f"{{ {' && '.join(tests)}; }}"


def _any_of(tests: Iterable[str]) -> str:
    return f"{{ {' || '.join(tests)}; }}"
