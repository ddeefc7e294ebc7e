"""The generated bash against the verdict of ``validate``, on many random contexts in few processes."""

import os
import random
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ctxschema.catalog import APPLIANCES, get_appliance
from ctxschema.context.load import load_context
from ctxschema.context.validate import validate
from ctxschema.core import codes
from ctxschema.core.errors import NotPortableError
from ctxschema.core.finding import Severity
from ctxschema.generate.names import Names
from ctxschema.generate.options import Options
from ctxschema.generate.registry import OUTPUTS
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.conditions import AllOf, AnyOf, Compare, Is, IsOneOf, IsSet, Linear, Not, Repeats
from ctxschema.model.kinds import BOOLEAN, LIST, LIST_MULTIPLE, NUMBER, NUMBER_FLOAT, PASSWORD, TEXT
from ctxschema.model.limits import Between, Limit, Matches, NoneOf
from ctxschema.model.variable import Deprecation, Variable
from tests.generate.contexts import SHELL_PIECES, context

(OUTPUT,) = [output for output in OUTPUTS if output.name == "one-apps"]
CONTEXTS = 5000
JUDGED = {
    code.id for code in (codes.KIND, codes.LIMIT, codes.MISSING, codes.RULE, codes.UNSAFE_VALUE, codes.CONTEXT_ENCODING)
}
SAID = re.compile(r"(\w+): (\w+) (?:\[([\w-]+)\] )?")
Said = set[tuple[str, str, str | None]]


def bash_says(script: str, names: list[str], contexts: list[dict[str, str]]) -> list[tuple[bool, Said]]:
    """Judge contexts in one bash; the functions may start nothing, so there is nothing on the PATH."""
    lines = [script, "PATH=", "set -u"]
    for values in contexts:
        lines.append(f"unset {' '.join(names)}")
        lines += [f"{name}={shlex.quote(value)}" for name, value in values.items()]
        lines.append("context_validate 2>&1; printf 'ended %s\\n' \"$?\"")
    text = "\n".join(lines).encode("utf-8", "surrogateescape")
    ended = subprocess.run(
        ["bash"], input=text, capture_output=True, check=True, env={"LC_ALL": os.environ.get("LC_ALL", "C.UTF-8")}
    )
    assert ended.stderr == b""
    found: list[tuple[bool, Said]] = []
    said: Said = set()
    for line in ended.stdout.decode(errors="replace").splitlines():
        if line.startswith("ended "):
            found.append((line == "ended 0", said))
            said = set()
        else:
            match = SAID.match(line)
            assert match, line
            said.add((match[1], match[2], match[3]))
    return found


def python_says(appliance: Appliance, values: dict[str, str]) -> tuple[bool, Said]:
    result = validate(appliance, load_context(values))
    return result.ok, {(f.severity.value, f.variable or "", f.rule) for f in result.findings if f.code in JUDGED}


def compare(appliance: Appliance, contexts: list[dict[str, str]]) -> None:
    contexts = [values for values in contexts if not any("\0" in value for value in values.values())]
    said = bash_says(OUTPUT.text(appliance), list(appliance.by_name), contexts)
    for values, bash in zip(contexts, said, strict=True):
        assert bash == python_says(appliance, values), values


@pytest.mark.parametrize("part", range(10))
def test_on_random_contexts_bash_says_what_validate_says(part: int) -> None:
    chooser = random.Random(part)
    name = APPLIANCES[part % len(APPLIANCES)]
    compare(get_appliance(name), [context(chooser, get_appliance(name)) for _ in range(CONTEXTS // 10)])


A = Variable("A", BOOLEAN, label="a", default=False)
B = Variable("B", NUMBER, label="b", default=None, mandatory=True, limits=(Between(-5, 250), NoneOf((7, 11), "taken")))
C = Variable(
    "C", NUMBER_FLOAT, label="c", default=0.5, effective=Is(A, True),
    limits=(Between(-1.25, 9.75, low_included=False), NoneOf((0, 7), "taken")),
)  # fmt: skip
D = Variable("D", LIST_MULTIPLE, label="d", default=("x",), options=("x", "y z", "1*"), effective=Compare(B, ">=", 100))
E = Variable("E", TEXT, label="e", default=None, limits=(Matches("[a-c]{2,3}", "letters", "ab", "x", longest=2),))
F = Variable("F", TEXT, label="it's f", default="0,1", effective=AnyOf((IsSet(E), Not(Is(C, 0.1)))))
G = Variable("G", PASSWORD, label="g", default=None, mandatory=True)
H = Variable("H", LIST, label="h", default="one", options=("one", "two"), deprecated=Deprecation("2.0", "F"))
OWN = Appliance("own", "Own's", "An appliance with $(reboot) in it.", (A, B, C, D, E, F, G, H), (
    Rule("a-b", Severity.ERROR, A, "message", "repair", when=AllOf((Is(A, True), Compare(B, "<", 0)))),
    Rule("c", Severity.ERROR, C, "message", "repair", when=Is(E, "ab"), must=Compare(1.5, "<", C)),
    Rule("d", Severity.WARNING, D, "message", "repair", when=Compare(Linear(B, -3, 5), "=", Linear(B, 2))),
    Rule("f", Severity.INFO, F, "it's", "repair", when=AllOf((Repeats(F), Not(IsOneOf(H, ("one",)))))),
    Rule("g", Severity.ERROR, G, "message", "repair", must=AnyOf((Not(IsSet(G)), IsOneOf(C, (0.5, 2.5))))),
))  # fmt: skip


def test_an_appliance_with_every_limit_and_condition_gets_the_verdict_of_validate() -> None:
    chooser = random.Random(1)
    contexts = [
        {name: chooser.choice(SHELL_PIECES) for name in "ABCDEFGH" if chooser.random() < 0.6} for _ in range(1500)
    ]
    compare(OWN, contexts)


@pytest.mark.parametrize("option", ["set -e", "set -fuCk -o pipefail", "set -o posix", "shopt -s nocasematch failglob"])
def test_the_options_of_who_calls_it_change_nothing_and_stay(option: str) -> None:
    script = OUTPUT.text(OWN)
    outputs = []
    for set_first in (":", option):
        lines = [script, set_first, "before=$-$(shopt -p)"]
        for values in ("G=g B=1 H=ONE D=X", "G=g B=7", "C=9 E=abc", "G=g B=1 A=yes H=two F=0,0"):
            assigned = values.replace(" ", "\n")
            lines.append(
                f"unset A B C D E F G H\n{assigned}\nif context_validate 2>&1; then echo fine; else echo wrong; fi"
            )
        lines.append('[[ $before == "$-$(shopt -p)" ]] && context_defaults && echo "$D $H"')
        ended = subprocess.run(["bash"], input="\n".join(lines), capture_output=True, text=True, check=True)
        outputs.append((ended.stdout, ended.stderr))
    assert outputs[0] == outputs[1]
    assert "wrong" in outputs[0][0]


@pytest.mark.parametrize(
    ("name", "names"), [("flower-service", Names.VARIABLE), ("own", Names.SHORT), ("own", Names.ONEAPP)]
)
def test_it_is_clean_bash(name: str, names: Names, tmp_path: Path) -> None:
    path = tmp_path / "appliance.sh"
    path.write_text(OUTPUT.text(OWN if name == "own" else get_appliance(name), Options(names)))
    assert subprocess.run(["bash", "-n", path], capture_output=True, check=True).stderr == b""
    shellcheck = shutil.which("shellcheck", path=str(Path(sys.executable).parent)) or "shellcheck"
    ended = subprocess.run([shellcheck, path], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "")


def test_no_function_starts_a_process() -> None:
    """Beside the empty PATH of the tests: nothing for which bash starts another bash."""
    for line in OUTPUT.text(get_appliance("flower-service")).splitlines():
        code = re.sub(r"'[^']*'|\(\(.*?\)\)|^ *\S+ \| .*\)|#.*", "", line)
        assert not re.search(r"\$\(|`|[<>]\(| \| |(?<!&)&$", code), line


def test_defaults_are_applied_and_the_help_names_every_variable() -> None:
    script = OUTPUT.text(OWN)
    ended = subprocess.run(["bash"], input=f"{script}\nB=1 F=x\ncontext_defaults\necho $A $B $C $F $H\ncontext_help",
                           capture_output=True, text=True, check=True)  # fmt: skip
    first, *lines = ended.stdout.splitlines()
    assert first == "NO 1 0.5 x one"
    assert set(OWN.by_name) <= set(lines)
    assert "it's f" in ended.stdout
    assert "deprecated since 2.0, use F" in ended.stdout.replace("\n  ", " ")


def test_a_secret_is_never_said() -> None:
    values = {"B": "1", "G": "s3cret\x01", "C": "9"}
    script = f"{OUTPUT.text(OWN)}\n" + "\n".join(f"{name}={shlex.quote(value)}" for name, value in values.items())
    ended = subprocess.run(["bash"], input=f"{script}\ncontext_validate", capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "s3cret" not in ended.stdout + ended.stderr


class Odd(Limit):
    words = "odd"

    def problem(self, value: Any) -> str | None:
        return None if value % 2 else "is even"


@pytest.mark.parametrize(
    ("variable", "rule", "words"),
    [
        (Variable("X", NUMBER, label="x", default=1, limits=(Odd(),)), None, "X: bash has no words for the limit Odd"),
        (
            Variable("X", NUMBER_FLOAT, label="x", default=1.0),
            lambda x: Compare(x, "<", x),
            "rule r: bash has no words for X < X",
        ),
    ],
)
def test_what_bash_cannot_carry_is_refused_with_the_name(variable: Variable[Any], rule: Any, words: str) -> None:
    rules = () if rule is None else (Rule("r", Severity.ERROR, variable, "m", "r", must=rule(variable)),)
    with pytest.raises(NotPortableError, match=re.escape(words)) as raised:
        OUTPUT.text(Appliance("a", "A", "S", (variable,), rules))
    assert all(finding.repair for finding in raised.value.findings)
