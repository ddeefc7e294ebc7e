"""Can this host run virtual machines at all?"""

from __future__ import annotations

import re

from ctxschema.gpu.answers import unreadable
from ctxschema.gpu.machine import Found, Machine
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "kvm",
    Layer.HOST,
    "Does the CPU's virtualisation work?",
    "/dev/kvm, and vmx or svm among the flags in /proc/cpuinfo",
    "/dev/kvm is there",
    (
        Answer("ready", Status.PASS, "/dev/kvm is there"),
        Answer(
            "no-flag",
            Status.FAIL,
            "/dev/kvm is not there, and the CPU offers no virtualisation: neither vmx nor svm is among its flags",
            "switch the CPU's virtualisation (Intel VT-x, AMD SVM) on in the firmware's setup; where this host is a "
            "virtual machine itself, give it the CPU model host-passthrough",
        ),
        Answer(
            "no-device",
            Status.FAIL,
            "/dev/kvm is not there, although the CPU offers {flag}",
            "`modprobe {module}`, and read `dmesg | grep -i kvm` if that fails: the firmware may have it locked",
        ),
        Answer("untold", Status.SKIP, "/dev/kvm is not there, and /proc/cpuinfo tells no flags"),
        unreadable(),
    ),
)

_FLAGS = re.compile(r"^flags[ \t]*:")
_MODULES = {"vmx": "kvm_intel", "svm": "kvm_amd"}


def probe(machine: Machine) -> Found:
    """Look for /dev/kvm, and for the CPU's flags if it is missing."""
    if machine.there("/dev/kvm"):
        yield "ready", {}
        return
    for flag, module in _MODULES.items():
        if machine.holds("/proc/cpuinfo", re.compile(rf"^flags[ \t]*:.* {flag}( |$)")):
            yield "no-device", {"flag": flag, "module": module}
            return
    yield ("no-flag" if machine.holds("/proc/cpuinfo", _FLAGS) else "untold"), {}
