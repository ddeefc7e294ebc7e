"""``ctxschema-agent env``: values for a shell, safe to evaluate whatever they hold."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema import Appliance, get_appliance, load_context
from ctxschema.agent import main
from ctxschema.boot.environment import Environment, environment, shell_lines
from ctxschema.catalog.flower import SUPERNODE_APPLIANCE
from ctxschema.context.context_sh import write_context_sh
from ctxschema.core import codes
from ctxschema.core.secret import Secret
from ctxschema.model.kinds import PASSWORD, TEXT
from ctxschema.model.variable import Variable
from ctxschema.testing import contexts
from tests.machine import ADDRESS, LINK, NODE
from tests.pem import CERTIFICATE, PRIVATE_KEY

PRINT_ALL = "import json, os; print(json.dumps(dict(os.environ)))"


def evaluated(lines: str, *shell: str) -> dict[str, str]:
    """Return the environment after a shell evaluated some lines, as a program that it starts sees it."""
    script = 'eval "$1"; exec python3 -IS -c "$2"'
    ended = subprocess.run(
        [*(shell or ("sh",)), "-c", script, "sh", lines, PRINT_ALL],
        capture_output=True,
        check=True,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        timeout=20,
    )
    assert ended.stderr == b""
    found: dict[str, str] = json.loads(ended.stdout)
    return found


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code = main(["env", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_values_with_the_defaults_applied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    context = tmp_path / "context.sh"
    context.write_text(write_context_sh({**ADDRESS, "FL_GPU_ENABLED": "yes", "FL_MAX_RETRIES": ""}))
    code, out, _ = printed(capsys, NODE, "--context", str(context))
    assert code == 0
    assert {"export FL_GPU_ENABLED='YES'", "export FL_MAX_RETRIES='0'", "export FL_GPU_MEMORY_FRACTION='0.8'"} <= set(
        out.splitlines()
    )
    found = evaluated(out)
    for variable in SUPERNODE_APPLIANCE.variables:
        assert variable.name in found
    assert found["FL_SUPERLINK_ADDRESS"] == "10.0.0.1:9092"
    code, out, _ = printed(capsys, NODE, "--context", str(context), "--format", "json")
    assert json.loads(out) == {name: found[name] for name in SUPERNODE_APPLIANCE.by_name}


@pytest.mark.parametrize("shell", [("sh",), ("bash",), ("bash", "--posix")])
def test_what_a_value_holds_is_never_run(tmp_path: Path, shell: tuple[str, ...]) -> None:
    nasty = f"a='$(touch {tmp_path}/a)' b=\"`touch {tmp_path}/b`\" c='\\\\ !x'\n d=1\t-e=2 x'; touch {tmp_path}/c; '"
    values = {"FL_NODE_CONFIG": nasty}
    found = evaluated("".join(shell_lines(Environment(values, (), ()))), *shell)
    assert found["FL_NODE_CONFIG"] == nasty
    assert list(tmp_path.iterdir()) == []


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)


@given(values=st.dictionaries(st.sampled_from(["FL_A", "FL_B", "FL_C"]), texts, min_size=1))
def test_any_text_survives_a_shell(values: dict[str, str]) -> None:
    found = evaluated("".join(shell_lines(Environment(values, ("FL_D",), ()))))
    assert {name: found[name] for name in values} == values


@given(context=contexts(SUPERNODE_APPLIANCE))
def test_every_line_is_an_export_or_an_unset(context: dict[str, str]) -> None:
    found = environment(SUPERNODE_APPLIANCE, load_context(context))
    assert found.values.keys() | set(found.without) == SUPERNODE_APPLIANCE.by_name.keys()
    assert not found.values.keys() & set(found.without)


def test_an_error_prints_nothing_to_evaluate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    context = tmp_path / "context.sh"
    context.write_text(write_context_sh({"FL_ISOLATION": "jail", "FL_MAX_RETRIES": "x"}))
    code, out, err = printed(capsys, NODE, "--context", str(context))
    assert (code, out) == (1, "")
    assert "FL_ISOLATION" in err
    assert "FL_MAX_RETRIES" in err


def test_a_wrong_gpu_setting_is_a_warning_and_unset_for_the_shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    context = tmp_path / "context.sh"
    context.write_text(write_context_sh({**ADDRESS, "FL_GPU_ENABLED": "YES", "FL_GPU_MEMORY_FRACTION": "80%"}))
    code, out, err = printed(capsys, NODE, "--context", str(context))
    assert code == 0
    assert "unset FL_GPU_MEMORY_FRACTION\n" in out
    assert "warning" in err


def test_a_secret_is_printed_only_when_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values = {"FL_TLS_ENABLED": "YES", "FL_SSL_CERTFILE": CERTIFICATE, "FL_SSL_KEYFILE": PRIVATE_KEY}
    context = tmp_path / "context.sh"
    context.write_text(write_context_sh(values))
    code, out, err = printed(capsys, LINK, "--context", str(context))
    assert code == 0
    assert "PRIVATE KEY" not in out + err
    assert "FL_SSL_KEYFILE is a secret" in err
    code, out, err = printed(capsys, LINK, "--context", str(context), "--secrets")
    assert evaluated(out)["FL_SSL_KEYFILE"] == PRIVATE_KEY
    assert "PRIVATE KEY" not in err


WORD = Variable("OWN_WORD", PASSWORD, label="Word", default=None)
OTHER = Variable("OWN_OTHER", PASSWORD, label="Other", default=Secret(""))
PLAIN = Variable("OWN_PLAIN", TEXT, label="Plain", default="p")
OWN = Appliance("own", "Own", "One.", (WORD, OTHER, PLAIN), prefixes=("OWN_",))


def test_of_secrets_only_those_that_are_given_are_told_of() -> None:
    left_out = environment(OWN, load_context({"OWN_WORD": "w"}))
    assert (left_out.values, left_out.without) == ({"OWN_OTHER": "", "OWN_PLAIN": "p"}, ("OWN_WORD",))
    (finding,) = left_out.findings
    assert (finding.code, finding.variable, finding.message) == (
        codes.SECRET_LEFT_OUT.id, "OWN_WORD", "OWN_WORD is a secret, and left out",
    )  # fmt: skip
    asked_for = environment(OWN, load_context({"OWN_WORD": "w"}), secrets=True)
    assert (asked_for.values, asked_for.without, asked_for.findings) == (
        {"OWN_WORD": "w", "OWN_OTHER": "", "OWN_PLAIN": "p"}, (), (),
    )  # fmt: skip
    assert environment(OWN, load_context({"OWN_PLAIN": "q"})).findings == ()


def test_the_service_has_values_as_well() -> None:
    assert environment(get_appliance("flower-service"), load_context({})).ok
