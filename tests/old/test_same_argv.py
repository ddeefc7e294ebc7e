"""The proof of the move: the declared container gives the argv that the old code gave."""

import collections
import os
import random

import pytest

from ctxschema import GpuFacts, decide_gpu, get_appliance, load_context, validate
from ctxschema.boot import container as new
from ctxschema.boot.known import Known
from ctxschema.boot.plan import boot_findings
from ctxschema.catalog.flower.base import FLOWER_VERSION
from ctxschema.core.errors import NoValueError
from ctxschema.core.finding import has_errors
from ctxschema.gpu.facts import Gpu
from tests.generate.contexts import context as random_context
from tests.old import docker as old

GPUS = tuple(Gpu(str(i), f"GPU-{i}", "H200", "1", "580") for i in range(2))
FACTS = (
    GpuFacts(),
    GpuFacts(driver_loaded=True, nvidia_smi=True, gpus=GPUS),
    GpuFacts(driver_loaded=True, nvidia_smi=True),
)
N = int(os.environ.get("N", "2000"))
RELEASES = ["1.25.0", "1.39.9", "1.40.0", "1.41.0", "2.0.0", "1.4.0", "1.400.1"]


def outcome(made):
    try:
        return made()
    except NoValueError as error:
        return type(error).__name__


@pytest.mark.parametrize("name", ["flower-superlink", "flower-supernode"])
def test_same(name):
    appliance = get_appliance(name)
    seen = collections.Counter()
    argvs = set()
    chooser = random.Random(20261125)
    while seen["contexts"] < N:
        told = random_context(chooser, appliance)
        if chooser.random() < 0.8:  # most of them valid, so that there is an argv
            for _ in range(60):
                wrong = {
                    f.variable for f in validate(appliance, load_context(told)).findings if f.severity.value == "error"
                }
                if not wrong:
                    break
                for variable in wrong:
                    told.pop(variable, None)
        if chooser.random() < 0.5:
            told["FLOWER_VERSION"] = chooser.choice(RELEASES)
        result = validate(appliance, load_context(told))
        values = result.values
        ok = not has_errors(boot_findings(appliance, result.findings))
        seen["contexts"] += 1
        seen["boots"] += ok
        for facts in FACTS:
            decision = decide_gpu(values, facts)
            for address in (None, "10.9.8.7:9092"):
                for hardened in (True, False):
                    for env_file in (None, "/root/x.env"):
                        for release in (None, "1.41.0"):

                            def before():
                                return old.container(
                                    appliance,
                                    values,
                                    decision,
                                    superlink_address=address,
                                    hardened=hardened,
                                    env_file=env_file,
                                    release=release,
                                ).arguments()

                            def after():
                                found = {"FL_SUPERLINK_ADDRESS": address} if address and name.endswith("node") else {}
                                vs = new.with_discovered(values, found)
                                if release:
                                    vs = vs.also({FLOWER_VERSION.name: release})
                                return new.plan_container(
                                    Known(appliance, vs, decision.facts), decision, hardened=hardened, env_file=env_file
                                ).arguments()

                            one, other = outcome(before), outcome(after)
                            if ok:
                                assert one == other, (told, one, other)
                                assert isinstance(one, list)
                                argvs.add(tuple(one))
                            else:
                                seen["equal although wrong"] += one == other
                                seen["compared although wrong"] += 1
                            seen["compared"] += ok
            if ok:
                vs = values
                known = Known(appliance, vs, decision.facts)
                assert old.settings_text(appliance, vs) == new.settings_text(known)
                assert list(old.settings(appliance, vs)) == list(new.settings(known))
                assert old.mounts(appliance, vs) == new.plan_container(known, decision).mounts
                beside = [plan for _, plan in new.plan_beside(known, decision) if plan]
                wanted = (
                    [old.dcgm_sidecar()]
                    if name.endswith("node") and decision.use_gpu and vs.get("FL_DCGM_ENABLED") is True
                    else []
                )
                assert [p.arguments() for p in beside] == [p.arguments() for p in wanted]
                seen["beside"] += len(beside)
    print(name, dict(seen), "different argv:", len(argvs))
