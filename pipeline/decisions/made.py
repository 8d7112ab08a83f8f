"""A decision is made: in the transaction that carries it out it gets its number, and the sender hears of it.

Whoever looks at a decision gets a `Planned`; whoever makes it works the same out again in the write, and only what
was shown is carried out.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from model.approval import Approval
from model.enrollment.effect import Effect, is_named
from model.enrollment.ruling import Kind
from model.exchange import ReceivedFile, StoredSet
from model.journal import Act, InputKind, Purpose
from model.people import Matter, Need
from pipeline.answer import acknowledgments, report
from pipeline.answer.settle import settle
from pipeline.runtime import approvals
from pipeline.runtime.workspace import Workspace
from pipeline.views.decided import DecisionView, effect_view
from store import journal
from store.desk import decisions
from store.desk.decisions import Stored
from store.engine import Connection
from store.received import envelopes, files


@dataclass(frozen=True, slots=True)
class Question:
    """What is decided, by whom, and on which effect as it was shown."""

    kind: Kind
    stored: StoredSet
    member_line: int  # 0: the set as a whole
    now: datetime
    approval: Approval
    shown: str  # the digest's beginning; empty: nothing was shown yet
    answer: str  # what exactly is asked, JSON
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a decision does, or why there is none."""

    effect: Effect | None = None
    problem: str = ""
    two: bool = False  # it takes two people
    need: Need | None = None  # what the people must be allowed to; None: what the effect asks
    proposed: tuple[str, ...] = ()  # member IDs of whom the record may be about, where that is not clear


def look(ws: Workspace, conn: Connection, question: Question, planned: Planned) -> DecisionView | None:
    """Return why a decision is not made yet: it was not shown, it moved, or lacks something. None: it can be."""
    if ws.trial:
        return view(question, planned) if planned.problem else None
    if not question.shown:
        return view(question, planned)
    if planned.effect and not is_named(planned.effect, question.shown):
        return view(question, planned, moved=True)
    problem = _lacks(ws, conn, question, planned)
    return view(question, planned, problem=problem) if problem else None


def _lacks(ws: Workspace, conn: Connection, question: Question, planned: Planned) -> str:
    """Say what a decision lacks to be made, in words; empty: nothing."""
    if planned.problem or planned.effect is None:
        return planned.problem
    need = planned.need or Need(Matter.ENROLLMENT, planned.effect.cents, planned.effect.people)
    check = approvals.checked if planned.two else approvals.checked_one
    return check(conn, ws.actor, question.approval, need)


def already(conn: Connection, set_id: int, member_line: int, otherwise: str) -> str:
    """Say that a set (line 0) or a line of it was decided, and by which decision; else what is said otherwise."""
    before = decisions.latest(conn, set_id, member_line)
    return f"it was decided already, by decision {before}" if before else otherwise


def view(
    question: Question, planned: Planned, *, problem: str = "", moved: bool = False, number: int = 0
) -> DecisionView:
    """Return a decision as it is shown; a number says that it was made."""
    return DecisionView(
        kind=question.kind.value,
        file=question.stored.file_id,
        set=question.stored.control,
        member_line=question.member_line,
        needs_two_people=planned.two,
        effect=effect_view(planned.effect) if planned.effect else None,
        problem=problem or planned.problem,
        moved=moved,
        done=bool(number),
        number=number,
        second=planned.two and not planned.problem and not question.approval.requested_by.strip(),
    )


def step(ws: Workspace, conn: Connection, question: Question) -> int:
    """Open the step of a decision; return its tx."""
    stored, approval = question.stored, question.approval
    asked = ws.asked(
        InputKind.DECISION,
        question.now,
        decision=question.kind.value,
        file=stored.file_id,
        set=envelopes.ordinal(conn, stored.id),
        line=question.member_line,
        answer=question.answer,
        shown=question.shown,
        approval=asdict(approval),
    )
    return ws.step(conn, Purpose.DECIDE, asked, set_id=stored.id, line=question.member_line)


def close(ws: Workspace, conn: Connection, tx: int, round: int, question: Question, effect: Effect) -> int:
    """Bring the file to its state, tell the sender, and record the decision; return its number.

    After everything that it changes was written: from here on it takes numbers.
    """
    stored, approval = question.stored, question.approval.by(ws.actor.person)
    file: ReceivedFile = files.file(conn, stored.file_id)
    state = settle(conn, file)
    number = decisions.take_number(conn)
    kind = question.kind.value
    made = Stored(
        number=number,
        tx=tx,
        kind=kind,
        file_id=file.id,
        set_id=stored.id,
        member_line=question.member_line,
        round=round,
        digest=effect.digest,
        requested_by=approval.requested_by,
        approved_by=approval.approved_by,
        ground=question.ground,
        reason=approval.reason,
        answer=question.answer,
    )
    decisions.add(conn, made, ws.vault.fields)
    told = report.Decided(tx, stored.id, round, number, kind, question.now)
    report.owe_supplement(ws, conn, file, state, told)
    about = f"line {question.member_line}" if question.member_line else "whole"
    journal.audit(
        conn,
        tx,
        Act.DECIDED,
        file.id,
        f"decision {number}: {kind}, set {stored.control}, {about}; {approval.detail}",
    )
    acknowledgments.advise(ws, conn, tx, file)
    return number


class Looked(Exception):
    """A look that had to write is over: everything is taken back. `view` is what it saw."""

    def __init__(self, view: DecisionView) -> None:
        super().__init__("nothing is written by a look")
        self.view = view
