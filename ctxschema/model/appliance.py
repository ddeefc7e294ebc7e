"""Rules across variables, and the appliance that holds everything together."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from attrs import field, frozen

from ctxschema.core import codes
from ctxschema.core.errors import DeclarationError, UnknownNameError
from ctxschema.core.finding import Severity
from ctxschema.core.names import suggestion
from ctxschema.model.conditions import Condition
from ctxschema.model.container import Container
from ctxschema.model.gpu_request import GpuRequest
from ctxschema.model.step import Step
from ctxschema.model.variable import Variable


@frozen
class Rule:
    """Something that must be true of several variables together.

    Args:
        id: The name of the rule.
        severity: How bad it is to break it; an error stops the boot.
        about: The variable that the finding names first.
        message: What is wrong when the rule is broken.
        repair: What to do about it.
        when: When the rule applies; always if None.
        must: What has to hold when the rule applies. If None, the rule is broken as soon as ``when`` holds.
    """

    id: str
    severity: Severity
    about: Variable[Any]
    message: str
    repair: str
    when: Condition | None = None
    must: Condition | None = None

    @property
    def variables(self) -> tuple[Variable[Any], ...]:
        """Every variable that the rule mentions, ``about`` first."""
        conditions = [condition for condition in (self.when, self.must) if condition is not None]
        mentioned = [variable for condition in conditions for variable in condition.variables]
        return tuple(dict.fromkeys([self.about, *mentioned]))


@frozen
class Infrastructure:
    """A CONTEXT entry that the template's author sets and no user is asked for."""

    name: str
    value: str
    why: str


@frozen
class Machine:
    """The size of a virtual machine.

    Args:
        cpu: The share of the host's CPUs, where 1 is one of them.
        vcpu: How many CPUs the machine sees.
        memory: Its memory in MiB.
    """

    cpu: int = 1
    vcpu: int = 1
    memory: int = 1024


class Level(enum.Enum):
    """What a tab of Sunstone's form stands for: the TYPE of an entry of USER_INPUTS_METADATA."""

    APP = "APP"
    GROUP = "GROUP"


@frozen
class Tab:
    """An app or a group of Sunstone's form: one entry of USER_INPUTS_METADATA (docs/facts/opennebula.md, section 4.3).

    Args:
        type: Whether it is an app or a group.
        name: The part of the names of its inputs: ``DB`` in ``ONEAPP_WORDPRESS_DB_HOST``.
        title: What is shown instead of the name.
        description: What is shown below the title.
    """

    type: Level
    name: str
    title: str = ""
    description: str = ""


CHECKED_BEFORE = False
"""Whether appliances skip the check of themselves, as in the agent's file: they were checked when it was made."""


@frozen(eq=False)
class Appliance:
    """An appliance: its variables, the rules across them, and how a machine of it boots.

    The declaration is checked when the object is built.

    Args:
        name: Its name on the command line and in files.
        title: Its name in documents and forms.
        summary: What it is, in one sentence.
        variables: Its variables, in the order in which users are asked for them.
        rules: What must be true of several variables together.
        infrastructure: The CONTEXT entries that the template sets beside the variables.
        prefixes: How the names of its variables begin. A name in CONTEXT that begins so and is not declared is a
            finding.
        roles: The roles of a service, each deployed when those before it are ready; empty for an appliance that is
            one role itself.
        other_roles: Names of variables that belong to another role of the same service, each with that role.
        steps: The steps of its boot, in order; if there are none, they are derived from the container.
        group_titles: The title of a group in forms and documents; a group that is not named here has its own name.
        machine: The size of the virtual machine that a template starts with.
        container: The container that it runs; None if it runs none, and for a service of several roles.
        gpu: How it asks for the GPUs of its machine; None if it uses none.
        tabs: All tabs and groups of Sunstone's form, where their titles differ from their names and ``group_titles``.
        extra: What is copied into outputs without a change: ``template``, ``entry``, ``service``, ``roles``,
            ``metadata``, ``tests`` and ``ruby``, each in the syntax of the output that it goes into.

    Raises:
        DeclarationError: The declaration contradicts itself; the message lists every fault.
    """

    name: str
    title: str
    summary: str
    variables: tuple[Variable[Any], ...]
    rules: tuple[Rule, ...] = ()
    infrastructure: tuple[Infrastructure, ...] = ()
    prefixes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    other_roles: Mapping[str, str] = field(factory=dict)
    steps: tuple[Step, ...] = ()
    group_titles: Mapping[str, str] = field(factory=dict)
    machine: Machine = field(factory=Machine)
    container: Container | None = None
    gpu: GpuRequest | None = None
    tabs: tuple[Tab, ...] = ()
    extra: Mapping[str, Any] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        if CHECKED_BEFORE:
            return
        from ctxschema.model.faults import appliance_faults

        faults = list(appliance_faults(self))
        if faults:
            raise DeclarationError(f"appliance {self.name}:", faults=faults)

    @cached_property
    def by_name(self) -> dict[str, Variable[Any]]:
        """The variables by name."""
        return {variable.name: variable for variable in self.variables}

    @property
    def asked(self) -> tuple[Variable[Any], ...]:
        """The variables that users are asked for."""
        return tuple(variable for variable in self.variables if not variable.hidden)

    @cached_property
    def by_alias(self) -> dict[str, Variable[Any]]:
        """The variables by alias: by each other name under which CONTEXT may set them."""
        return {alias: variable for variable in self.variables for alias in variable.aliases}

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups, in the order of the first variable of each."""
        return tuple(dict.fromkeys(variable.group for variable in self.variables))

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """The ids of all rules: the declared ones, and the two that hold for every appliance."""
        return (*(rule.id for rule in self.rules), codes.INEFFECTIVE.name, codes.UNKNOWN_VARIABLE.name)

    def group_title(self, group: str) -> str:
        """Return what a group is called in forms and documents."""
        return self.group_titles.get(group, group)

    @cached_property
    def by_short_name(self) -> dict[str, Variable[Any]]:
        """The variables by the short name that users may be asked for."""
        return {variable.short_name: variable for variable in self.variables}

    @property
    def numbered_steps(self) -> tuple[tuple[int, Step], ...]:
        """The steps of the boot, each with its number, counted from 1."""
        return tuple(enumerate(self.boot_steps, start=1))

    @cached_property
    def boot_steps(self) -> tuple[Step, ...]:
        """The steps of the boot: those that are declared, else those that follow from the container."""
        if self.steps or self.container is None:
            return self.steps
        from ctxschema.model.steps import boot_steps

        return boot_steps(self.container, self.gpu)

    @property
    def published_names(self) -> tuple[str, ...]:
        """The names of the attributes that a machine of it publishes through OneGate."""
        names = [each.name for each in self.container.publishes] if self.container else []
        return (*names, *([self.gpu.published_as] if self.gpu and self.gpu.published_as else []))

    def step_number(self, step_id: str) -> int:
        """Return the number of a step.

        Raises:
            UnknownNameError: There is no such step; the message names those there are.
        """
        for number, step in self.numbered_steps:
            if step.id == step_id:
                return number
        ids = [step.id for step in self.boot_steps]
        known = f"{', '.join(ids) or 'none'}{suggestion(step_id, ids)}"
        raise UnknownNameError(f"{self.name} has no step {step_id}; its steps are {known}")

    def __repr__(self) -> str:
        return f"Appliance({self.name})"

    def variable(self, name: str) -> Variable[Any]:
        """Return the variable of a name, or of a short name, in any case.

        Raises:
            UnknownNameError: There is none; the message offers the nearest.
        """
        folded = name.upper()
        found = self.by_name.get(folded) or self.by_short_name.get(folded) or self.by_alias.get(folded)
        if found is not None:
            return found
        role = self.other_roles.get(folded)
        hint = f"; it belongs to the {role}" if role else suggestion(name, self.by_name)
        raise UnknownNameError(f"{self.name} has no variable {name}{hint}")

    def group(self, name: str) -> tuple[Variable[Any], ...]:
        """Return the variables of a group, named in any case.

        Raises:
            UnknownNameError: There is no such group; the message names those there are.
        """
        found = tuple(variable for variable in self.variables if variable.group == name.lower())
        if not found:
            known = ", ".join(self.groups) or "none"
            raise UnknownNameError(f"{self.name} has no group {name}; it has {known}{suggestion(name, self.groups)}")
        return found
