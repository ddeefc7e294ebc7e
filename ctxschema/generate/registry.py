"""The registry of outputs, from which commands, committed files and documents are derived."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator

from attrs import evolve, frozen

from ctxschema.core.errors import NoContextError, UnknownNameError
from ctxschema.generate.options import Options
from ctxschema.model.appliance import Appliance


class Subject(enum.Enum):
    """The kind of appliance that an output is made for."""

    ANY = "any appliance"
    MACHINE = "one machine"
    SERVICE = "a service of several roles"
    CONTAINER = "one machine with a container"


@frozen
class Output:
    """One output.

    Args:
        name: Its name on the command line, after ``ctxschema generate``.
        file: The name of the file that ``generate all`` writes.
        summary: What it is, in one line.
        help: Further explanation.
        takes: The fields of `Options` that it uses.
        about: The kind of appliance that it is made for.
        gpu_file: The name of the file for the variant with a GPU, for an appliance that can use one.
        gpu_help: What the option --gpu does, if it takes one.
    """

    name: str
    file: str
    summary: str
    help: str = ""
    takes: tuple[str, ...] = ("names",)
    about: Subject = Subject.ANY
    gpu_file: str | None = None
    gpu_help: str = ""

    def suits(self, appliance: Appliance) -> bool:
        """Say whether it can be made for an appliance."""
        if self.about is Subject.CONTAINER:
            return appliance.container is not None
        return self.about is Subject.ANY or (self.about is Subject.SERVICE) == bool(appliance.roles)

    def _refusal(self, appliance: Appliance) -> str:
        """Return why it is not made for an appliance, and what to declare instead."""
        what, advice = f"is {(Subject.SERVICE if appliance.roles else Subject.MACHINE).value}", ""
        if self.about is Subject.SERVICE:
            advice = "; declare `roles: [FIRST, SECOND]`, and `scope: ROLE` in each variable that one role alone reads"
        elif self.about is Subject.CONTAINER and not appliance.roles:
            what, advice = "has no container", "; declare `container`"
        return f"{appliance.name} {what}, and {self.name} is for {self.about.value}{advice}"

    def text(self, appliance: Appliance, options: Options | None = None) -> str:
        """Return the output for an appliance.

        Raises:
            UnknownNameError: It cannot be made for this appliance, or the group in the options does not exist.
            NotPortableError: The output cannot express the declaration.
        """
        if not self.suits(appliance):
            raise UnknownNameError(self._refusal(appliance))
        from ctxschema.generate.makers import MAKERS  # imported here, as a list of outputs needs none

        return MAKERS[self.name](appliance, options or Options())


OUTPUTS = (
    Output(
        "declaration",
        "appliance.yaml",
        "Generate the declaration itself, as YAML or as a Python module.",
        "Every command takes it with --from.",
        takes=("form",),
    ),
    Output(
        "user-inputs",
        "user-inputs.tmpl",
        "Generate the USER_INPUTS block.",
        "In the form that every consumer reads alike. Where users are asked under other names than the variables' own, "
        'the template\'s CONTEXT has to map them: FL_GPU_ENABLED = "$GPU".',
        takes=("group", "names"),
    ),
    Output(
        "context",
        "context.tmpl",
        "Generate the CONTEXT section of a template.",
        "Every variable is a reference to what the user was asked for, whatever its name; the entries that the "
        "template's author sets stand behind.",
    ),
    Output(
        "vm-template",
        "vm-template.tmpl",
        "Generate a template for onetemplate create.",
        "Inputs, their order, CONTEXT and the size of the machine; with --gpu UEFI, q35, host-passthrough, pinning and "
        "PCI as OpenNebula documents them for NVIDIA.",
        takes=("names", "gpu"),
        about=Subject.MACHINE,
        gpu_file="vm-template-gpu.tmpl",
        gpu_help="With a GPU of the host: UEFI, q35, pinning and PCI.",
    ),
    Output(
        "marketplace",
        "marketplace.yaml",
        "Generate a marketplace entry.",
        "With the template in it, every scalar of which is quoted; of a service, the service template. What the entry "
        "says beside (version, publisher, images ...) stands in the declaration as extra.entry.",
        takes=("names",),
    ),
    Output(
        "oneflow",
        "oneflow.json",
        "Generate the service template for oneflow-template create.",
        "Inputs with their defaults for the service and for each role, and the order of deployment. The number "
        "of a role's VM template comes from --template; without it, a place to fill in stands there, which the server "
        "refuses.",
        takes=("names", "templates"),
        about=Subject.SERVICE,
    ),
    Output(
        "one-apps",
        "one-apps.sh",
        "Generate the parameters and checks of a bash appliance.",
        "ONE_SERVICE_PARAMS, the defaults, the help text, and a validation function that starts no process and comes "
        "to the verdict of ctxschema validate. The names are those that the machine has in its environment.",
    ),
    Output(
        "config.rb",
        "config.rb",
        "Generate the constants of a Ruby appliance.",
        "For an appliance of one-apps: each variable as NAME = env :NAME, with its default and what it is above it.",
        takes=(),
    ),
    Output(
        "metadata.yaml",
        "metadata.yaml",
        "Generate the metadata of the community marketplace.",
        "Names and values for its tests, and the template that they start. What else it says stands in the "
        "declaration as extra.metadata.",
    ),
    Output(
        "context.yaml",
        "context.yaml",
        "Generate the list of tests of the community marketplace.",
        "What it says otherwise stands in the declaration as extra.tests.",
        takes=(),
    ),
    Output(
        "docker-run",
        "docker-run.sh",
        "Generate a bash script that starts the container.",
        "For those who boot in shell: it judges the context, decides about the GPU, writes what the container reads "
        "and runs docker run. Discovery and publication through OneGate, and random values, are the agent's.",
        takes=(),
        about=Subject.CONTAINER,
    ),
    Output(
        "compose",
        "compose.yaml",
        "Generate a Compose file of the container.",
        "With the values of --context written in, or the defaults; --gpu asks for the GPUs.",
        takes=("context", "gpu"),
        about=Subject.CONTAINER,
        gpu_help="Give the container all GPUs of the machine.",
    ),
    Output(
        "quadlet",
        "quadlet.container",
        "Generate a unit of Podman's Quadlet for the container.",
        "With the values of --context written in, or the defaults; --gpu asks for the GPUs through CDI.",
        takes=("context", "gpu"),
        about=Subject.CONTAINER,
        gpu_help="Give the container all GPUs of the machine, through CDI.",
    ),
    Output(
        "unit",
        "ctxschema-agent.service",
        "Generate the systemd unit that starts the boot agent.",
        "It runs after the contextualization and Docker, at every boot.",
        takes=(),
        about=Subject.CONTAINER,
    ),
    Output(
        "json-schema",
        "context.schema.json",
        "Generate a JSON Schema of the context.",
        "Draft 2020-12, for editors, validators and ctxschema diff. What JSON Schema cannot say is listed in it.",
    ),
    Output(
        "env-sample",
        "context.sample.sh",
        "Generate a commented context file to start from.",
        "Every variable with its default, what it does and what it takes, as a context.sh.",
    ),
    Output(
        "terraform",
        "terraform.tf",
        "Generate a virtual machine and its variables for Terraform.",
        "Variables with validation blocks, and the opennebula_virtual_machine that sends them.",
        about=Subject.MACHINE,
    ),
)
"""Every output, in the order of lists and documents."""


def artefacts(
    appliance: Appliance,
    options: Options | None = None,
    left_out: Callable[[Output, NoContextError], None] | None = None,
) -> Iterator[tuple[str, str]]:
    """Yield the file name and the text of every output that can be made for an appliance.

    Args:
        appliance: The appliance.
        options: The options of the outputs.
        left_out: Called for each output that needs values which only a context gives; if None, that is an error.

    Raises:
        NotPortableError: An output cannot express the declaration.
    """
    options = options or Options()
    for output in OUTPUTS:
        if not output.suits(appliance):
            continue
        try:
            text = output.text(appliance, options)
        except NoContextError as error:
            if left_out is None:
                raise
            left_out(output, error)
            continue
        yield output.file, text
        if output.gpu_file is not None and appliance.gpu is not None:
            yield output.gpu_file, output.text(appliance, evolve(options, gpu=True))
