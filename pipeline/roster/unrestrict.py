"""Lift a restriction (INS13 = R): no record of a sender does it, two people do.

Source: docs/domain.md, Confidentiality.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from model.approval import NOBODY, Approval
from model.enrollment.confidential import is_restricted
from model.enrollment.roster import ChangeSet, NewFacts
from model.journal import Act, InputKind, Purpose
from model.people import Matter, Need
from model.trade.member import UNRESTRICTED
from pipeline.runtime import approvals
from pipeline.runtime.workspace import Workspace
from pipeline.views.outcomes import UnrestrictedView
from store import agreements, guards, journal
from store.engine import Connection
from store.people import commit, find, roster

_NEED = Need(Matter.ENROLLMENT, members=1)


def unrestrict(
    ws: Workspace, member_id: str, now: datetime, approval: Approval = NOBODY
) -> UnrestrictedView | None:
    """Let a member's address, phone and e-mail be shown again, from `now` on.

    Nothing is changed of somebody who is not restricted, or where `approval` is not two people's. None: there is
    no such member.
    """
    member_id = member_id.upper()
    with ws.database.read() as conn:
        person = roster.person_of(conn, member_id)
        problem = approvals.checked(conn, ws.actor, approval, _NEED)
    if person is None:
        return None
    member_id = person.member_id  # the one that stays, where an alias was named
    if not is_restricted(person.demographics):
        return UnrestrictedView(member_id, restricted=False)
    if problem:
        return UnrestrictedView(member_id, restricted=True, problem=problem)
    return ws.database.change(
        lambda conn: {guards.group(number) for number in find.groups_of(conn, member_id)},
        lambda conn: _lift(ws, conn, member_id, now, approval),
    )


def _lift(ws: Workspace, conn: Connection, member_id: str, now: datetime, approval: Approval) -> UnrestrictedView:
    person = roster.person_of(conn, member_id)
    assert person is not None, "a member ID stays"
    if is_restricted(person.demographics):  # nobody else lifted it meanwhile
        if problem := approvals.checked(conn, ws.actor, approval, _NEED):
            return UnrestrictedView(member_id, restricted=True, problem=problem)
        asked = ws.asked(InputKind.DECISION, now, member=member_id, approval=asdict(approval))
        tx = ws.step(conn, Purpose.LIFT_RESTRICTION, asked)
        facts = replace(person.demographics, confidentiality=UNRESTRICTED)
        commit.apply(conn, tx, ChangeSet((NewFacts(person.id, facts),)), {}, ws.vault)
        agreements.bump_groups(conn, list(agreements.group_ids(conn, find.groups_of(conn, member_id)).values()))
        journal.audit(conn, tx, Act.RESTRICTION_LIFTED, member_id, approval.detail)
    return UnrestrictedView(member_id, restricted=False)
