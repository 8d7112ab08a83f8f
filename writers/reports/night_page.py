"""A night as one page: what each part did, what waits, what broke. Counts, money and numbers of ours only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from model.agreement.terms import Carrier, Contact
from model.documents.statement import Document
from model.money.cents import format_dollars
from model.nights import Outcome
from writers.forms import html
from writers.words import NIGHT_PARTS, day, word


def render(name: str, carrier: Carrier | None, today: date, outcomes: Sequence[Outcome]) -> Document:
    """Return `<name>.html`: self-contained; `outcomes` in the order in which they were done."""
    ours, contact = (carrier.name, carrier.contact) if carrier else ("Rollbook", Contact())
    return html.document(name, ours, contact, "The night", day(today), _parts(outcomes))


def _parts(outcomes: Sequence[Outcome]) -> Iterator[str]:
    days = list(dict.fromkeys(each.day for each in outcomes))
    broken = [each for each in outcomes if each.broke]
    if broken:
        told = f"{len(broken)} part{'s' * (len(broken) > 1)} broke"
        yield html.banner("red", told, "The others were done; the next run tries again")
    else:
        made_up = f"{len(days) - 1} missed days made up for" if len(days) > 1 else "Every part ended well"
        yield html.banner("green", "Done", made_up)
    yield html.pairs((("Days", ", ".join(map(day, days))),))
    if broken:
        rows = [(day(each.day), word(NIGHT_PARTS, each.part.value), each.broke) for each in broken]
        yield html.section("What broke", html.table(("Day", "Part", "Why"), rows))
    for each_day in reversed(days):
        mine = [each for each in outcomes if each.day == each_day]
        table = html.table(("Part", "What it did", "Money"), map(_row, mine), right=(2,))
        yield html.section(f"{day(each_day)}", table)
    found = [(word(NIGHT_PARTS, each.part.value), text) for each in outcomes for text in each.told]
    if found:
        yield html.section("What waits and what was found", html.table(("Part", "What"), found))


def _row(each: Outcome) -> tuple[str, ...]:
    did = ", ".join(f"{count:,} {what}" for what, count in each.counts)
    what = "It broke" if each.broke else did or "Nothing to do"
    return word(NIGHT_PARTS, each.part.value), what, format_dollars(each.cents) if each.cents else ""
