"""What the second ledger keeps of open items, and of the credit that paid them (support.reference_ledger)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Item:
    """An open item: an invoice, or a debit memo."""

    account: str
    order: tuple[object, ...]  # in which money pays it
    total: int
    open: int


@dataclass
class Use:
    """Credit that paid an item, of which so much is not turned round."""

    at: int  # of all that happened, which came first
    item: Item
    cents: int
