"""A payment whole: how it came, what became of each line, each entry, and where each cent is now. Reads only.

Source: docs/domain.md, Account statements; docs/domain.md, Payments by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from billing.whereabouts import Whereabouts, whereabouts
from model.money.ledger import LedgerAccount, Transfer
from model.money.payment import Payment
from model.money.remittance import RemittanceLine, StoredRemittance
from model.money.returns import Posted
from model.trade.payment import SSN
from pipeline.cash import named
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views.payments import (
    BankLineView,
    ChequeView,
    PaidLineView,
    PaymentEntryView,
    PaymentShownView,
    ReversalView,
    WhereaboutsView,
)
from pipeline.views.plain import PAGE, of_fields
from pipeline.views.remittances import Lines
from store.engine import Connection
from store.money import accounts, bank, cash, reversals
from vault.ssn import mask_key, mask_said
from writers.words import paid as went


def show(ws: Workspace, name: str, now: datetime) -> PaymentShownView | str:
    """Return the payment that a name means, or why it means none or more than one, in words."""
    with ws.database.read() as conn:
        found = named.one(conn, name)
        if isinstance(found, str):
            return found
        return _shown(ws, conn, found, clock.local_day(conn, now))


def _shown(ws: Workspace, conn: Connection, payment: Payment, today: date) -> PaymentShownView:
    paper, deposit = payment.remittance, payment.deposit
    body = cash.remittance(conn, paper.id, ws.vault.fields) if paper else None
    own = reversals.own(conn, *payment.ids)
    entries = [each.entry for each in own]
    lines = body.lines if body else ()
    cheques = bank.details(conn, [deposit.id]).get(deposit.id, []) if deposit else []
    came = deposit.received if deposit else paper.effective if paper else None
    return PaymentShownView(
        payment=payment.label,
        partner=paper.partner if paper else "",
        payer=body.payer[0] if body else "",
        trace=payment.trace,
        company=payment.company,
        amount_cents=payment.cents,
        method=body.method if body else "",
        effective=paper.effective if paper else None,
        banked=deposit.received if deposit else None,
        deposit=deposit.id if deposit else 0,
        file_id=cash.files(conn, [paper.id]).get(paper.id, "") if paper else "",
        state=str(paper.state) if paper else "",
        reason=paper.reason if paper else "",
        receipt=paper.receipt if paper else 0,
        age=max(0, (today - came).days) if came else 0,
        bank=tuple(_bank(ws, conn, payment)),
        cheques=tuple(of_fields(ChequeView, each, amount_cents=each.cents) for each in cheques[:PAGE]),
        cheque_count=len(cheques),
        lines=tuple(_lines(paper, lines[:PAGE], entries)),
        line_count=len(lines),
        entries=tuple(map(_entry, entries[:PAGE])),
        entry_count=len(entries),
        now=tuple(of_fields(WhereaboutsView, each, amount_cents=each.cents) for each in by_now(conn, own)),
        reversal=_reversal(conn, payment),
    )


def _reversal(conn: Connection, payment: Payment) -> ReversalView | None:
    back = reversals.of_payment(conn, *payment.ids)
    return ReversalView(back.code, back.trace, back.day, back.cents) if back else None


def by_now(conn: Connection, own: Sequence[Posted]) -> tuple[Whereabouts, ...]:
    """Return where a payment's money is by now, whatever number the accounts have whose credit it became."""
    sides = (LedgerAccount.read(name) for each in own for name in (each.entry.debit, each.entry.credit))
    owners = {side.owner for side in sides if side.kind.is_credit}
    return whereabouts(own, reversals.on_credit(conn, accounts.books(conn, owners)))


def _bank(ws: Workspace, conn: Connection, payment: Payment) -> Iterator[BankLineView]:
    """Yield the bank's lines of the money: of its deposit, or the one that the payment was told by later."""
    deposit, paper = payment.deposit, payment.remittance
    found = list(bank.of_deposits(conn, [deposit.id], ws.vault.fields).values()) if deposit else []
    if not found and paper:
        found = [line for line in [bank.of_remittance(conn, paper.id, ws.vault.fields)] if line]
    for stored in found:
        line = stored.line
        whole = bank.find(conn, stored.credit, ws.vault.fields) if stored.credit else None
        credit = whole.line.reference or f"line {whole.id}" if whole else ""
        yield BankLineView(line.reference, credit, line.sort.value, line.day, line.cents)


def _lines(
    paper: StoredRemittance | None, sent: Sequence[RemittanceLine], entries: Iterable[Transfer]
) -> Iterator[PaidLineView]:
    if paper is None:
        return
    lines = Lines.of(paper, entries)
    for line in sent:
        yield PaidLineView(
            number=line.number,
            qualifier=line.qualifier,
            reference=mask_key(line.reference),
            person=mask_said(line.person_id, ssn=line.person_qualifier == SSN) if line.person_id else "",
            paid_cents=line.paid,
            billed_cents=line.billed,
            begin=line.begin,
            end=line.end,
            disposition=lines.disposition(line),
            went=went(lines.paid(line)),
        )


def _entry(entry: Transfer) -> PaymentEntryView:
    return of_fields(PaymentEntryView, entry, day=entry.effective, amount_cents=entry.cents)
