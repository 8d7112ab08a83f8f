"""Members as the desk asks for them: find and show, with SSNs masked (FAQ 22, 27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.agreement.terms import Subgroup, Terms
from model.enrollment.history import FoundMember
from model.money.cents import Cents
from pipeline.runtime.workspace import Workspace
from pipeline.views.persons import MemberView, member_view
from pipeline.views.plain import ContactView, of_fields
from store import agreements
from store.money import accounts
from store.people import find
from store.people.headcount import Headcount, headcount


@dataclass(frozen=True, slots=True)
class FoundView:
    """A member in one contract. `subscriber` is masked; `birth` is null where it was never sent."""

    member: str
    last: str
    first: str
    birth: date | None
    group: str
    subscriber: str
    relationship: str


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

    `members_future`: how many have coverage that begins after that day.
    """

    group: str
    name: str
    tax_id: str
    begin: date
    end: date
    on: date
    contact: ContactView
    subgroups: tuple[SubgroupView, ...]
    members: int
    members_future: int
    plans: tuple[PlanView, ...]


def find_members(
    ws: Workspace, *, member_id: str = "", name: str = "", birth: date | None = None, last4: str = ""
) -> list[FoundView]:
    """Return members that match everything given. Raises ValueError when nothing is given."""
    with ws.database.read() as conn:
        found = find.find(conn, ws.vault, member_id=member_id, name=name, birth=birth, last4=last4)
    return [_found_value(member) for member in found]


def same_ssn(ws: Workspace) -> list[SharedSsnView]:
    """Return members who share an SSN with another member ID, for staff to merge or correct."""
    with ws.database.read() as conn:
        found = find.same_ssn(conn, ws.vault)
    return [of_fields(SharedSsnView, _found_value(member), ssn=member.ssn) for member in found]


def _found_value(found: FoundMember) -> FoundView:
    name = found.demographics.name
    return FoundView(
        member=found.member_id,
        last=name.last,
        first=name.first,
        birth=found.demographics.birth,
        group=found.group,
        subscriber=found.masked,
        relationship=found.relationship,
    )


def member(ws: Workspace, member_id: str) -> MemberView | None:
    """Return everything recorded of one member; None when there is nobody of this ID."""
    with ws.database.read() as conn:
        history = find.member(conn, ws.vault, member_id.upper())
    return member_view(history) if history else None


def group_value(ws: Workspace, group: str, today: date) -> GroupView | None:
    """Return a group as it stands on a day: terms in short, and how many are covered; None when unknown."""
    with ws.database.read() as conn:
        terms = agreements.terms(conn, group)
        if terms is None:
            return None
        ever = terms.billed(accounts.of_groups(conn, [group]))
        counted = headcount(conn, group, today)
    gone = [subgroup for subgroup in ever if terms.subgroup(subgroup.code) is None]
    return GroupView(
        group=terms.group,
        name=terms.name,
        tax_id=terms.tax_id,
        begin=terms.span.begin,
        end=terms.span.end,
        on=today,
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
