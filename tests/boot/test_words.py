"""The agent reads plain words without argparse, and reads them as argparse does."""

import contextlib
import io
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ctxschema.boot import arguments
from ctxschema.boot.program import Appliances, only
from ctxschema.catalog import BOOTABLE, get_appliance

MODES = {"boot": arguments.BOOT, "env": arguments.ENVIRONMENT, "scripts": arguments.SCRIPTS}
WORDS = st.lists(
    st.sampled_from(
        [
            *("--context", "--root", "--report", "--format", "--dry-run", "--no-hardening", "--check-gpu", "--secrets"),
            *("/", ".", "/nope", "text", "json", "sh", "x", "", "-", "--", "-1", "--dry", "--format=json", "ollama"),
            *("--help", "-h", "flower-supernode", "a b"),
        ]
    ),
    max_size=7,
)


def by_argparse(monkeypatch: pytest.MonkeyPatch, words: list[str], mode: Any, appliances: Appliances) -> Any:
    with monkeypatch.context() as patched, contextlib.redirect_stderr(io.StringIO()):
        patched.setattr(arguments, "read_plain_arguments", lambda *_: None)
        try:
            return vars(arguments.read_arguments(words, mode, appliances.names))
        except SystemExit as ended:
            return ended.code


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("appliances", [Appliances(BOOTABLE, get_appliance), only(get_appliance("ollama"))])
def test_plain_words_are_read_as_argparse_reads_them(
    mode: str, appliances: Appliances, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bool] = []

    @given(WORDS)
    @example(["ollama", "--context", "x", "--root", "/"])
    @example(["ollama", "x"])
    @example(["--format", "toml", "ollama"])
    @example([])
    def look(words: list[str]) -> None:
        options = {**arguments.SHARED, **MODES[mode].options}
        plain = arguments.read_plain_arguments(words, options, appliances.names)
        read.append(plain is not None)
        with contextlib.redirect_stdout(io.StringIO()):
            assert plain is None or plain == by_argparse(monkeypatch, words, MODES[mode], appliances)

    look()
    assert any(read)
    assert not all(read)


def test_the_only_appliance_need_not_be_named() -> None:
    plain = arguments.read_plain_arguments([], arguments.SHARED, ("ollama",))
    assert plain == {"appliance": "ollama", "context": None, "root": "/"}
    assert arguments.read_plain_arguments([], arguments.SHARED, ("ollama", "vllm")) is None
