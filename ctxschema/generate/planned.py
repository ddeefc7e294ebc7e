"""Planning the containers for a context, for outputs into which the values are written."""

from __future__ import annotations

from attrs import evolve

from ctxschema.boot.container import appliance_container, plan_beside, plan_container
from ctxschema.boot.container_plan import ContainerPlan
from ctxschema.boot.known import Known, context_facts
from ctxschema.boot.plan import boot_findings
from ctxschema.context.load import load_context, read_context
from ctxschema.context.validate import validate
from ctxschema.core.errors import NoContextError, NotPortableError
from ctxschema.core.finding import Severity
from ctxschema.generate.options import Options
from ctxschema.gpu.decision import decide_gpu
from ctxschema.gpu.facts import GpuFacts
from ctxschema.model.appliance import Appliance

_USABLE = GpuFacts(driver_loaded=True, nvidia_smi=True)


def planned(appliance: Appliance, options: Options) -> list[ContainerPlan]:
    """Return the containers of an appliance, its own first, planned for a context or for the defaults.

    Args:
        appliance: An appliance with a container.
        options: Uses ``context``, and ``gpu`` for whether there is a GPU.

    Raises:
        NotPortableError: The context would stop a boot; the errors are among its findings.
        NoContextError: The defaults alone would stop a boot, and no context was given.
        UnknownNameError: The appliance has no container.
    """
    appliance_container(appliance)
    raw = read_context(options.context) if options.context is not None else load_context({})
    result = validate(appliance, raw)
    errors = [each for each in boot_findings(appliance, result.findings) if each.severity is Severity.ERROR]
    if errors:
        if options.context is not None:
            raise NotPortableError(f"{appliance.name} does not boot from this context", errors)
        message = f"{appliance.name} does not boot from its defaults alone"
        raise NoContextError(message, [evolve(each, repair="pass --context FILE with its value") for each in errors])
    decision = decide_gpu(result.values, _USABLE if options.gpu else GpuFacts())
    if options.gpu and appliance.gpu is not None:
        decision = evolve(decision, use_gpu=True)
    known = Known(appliance, result.values, {**context_facts(raw), **decision.facts})
    plan = plan_container(known, decision)
    return [plan, *(beside for _, beside in plan_beside(known, decision) if beside is not None)]
