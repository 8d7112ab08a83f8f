"""Place: money in suspense goes to the account that a person names, by two people; its payer gets a receipt of it.

One transaction, with the guards of the payment's papers and of every account that its sender may pay. Looked at
first, and done when the effect is the one that was shown (docs/domain.md, Suspense; docs/design.md, Effects).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from billing import placing
from billing.funds import Money
from billing.placing import Placed
from model.agreement.terms import Contact
from model.approval import Approval
from model.documents import keys
from model.documents.keys import DocumentKind
from model.documents.statement import Receipt
from model.enrollment.decision import SetState
from model.enrollment.effect import SHOWN, is_named
from model.journal import Act, InputKind, Purpose
from model.money.cents import Cents, format_dollars
from model.money.ledger import AccountKind, LedgerAccount, in_suspense
from model.money.remittance import PaymentState, StoredRemittance
from model.people import Matter, Need
from pipeline.answer.settle import settle
from pipeline.cash.payables import book_of, touched
from pipeline.cash.remaining import remaining
from pipeline.desk import papers
from pipeline.runtime import approvals, clock
from pipeline.runtime.workspace import Workspace
from pipeline.views.placed import EntryToldView, PlacedView
from store import agreements, counters, guards, journal
from store.desk.items import Step
from store.engine import Connection
from store.money import cash, deposits, ledger
from store.received import files, outbox


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which money is meant, by its remittance and line (0: the payment as a whole), and whose it is said to be."""

    remittance: int
    line: int
    account: str
    invoice: str = ""


@dataclass(frozen=True, slots=True)
class _Planned:
    paper: StoredRemittance
    cents: Cents
    placed: Placed

    @property
    def digest(self) -> str:
        """Return the digest of what is posted: no ids of rows, no clock."""
        entries = [(t.debit, t.credit, t.cents, t.invoice, t.line, t.group) for t in self.placed.transfers]
        return hashlib.sha256(json.dumps(entries).encode()).hexdigest()


def place(ws: Workspace, wanted: Wanted, now: datetime, approval: Approval, shown: str = "") -> PlacedView:
    """Give money in suspense to an account. Raises LookupError where there is no such remittance.

    `shown` begins the digest of the effect that was shown; without it nothing is changed, and the effect is shown.
    """
    with ws.database.read() as conn:
        paper = cash.find(conn, wanted.remittance)
        if paper is None:
            raise LookupError(f"there is no remittance {wanted.remittance}")
        looked = _looked(ws, conn, _plan(ws, conn, wanted, now), wanted, approval, shown)
    if looked is not None:
        return looked

    def names(conn: Connection) -> set[str]:
        file_id = files.stored_set(conn, paper.set).file_id
        return {guards.trace(paper.trace), guards.file(file_id), *touched(conn, paper.partner)}

    def work(conn: Connection) -> PlacedView:
        planned = _plan(ws, conn, wanted, now)
        again = _looked(ws, conn, planned, wanted, approval, shown)
        return again or _view(planned, wanted, done=_post(ws, conn, planned, wanted, now, approval, shown))

    return ws.database.change(names, work)


def _plan(ws: Workspace, conn: Connection, wanted: Wanted, now: datetime) -> _Planned:
    paper = cash.find(conn, wanted.remittance)
    assert paper is not None, "a remittance stays"
    held = in_suspense(ledger.suspended(conn, paper.id)) if paper.state is not PaymentState.REPLACED else {}
    mine = [(group, cents) for (line, group), cents in held.items() if line == wanted.line]
    if not mine:
        return _Planned(paper, 0, Placed(problem="nothing of it lies in suspense any more"))
    ((group, cents), *more) = mine
    if more:
        return _Planned(paper, cents, Placed(problem="it names several groups: have the payment corrected"))
    partner = agreements.partner(conn, paper.partner)
    assert partner is not None, "a remittance has a partner"
    today = clock.local_day(conn, now)
    book = book_of(ws, conn, partner, cash.remittance(conn, paper.id, ws.vault.fields), today)
    money = Money(paper.partner, today, paper.id)
    return _Planned(
        paper, cents, placing.place(book, money, cents, group, wanted.line, wanted.account, wanted.invoice)
    )


def _looked(
    ws: Workspace, conn: Connection, planned: _Planned, wanted: Wanted, approval: Approval, shown: str
) -> PlacedView | None:
    """Return why it is not done yet: it was not shown, it moved, or lacks something. None: it can be."""
    problem = planned.placed.problem
    moved = bool(shown) and not problem and not is_named(planned, shown)
    if shown and not moved and not problem:
        problem = approvals.checked(conn, ws.actor, approval, Need(Matter.MONEY, abs(planned.cents)))
        if not problem:
            return None
    second = not planned.placed.problem and not approval.requested_by.strip()
    return _view(planned, wanted, problem=problem, moved=moved, second=second)


def _post(
    ws: Workspace,
    conn: Connection,
    planned: _Planned,
    wanted: Wanted,
    now: datetime,
    approval: Approval,
    shown: str,
) -> bool:
    """Post it, owe the receipt, and bring set and file to their states."""
    paper = planned.paper
    stored = files.stored_set(conn, paper.set)
    asked = ws.asked(InputKind.DECISION, now, wanted=asdict(wanted), shown=shown, approval=asdict(approval))
    tx = ws.step(conn, Purpose.PLACE_MONEY, asked, set_id=paper.set, remittance=paper.id)
    ledger.post(conn, tx, planned.placed.transfers)
    if not in_suspense(ledger.suspended(conn, paper.id)):
        cash.set_remittance_state(conn, paper.id, PaymentState.POSTED, "", paper.receipt)
        files.set_state(conn, paper.set, SetState.APPLIED, "")
    file = files.file(conn, stored.file_id)
    settle(conn, file)
    told = f"remittance {paper.id}, line {wanted.line}: {format_dollars(planned.cents)} to {wanted.account}"
    journal.audit(conn, tx, Act.MONEY_PLACED, told, approval.detail)
    papers.placed(conn, Step(tx, clock.local_day(conn, now)), paper.trace, paper.set, wanted.line)
    _owe(ws, conn, planned, tx, file.id, now)
    return True


def _owe(ws: Workspace, conn: Connection, planned: _Planned, tx: int, file_id: str, now: datetime) -> None:
    """Owe the receipt of where the money went: among the last statements, since it takes a number."""
    paper, carrier = planned.paper, agreements.carrier(conn)
    remittance = cash.remittance(conn, paper.id, ws.vault.fields)
    left, banked = remaining(conn, planned.placed.lines), deposits.behind(conn, (), [paper.id])
    number = counters.take(conn, "receipt")
    made = Receipt(
        number=str(number),
        carrier=carrier.name if carrier else "",
        contact=carrier.contact if carrier else Contact(),
        partner=paper.partner,
        payer=remittance.payer[0],
        trace=paper.trace,
        received=clock.local_day(conn, now),
        cents=0,
        lines=planned.placed.lines,
        method=remittance.method,
        banked=banked[0].received if banked else None,
        remaining=left,
    )
    key, kind = keys.placed(paper.id, number), DocumentKind.RECEIPT
    outbox.put(conn, tx, str(key), paper.partner, kind, made, file_id, ws.vault.fields)


def _view(
    planned: _Planned,
    wanted: Wanted,
    *,
    problem: str = "",
    moved: bool = False,
    second: bool = False,
    done: bool = False,
) -> PlacedView:
    entries = tuple(
        EntryToldView(_account(entry.debit), _account(entry.credit), entry.invoice, entry.cents)
        for entry in planned.placed.transfers
    )
    return PlacedView(
        remittance=wanted.remittance,
        line=wanted.line,
        account=wanted.account,
        amount_cents=planned.cents,
        entries=entries,
        digest=planned.digest[:SHOWN] if entries else "",
        problem=problem,
        moved=moved,
        second=second,
        done=done,
    )


def _account(name: str) -> str:
    account = LedgerAccount.read(name)
    return str(account.kind) if account.kind is AccountKind.SUSPENSE else name
