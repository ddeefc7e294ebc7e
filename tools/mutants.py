"""``make mutants``: change the code a little, many times over, and see whether a test notices; a score by package.

What is changed is what differs from main, or the packages and files that are named::

    python tools/mutants.py                         # what git diff main touches
    python tools/mutants.py context gpu/decision.py # these
    python tools/mutants.py --all                   # every package; takes hours

mutmut does the work, in a copy under build/mutants, with the tests below for each package. Survivors are listed with
the change that nobody noticed; one that is let live has its reason in tests/cases/mutants.toml. The exit status is 1
where there is a survivor without a reason.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import tomllib  # type: ignore[import-not-found] # this runs on 3.11 at least, and mypy reads it as 3.10

ROOT = Path(__file__).parents[1]
WORK = ROOT / "build/mutants"
REASONS = ROOT / "tests/cases/mutants.toml"
COPIED = ("ctxschema", "tests", "schemas", "examples", "docs", "tools", "action.yml", "CHANGELOG.md", "README.md")
TESTS = {
    "core": ["core", "report"],
    "grammar": ["grammar", "conformance/test_template_probes.py", "conformance/test_user_input_probes.py"],
    "consumers": ["conformance/test_explain.py", "conformance/test_arrival.py", "conformance/test_typed_values.py"],
    "model": ["model", "catalog", "declaration"],
    "context": ["context"],
    "gpu": ["gpu/test_decision.py", "gpu/test_facts.py"],
    "boot": ["boot/test_any_appliance.py", "boot/test_traps.py", "boot/test_environment.py", "gpu/test_decision.py"],
    "generate": ["generate"],
    "lint": ["lint"],
    "declaration": ["declaration"],
}
"""The tests that are to notice a change, by package: those nearest to it, because each change runs them."""


def touched() -> list[str]:
    """Return the files of those packages that differ from main."""
    diff = ["git", "diff", "--name-only", "--diff-filter=AM", "main...", "--", "ctxschema"]
    names = subprocess.run(diff, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    within = (name.removeprefix("ctxschema/") for name in names if name.endswith(".py"))
    return [name for name in within if name.split("/")[0] in TESTS]


def left_out(folder: str, names: list[str]) -> list[str]:
    """Name what is not copied: what was made, and links to folders, which mutmut would follow in circles."""
    return [name for name in names if name in {"__pycache__", "node_modules"} or (Path(folder, name).is_symlink())]


def copied(package: str, patterns: list[str]) -> Path:
    """Copy the tree for a package, with what mutmut has to know, and return where it lies."""
    folder = WORK / package
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=left_out)
        else:
            shutil.copy(source, folder / name)
    tests = [f"tests/{name}" for name in TESTS[package] if (ROOT / "tests" / name).exists()]
    settings = {
        "source_paths": ["ctxschema"],
        "only_mutate": patterns,
        "also_copy": [name for name in COPIED if name not in {"ctxschema", "tests"}],
        "pytest_add_cli_args_test_selection": tests,
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-p", "no:xdist"],
    }
    lines = "".join(f"{name} = {value!r}\n" for name, value in settings.items())
    said = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(f"{said}\n[tool.mutmut]\n{lines}", encoding="utf-8")
    return folder


def mutate(package: str, files: list[str]) -> tuple[Counter[str], list[str]]:
    """Run mutmut over files of a package, and return how many mutants met which end, and those that lived."""
    patterns = [f"ctxschema/{name}" if name.endswith(".py") else f"ctxschema/{name}/*" for name in files]
    folder = copied(package, patterns)
    mutmut = [sys.executable, "-m", "mutmut"]
    with (folder / "log").open("w", encoding="utf-8") as log:
        run = [*mutmut, "run", "--max-children", "2"]
        subprocess.run(run, cwd=folder, stdout=log, stderr=subprocess.STDOUT, check=False)
    told = subprocess.run(
        [*mutmut, "results", "--all", "true"], cwd=folder, capture_output=True, text=True, check=False
    )
    ends = re.findall(r"^ +(\S+): (.+)$", told.stdout, re.MULTILINE)
    if not ends or any(end == "not checked" for _, end in ends):
        raise SystemExit(f"mutmut did not come to an end with {package}; see {folder / 'log'}")
    lived = [name for name, end in ends if end not in {"killed", "timeout", "segfault", "caught by type check"}]
    return Counter(end for _, end in ends), lived


def reason(mutant: str, change: str, reasons: dict[str, list[dict[str, str]]]) -> str | None:
    """Return why a survivor is let live: the reason whose text stands in the change that was made."""
    module = re.sub(r"\.x.*", "", mutant).removeprefix("ctxschema.")
    return next((each["why"] for each in reasons.get(module, []) if each["line"] in change), None)


def main(words: list[str]) -> int:
    """Mutate, and say what came of it."""
    files = list(TESTS) if words == ["--all"] else words or touched()
    if not files:
        print("nothing in", ", ".join(TESTS), "differs from main")
        return 0
    reasons = tomllib.loads(REASONS.read_text(encoding="utf-8")) if REASONS.exists() else {}
    by_package: dict[str, list[str]] = {}
    for name in files:
        by_package.setdefault(name.split("/")[0], []).append(name)
    unexplained = 0
    print(f"{'package':12} {'mutants':>8} {'killed':>8} {'explained':>10} {'survived':>9}  score")
    for package, chosen in by_package.items():
        ends, lived = mutate(package, chosen)
        survivors = []
        for name in lived:
            show = [sys.executable, "-m", "mutmut", "show", name]
            change = subprocess.run(show, cwd=WORK / package, capture_output=True, text=True, check=False).stdout
            if reason(name, change, reasons) is None:
                survivors.append(change)
        total, explained = sum(ends.values()), len(lived) - len(survivors)
        killed = total - len(lived)
        score = 100 * killed / max(1, total - explained)
        print(f"{package:12} {total:8} {killed:8} {explained:10} {len(survivors):9}  {score:.1f} %", flush=True)
        (WORK / f"{package}.survivors.txt").write_text("\n".join(survivors), encoding="utf-8")
        unexplained += len(survivors)
    if unexplained:
        print(f"survivors: {WORK.relative_to(ROOT)}/*.survivors.txt")
    return int(unexplained > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
