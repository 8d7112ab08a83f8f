"""A second ledger, kept by the papers alone (support.papers), and held against the store's. Cents.

It has none of the store's entries and none of the code that makes them: a handful of sums, open items, and what
each paper does to them. Source: docs/domain.md, Billing; The 820.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from model.money.ledger import AccountKind, LedgerAccount
from pipeline.runtime.workspace import Workspace
from store.money import invoices, ledger
from support import papers
from support.papers import Billed, Came, CreditPays, Paper, Replaced, Told, Voided

BANK, UNIDENTIFIED, PREMIUM = "bank", "suspense:", "premium"


@dataclass
class Item:
    """An open item: an invoice."""

    account: str
    order: tuple[object, ...]  # in which money pays it
    open: int


@dataclass
class Books:
    """Sums by the ledger's names (debits less credits), and open items by number."""

    sums: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    items: dict[str, Item] = field(default_factory=dict)
    receipts: dict[int, list[Told]] = field(default_factory=lambda: defaultdict(list))
    issued: dict[str, tuple[dict[str, int], dict[str, int]]] = field(default_factory=dict)
    seq: int = 0  # the last step that was followed

    def follow(self, ws: Workspace) -> None:
        """Take in the papers of every step since."""
        for seq, paper in papers.since(ws, self.seq):
            self.take(paper)
            self.seq = seq

    def take(self, paper: Paper) -> None:
        """Do to the sums what a paper says."""
        match paper:
            case Came(cents):
                self._move(BANK, UNIDENTIFIED, cents)
            case Told():
                self.receipts[paper.payment].append(paper)
                self._receipt(paper, 1)
            case Replaced(payment):
                for receipt in self.receipts.pop(payment, ()):
                    self._receipt(receipt, -1)
            case Billed():
                before = dict(self.sums), self.opens()
                self._bill(paper)
                self.issued[paper.number] = _less(self.sums, before[0]), _less(self.opens(), before[1])
            case Voided(number):
                sums, opens = self.issued.pop(number)
                for name, cents in sums.items():
                    self.sums[name] -= cents
                for other, cents in opens.items():
                    self.items[other].open -= cents
            case CreditPays(accounts):
                for account in accounts:
                    self._spend(f"unapplied:{account}", account)

    def opens(self) -> dict[str, int]:
        return {number: item.open for number, item in self.items.items()}

    def _move(self, debit: str, credit: str, cents: int) -> None:
        self.sums[debit] += cents
        self.sums[credit] -= cents

    def _receipt(self, told: Told, sign: int) -> None:
        """Post what the payer was told, or take it back."""
        self.sums[UNIDENTIFIED if told.banked else BANK] += sign * told.cents
        for line in told.lines:
            name = LedgerAccount(line.what, line.account or told.partner, line.month).name
            self.sums[name] -= sign * line.cents
            if line.what is AccountKind.RECEIVABLE:
                self.items[line.invoice].open -= sign * line.cents

    def _bill(self, bill: Billed) -> None:
        """A month's charges are owed, or become credit; what is kept for the month pays it; credit the oldest."""
        owes, credit = f"receivable:{bill.account}", f"unapplied:{bill.account}"
        self._move(owes, PREMIUM, bill.total)
        self._move(owes, credit, max(0, -bill.total))
        order = (bill.due, bill.month, len(bill.number), bill.number)
        item = self.items[bill.number] = Item(bill.account, order, max(0, bill.total))
        kept = f"ahead:{bill.account}:"
        for name in sorted(name for name in self.sums if name.startswith(kept)):
            if name.removeprefix(kept) <= bill.month:
                self._spend(name, bill.account, [item])
                self._move(name, credit, -self.sums[name])
        self._spend(credit, bill.account)

    def _spend(self, name: str, account: str, items: Iterable[Item] | None = None) -> None:
        """Let what a name holds pay open items, the oldest first."""
        own = [each for each in self.items.values() if each.account == account]
        for item in sorted(own, key=lambda each: each.order) if items is None else items:
            part = min(-self.sums[name], item.open)
            item.open -= part
            self._move(name, f"receivable:{account}", part)


def _less(now: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {name: cents - before.get(name, 0) for name, cents in now.items() if cents != before.get(name, 0)}


def differences(ws: Workspace, books: Books) -> list[str]:
    """Return in what the store's ledger is not as the papers have it."""
    with ws.database.read() as conn:
        theirs = {name: cents for kind in AccountKind for name, cents in ledger.balances(conn, kind.value).items()}
        opens = {each.number: each.open for each in invoices.listing(conn)}
    pairs = (("ledger account", books.sums, theirs), ("open item", books.opens(), opens))
    return [
        f"{what} {name}: {by_papers.get(name, 0)} by the papers, {stored.get(name, 0)} in the store"
        for what, by_papers, stored in pairs
        for name in sorted(by_papers.keys() | stored.keys())
        if by_papers.get(name, 0) != stored.get(name, 0)
    ]
