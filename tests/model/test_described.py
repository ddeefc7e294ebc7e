"""What declarations say of themselves in words, to the letter: a file under tests/cases/model for each appliance.

An appliance is one of those that boot in tests/boot, or stands in YAML beside its words.
``UPDATE_CASES=1 pytest`` writes them anew, to be read before they are committed.
"""

import os
from collections.abc import Iterator

import pytest

from ctxschema import Appliance
from ctxschema.declaration.load import load_declaration
from ctxschema.model.input_names import app_of, grouped_name, input_names
from ctxschema.model.steps import published_words
from ctxschema.model.uses import uses
from tests.boot.test_cases import APPLIANCES
from tests.conftest import ROOT

FOLDER = ROOT / "tests/cases/model"
BOOTED = ("server", "client", "client without a GPU", "small")
DECLARED = [*BOOTED, *(path.stem for path in sorted(FOLDER.glob("*.yaml")))]


def described(appliance: Appliance) -> Iterator[str]:
    yield f"{appliance.name}, app {app_of(appliance)}: {', '.join(input_names(appliance))}"
    yield f"groups {', '.join(appliance.groups)}, publishes {', '.join(appliance.published_names)}"
    for number, step in appliance.numbered_steps:
        yield f"{number} {step.id} {step.kind.value} {step.severity.value} {step.deadline_in_words}: {step.title}"
        yield from (f"  {part}" for part in (step.what, step.why, *step.actions, step.recovery, step.onegate) if part)
    if appliance.container is not None:
        yield f"publishes {published_words(appliance.container, appliance.gpu)}"
    for variable in appliance.variables:
        yield f"{variable.name} ({variable.short_name}, {grouped_name(variable, appliance)}): {variable.question}"
        parts = [variable.kind.words, variable.limits_in_words, variable.effective.words if variable.effective else ""]
        yield from (f"  {part}" for part in (*parts, *uses(variable, [appliance])) if part)
        for limit in variable.all_limits:
            yield f"  {limit.words}: for example {limit.example}, not {limit.counterexample}"
    for rule in appliance.rules:
        words = [each.words for each in (rule.when, rule.must) if each is not None]
        yield f"rule {rule.id} {rule.severity.value}: {' / '.join(words)}"


@pytest.mark.parametrize("name", DECLARED)
def test_what_a_declaration_says_of_itself(name: str) -> None:
    path = FOLDER / f"{name}.txt"
    appliance = APPLIANCES[name] if name in BOOTED else load_declaration(FOLDER / f"{name}.yaml")
    text = "".join(f"{line}\n" for line in described(appliance))
    if os.environ.get("UPDATE_CASES"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_no_description_is_of_a_declaration_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(DECLARED)
