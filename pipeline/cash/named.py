"""Named: the payments that a name means, on the command line and in a bank's file.

A payment is named by its trace number (TRN02, or the bank's), by the number of a receipt of it, by its remittance
(R7) or by its deposit (D12). What means several is listed, and nothing is done to any.

Source: docs/domain.md, Payments by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from model.money.ledger import Deposit
from model.money.payment import Payment
from model.money.remittance import StoredRemittance
from store.engine import Connection
from store.money import cash, deposits
from store.received import outbox

_PAPER = re.compile(r"([RDrd])(\d{1,15})")


def find(conn: Connection, name: str) -> list[Payment]:
    """Return every payment that a name means, in the order in which their papers came; empty: none."""
    said = name.strip()
    if not said:
        return []
    papers, banked = list(cash.of_trace(conn, said)), list(deposits.of_trace(conn, said))
    papers += [found for ident in _receipts(conn, said) if (found := cash.find(conn, ident))]
    if paper := _PAPER.fullmatch(said):
        ident = int(paper[2])
        if paper[1].upper() == "R":
            papers += [found for found in [cash.find(conn, ident)] if found]
        else:
            banked += [found for found in [deposits.find(conn, ident)] if found]
    return _payments(conn, papers, banked)


def of_trace(conn: Connection, trace: str) -> list[Payment]:
    """Return the payments of a trace number, as a bank's file names them."""
    return _payments(conn, cash.of_trace(conn, trace), deposits.of_trace(conn, trace)) if trace else []


def one(conn: Connection, name: str) -> Payment | str:
    """Return the payment that a name means, or why it means none or more than one, in words."""
    found = find(conn, name)
    if len(found) == 1:
        return found[0]
    if not found:
        return f"there is no payment {name}: it is named by trace number, receipt number, R7 or D12"
    return f"{name} names {len(found)} payments; say which: " + "; ".join(payment.told for payment in found)


def of_papers(conn: Connection, remittance: int, deposit: int) -> Payment | None:
    """Return the payment of a remittance's number or, where that is 0, of a deposit's; None: there is none."""
    paper = cash.find(conn, remittance) if remittance else None
    banked = deposits.find(conn, deposit) if deposit and not remittance else None
    return next(iter(_payments(conn, filter(None, [paper]), filter(None, [banked]))), None)


def _payments(conn: Connection, papers: Iterable[StoredRemittance], banked: Iterable[Deposit]) -> list[Payment]:
    """Put papers of one payment together: each remittance with its deposit, other deposits alone."""
    apart = list(banked)
    tied = [found for each in apart if each.remittance and (found := cash.find(conn, each.remittance))]
    mine = {paper.id: paper for paper in [*papers, *tied]}
    brought = {deposit.remittance: deposit for deposit in deposits.behind(conn, (), list(mine))}
    alone = {deposit.id: deposit for deposit in apart if not deposit.remittance}
    return [
        *(Payment(mine[ident], brought.get(ident)) for ident in sorted(mine)),
        *(Payment(None, alone[ident]) for ident in sorted(alone)),
    ]


def _receipts(conn: Connection, said: str) -> Iterator[int]:
    """Yield the remittances of which a receipt has this number: the first one, or one of money placed later."""
    if said.isascii() and said.isdecimal():
        yield from cash.of_receipt(conn, int(said))
        yield from outbox.of_receipt(conn, int(said))
