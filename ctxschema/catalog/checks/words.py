"""Answers that several checks share."""

from __future__ import annotations

from ctxschema.model.check import Answer, Status

NO_GPU = Answer("no-gpu", Status.SKIP, "there is no NVIDIA GPU to look at")


def unreadable() -> Answer:
    """Return the answer that something could not be looked at, which is neither yes nor no."""
    return Answer("unreadable", Status.WARN, "{path} cannot be read, so this cannot be told", "run it again as root")
