"""One billing account as the billing desk asks for it (FAQ 25, 31 to 33, 39). Cents throughout."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from model.money.cents import Cents
from model.money.ledger import (
    AccountKind,
    Deposit,
    LedgerAccount,
    LedgerEntry,
    Transfer,
    TransferCause,
    receivable,
    unapplied,
)
from model.money.remittance import StoredRemittance
from model.timeline import NOW, AsOf
from pipeline.runtime.workspace import Workspace
from pipeline.views.money import InvoiceView, invoice_view
from pipeline.views.paid import paid_through
from pipeline.views.plain import of_fields
from store import agreements
from store.engine import Connection
from store.money import accounts, cash, deposits, invoices, ledger
from writers.words import credit_place, item


@dataclass(frozen=True, slots=True)
class KeptView:
    """Money that is kept for a month (YYYY-MM) that is not billed yet, in cents."""

    month: str
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry of an account, recorded `at`, of the day `effective`, and everything that caused it.

    `amount_cents` > 0 adds to what is owed, or to the credit; `balance_cents` is what there is of that then.
    `step` is what the transaction was for, `actor` who did it. `invoice`, `remittance` with its `trace` (TRN02),
    `partner` and `file_id`, and `deposit` with the bank's day are the papers behind it: "", 0 and null where there
    is none.
    `source` says them in words, or the credit that it came from or went to.
    """

    at: datetime
    effective: date
    cause: TransferCause
    step: str
    actor: str
    invoice: str
    remittance: int
    trace: str
    partner: str
    file_id: str
    deposit: int
    deposited: date | None
    source: str
    debit: str
    credit: str
    amount_cents: Cents
    balance_cents: Cents


@dataclass(frozen=True, slots=True)
class CreditEntryView(EntryView):
    """An entry of an account's credit; `month` (YYYY-MM): it is kept for that one, "" where it is free.

    `balance_cents` is all credit after the entry, kept and free.
    """

    month: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """A billing account: what it owes and its free credit in cents, its invoices, every entry of both.

    `held_by` is the account that has its books now; `next_due` is the earliest day on which something open is
    due, "" where nothing is. `paid_through` is the last day of the last month up to which no more than a
    trifle is open, null where nothing was billed or paid. Where `families_pay` each family pays for itself as
    billed last, and `paid_through` is of earlier months: a family's is a member's. `on`: by what was issued
    and paid through that day, null: by all; `known_on`: by what was known at the end of that day, null now.
    """

    account: str
    on: date | None
    known_on: date | None
    held_by: str
    group: str
    group_name: str
    subgroup: str
    subgroup_name: str
    owed_cents: Cents
    credit_cents: Cents
    kept: tuple[KeptView, ...]
    next_due: str
    paid_through: date | None
    families_pay: bool
    invoices: tuple[InvoiceView, ...]
    entries: tuple[EntryView, ...]
    credit_entries: tuple[CreditEntryView, ...]


@dataclass(frozen=True, slots=True)
class _Papers:
    """What stands behind some entries: remittances, the files that brought them, and deposits, by their ids."""

    remittances: Mapping[int, StoredRemittance]
    files: Mapping[int, str]
    deposits: Mapping[int, Deposit]
    deposited: Mapping[int, Deposit]  # by remittance

    def deposit(self, entry: Transfer) -> Deposit | None:
        """Return the deposit of an entry: its own, else the one that its remittance was matched to."""
        return self.deposits.get(entry.deposit) or self.deposited.get(entry.remittance)


def account_value(ws: Workspace, number: str, asof: AsOf = NOW) -> AccountView | None:
    """Return one billing account: balance, credit, invoices with what is open, entries; None when unknown."""
    with ws.database.read() as conn:
        owner = accounts.find(conn, number)
        terms = agreements.terms(conn, owner.group, asof.then) if owner else None
        ever = accounts.of_groups(conn, [terms.group], asof.then) if terms else []
        account = next((each for each in ever if each.number == number), None)
        if account is None or terms is None:
            return None
        subgroup = next(payer for payer in terms.billed(ever) if payer.account == account.held_by)
        issued = invoices.listing(conn, accounts=[number], asof=asof)
        last = max((invoice.month for invoice in issued), default=None)
        wanting = (str(invoice.due) for invoice in issued if invoice.open > 0 and invoice.account == number)
        owed, names = ledger.entries(conn, receivable(number), asof), ledger.credits(conn, number, asof)
        credit = [(entry, name) for name in names for entry in ledger.entries(conn, name, asof)]
        papers = _papers(conn, [*owed, *(entry for entry, _ in credit)])
        return AccountView(
            account=number,
            on=asof.on,
            known_on=asof.known_on,
            held_by=account.held_by,
            group=terms.group,
            group_name=terms.name,
            subgroup=subgroup.code,
            subgroup_name=subgroup.name,
            owed_cents=ledger.balance(conn, receivable(number), asof),
            credit_cents=-ledger.balance(conn, unapplied(number), asof),
            kept=tuple(KeptView(str(month), cents) for _, month, cents in ledger.ahead_of(conn, [number], asof)),
            next_due=min(wanting, default=""),
            paid_through=paid_through(conn, terms, asof, contracts=()).account(account.held_by),
            families_pay=last is not None and subgroup.direct_bill.on(last.first),
            invoices=tuple(map(invoice_view, issued)),
            entries=tuple(_entry(entry, papers, receivable(number)) for entry in owed),
            credit_entries=tuple(_credit_entries(credit, papers)),
        )


def _papers(conn: Connection, entries: Collection[LedgerEntry]) -> _Papers:
    paid = {entry.transfer.remittance for entry in entries} - {0}
    banked = deposits.behind(conn, {entry.transfer.deposit for entry in entries} - {0}, paid)
    return _Papers(
        remittances=cash.some(conn, paid),
        files=cash.files(conn, paid),
        deposits={deposit.id: deposit for deposit in banked},
        deposited={deposit.remittance: deposit for deposit in banked if deposit.remittance},
    )


def _entry(entry: LedgerEntry, papers: _Papers, name: str) -> EntryView:
    """Return an entry as the ledger account of a name sees it."""
    moved, deposit = entry.transfer, papers.deposit(entry.transfer)
    paper = papers.remittances.get(moved.remittance)
    return EntryView(
        at=entry.at,
        effective=moved.effective,
        cause=moved.cause,
        step=entry.step,
        actor=entry.actor,
        invoice=moved.invoice,
        remittance=moved.remittance,
        trace=paper.trace if paper else deposit.trace if deposit else "",
        partner=paper.partner if paper else "",
        file_id=papers.files.get(moved.remittance, ""),
        deposit=deposit.id if deposit else 0,
        deposited=deposit.received if deposit else None,
        source=_source(papers, moved, name),
        debit=moved.debit,
        credit=moved.credit,
        amount_cents=entry.cents,
        balance_cents=entry.balance,
    )


def _credit_entries(entries: Iterable[tuple[LedgerEntry, str]], papers: _Papers) -> Iterator[CreditEntryView]:
    """Yield what came to an account's credit and left it, in the order recorded.

    What becomes free is an entry of either name.
    """
    total = 0
    for entry, name in sorted(entries, key=lambda pair: (pair[0].id, pair[1])):
        total -= entry.cents
        seen, month = _entry(entry, papers, name), LedgerAccount.read(name).month
        yield of_fields(CreditEntryView, seen, amount_cents=-entry.cents, balance_cents=total, month=month)


def _source(papers: _Papers, entry: Transfer, name: str) -> str:
    """Say what moved the money: item, remittance with trace, file and deposit; else where its other end is."""
    behind = [item(entry.invoice)] if entry.invoice else []
    if paper := papers.remittances.get(entry.remittance):
        behind.append(f"remittance {paper.id} of {paper.partner}, trace {paper.trace}")
        behind.append(f"file {papers.files[paper.id]}")
    if deposit := papers.deposit(entry):
        behind.append(f"deposit {deposit.id} of {deposit.received}")
    if behind:
        return ", ".join(behind)
    other = LedgerAccount.read(entry.debit if entry.credit == name else entry.credit)
    return "a cheque to the payer" if other.kind is AccountKind.REFUND else credit_place(other)
