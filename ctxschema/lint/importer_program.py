"""Importing what the programs of one-apps have in common, whatever their language.

Sources: docs/facts/opennebula.md, section 1.6, and flower-shipped.md.
"""

from __future__ import annotations

import re

from ctxschema.core import codes
from ctxschema.core.secret import quoted
from ctxschema.core.source import Position
from ctxschema.lint.importer_draft import Draft
from ctxschema.lint.importer_input import Guess
from ctxschema.model.variable import Maker

_MADE = (
    (Maker.PASSWORD, re.compile(r"gen_password|gen_pass\b|openssl\s+rand|pwgen|SecureRandom\.(?!uuid)|/dev/u?random")),
    (Maker.UUID, re.compile(r"uuidgen|SecureRandom\.uuid|/random/uuid")),
    (Maker.ADDRESS, re.compile(r"get_local_ip|hostname\s+(?:-I|--all-ip-addresses)"
                               r"|\bip\s+(?:-\S+\s+)*(?:a|addr|address|route)\b|ip_address_list|\bdetect_addrs\b|\bip_addr")),
    (Maker.HOSTNAME, re.compile(r"\$\(\s*hostname\b|`hostname\b|Socket\.gethostname|/etc/hostname|\$\{?HOSTNAME\b")),
)  # fmt: skip


def made_by(code: str) -> Maker | None:
    """Return the generator that the code of a default corresponds to, or None if a declaration cannot express it."""
    return next((maker for maker, pattern in _MADE if pattern.search(code)), None)


def set_made(guess: Guess, code: str, place: Position) -> None:
    """Set what the machine generates as the value, or note that a declaration cannot express the code."""
    maker = made_by(code)
    if maker is None:
        message = f"the default is computed ({quoted(code)}), in a way that a declaration cannot say; it is left out"
        guess.note(message, codes.IMPORT_COMPUTED, place)
        return
    guess.data["made"] = maker.value
    guess.data.pop("default", None)
    if maker is Maker.PASSWORD and guess.data.get("kind", "text") == "text":
        guess.data["kind"] = "password"


def add_variable(draft: Draft, guess: Guess, *, asked: bool) -> None:
    """Add a variable that a program reads. If there is a template, only its inputs are asked for."""
    there = draft.variables.get(guess.name)
    if there is None:
        if asked and "hidden" not in guess.data:
            guess.note("no template asks for it, so that it is hidden")
            guess.data["hidden"] = True
            guess.data.pop("mandatory", None)
        draft.add(guess)
        return
    for name in ("stage", "help"):
        if name in guess.data:
            there.setdefault(name, guess.data[name])
    before, now = there.get("default"), guess.data.get("default")
    if "made" in guess.data and before in {None, ""}:
        there.pop("default", None)
        there["made"] = guess.data["made"]
    elif now not in (None, "") and before not in (None, "") and str(now) != str(before):
        message = f"{guess.name}: the template says {quoted(str(before))}, and the script {quoted(str(now))}"
        draft.note(codes.IMPORT_DISAGREE, message, guess.place, guess.name)
    elif now not in (None, "") and before in (None, ""):
        message = f"{guess.name}: the template has no default, and the script applies {quoted(str(now))}"
        draft.note(codes.IMPORT_DISAGREE, message, guess.place, guess.name)
