"""Diagrams as SVG: boxes below each other, each with a remark at its side; their text can be read and found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from attrs import frozen

from ctxschema.document.markdown import REMARK

_WIDTH, _BOX, _GAP, _LINE, _PADDING = 760, 360, 28, 19, 12
_CHARACTER = 7.4
"""How wide a character is at most, on average, in a sans-serif of 14 pixels."""
_TONES = {"plain": ("#e8eaf6", "#3949ab"), "good": ("#e3f2e6", "#2e7d32"), "care": ("#fff3e0", "#b26a00")}


@frozen
class Box:
    """One box.

    Args:
        title: What it says, in bold.
        text: What it says below that.
        side: What stands at its side, in a box of its own.
        arrow: What stands on the arrow to the side.
        down: What stands on the arrow to the next box.
        tone: ``plain``, ``good`` or ``care``.
        side_tone: The same for the box at the side.
    """

    title: str
    text: str = ""
    side: str = ""
    arrow: str = ""
    down: str = ""
    tone: str = "plain"
    side_tone: str = "plain"


def wrapped(text: str, width: float) -> list[str]:
    """Return a text in lines that fit a width in pixels."""
    lines: list[str] = []
    for word in text.split():
        if lines and (len(lines[-1]) + 1 + len(word)) * _CHARACTER <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def column(title: str, description: str, boxes: Sequence[Box]) -> str:
    """Return a diagram of boxes from top to bottom.

    Args:
        title: What it shows.
        description: The same in a sentence, for who cannot see it.
        boxes: In their order.
    """
    drawn: list[str] = []
    y = _PADDING
    for number, box in enumerate(boxes):
        height = _height(box)
        drawn += _rectangle(_PADDING, y, _BOX, height, box.tone)
        drawn += _text((_PADDING, y), height, _lines(box.title), _lines(box.text))
        if box.side:
            drawn += _side(box, y, height)
        y += height
        if number < len(boxes) - 1:
            middle = _PADDING + _BOX // 2
            drawn.append(f'<path class="arrow" d="M{middle} {y}v{_GAP - 3}" marker-end="url(#HEAD)"/>')
            if box.down:
                drawn.append(f'<text class="word" x="{middle + 10}" y="{y + 19}">{escape(box.down)}</text>')
            y += _GAP
    text = "\n".join([*_head(title, description, y + _PADDING), *drawn, "</svg>"]) + "\n"
    # Several diagrams may stand in one page, where an id is there once.
    return text.replace("HEAD", "head-" + "-".join(title.lower().split()))


def _height(box: Box) -> int:
    inner = len(_lines(box.title)) + len(_lines(box.text))
    beside = len(wrapped(box.side, _side_width() - 2 * _PADDING))
    return max(inner, beside) * _LINE + 2 * _PADDING - 4


def _lines(text: str) -> list[str]:
    return wrapped(text, _BOX - 2 * _PADDING)


def _side_width() -> int:
    return _WIDTH - _BOX - 2 * _PADDING - 80


def _side(box: Box, y: int, height: int) -> Iterable[str]:
    left = _PADDING + _BOX
    yield f'<path class="arrow" d="M{left} {y + height // 2}h77" marker-end="url(#HEAD)"/>'
    if box.arrow:
        yield f'<text class="word" x="{left + 8}" y="{y + height // 2 - 6}">{escape(box.arrow)}</text>'
    yield from _rectangle(left + 80, y, _side_width(), height, box.side_tone)
    yield from _text((left + 80, y), height, [], wrapped(box.side, _side_width() - 2 * _PADDING))


def _rectangle(x: int, y: int, width: int, height: int, tone: str) -> Iterable[str]:
    fill, stroke = _TONES[tone]
    yield f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8" fill="{fill}" stroke="{stroke}"/>'


def _text(corner: tuple[int, int], height: int, bold: Sequence[str], plain: Sequence[str]) -> Iterable[str]:
    """One text element for all lines of a box, so that it can be selected and found as a whole."""
    x, y = corner[0] + _PADDING, corner[1]
    lines = [(line, ' font-weight="600"') for line in bold] + [(line, "") for line in plain]
    spans = "".join(
        f'<tspan x="{x}" dy="{_LINE if number else 0}"{weight}>{escape(line)}{" " * (number < len(lines) - 1)}</tspan>'
        for number, (line, weight) in enumerate(lines)
    )
    yield f'<text x="{x}" y="{y + (height - len(lines) * _LINE) // 2 + 14}">{spans}</text>'


def _head(title: str, description: str, height: int) -> Iterable[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="14" fill="#1d2230">'
    )
    yield f"<!-- {REMARK} -->"
    yield f"<title>{escape(title)}</title>"
    yield f"<desc>{escape(description)}</desc>"
    yield (
        '<defs><marker id="HEAD" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#7b8296"/></marker></defs>'
    )
    yield (
        "<style>.arrow{fill:none;stroke:#7b8296;stroke-width:1.5}"
        ".word{font-size:13px;fill:#7b8296;font-weight:600}</style>"
    )
