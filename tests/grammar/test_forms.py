"""What is read in a quick form is read as in the plain one."""

import gc
import subprocess
import sys

import pytest

from ctxschema import parse_template, parse_user_input
from ctxschema.grammar.lexer import PlainToken
from ctxschema.grammar.plain import Run, plain_run
from tests.forms import SUBJECTS, differing, plain_forms, told_of_template


@pytest.mark.parametrize("subject", SUBJECTS)
def test_both_forms_tell_the_same(subject: str) -> None:
    assert differing(subject, 17, 1500) == []


def test_the_plain_form_takes_no_run_of_attributes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctxschema.grammar.lexer.plain_run", None)
    with plain_forms():
        assert len(parse_template('A = "x"\nB = [ C = "y" ]').items) == 2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('A = "x" # why\n\n# more\nB = [ C = y, D = "z" ]\nE=1', "A B E"),
        ('A = "a \\"b\\" c"\nB = ""', "A B"),
        ('A = "x"y', ""),
        ('A = "x" B', "A"),
        ('A = "x\\"', ""),
        ("A = [ B = [ C = 1 ] ]", ""),
        ("A =\nB = 1", ""),
    ],
)
def test_a_run_ends_where_something_is_odd(text: str, names: str) -> None:
    assert [item.name for item in plain_run(text, 0).items] == names.split()


def test_what_is_plain_between_odd_attributes_is_taken_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[list[str]] = []

    class Noting(PlainToken):
        @classmethod
        def of(cls, run: Run) -> PlainToken:
            taken.append([item.name for item in run.items])
            return super().of(run)

    monkeypatch.setattr("ctxschema.grammar.lexer.PlainToken", Noting)
    template = parse_template("A = 1\nB = 2\n] C = 3\nD = [ E = 4 ]\nF = [ G = 5, H = 6, ]\nI = 7")
    assert taken == [["A", "B"], ["C", "D"], ["I"]]
    assert [item.name for item in template.items] == ["A", "B", "C", "D", "F", "I"]


def test_more_than_is_plain_is_read_all_the_same() -> None:
    many = ", ".join(f"K{number} = {number}" for number in range(1000))
    texts = [f"A = [ {many} ]", 'A = "' + '\\"' * 1000 + '"', "# c\n" * 1000 + "A = 1", "A = 1" + "\n# c" * 1000]
    for text in texts:
        quick = told_of_template(parse_template(text))
        with plain_forms():
            assert told_of_template(parse_template(text)) == quick


def test_what_is_plain_needs_no_lark() -> None:
    code = (
        "import sys\n"
        "from ctxschema import parse_template\n"
        "template = parse_template('USER_INPUTS = [ A = \"O|range|How many?|1..9|3\" ] # asked\\nCPU = 1\\n')\n"
        "assert template.ok and not template.findings\n"
        "assert 'lark' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("running", [True, False])
def test_looking_for_garbage_goes_on_as_before(running: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001
    before = gc.isenabled()
    try:
        (gc.enable if running else gc.disable)()
        parse_template("A = 1")
        assert gc.isenabled() is running
        monkeypatch.setattr("ctxschema.grammar.parser.analyse_template", None)
        with pytest.raises(TypeError):
            parse_template("A = 1")
        assert gc.isenabled() is running
    finally:
        (gc.enable if before else gc.disable)()


def test_a_definition_of_five_parts_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctxschema.grammar.parser._odd_parts", None)
    monkeypatch.setattr("ctxschema.grammar.parser._odd_params", None)
    for text in ("O|number|d| |0.8", "M|list|d|a,b|a", "O|range|d|1..5|3", "||||"):
        assert parse_user_input(text).emit() == text
