"""Bar charts as SVG inside a page. Lengths are drawing; the figures beside them are the statement's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _LABEL, _FIGURE = 400, 124, 84  # of the picture; of the names on the left, of the figures on the right
_BAR, _GAP = 16, 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its colour (s0 to s4), its length in any unit, and its figure in words."""

    colour: str
    value: int
    text: str


def bars(title: str, rows: Sequence[tuple[str, Sequence[Bar]]], legend: Sequence[tuple[str, str]] = ()) -> str:
    """Return a figure with horizontal bars, one or more to a named row; negative values draw no bar.

    `legend` are (colour, words). The title and every figure are text, so that the chart can be read aloud.
    """
    longest = max((bar.value for _, row in rows for bar in row), default=0) or 1
    room = _WIDTH - _LABEL - _FIGURE
    drawn, y = [], 0
    for name, row in rows:
        middle = y + len(row) * _BAR // 2 + 4
        drawn.append(f'<text x="{_LABEL - 10}" y="{middle}" text-anchor="end">{escape(_short(name))}</text>')
        for bar in row:
            width = max(0, bar.value) * room // longest
            drawn.append(
                f'<rect class="{bar.colour}" x="{_LABEL}" y="{y}" width="{width}" height="{_BAR - 2}" rx="2"/>'
            )
            drawn.append(f'<text class="quiet" x="{_LABEL + width + 6}" y="{y + 11}">{escape(bar.text)}</text>')
            y += _BAR
        y += _GAP
    if legend:
        drawn.append(_legend(legend, y + 8))
        y += 24
    if not rows:
        drawn, y = ['<text class="quiet" x="0" y="16">Nothing to show</text>'], 24
    picture = f'<svg viewBox="0 0 {_WIDTH} {y}" role="img" aria-label="{escape(title)}">{"".join(drawn)}</svg>'
    return f"<figure><figcaption>{escape(title)}</figcaption>{picture}</figure>\n"


def _legend(legend: Sequence[tuple[str, str]], y: int) -> str:
    made, x = [], _LABEL
    for colour, words in legend:
        made.append(f'<rect class="{colour}" x="{x}" y="{y}" width="10" height="10" rx="2"/>')
        made.append(f'<text class="quiet" x="{x + 15}" y="{y + 9}">{escape(words)}</text>')
        x += 30 + 7 * len(words)
    return "".join(made)


def _short(name: str) -> str:
    return name if len(name) <= 20 else name[:19] + "\N{HORIZONTAL ELLIPSIS}"
