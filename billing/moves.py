"""An account's number changes: its debts, credit and posted months go on under the new one.

Nothing is earned or paid by it. Each open invoice moves by itself, with its number and its first due date; credit
moves apart from them. Money in cents.

Source: docs/domain.md, Account numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from model.agreement.terms import Terms
from model.money.cents import Cents
from model.money.ledger import (
    BillingAccount,
    Charge,
    LedgerAccount,
    OpenInvoice,
    Transfer,
    TransferCause,
    receivable,
)


@dataclass(frozen=True, slots=True)
class Move:
    """One account's books on their way: `invoices` are what is open, `credit` its other accounts (below zero)."""

    old: str
    new: str
    invoices: tuple[OpenInvoice, ...] = ()
    credit: tuple[tuple[str, Cents], ...] = ()  # names in the ledger: unapplied, what is kept for a month

    @property
    def credit_cents(self) -> Cents:
        """What the account has to its credit in all."""
        return -sum(cents for _, cents in self.credit)


def planned(terms: Terms, accounts: Iterable[BillingAccount]) -> dict[str, str]:
    """Return which account's books are to move where by these terms: those of former numbers, not moved yet."""
    holders = {account.number: account.held_by for account in accounts}
    return {
        holders[former.number]: subgroup.account
        for subgroup in terms.subgroups
        for former in subgroup.former
        if holders.get(former.number, subgroup.account) != subgroup.account
    }


def transfers(move: Move, day: date) -> tuple[Transfer, ...]:
    """Return a move's ledger entries: one for each open invoice, one for each kind of credit."""
    owed = [
        Transfer(
            receivable(move.new),
            receivable(move.old),
            invoice.open,
            day,
            TransferCause.MOVED,
            invoice=invoice.number,
        )
        for invoice in move.invoices
    ]
    kept = [
        Transfer(name, _renamed(name, move), -cents, day, TransferCause.MOVED)
        for name, cents in move.credit
        if cents < 0
    ]
    return (*owed, *kept)


def _renamed(name: str, move: Move) -> str:
    """Return a ledger account's name with the new number in place of the old one."""
    return replace(LedgerAccount.read(name), owner=move.new).name


def under(charges: Iterable[Charge], moved: Mapping[str, str]) -> tuple[Charge, ...]:
    """Return charges under the numbers that their accounts have after the moves."""
    return tuple(replace(charge, account=moved.get(charge.account, charge.account)) for charge in charges)
