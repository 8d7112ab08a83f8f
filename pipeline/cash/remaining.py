"""What is left to pay after a payment: of each invoice that it paid, and of each account. For its receipt; cents.

Read within the payment's own transaction, after its entries were posted.
"""

from __future__ import annotations

from collections.abc import Iterable

from model.documents.statement import ReceiptLine, Remaining
from model.money.ledger import receivable, unapplied
from store.engine import Connection
from store.money import ledger


def remaining(conn: Connection, lines: Iterable[ReceiptLine]) -> tuple[Remaining, ...]:
    """Return what the invoices and then the accounts that lines of a receipt name owe now, by number."""
    paid = {(line.account, line.invoice) for line in lines if line.account}
    accounts = sorted({account for account, _ in paid})
    opens = {each.number: each for each in ledger.invoice_open(conn, accounts)} if accounts else {}
    stands = ledger.balances_of(conn, [side(account) for account in accounts for side in (receivable, unapplied)])
    kept = dict.fromkeys(accounts, 0)
    for account, _, cents in ledger.ahead_of(conn, accounts):
        kept[account] += cents
    invoices = [
        Remaining(account, number, opens[number].due, opens[number].open)
        if number in opens
        else Remaining(account, number, None, 0)
        for account, number in sorted(paid)
        if number
    ]
    return (
        *invoices,
        *(
            Remaining(account, "", None, stands[receivable(account)], kept[account] - stands[unapplied(account)])
            for account in accounts
        ),
    )
