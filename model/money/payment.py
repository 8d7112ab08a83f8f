"""A payment: money that came in with its papers, as people name it. Cents.

It is a remittance, with the deposit that brought its money where it has one, or a deposit that has no remittance.

Source: docs/domain.md, Payments by name.
"""

from __future__ import annotations

from dataclasses import dataclass

from model.money.cents import Cents, format_dollars
from model.money.ledger import Deposit
from model.money.remittance import StoredRemittance


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment by its papers: at least one of the two."""

    remittance: StoredRemittance | None
    deposit: Deposit | None

    @property
    def label(self) -> str:
        """Return what names it and nothing else: R7 by its remittance, else D12 by its deposit."""
        if self.remittance:
            return f"R{self.remittance.id}"
        return f"D{self.deposit.id}" if self.deposit else ""

    @property
    def ids(self) -> tuple[int, int]:
        """Return the store's numbers of its remittance and its deposit, 0 for none."""
        return (self.remittance.id if self.remittance else 0), (self.deposit.id if self.deposit else 0)

    @property
    def cents(self) -> Cents:
        """Return how much it is: BPR02, or what the bank reported."""
        return self._paper.cents

    @property
    def trace(self) -> str:
        """Return its trace number (TRN02, or the bank's), "" for none."""
        return self._paper.trace

    @property
    def company(self) -> str:
        """Return the payer's company identifier (BPR10, or the bank's), "" for none."""
        return self._paper.company

    @property
    def told(self) -> str:
        """Return it in a few words: which papers, which trace number, how much."""
        papers = [f"R{self.remittance.id} of {self.remittance.partner}"] if self.remittance else []
        papers += [f"D{self.deposit.id}"] if self.deposit else []
        trace = f"trace {self.trace}" if self.trace else "without a trace number"
        return f"{' with '.join(papers)}: {trace}, {format_dollars(self.cents)}"

    @property
    def _paper(self) -> StoredRemittance | Deposit:
        paper = self.remittance or self.deposit
        assert paper is not None, "a payment has one of the two"
        return paper
