"""What texts are as numbers, and how numbers are printed: node and Ruby themselves are asked about thousands."""

import json
import math
import random
import re
import shutil
import subprocess

import pytest

from ctxschema.consumers.command_line import ruby_float, ruby_integer
from ctxschema.consumers.javascript import number_text, parse_float, parse_int, to_number
from tests.conftest import FROM_DEBIAN

NODE = shutil.which("node")
RUBY = shutil.which("ruby") or shutil.which("ruby", path=FROM_DEBIAN)
COUNT = 5000
SHOWN = "const shown = (x) => Object.is(x, -0) ? '-0' : String(x);"
ASKED = "const asked = JSON.parse(require('fs').readFileSync(0));"


def texts(characters: str) -> list[str]:
    chance = random.Random(5)
    return ["".join(chance.choices(characters, k=chance.randint(1, 8))) for _ in range(COUNT)]


def answered(program: list[str], asked: object) -> list[object]:
    ended = subprocess.run(program, input=json.dumps(asked), capture_output=True, text=True, check=True)
    answers: list[object] = json.loads(ended.stdout)
    return answers


@pytest.mark.skipif(NODE is None, reason="there is no node")
def test_javascript_reads_numbers_so() -> None:
    asked = texts("0123..__eE+- xX\tabo\u00a0")
    script = "asked.map((x) => [parseInt(x), parseInt(x, 10), parseFloat(x), Number(x)].map(shown))"
    found = answered([str(NODE), "-e", f"{ASKED}{SHOWN}console.log(JSON.stringify({script}))"], asked)
    for text, numbers in zip(asked, found, strict=True):
        ours = (parse_int(text), parse_int(text, radix=10), parse_float(text), to_number(text))
        assert [number_text(each) for each in ours] == numbers, text


@pytest.mark.skipif(NODE is None, reason="there is no node")
def test_javascript_prints_numbers_so() -> None:
    chance = random.Random(6)
    asked = [chance.uniform(-1, 1) * 10.0 ** chance.randint(-12, 25) for _ in range(COUNT)]
    asked += [chance.randint(-999, 999) * 10.0 ** chance.randint(-9, 24) for _ in range(COUNT)]
    found = answered([str(NODE), "-e", f"{ASKED}{SHOWN}console.log(JSON.stringify(asked.map(shown)))"], asked)
    assert [number_text(each) for each in asked] == found


@pytest.mark.skipif(RUBY is None, reason="there is no Ruby")
def test_ruby_reads_numbers_so() -> None:
    """A point before an exponent is left out: Ruby 3.4 reads it, older ones do not."""
    asked = [text for text in texts("0123..__eE+- \t") if not re.search(r"\.e", text, re.IGNORECASE)]
    script = "puts JSON.parse(STDIN.read).map { |x| [x.to_i, x.to_f.finite? ? x.to_f : x.to_f.to_s] }.to_json"
    found = answered([str(RUBY), "-rjson", "-e", script], asked)
    for text, numbers in zip(asked, found, strict=True):
        number = ruby_float(text)
        shown = number if math.isfinite(number) else number_text(number)
        assert [ruby_integer(text), shown] == numbers, text
