"""Members as the desk asks for them: find and show, with SSNs masked (FAQ 22, 27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.agreement.terms import Subgroup, Terms
from model.enrollment.history import FoundMember
from model.enrollment.known import Known
from model.money.cents import Cents
from model.timeline import NOW, AsOf
from pipeline.runtime.workspace import Workspace
from pipeline.views.persons import MemberView, member_view
from pipeline.views.plain import ContactView, of_fields
from store import agreements
from store.money import accounts
from store.people import find, history
from store.people.find import MOST as MOST
from store.people.headcount import Headcount, headcount


@dataclass(frozen=True, slots=True)
class FoundView:
    """A member in one contract. `subscriber` is masked; `birth` is null where it was never sent.

    `begin` and `end` are of the coverage of the day asked, else of the next, else of the last: null where there
    never was any, 9999-12-31 open. `near`: nobody is called as was asked, and this name comes near it.
    """

    member: str
    last: str
    first: str
    birth: date | None
    group: str
    subscriber: str
    relationship: str
    begin: date | None
    end: date | None
    near: bool


@dataclass(frozen=True, slots=True)
class SharedSsnView(FoundView):
    """A member who shares an SSN with another member ID; `ssn` is masked."""

    ssn: str


@dataclass(frozen=True, slots=True)
class SubgroupView:
    """A subgroup with its billing account, and how many subscribers and members are covered on the day asked."""

    code: str
    name: str
    account: str
    subscribers: int
    members: int


@dataclass(frozen=True, slots=True)
class RateView:
    """What a plan costs a month, in cents, from `begin` through `end` (9999-12-31: open); `subgroup` "": all."""

    tier: str
    subgroup: str
    monthly_cents: Cents
    begin: date
    end: date


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan, how many members it covers on the day asked, and its rates that have not ended by then."""

    code: str
    line: str
    name: str
    members: int
    rates: tuple[RateView, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group as it stands on a day, `on`. `begin` and `end` of its agreement are inclusive.

    `known_on`: by what was known at the end of that day, null now. `members_future`: how many have coverage that
    begins after `on`.
    """

    group: str
    name: str
    tax_id: str
    begin: date
    end: date
    on: date
    known_on: date | None
    contact: ContactView
    subgroups: tuple[SubgroupView, ...]
    members: int
    members_future: int
    plans: tuple[PlanView, ...]


def find_members(ws: Workspace, known: Known, today: date) -> list[FoundView]:
    """Return members for whom everything known holds. Raises ValueError when nothing is given."""
    with ws.database.read() as conn:
        found = find.find(conn, ws.vault, known)
    return [_found_value(member, today) for member in found]


def same_ssn(ws: Workspace, today: date) -> list[SharedSsnView]:
    """Return members who share an SSN with another member ID, for staff to merge or correct."""
    with ws.database.read() as conn:
        found = find.same_ssn(conn, ws.vault)
    return [of_fields(SharedSsnView, _found_value(member, today), ssn=member.ssn) for member in found]


def _found_value(found: FoundMember, today: date) -> FoundView:
    name, days = found.demographics.name, found.days(today)
    return FoundView(
        member=found.member_id,
        last=name.last,
        first=name.first,
        birth=found.demographics.birth,
        group=found.group,
        subscriber=found.masked,
        relationship=found.relationship,
        begin=days.begin if days else None,
        end=days.end if days else None,
        near=found.near,
    )


def member(ws: Workspace, member_id: str, asof: AsOf = NOW) -> MemberView | None:
    """Return everything recorded of one member; None when there is nobody of this ID."""
    with ws.database.read() as conn:
        whole = history.member(conn, ws.vault, member_id.upper(), asof.then)
    return member_view(whole, asof.known_on) if whole else None


def group_value(ws: Workspace, group: str, today: date, asof: AsOf = NOW) -> GroupView | None:
    """Return a group as it stands on a day: terms in short, and how many are covered; None when unknown."""
    with ws.database.read() as conn:
        terms = agreements.terms(conn, group, asof.then)
        if terms is None:
            return None
        ever = terms.billed(accounts.of_groups(conn, [group], asof.then))
        counted = headcount(conn, group, today, asof.then)
    gone = [subgroup for subgroup in ever if terms.subgroup(subgroup.code) is None]
    return GroupView(
        group=terms.group,
        name=terms.name,
        tax_id=terms.tax_id,
        begin=terms.span.begin,
        end=terms.span.end,
        on=today,
        known_on=asof.known_on,
        contact=of_fields(ContactView, terms.contact),
        subgroups=tuple(_subgroup(subgroup, counted) for subgroup in (*terms.subgroups, *gone)),
        members=counted.members,
        members_future=counted.later,
        plans=tuple(
            PlanView(
                code=plan.code,
                line=plan.line,
                name=plan.name,
                members=counted.by_plan.get(plan.code, 0),
                rates=_rates(terms, plan.code, today),
            )
            for plan in terms.plans
        ),
    )


def _subgroup(subgroup: Subgroup, counted: Headcount) -> SubgroupView:
    subscribers, members = counted.by_subgroup.get(subgroup.code, (0, 0))
    return SubgroupView(subgroup.code, subgroup.name, subgroup.account, subscribers, members)


def _rates(terms: Terms, plan: str, day: date) -> tuple[RateView, ...]:
    return tuple(
        RateView(
            tier=rate.level,
            subgroup=rate.subgroup,
            monthly_cents=rate.cents,
            begin=rate.span.begin,
            end=rate.span.end,
        )
        for rate in terms.rates
        if rate.plan == plan and rate.span.end >= day
    )
