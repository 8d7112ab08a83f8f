"""What the second ledger keeps of open items, and of the credit that paid them (support.reference_ledger)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass
class Item:
    """An open item: an invoice, or a debit memo."""

    account: str
    number: str
    due: date
    month: str
    total: int
    open: int = field(init=False)
    gone: int = 0  # for which nobody asks any more

    def __post_init__(self) -> None:
        """All of it is open."""
        self.open = self.total

    @property
    def order(self) -> tuple[date, str, int, str]:
        """Return in which order money pays it."""
        return self.due, self.month, len(self.number), self.number

    @property
    def is_short(self) -> bool:
        """Say whether it is an invoice that was paid and not all of it."""
        return not self.number.startswith("D") and 0 < self.open < self.total - self.gone


@dataclass
class Use:
    """Credit that paid an item, of which so much is not turned round."""

    at: int  # of all that happened, which came first
    item: Item
    cents: int
