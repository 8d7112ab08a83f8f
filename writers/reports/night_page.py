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
    if broken:
        rows = [(day(each.day), word(NIGHT_PARTS, each.part.value), each.broke) for each in broken]
        yield html.section("What broke", html.table(("Day", "Part", "Why"), rows))
    tonight = [each for each in outcomes if each.day == days[-1]]
    yield html.section(day(days[-1]), html.table(("Part", "What it did", "Money"), map(_row, tonight), right=(2,)))
    found = [(word(NIGHT_PARTS, each.part.value), text) for each in outcomes for text in each.told]
    if found:
        yield html.section("What waits and what was found", html.table(("Part", "What"), found))
    if days[:-1]:
        missed = [(day(each), _of_day([done for done in outcomes if done.day == each])) for each in days[:-1]]
        note = "What goes out, and money, was done once, tonight."
        yield html.section("Days that were missed", html.table(("Day", "What it did"), missed), note=note)


def _of_day(outcomes: Sequence[Outcome]) -> str:
    return "; ".join(text for each in outcomes if (text := _did(each))) or "Nothing to do"


def _did(each: Outcome) -> str:
    counts = ", ".join(f"{count:,} {what}" for what, count in each.counts)
    return f"{word(NIGHT_PARTS, each.part.value)}: it broke" if each.broke else counts


def _row(each: Outcome) -> tuple[str, ...]:
    did = ", ".join(f"{count:,} {what}" for what, count in each.counts)
    what = "It broke" if each.broke else did or "Nothing to do"
    return word(NIGHT_PARTS, each.part.value), what, format_dollars(each.cents) if each.cents else ""
