"""The contextualization reference of an appliance: every variable, rule and CONTEXT entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxschema.core.codes import INEFFECTIVE, UNKNOWN_VARIABLE
from ctxschema.core.codes.code import Code
from ctxschema.core.sentences import sentence
from ctxschema.document.markdown import anchor, code, count, escape, fence, link, page, table
from ctxschema.document.places import Places
from ctxschema.document.variables import code_link, condition_words, default_words, section
from ctxschema.generate.registry import OUTPUTS
from ctxschema.model.appliance import Appliance, Rule


def contextualization(
    appliance: Appliance,
    *,
    places: Places | None = None,
    see_also: str = "",
    diagram: str = "",
    machines: Sequence[Appliance] = (),
) -> str:
    """Return the reference of an appliance: as a whole, or as an index if each group has a page of its own.

    Args:
        appliance: The appliance.
        places: The pages that describe the variables; all are on this page if None.
        see_also: Markdown with links to other pages.
        diagram: The file of a diagram of how a value travels.
        machines: The appliances that read the variables; the appliance itself if empty.
    """
    places = (places or Places()).on((places or Places()).index)
    return page(
        f"Contextualization reference: {appliance.title}",
        _counted(appliance),
        see_also,
        _HOW_TO_READ,
        "## All of them",
        *_overview(appliance, places),
        *(() if places.groups else _groups(appliance, machines, places)),
        *_rules(appliance, places),
        *_infrastructure(appliance),
        *(("## How a value travels", f"![How a value travels]({diagram})") if diagram else ()),
        *user_inputs_block(appliance),
    )


def user_inputs_block(appliance: Appliance) -> Iterator[str]:
    """Yield the USER_INPUTS block of an appliance, for pasting into a VM template or a service template."""
    output = next(each for each in OUTPUTS if each.name == "user-inputs")
    yield "## USER_INPUTS to copy"
    yield (
        f"What a template asks for, in the form that every consumer reads alike; "
        f"`ctxschema generate {output.name} {appliance.name}` writes the same, and a template needs the CONTEXT of "
        "`ctxschema generate context` beside it."
    )
    yield fence(output.text(appliance))


def group_pages(
    appliance: Appliance, *, places: Places, see_also: str = "", machines: Sequence[Appliance] = ()
) -> dict[str, str]:
    """Return the page of each group of variables: file name to Markdown.

    Args:
        appliance: The appliance.
        places: The pages that describe the variables.
        see_also: Markdown with links to other pages.
        machines: The appliances that read the variables; the appliance itself if empty.
    """
    return {
        name: page(
            f"{_title(appliance, group)} variables",
            _group_begins(appliance, group, places),
            see_also,
            *_sections(appliance, group, machines, places.on(name), level=2),
        )
        for group, name in places.groups.items()
    }


def _title(appliance: Appliance, group: str) -> str:
    return escape(appliance.group_title(group))


def _group_begins(appliance: Appliance, group: str, places: Places) -> str:
    found = appliance.group(group)
    names = ", ".join(places.on(places.groups[group]).variable(each) for each in found)
    whole = link("the index", places.index)
    return (
        f"{count(len(found), 'variable')} of {escape(appliance.title)}. {names}. All groups, and the rules across "
        f"variables, are in {whole}."
    )


def _counted(appliance: Appliance) -> str:
    asked, entries = len(appliance.variables), len(appliance.infrastructure)
    mandatory = sum(variable.mandatory for variable in appliance.variables)
    counted = f"**{count(asked, 'context variable')}** in {count(len(appliance.groups), 'group')}"
    if entries:
        counted += f", and {count(entries, 'entry', 'entries')} that the template's author sets"
    return (
        f"{appliance.summary} {counted}; {count(mandatory, 'variable') if mandatory else 'none'} of them "
        f"{'has' if mandatory == 1 else 'have'} to be given, and {count(len(appliance.rule_ids), 'rule')} "
        "hold across them."
    )


_HOW_TO_READ = """
A *context variable* is one `NAME = "value"` of a machine's CONTEXT. OpenNebula hands it to the machine in a file,
`context.sh`; the *definition* is what a template's USER_INPUTS says so that users are asked for it. Nothing on the
server applies a default: what no client sends reaches the machine empty, empty means *not set*, and the machine applies
the default of this page.
""".strip()


def _overview(appliance: Appliance, places: Places) -> Iterator[str]:
    """Yield the table of all variables. Its rows have the anchors that their sections had when there was one page."""
    for group in appliance.groups if places.groups else ("",):
        variables = appliance.group(group) if places.groups else appliance.variables
        if places.groups:
            yield f"### {link(_title(appliance, group), places.groups[group])}"
        rows = (
            (
                (f'<a id="{anchor(each.name)}"></a>' if places.groups else "") + places.variable(each),
                escape(each.label),
                code(each.kind.name),
                default_words(each),
                escape(each.scope),
            )
            for each in variables
        )
        yield table(("variable", "what is asked", "kind", "default", "read by"), rows)


def _groups(appliance: Appliance, machines: Sequence[Appliance], places: Places) -> Iterator[str]:
    for group in appliance.groups:
        yield f"## {_title(appliance, group) or 'Variables'}"
        yield from _sections(appliance, group, machines, places)


def _sections(
    appliance: Appliance, group: str, machines: Sequence[Appliance], places: Places, level: int = 3
) -> Iterator[str]:
    for variable in appliance.group(group):
        yield section(appliance, variable, machines, places, level=level)


def _rules(appliance: Appliance, places: Places) -> Iterator[str]:
    yield "## Rules"
    yield "What must be true of several variables together, and of names."
    yield from (_rule(rule, places) for rule in appliance.rules)
    yield from (_common_rule(each) for each in (INEFFECTIVE, UNKNOWN_VARIABLE))


def _rule(rule: Rule, places: Places) -> str:
    when = condition_words(rule.when, places) if rule.when is not None else ""
    must = condition_words(rule.must, places) if rule.must is not None else ""
    if when and must:
        holds = f"When {when}, it must be that {must}."
    else:
        holds = f"It must be that {must}." if must else f"It is broken when {when}."
    return (
        f"### {rule.id}\n\n{rule.severity.value}: {escape(sentence(rule.message))}\n\n{holds} "
        f"Repair: {escape(sentence(rule.repair))}"
    )


def _common_rule(each: Code) -> str:
    text = f"{each.severity.value}: {escape(each.reason)} Repair: {escape(sentence(each.repair))}"
    return f"### {each.name}\n\n{text} It holds for every appliance; see {code_link(each.id)}."


def _infrastructure(appliance: Appliance) -> Iterator[str]:
    if appliance.infrastructure:
        yield "## Set by the template's author"
        yield "Entries of CONTEXT that no user is asked for."
        rows = ((code(entry.name), code(entry.value), escape(entry.why)) for entry in appliance.infrastructure)
        yield table(("entry", "value", "what it does"), rows)
