"""Court orders at the desk: one person records what a court ordered, two lift it.

What stands is a fact of the child in a family (model.enrollment.orders), and changes nobody's coverage by itself.

Source: docs/domain.md, Court orders.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from model.approval import NOBODY, Approval
from model.asking import Request, Verb
from model.desk import ItemKind
from model.enrollment import orders
from model.enrollment.facts import Facts
from model.enrollment.roster import ChangeSet, NewTold
from model.journal import Act, InputKind, Purpose
from model.people import Matter, Need
from model.trade.member import CHILDREN
from pipeline.desk import asked
from pipeline.desk.watch import ORDER
from pipeline.runtime import approvals
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.views.orders import OrderSavedView
from store import agreements, guards, journal
from store.desk import items
from store.desk.items import Scope, Step
from store.engine import Connection
from store.people import commit, history, roster, told


@dataclass(frozen=True, slots=True)
class _Child:
    """Whom an order is about: the member as a child of families of one group, by enrollee (row id)."""

    member_id: str
    group: str
    facts: dict[int, Facts]
    problem: str = ""

    def with_facts(self, change: Callable[[Facts], Facts]) -> ChangeSet:
        """Return what makes the facts in each family others; nothing where none changes."""
        then = {enrollee: change(facts) for enrollee, facts in self.facts.items()}
        return ChangeSet(
            tuple(NewTold(enrollee, now) for enrollee, now in then.items() if now != self.facts[enrollee])
        )

    @property
    def ordered(self) -> bool:
        """Say whether an order stands."""
        return any(map(orders.is_ordered, self.facts.values()))


def record(
    ws: Workspace, member_id: str, group: str, day: date, authority: str, now: datetime, reason: str
) -> OrderSavedView | None:
    """Record that an authority ordered on a day that a child be covered, in the place of what was recorded before.

    `group` may be empty where the child stands in families of one group only. Nothing is recorded where whoever
    acts may not decide it. None: there is no such member.
    """
    authority = " ".join(authority.split())
    told = {"day": day.isoformat(), "authority": authority, "reason": reason}

    def work(conn: Connection) -> OrderSavedView | None:
        child = _child(ws, conn, member_id, group)
        if child is None:
            return None
        decision = Approval("", ws.actor.person, reason)
        problem = child.problem or _no_order(day, authority, local_day(conn, now))
        problem = problem or approvals.checked_one(conn, ws.actor, decision, Need(Matter.ENROLLMENT, members=1))
        if problem:
            return OrderSavedView(child.member_id, child.group, child.ordered, done=False, problem=problem)
        changes = child.with_facts(lambda facts: orders.recorded(facts, day, authority))
        if changes:
            given = ws.asked(InputKind.COMMAND, now, member=child.member_id, group=child.group, **told)
            tx = ws.step(conn, Purpose.RECORD_ORDER, given)
            _write(ws, conn, tx, child, changes)
            _answered(conn, Step(tx, local_day(conn, now)), child)
            journal.audit(conn, tx, Act.ORDER_RECORDED, child.member_id, f"group {child.group}; {decision.detail}")
        return OrderSavedView(child.member_id, child.group, ordered=True, done=True)

    return ws.database.change(lambda conn: _guarded(conn, member_id), work)


def lift(
    ws: Workspace, member_id: str, group: str, now: datetime, approval: Approval = NOBODY
) -> OrderSavedView | None:
    """Lift every court order of a child from `now` on; two people decide it. None: there is no such member."""

    def work(conn: Connection) -> OrderSavedView | None:
        child = _child(ws, conn, member_id, group)
        if child is None:
            return None
        if child.problem or not child.ordered:
            problem = child.problem or "no court order of the member stands"
            return OrderSavedView(child.member_id, child.group, child.ordered, done=False, problem=problem)
        request = _request(child)
        judged = asked.decided(ws, conn, now, approval, request)
        if judged.problem:
            return OrderSavedView(child.member_id, child.group, ordered=True, done=False, problem=judged.problem)
        decision = judged.approval
        given = ws.asked(
            InputKind.DECISION, now, member=child.member_id, group=child.group, approval=asdict(decision)
        )
        tx = ws.step(conn, Purpose.LIFT_ORDER, given)
        asked.carried_out(conn, tx, request.subject)
        day = local_day(conn, now)
        _write(ws, conn, tx, child, child.with_facts(lambda facts: orders.lifted(facts, day)))
        journal.audit(conn, tx, Act.ORDER_LIFTED, child.member_id, f"group {child.group}; {decision.detail}")
        return OrderSavedView(child.member_id, child.group, ordered=False, done=True)

    return ws.database.change(lambda conn: _guarded(conn, member_id), work)


def _request(child: _Child) -> Request:
    label = f"lift the court order of member {child.member_id} in group {child.group}"
    return Request(Verb.LIFT_ORDER, f"{child.member_id} {child.group}", label, members=1, group=child.group)


def _guarded(conn: Connection, member_id: str) -> set[str]:
    return {guards.group(number) for number in history.groups_of(conn, member_id.upper())}


def _child(ws: Workspace, conn: Connection, member_id: str, group: str) -> _Child | None:
    """Return whom an order is about, or why it can be about nobody, in words; None: there is no such member."""
    person = roster.person_of(conn, member_id.upper())
    if person is None:
        return None
    families = roster.of_person(conn, person.id)
    mine = {
        enrollee.id: family
        for family in families
        for enrollee in family.enrollees
        if enrollee.person.id == person.id and enrollee.relationship in CHILDREN and group in ("", family.group)
    }
    groups = sorted({family.group for family in mine.values()})
    if len(groups) != 1:
        problem = f"the member is nobody's child in {f'group {group}' if group else 'any group'}"
        if groups:
            problem = f"say --group: the member is a child in {', '.join(groups)}"
        return _Child(person.member_id, group, {}, problem)
    known = told.of_contracts(conn, ws.vault.fields, [family.id for family in mine.values()])
    return _Child(person.member_id, groups[0], {enrollee: known.get(enrollee, ()) for enrollee in mine})


def _no_order(day: date, authority: str, today: date) -> str:
    """Say why this is no order, in words; empty when it is one."""
    if not authority or len(authority) > orders.LONGEST:
        return f"say who ordered it, in at most {orders.LONGEST} characters"
    return f"{day} is still ahead" if day > today else ""


def _write(ws: Workspace, conn: Connection, tx: int, child: _Child, changes: ChangeSet) -> None:
    commit.apply(conn, tx, changes, {}, ws.vault)
    agreements.bump_groups(conn, list(agreements.group_ids(conn, [child.group]).values()))


def _answered(conn: Connection, step: Step, child: _Child) -> None:
    """Close what asked whether there is an order."""
    scope = Scope((ItemKind.QUERY,), [f"{child.group}/{child.member_id}"], rules=(ORDER,))
    items.reconcile(conn, step, scope, [])
