"""Replacing the text between two markers of a file that is also edited by hand."""

from __future__ import annotations

import re

from ctxschema.core import codes
from ctxschema.core.errors import FileError
from ctxschema.core.source import SourceText

BEGIN, END = "ctxschema:begin", "ctxschema:end"


def injected(source: SourceText, text: str, output: str, appliance: str) -> str:
    """Return a file's text with an output between its markers, indented like the first marker.

    A marker is a line, usually a comment, that contains ``ctxschema:begin`` or ``ctxschema:end``, the name of the
    output and the name of the appliance. A file can have pairs of markers for several outputs.

    Args:
        source: The file.
        text: The output.
        output: The name of the output.
        appliance: The name of the appliance.

    Raises:
        FileError: The markers are missing, occur more than once, or are in the wrong order.
    """
    begin, end = (_marker(source, word, output, appliance) for word in (BEGIN, END))
    if end.start() < begin.end():
        raise _refused(source, f"{END} stands before {BEGIN}", end)
    prefix = begin.group()[: -len(begin.group().lstrip())]
    line_end = "\r\n" if begin.group().endswith("\r\n") else "\n"
    lines = (f"{prefix}{line}" if line else "" for line in text.removesuffix("\n").split("\n"))
    return source.text[: begin.end()] + "".join(f"{line}{line_end}" for line in lines) + source.text[end.start() :]


def _marker(source: SourceText, word: str, output: str, appliance: str) -> re.Match[str]:
    wanted = f"{word} {output} {appliance}"
    pattern = rf"^[^\n]*{re.escape(word)}[ \t]+{re.escape(output)}[ \t]+{re.escape(appliance)}(?![\w-])[^\n]*(?:\n|\Z)"
    found = list(re.finditer(pattern, source.text, re.MULTILINE))
    if not found:
        raise _refused(source, f"there is no line with {wanted} in it", None)
    if len(found) > 1:
        raise _refused(source, f"there are {len(found)} lines with {wanted} in them", found[1])
    return found[0]


def _refused(source: SourceText, message: str, match: re.Match[str] | None) -> FileError:
    place = source.at(0) if match is None else source.at(match.start(), len(match.group().rstrip()) + match.start())
    message = f"{source.name}: {message}; the file is left as it is"
    return FileError(message, [codes.MARKERS.at(message, position=place)])
