"""What the bank's lines are held against: cash without a line, and batches of cheques with their credit.

Source: docs/domain.md, The bank.
"""

from __future__ import annotations

from collections.abc import Sequence

from billing import bank as matching
from billing.bank import Batch, Cash, Cheque, Credit, Match
from model.money.bank import StoredLine
from model.trade.bank import LOCKBOX_CODES
from pipeline.runtime.workspace import Workspace
from store.engine import Connection
from store.money import bank, reversals


def cash(conn: Connection) -> Cash:
    """Return what the books hold that no line of the bank stands behind."""
    return Cash(bank.unconfirmed(conn), bank.posted(conn), reversals.days(conn))


def cheques_of(batch: Batch) -> tuple[int, ...]:
    """Return the lines of a batch's cheques."""
    return tuple(cheque.line for cheque in batch.cheques)


def batches(ws: Workspace, conn: Connection) -> list[Batch]:
    """Return the batches of cheques that wait, each with the credit that it is the detail of, where one is.

    One of which a cheque may be a deposit that was entered by hand waits for a person.
    """
    waiting = bank.cheques(conn, ws.vault.fields)
    if not waiting:
        return []
    credits = [_credit(line) for line in bank.splittable(conn, ws.vault.fields, LOCKBOX_CODES)]
    cheques = [Cheque(each.id, each.line.batch, each.line.day, each.line.cents) for each in waiting]
    alone = cash(conn).without({credit.deposit for credit in credits})
    found = said(waiting, alone)
    made = []
    for batch in matching.batches(cheques, credits):
        doubts = tuple(
            f"cheque of line {line} may be in the books: {reason}"
            for line in cheques_of(batch)
            for reason in found[line].near
        )
        made.append(Batch(batch.cheques, None, doubts) if doubts else batch)
    return made


def said(cheques: Sequence[StoredLine], alone: Cash) -> dict[int, Match]:
    """Return what each cheque is, by its line: the deposit that people said it is, else what is in the books."""
    untied = [each for each in cheques if not each.deposit]
    found = zip(untied, matching.confirm([each.line for each in untied], alone), strict=True)
    return {each.id: Match(each.line, deposit=each.deposit) for each in cheques} | {
        each.id: match for each, match in found
    }


def _credit(stored: StoredLine) -> Credit:
    line = stored.line
    said = f"{line.reference} {line.trace} {line.text}"
    return Credit(stored.id, stored.deposit, line.day, line.cents, said)
