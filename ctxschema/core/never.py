"""`assert_never`, for Python before 3.11."""

from __future__ import annotations

from typing import NoReturn


def assert_never(value: NoReturn) -> NoReturn:
    """Raise an error. mypy refuses the call unless every case of the value was handled before.

    It is ``typing.assert_never``, which exists since Python 3.11.
    """
    raise AssertionError(f"nothing deals with {value!r}")
