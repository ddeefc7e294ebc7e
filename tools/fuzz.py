"""Feed parse, lint, ``--fix``, import, validate, ``env`` and explain what is nearly right, for a time that is given.

    python tools/fuzz.py [SECONDS] [SEED]

The corpus is every small text file of the tests, schemas, docs and examples; pieces of it are cut, moved, repeated and
mixed with what has broken readers before. A case fails where a command ends in anything but 0, 1 or 2, prints a
traceback, leaves more findings behind than there were, or takes more than a second for 100 KB. Failures are kept in
``fuzz-failures`` as files; run one again with ``python tools/fuzz.py --again FILE``.

``python tools/fuzz.py --forms TEXTS [SEED]`` compares what a quick form reads with what the plain form makes of it.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from ctxschema.agent import main as agent
from ctxschema.cli import main
from ctxschema.core.source import SourceText
from ctxschema.lint.linter import lint_text

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "fuzz-failures"
LARGEST = 100_000
LONGEST_SECONDS = 1.0
SUFFIXES = {".tmpl", ".yaml", ".json", ".sh", ".xml", ".tf"}
PIECES = [
    *["|", '"', "'", "\\", "[", "]", "{", "}", "=", ",", "\n", "\r\n", " ", "$", ":", "- ", "&a ", "*a", "#", "\0"],
    *["\ufeff", "\ud800", "\U0001d400", "\u2028", "\x85", "]]>", "<!DOCTYPE ", "<![CDATA[", "&amp;", "-->", "${"],
    *["1" * 5000, "9" * 400 + ".5", "-0", "1e999", "NaN", "Infinity", "0x" + "f" * 300, "..", "²", "1_0", "\\ud800"],
    *["M|range|a|1..5|3", "O|list|a|x,y|x", "O|boolean|a| |YES", "USER_INPUTS", "INPUTS_ORDER = ", "CONTEXT = ["],
    *["FL_GPU_ENABLED='YES'\n", "FL_TLS_ENABLED=", "export ", "$'\\x41'", "`", "$(", "!!python/object", "? ", "<<: "],
]  # fmt: skip
COMMANDS = (
    "parse {}",
    "parse --format text {}",
    "lint {}",
    "lint --format json {}",
    "lint --format sarif {}",
    "lint --fix {}",
    "import {}",
    "import --format python {}",
    "validate flower-supernode --context {}",
    "validate flower-superlink --context {} --format json",
    "env flower-supernode --context {}",
    "explain --format json -",
    "drift flower-supernode {}",
    "list --from {}",
)


def corpus() -> list[tuple[str, str]]:
    """Return the texts to begin with, each with its suffix."""
    paths = [path for folder in ("tests/cases", "schemas", "examples") for path in sorted((ROOT / folder).rglob("*"))]
    wanted = [path for path in paths if path.is_file() and path.suffix in SUFFIXES and path.stat().st_size <= LARGEST]
    return [(path.suffix, path.read_bytes().decode("utf-8", "surrogateescape")) for path in wanted]


def mutated(chance: random.Random, texts: list[tuple[str, str]]) -> tuple[str, str]:
    """Return a text with some pieces cut, moved, repeated or put in, and its suffix."""
    suffix, text = chance.choice(texts)
    if chance.random() < 0.05:
        suffix = chance.choice(sorted(SUFFIXES))
    if chance.random() < 0.03:
        text = ""
    for _ in range(chance.choice([1, 1, 2, 3, 5, 10])):
        at = chance.randrange(len(text) + 1)
        cut = chance.choice([0, 0, 1, 3, 20, 200])
        begin = chance.randrange(len(text) + 1)
        other = chance.choice(texts)[1]
        elsewhere = chance.randrange(len(other) + 1)
        piece = chance.choice(
            [
                chance.choice(PIECES),
                "".join(chance.choice(PIECES) for _ in range(3)),
                text[begin : begin + chance.choice([1, 5, 30])],
                other[elsewhere : elsewhere + chance.choice([5, 30, 200])],
            ]
        )
        text = text[:at] + piece + text[at + cut :]
    if chance.random() < 0.1:  # the same again and again, where a reader may be slower than linear
        begin = chance.randrange(len(text) + 1)
        unit = text[begin : begin + chance.choice([1, 2, 5, 20, 80])] or "|"
        text = text[:begin] + unit * (LARGEST // (2 * len(unit))) + text[begin:]
    return suffix, text[:LARGEST]


def run(words: list[str], stdin: bytes) -> tuple[object, str, str, float]:
    """Run a command line in this process; return how it ended, what it printed, and the seconds that it took."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    before = sys.argv, sys.stdin
    program = agent if words[0] == "env" else main
    sys.argv, sys.stdin = ["ctxschema", *words], io.TextIOWrapper(io.BytesIO(stdin))
    code: object = None
    start = time.process_time()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            ended = program()
        code = 0 if ended is None else ended
    except SystemExit as exit_:
        code = exit_.code
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        code = "".join(traceback.format_exception(error))
    seconds = time.process_time() - start
    sys.argv, sys.stdin = before
    for stream in (out, err):
        stream.flush()
    return code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode(), seconds


def faults(suffix: str, text: str) -> list[tuple[str, str]]:
    """Run every command on a text; return what failed, each with details."""
    found = []
    data = text.encode("utf-8", "surrogatepass" if "\ud800" in text else "surrogateescape")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, f"sample{suffix}")
        for name in COMMANDS:
            Path(path).write_bytes(data)
            words = [word.format(path) for word in name.split()]
            code, out, err, seconds = run(words, data[:2000])
            if code not in {0, 1, 2} or "Traceback" in err:
                lines = str(code).strip().splitlines()
                where = [line.strip() for line in lines if line.startswith("  File")][-1:]
                found.append((f"{name}: ends with {lines[-1][:100]} {where}", str(code) + err))
            if seconds > LONGEST_SECONDS and "--fix" not in words:
                seconds = min(seconds, run(words, data[:2000])[3])  # somebody else may have had the machine
            if seconds > LONGEST_SECONDS:
                found.append((f"{name}: takes long", f"{seconds:.2f} s for {len(data)} bytes"))
            if "--fix" in words:
                found += worse(name, suffix, text, Path(path).read_bytes())
            if words[0] == "import" and "python" in words and code == 0:
                try:
                    compile(out, "imported", "exec")
                except (SyntaxError, ValueError) as error:
                    found.append((f"{name}: is no Python: {error.args[0]}", out))
    return found


def worse(name: str, suffix: str, text: str, after: bytes) -> list[tuple[str, str]]:
    """Return a fault where the repaired text has more findings of a severity, or in all, than it had."""
    try:
        fixed = after.decode()
    except UnicodeDecodeError:
        return []
    if fixed == text:
        return []
    before, left = (
        Counter(finding.severity.value for finding in lint_text(SourceText(each, f"sample{suffix}")))
        for each in (text, fixed)
    )
    if left.total() > before.total() or left["error"] > before["error"]:
        return [(f"{name}: leaves more than it found", f"{dict(before)} {dict(left)}")]
    return []


def keep(suffix: str, text: str, failures: list[tuple[str, str]], number: int) -> None:
    """Store a case that failed, with the details beside it."""
    KEPT.mkdir(exist_ok=True)
    path = KEPT / f"{number}{suffix}"
    path.write_bytes(text.encode("utf-8", "surrogatepass" if "\ud800" in text else "surrogateescape"))
    path.with_name(f"{path.name}.txt").write_text("\n".join(f"{name}\n{details}" for name, details in failures))


def fuzz(seconds: float, seed: int) -> int:
    """Fuzz for a time; return the exit code."""
    chance, texts = random.Random(seed), corpus()
    faults(*texts[0])  # what is imported once is no part of any time
    seen: Counter[str] = Counter()
    end, cases, told_at = time.monotonic() + seconds, 0, time.monotonic()
    while time.monotonic() < end:
        suffix, text = mutated(chance, texts)
        cases += 1
        failures = faults(suffix, text)
        kinds = {re.sub(r"[0-9]+", "N", name) for name, _ in failures}
        if kinds - seen.keys():
            keep(suffix, text, failures, cases)
            print(f"case {cases}: {'; '.join(sorted(kinds - seen.keys()))}", flush=True)
        seen.update(kinds)
        if time.monotonic() - told_at > 300:
            told_at = time.monotonic()
            print(f"{cases} cases, {len(seen)} kinds of faults", flush=True)
    print(f"seed {seed}: {cases} cases of {len(COMMANDS)} commands in {seconds:.0f} s, {len(seen)} kinds of faults")
    for name, count in seen.most_common():
        print(f"  {count} times {name}")
    return 1 if seen else 0


def again(path: Path) -> int:
    """Run a case that was kept; return the exit code."""
    failures = faults(path.suffix, path.read_bytes().decode("utf-8", "surrogateescape"))
    for name, details in failures:
        print(f"{name}\n{details}")
    return 1 if failures else 0


def forms(texts: int, seed: int) -> int:
    """Read random texts in both forms; return the exit code."""
    sys.path.insert(0, str(ROOT))
    from tests.forms import SUBJECTS, differing

    found = [(subject, text) for subject in SUBJECTS for text in differing(subject, seed, texts)]
    for subject, text in found[:20]:
        print(f"{subject}: {text!r}")
    print(f"seed {seed}: {texts} texts of each kind ({', '.join(SUBJECTS)}), {len(found)} of them read differently")
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--again"]:
        sys.exit(again(Path(sys.argv[2])))
    if sys.argv[1:2] == ["--forms"]:
        sys.exit(forms(int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(2**32)))
    given = [int(word) for word in sys.argv[1:]] or [60]
    sys.exit(fuzz(given[0], given[1] if len(given) > 1 else random.randrange(2**32)))
