"""``make mutants``: change the code a little, many times over, and see whether a test notices; a score by package.

What is changed is what differs from main, or the packages and files that are named::

    python tools/mutants.py                         # what git diff main touches
    python tools/mutants.py context gpu/decision.py # these
    python tools/mutants.py --all                   # every package
    SAMPLE=200 python tools/mutants.py lint         # 200 of the changes; others with another SEED, which is 0
    LONGEST=10 python tools/mutants.py boot         # 10 seconds of tests for a change at most, which are 90 otherwise

mutmut makes the changes, in a copy under build/mutants. mypy reads them first, as ``make lint`` would; what it accepts
is judged by the tests below, in the processes that tools/mutants_loop.py forks. Survivors are listed with the change
that nobody noticed; one that is let live has its reason in tests/cases/mutants.toml. The exit status is 1 where there
is a survivor without a reason. A change that was noticed once is not tried again while the function stays as it is;
``FRESH=1`` tries all. An interrupt ends the run with the score of what was tried.
"""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import tomllib  # type: ignore[import-not-found] # this runs on 3.11 at least, and mypy reads it as 3.10

ROOT = Path(__file__).parents[1]
WORK = ROOT / "build/mutants"
REASONS = ROOT / "tests/cases/mutants.toml"
COPIED = ("ctxschema", "tests", "schemas", "examples", "docs", "tools", "action.yml", "CHANGELOG.md", "README.md")
TESTS = {
    "core": ["core", "report"],
    "grammar": [
        "grammar",
        "conformance/test_template_probes.py",
        "conformance/test_user_input_probes.py",
        "lint/test_said.py",
    ],
    "consumers": ["consumers", "conformance", "lint/test_said.py"],
    "model": ["model", "context", "declaration"],
    "context": ["context", "boot/test_environment.py"],
    "gpu": ["gpu"],
    "boot": ["boot", "gpu/test_decision.py"],
    "generate": ["generate"],
    "lint": ["lint"],
    "declaration": ["declaration"],
}
"""The tests that are to notice a change, by package. Of these, each change is judged by those that reach it."""
TOO_SLOW = (
    "boot/test_bundle.py",  # the agent cannot be built from changed code, which needs mutmut
    "conformance/test_cloud_init.py",
    "conformance/test_docker",
    "conformance/test_flower_programs.py",
    "generate/test_container_outputs.py",
    "generate/test_hostile.py",
    "generate/test_one_apps.py",
    "generate/test_terraform.py",
    "gpu/test_fixes.py",
    "gpu/test_machines.py",
    "gpu/test_random.py",
    "gpu/test_record.py",
    "gpu/test_reference_faults.py",
    "gpu/test_scripts.py",
)
"""Tests that take seconds each, or cannot pass where the code was changed."""


Reasons = dict[str, list[dict[str, str]]]
"""By file under ctxschema, or "everywhere": a pattern that a change has, and why it may live."""


class Mutant(NamedTuple):
    """One change: its name for mutmut, the file under ctxschema, and the change as a diff of the function."""

    name: str
    file: str
    change: str

    @property
    def key(self) -> str:
        """What stays the same while the function does."""
        return hashlib.sha256(f"{self.file}\n{self.change}".encode()).hexdigest()


def touched() -> list[str]:
    """Return the files of those packages that differ from main."""
    diff = ["git", "diff", "--name-only", "--diff-filter=AM", "main...", "--", "ctxschema"]
    names = subprocess.run(diff, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    within = (name.removeprefix("ctxschema/") for name in names if name.endswith(".py"))
    return [name for name in within if name.split("/")[0] in TESTS]


def copied(package: str) -> Path:
    """Copy the tree for a package, and return where it lies."""
    folder = WORK / package
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in (*COPIED, "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            made = shutil.ignore_patterns("__pycache__", "node_modules")
            shutil.copytree(source, folder / name, symlinks=True, ignore=made)
        else:
            shutil.copy(source, folder / name)
    return folder


def changed(folder: Path, names: list[str]) -> tuple[list[Mutant], dict[str, dict[int, str]]]:
    """Write all changes of the files that are named into the copy; return them, and which line of a file is whose."""
    from mutmut.mutation.file_mutation import mutate_file_contents

    mutants: list[Mutant] = []
    lines: dict[str, dict[int, str]] = {}
    sources = (folder / "ctxschema" / name for name in names)
    for path in sorted(file for source in sources for file in ([source] if source.is_file() else source.rglob("*.py"))):
        within = path.relative_to(folder).as_posix()
        module = within.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        mutated = mutate_file_contents(within, path.read_text(encoding="utf-8"))
        if not mutated.mutant_names:
            continue
        path.write_text(mutated.code, encoding="utf-8")
        text = mutated.code.splitlines()
        whose = lines[within] = {}
        for name in mutated.mutant_names:
            original = name.partition("__mutmut_")[0] + "__mutmut_orig"
            before, after = (mutated.line_span_by_function_name[each] for each in (original, name))
            lines_before, lines_after = (
                [line.replace(each, "f") for line in text[span.start - 1 : span.end]]
                for each, span in ((original, before), (name, after))
            )
            diff = list(difflib.unified_diff(lines_before, lines_after, n=2, lineterm=""))[3:]
            function = original.removesuffix("__mutmut_orig").removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
            change = f"{within.removeprefix('ctxschema/')} {function}\n" + "\n".join(diff)
            mutants.append(Mutant(f"{module}.{name}", within, change))
            whose.update(dict.fromkeys(range(after.start, after.end + 1), mutants[-1].name))
    return mutants, lines


OF_MUTMUT = "unused-ignore|redundant-expr|no-redef"
"""What mypy finds in how mutmut writes a change, rather than in the change: ``(x) or True``, an attribute twice."""


def refused_by_types(folder: Path, lines: dict[str, dict[int, str]]) -> set[str]:
    """Return the names of those changes that mypy refuses, as it would in ``make lint``."""
    mypy = [sys.executable, "-m", "mypy", "--cache-dir", str(WORK / "mypy"), "--no-error-summary", *lines]
    told = subprocess.run(mypy, cwd=folder, capture_output=True, text=True, check=False).stdout
    (folder / "mypy.log").write_text(told, encoding="utf-8")
    errors = re.findall(rf"^(\S+?):(\d+): error: .*\[(?!(?:{OF_MUTMUT})\])[\w-]+\]$", told, re.MULTILINE)
    return {lines[file][int(line)] for file, line in errors if int(line) in lines.get(file, {})}


GUARD = """\
for kept in /tmp "$1"; do mount --rbind "$kept" "$kept"; done
mount --rbind /dev /dev
mount -o remount,bind,ro /dev
mount -o remount,bind,ro /
cd "$PWD"
shift
exec "$@"
"""
"""Start a program that can change no file outside of the folder that is named and of /tmp."""


def guarded() -> list[str]:
    """Return what keeps changed code from the files of a machine whose root runs it; it replaced /dev/null once."""
    if os.geteuid() != 0:
        return []
    shell = ["unshare", "--mount", "sh", "-ec", GUARD, "sh", str(WORK)]
    if subprocess.run([*shell, "true"], capture_output=True, check=False).returncode:
        raise SystemExit("run this as a user without rights: the files of the machine cannot be kept from root here")
    return shell


def judged(folder: Path, package: str, mutants: list[Mutant]) -> dict[str, str]:
    """Run the tests that reach each change, and return how each change ended: noticed, survived, or not reached."""
    (folder / "mutants.json").write_text(json.dumps([mutant.name for mutant in mutants]), encoding="utf-8")
    tests = [f"tests/{name}" for name in TESTS[package] if (ROOT / "tests" / name).exists()]
    pytest = [sys.executable, "-m", "pytest", "-p", "mutants_loop", "-p", "no:cacheprovider", "-p", "no:xdist"]
    environment = os.environ | {"PYTHONPATH": f"{folder}:{folder / 'tools'}", "HYPOTHESIS_PROFILE": "mutants"}
    with (folder / "pytest.log").open("w", encoding="utf-8") as log:
        run = [*pytest, "-q", "-s", *tests, *(f"--ignore-glob=tests/{name}*" for name in TOO_SLOW)]
        run = [*guarded(), *run]
        with contextlib.suppress(KeyboardInterrupt):  # who has waited long enough gets the score of what was tried
            subprocess.run(run, cwd=folder, stdout=log, stderr=subprocess.STDOUT, env=environment, check=False)
    ended = folder / "ended.json"
    if not ended.exists():
        raise SystemExit(f"the tests of {package} did not come to an end; see {folder / 'pytest.log'}")
    answer: dict[str, str] = json.loads(ended.read_text(encoding="utf-8"))
    return answer


def excused(lived: list[Mutant], package: str, reasons: Reasons) -> tuple[list[Mutant], list[str]]:
    """Return the survivors that have a reason, and those patterns of the package's files that excuse none of them."""
    excuses: list[Mutant] = []
    needed: set[str] = set()
    for mutant in lived:
        for each in (*reasons.get(mutant.file.removeprefix("ctxschema/"), ()), *reasons.get("everywhere", ())):
            if re.search(each["change"], mutant.change, re.MULTILINE):
                excuses.append(mutant)
                needed.add(each["change"])
                break
    own = (each for file, known in reasons.items() if file.startswith(f"{package}/") for each in known)
    return excuses, [each["change"] for each in own if each["change"] not in needed]


def score(package: str, names: list[str], reasons: Reasons) -> int:
    """Try the changes of a package, print its line of the table, and return how many live without a reason."""
    begun = time.monotonic()
    folder = copied(package)
    mutants, lines = changed(folder, names)
    whole, size = len(mutants), int(os.environ.get("SAMPLE", "0"))
    if 0 < size < whole:
        mutants = sorted(random.Random(os.environ.get("SEED", "0")).sample(mutants, size))
    memory = WORK / f"{package}.noticed.json"
    noticed = set() if os.environ.get("FRESH") or not memory.exists() else set(json.loads(memory.read_text()))
    ends = {
        mutant.name: noticed_before for mutant in mutants if (noticed_before := "noticed") and mutant.key in noticed
    }
    ends |= dict.fromkeys(refused_by_types(folder, lines) & {mutant.name for mutant in mutants} - ends.keys(), "types")
    ends |= judged(folder, package, [mutant for mutant in mutants if mutant.name not in ends])
    mutants = [mutant for mutant in mutants if mutant.name in ends]
    memory.write_text(json.dumps(sorted(noticed | {each.key for each in mutants if ends[each.name] == "noticed"})))
    lived = [mutant for mutant in mutants if ends[mutant.name] in {"survived", "not reached"}]
    excuses, idle = excused(lived, package, reasons)
    survivors = [mutant for mutant in lived if mutant not in excuses]
    text = "\n\n".join(f"# {ends[mutant.name]}: {mutant.change}" for mutant in survivors)
    (WORK / f"{package}.survivors.txt").write_text(text + "\n", encoding="utf-8")
    count, tried = Counter(ends.values()), len(mutants)
    percent = 100 * (tried - len(lived)) / max(1, tried - len(excuses))
    columns = f"{package:12} {whole:8} {tried:7} {count['noticed']:8} {count['types']:6} {len(excuses):10}"
    took = f"{(time.monotonic() - begun) / 60:.1f} min"
    sampled = "  (a sample)" if tried < whole else ""
    unreached = sum(ends[mutant.name] == "not reached" for mutant in survivors)
    print(f"{columns} {len(survivors):9} {unreached:11}  {percent:.1f} %  {took}{sampled}", flush=True)
    if idle and tried == whole and names == [package]:
        print("excuses nothing:", *idle, sep="\n  ")
    return len(survivors)


def main(words: list[str]) -> int:
    """Change, and say what came of it."""
    names = list(TESTS) if words == ["--all"] else words or touched()
    if unknown := [name for name in names if name.split("/")[0] not in TESTS]:
        print("no such package:", *unknown, "- there are", *TESTS)
        return 2
    if not names:
        print("nothing in", ", ".join(TESTS), "differs from main")
        return 0
    reasons = tomllib.loads(REASONS.read_text(encoding="utf-8")) if REASONS.exists() else {}
    by_package: dict[str, list[str]] = {}
    for name in names:
        by_package.setdefault(name.split("/")[0], []).append(name)
    columns = f"{'package':12} {'mutants':>8} {'tried':>7} {'by tests':>8} {'mypy':>6} {'explained':>10}"
    print(f"{columns} {'survived':>9} {'unreached':>11}  score")
    left = sum(score(package, chosen, reasons) for package, chosen in by_package.items())
    if left:
        print(f"survivors: {WORK.relative_to(ROOT)}/*.survivors.txt")
    return int(left > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
