"""The end of a choice that is closed."""

from __future__ import annotations

from typing import NoReturn


def assert_never(value: NoReturn) -> NoReturn:
    """Fail where nothing can be left: mypy refuses the call unless every case has been dealt with before.

    ``typing.assert_never`` is there from Python 3.11 on only.
    """
    raise AssertionError(f"nothing deals with {value!r}")
