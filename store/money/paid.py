"""What paid-through days are worked out from: what was charged to whom on which invoice, and what came for whom.

All of it as of an effective day, or as known on one. Cents. Source: docs/domain.md, Paid through.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, true

from model.money.arrears import Came, Share
from model.money.cents import Cents
from model.money.ledger import FEE, PREMIUM, AccountKind, TransferCause, receivable, unapplied
from model.timeline import NOW, AsOf, Month
from store.bulk import among
from store.money import accounts as owners
from store.money.invoices import effective
from store.tables import billing_account, charge, credit, invoice, memo, transfer, tx
from store.then import recorded

_NOT_A_MEMO = transfer.c.invoice.not_in(select(memo.c.number))  # a fee that was paid is no premium
_NOT_MONEY = (PREMIUM, FEE)  # what is charged, and taken back


@dataclass(frozen=True, slots=True)
class Flow:
    """Money that came to an account, or (< 0) left it; `contract` is the family that its line names, 0: none.

    `paper` tells payments apart: remittance and deposit, row ids; `invoice` is the one that it pays, "" for
    credit.
    """

    account: str
    contract: int
    invoice: str
    paper: tuple[int, int]
    day: date
    cents: Cents


def shares(
    conn: Connection, accounts: Collection[str], asof: AsOf = NOW, contracts: Collection[int] | None = None
) -> dict[int, list[Share]]:
    """Return what each contract was charged on the standing invoices that accounts hold; no sums of 0."""
    return charged(conn, accounts, asof, contracts)[0]


def charged(
    conn: Connection, accounts: Collection[str], asof: AsOf = NOW, contracts: Collection[int] | None = None
) -> tuple[dict[int, list[Share]], dict[int, Month]]:
    """Return the shares of each contract, and the last month for which it is charged more than was credited."""
    held_by = owners.holder(conn, asof.then)
    what = (charge.c.contract_id, held_by.label("holder"), invoice.c.number, invoice.c.month, invoice.c.due)
    covered = charge.c.month.label("covered")
    standing = invoice.c.void_tx == 0 if asof.then is None else ~_voided(asof)
    query = (
        select(*what, covered, func.sum(charge.c.cents).label("cents"))
        .join_from(charge, invoice, invoice.c.id == charge.c.invoice_id)
        .join(billing_account, billing_account.c.number == charge.c.account)
        .where(among(conn, held_by, accounts), standing, recorded(invoice.c.tx, asof.then))
        .where(true() if asof.on is None else invoice.c.issued <= asof.on)
    )
    if contracts is not None:
        query = query.where(among(conn, charge.c.contract_id, contracts))
    billed: dict[Any, Cents] = defaultdict(int)
    months: dict[tuple[int, str], Cents] = defaultdict(int)
    for row in conn.execute(query.group_by(*what, covered)):
        billed[row.contract_id, row.holder, row.month, row.due, row.number] += int(row.cents)
        months[row.contract_id, row.covered] += int(row.cents)
    found: dict[int, list[Share]] = defaultdict(list)
    for (contract, holder, month, due, number), cents in billed.items():
        if cents:
            found[contract].append(Share(holder, Month.parse(month), due, number, cents))
    last: dict[int, Month] = {}
    for (contract, month), cents in months.items():
        if cents > 0:
            last[contract] = max(Month.parse(month), last.get(contract, Month.parse(month)))
    return dict(found), last


def _voided(asof: AsOf) -> ColumnElement[bool]:
    return (invoice.c.void_tx != 0) & recorded(invoice.c.void_tx, asof.then)


def flows(conn: Connection, accounts: Collection[str], asof: AsOf = NOW, *, named: bool = False) -> list[Flow]:
    """Return the money that came to accounts and left them, in the order recorded; `named`: for a family alone.

    What moves within an account, and what is charged or corrected, is none.
    """
    held = owners.held(conn, accounts)
    sides = {name(number): by for number, by in held.items() for name in (receivable, unapplied)}
    sides |= dict(_ahead(conn, held))
    names, beside = list(sides), (transfer.c.effective, transfer.c.invoice, transfer.c.contract_id)
    found: list[tuple[int, Flow]] = []
    for side, other, sign in ((transfer.c.credit, transfer.c.debit, 1), (transfer.c.debit, transfer.c.credit, -1)):
        query = select(transfer.c.id, side.label("side"), other.label("other"), transfer.c.cents, *beside)
        query = query.add_columns(transfer.c.remittance_id, transfer.c.deposit_id)
        query = query.where(among(conn, side, names), other.not_in(_NOT_MONEY), _NOT_A_MEMO)
        query = query.where(effective(asof), recorded(transfer.c.tx, asof.then))
        for row in conn.execute(query.where(transfer.c.contract_id != 0) if named else query):
            if sides.get(row.other) != sides[row.side]:
                found.append((row.id, _flow(row, sides[row.side], sign)))
    return [flow for _, flow in sorted(found, key=lambda pair: pair[0])]


def _ahead(conn: Connection, held: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the names of the accounts' money for months that are not billed yet, with who holds it."""
    begins = AccountKind.AHEAD.beginning
    for name in conn.scalars(select(credit.c.name).where(func.substr(credit.c.name, 1, len(begins)) == begins)):
        number = name.removeprefix(begins).rpartition(":")[0]
        if number in held:
            yield name, held[number]


def _flow(row: Row[Any], account: str, sign: int) -> Flow:
    paper = (row.remittance_id, row.deposit_id)
    return Flow(account, row.contract_id, row.invoice, paper, row.effective, sign * row.cents)


def came(flows: Collection[Flow], but: Collection[str] = ()) -> dict[int, list[Came]]:
    """Return the payments for each family as they stand, by day; what went to invoices of `but` is left out.

    A payment that was taken back is none.
    """
    sums: dict[tuple[int, tuple[int, int]], Cents] = defaultdict(int)
    days: dict[tuple[int, tuple[int, int]], date] = {}
    for flow in flows:
        if flow.contract and flow.invoice not in but:
            key = (flow.contract, flow.paper)
            sums[key] += flow.cents
            days.setdefault(key, flow.day)
    found: dict[int, list[Came]] = defaultdict(list)
    for (family, paper), cents in sums.items():
        if cents:
            found[family].append(Came(days[family, paper], cents))
    return dict(found)


def reopened(conn: Connection, numbers: Collection[str]) -> dict[str, date]:
    """Return on which day (UTC) a payment of invoices was last taken back, so that they are open again."""
    causes = [TransferCause.REVERSAL.value, TransferCause.TAKE_BACK.value]
    query = select(transfer.c.invoice, func.max(tx.c.at).label("at")).join(tx, tx.c.id == transfer.c.tx)
    query = query.where(among(conn, transfer.c.invoice, numbers), transfer.c.cause.in_(causes))
    return {row.invoice: row.at.date() for row in conn.execute(query.group_by(transfer.c.invoice))}
