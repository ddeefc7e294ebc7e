"""The reference pages follow the declarations, and change with them."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from attrs import evolve
from click.testing import CliRunner

import ctxschema
from ctxschema import get_appliance, parse_template
from ctxschema.catalog import APPLIANCES, machines_of
from ctxschema.core import codes
from ctxschema.core.codes import TABLE
from ctxschema.core.secret import Secret
from ctxschema.document import markdown
from ctxschema.document.commands import command_line
from ctxschema.document.contextualization import contextualization, group_pages
from ctxschema.document.examples import base, examples
from ctxschema.document.findings import Example, Examples, code_page
from ctxschema.document.gpu_headings import GPU_OR_CPU, MEMORY, MONITORING, SEVERAL, concerns_gpu
from ctxschema.document.index import index_page
from ctxschema.document.places import places_of
from ctxschema.document.variables import section
from ctxschema.generate.attributes import definition
from ctxschema.model.appliance import Appliance
from ctxschema.model.kinds import PASSWORD, TEXT
from ctxschema.model.variable import Variable
from tests.conftest import ROOT, Ended

SERVICE = get_appliance("flower-service")
REFERENCE = ROOT / "docs" / "reference"
EXAMPLES = ("--examples", str(ROOT / "tests" / "cases" / "lint")) if (ROOT / "tests/cases/lint").is_dir() else ()
Run = Callable[..., Ended]


def test_the_committed_pages_are_what_would_be_generated(ctx: Run) -> None:
    ended = ctx("generate", "docs", "--out", str(REFERENCE), *EXAMPLES, "--check")
    assert ended.code == 0, ended.out[:3000]


def test_a_page_that_differs_is_found_with_the_command_that_repairs_it(ctx: Run, tmp_path: Path) -> None:
    assert ctx("generate", "docs", "--out", str(tmp_path)).code == 0
    page = tmp_path / "contextualization.md"
    page.write_text(page.read_text().replace("| `1.25.0` |", "| `1.24.0` |", 1))
    ended = ctx("generate", "docs", "--out", str(tmp_path), "--check")
    assert ended.code == 1
    assert re.search(r"^-\| .*\[`FLOWER_VERSION`\].* \| `1\.24\.0` \|", ended.out, re.MULTILINE)
    assert f"repair: ctxschema generate docs --out {tmp_path}" in ended.out


def test_a_page_of_former_times_is_found_and_removed_and_a_file_of_somebody_is_not(ctx: Run, tmp_path: Path) -> None:
    ctx("generate", "docs", "--out", str(tmp_path))
    (tmp_path / "findings" / "CTX999.md").write_text(markdown.page("CTX999 gone"))
    (tmp_path / "notes.md").write_text("# mine\n")
    assert "CTX999.md is not generated any more" in ctx("generate", "docs", "--out", str(tmp_path), "--check").out
    ctx("generate", "docs", "--out", str(tmp_path))
    assert not (tmp_path / "findings" / "CTX999.md").exists()
    assert (tmp_path / "notes.md").exists()


@pytest.mark.parametrize(
    ("name", "default", "wanted"),
    [("FL_NUM_ROUNDS", 77, "77"), ("FL_DATABASE", "x.db", "x.db"), ("FL_TLS_ENABLED", False, "NO")],
)
def test_a_changed_default_changes_the_page(name: str, default: Any, wanted: str) -> None:
    variable = SERVICE.variable(name)
    before, after = (
        contextualization(Appliance("one", "One", "One.", (each,)))
        for each in (variable, evolve(variable, default=default))
    )
    assert f"| default | `{wanted}` |" in after
    assert f"| default | `{wanted}` |" not in before


def test_the_check_fails_when_a_default_changes_and_the_pages_do_not(
    ctx: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ctxschema.catalog import flower

    ctx("generate", "docs", "--out", str(tmp_path))
    service = flower.APPLIANCES["flower-service"]
    changed = [evolve(each, default=77) if each.name == "FL_NUM_ROUNDS" else each for each in service.variables]
    monkeypatch.setitem(flower.APPLIANCES, "flower-service", evolve(service, variables=tuple(changed)))
    ended = ctx("generate", "docs", "--out", str(tmp_path), "--check")
    assert ended.code == 1
    assert "+| default | `77` |" in ended.out


def test_the_counts_are_counted() -> None:
    page = contextualization(SERVICE)
    assert f"**{len(SERVICE.variables)} context variables**" in page
    assert f"{len(SERVICE.rule_ids)} rules" in page
    smaller = Appliance("small", "Small", "One.", (Variable("A", TEXT, label="Label", default="x"),))
    assert "**1 context variable** in 1 group" in contextualization(smaller)


@pytest.mark.parametrize("variable", SERVICE.variables, ids=lambda each: each.name)
def test_a_variable_has_its_heading_definition_default_and_consumers(variable: Variable[Any]) -> None:
    text = section(SERVICE, variable)
    assert text.startswith(f"### {variable.name}\n")
    assert f'{variable.name} = "{definition(variable)}"' in text
    assert "Sunstone 7, VM form" in text
    for rule in SERVICE.rules:
        assert (f"[`{rule.id}`](#{rule.id})" in text) == (variable in rule.variables)


@pytest.mark.parametrize("variable", [v for v in SERVICE.variables if v.limits], ids=lambda each: each.name)
def test_a_limit_stands_with_a_value_that_breaks_it_and_the_message_that_it_gets(variable: Variable[Any]) -> None:
    text = section(SERVICE, variable)
    for limit in variable.limits:
        if limit.counterexample is not None:
            row = next(line for line in text.splitlines() if f"| `{limit.counterexample}` |" in line)
            assert re.search(r"\[`CTX07\d`\]\(findings/CTX07\d\.md\)", row)
            assert "it has no effect here" not in row


def test_the_default_of_a_secret_is_never_printed() -> None:
    # An appliance refuses such a default; the page would not print it either.
    secret = Variable("A_PASSWORD", PASSWORD, label="Password", default=Secret("hunter2"))
    appliance = Appliance("one", "One", "One.", (evolve(secret, default=Secret("")),))
    assert "hunter2" not in section(appliance, secret)


def test_every_code_has_a_page_that_is_linked() -> None:
    index = (REFERENCE / "findings" / "index.md").read_text()
    for each in TABLE:
        assert f"({each.id}.md)" in index
        page = (REFERENCE / "findings" / f"{each.id}.md").read_text()
        assert each.name in page
        for consumer, severity in each.consumers.items():
            assert f"../consumers.md#{consumer}) | {severity.value} |" in page


def test_an_example_stands_with_what_the_linter_says_of_it() -> None:
    code = next(each for each in TABLE if each.name == "default-not-of-type")
    bad = Example("a.tmpl", 'USER_INPUTS = [ A = "O|number|x| |0.8" ]\n')
    good = Example("a.tmpl", 'USER_INPUTS = [ A = "O|number|x| |8" ]\n')
    page = code_page(code, Examples([bad], [good]))
    assert bad.text in page
    assert good.text in page
    assert re.search(r"a\.tmpl:1:\d+: error CTX014: A: default 0\.8 is not an integer", page)


def test_the_page_of_a_finding_says_who_says_it() -> None:
    page = code_page(codes.GPU_FALLBACK)
    assert "The boot agent and `ctxschema boot` say it." in page
    assert "lint --ignore" not in page
    assert "`ctxschema lint --ignore CTX014 PATH...` leaves it out." in code_page(codes.DEFAULT_TYPE)


def test_an_example_that_has_not_the_finding_is_not_shown_as_one() -> None:
    code = next(each for each in TABLE if each.name == "default-not-of-type")
    page = code_page(code, Examples([Example("a.tmpl", 'A = "1"\n')], []))
    assert "An example that has it" not in page


@pytest.mark.parametrize("text", ["a|b", "`tick`", "``two``", " blank ", "<img>", "[x](y)", "*a*", "a\\b", "a\nb"])
def test_no_text_is_read_as_markup(text: str) -> None:
    import markdown as renderer

    html = renderer.markdown(
        markdown.table(("a",), [[markdown.escape(text)], [markdown.code(text)]]), extensions=["tables"]
    )
    cells = re.findall(r"<td>(.*?)</td>", html, re.DOTALL)
    assert len(cells) == 2
    assert "<img" not in html
    assert "<a " not in html
    assert "<em>" not in html


def test_the_pages_of_an_own_appliance(ctx: Run, tmp_path: Path) -> None:
    module = tmp_path / "shop.py"
    module.write_text(
        "from ctxschema.model.appliance import Appliance\n"
        "from ctxschema.model.kinds import NUMBER\n"
        "from ctxschema.model.limits import Between\n"
        "from ctxschema.model.variable import Variable\n"
        "PORT = Variable('SHOP_PORT', NUMBER, label='Port', default=80, limits=(Between(1, 65535),))\n"
        "SHOP = Appliance('shop', 'Shop', 'A shop.', (PORT,))\n"
    )
    out = tmp_path / "pages"
    assert ctx("generate", "docs", "--from", str(module), "--out", str(out)).code == 0
    assert "### SHOP_PORT" in (out / "shop.md").read_text()
    assert ctx("generate", "docs", "--from", str(module), "--out", str(out), "--check").code == 0
    assert (out / "consumers.md").exists()


def test_the_python_api_has_what_a_class_inherits() -> None:
    text = (ROOT / "docs/reference/python.md").read_text()
    section = text.partition("\n## UserInput\n")[2].partition("\n## ")[0]
    for member in ("flag", "default", "emit() -> str", "canonical() -> str"):
        assert f"| `{member}` |" in section


SAYS_IT_ITSELF = {
    "Condition",
    "CtxschemaError",
    "DeclarationError",
    "Finding",
    "FindingError",
    "GpuDecision",
    "GpuFacts",
    "Kind",
    "Limit",
    "RawContext",
    "Result",
    "Runner",
    "Severity",
    "Step",
    "StepKind",
    "Template",
    "UserInput",
    "Values",
}


def test_whatever_a_declaration_is_made_of_has_an_example_that_runs() -> None:
    public = {name for name in ctxschema.__all__ if not inspect.isfunction(getattr(ctxschema, name))}
    found = examples()
    assert public - SAYS_IT_ITSELF == set(found) & public
    for name, example in found.items():
        space = names()
        exec(f"{base()[1]}\nmade = {example}", space)
        assert space["made"] is not None, name
        assert re.search(rf"\b{name}\b", example)


def names() -> dict[str, Any]:
    """What `from ctxschema import *` gives, and the few names that the examples take from the modules themselves."""
    space: dict[str, Any] = {}
    exec("from ctxschema import *\nfrom ctxschema.model.appliance import Level, Tab", space)
    exec("from ctxschema.model.variable import Maker", space)
    return space


def test_an_appliance_with_many_variables_has_a_page_for_each_group() -> None:
    places = places_of(SERVICE, "all")
    pages = group_pages(SERVICE, places=places)
    assert list(pages) == [f"all-{group}.md" for group in SERVICE.groups]
    for variable in SERVICE.variables:
        for name, text in pages.items():
            assert (f"\n## {variable.name}\n" in text) == (name == places.page_of(variable)), (variable, name)
    index = contextualization(SERVICE, places=places)
    assert "### FLOWER_VERSION" not in index
    assert '<a id="fl_gpu_enabled"></a>[`FL_GPU_ENABLED`](all-gpu.md#fl_gpu_enabled)' in index
    # A rule stands on the index, and a variable of another group on its page.
    assert "[`memory-fraction-zero`](all.md#memory-fraction-zero)" in pages["all-gpu.md"]
    assert "[`ML_FRAMEWORK`](all-training.md#ml_framework)" in pages["all-gpu.md"]
    assert "[`FL_GPU_ENABLED`](#fl_gpu_enabled)" in pages["all-gpu.md"]


def test_an_appliance_with_few_variables_has_one_page() -> None:
    few = evolve(SERVICE, variables=SERVICE.variables[:3], rules=(), group_titles={})
    assert not places_of(few, "few").groups
    assert group_pages(few, places=places_of(few, "few")) == {}
    assert "### FLOWER_VERSION\n" in contextualization(few, places=places_of(few, "few"))


@pytest.mark.parametrize("name", APPLIANCES)
def test_each_appliance_has_user_inputs_to_copy(name: str) -> None:
    page = "contextualization.md" if name == "flower-service" else f"{name.removeprefix('flower-')}.md"
    text = (REFERENCE / page).read_text().partition("## USER_INPUTS to copy\n")[2]
    block = text.partition("```text\n")[2].partition("```")[0]
    asked = {name for name, _ in parse_template(block).user_inputs}
    assert asked == {each.name for each in get_appliance(name).asked}


def test_the_matrix_has_each_variable_with_those_that_read_it() -> None:
    appliances = [get_appliance(name) for name in APPLIANCES]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (REFERENCE / "matrix.md").read_text().splitlines()
        if line.startswith("| [`")
    ]
    assert len(rows) == len({each.name for appliance in appliances for each in appliance.variables})
    for name, *marks, _default in rows:
        variable = name[2:].partition("`")[0]
        assert marks == ["yes" if variable in each.by_name else "" for each in appliances], variable


CONCERNS = {
    "FL_GPU_ENABLED": GPU_OR_CPU,
    "FL_CUDA_VISIBLE_DEVICES": SEVERAL,
    "FL_GPU_MEMORY_FRACTION": MEMORY,
    "ML_FRAMEWORK": MEMORY,
    "FL_DCGM_ENABLED": MONITORING,
    "FL_NUM_ROUNDS": None,
    "FL_TLS_ENABLED": None,
}


@pytest.mark.parametrize(("name", "heading"), CONCERNS.items())
def test_a_variable_that_concerns_the_gpu_leads_to_its_section(name: str, heading: str | None) -> None:
    variable = SERVICE.variable(name)
    page = (REFERENCE / f"contextualization-{variable.group}.md").read_text()
    text = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    assert concerns_gpu(variable, machines_of(SERVICE)) == heading
    assert ("(gpu-passthrough.md#" in text) == (heading is not None)
    if heading is not None:
        assert f"\n## {heading}\n" in (REFERENCE / "gpu-passthrough.md").read_text()


def test_a_variable_of_vllm_that_counts_with_a_gpu_leads_there_too() -> None:
    vllm = get_appliance("vllm")
    found = {each.name for each in vllm.variables if concerns_gpu(each, (vllm,))}
    assert found == {"ONEAPP_VLLM_GPU_MEMORY_UTILIZATION"}


def test_a_command_that_has_a_page_keeps_its_options_for_help() -> None:
    @click.group(context_settings={"help_option_names": ["-h", "--help"]})
    def root() -> None: ...

    @root.command()
    def leaf() -> None:
        """Do nothing."""

    assert "Do nothing." in command_line(root, "root")
    assert CliRunner().invoke(root, ["leaf", "-h"]).exit_code == 0


def test_every_page_is_in_the_index_below_what_it_is_about() -> None:
    index = (REFERENCE / "index.md").read_text()
    for path in REFERENCE.glob("*.md"):
        listed = path.name != "index.md" and not path.name.startswith("gpu-printed-by-")
        assert (f"]({path.name}) |" in index) == listed, path.name
    echo, others = markdown.page("Echo", "Says something. And more."), markdown.page("C", "D.")
    own = index_page({"echo.md": echo, "cli.md": others})
    assert "| [Echo](echo.md) | Says something. |\n\n## Programs and findings\n" in own
