"""Voiding an invoice: who may be, and the entries that turn round what it had posted. Money in cents.

The account's latest one that is not paid at all; what is older is corrected by the next invoice.

Source: docs/domain.md, Voiding an invoice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from model.money.cents import Cents, format_dollars
from model.money.ledger import IssuedInvoice, LedgerAccount, Transfer, TransferCause


def problem(issued: IssuedInvoice, latest: str, on_it: Sequence[Transfer], own: Sequence[Transfer]) -> str:
    """Say why an invoice cannot be voided, in words; empty where it can.

    `latest` is the number of the account's latest one, `on_it` everything posted on the invoice, `own` what its
    issue posted for the account.
    """
    if issued.void:
        return "it was voided before"
    if issued.issued_on != issued.account:
        return f"its account's books have moved to {issued.account}"
    if issued.number != latest:
        return f"invoice {latest} came after it, and the next one corrects what is wrong in it"
    later = [entry for entry in on_it if entry not in own]
    if later:
        paid = sum(entry.cents for entry in later)
        return f"{format_dollars(paid)} was posted on it since: give the payment back or move it first"
    return ""


def overdrawn(mirrored: Sequence[Transfer], credits: Mapping[str, Cents]) -> str:
    """Say which credit the mirrored entries would take and is not there any more, in words; empty for none.

    `credits` are ledger accounts' credits by name, cents >= 0.
    """
    change: dict[str, Cents] = defaultdict(int)
    for entry in mirrored:
        change[entry.debit] -= entry.cents
        change[entry.credit] += entry.cents
    for name, cents in sorted(change.items()):
        if LedgerAccount.read(name).kind.is_credit and credits.get(name, 0) + cents < 0:
            return f"{format_dollars(-cents)} of credit that it gave was used since"
    return ""


def mirrored(own: Sequence[Transfer]) -> list[Transfer]:
    """Return the entries that take back what an invoice's issue posted, each in its own month."""
    return [
        replace(entry, debit=entry.credit, credit=entry.debit, cause=TransferCause.VOID_INVOICE) for entry in own
    ]
