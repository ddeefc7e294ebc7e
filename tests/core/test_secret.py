"""Secrets in what programs print: none is left, whole or cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema.core.secret import LEFT_OUT, MASK, shortened, starred

WORDS = st.text("abcXYZ019-/ ", max_size=150)
SECRETS = st.text("abcXYZ019-/", min_size=8, max_size=80)


@given(WORDS, SECRETS, WORDS)
def test_no_half_of_a_secret_is_left_where_a_text_was_shortened(before: str, secret: str, after: str) -> None:
    said = starred(shortened(f"{before}{secret}{after}"), [secret])
    assert secret not in said
    start, cut, end = said.partition(LEFT_OUT)
    if cut:
        assert not any(start.endswith(secret[:length]) for length in range(4, len(secret)))
        assert not any(end.startswith(secret[-length:]) for length in range(4, len(secret)))


@pytest.mark.parametrize("at", [60, 95, 110, 150, 185])
def test_a_secret_in_a_long_error_of_docker(at: int) -> None:
    secret = "s3cr3t-of-twenty-six-letters"
    said = starred(shortened(f"{'x' * at}{secret}{'y' * 120}"), [secret])
    assert not any(secret[start : start + 4] in said for start in range(len(secret) - 3))
    assert len(said) <= 200 + 2 * len(MASK)


def test_a_short_text_stays_as_it_is() -> None:
    assert shortened("no such image") == "no such image"
