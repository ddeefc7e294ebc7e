"""The contextualization reference of an appliance: every variable, rule and entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxschema.core.codes import INEFFECTIVE, UNKNOWN_VARIABLE
from ctxschema.core.codes.code import Code
from ctxschema.document.markdown import code, count, escape, page, sentence, table
from ctxschema.document.variables import code_link, condition_words, default_words, section, variable_link
from ctxschema.model.appliance import Appliance, Rule


def contextualization(
    appliance: Appliance, *, see_also: str = "", diagram: str = "", machines: Sequence[Appliance] = ()
) -> str:
    """Return the page of an appliance.

    Args:
        appliance: Whose variables.
        see_also: Markdown that leads to other pages.
        diagram: A diagram of how a value travels.
        machines: The appliances that read the variables; the appliance itself if there are none.
    """
    asked, entries = len(appliance.variables), len(appliance.infrastructure)
    mandatory = sum(variable.mandatory for variable in appliance.variables)
    counted = f"**{count(asked, 'context variable')}** in {count(len(appliance.groups), 'group')}"
    if entries:
        counted += f", and {count(entries, 'entry', 'entries')} that the template's author sets"
    return page(
        f"Contextualization reference: {appliance.title}",
        f"{appliance.summary} {counted}; {count(mandatory, 'variable') if mandatory else 'none'} of them "
        f"{'has' if mandatory == 1 else 'have'} to be given, and {count(len(appliance.rule_ids), 'rule')} "
        "hold across them.",
        see_also,
        _HOW_TO_READ,
        f"![How a value travels]({diagram})" if diagram else "",
        "## All of them",
        *_overview(appliance),
        *_groups(appliance, machines),
        *_rules(appliance),
        *_infrastructure(appliance),
    )


_HOW_TO_READ = """
A *context variable* is one `NAME = "value"` of a machine's CONTEXT. OpenNebula hands it to the machine in a file,
`context.sh`; the *definition* is what a template's USER_INPUTS says so that users are asked for it. Nothing on the
server applies a default: what no client sends reaches the machine empty, empty means *not set*, and the machine applies
the default of this page.
""".strip()


def _overview(appliance: Appliance) -> Iterator[str]:
    rows = (
        (variable_link(each), code(each.kind.name), default_words(each), escape(each.group), escape(each.scope))
        for each in appliance.variables
    )
    yield table(("variable", "kind", "default", "group", "read by"), rows)


def _groups(appliance: Appliance, machines: Sequence[Appliance]) -> Iterator[str]:
    for group in appliance.groups:
        variables = appliance.group(group)
        yield f"## {escape(appliance.group_titles.get(group, group) or 'Variables')}"
        yield from (section(appliance, variable, machines) for variable in variables)


def _rules(appliance: Appliance) -> Iterator[str]:
    yield "## Rules"
    yield "What must be true of several variables together, and of names."
    yield from (_rule(rule) for rule in appliance.rules)
    yield from (_common_rule(each) for each in (INEFFECTIVE, UNKNOWN_VARIABLE))


def _rule(rule: Rule) -> str:
    when = condition_words(rule.when) if rule.when is not None else ""
    must = condition_words(rule.must) if rule.must is not None else ""
    if when and must:
        holds = f"When {when}, it must be that {must}."
    else:
        holds = f"It must be that {must}." if must else f"It is broken when {when}."
    return (
        f"### {rule.id}\n\n{rule.severity.value}: {escape(sentence(rule.message))}\n\n{holds} "
        f"Repair: {escape(sentence(rule.repair))}"
    )


def _common_rule(each: Code) -> str:
    told = f"{each.severity.value}: {escape(each.reason)} Repair: {escape(sentence(each.repair))}"
    return f"### {each.name}\n\n{told} It holds for every appliance; see {code_link(each.id)}."


def _infrastructure(appliance: Appliance) -> Iterator[str]:
    if appliance.infrastructure:
        yield "## Set by the template's author"
        yield "Entries of CONTEXT that no user is asked for."
        rows = ((code(entry.name), code(entry.value), escape(entry.why)) for entry in appliance.infrastructure)
        yield table(("entry", "value", "what it does"), rows)
