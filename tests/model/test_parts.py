"""What the small parts of the model answer: pauses, tags, placeholders, names and messages."""

from typing import Any

import pytest

from ctxschema.core.errors import UnknownNameError
from ctxschema.model.appliance import Appliance
from ctxschema.model.check import Answer, Check, Layer, Status, in_general, placeholders, plain
from ctxschema.model.container import Container, Image
from ctxschema.model.kinds import BOOLEAN, NUMBER, TEXT
from ctxschema.model.limits import Matches
from ctxschema.model.placeholders import (
    filled,
    in_words,
    is_every_address,
    is_every_host,
    is_one_address,
    text_faults,
)
from ctxschema.model.step import Backoff
from ctxschema.model.texts import DEFAULT_HAZARDS, LABEL_HAZARDS, without_hazards
from ctxschema.model.trouble import HOLES, Message, hole
from ctxschema.model.variable import Variable

FLAG = Variable("FL_FLAG", BOOLEAN, label="Flag", default=False, group="web")
COUNT = Variable("FL_COUNT", NUMBER, label="Count", default=1, aliases=("OLD_COUNT",), group="web")
OTHER = Variable("FL_OTHER", NUMBER, label="Other", default=1, group="db")
RELEASE = Variable("FL_RELEASE", TEXT, label="Release", default="1.2", limits=(Matches("[0-9.]{1,5}", "r", "1", "a"),))


@pytest.mark.parametrize(
    ("backoff", "longest", "pauses"),
    [
        (Backoff(10), 30, [10, 10, 10, 10]),
        (Backoff(1, factor=2), 5, [1, 2, 4, 5]),
        (Backoff(0.5, factor=3, attempts=3), 100, [0.5, 1.5, None, None]),
        (Backoff(2, factor=2), 0, [1, 1, 1, 1]),
        (Backoff(2, attempts=1), 9, [None, None, None, None]),
    ],
)
def test_pauses_grow_up_to_the_longest(backoff: Backoff, longest: float, pauses: list[float | None]) -> None:
    assert [backoff.pause(attempt, longest) for attempt in (1, 2, 3, 4)] == pauses
    assert {type(backoff.pause(attempt, longest)) for attempt in (1, 2, 3, 4)} <= {float, type(None)}
    # That many attempts would be a number of thousands of digits.
    assert Backoff(1, factor=10).pause(10**6, 1e300) == 1e64


@pytest.mark.parametrize(
    ("tag", "gpu", "release"),
    [
        ("v1.2-slim", False, "1.2"),
        ("v1.2-cuda", False, None),
        ("v1.2-cuda", True, "1.2"),
        ("1.2-slim", False, None),
        ("v-slim", False, None),
        ("v1.2", False, None),
        ("vlatest-slim", False, None),
        ("v1.2.3.4-slim", False, None),
    ],
)
def test_a_release_is_found_in_a_tag(tag: str, gpu: bool, release: str | None) -> None:  # noqa: FBT001
    image = Image("a", "v{FL_RELEASE}-slim", "v{FL_RELEASE}-cuda", RELEASE)
    assert image.release_of(tag, gpu=gpu) == release
    assert Image("a", "v{FL_RELEASE}-slim", release=RELEASE).release_of("v1.2-slim", gpu=True) == "1.2"
    assert Image("a", "1.2").release_of("1.2", gpu=False) is None


FACTS = {"address": "10.0.0.9", "vm_id": "7"}
ADDRESSES = {"A": "10.0.0.1:80", "B": "0.0.0.0:81", "C": "[::]:82", "D": "[fe80::1]:83", "E": "db:84"}
KNOWN = {**FACTS, **ADDRESSES, "F": "", "P": "/a/b"}


@pytest.mark.parametrize(
    ("text", "full", "words"),
    [
        ("a {vm_id} b", "a 7 b", "a vm_id b"),
        ("{A}{A:port}", "10.0.0.1:8080", "Athe port of A"),
        ("{A:listening-host}", "0.0.0.0", "the container's own address of the same family as that of A"),
        ("{D:listening-host}", "[::]", None),
        ("{D:listening-ip}", "::", "the container's own address, without brackets, of the same family as that of D"),
        ("{A:listening-ip}", "0.0.0.0", None),
        ("{A:publishing-host}", "10.0.0.1", "the machine's address of A"),
        ("{D:publishing-host}", "[fe80::1]", None),
        ("<{B:publishing-host}{C:publishing-host}{E:publishing-host}>", "<>", None),
        ("{A:reachable}", "10.0.0.1:80", "the address from outside of A"),
        ("{B:reachable} {C:reachable}", "10.0.0.9:81 10.0.0.9:82", None),
        ("{F:reachable}", None, None),
        ("{P:folder}", "/a", "the folder of P"),
        ("{A:folder}", None, None),
        ("{A:pem}", None, "the decoded PEM text of A"),
        ("{F}", "", None),
        ("{NONE}", None, None),
        ("{NONE:port} {A}", None, None),
        ("{NONE} {A}", None, None),
        ("{a b} {A:Port} {}", "{a b} {A:Port} {}", "{a b} {A:Port} {}"),
    ],
)
def test_placeholders_are_filled(text: str, full: str | None, words: str | None) -> None:
    assert filled(text, KNOWN.get, FACTS) == full
    if words is not None:
        assert in_words(text) == words


def test_an_address_is_of_one_machine_or_of_all() -> None:
    hosts = ["", "0.0.0.0", "[::]", "10.0.0.1", "256.0.0.1", "db"]
    assert [host for host in hosts if is_every_host(host)] == ["", "0.0.0.0", "[::]"]
    assert [host for host in hosts if is_one_address(host)] == ["10.0.0.1"]
    assert [each for each in KNOWN.values() if is_every_address(each)] == ["0.0.0.0:81", "[::]:82"]
    assert filled("{B:reachable}", KNOWN.get, {}) is None


def test_a_placeholder_that_names_nothing_is_a_fault() -> None:
    known = "port, listening-host, listening-ip, publishing-host, reachable, folder, pem"
    assert [*text_faults("{A:prot}{NONE}{vm_id}{A:port}", {"A": 1})] == [
        f"{{A:prot}}{{NONE}}{{vm_id}}{{A:port}} names the function prot; there are {known}",
        "{A:prot}{NONE}{vm_id}{A:port} names NONE, which is not declared",
    ]


def test_what_some_consumer_cannot_carry_is_replaced() -> None:
    assert without_hazards(' a|"b"\r\nc ]]> ${d}\\ ', LABEL_HAZARDS) == "a/'b' c ]] > $ {d}\\"
    assert without_hazards("a$b\x00c\\\\", DEFAULT_HAZARDS) == "ab c"


THEIRS = {"FL_THEIRS": "other role"}
WELL = Appliance("well", "Well", "Well.", (FLAG, COUNT, OTHER), container=Container(Image("a")), other_roles=THEIRS)
STEPS = "os, context, validate, folders, files, unit, docker, version, start, running"


def test_what_an_appliance_has_is_found_by_name() -> None:
    assert WELL.variable("fl_count") is WELL.variable("Count") is WELL.variable("old_count") is COUNT
    assert WELL.group("WEB") == (FLAG, COUNT)
    assert WELL.group("db") == (OTHER,)
    assert (WELL.step_number("os"), WELL.step_number("running")) == (1, 10)
    assert WELL.group_title("web") == "web"
    assert Appliance("a", "A", "A", (), group_titles={"web": "The web"}).group_title("web") == "The web"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: WELL.variable("fl_coutn"), "well has no variable fl_coutn; did you mean FL_COUNT?"),
        (lambda: WELL.variable("fl_theirs"), "well has no variable fl_theirs; it belongs to the other role"),
        (lambda: WELL.variable("zzz"), "well has no variable zzz"),
        (lambda: WELL.group("webb"), "well has no group webb; it has web, db; did you mean web?"),
        (
            lambda: WELL.step_number("dockr"),
            f"well has no step dockr; its steps are {STEPS}; did you mean docker?",
        ),
        (
            lambda: Appliance("none", "None", "None.", ()).step_number("os"),
            "none has no step os; its steps are none",
        ),
    ],
)
def test_what_it_has_not_is_met_with_what_there_is(call: Any, said: str) -> None:
    with pytest.raises(UnknownNameError) as refused:
        call()
    assert str(refused.value) == said


def test_the_texts_of_a_check() -> None:
    bad, good = Answer("bad", Status.FAIL, "`{path}` of {name} {path}"), Answer("good", Status.PASS, "m")
    check = Check("id", Layer.HOST, "q", "p", "p", (good, bad))
    assert check.answer("bad") is bad
    assert plain("`a` and `b`") == "a and b"
    assert placeholders(bad.message) == ("path", "name")
    assert in_general(bad.message) == "`<path>` of <name> <path>"


def places(message: str, text: str) -> list[str]:
    """What a message matches in a text."""
    return [match[0] for match in Message(message).matches(text, text.lower().replace("\n", " "))]


FAR = "x " * 600


@pytest.mark.parametrize(
    ("message", "text", "found"),
    [
        ("no GPU", "there is No gpu here, and no GPU there", ["No gpu", "no GPU"]),
        ("GPU {number} is lost", "GPU 7 is lost\nvGPU 8 is lost\nGPU 9 is lost", ["GPU 7 is lost", "GPU 9 is lost"]),
        ("GPU {number} is lost", "GPU 7\nis lost", ["GPU 7\nis lost"]),
        ("{number} of {number} lost", "1 of 2 lost; 3 of 4 lost", ["1 of 2 lost", "3 of 4 lost"]),
        ("start {rest} end", f"start {FAR[:290]}end", [f"start {FAR[:290]}end"]),
        ("start {rest} end", f"start {FAR}end", []),
        ("is lost", "a\nb\nc\nis lost\nd is lost", ["is lost", "is lost"]),
        ("{name}: lost and {name}", "a: lost and b\nc: lost and d", ["a: lost and b", "c: lost and d"]),
        ("lost {all}", "lost all that follows\nand lost that", ["lost all that follows", "lost that"]),
        ("one {rest} two {rest} three", "one a two b three\none c two d", ["one a two b three"]),
        ("a b {rest} z", "a b c\nd z", []),
    ],
)
def test_a_message_is_found_in_a_log(message: str, text: str, found: list[str]) -> None:
    assert places(message, text) == found


def test_a_part_that_varies_has_a_pattern() -> None:
    assert hole("number") is HOLES["number"]
    assert hole("whatever").sample == "something"
    assert Message("GPU {number} of {whatever} {number}").example == "GPU 7 of something 7"
