"""What the prose of a page claims, held against what the blocks of the page print and against the repository.

Claims are the codes of findings, the files, the options and the targets of make that are named, and how many lines,
findings, errors, warnings, inputs, variables or repairs a block has. And what a page prints as a warning or an error it
has to show or to explain.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click

from ctxschema.cli.commands import cli
from ctxschema.core import codes
from tests.conftest import ROOT
from tests.documents import Block, Prose

_CODE = re.compile(r"\bCTX\d{3}\b")
_LINKED = re.compile(r"\[(CTX\d{3})\]\(\S*findings/(CTX\d{3})\.md\)")
_ADDRESS = re.compile(r"\]\([^)]*\)")
_PRINTED = re.compile(r"^.*\b(?:error|warning)\b.*?\b(CTX\d{3})\b", re.MULTILINE)
_QUOTED = re.compile(r"`([^`\s]+)`")
_FILE = re.compile(
    r"[\w.-][\w./-]*\.(?:c?sh|json|md|pyz?|sarif|tmpl|toml|tsv|txt|xml|ya?ml)"
    r"|(?=.*[a-z])[\w.-]+/[\w./-]*"
)
_OURS = re.compile(r"`((?:--|ctxschema )[^`]+)`")
_OPTION = re.compile(r"(--[a-z][a-z-]+)")
_TARGET = re.compile(r"`make ([a-z-]+)")
_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNTED = {
    "line": r".*\S.*",
    "finding": r".*\b(?:error|warning|info) CTX\d{3}\b.*",
    "error": r".*\berror CTX\d{3}\b.*",
    "warning": r".*\bwarning CTX\d{3}\b.*",
    "repair": r".*\brepaired CTX\d{3}\b.*",
    "input": r'.*= "[MO]\|.*',
    "variable": r'.*= "[MO]\|.*',
}
"""What may be counted, and which lines of a block are one of it."""
_COUNT = re.compile(
    rf"\b(?P<number>{'|'.join(_NUMBERS)}|\d+) (?:(?!and|for|of|or)\w+ )?"
    rf"(?P<noun>{'|'.join(_COUNTED)})s\b",
    re.IGNORECASE,
)
_ELSEWHERE = ("dist", "content", "src", ".github", ".pre-commit-config.yaml", "ctxschema.toml", "tasks.json")
"""What is made by a target, is OpenNebula's, or is a file of the reader's own: folders at the top, and files."""


class Page:
    """One page while it is read from the top: its prose, its blocks, and what they have printed."""

    def __init__(self, folder: Path | None = None) -> None:
        """Begin a page.

        Args:
            folder: Where its blocks run, and leave their files.
        """
        self.folder = folder
        self.prose: list[Prose] = []
        self.shown: list[str] = []
        self.printed: list[str] = []
        self._blocks: list[list[str]] = [[]]
        self._counts: list[tuple[int, str, int]] = []

    def add_prose(self, prose: Prose) -> None:
        """Take the prose before a block."""
        self.prose.append(prose)
        for sentence in re.split(r"(?<=[.;])\s+|\n\s*\n", prose.text):
            line = prose.line + prose.text.count("\n", 0, prose.text.index(sentence))
            ahead = sentence.rstrip().endswith(":")
            self._counts.append((line, sentence, len(self._blocks) - (0 if ahead else 1)))

    def add_block(self, block: Block, printed: list[str]) -> None:
        """Take a block and what its commands have printed."""
        self.shown.append(block.text)
        self.printed += printed
        self._blocks.append(printed or [block.text])

    def problems(self) -> list[str]:
        """Return the claims that are wrong, each with its line."""
        everything = "\n".join((*self.shown, *self.printed))
        lines = [
            (number, line) for prose in self.prose for number, line in enumerate(prose.text.splitlines(), prose.line)
        ]
        named = [
            f"line {number}: {problem}"
            for number, line in lines
            for problem in (*self._codes(line, everything), *self._files(line, everything), *_words(line, everything))
        ]
        return [*named, *self._hidden(), *self._miscounted()]

    def _codes(self, line: str, everything: str) -> Iterator[str]:
        known = {code.id for code in codes.TABLE}
        linked = {name for prose in self.prose for name, _page in _LINKED.findall(prose.text)}
        for code in _CODE.findall(_ADDRESS.sub("", line)):
            if code not in known:
                yield f"there is no code {code}"
            elif code not in linked and code not in everything:
                yield f"{code} is neither printed on this page nor linked to its own"
        for name, page in _LINKED.findall(line):
            if name != page:
                yield f"{name} leads to the page of {page}"

    def _files(self, line: str, everything: str) -> Iterator[str]:
        for quoted in _QUOTED.findall(line):
            if _FILE.fullmatch(quoted) and not self._there(quoted, everything):
                yield f"there is no {quoted}"

    def _hidden(self) -> Iterator[str]:
        seen = "\n".join((*self.shown, *(prose.text for prose in self.prose)))
        for code in sorted({code for text in self.printed for code in _PRINTED.findall(text)}):
            if code not in seen:
                yield f"{code} is printed as a warning or an error, and the page says nothing of it"

    def _miscounted(self) -> Iterator[str]:
        for line, sentence, number in self._counts:
            block = self._blocks[number] if number < len(self._blocks) else []
            for claim in _COUNT.finditer(sentence):
                if not any(_counted(text, claim) for text in block):
                    yield f"line {line}: '{claim[0]}' is not what the block has"

    def _there(self, name: str, everything: str) -> bool:
        folders = [ROOT, ROOT / "ctxschema", *([] if self.folder is None else [self.folder])]
        return (
            name in everything
            or name.split("/", maxsplit=1)[0] in _ELSEWHERE
            or any((folder / name).exists() for folder in folders)
            or ("/" not in name and name in names())
        )


def _words(line: str, everything: str) -> Iterator[str]:
    for option in _OPTION.findall(" ".join(_OURS.findall(line))):
        if option not in options() and option not in everything:
            yield f"no command has the option {option}"
    for target in _TARGET.findall(line):
        if target not in targets():
            yield f"the Makefile has no {target}"


def _counted(text: str, claim: re.Match[str]) -> bool:
    word, noun = claim["number"].lower(), claim["noun"].lower()
    number = _NUMBERS.index(word) + 2 if word in _NUMBERS else int(word)
    lines = sum(re.fullmatch(_COUNTED[noun], line) is not None for line in text.splitlines())
    return lines == number or re.search(rf"\b{number} {noun}s\b", text) is not None


@cache
def options() -> frozenset[str]:
    """The options of every command of ctxschema."""

    def within(command: click.Command, parent: click.Context | None = None) -> Iterator[str]:
        context = click.Context(command, parent, **command.context_settings)
        for parameter in command.get_params(context):
            yield from (*parameter.opts, *parameter.secondary_opts)
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                if (found := command.get_command(context, name)) is not None:
                    yield from within(found, context)

    return frozenset(within(cli))


@cache
def targets() -> frozenset[str]:
    """The targets of the Makefile."""
    return frozenset(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@cache
def names() -> frozenset[str]:
    """The name of every file of the repository, but for what was made."""
    left_out = {".venv", "node_modules", "site", ".git"}
    return frozenset(path.name for top in ROOT.iterdir() if top.name not in left_out for path in (top, *top.rglob("*")))
