"""Pairs about which there is nothing to ask are judged without the reader of TOML, and are judged as it judges them."""

from hypothesis import example, given
from hypothesis import strategies as st

from ctxschema.model.node_config import _problem_by_toml, _toml_problem

KEY = st.sampled_from(["a", "b", "a-b", "A_1", "1", "a.b", '"a"', "", "é", "true"])
VALUE = (
    st.sampled_from(["true", "false", "0", "-0", "+1", "01", "1.", ".5", "-1.50", "1e3", "9" * 17, "9" * 25, "nan"])
    | st.text(st.characters(codec="utf-8"), max_size=6).map('"{}"'.format)
    | st.text(st.sampled_from("0123456789.+-e_\"\\'tn \n\t"), max_size=6)
)
LINE = st.builds("{} = {}".format, KEY, VALUE)


@given(st.lists(LINE, max_size=4))
@example(["a = 1", "a = 2"])
@example(["a = 1", "b = 2", "c = true", 'd = "x y"'])
@example(['a = "\\x7f"'])
@example(['a = "\\\\d"'])
@example(["a = 1\n"])
def test_plain_pairs_are_judged_as_toml(lines: list[str]) -> None:
    assert _toml_problem(lines) == _problem_by_toml(lines)
