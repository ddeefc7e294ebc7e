"""Explaining how each consumer reads a definition."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from attrs import evolve, frozen

from ctxschema.consumers import command_line
from ctxschema.consumers.arrival import arrives
from ctxschema.consumers.asked import Asked
from ctxschema.consumers.javascript import Undefined, number_text, plain
from ctxschema.consumers.stations import Instantiation, instantiate, travelled_data
from ctxschema.consumers.sunstone import rewritten, service_editor_read
from ctxschema.consumers.sunstone_form import Form, Outcome
from ctxschema.consumers.table import (
    CLI,
    CONSUMERS,
    ONEFLOW,
    ROWS,
    SERVICE_EDITOR,
    SUNSTONE,
    Accepts,
    Consumer,
    subjects,
)
from ctxschema.core.source import SourceText, Span
from ctxschema.grammar.ast import UserInput
from ctxschema.grammar.nodes import Part

_ENDS = {
    command_line.EXIT: "ends the whole command",
    command_line.CRASH: "crashes the whole command",
    command_line.REPROMPT: "asks again, for ever",
    command_line.ABSENT: "leaves the input out",
}
_NULL = "value null"


@frozen
class Explanation:
    """How one consumer treats a definition.

    Attributes:
        accepts: Whether it accepts the definition.
        sees: What the user is shown.
        sends: What is sent when Enter is pressed, or the form is submitted unchanged.
        arrives: What reaches the machine, if a dollar sign in the default makes a difference.
    """

    consumer: Consumer
    accepts: Accepts
    sees: str
    sends: str
    arrives: str = ""


def explain(node: UserInput) -> list[Explanation]:
    """Return how each consumer treats a definition."""
    explained = [_EXPLAINED.get(consumer.id, _by_table)(node, consumer) for consumer in CONSUMERS]
    return [evolve(each, arrives=arrives(node, each.consumer)) for each in explained]


@frozen
class Beside:
    """The template around a single definition.

    Args:
        name: The name of its input.
        following: The name of the next input; empty if there is none.
        answer: The answer typed for the next input; empty for just Enter.
    """

    name: str = "INPUT"
    following: str = "NEXT"
    answer: str = ""

    def travelled(self, node: UserInput, answer: str) -> Instantiation:
        """Return the way of an answer into the machine, for a template whose CONTEXT refers to both inputs."""
        asked = [Asked(self.name, node, answer)]
        if self.following:
            asked.append(Asked(self.following, _FREE_TEXT, self.answer))
        return instantiate(asked, {each.name: f"${each.name}" for each in asked})


_FREE_TEXT = UserInput(SourceText("O|text|| |"), tuple(Part(text, Span(0, 0)) for text in ("O", "text", "", " ", "")))


def explanation_data(node: UserInput, answers: Sequence[str] = (), beside: Beside | None = None) -> dict[str, Any]:
    """Return the explanation as plain data, in the vocabulary of ``user-input-probes.json``.

    Args:
        node: The definition.
        answers: Answers to explain: their results on the command line and in Sunstone, and their way into the machine.
        beside: The template around the definition.
    """
    form = Form(node)
    cli: dict[str, Any] = {"enter": command_line.enter(node)}
    sunstone: dict[str, Any] = {
        "read": form.read.as_dict(),
        "rewritten_as": rewritten(node),
        "service_editor_read": service_editor_read(node),
        "widget": form.widget,
        "default": form.default,
        "untouched": form.untouched().as_dict(),
    }
    if answers:
        cli["typed"] = [{"typed": answer, "outcome": command_line.typed(node, answer)} for answer in answers]
        sunstone["typed"] = [{"typed": answer, "outcome": form.typed(answer).as_dict()} for answer in answers]
    consumers = [
        {
            "consumer": each.consumer.id,
            "accepts": each.accepts.value,
            "sees": each.sees,
            "sends": each.sends,
            **({"arrives": each.arrives} if each.arrives else {}),
        }
        for each in explain(node)
    ]
    data: dict[str, Any] = plain({"input": node.emit(), "cli": cli, "sunstone": sunstone, "consumers": consumers})
    if answers:
        found = [(beside or Beside()).travelled(node, answer) for answer in answers]
        data["typed"] = [{**travelled_data(each.travelled[0]), "extra": dict(each.extra)} for each in found]
    return data


def _rows(node: UserInput, consumer: Consumer) -> tuple[Accepts, str]:
    readings = [ROWS[subject].of(consumer) for subject in subjects(node)]
    accepts = max((reading.accepts for reading in readings), key=lambda each: each.rank, default=Accepts.YES)
    return accepts, "; ".join(reading.makes for reading in readings if reading.makes)


def _by_table(node: UserInput, consumer: Consumer) -> Explanation:
    accepts, makes = _rows(node, consumer)
    default = (node.default or "").strip()
    return Explanation(consumer, accepts, makes or "as it stands", _value_in_words(default) if default else "nothing")


def _command_line(node: UserInput, consumer: Consumer) -> Explanation:
    by_table, makes = _rows(node, consumer)
    entered = command_line.enter(node)
    if entered in {command_line.EXIT, command_line.CRASH}:
        refused = command_line.typed(node, "YES") in {command_line.EXIT, command_line.CRASH}
        accepts = Accepts.NO if refused else Accepts.PARTLY
    else:
        endless = entered == command_line.REPROMPT and (bool((node.default or "").strip()) or node.flag != "M")
        accepts = Accepts.PARTLY if endless else Accepts.YES
    accepts = max(accepts, by_table, key=lambda each: each.rank)
    sends = "nothing" if entered == _NULL else _ENDS.get(entered) or entered.removeprefix("value ")
    return Explanation(consumer, accepts, makes, sends)


def _sunstone(node: UserInput, consumer: Consumer) -> Explanation:
    form = Form(node)
    accepts, makes = _rows(node, consumer)
    outcome = form.untouched()
    if not outcome.ok and "required" not in outcome.error:
        accepts = max(accepts, Accepts.PARTLY, key=lambda each: each.rank)
    shown = {"text": "text box", "autocomplete": "list"}.get(form.widget, form.widget)
    default = "" if _is_nothing(form.default) else f", at first {_value_in_words(form.default)}"
    sees = f"{shown}{default}" + (f"; {makes}" if makes else "")
    return Explanation(consumer, accepts, sees, _submitted(outcome))


def _submitted(outcome: Outcome) -> str:
    if not outcome.ok:
        return f"refused: {outcome.error.splitlines()[0]}"
    return "nothing" if _is_nothing(outcome.submitted) else _value_in_words(outcome.submitted)


def _is_nothing(value: Any) -> bool:
    return isinstance(value, Undefined) or value == "" or (isinstance(value, float) and math.isnan(value))


def _value_in_words(value: Any) -> str:
    value = 0.0 if value == 0.0 and isinstance(value, float) else value  # JSON has no negative zero
    return number_text(value) if isinstance(value, float) else json.dumps(plain(value), ensure_ascii=False)


def _service_editor(node: UserInput, consumer: Consumer) -> Explanation:
    accepts, makes = _rows(node, consumer)
    form = service_editor_read(node)
    if "crash" in form:
        return Explanation(consumer, Accepts.NO, makes, "nothing: the editor does not open")
    default = form["default"]
    if isinstance(default, (Undefined, float)) and _is_nothing(default):
        makes = f"{makes}; no default" if makes else "no default"
        accepts = max(accepts, Accepts.PARTLY, key=lambda each: each.rank)
        saved = number_text(default) if isinstance(default, float) else default
        return Explanation(consumer, accepts, makes, f"saves the default as {saved}")
    return Explanation(consumer, accepts, makes or "as it stands", f"saves the default as {_value_in_words(default)}")


def _oneflow(node: UserInput, consumer: Consumer) -> Explanation:
    accepts, makes = _rows(node, consumer)
    untouched = Form(node).untouched()
    missing = isinstance(untouched.submitted, Undefined) or command_line.enter(node) == command_line.ABSENT
    if untouched.ok and missing:
        sends = "error 400 unless a value is sent, though it is optional"
        accepts = max(accepts, Accepts.PARTLY, key=lambda each: each.rank)
    else:
        sends = "what the client sends; it applies no default"
    return Explanation(consumer, accepts, makes or "the name only; the definition is not looked at", sends)


_EXPLAINED = {
    CLI.id: _command_line,
    SUNSTONE.id: _sunstone,
    SERVICE_EDITOR.id: _service_editor,
    ONEFLOW.id: _oneflow,
}
