"""Self-contained HTML pages: nothing is fetched, all that is shown is escaped text, filters work offline.

Bar charts are SVG inside a page: lengths are drawing, the figures beside them are the statement's.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources

from model.agreement.terms import Contact
from model.documents.statement import Document
from writers.words import contact_lines

# No picture, font or connection from anywhere; of what the page holds, this style and script only, by their
# hashes: a document is the same bytes each time, and a nonce would be known from the one before.
_POLICY = "default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'"


def document(
    name: str,
    carrier: str,
    contact: Contact,
    title: str,
    subtitle: str,
    parts: Iterable[str],
    *,
    styles: str = "",
) -> Document:
    """Return `<name>.html`: letterhead, the parts one below the other, whom to ask. `parts` are finished HTML.

    `styles` names a style sheet of templates/ that the page needs beside its own.
    """
    style = "\n" + _file("page.css") + (_file(styles) if styles else "")
    script = "\n" + _file("page.js")
    policy = _POLICY.format(style=_source(style), script=_source(script))
    ask = "  \N{MIDDLE DOT}  ".join(contact_lines(contact))
    text = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{escape(title)} {escape(subtitle)}</title>
<style>{style}</style>
</head>
<body>
<header class="letterhead">
<span class="monogram" aria-hidden="true">{escape(carrier[:1].upper())}</span>
<span class="carrier">{escape(carrier)}</span>
<h1>{escape(title)}<small>{escape(subtitle)}</small></h1>
</header>
<main>
{"".join(parts)}</main>
<footer>{f"Questions? {escape(ask)}" if ask else ""}</footer>
<script>{script}</script>
</body>
</html>
"""
    return Document.of(f"{name}.html", text.encode())


def _source(text: str) -> str:
    """Return the word of a content policy that lets an element with exactly this text pass."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _file(name: str) -> str:
    return resources.files("writers").joinpath("templates", name).read_text(encoding="utf-8")


def banner(tone: str, label: str, title: str) -> str:
    """Return the one thing to see first. `tone` is green, amber, red or accent."""
    return f'<section class="banner {tone}"><p>{escape(label)}</p><strong>{escape(title)}</strong></section>\n'


def pairs(items: Iterable[tuple[str, str]]) -> str:
    """Return names and values, one pair a line; empty values are left out."""
    rows = (f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in items if value)
    return f'<dl class="pairs">{"".join(rows)}</dl>\n'


def tiles(items: Sequence[tuple[str, str]]) -> str:
    """Return figures side by side, each with its name below."""
    if not items:
        return ""
    made = (f"<li><strong>{escape(value)}</strong><span>{escape(name)}</span></li>" for name, value in items)
    return f'<ul class="tiles">{"".join(made)}</ul>\n'


def paragraph(text: str) -> str:
    """Return a line of text."""
    return f"<p>{escape(text)}</p>\n"


def section(title: str, *parts: str, note: str = "") -> str:
    """Return a titled section; `note` is a line of small print below."""
    small = f'<p class="note">{escape(note)}</p>' if note else ""
    return f"<section><h2>{escape(title)}</h2>\n{''.join(parts)}{small}</section>\n"


def table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = (), foot: Sequence[str] = ()
) -> str:
    """Return a plain table of texts; `right` are the columns of amounts, `foot` the totals."""
    sides = ['<{tag} class="amount">' if at in set(right) else "<{tag}>" for at in range(len(heads))]

    def line(cells: Sequence[str], tag: str) -> str:
        made = (f"{side.format(tag=tag)}{escape(cell)}</{tag}>" for side, cell in zip(sides, cells, strict=True))
        return f"<tr>{''.join(made)}</tr>\n"

    body = "".join(line(row, "td") for row in rows)
    total = f"<tfoot>{line(foot, 'td')}</tfoot>" if foot else ""
    head = f"<thead>{line(heads, 'th')}</thead>"
    return f'<div class="wide"><table>{head}<tbody>{body}</tbody>{total}</table></div>\n'


def filters(choices: Sequence[tuple[str, str]], chosen: str, what: str) -> str:
    """Return the controls that choose among the elements with class `item` on the page: a search and chips.

    `choices` are (value of data-kind, words); an item shows when its data-kind holds the chosen word. The chip
    with value "" shows all.
    """
    chips = "".join(
        f'<button type="button" data-choose="{escape(value)}"{" aria-pressed=true" if value == chosen else ""}>'
        f"{escape(words)}</button>"
        for value, words in choices
    )
    return (
        '<div class="filters" role="search">'
        f'<input type="search" placeholder="Search {escape(what)}" aria-label="Search {escape(what)}">'
        f'<span class="chips">{chips}</span><output></output></div>\n'
    )


_WIDTH, _LABEL, _FIGURE = 400, 124, 84  # of the picture; of the names on the left at least, of the figures
_BAR, _GAP, _LETTER, _LONGEST = 16, 12, 7, 27


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
    left = max([_LABEL, *(_LETTER * len(_short(name)) + 10 for name, _ in rows)])
    room = _WIDTH - left - _FIGURE
    drawn, y = [], 0
    for name, row in rows:
        middle = y + len(row) * _BAR // 2 + 4
        drawn.append(f'<text x="{left - 10}" y="{middle}" text-anchor="end">{escape(_short(name))}</text>')
        for bar in row:
            width = max(0, bar.value) * room // longest
            drawn.append(
                f'<rect class="{bar.colour}" x="{left}" y="{y}" width="{width}" height="{_BAR - 2}" rx="2"/>'
            )
            drawn.append(f'<text class="quiet" x="{left + width + 6}" y="{y + 11}">{escape(bar.text)}</text>')
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
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"
