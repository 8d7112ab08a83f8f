"""Correct: an 820 that was suspended because it did not add up makes way for the one sent instead.

All of it happens in the transaction that takes the correction. Money that lay in the partner's suspense goes back
to where it came from, and its deposit, where it has one, is open again: the correction then finds it as any
remittance does.

Source: docs/domain.md, Balance.
"""

from __future__ import annotations

from collections.abc import Sequence

from billing.ready import corrects
from model.codes import found
from model.enrollment.decision import SetState
from model.exchange import StoredSet
from model.finding import Where
from model.journal import Act
from model.money.cents import format_dollars
from model.money.ledger import (
    BANK,
    UNIDENTIFIED,
    Deposit,
    Transfer,
    TransferCause,
    in_suspense,
    suspense,
)
from model.money.remittance import PaymentState, Remittance, StoredRemittance
from parsers.balance import balance
from pipeline.runtime.workspace import Workspace
from store import journal
from store.engine import Connection
from store.money import cash, deposits, ledger
from store.received import files


def place(stored: StoredSet) -> Where:
    """Return the position of a set: its ST."""
    one = stored
    return Where(one.interchange, one.functional_group, one.control, one.segment, "ST", offset=one.start)


def corrected(
    ws: Workspace, conn: Connection, remittance: Remittance, earlier: Sequence[StoredRemittance]
) -> StoredRemittance | None:
    """Return which of the earlier remittances of one payment this one corrects; None where it only repeats it."""
    if [paper.state for paper in earlier] != [PaymentState.SUSPENDED]:
        return None
    old = cash.remittance(conn, earlier[0].id, ws.vault.fields)
    return earlier[0] if corrects(remittance, old, balance(old)) else None


def replace(conn: Connection, tx: int, old: StoredRemittance, by: StoredSet) -> None:
    """Take a suspended remittance out of the way of the set that corrects it; say so on both."""
    reason = f"replaced by set {by.control} of file {by.file_id}, which corrects it"
    earlier = files.stored_set(conn, old.set)
    message = (
        f"The remittance takes the place of set {earlier.control} of file {earlier.file_id}, which did not add up."
    )
    back = _back(old, ledger.of_remittance(conn, old.id), deposits.release(conn, old.id))
    ledger.post(conn, tx, back)
    if back:
        lay = format_dollars(sum(transfer.cents for transfer in back))
        message += f" The {lay} that lay in suspense for that one is its own."
    cash.set_remittance_state(conn, old.id, PaymentState.REPLACED, reason, old.receipt)
    files.set_state(conn, earlier.id, SetState.REPLACED, reason)
    gone = found("PAYMENT-REPLACED", place(earlier), f"The remittance was {reason}.")
    files.add_findings(conn, earlier.file_id, [gone], earlier.id)
    files.add_findings(conn, by.file_id, [found("PAYMENT-CORRECTS", place(by), message)], by.id)
    journal.audit(conn, tx, Act.REMITTANCE_REPLACED, f"remittance {old.id}", reason)


def _back(old: StoredRemittance, entries: Sequence[Transfer], deposit: Deposit | None) -> list[Transfer]:
    """Return the entries that take a suspended remittance's money back to where it came from."""
    home, number = (UNIDENTIFIED, deposit.id) if deposit else (BANK, 0)
    held = suspense(old.partner)
    return [
        Transfer(
            held,
            home,
            cents,
            entries[-1].effective,
            TransferCause.REPLACED,
            "",
            old.id,
            deposit=number,
            group=group,
        )
        for (_, group), cents in in_suspense(entries).items()
    ]
