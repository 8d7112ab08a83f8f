"""Take a payment back: entries, debit memos, the states of its papers, the notice of it.

All of it happens within the caller's transaction, which holds the guards of the payment's papers and accounts.

Source: docs/domain.md, Returned payments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from billing import reversal
from model.agreement.terms import Contact, Partner
from model.documents import keys
from model.documents.keys import DocumentKind
from model.documents.returned import Part, ReturnedPayment, ReturnedRow
from model.enrollment.decision import SetState
from model.journal import Act
from model.money.ledger import FEE, Memo, MemoKind, OpenInvoice, Transfer, TransferCause, receivable
from model.money.remittance import PaymentState
from model.money.returns import Reversed
from model.timeline import Month
from model.trade.returned import means
from pipeline.answer.settle import settle
from pipeline.cash import returning
from pipeline.cash.returning import Planned
from pipeline.desk import papers
from pipeline.runtime.workspace import Workspace
from pipeline.views.agreed import receivers
from store import agreements, journal
from store.desk.items import Step
from store.engine import Connection
from store.money import cash, deposits, ledger, memos, reversals
from store.received import files, outbox


def post(ws: Workspace, conn: Connection, tx: int, planned: Planned, detail: str) -> list[ReturnedRow]:
    """Take a payment back as planned; return what became of its parts, the fee last. `detail`: who decided it."""
    payment, told = planned.payment, planned.told
    _papers(conn, tx, planned)
    made = Reversed(
        *payment.ids,
        trace=told.reference,
        code=told.code,
        day=told.day,
        until=planned.until,
        cents=payment.cents,
    )
    reversals.add(conn, tx, made)
    told_by = f"{told.code}, return {told.reference}" + (f", {detail}" if detail else "")
    journal.audit(conn, tx, Act.PAYMENT_REVERSED, payment.label, told_by)
    raised, entries = _raised(conn, tx, planned)
    entries = [*entries, *planned.made.transfers]
    ledger.post(conn, tx, entries)
    bearer, cents = planned.fee
    fee = _fee(conn, tx, planned, bearer, cents) if cents else None
    rows = returning.rows(planned, entries, raised)
    rows += [ReturnedRow(Part.FEE, bearer, fee.number, cents, cents, fee.due)] if fee else []
    papers.of_traces(conn, Step(tx, planned.today), _traces(planned))
    if payment.remittance:  # of its file nothing lies in suspense any more
        settle(conn, files.file(conn, files.stored_set(conn, payment.remittance.set).file_id))
    _tell(ws, conn, tx, planned, rows)
    return rows


def _traces(planned: Planned) -> set[str]:
    both = (planned.payment.remittance, planned.payment.deposit)
    return {paper.trace for paper in both if paper}


def _papers(conn: Connection, tx: int, planned: Planned) -> None:
    """Bring the payment's papers to their states: what was suspended waits for nobody any more."""
    payment, told = planned.payment, planned.told
    if payment.deposit:
        deposits.returned(conn, payment.deposit.id, tx)
    paper = payment.remittance
    if paper is None:
        return
    reason = f"the bank took it back on {told.day}: {means(told.code)}, return {told.reference}"
    cash.set_remittance_state(conn, paper.id, PaymentState.REVERSED, reason, paper.receipt)
    if paper.state is PaymentState.SUSPENDED:
        files.set_state(conn, paper.set, SetState.REJECTED, reason)


def _raised(conn: Connection, tx: int, planned: Planned) -> tuple[list[OpenInvoice], list[Transfer]]:
    """Store the debit memos of what cannot be taken any more; return them and their entries."""
    memo = _memo(planned, MemoKind.RETURNED)
    stored = [
        memos.add(conn, tx, replace(memo, account=account, cents=cents)) for account, cents in planned.made.owed
    ]
    asked = [(each.account, each.number, each.cents) for each in stored]
    first = planned.books.own[0].entry
    papers_of = replace(first, remittance=memo.remittance, deposit=memo.deposit)
    items = [
        OpenInvoice(each.number, each.account, Month.of(each.due), each.due, each.cents, each.cents)
        for each in stored
    ]
    return items, reversal.memo_entries(asked, papers_of, planned.told.day)


def _fee(conn: Connection, tx: int, planned: Planned, account: str, cents: int) -> Memo:
    raised = memos.add(conn, tx, replace(_memo(planned, MemoKind.FEE), account=account, cents=cents))
    entry = Transfer(receivable(account), FEE, cents, planned.today, TransferCause.FEE, invoice=raised.number)
    ledger.post(conn, tx, [entry])
    return raised


def _memo(planned: Planned, kind: MemoKind) -> Memo:
    payment, told = planned.payment, planned.told
    return Memo(
        number="",
        account="",
        kind=kind,
        issued=planned.today,
        due=planned.until,
        cents=0,
        reason=f"payment {payment.label}, {means(told.code)}",
        remittance=payment.remittance.id if payment.remittance else 0,
        deposit=payment.deposit.id if payment.deposit else 0,
    )


# --- told ------------------------------------------------------------------------------------------------


def _tell(ws: Workspace, conn: Connection, tx: int, planned: Planned, rows: Sequence[ReturnedRow]) -> None:
    """Owe the notice: all of it to who sent the payment, to others what they may read of."""
    paper = planned.payment.remittance
    partners = agreements.partners(conn)
    known = {partner.code: partner for partner in partners}
    theirs: dict[str, list[ReturnedRow]] = defaultdict(list)
    if paper:
        theirs[paper.partner].extend(rows)
    for owner in planned.owners:
        for code in receivers(partners, owner.group, planned.today, owner.subgroup or None):
            if not paper or code != paper.partner:
                theirs[code].extend(row for row in rows if row.account == owner.number)
    carrier = agreements.carrier(conn)
    assert carrier is not None, "who holds a payment is loaded"
    contact = planned.terms[0].whom_to_ask(carrier) if planned.terms else carrier.contact
    for code, own in sorted(theirs.items()):
        if own:
            notice = _notice(ws, conn, planned, code, known, own)
            notice = replace(
                notice,
                carrier=carrier.name,
                carrier_address=carrier.address,
                remit_to=carrier.remit_to,
                contact=contact,
            )
            key = str(keys.returned(planned.payment.label, code))
            outbox.put(conn, tx, key, code, DocumentKind.RETURNED, notice, None, ws.vault.fields)


def _notice(
    ws: Workspace,
    conn: Connection,
    planned: Planned,
    code: str,
    known: Mapping[str, Partner],
    rows: Sequence[ReturnedRow],
) -> ReturnedPayment:
    """Return the notice to a partner; of another one's payment it tells no papers and no whole amount."""
    payment, told, paper = planned.payment, planned.told, planned.payment.remittance
    own = paper is None or paper.partner == code
    received = planned.books.own[0].entry.effective
    payer = cash.remittance(conn, paper.id, ws.vault.fields).payer[0] if paper and own else ""
    return ReturnedPayment(
        carrier="",
        carrier_address=(),
        remit_to=(),
        contact=Contact(),
        partner=code,
        payer=payer or (known[code].name if code in known else ""),
        trace=payment.trace if own else "",
        receipt=str(paper.receipt) if paper and paper.receipt and own else "",
        cents=payment.cents if own else sum(row.cents for row in rows if row.part is not Part.FEE),
        received=received,
        code=told.code,
        reference=told.reference,
        day=told.day,
        on=planned.today,
        until=planned.until,
        rows=tuple(rows),
    )
