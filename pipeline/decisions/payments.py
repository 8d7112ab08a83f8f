"""A decision on an 820 of which nothing was posted: it is dropped, and waits for no money any more.

See docs/domain.md, Decisions; docs/design.md, Effects.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from model.approval import Approval
from model.codes import CODES, found
from model.enrollment.decision import Cause, Disposition, SetState
from model.enrollment.effect import Effect, LineTold, Tally
from model.enrollment.ruling import Kind
from model.exchange import StoredSet
from model.journal import Act
from model.money.cents import format_dollars
from model.money.remittance import UNPAID, PaymentState, StoredRemittance
from model.people import Matter, Need
from pipeline.cash import correct
from pipeline.decisions import made
from pipeline.decisions.made import Planned, Question
from pipeline.decisions.owed import owed
from pipeline.desk import papers
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.views.decided import DecisionView
from store import guards, journal
from store.desk import decisions
from store.desk.items import Step
from store.engine import Connection
from store.money import cash
from store.received import files

_RULE = "PAYMENT-DROPPED"


def drop(ws: Workspace, stored: StoredSet, now: datetime, approval: Approval, shown: str) -> DecisionView:
    """Give up a payment that waits, is suspended or held, and of which nothing was posted; two people decide it.

    `shown`: the digest of the effect that was shown. Without it nothing is changed, and the effect is shown.
    """
    question = Question(Kind.DROP, stored, 0, now, approval, shown, "")

    def names(conn: Connection) -> set[str]:
        paper = cash.of_set(conn, stored.id)
        return {guards.file(stored.file_id)} | ({guards.trace(paper.trace)} if paper else set())

    return ws.database.change(names, partial(_work, ws, question))


def _work(ws: Workspace, question: Question, conn: Connection) -> DecisionView:
    stored = files.stored_set(conn, question.stored.id)
    question = replace(question, stored=stored)
    paper = cash.of_set(conn, stored.id)
    if paper is None or paper.receipt or paper.state not in UNPAID:
        decided = made.already(conn, stored.id, 0, "it is no payment that waits")
        return made.view(question, Planned(problem=decided, two=True))
    planned = Planned(_effect(conn, stored, paper), two=True, need=Need(Matter.MONEY, abs(paper.cents)))
    look = made.look(ws, conn, question, planned)
    return look or made.view(question, planned, number=_drop(ws, conn, question, paper, planned))


def _effect(conn: Connection, stored: StoredSet, paper: StoredRemittance) -> Effect:
    """Say what it comes to: the sender is told, and no entry is made."""
    who = f"payment {paper.trace}, {format_dollars(paper.cents)}"
    line = LineTold(
        who, "", "", Disposition.REJECTED.value, Cause.SENT.value, "", (f"{_RULE} {CODES[_RULE].severity.value}",)
    )
    tally = Tally()
    tally.add([], [], [line], [], [])
    return tally.effect(owed(conn, stored))


def _drop(ws: Workspace, conn: Connection, question: Question, paper: StoredRemittance, planned: Planned) -> int:
    stored = question.stored
    tx = made.step(ws, conn, question)
    round = decisions.next_round(conn, stored.id)
    gone = found(_RULE, correct.place(stored))
    cash.set_remittance_state(conn, paper.id, PaymentState.DROPPED, gone.message)
    files.set_state(conn, stored.id, SetState.REJECTED, gone.message)
    files.add_findings(conn, stored.file_id, [gone], stored.id)
    journal.audit(conn, tx, Act.REMITTANCE_DROPPED, f"remittance {paper.id}", question.approval.detail)
    papers.dropped(conn, Step(tx, local_day(conn, question.now)), paper)
    assert planned.effect is not None, "it was told"
    return made.close(
        ws, conn, tx, round, replace(question, stored=files.stored_set(conn, stored.id)), planned.effect
    )
