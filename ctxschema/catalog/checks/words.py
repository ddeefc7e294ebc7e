"""Answers and words that several checks share."""

from __future__ import annotations

from ctxschema.model.check import Answer, Status

REBOOT = "restart the virtual machine"

NO_GPU = Answer("no-gpu", Status.SKIP, "there is no NVIDIA GPU to look at")
NO_DRIVER = Answer("no-driver", Status.SKIP, "the NVIDIA kernel driver is not loaded")
NO_ROWS = Answer("no-rows", Status.SKIP, "nvidia-smi names no GPU")


def unreadable() -> Answer:
    """Return the answer that something could not be looked at, which is neither yes nor no."""
    return Answer("unreadable", Status.WARN, "{path} cannot be read, so this cannot be told", "run it again as root")
