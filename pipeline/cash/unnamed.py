"""Deposits without a remittance that are placed all the same, by the same code as an 820 is posted.

A cheque names its account or invoice, or the group has said what becomes of money that names nothing.

Source: docs/domain.md, The bank.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from billing import cash as cashier
from billing import unnamed as policy
from billing.cash import Allocation
from billing.funds import Money
from model.agreement.grants import PAY
from model.agreement.terms import Contact
from model.documents import keys
from model.documents.keys import DocumentKind
from model.finding import Where
from model.journal import Act, InputKind, Purpose
from model.money.bank import StoredLine
from model.money.ledger import UNIDENTIFIED, AccountKind, BillingAccount, Deposit
from model.money.remittance import Remittance, RemittanceLine
from model.trade.payment import BY_ACCOUNT, BY_INVOICE, CHEQUE, CREDIT, WITH_MONEY
from pipeline.cash import receipts
from pipeline.cash.payables import book_of_group
from pipeline.desk import bank_papers
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.views.agreed import receivers
from store import agreements, guards, journal
from store.desk.items import Step
from store.engine import Connection
from store.money import accounts, bank, cash, deposits, ledger
from store.received import outbox


@dataclass(frozen=True, slots=True)
class _Named:
    """Whose a deposit is: the group, and the lines that a remittance of it would have."""

    group: str
    lines: tuple[RemittanceLine, ...]


def place_cheques(ws: Workspace, now: datetime) -> int:
    """Place the cheques whose account or invoice is known; return how many were."""
    with ws.database.read() as conn:
        waiting = [line.deposit for line in bank.naming(conn, ws.vault.fields)]
    return sum(place(ws, deposit, now) for deposit in waiting)


def place_by_policy(ws: Workspace, now: datetime) -> list[Deposit]:
    """Place what nobody named within the days that its group has agreed; return what was."""
    with ws.database.read() as conn:
        today = local_day(conn, now)
        waiting = [each for each in deposits.opened(conn) if _by_policy(conn, each, today)]
    return [each for each in waiting if place(ws, each.id, now)]


def place(ws: Workspace, deposit_id: int, now: datetime) -> bool:
    """Place an open deposit where its cheque or its group's policy says; say whether it was. Idempotent."""

    def names(conn: Connection) -> set[str]:
        deposit = deposits.find(conn, deposit_id)
        named = _named(ws, conn, deposit, local_day(conn, now)) if deposit else None
        if deposit is None or named is None:
            return set()
        return {guards.trace(deposit.trace), *guards.of_groups(conn, [named.group])}

    return ws.database.change(names, partial(_place, ws, deposit_id=deposit_id, now=now))


def _place(ws: Workspace, conn: Connection, *, deposit_id: int, now: datetime) -> bool:
    deposit, today = deposits.find(conn, deposit_id), local_day(conn, now)
    named = _named(ws, conn, deposit, today) if deposit and deposit.is_open else None
    if deposit is None or named is None:
        return False
    paper = _paper(deposit, named)
    book = book_of_group(ws, conn, named.group, paper)
    allocation = cashier.allocate(paper, book, Money("", deposit.received, 0, deposit.id, UNIDENTIFIED))
    if any(line.what is AccountKind.SUSPENSE for line in allocation.lines):
        return False
    asked = ws.asked(InputKind.NIGHTLY, now, deposit=deposit_id)
    tx = ws.step(conn, Purpose.PLACE_DEPOSIT, asked, deposit=deposit_id)
    ledger.post(conn, tx, allocation.transfers)
    deposits.place(conn, deposit_id, tx)
    went = sorted({line.account for line in allocation.lines})
    journal.audit(conn, tx, Act.DEPOSIT_PLACED, f"deposit {deposit_id}", f"on {', '.join(went)}")
    bank_papers.deposits(conn, Step(tx, today), [deposit])
    _owe(ws, conn, tx, deposit, named, paper, allocation, today)
    return True


def _named(ws: Workspace, conn: Connection, deposit: Deposit | None, today: date) -> _Named | None:
    """Return whose a deposit is by its cheque, else by what the group of its payer has agreed; None: nobody's."""
    if deposit is None or not deposit.is_open:
        return None
    line = bank.of_deposits(conn, [deposit.id], ws.vault.fields).get(deposit.id)
    by_cheque = _by_cheque(conn, line, today) if line else None
    return by_cheque or _by_policy(conn, deposit, today)


def _by_cheque(conn: Connection, stored: StoredLine, today: date) -> _Named | None:
    """Return the account that a cheque names, unless its payer's company is bound to who may not pay for it."""
    line = stored.line
    issued = accounts.of_item(conn, line.invoice) if line.invoice else None
    account = issued or accounts.find(conn, line.account)
    if account is None or (issued and line.account and _other(conn, line.account, issued)):
        return None
    bound = [partner for partner in agreements.partners(conn) if line.company in partner.companies]
    if bound and not any(partner.may(PAY, account.group, today, account.subgroup) for partner in bound):
        return None
    reference = (BY_INVOICE, line.invoice) if issued else (BY_ACCOUNT, account.held_by)
    return _Named(account.group, (_line(1, *reference, line.cents),))


def _other(conn: Connection, said: str, holder: BillingAccount) -> bool:
    """Say whether a cheque names an account that does not hold its invoice."""
    named = accounts.find(conn, said)
    return named is None or named.held_by != holder.held_by


def _by_policy(conn: Connection, deposit: Deposit, today: date) -> _Named | None:
    """Return the group of a deposit's payer that has agreed on unnamed money, once its days are over.

    A remittance of its trace that waits, or is held, names it: people say what is wrong with the two.
    """
    if not deposit.company:
        return None
    bound = [partner for partner in agreements.partners(conn) if deposit.company in partner.companies]
    names_it = {paper.partner for paper in cash.unpaid(conn, deposit.trace)} if deposit.trace else set()
    if names_it & {partner.code for partner in bound}:
        return None
    every = agreements.all_terms(conn)
    group = policy.group_of(bound, today)
    terms = every.get(group)
    if terms is None or not policy.is_due(terms.billing, deposit.received, today):
        return None
    own = accounts.of_groups(conn, [group])
    numbers = [payer.account for payer in terms.billed(own)]
    owed = ledger.invoice_open(conn, numbers)
    parts = policy.oldest_first(owed, numbers, deposit.cents)
    lines = tuple(
        _line(at, BY_INVOICE if part.invoice else BY_ACCOUNT, part.invoice or part.account, part.cents)
        for at, part in enumerate(parts, 1)
    )
    return _Named(group, lines) if lines else None


def _line(number: int, qualifier: str, reference: str, cents: int) -> RemittanceLine:
    return RemittanceLine(number, "A", qualifier, reference, "", cents, None, (), "", None, None, (), Where())


def _paper(deposit: Deposit, named: _Named) -> Remittance:
    """Return a deposit as the remittance that nobody sent."""
    return Remittance(
        control="",
        handling=WITH_MONEY,
        cents=deposit.cents,
        credit=CREDIT,
        method=CHEQUE,
        company=deposit.company,
        effective=deposit.received,
        trace=deposit.trace,
        references=(),
        payer=("", ""),
        payee=("", ""),
        adjustments=(),
        lines=named.lines,
        where=Where(),
    )


def _owe(
    ws: Workspace,
    conn: Connection,
    tx: int,
    deposit: Deposit,
    named: _Named,
    paper: Remittance,
    allocation: Allocation,
    today: date,
) -> None:
    """Owe the receipt to those who get the group's bills: among the last statements, since it takes a number."""
    carrier = agreements.carrier(conn)
    number = receipts.number(conn)
    for partner in receivers(agreements.partners(conn), named.group, today):
        made = cashier.receipt(
            number=str(number),
            carrier=carrier.name if carrier else "",
            contact=carrier.contact if carrier else Contact(),
            partner=partner,
            remittance=paper,
            received=deposit.received,
            allocation=allocation,
        )
        key = keys.deposited(deposit.id, number, partner)
        outbox.put(conn, tx, str(key), partner, DocumentKind.RECEIPT, made, None, ws.vault.fields)
