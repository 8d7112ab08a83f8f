"""One member's families as of a day: who, what each has and from when to when, what waits (FAQ 22).

Names and birth dates in clear, numbers masked. Spans are inclusive; 9999-12-31 is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from model.desk import Item, ItemKind
from model.enrollment.history import MemberHistory
from model.enrollment.roster import Contract, Coverage, Enrollee
from model.timeline import NOW, OPEN, AsOf, Then
from model.trade.coverage import DEPENDENTS_ONLY
from model.trade.member import RESTRICTED
from pipeline.runtime.workspace import Workspace
from pipeline.views.paid import paid_through
from pipeline.views.persons import ToldView, told_view
from pipeline.views.plain import of_fields
from pipeline.views.work import WorkItemView, item_view
from store import agreements
from store.desk import items
from store.engine import Connection
from store.people import aliases, history, roster

_ABOUT_PEOPLE = (ItemKind.MEMBER, ItemKind.OMITTED, ItemKind.QUERY)


@dataclass(frozen=True, slots=True)
class FamilyCoverageView:
    """What somebody has in one line on the day asked or later; where nothing of the line is, what ended last.

    `for_dependents`: the subscriber only holds it for dependents. `end_reason`: death, nonpayment, age, cobra or
    absence.
    """

    line: str
    plan: str
    tier: str
    for_dependents: bool
    begin: date
    end: date
    end_reason: str


@dataclass(frozen=True, slots=True)
class FamilyMemberView:
    """One person of a family. `confidential`: INS13 = R; `birth` is null where it was never sent."""

    member: str
    last: str
    first: str
    birth: date | None
    relationship: str
    confidential: bool
    coverages: tuple[FamilyCoverageView, ...]


@dataclass(frozen=True, slots=True)
class FamilyView:
    """A subscriber's family in a group. `subscriber` is the newest number, masked; `subgroup` that of the day.

    `paid_through` is the last day of the last month that is paid for it, null where none is. `waits` is the open
    work about any of its people: as known on another day what waited then, each as last sent.
    """

    group: str
    group_name: str
    subgroup: str
    subgroup_name: str
    account: str
    subscriber: str
    paid_through: date | None
    members: tuple[FamilyMemberView, ...]
    waits: tuple[WorkItemView, ...]


@dataclass(frozen=True, slots=True)
class MemberTodayView:
    """A member, with each family the member stands in, as of the day `on`, as known at the end of `known_on`.

    `known_on` is null where that is now.

    `ssn` is masked, "" where none is known; `aliases` are member IDs that merges gave up for this one; `told` is
    what is known beside identity and coverage, of each family.
    """

    member: str
    last: str
    first: str
    birth: date | None
    ssn: str
    confidential: bool
    aliases: tuple[str, ...]
    on: date
    known_on: date | None
    families: tuple[FamilyView, ...]
    told: tuple[ToldView, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """Return the IDs of everybody who is shown."""
        return (self.member, *(person.member for family in self.families for person in family.members))


def member_today(ws: Workspace, member_id: str, today: date, asof: AsOf = NOW) -> MemberTodayView | None:
    """Return a member, by ID or alias, with the families as of a day; None when there is nobody of this ID."""
    then = asof.then
    with ws.database.read() as conn:
        known = history.member(conn, ws.vault, member_id.upper(), then)
        person = roster.person_of(conn, known.member_id, then) if known else None
        if known is None or person is None:
            return None
        families = tuple(_family(conn, each, today, asof) for each in roster.of_person(conn, person.id, then))
    return _today(known, families, today, asof.known_on)


def _today(
    known: MemberHistory, families: tuple[FamilyView, ...], today: date, known_on: date | None
) -> MemberTodayView:
    now = known.facts[-1].demographics
    return MemberTodayView(
        member=known.member_id,
        last=now.name.last,
        first=now.name.first,
        birth=now.birth,
        ssn=next((version.masked for version in known.ssns if version.closed is None), ""),
        confidential=now.confidentiality == RESTRICTED,
        aliases=known.aliases,
        on=today,
        known_on=known_on,
        families=families,
        told=tuple(told_view(version) for version in known.told if version.closed is None),
    )


def _family(conn: Connection, contract: Contract, today: date, asof: AsOf) -> FamilyView:
    then = asof.then
    terms = agreements.terms(conn, contract.group, then)
    place = _place(contract, today)
    subgroup = terms.subgroup(place) if terms else None
    return FamilyView(
        group=contract.group,
        group_name=terms.name if terms else "",
        subgroup=place,
        subgroup_name=subgroup.name if subgroup else "",
        account=subgroup.account if subgroup else "",
        subscriber=contract.masked,
        paid_through=paid_through(conn, terms, asof, [contract.id]).family(contract.id) if terms else None,
        members=tuple(_member(enrollee, today) for enrollee in _in_order(contract)),
        waits=_waits(conn, contract, today, then),
    )


def _place(contract: Contract, today: date) -> str:
    """Return the subgroup of a day, else the next one, else the last."""
    now = [at.subgroup for at in contract.assignments if at.span.covers(today)]
    later = [at.subgroup for at in contract.assignments if at.span.begin > today]
    return (now or later[:1] or [at.subgroup for at in contract.assignments[-1:]] or [""])[0]


def _in_order(contract: Contract) -> list[Enrollee]:
    """Return who stands in a family: the subscriber first, then the older before the younger."""
    born = {who.id: who.person.demographics.birth or OPEN for who in contract.enrollees}
    return sorted(contract.enrollees, key=lambda who: (not who.is_subscriber, born[who.id]))


def _member(enrollee: Enrollee, today: date) -> FamilyMemberView:
    who = enrollee.person.demographics
    return FamilyMemberView(
        member=enrollee.person.member_id,
        last=who.name.last,
        first=who.name.first,
        birth=who.birth,
        relationship=enrollee.relationship,
        confidential=who.confidentiality == RESTRICTED,
        coverages=tuple(map(_coverage, _shown(enrollee.coverages, today))),
    )


def _shown(coverages: Sequence[Coverage], today: date) -> list[Coverage]:
    """Return the spans of today and later, by line; of a line without any the one that ended last."""
    by_line: dict[str, list[Coverage]] = {}
    for covered in sorted(coverages, key=lambda covered: (covered.line, covered.span.begin)):
        by_line.setdefault(covered.line, []).append(covered)
    return [
        covered
        for spans in by_line.values()
        for covered in ([span for span in spans if span.span.end >= today] or spans[-1:])
    ]


def _coverage(covered: Coverage) -> FamilyCoverageView:
    span, holds = covered.span, covered.tier in DEPENDENTS_ONLY
    return of_fields(FamilyCoverageView, covered, for_dependents=holds, begin=span.begin, end=span.end)


def _waits(conn: Connection, contract: Contract, today: date, then: Then | None) -> tuple[WorkItemView, ...]:
    """Return the open work about a family: by its people's member IDs, or by its subscriber number."""
    members, tokens = {who.person.member_id for who in contract.enrollees}, set(contract.tokens)
    scope = items.Scope(_ABOUT_PEOPLE, group=contract.group)
    if then is None:
        opened = list(items.opened(conn, scope).values())
    else:
        opened = items.waited(conn, scope, then)
        members |= set(aliases.current(conn, members).values())  # work went over with merges
    return tuple(item_view(item, today) for item in opened if _is_about(item, members, tokens))


def _is_about(item: Item, members: set[str], tokens: set[str]) -> bool:
    named = item.waiting.person
    return named.member in members or named.token in tokens
