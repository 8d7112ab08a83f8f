"""What is in the books already of a deposit that somebody enters by hand: money enters once.

Source: docs/domain.md, The bank.
"""

from __future__ import annotations

from dataclasses import dataclass

from billing import bank as matching
from model.money.bank import StoredLine
from model.money.ledger import Deposit
from model.money.remittance import PaymentState
from pipeline.cash import named
from pipeline.runtime.workspace import Workspace
from store.engine import Connection
from store.money import bank, cash, deposits, reversals


@dataclass(frozen=True, slots=True)
class Reported:
    """A deposit that is there, and the bank's line that entered or confirmed it; `words`: what is said of it.

    `is_it`: it is the money that is entered; else a person says whether it is another (--again).
    """

    deposit: Deposit
    line: StoredLine | None
    words: str
    is_it: bool = True

    def makes_way(self, one: Deposit) -> bool:
        """Say whether it makes way for the entry, which says the company that the bank did not."""
        return self.is_it and self.deposit.is_open and not self.deposit.company and bool(one.company)


def find(ws: Workspace, conn: Connection, one: Deposit) -> Reported | None:
    """Return what is known of the money that is entered; None: nothing."""
    if back := _taken_back(conn, one):
        return back
    same = [each for each in deposits.standing(conn, trace=one.trace, cents=one.cents) if _may_be(each, one)]
    others = [each for each in deposits.opened(conn, cents=one.cents) if each.company and each not in same]
    behind = bank.of_deposits(conn, [each.id for each in (*same, *others)], ws.vault.fields)
    for each in same:
        if each.id in behind:
            line = behind[each.id]
            return Reported(each, line, f"the bank reported it (line {line.id}); nothing was entered")
    if paper := _posted(ws, conn, one):
        return paper
    for each in others:
        apart = abs((each.received - one.received).days)
        if each.id in behind and each.company == one.company and apart <= matching.NEAR_DAYS:
            words = f"it looks like deposit {each.id}, which the bank reported on {each.received} with the trace "
            words += f"{each.trace}; nothing was entered. If it is another, say --again"
            return Reported(each, behind[each.id], words, is_it=False)
    return None


def _taken_back(conn: Connection, one: Deposit) -> Reported | None:
    """Return the payment of this trace and amount that the bank took back, on this day or after it."""
    for payment in named.of_trace(conn, one.trace):
        made = reversals.of_payment(conn, *payment.ids)
        same = payment.cents == one.cents and matching.may_agree(payment.company, one.company)
        if made and same and one.received <= made.day:
            words = f"it looks like {payment.told}, which the bank took back on {made.day}; nothing was entered."
            return Reported(payment.deposit or one, None, f"{words} If it is another, say --again", is_it=False)
    return None


def _may_be(each: Deposit, one: Deposit) -> bool:
    apart = abs((each.received - one.received).days)
    return apart <= matching.MOST_APART and matching.may_agree(each.company, one.company)


def _posted(ws: Workspace, conn: Connection, one: Deposit) -> Reported | None:
    """Return the payment of this trace and amount that its sender's transmission was the money of."""
    tied = {other.remittance for other in deposits.standing(conn, trace=one.trace)}
    for paper in cash.same_payment(conn, one.trace, one.company, one.cents):
        if paper.receipt and paper.id not in tied and paper.state is not PaymentState.REVERSED:
            words, line = (
                f"it was posted as remittance {paper.id}",
                bank.of_remittance(conn, paper.id, ws.vault.fields),
            )
            if line:
                return Reported(
                    one, line, f"{words}, and the bank's line {line.id} confirms it; nothing was entered"
                )
            words += " without a deposit; nothing was entered. If it is another, say --again"
            return Reported(one, None, words, is_it=False)
    return None


def give_way(conn: Connection, tx: int, there: Reported, new: int) -> None:
    """Let the deposit that the bank's line entered make way for one that says its company."""
    old = there.deposit
    deposits.void(conn, tx, old)
    assert there.line is not None, "a line stands behind it"
    bank.retie(conn, there.line.id, old.id, new)
