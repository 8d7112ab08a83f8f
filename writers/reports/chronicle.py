"""The page that lists everything produced: by partner and day, with a link to every document."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby
from urllib.parse import quote

from model.documents.chronicle import Chronicle, Happening
from model.documents.statement import Document
from writers.forms import html
from writers.words import day


def render(chronicle: Chronicle) -> Document:
    """Return `index.html`. Its links are relative: the folder may be copied anywhere."""
    names = dict(chronicle.partners)
    parts = [html.filters([("", "all"), *chronicle.partners], "", "what happened and what was produced")]
    for code, name in chronicle.partners:
        mine = [happening for happening in chronicle.happenings if happening.partner == code]
        count = sum(len(happening.documents) for happening in mine)
        days = [_day(code, list(of)) for _, of in groupby(mine, key=lambda one: one.day)]
        parts.append(html.section(name, _table(days), note=f"{count} document{'' if count == 1 else 's'}"))
    figures = [(names[code], str(n)) for code, n in _documents(chronicle)]
    tiles = html.section("Documents", html.tiles(figures))
    return html.document(
        "index", chronicle.carrier, chronicle.contact, chronicle.title, chronicle.subtitle, [tiles, *parts]
    )


def _documents(chronicle: Chronicle) -> Iterable[tuple[str, int]]:
    for code, _ in chronicle.partners:
        yield (
            code,
            sum(len(happening.documents) for happening in chronicle.happenings if happening.partner == code),
        )


def _table(days: Iterable[str]) -> str:
    heads = "".join(f"<th>{heading}</th>" for heading in ("What happened", "What became of it", "Documents"))
    return f'<div class="wide"><table><thead><tr>{heads}</tr></thead>{"".join(days)}</table></div>\n'


def _day(partner: str, happenings: list[Happening]) -> str:
    """Return one partner's day as a body of the table."""
    rows = [f'<tr><th colspan="3">{escape(day(happenings[0].day))}</th></tr>\n']
    for happening in happenings:
        cells = (escape(happening.what), escape(happening.outcome), _links(happening.documents))
        rows.append("".join(("<tr>", *(f"<td>{cell}</td>" for cell in cells), "</tr>\n")))
    return f'<tbody class="item" data-kind="{escape(partner)}">{"".join(rows)}</tbody>\n'


def _links(paths: Iterable[str]) -> str:
    """Return links, the forms of one document beside each other: `invoice-100001 csv pdf xlsx`."""
    lines = []
    for stem, forms in groupby(sorted(paths), key=lambda path: path.rpartition(".")[0]):
        made = (f'<a href="{escape(quote(path))}">{escape(path.rpartition(".")[2])}</a>' for path in forms)
        lines.append(f"{escape(stem.rpartition('/')[2])} {' '.join(made)}")
    return "<br>".join(lines)
