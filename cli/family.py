"""How a member's families look on a terminal: as of a day, and everything that was ever recorded of the member."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from cli import show
from model.trade.member import RELATIONSHIPS, RESTRICTED
from writers.words import PURPOSES, word

if TYPE_CHECKING:
    from pipeline.views.families import FamilyCoverageView, FamilyMemberView, FamilyView, MemberTodayView
    from pipeline.views.persons import MemberView, ToldView

_HELD = ", not covered: held for dependents"


def today(
    console: Console, found: MemberTodayView, asked: str, tell: Callable[[Console], None] = lambda console: None
) -> None:
    """Show a member and, of each family, who has what from when to when, and what waits.

    `tell` says as of which days.
    """
    tell(console)
    ssn = f", SSN {found.ssn}" if found.ssn else ""
    _head(console, found.member, asked, f"{found.first} {found.last}, born {found.birth or 'not known'}{ssn}")
    _aside(console, found.aliases, confidential=found.confidential)
    for family in found.families:
        _family(console, family, found)
    facts(console, found.told)
    console.print(Text(f"\nEverything ever recorded: rollbook member show {found.member} --history"))


def ever(
    console: Console, found: MemberView, asked: str, tell: Callable[[Console], None] = lambda console: None
) -> None:
    """Show every coverage that was ever recorded, by which transaction, and what is known beside that."""
    tell(console)
    now = found.facts[-1].demographics
    _head(console, found.member, asked, f"{now.name.first} {now.name.last}, born {now.birth or 'not known'}")
    _aside(console, found.aliases, confidential=now.confidentiality == RESTRICTED)
    for ssn in found.ssns:
        console.print(f"SSN {ssn.masked}" + ("" if ssn.closed is None else " (no longer)"))
    rows = [
        (
            coverage.group,
            coverage.line,
            coverage.plan,
            coverage.tier + _HELD * coverage.for_dependents,
            coverage.span.begin,
            f"{show.day(coverage.span.end)} {coverage.end_reason}".strip(),
            f"{coverage.opened.at:%Y-%m-%d} {word(PURPOSES, coverage.opened.what)}",
            f"{coverage.closed.at:%Y-%m-%d}" if coverage.closed else "",
        )
        for coverage in found.coverages
    ]
    heads = ("group", "line", "plan", "tier", "from", "to", "recorded", "superseded")
    console.print(show.table("\nEvery coverage recorded", heads, rows))
    facts(console, [version for version in found.told if version.closed is None])


def facts(console: Console, known: Iterable[ToldView]) -> None:
    """Show what is known of a member now beside identity and coverage; nothing where that is nothing."""
    rows = [
        (
            version.group,
            version.subscriber,
            fact.meaning,
            fact.about,
            ", ".join(fact.words),
            "yes" * fact.in_confidence,
        )
        for version in known
        for fact in version.facts
    ]
    if rows:
        console.print(show.table("\nFacts", ("group", "family", "fact", "of", "told", "in confidence"), rows))


def _head(console: Console, member: str, asked: str, words: str) -> None:
    if member != asked.upper():
        console.print(f"{asked.upper()} is now {member}: both were one person.")
    console.print(Text(member, style="bold"), Text(words))


def _aside(console: Console, aliases: Iterable[str], *, confidential: bool) -> None:
    if confidential:
        console.print("[red]Confidential (INS13 = R)[/]: address, phone and e-mail are for the plan only.")
    if others := ", ".join(aliases):
        console.print(f"Also known as {others}, by merges.")


def _family(console: Console, family: FamilyView, found: MemberTodayView) -> None:
    place = f"subgroup {family.subgroup} ({family.subgroup_name}), account {family.account}"
    text = f"\nFamily {family.subscriber} of group {family.group} ({family.group_name}), {place}, on {found.on}:"
    console.print(Text(text))
    rows = [row for member in family.members for row in _member(member, found)]
    console.print(show.table("", ("member", "who", "line", "plan", "tier", "from", "to"), rows))
    if family.paid_through:
        console.print(f"Its premium is paid through {family.paid_through}.")
    for member in family.members:
        for covered in member.coverages:
            if covered.for_dependents:
                console.print(Text(f"{member.first} {member.last}, {covered.line} {covered.tier}{_HELD}"))
    waits = [
        (item.number, item.label, item.line, f"{item.code}: {item.why}", item.due, item.role)
        for item in family.waits
    ]
    if waits:
        heads = ("no.>", "about", "line", "why", "due", "decided by")
        console.print(show.table("\nWaits for a decision (rollbook work show NUMBER)", heads, waits))


def _member(member: FamilyMemberView, found: MemberTodayView) -> Iterator[tuple[object, ...]]:
    """Yield the rows of a person: who beside what, whichever takes more of them."""
    relation = word(RELATIONSHIPS.words, member.relationship).lower() + ", confidential" * member.confidential
    style = "bold" if member.member == found.member else ""
    who = (Text(f"{member.first} {member.last}", style=style), f"{relation}, {member.birth or 'no birth date'}")
    covered = [_coverage(each, found.on) for each in member.coverages] or [("not covered", "", "", "", "")]
    for at, (name, cells) in enumerate(zip_longest(who, covered)):
        yield (member.member if at == 0 else "", name or "", *(cells or ("",) * 5))


def _coverage(covered: FamilyCoverageView, on: date) -> tuple[object, ...]:
    """Return the cells of a coverage; one that has ended, or has not begun, is dim."""
    style = "" if covered.begin <= on <= covered.end else "dim"
    end = f"{show.day(covered.end)} {covered.end_reason}".strip()
    cells = (covered.line, covered.plan, covered.tier, str(covered.begin), end)
    return tuple(Text(cell, style=style) for cell in cells)
