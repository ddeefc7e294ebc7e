"""What bash, zsh and fish are told when they complete, through click's own protocol."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from ctxschema.cli.commands import cli

OWN = """\
name: blog
title: Blog
summary: A blog.
variables:
  BLOG_PORT: {kind: number, label: Port, default: 80, help: The port., group: web}
  BLOG_TITLE: {kind: text, label: Title, default: Mine, help: The title., group: looks}
"""


def completed(words: str, shell: str = "bash", folder: Path | None = None) -> list[str]:
    """What a shell is offered for the last of the words."""
    *before, last = words.split(" ")
    told = {
        "bash": {"COMP_WORDS": f"ctxschema {words}", "COMP_CWORD": str(len(before) + 1)},
        "zsh": {"COMP_WORDS": f"ctxschema {words}", "COMP_CWORD": str(len(before) + 1)},
        "fish": {"COMP_WORDS": f"ctxschema {' '.join(before)} {last}", "COMP_CWORD": last},
    }[shell]
    environment = {**os.environ, **told, "_CTXSCHEMA_COMPLETE": f"{shell}_complete"}
    script = Path(sys.executable).with_name("ctxschema")
    ended = subprocess.run([script], env=environment, capture_output=True, text=True, check=False, cwd=folder)
    assert ended.stderr == ""
    lines = ended.stdout.strip("\n").splitlines()
    if shell == "bash":
        return [line.partition(",")[2] if line.startswith("plain,") else line for line in lines]
    if shell == "zsh":
        return [word for kind, word in zip(lines[::3], lines[1::3], strict=False) if kind == "plain"]
    return [line.split(",", 1)[1].split("\t")[0] for line in lines if line.startswith("plain,")]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("sh", ["show"]),
        ("gpu ch", ["check"]),
        ("generate user", ["user-inputs"]),
        ("show flower-superl", ["flower-superlink"]),
        ("show flower-supernode FL_GPU_E", ["FL_GPU_ENABLED"]),
    ],
)
def test_every_shell_is_answered(shell: str, words: str, expected: list[str]) -> None:
    assert completed(words, shell) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("generate user-inputs flower-supernode --group g", ["gpu"]),
        ("generate user-inputs flower-supernode --names o", ["oneapp"]),
        ("generate all fl", ["flower-superlink", "flower-supernode", "flower-service"]),
        ("generate agent oll", ["ollama"]),
        ("generate oneflow flower-service --template superl", ["superlink="]),
        ("generate declaration ollama --format p", ["python"]),
        ("generate gpu-script v", ["vm"]),
        ("boot flower-supernode --gpu d", ["detect"]),
        ("boot vl", ["vllm"]),
        ("validate vl", ["vllm"]),
        ("drift vl", ["vllm"]),
        ("diff vl", ["vllm"]),
        ("diff ollama vl", ["vllm"]),
        ("list --format j", ["json"]),
        ("gpu check h", ["host"]),
        ("codes order-ca", ["order-case"]),
        ("lint --select CTX01", None),
        ("lint --ignore CTX014,order-ca", ["CTX014,order-case"]),
        ("lint --consumer sunst", None),
        ("lint --min-severity e", ["error"]),
        ("lint --fail-on w", ["warning"]),
        ("lint --format sa", ["sarif"]),
        ("lint --no-ca", ["--no-cache"]),
        ("show --from own.yaml b", ["blog", "BLOG_PORT", "BLOG_TITLE"]),
        ("show --from own.yaml BLOG_P", ["BLOG_PORT"]),
        ("generate user-inputs --from own.yaml --group lo", ["looks"]),
        ("diff ollama --from own.yaml b", ["blog"]),
        ("show --from gone.yaml x", []),
        ("generate user-inputs --from gone.yaml --group lo", []),
        ("show nonsense FL", []),
    ],
)
def test_every_choice_is_completed(tmp_path: Path, words: str, expected: list[str] | None) -> None:
    (tmp_path / "own.yaml").write_text(OWN)
    found = completed(words, folder=tmp_path)
    last = words.rpartition(" ")[2]
    assert all(word.lower().startswith(last.lower()) for word in found)
    assert found == expected if expected is not None else found


FILES = (
    "lint",
    "parse",
    "import",
    "preview",
    "drift ollama",
    "diff ollama",
    "list --from",
    "validate --context",
)


@pytest.mark.parametrize("words", [*FILES, "boot ollama --report", "lint --config", "explain --template"])
def test_files_are_left_to_the_shell(words: str) -> None:
    assert completed(f"{words} some/fi") in (["file,some/fi"], ["file,"])


def test_a_group_tells_of_its_commands_what_they_tell_themselves() -> None:
    """It reads that from their source, so that nothing is imported for it."""
    context = click.Context(cli)
    told = {each.value: each.help for each in cli.shell_complete(context, "")}
    assert {"boot", "import", "generate", "gpu"} <= told.keys()
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert told[name] == (command.help or "").splitlines()[0]
