"""Members as the desk asks for them: find and show, with SSNs masked (FAQ 22, 27)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from model.agreement.terms import Terms
from model.enrollment.history import FoundMember, MemberHistory
from model.enrollment.roster import RosterLine
from model.trade.member import SELF
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.money import accounts
from store.people import find, roster

Value = dict[str, Any]


def find_members(
    ws: Workspace, *, member_id: str = "", name: str = "", birth: date | None = None, last4: str = ""
) -> list[Value]:
    """Return members that match everything given. Raises ValueError when nothing is given."""
    with ws.database.read() as conn:
        found = find.find(conn, ws.vault, member_id=member_id, name=name, birth=birth, last4=last4)
    return [_found_value(person) for person in found]


def same_ssn(ws: Workspace) -> list[Value]:
    """Return members who share an SSN with another member ID, for staff to merge or correct."""
    with ws.database.read() as conn:
        found = find.same_ssn(conn, ws.vault)
    return [_found_value(person) | {"ssn": person.ssn} for person in found]


def _found_value(one: FoundMember) -> Value:
    name = one.demographics.name
    return {
        "member": one.member_id,
        "last": name.last,
        "first": name.first,
        "birth": one.demographics.birth,
        "group": one.group,
        "subscriber": one.masked,
        "relationship": one.relationship,
    }


def member(ws: Workspace, member_id: str) -> MemberHistory | None:
    """Return everything recorded of one member; None when there is nobody of this ID."""
    with ws.database.read() as conn:
        return find.member(conn, ws.vault, member_id.upper())


def member_value(history: MemberHistory) -> Value:
    """Return a member's history for JSON."""
    return asdict(history)


def group_value(ws: Workspace, group: str, today: date) -> Value:
    """Return a group as it stands on a day: terms in short, and how many are covered; empty when unknown."""
    with ws.database.read() as conn:
        terms = agreements.terms(conn, group)
        if terms is None:
            return {}
        ever = terms.billed(accounts.of_groups(conn, [group]))
        lines = roster.lines(conn, group, on=today)
        ahead = roster.lines(conn, group)

    def of(code: str) -> list[RosterLine]:
        return [line for line in lines if line.subgroup == code]

    return {
        "group": terms.group,
        "name": terms.name,
        "tax_id": terms.tax_id,
        "begin": terms.span.begin,
        "end": terms.span.end,
        "on": today,
        "contact": asdict(terms.contact),
        "subgroups": [
            {
                "code": subgroup.code,
                "name": subgroup.name,
                "account": subgroup.account,
                "subscribers": _people(line for line in of(subgroup.code) if line.relationship == SELF),
                "members": _people(of(subgroup.code)),
            }
            for subgroup in (
                *terms.subgroups,
                *(former for former in ever if terms.subgroup(former.code) is None),
            )
        ],
        "members": _people(lines),
        "members_future": _people(line for line in ahead if line.span.begin > today),
        "plans": [
            {
                "code": plan.code,
                "line": plan.line,
                "name": plan.name,
                "members": _people(line for line in lines if line.plan == plan.code),
                "rates": _rates(terms, plan.code, today),
            }
            for plan in terms.plans
        ],
    }


def _people(lines: Iterable[RosterLine]) -> int:
    return len({line.person for line in lines})


def _rates(terms: Terms, plan: str, day: date) -> list[Value]:
    return [
        {
            "tier": rate.level,
            "subgroup": rate.subgroup,
            "monthly_cents": rate.cents,
            "begin": rate.span.begin,
            "end": rate.span.end,
        }
        for rate in terms.rates
        if rate.plan == plan and rate.span.end >= day
    ]
