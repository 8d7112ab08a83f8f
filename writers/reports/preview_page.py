"""A preview as one page: what would become of a file, of a decision or of terms, with people and money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from model.documents.preview import Loss, NextInvoice, Preview
from model.documents.statement import Document
from model.money.cents import format_dollars
from model.timeline import OPEN
from writers.forms import html
from writers.words import SEVERITIES, day, word

_TONES = {"APPLIED": "green", "REPORTED": "accent", "DUPLICATE": "accent", "MATCHED": "green"}

# What lines are counted by, and how it is headed.
_COLUMNS = {
    "added": "Added",
    "ended": "Ended",
    "implied": "Implied",
    "moved": "Moved",
    "changed": "Changed",
    "unchanged": "Same",
    "waiting": "Waits",
    "rejected": "Rejected",
}


def render(preview: Preview) -> Document:
    """Return `preview.html`: self-contained; it names people, and is for us alone."""
    parts = list(_parts(preview))
    return html.document("preview", preview.carrier, preview.contact, "Preview", preview.about, parts)


def _parts(preview: Preview) -> Iterator[str]:
    yield html.pairs(
        (
            ("Sent by", preview.partner),
            ("As on", day(preview.on)),
            ("Digest", preview.shown),
            ("Would be owed", ", ".join(preview.documents)),
        )
    )
    label = "Nothing was changed. It would come to" if preview.state else "Nothing was changed"
    title = preview.state.capitalize() if preview.state else "What it would do"
    yield html.banner(_TONES.get(preview.state, "amber"), label, title)
    yield html.tiles(_figures(preview))
    for text in (*filter(None, (each.reason for each in preview.sets)), *preview.notes):
        yield html.paragraph(text)
    if preview.changes or preview.uncovered:
        rows = [(line,) for line in (*preview.changes, *preview.uncovered)]
        yield html.section("What would be agreed otherwise", html.table(("",), rows))
    yield from _lines(preview)
    yield from _money(preview)
    yield from _people(preview)
    yield from _said(preview)


def _figures(preview: Preview) -> list[tuple[str, str]]:
    sums = {
        "Lines added": preview.counted("added"),
        "Ended": preview.counted("ended"),
        "Ended by implication": preview.counted("implied"),
        "Changed or moved": preview.counted("changed") + preview.counted("moved"),
        "Waiting": preview.counted("waiting"),
        "Rejected": preview.counted("rejected"),
        "Losses of cover": preview.lost,
    }
    return [(name, f"{count:,}") for name, count in sums.items() if count]


def _people(preview: Preview) -> Iterator[str]:
    if preview.losses:
        rows = [
            (each.member_id, each.name, each.subgroup, ", ".join(each.plans), _from(each), _through(each.end))
            for each in preview.losses
        ]
        heads = ("Member", "Name", "Subgroup", "Plans", "No cover from", "Through")
        yield html.section("Who would lose cover", html.table(heads, rows), note=_more(preview.lost, rows))
    if preview.tiers:
        levels = [
            (each.member_id, each.name, each.subgroup, each.line, each.before, each.after, day(each.begin))
            for each in preview.tiers
        ]
        names = ("Member", "Name", "Subgroup", "Line", "Level", "Would be", "From")
        yield html.section("New levels", html.table(names, levels), note=_more(preview.levels, levels))


def _from(loss: Loss) -> str:
    return f"{day(loss.begin)}, its begin" if loss.never else day(loss.begin)


def _through(end: date) -> str:
    return "open" if end == OPEN else day(end)


def _more(count: int, rows: Sequence[object]) -> str:
    return f"The first {len(rows):,} of {count:,}." if count > len(rows) else ""


def _money(preview: Preview) -> Iterator[str]:
    if preview.invoices:
        heads = ("Account", "Month", "Premium now", "then", "Corrections now", "then", "Due now", "then")
        yield html.section(
            "Next invoices",
            html.table(heads, map(_invoice, preview.invoices), right=range(2, 8)),
            note=" ".join(f"Account {each.account}: {each.held}." for each in preview.invoices if each.held),
        )
    if preview.retro:
        rows = [(each.account, each.month, *map(format_dollars, (each.now, each.then))) for each in preview.retro]
        yield html.section(
            "Corrections of earlier months", html.table(("Account", "Month", "Now", "Then"), rows, right=(2, 3))
        )
    if preview.entries:
        entries = [(each.debit, each.credit, each.invoice, format_dollars(each.cents)) for each in preview.entries]
        yield html.section(
            "What would be posted", html.table(("Debit", "Credit", "Invoice", "Amount"), entries, right=(3,))
        )


def _invoice(each: NextInvoice) -> tuple[str, ...]:
    sums = (
        *(each.now.current, each.then.current, each.now.retro, each.then.retro),
        *(each.now.total_due, each.then.total_due),
    )
    account = f"{each.account} {each.subgroup}".strip()
    return account, each.month, *map(format_dollars, sums)


def _lines(preview: Preview) -> Iterator[str]:
    if preview.places:
        columns = [name for name in _COLUMNS if preview.counted(name)]
        rows = [
            (
                *(place.group, place.subgroup, place.line, place.plan or "(member)"),
                *(f"{count:,}" if count else "" for count in (getattr(lines, name) for name in columns)),
            )
            for place, lines in preview.places
        ]
        heads = ("Group", "Subgroup", "Line", "Plan", *(_COLUMNS[name] for name in columns))
        yield html.section("Lines of members", html.table(heads, rows, right=range(4, len(heads))))
    if preview.omitted:
        names = ("Group", "Subgroup", "Subscribers", "Dependents", "Lines", "A month")
        lacking = [
            (
                *(each.group, each.subgroup),
                f"{each.subscribers:,} of {each.of_subscribers:,}",
                f"{each.dependents:,} of {each.of_dependents:,}",
                f"{each.lines:,} of {each.of_lines:,}",
                format_dollars(each.cents or 0),
            )
            for each in preview.omitted
        ]
        yield html.section("Not in the full file", html.table(names, lacking, right=range(2, 6)))


def _said(preview: Preview) -> Iterator[str]:
    if preview.findings:
        rows = [
            (word(SEVERITIES, each.severity.value), each.code, each.message, each.fix) for each in preview.findings
        ]
        yield html.section("What would be said", html.table(("", "Code", "What", "What to do"), rows))
    if preview.sets:
        rows = [(each.control, each.kind, each.state, each.reason) for each in preview.sets]
        yield html.section("Sets", html.table(("Set", "Kind", "Would come to", "Why"), rows))
