"""Findings as GitLab's code quality report, which a merge request shows beside the lines."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from ctxschema.core.finding import Finding, Severity
from ctxschema.report.text import described

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def gitlab_issue(finding: Finding, seen: Counter[str]) -> dict[str, Any]:
    """Return a finding as an issue of the report.

    Args:
        finding: The finding.
        seen: How often each identity has occurred, which is counted here. The fingerprint contains no line number, so
            that an issue keeps it when lines before it are added.
    """
    position = finding.position.as_dict() if finding.position else {}
    path = position.get("source", "")
    identity = "\0".join((finding.code, path, finding.variable or "", finding.lasting))
    seen[identity] += 1
    first = position.get("line", 1)
    return {
        "description": described(finding),
        "check_name": finding.code,
        "fingerprint": hashlib.sha256(f"{identity}\0{seen[identity]}".encode("utf-8", "surrogatepass")).hexdigest(),
        "severity": _SEVERITIES[finding.severity],
        "categories": ["Compatibility"],
        "location": {"path": path, "lines": {"begin": first, "end": position.get("end_line", first)}},
    }
