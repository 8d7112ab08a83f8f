"""Invoices and their charges: immutable once issued. Money in cents, months as 2027-01.

See docs/design.md, Retro is a difference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, or_, select, true, update

from model.documents import keys
from model.documents.keys import DocumentKind
from model.documents.statement import ConsolidatedInvoice, InvoiceStatement
from model.enrollment.history import SpanVersion
from model.journal import Act
from model.money.ledger import (
    AccountKind,
    Billed,
    ChangeCause,
    Charge,
    Charged,
    Cover,
    IssuedInvoice,
)
from model.timeline import NOW, AsOf, Month, Span, Then
from store import cells, chain, journal, jsonvalue
from store.bulk import add, add_row, among
from store.money import accounts as owners
from store.money.charged import charge_of
from store.received import statement_rows
from store.tables import (
    assignment,
    audit,
    billing_account,
    charge,
    consolidated,
    coverage,
    employer_group,
    enrollee,
    invoice,
    transaction_set,
    transfer,
    tx,
)
from store.then import recorded
from vault.fields import FieldCipher

_ROWS_A_WRITE = 5_000
_CHARGED = (
    "invoice_id",
    "account",
    "contract_id",
    "line",
    "plan",
    "tier",
    "month",
    "cents",
    "kind",
    "reason",
    "cause_tx",
    "person_id",
    "days",
    "tx",
)


_LISTED = ("id", "number", "account", "month", "issued", "due", "total", "tx")


def _stands(then: Then | None = None) -> ColumnElement[bool]:
    """Return the condition that a charge's invoice is not void."""
    void = select(invoice.c.id).where(invoice.c.void_tx != 0, recorded(invoice.c.void_tx, then))
    return charge.c.invoice_id.not_in(void)


_STANDS = _stands()
_HOLDER = ("holder", "contract_id")


def issue(
    conn: Connection,
    tx_id: int,
    statement: InvoiceStatement,
    charges: Sequence[Charge],
    detail: Iterable[statement_rows.Placed],
    cipher: FieldCipher,
) -> int:
    """Store an invoice, its statement and the rows of its detail sealed, and its charges; return its row id.

    Raises ValueError for a trial; the database refuses a second invoice of an account and month.
    """
    if statement.trial:
        raise ValueError("a trial is never issued")
    row = {
        "number": statement.number,
        "account": statement.account,
        "month": statement.month,
        "issued": statement.produced,
        "due": statement.due,
        "total": statement.own,
        "statement": cipher.seal(jsonvalue.dump_statement(statement), cells.invoice(statement.number)),
        "tx": tx_id,
    }
    invoice_id = add_row(conn, invoice, row)
    for at in range(0, len(charges), _ROWS_A_WRITE):
        some = charges[at : at + _ROWS_A_WRITE]
        add(conn, charge, _CHARGED, [_charge_row(tx_id, invoice_id, charge) for charge in some])
    statement_rows.keep(conn, str(keys.invoice(statement.number)), DocumentKind.INVOICE, detail, cipher)
    return invoice_id


def _charge_row(tx_id: int, invoice_id: int, one: Charge) -> tuple[Any, ...]:
    return (
        invoice_id,
        one.account,
        one.contract,
        one.line,
        one.plan,
        one.tier,
        str(one.month),
        one.cents,
        one.kind,
        one.reason.text if one.reason else "",
        one.cause_tx,
        one.person,
        one.days,
        tx_id,
    )


def posted(
    conn: Connection,
    accounts: Collection[str],
    through: Month,
    *,
    contracts: Collection[int] | None = None,
) -> list[Charge]:
    """Return all charges that these accounts hold, for months up to and with `through`, in the order posted.

    Where given only those of some contracts. What was posted under a number that has moved since counts as posted
    on the account that holds it now.
    """
    which = [among(conn, billing_account.c.held_by, accounts), charge.c.month <= str(through), _STANDS]
    which += [] if contracts is None else [among(conn, charge.c.contract_id, contracts)]
    query = select(charge, billing_account.c.held_by)
    query = query.join(billing_account, billing_account.c.number == charge.c.account)
    return [charge_of(row, row.held_by) for row in conn.execute(query.where(*which).order_by(charge.c.id))]


def months(conn: Connection, accounts: Collection[str]) -> set[tuple[str, Month]]:
    """Return the accounts among these and the months for which they hold any charge, whomever it concerns."""
    query = select(billing_account.c.held_by, charge.c.month).distinct()
    query = query.join(billing_account, billing_account.c.number == charge.c.account)
    query = query.where(among(conn, billing_account.c.held_by, accounts), _STANDS)
    return {(row.held_by, Month.parse(row.month)) for row in conn.execute(query)}


def charged(conn: Connection, accounts: Collection[str], month: Month, asof: AsOf = NOW) -> list[Charged]:
    """Return what stands charged for a month on accounts, under the numbers that hold them."""
    held_by = owners.holder(conn, asof.then)
    return _sums(conn, held_by, asof, among(conn, held_by, accounts), charge.c.month == str(month))


def asked(conn: Connection, invoice_ids: Collection[int], asof: AsOf = NOW) -> list[Charged]:
    """Return what is charged on these invoices for any month, under the numbers that hold them."""
    return _sums(conn, owners.holder(conn, asof.then), asof, among(conn, charge.c.invoice_id, invoice_ids))


def _sums(conn: Connection, held_by: ColumnElement[str], asof: AsOf, *which: ColumnElement[bool]) -> list[Charged]:
    query = select(held_by.label("holder"), charge.c.contract_id, func.sum(charge.c.cents))
    query = query.join_from(charge, billing_account)
    query = query.where(*which, _stands(asof.then), recorded(charge.c.tx, asof.then))
    if asof.on is not None:
        query = query.where(charge.c.invoice_id.in_(select(invoice.c.id).where(invoice.c.issued <= asof.on)))
    rows = conn.execute(query.group_by(*_HOLDER).order_by(*_HOLDER)).all()
    return [Charged(account, contract, int(cents)) for account, contract, cents in rows]


def billed(
    conn: Connection, contracts: Collection[int], months: Collection[Month], numbers: Collection[str]
) -> list[Billed]:
    """Return what each invoice asked of these contracts for these months, and of any month on these invoices.

    Oldest invoice first; each under the number of the account that holds it now.
    """
    wanted = or_(
        among(conn, charge.c.month, [str(month) for month in months]), among(conn, invoice.c.number, numbers)
    )
    what = (charge.c.contract_id, charge.c.month, billing_account.c.held_by, invoice.c.number, invoice.c.id)
    query = (
        select(*what, func.sum(charge.c.cents).label("cents"))
        .join_from(charge, invoice, invoice.c.id == charge.c.invoice_id)
        .join(billing_account, billing_account.c.number == charge.c.account)
        .where(among(conn, charge.c.contract_id, contracts), wanted, invoice.c.void_tx == 0)
        .group_by(*what)
        .having(func.sum(charge.c.cents) != 0)  # what was marked as not priced is not billed yet
        .order_by(invoice.c.id, charge.c.contract_id, charge.c.month)
    )
    return [
        Billed(contract, Month.parse(month), held_by, number, int(cents))
        for contract, month, held_by, number, _, cents in conn.execute(query).all()
    ]


def cover(conn: Connection, tx_id: int, issued: ConsolidatedInvoice) -> None:
    """Store which bills a consolidated invoice covers and what each of them printed as its total due."""
    rows = [(issued.number, bill.account, bill.number, bill.total_due, tx_id) for bill in issued.bills]
    add(conn, consolidated, ("number", "account", "invoice", "cents", "tx"), rows)


def covers(conn: Connection, numbers: Collection[str] | None, groups: Collection[str]) -> list[Cover]:
    """Return the consolidated invoices of these groups, in the order issued; where given of these numbers."""
    named = [] if numbers is None else [among(conn, consolidated.c.number, numbers)]
    query = (
        select(consolidated, billing_account.c.held_by, employer_group.c.number.label("owner"))
        .join_from(consolidated, billing_account, billing_account.c.number == consolidated.c.account)
        .join(employer_group)
        .where(*named, among(conn, employer_group.c.number, groups))
        .order_by(consolidated.c.id)
    )
    found: dict[str, Cover] = {}
    for row in conn.execute(query):
        one = found.get(row.number, Cover(row.number, row.owner, ()))
        found[row.number] = replace(one, bills=(*one.bills, (row.held_by, row.invoice, row.cents)))
    return list(found.values())


def find(conn: Connection, number: str, cipher: FieldCipher) -> InvoiceStatement | None:
    """Return an issued invoice's statement by its number, without what lies beside it; None for none."""
    sealed = conn.scalar(select(invoice.c.statement).where(invoice.c.number == number))
    return None if sealed is None else opened(sealed, number, cipher)


def opened(sealed: str, number: str, cipher: FieldCipher) -> InvoiceStatement:
    """Open an invoice's sealed statement, of whatever version. Raises one of vault.fields.UNREADABLE."""
    statement = jsonvalue.load_statement(DocumentKind.INVOICE, cipher.open(sealed, cells.invoice(number)))
    assert isinstance(statement, InvoiceStatement)
    return statement


def listing(
    conn: Connection,
    *,
    group: str | None = None,
    accounts: Collection[str] | None = None,
    month: Month | None = None,
    unpaid: bool = False,
    void: bool = False,
    asof: AsOf = NOW,
) -> list[IssuedInvoice]:
    """Return the issued invoices of a group, of accounts, or all, oldest month first, with what is open.

    `month` leaves those of one covered month, `unpaid` those of which something (> 0 cents) is open.
    An account has the invoices it holds, and those that were issued under its number; void ones only with `void`.
    With a day of `asof` those issued by then, and what of them was open by the entries of that day and before.
    """
    owed = AccountKind.RECEIVABLE.beginning
    debited, credited = (func.substr(side, 1, len(owed)) == owed for side in (transfer.c.debit, transfer.c.credit))
    signed = case((debited, transfer.c.cents), else_=0) - case((credited, transfer.c.cents), else_=0)
    columns = (invoice.c[name] for name in _LISTED)
    held_by, voided = owners.holder(conn, asof.then), _voided(asof.then)
    moved = and_(transfer.c.invoice == invoice.c.number, recorded(transfer.c.tx, asof.then), effective(asof))
    query = (
        select(*columns, voided.label("void_tx"), held_by.label("held_by"))
        .add_columns(func.coalesce(func.sum(signed), 0).label("open"))
        .join(billing_account, billing_account.c.number == invoice.c.account)
        .outerjoin(transfer, moved)
        .where(recorded(invoice.c.tx, asof.then), true() if asof.on is None else invoice.c.issued <= asof.on)
        .group_by(invoice.c.id, billing_account.c.number, billing_account.c.held_by)
        .order_by(invoice.c.month, invoice.c.id)
    )
    if not void:
        query = query.where(voided == 0)
    if accounts is not None:
        own = (among(conn, side, accounts) for side in (held_by, billing_account.c.number))
        query = query.where(invoice.c.account.in_(select(billing_account.c.number).where(or_(*own))))
    if group is not None:
        query = query.join(employer_group).where(employer_group.c.number == group)
    if month is not None:
        query = query.where(invoice.c.month == str(month))
    if unpaid:
        query = query.having(func.sum(signed) > 0)
    return [_issued(row) for row in conn.execute(query)]


def effective(asof: AsOf) -> ColumnElement[bool]:
    """Return the condition that a transfer is of the effective day, or of one before."""
    return true() if asof.on is None else transfer.c.effective <= asof.on


def _voided(then: Then | None) -> ColumnElement[int]:
    """Return the transaction that voided an invoice, 0 where it stands."""
    if then is None:
        return invoice.c.void_tx
    return case((and_(invoice.c.void_tx != 0, recorded(invoice.c.void_tx, then)), invoice.c.void_tx), else_=0)


def _issued(row: Row[Any]) -> IssuedInvoice:
    return IssuedInvoice(
        id=row.id,
        number=row.number,
        account=row.held_by,
        issued_on=row.account,
        month=Month.parse(row.month),
        issued=row.issued,
        due=row.due,
        total=row.total,
        open=int(row.open),
        tx=row.tx,
        void=bool(row.void_tx),
    )


def void(conn: Connection, invoice_id: int, tx_id: int) -> None:
    """Record that an invoice was voided; its charges count no more. Raises LookupError unless it stands."""
    standing = update(invoice).where(invoice.c.id == invoice_id, invoice.c.void_tx == 0)
    if conn.execute(standing.values(void_tx=tx_id)).rowcount != 1:
        raise LookupError(f"invoice {invoice_id} does not stand")
    chain.of(conn).close(invoice, [invoice_id])


def last_of(conn: Connection, accounts: Collection[str]) -> dict[str, tuple[str, int]]:
    """Return number and transaction of the invoice each account was sent last, whatever its month.

    An account without one is left out.
    """
    query = select(billing_account.c.held_by, invoice.c.number, invoice.c.tx)
    query = query.join(billing_account, billing_account.c.number == invoice.c.account)
    standing = (among(conn, billing_account.c.held_by, accounts), invoice.c.void_tx == 0)
    query = query.where(*standing).order_by(invoice.c.tx, invoice.c.id)
    return {row.held_by: (row.number, row.tx) for row in conn.execute(query)}


def hold(conn: Connection, tx_id: int, account: str, month: Month) -> None:
    """Remember that an account waits for its invoice of a month, unless that is known."""
    if (account, month) not in held(conn):
        journal.audit(conn, tx_id, Act.INVOICE_HELD, account, str(month))


def held(conn: Connection) -> list[tuple[str, Month]]:
    """Return every account and month whose invoice was ever held, whether it has been issued since or not."""
    lines = select(audit.c.subject, audit.c.detail).where(audit.c.action == Act.INVOICE_HELD.value)
    rows = conn.execute(lines.order_by(audit.c.id))
    return [(row.subject, Month.parse(row.detail)) for row in rows]


def versions(conn: Connection, contracts: Collection[int]) -> list[SpanVersion]:
    """Return every recorded coverage and place of some contracts, those no longer known included: two queries."""
    who = (enrollee.c.contract_id, enrollee.c.person_id, enrollee.c.relationship)
    covered = select(coverage, *who).join(enrollee, enrollee.c.id == coverage.c.enrollee_id)
    covered = covered.where(among(conn, enrollee.c.contract_id, contracts)).order_by(coverage.c.id)
    placed = select(assignment).where(among(conn, assignment.c.contract_id, contracts)).order_by(assignment.c.id)
    found = [
        _version(row, row.person_id, row.relationship, row.line, f"{row.plan} {row.tier}".strip())
        for row in conn.execute(covered)
    ]
    return found + [_version(row, 0, "", "", row.subgroup) for row in conn.execute(placed)]


def _version(row: Row[Any], person: int, relationship: str, line: str, what: str) -> SpanVersion:
    span = Span(row.begin_date, row.end_date)
    return SpanVersion(row.contract_id, person, relationship, line, what, span, row.tx_from, row.tx_to)


def origins(conn: Connection, txs: Collection[int]) -> list[ChangeCause]:
    """Return transactions with the received set and file behind them."""
    query = (
        select(tx.c.id, tx.c.set_id, transaction_set.c.file_id)
        .outerjoin(transaction_set, transaction_set.c.id == tx.c.set_id)
        .where(among(conn, tx.c.id, txs))
        .order_by(tx.c.id)
    )
    return [ChangeCause(row.id, row.set_id or 0, row.file_id or "") for row in conn.execute(query)]
