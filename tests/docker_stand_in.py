"""A docker client that behaves as measured, for a folder with its state; a function, and a program with the same text.

The facts: docs/facts/gpu.md, sections 1 and 3. What the folder holds:

- ``version``: what the engine answers; without the file it is down.
- ``images``, ``registry``: the images that are there, and those that can be pulled, one a line.
- ``containers/NAME``: the state of a container, as ``docker inspect`` is asked for it.
- ``argv.NAME``: the arguments of the last start of a container, each ended by a NUL; ``log``: every call.
- ``hangs``: the commands that never end. ``refuses``, ``refuses.NAME``: why no container starts, or one does not.
- ``no-driver``: what a start with a GPU is told. ``crashes``, ``gpu-crashes``: who is started ends at once.
- ``looks-below``: a folder that stands for ``/``; a start fails where what it mounts from /opt is not there.
"""

import os
import signal
import subprocess
import sys

DOWN = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"


def _read(path: str) -> "str | None":
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as stream:
            return stream.read()
    except OSError:
        return None


def _write(path: str, text: str, mode: str = "w") -> None:
    with open(path, mode, encoding="utf-8", errors="surrogateescape", newline="") as stream:
        stream.write(text)


def hangs(folder: str, words: "list[str]") -> bool:
    """Whether a command never ends."""
    return words[0] in (_read(folder + "/hangs") or "").split()


def noted(folder: str, words: "list[str]") -> None:
    """Write down that a command was given."""
    _write(folder + "/log", " ".join(words) + "\n", "a")


def answer(folder: str, words: "list[str]") -> "tuple[int, str, str]":  # noqa: PLR0911 - an answer for each command
    """Do what a command says; return its exit code, its output and its errors."""
    version, last = _read(folder + "/version"), words[-1]
    if version is None:
        return 1, "", DOWN + "\n"
    container = folder + "/containers/" + last
    if words[0] == "version":
        return 0, version, ""
    if words[0] in ("image", "pull"):
        return _image(folder, words, last)
    if words[0] == "rm":
        if _read(container) is None:
            return 0, "", "No such container: " + last + "\n"
        os.unlink(container)
        return 0, last + "\n", ""
    if words[0] == "run":
        return _run(folder, words)
    if words[0] == "inspect":
        state = _read(container)
        return (0, state, "") if state is not None else (1, "", "Error: No such container: " + last + "\n")
    return 0, "", "ValueError: what the program said last\n" if words[0] == "logs" else ""


def _image(folder: str, words: "list[str]", last: str) -> "tuple[int, str, str]":
    images = (_read(folder + "/images") or "").splitlines()
    if words[:2] == ["image", "inspect"]:
        there = (0, "sha256:0\n", "")
        return there if last in images else (1, "", "Error response from daemon: No such image: " + last + "\n")
    if words[0] == "image":
        tags = [name[len(last) + 1 :] for name in images if name.startswith(last + ":")]
        return 0, "".join(tag + "\n" for tag in tags), ""
    if last not in (_read(folder + "/registry") or "").splitlines():
        return 1, "", "Error response from daemon: manifest for " + last + " not found\n"
    _write(folder + "/images", last + "\n", "a")
    return 0, "", ""


def _run(folder: str, words: "list[str]") -> "tuple[int, str, str]":
    name, gpu = words[words.index("--name") + 1], "--gpus" in words
    container, root = folder + "/containers/" + name, _read(folder + "/looks-below")
    if os.path.exists(container):
        return 125, "", 'docker: Conflict. The container name "/' + name + '" is already in use\n'
    _write(folder + "/argv." + name, "".join(word + "\0" for word in ["docker", *words]))
    sources = [word.split(":")[0] for word in words if word.startswith("/opt/")]
    missing = [source for source in sources if root and not os.path.isdir(root + source)]
    refused = "no such folder: " + missing[0] if missing else _read(folder + "/refuses")
    refused = refused if refused is not None else _read(folder + "/refuses." + name)
    if refused is not None:
        return 125, "4f5c0b2a9d\n", "docker: " + refused + "\n"
    no_driver = _read(folder + "/no-driver") if gpu else None
    if no_driver is not None:
        _write(container, "false|0|128|" + no_driver + "\n")
        return 125, "4f5c0b2a9d\n", "docker: Error response from daemon: " + no_driver + "\n"
    crashes = os.path.exists(folder + "/crashes") or (gpu and os.path.exists(folder + "/gpu-crashes"))
    _write(container, "false|3|1|\n" if crashes else "true|0|0|\n")
    return 0, "4f5c0b2a9d\n", ""


def main(folder: str) -> None:
    """Be the program."""
    words = [os.fsencode(word).decode("utf-8", "surrogateescape") for word in sys.argv[1:]]
    noted(folder, words)
    if hangs(folder, words):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        subprocess.run(["sleep", "600"], check=False)
    code, output, errors = answer(folder, words)
    for stream, text in ((sys.stdout, output), (sys.stderr, errors)):
        stream.buffer.write(text.encode("utf-8", "surrogateescape"))
        stream.flush()
    sys.exit(code)
