"""Rules: the end of a payer's standing rule, by two people. What it assigned before stays where it is.

Source: docs/domain.md, Suspense.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from model.approval import Approval
from model.asking import Request, Verb
from model.journal import Act, InputKind, Purpose
from model.timeline import NOW, AsOf
from pipeline.cash.payables import touched
from pipeline.desk import asked
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views.plain import of_fields
from pipeline.views.suspense import PayerRuleView, RuleEndedView
from store import journal
from store.engine import Connection
from store.money import payer_rules


def end(ws: Workspace, number: int, now: datetime, approval: Approval) -> RuleEndedView | None:
    """End a rule of a payer; None: there is none of this number."""
    with ws.database.read() as conn:
        known = payer_rules.find(conn, number, ws.vault.fields)
    if known is None:
        return None
    code = known.partner
    return ws.database.change(lambda conn: touched(conn, code), lambda conn: _end(ws, conn, number, now, approval))


def _end(ws: Workspace, conn: Connection, number: int, now: datetime, approval: Approval) -> RuleEndedView:
    rule = payer_rules.find(conn, number, ws.vault.fields)
    assert rule is not None, "a rule stays"
    view = RuleEndedView(of_fields(PayerRuleView, rule), done=False)
    if rule.ended_at:
        return replace(view, problem="it has ended")
    made = clock.local_day(conn, rule.made_at)
    if clock.local_day(conn, now) < made:
        return replace(view, problem=f"it was made on {made}, and ends on no day before that")
    request = Request(Verb.END_RULE, str(number), f"end rule {number} of {rule.partner}")
    judged = asked.decided(ws, conn, now, approval, request)
    if judged.problem:
        return replace(view, problem=judged.problem)
    told = ws.asked(InputKind.DECISION, now, number=number, approval=asdict(judged.approval))
    tx = ws.step(conn, Purpose.END_RULE, told)
    asked.carried_out(conn, tx, request.subject)
    payer_rules.end(conn, tx, number)
    journal.audit(conn, tx, Act.RULE_ENDED, f"rule {number}", judged.approval.detail)
    ended = payer_rules.find(conn, number, ws.vault.fields)
    assert ended is not None, "a rule stays"
    return RuleEndedView(of_fields(PayerRuleView, ended), done=True)


def listing(
    ws: Workspace, partner: str = "", asof: AsOf = NOW, *, ended: bool = False
) -> tuple[PayerRuleView, ...]:
    """Return the rules that stand, or did by what was known, of a payer or of all; with those that had ended."""
    with ws.database.read() as conn:
        found = payer_rules.listing(conn, ws.vault.fields, partner, asof.then, ended=ended)
    return tuple(of_fields(PayerRuleView, rule) for rule in found)
