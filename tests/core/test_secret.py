"""Secrets in what programs print: none is left, whole or cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema.core.secret import LEFT_OUT, MASK, echoed, names_secret, quoted, shortened, shown, starred

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


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("PASSWORD", True),
        ("DB_PASSWORD", True),
        ("db_passwd", True),
        ("API_KEY", True),
        ("X_APIKEY", True),
        ("AWS_SECRET_ACCESS_KEY", True),
        ("TOKEN_TTL", False),
        ("SECRET_NAME", False),
        ("MYPASSWORD", False),
        ("KEY", False),
    ],
)
def test_which_names_are_of_secrets(name: str, *, secret: bool) -> None:
    assert names_secret(name) is secret


def test_a_secret_is_replaced_wherever_it_stands() -> None:
    assert starred("a s3cret b s3cret", ["s3cret"]) == f"a {MASK} b {MASK}"
    assert starred("abc abcd", ["abc"]) == "abc abcd"  # too short to be told from other text
    assert starred("abcd", ["abcd"]) == MASK
    assert starred("first\r\nsecond line", ["first\nsecond"]) == f"{MASK}\r\n{MASK} line"
    assert starred("s3cret-longer", ["s3cret", "s3cret-longer"]) == MASK
    assert starred("abcdefg", ["bcdef", "abcdefg"]) == MASK
    assert starred("the horse", ["horse battery"]) == "the horse"
    assert starred("nothing", []) == "nothing"


def test_what_a_cut_has_left_of_a_secret_is_replaced() -> None:
    assert starred(f"abs3cr{LEFT_OUT}cret cd", ["s3cr-et-cret"]) == f"ab{MASK}{LEFT_OUT}{MASK} cd"
    assert starred(f"abs3c{LEFT_OUT}ret cd", ["s3cr-et-cret"]) == f"abs3c{LEFT_OUT}ret cd"  # three are too few
    assert starred(f"s3cr-et-cre{LEFT_OUT}x", ["s3cr-et-cret"]) == f"{MASK}{LEFT_OUT}x"
    twice = f"s3cr{LEFT_OUT}cret and s3cr{LEFT_OUT}cret cd"
    assert starred(twice, ["s3cr-et-cret"]) == f"{MASK}{LEFT_OUT}{MASK} and {MASK}{LEFT_OUT}{MASK} cd"
    assert starred("ends with s3cr", ["s3cr-et-cret"]) == "ends with s3cr"  # nothing was cut there


@pytest.mark.parametrize(("length", "kept"), [(200, 200), (201, 199), (5000, 199)])
def test_a_text_of_two_hundred_characters_is_not_cut(length: int, kept: int) -> None:
    text = "".join(chr(ord("a") + at % 26) for at in range(length))
    short = shortened(text)
    assert len(short) == kept
    if length > 200:
        assert short == f"{text[:97]}{LEFT_OUT}{text[-97:]}"


def test_a_reply_shows_no_eight_characters_of_a_secret_in_a_row() -> None:
    secret = "0123456789abcdef"
    assert echoed("nothing  of\nit", secret) == "nothing of it"
    assert echoed(f"<{secret}>", secret) == f"<{MASK}>"
    assert echoed("<01234567>", secret) == f"<{MASK}>"
    assert echoed("<89abcdef>", secret) == f"<{MASK}>"
    assert echoed("01234567", secret) == MASK
    assert echoed("<0123456>", secret) == "<0123456>"
    assert echoed("<012345678>x<456789abc>", secret) == f"<{MASK}>x<{MASK}>"
    assert echoed("x" * 120, secret) == "x" * 120
    assert echoed("x" * 121, secret) == "x" * 120 + "..."
    assert echoed("x" * 50, secret, 10) == "x" * 10 + "..."
    assert echoed("x" * 4096 + secret, secret, 10_000) == "x" * 4096


def test_how_a_value_is_shown() -> None:
    assert shown("x" * 120) == "x" * 120
    assert shown("x" * 121) == f"{'x' * 120}... (121 characters)"
    assert shown("a\nb") == "a... (3 characters)"
    assert shown("x" * 121 + "\ny") == f"{'x' * 120}... (123 characters)"
    assert (shown("x", secret=True), shown("", secret=True)) == (MASK, "")
    assert (quoted("a b"), quoted("a\tb"), quoted("it's")) == ("'a b'", r"'a\tb'", "'it's'")
    assert quoted("\\d\t") == r"'\d\t'"
