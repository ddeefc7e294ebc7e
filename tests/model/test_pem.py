"""Base64 is read as strictly as by the strictest Python."""

import base64

from hypothesis import example, given
from hypothesis import strategies as st

from ctxschema.model.pem import pem_text

TEXT = "-----BEGIN CERTIFICATE-----"


def read_by_python(text: str) -> str | None:
    """What the text holds, once its blanks are gone; older Pythons let too much padding pass."""
    packed = "".join(text.split())
    try:
        plain = base64.b64decode(packed, validate=True)
        return plain.decode("ascii").strip() + "\n" if len(packed) == 4 * -(-len(plain) // 3) else None
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
