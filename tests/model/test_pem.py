"""Base64 is read as strictly as Python's own reader of it."""

import base64

from hypothesis import example, given
from hypothesis import strategies as st

from ctxschema.model.pem import pem_text

TEXT = "-----BEGIN CERTIFICATE-----"


def read_by_python(text: str) -> str | None:
    """What the text holds, once its blanks are gone."""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("ascii").strip() + "\n"
    except ValueError:
        return None


@given(st.text(alphabet="QUJD=+/ \nä-", max_size=12))
@example("=")
@example("=" * 4)
@example("AAA")
def test_what_is_no_base64_is_no_pem(noise: str) -> None:
    encoded = base64.b64encode(TEXT.encode()).decode()
    for text in (encoded + noise, noise + encoded, encoded[:7] + noise + encoded[7:]):
        read = read_by_python(text)
        assert pem_text(text) == (read if read and "-----BEGIN " in read else None)
