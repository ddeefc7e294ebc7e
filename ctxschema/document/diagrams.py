"""Diagrams as SVG: boxes below one another, each with a note beside it; all text can be selected and searched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from attrs import frozen

from ctxschema.document.markdown import REMARK

_BOX, _GAP, _LINE, _PADDING = 360, 28, 19, 12
_BESIDE, _SIDE = 80, 296
"""In the wide form: the distance of the note from its box, and its width, in units."""
_NARROW, _TRUNK, _INDENT, _BRANCH = 334, 16, 40, 22
"""In the narrow form: the width of a box, the place of the trunk line, and the indent and gap of a note, in units."""
_CHARACTER = 7.4
"""The greatest average width of a character in a sans-serif font of 14 pixels."""
_TONES = ("plain", "good", "care")
_LIGHT = ("#1d2230", "#6b7285", "#e8eaf6", "#3949ab", "#e3f2e6", "#2e7d32", "#fff3e0", "#b26a00")
_DARK = ("#e2e4ed", "#a2a9bb", "#2b3050", "#9fa8ff", "#1f3a2a", "#81c995", "#43331b", "#ffb74d")
_VARIABLES = ("ink", "line", *(f"{tone}{end}" for tone in _TONES for end in ("", "-edge")))


@frozen
class Box:
    """One box.

    Args:
        title: Its title, in bold.
        text: The text below the title.
        side: The text of the note beside it.
        arrow: The text on the arrow to the note.
        down: The text on the arrow to the next box.
        tone: Its colors: ``plain``, ``good`` or ``care``.
        side_tone: The colors of the note.
    """

    title: str
    text: str = ""
    side: str = ""
    arrow: str = ""
    down: str = ""
    tone: str = "plain"
    side_tone: str = "plain"


@frozen
class Diagram:
    """A diagram of boxes from top to bottom.

    Args:
        title: Its title.
        description: A sentence that describes it to people who cannot see it.
        boxes: The boxes, in order.
    """

    title: str
    description: str
    boxes: Sequence[Box]

    def files(self, name: str) -> dict[str, str]:
        """Return the files of the diagram: a wide one, and a narrow one for phones.

        Args:
            name: The name of the wide one, without suffix; the name of the other ends in ``-narrow``.
        """
        return {f"{name}.svg": self.svg(), f"{name}-narrow.svg": self.svg(narrow=True)}

    def svg(self, *, narrow: bool = False) -> str:
        """Return the drawing, which is 760 units wide, or 358 if it is narrow."""
        drawn: list[str] = []
        y = _PADDING
        for number, box in enumerate(self.boxes):
            last = number == len(self.boxes) - 1
            height, lines = _below(box, y, last=last) if narrow else _beside(box, y, last=last)
            drawn += lines
            y += height + (0 if last else _GAP)
        width = _NARROW + 2 * _PADDING if narrow else _BOX + _BESIDE + _SIDE + 2 * _PADDING
        text = "\n".join([*_head(self, (width, y + _PADDING)), *drawn, "</svg>"]) + "\n"
        # A page may contain several drawings, and ids must be unique within it.
        return text.replace("HEAD", "head-" + "-".join(self.title.lower().split()) + "-narrow" * narrow)


def wrapped(text: str, width: float) -> list[str]:
    """Return a text as lines that fit a width in pixels."""
    lines: list[str] = []
    for word in text.split():
        if lines and (len(lines[-1]) + 1 + len(word)) * _CHARACTER <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _beside(box: Box, y: int, *, last: bool) -> tuple[int, list[str]]:
    """Return the height and the elements of a box with its note beside it."""
    bold, plain = (wrapped(text, _BOX - 2 * _PADDING) for text in (box.title, box.text))
    side = wrapped(box.side, _SIDE - 2 * _PADDING)
    height = _height(max(len(bold) + len(plain), len(side)))
    drawn = _box((_PADDING, y, _BOX, height), box.tone, bold, plain)
    if side:
        left, middle = _PADDING + _BOX, y + height // 2
        drawn.append(_arrow(f"M{left} {middle}h{_BESIDE - 3}"))
        drawn += _word(left + 8, middle - 6, box.arrow)
        drawn += _box((left + _BESIDE, y, _SIDE, height), box.side_tone, [], side)
    if not last:
        drawn += _down(_PADDING + _BOX // 2, y + height, y + height + _GAP, box.down)
    return height, drawn


def _below(box: Box, y: int, *, last: bool) -> tuple[int, list[str]]:
    """Return the height and the elements of a box with its note below it, as in the narrow form."""
    bold, plain = (wrapped(text, _NARROW - 2 * _PADDING) for text in (box.title, box.text))
    side = wrapped(box.side, _NARROW - _INDENT - 2 * _PADDING)
    own = _height(len(bold) + len(plain))
    drawn = _box((_PADDING, y, _NARROW, own), box.tone, bold, plain)
    height, trunk = own, _PADDING + _TRUNK
    if side:
        top, below = y + own + _BRANCH, _height(len(side))
        drawn.append(_arrow(f"M{trunk} {y + own}V{top + below // 2}h{_INDENT - _TRUNK - 3}"))
        drawn += _word(_PADDING + _INDENT, top - 6, box.arrow)
        drawn += _box((_PADDING + _INDENT, top, _NARROW - _INDENT, below), box.side_tone, [], side)
        height += _BRANCH + below
    if not last:
        drawn += _down(trunk, y + own, y + height + _GAP, box.down)
    return height, drawn


def _height(lines: int) -> int:
    return lines * _LINE + 2 * _PADDING - 4


def _arrow(path: str) -> str:
    return f'<path class="arrow" d="{path}" marker-end="url(#HEAD)"/>'


def _word(x: int, y: int, word: str) -> Iterable[str]:
    if word:
        yield f'<text class="word" x="{x}" y="{y}">{escape(word)}</text>'


def _down(x: int, top: int, bottom: int, word: str) -> Iterable[str]:
    yield _arrow(f"M{x} {top}V{bottom - 3}")
    yield from _word(x + 10, bottom - 9, word)


def _box(place: tuple[int, int, int, int], tone: str, bold: Sequence[str], plain: Sequence[str]) -> list[str]:
    """Return a rectangle, and a single text element for all lines, so that they can be selected together."""
    left, top, width, height = place
    lines = [(line, ' font-weight="600"') for line in bold] + [(line, "") for line in plain]
    x, y = left + _PADDING, top + (height - len(lines) * _LINE) // 2 + 14
    spans = "".join(
        f'<tspan x="{x}" dy="{_LINE if number else 0}"{weight}>{escape(line)}{" " * (number < len(lines) - 1)}</tspan>'
        for number, (line, weight) in enumerate(lines)
    )
    return [
        f'<rect class="{tone}" x="{left}" y="{top}" width="{width}" height="{height}" rx="8"/>',
        f'<text x="{x}" y="{y}">{spans}</text>',
    ]


def _head(diagram: Diagram, size: tuple[int, int]) -> Iterable[str]:
    width, height = size
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" viewBox="0 0 {width} {height}" width="{width}" '
        f'role="img" font-family="system-ui, sans-serif" font-size="14">'
    )
    yield f"<!-- {REMARK} -->"
    yield f"<title>{escape(diagram.title)}</title>"
    yield f"<desc>{escape(diagram.description)}</desc>"
    yield (
        '<defs><marker id="HEAD" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path class="head" d="M0 0 8 4 0 8z"/></marker></defs>'
    )
    yield f"<style>{_style()}</style>"


def _style() -> str:
    """Return the style of a drawing. A page that contains it can override its colors with those of its color scheme."""
    tones = "".join(
        f".drawing .{tone}{{fill:var(--drawing-{tone});stroke:var(--drawing-{tone}-edge)}}" for tone in _TONES
    )
    return (
        f".drawing{{{_colors(_LIGHT)}color:var(--drawing-ink);fill:currentColor}}"
        f"@media(prefers-color-scheme:dark){{.drawing{{{_colors(_DARK)}}}}}"
        f"{tones}.drawing .arrow{{fill:none;stroke:var(--drawing-line);stroke-width:1.5}}"
        ".drawing .head{fill:var(--drawing-line)}"
        ".drawing .word{font-size:13px;font-weight:600;fill:var(--drawing-line)}"
    )


def _colors(values: Sequence[str]) -> str:
    return "".join(f"--drawing-{name}:{value};" for name, value in zip(_VARIABLES, values, strict=True))
