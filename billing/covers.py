"""The payment of a consolidated invoice: to each account what its own bill asks for. Cents.

Source: docs/domain.md, Consolidated invoices.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from billing.invoice import oldest_first
from model.money.cents import Cents
from model.money.ledger import Cover, OpenInvoice
from model.money.notes import Note, Remark, note

OLDEST_FIRST = "oldest-first"


@dataclass(frozen=True, slots=True)
class Split:
    """How a payment falls on accounts: (account, invoice, cents > 0) each; what is left goes to suspense."""

    parts: tuple[tuple[str, str, Cents], ...] = ()
    rest: Cents = 0
    reason: Note | None = None  # why there is a rest


def split(cover: Cover, cents: Cents, opens: Iterable[OpenInvoice]) -> Split:
    """Split what was paid for a consolidated invoice; `opens` are the invoices of its accounts as they stand.

    Its exact total pays each bill the total due that it printed, and credit of one account nothing of another.
    Any other amount follows the group's policy; without one it waits in suspense, with a proposal. A take-back
    names the account's own invoice.
    """
    if cents < 0:
        return Split((), cents, note(Remark.COVER_TAKEN_BACK, cover.number))
    if cents == cover.to_pay:
        return Split(tuple(bill for bill in cover.bills if bill[2] > 0))
    oldest = _oldest(cover, cents, opens)
    if cover.policy == OLDEST_FIRST:
        return oldest
    proposal = [note(Remark.PART, part, number, account) for account, number, part in oldest.parts]
    proposal += [note(Remark.LEFT_OVER, oldest.rest)] if oldest.rest else []
    return Split((), cents, note(Remark.COVER_ASKS, cover.number, cover.to_pay, note(Remark.PROPOSED, *proposal)))


def _oldest(cover: Cover, cents: Cents, opens: Iterable[OpenInvoice]) -> Split:
    """Pay what is open on the covered accounts, oldest first; no account pays for another more than it owes."""
    covered = {account for account, _, _ in cover.bills}
    parts = []
    for invoice in oldest_first(invoice for invoice in opens if invoice.account in covered):
        part = min(cents, invoice.open)
        if part > 0:
            parts.append((invoice.account, invoice.number, part))
            cents -= part
    return Split(tuple(parts), cents, note(Remark.COVER_PAID, cover.number) if cents else None)
