"""Lift a restriction (INS13 = R): no record of a sender does it, two people do.

Source: docs/domain.md, Confidentiality.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from model.approval import NOBODY, Approval
from model.asking import Request, Verb
from model.enrollment.confidential import is_restricted
from model.enrollment.roster import ChangeSet, NewFacts
from model.journal import Act, InputKind, Purpose
from model.trade.member import UNRESTRICTED
from pipeline.desk import asked
from pipeline.runtime.workspace import Workspace
from pipeline.views.outcomes import UnrestrictedView
from store import agreements, guards, journal
from store.engine import Connection
from store.people import commit, history, roster


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
        judged = asked.judge(ws, conn, approval, _request(member_id))
    if person is None:
        return None
    member_id = person.member_id  # the one that stays, where an alias was named
    if not is_restricted(person.demographics):
        return UnrestrictedView(member_id, restricted=False)
    if judged.problem and not judged.asks:
        return UnrestrictedView(member_id, restricted=True, problem=judged.problem)
    return ws.database.change(
        lambda conn: {guards.group(number) for number in history.groups_of(conn, member_id)},
        lambda conn: _lift(ws, conn, member_id, now, approval),
    )


def _lift(ws: Workspace, conn: Connection, member_id: str, now: datetime, approval: Approval) -> UnrestrictedView:
    person = roster.person_of(conn, member_id)
    assert person is not None, "a member ID stays"
    if is_restricted(person.demographics):  # nobody else lifted it meanwhile
        judged = asked.decided(ws, conn, now, approval, _request(member_id))
        if judged.problem:
            return UnrestrictedView(member_id, restricted=True, problem=judged.problem)
        decision = judged.approval
        told = ws.asked(InputKind.DECISION, now, member=member_id, approval=asdict(decision))
        tx = ws.step(conn, Purpose.LIFT_RESTRICTION, told)
        asked.carried_out(conn, tx, _request(member_id).subject)
        facts = replace(person.demographics, confidentiality=UNRESTRICTED)
        commit.apply(conn, tx, ChangeSet((NewFacts(person.id, facts),)), {}, ws.vault)
        agreements.bump_groups(conn, list(agreements.group_ids(conn, history.groups_of(conn, member_id)).values()))
        journal.audit(conn, tx, Act.RESTRICTION_LIFTED, member_id, decision.detail)
    return UnrestrictedView(member_id, restricted=False)


def _request(member_id: str) -> Request:
    return Request(Verb.UNRESTRICT, member_id, f"lift the restriction of member {member_id}", members=1)
