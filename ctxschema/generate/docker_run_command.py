"""The lines of the docker-run script that make and run the command of one container."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from ctxschema.boot.container import env_file_path
from ctxschema.core.quoting import comment, shell_word
from ctxschema.generate.shell_rules import Checks
from ctxschema.generate.shell_text import Filled, ShellText
from ctxschema.gpu.decision import FALLBACK_WARNING
from ctxschema.model.appliance import Appliance
from ctxschema.model.conditions import Condition
from ctxschema.model.container import LOOPBACK, Container, EnvironmentEntry, Port
from ctxschema.model.placeholders import placeholders

_INDENT = "    "


def pair(name: str, text: Filled) -> str:
    """Return ``NAME=text`` as one word of bash."""
    return shell_word(f"{name}=") + ("" if text.word == "''" else text.word)


class ContainerCommand:
    """Writes the lines for the entries of a container, and those that run it.

    Args:
        appliance: The appliance.
        checks: The functions that judge the context, to which conditions are added.
    """

    def __init__(self, appliance: Appliance, checks: Checks) -> None:
        self.appliance = appliance
        self.checks = checks
        self.text = ShellText(appliance)

    def when(self, condition: Condition | None, *texts: Filled) -> str:
        """Return the test whether an entry's condition holds and its texts have values; empty if it is always there."""
        tests = [] if condition is None else [self.checks.said(condition, None, "an entry of the container")]
        return " && ".join([*tests, *dict.fromkeys(test for text in texts for test in text.tests)])

    def entry(self, test: str, *lines: str, otherwise: str = "") -> Iterator[str]:
        """Yield lines, within an ``if`` unless the test is empty, and what is to be done where it fails."""
        if not test:
            yield from lines
            return
        yield f"if {test}; then"
        yield from (f"{_INDENT}{line}" for line in lines)
        if otherwise:
            yield "else"
            yield f"{_INDENT}{otherwise}"
        yield "fi"

    def start(self, container: Container, name: str, *, main: bool) -> Iterator[str]:
        yield ""
        yield f"# {comment(name)}"
        lines = ["options=() ports=() environment=() command=()", *self.arguments(container, main=main)]
        gpu = '"${DOCKER_GPU_FLAGS[@]}"' if main else ('"${DOCKER_GPU_FLAGS[@]:0:2}"' if container.gpus else "")
        env_file = shell_word(env_file_path(self.appliance))
        has_file = main and any(entry.in_file for entry in container.environment)
        quoted_name = shell_word(container.name or name)
        lines += [f"((${{#settings[@]}})) && options+=(--env-file {env_file})"] if has_file else []
        words = ('"${options[@]}"', '"${environment[@]}"', gpu, '"$image"', '"${command[@]}"')
        lines += [
            f"run=(docker run -d --name {quoted_name} --restart unless-stopped {' '.join(filter(None, words))})",
            "if [[ -n $print ]]; then",
            f"{_INDENT}printf '%q ' \"${{run[@]}}\"",
            f"{_INDENT}printf '\\n'",
            "else",
            f"{_INDENT}docker rm -f {quoted_name} >/dev/null 2>&1",
            *(f"{_INDENT}{line}" for line in self.run(quoted_name, main=main)),
            "fi",
        ]
        yield "local image"
        removed = f"[[ -n $print ]] || docker rm -f {quoted_name} >/dev/null 2>&1"
        yield from self.entry(self.when(container.when), *lines, otherwise=removed)

    def run(self, name: str, *, main: bool) -> Iterator[str]:
        """Yield the lines that run the command, and again without GPU if the container does not start with one."""
        request = self.appliance.gpu
        if not main:
            yield f'"${{run[@]}}" || _say "warning: "{name}" did not start"'
            return
        if request is None or request.required:
            yield '"${run[@]}" || exit 1'
            return
        yield 'if ! "${run[@]}"; then'
        yield f"{_INDENT}[[ $gpu == YES && -f $0 ]] || exit 1"
        yield f'{_INDENT}_say "warning: {FALLBACK_WARNING}: the container does not start with one"'
        yield f'{_INDENT}exec bash "$0" --cpu "$@"'
        yield "fi"

    def arguments(self, container: Container, *, main: bool) -> Iterator[str]:
        image = container.image
        plain = self.text.word(image.tag)
        yield f"image={shell_word(image.repository + ':')}{plain.word}"
        if image.gpu_tag:
            yield f"[[ $gpu == NO ]] || image={shell_word(image.repository + ':')}{self.text.word(image.gpu_tag).word}"
        rights = container.rights
        dropped = [f"--cap-drop {shell_word(name)}" for name in rights.drop]
        dropped += ["--security-opt no-new-privileges"] * rights.gains_none
        if dropped:
            yield f"[[ -z $hardening ]] || options+=({' '.join(dropped)})"
        for name in rights.add:
            yield f"options+=(--cap-add {shell_word(name)})"
        if container.user:
            yield f"options+=(--user {shell_word(container.user)})"
        if container.shared_memory:
            yield f"options+=(--shm-size {shell_word(container.shared_memory)})"
        yield from self.published(container)
        yield from self.mounted(container)
        yield from self.set_in(container, main=main)
        for argument in container.arguments:
            words = [self.text.word(word) for word in argument.words]
            joined = " ".join(word.word for word in words)
            yield from self.entry(self.when(argument.when, *words), f"command+=({joined})")

    def published(self, container: Container) -> Iterator[str]:
        for port in container.ports:
            inside, outside = self.text.word(port.inside), self.text.word(port.outside or port.inside)
            suffix = "" if port.protocol == "tcp" else f"/{port.protocol}"
            address, lines = self.host(port)
            lines.append(f'_publish "$word" {outside.word}:{inside.word}{suffix}')
            if port.exposed_when is not None:
                after = shell_word(f" is published on every address, and {port.exposed_when.words}")
                line = f"[[ -n $word ]] || _say 'warning: the port '{outside.word}{after}"
                lines += self.entry(self.when(port.exposed_when), line)
            yield from self.entry(self.when(port.when, inside, outside, address), *lines)
        if container.ports:
            yield 'for word in "${ports[@]}"; do options+=(-p "$word"); done'

    def host(self, port: Port) -> tuple[Filled, list[str]]:
        """Return the address that a port is published on, with what it needs, and the lines that set ``word`` to it."""
        address, otherwise = self.text.word(port.address), self.text.word(port.unless_given)
        if not port.unless_given:
            return address, [f"word={address.word}"]
        default = [f"word={LOOPBACK}"] if otherwise.tests else []
        default += self.entry(" && ".join(otherwise.tests), f"word=$(_one_address {otherwise.word})")
        named = " ".join(each.name for each in placeholders(port.address) if each.name in self.appliance.by_name)
        if not named:
            return evolve(address, tests=()), default
        # One variable that is given has a value.
        tests = " && ".join(test for test in address.tests if test != f"_context_has {named}")
        needed = (f"{{ ! _context_given {named} || {{ {tests}; }}; }}",) if tests else ()
        lines = [f"if _context_given {named}; then", f"{_INDENT}word={address.word}", "else"]
        return evolve(address, tests=needed), [*lines, *(f"{_INDENT}{line}" for line in default), "fi"]

    def mounted(self, container: Container) -> Iterator[str]:
        for mount in container.mounts:
            source, target = self.text.word(mount.source), self.text.word(mount.target)
            mode = "rw" if mount.writable else "ro"
            line = f"options+=(-v {source.word}:{target.word}:{mode})"
            yield from self.entry(self.when(mount.when, source, target), line)
        for file in container.files:
            if file.inside:
                line = f"options+=(-v {shell_word(file.path)}:{shell_word(file.inside)}:ro)"
                yield from self.entry(self.when(file.when), line)

    def set_in(self, container: Container, *, main: bool) -> Iterator[str]:
        entries: Iterable[EnvironmentEntry] = (entry for entry in container.environment if not entry.in_file)
        for entry in entries:
            text = self.text.word(entry.text)
            line = f"environment+=(-e {pair(entry.name, text)})"
            yield from self.entry(self.when(entry.when, text), line)
        request = self.appliance.gpu
        if main and request is not None:
            lines = ['environment+=("${order[@]}")']
            for entry in request.environment:
                text = self.text.word(entry.text)
                line = f"environment+=(-e {pair(entry.name, text)})"
                lines += self.entry(self.when(entry.when, text), line)
            yield from self.entry("[[ $gpu == YES ]]", *lines)
