"""Held: the money that no account has, item by item: remittance lines in suspense, deposits that nobody named.

Together they are what the ledger has in suspense, to the cent (docs/domain.md, Suspense).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from billing.ready import Companies
from billing.whose import Lying
from model.desk import Item, ItemKind
from model.money.cents import Cents
from model.money.ledger import Deposit, in_suspense
from model.money.remittance import PaymentState, StoredRemittance
from model.timeline import NOW, AsOf
from store import agreements
from store.desk import items
from store.desk.items import Scope
from store.engine import Connection
from store.money import cash, deposits, ledger, unplaced


@dataclass(frozen=True, slots=True)
class Held:
    """One item: a remittance's line (0: the payment as a whole) with its group, or what is left of a deposit.

    `cents` is below zero for a take-back. `item` is its open work, None where there is none.
    """

    cents: Cents
    paper: StoredRemittance | None = None
    line: int = 0
    group: str = ""
    deposit: Deposit | None = None
    item: Item | None = None

    @property
    def partner(self) -> str:
        """Return whose suspense it lies in; "" for a deposit, which is nobody's yet."""
        return self.paper.partner if self.paper else ""

    @property
    def trace(self) -> str:
        """Return the trace number that it came by."""
        return self.paper.trace if self.paper else self.deposit.trace if self.deposit else ""

    @property
    def company(self) -> str:
        """Return the company that it was paid under (BPR10), or that the bank named."""
        return self.paper.company if self.paper else self.deposit.company if self.deposit else ""

    @property
    def since(self) -> date | None:
        """Return the plan's day since which it waits, or the bank's."""
        return self.item.since if self.item else self.deposit.received if self.deposit else None

    def lying(self, companies: Companies) -> Lying:
        """Return it as money that could be somebody's: its sender's, or theirs to whom its company is bound."""
        senders = [self.partner] if self.partner else companies.owners.get(self.company, ())
        return Lying(self.cents, frozenset(senders), self.group)


def everything(conn: Connection, codes: Collection[str] | None = None, asof: AsOf = NOW) -> list[Held]:
    """Return all of it: what is in suspense (`codes`: only of these partners), then the deposits.

    By partner, remittance and line; deposits by number. The open work is today's, whatever the day.
    """
    owners = agreements.partner_codes(conn) if codes is None else codes
    return [*_in_suspense(conn, owners, asof), *_of_nobody(conn, asof)]


def _in_suspense(conn: Connection, codes: Collection[str], asof: AsOf) -> Iterator[Held]:
    lying = unplaced.suspended(conn, codes, asof)
    papers = cash.some(conn, {each.remittance for each in lying})
    opened = items.opened(conn, Scope((ItemKind.SUSPENSE,))) if lying else {}
    waiting = {(item.waiting.set, item.waiting.member, item.waiting.group): item for item in opened.values()}
    for each in lying:
        paper = papers[each.remittance]
        yield Held(each.cents, paper, each.line, each.group, item=waiting.get((paper.set, each.line, each.group)))


def _of_nobody(conn: Connection, asof: AsOf) -> Iterator[Held]:
    left = unplaced.unidentified(conn, asof=asof)
    opened = items.opened(conn, Scope((ItemKind.DEPOSIT,))) if left else {}
    waiting = {item.waiting.subject: item for item in opened.values()}
    for deposit in deposits.some(conn, left):
        yield Held(left[deposit.id], deposit=deposit, item=waiting.get(f"deposit {deposit.id}"))


def of_line(conn: Connection, remittance: int, line: int) -> list[Held]:
    """Return what of a remittance line (0: the payment as a whole) is in suspense: one for each group."""
    paper = cash.find(conn, remittance)
    if paper is None or paper.state is PaymentState.REPLACED:
        return []
    held = in_suspense(ledger.suspended(conn, remittance)).items()
    return [Held(cents, paper, line, group) for (number, group), cents in held if number == line]


def of_deposit(conn: Connection, ident: int) -> Held | None:
    """Return what is left of a deposit that nobody named; None where nothing is."""
    deposit, left = deposits.find(conn, ident), unplaced.unidentified(conn, [ident]).get(ident, 0)
    return Held(left, deposit=deposit) if deposit and left and not deposit.remittance else None
