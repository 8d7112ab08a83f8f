"""A second ledger, kept by the papers alone (support.papers), and held against the store's. Cents.

It has none of the store's entries and none of the code that makes them: a handful of sums, open items, and what
each paper does to them. Source: docs/domain.md, Billing; The 820.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import singledispatchmethod

from model.money.ledger import AccountKind, LedgerAccount, MemoKind
from pipeline.runtime.workspace import Workspace
from support import papers
from support.open_items import Item, Use

BANK, UNIDENTIFIED, PREMIUM = "bank", "suspense:", "premium"


@dataclass
class Books:
    """Sums by the ledger's names (debits less credits), and open items by number."""

    sums: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    items: dict[str, Item] = field(default_factory=dict)
    receipts: dict[int, list[tuple[int, papers.Told]]] = field(default_factory=lambda: defaultdict(list))
    uses: dict[str, list[Use]] = field(default_factory=lambda: defaultdict(list))  # by the credit's name
    owed: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # what debit memos are to stand for
    issued: dict[str, tuple[dict[str, int], dict[str, int], int]] = field(default_factory=dict)
    time: int = 0
    seq: int = 0  # the last step that was followed

    def follow(self, ws: Workspace) -> None:
        """Take in the papers of every step since."""
        for seq, paper in papers.since(ws, self.seq):
            self.time += 1
            self.take(paper)
            self.seq = seq

    @singledispatchmethod
    def take(self, paper: papers.Paper) -> None:
        """Do to the sums what a paper says."""
        raise TypeError(type(paper))

    def opens(self) -> dict[str, int]:
        return {number: item.open for number, item in self.items.items()}

    def _move(self, debit: str, credit: str, cents: int) -> None:
        self.sums[debit] += cents
        self.sums[credit] -= cents

    @take.register
    def _(self, came: papers.Came) -> None:
        self._move(BANK, UNIDENTIFIED, came.cents)

    @take.register
    def _(self, told: papers.Told) -> None:
        self.receipts[told.payment].append((self.time, told))
        self._receipt(told, 1)

    @take.register
    def _(self, replaced: papers.Replaced) -> None:
        for _, receipt in self.receipts.pop(replaced.payment, ()):
            self._receipt(receipt, -1)

    def _receipt(self, told: papers.Told, sign: int) -> None:
        """Post what the payer was told, or take it back."""
        self.sums[UNIDENTIFIED if told.banked else BANK] += sign * told.cents
        for line in told.lines:
            name = LedgerAccount(line.what, line.account or told.partner, line.month).name
            self.sums[name] -= sign * line.cents
            if line.what is AccountKind.RECEIVABLE:
                self.items[line.invoice].open -= sign * line.cents

    @take.register
    def _(self, bill: papers.Billed) -> None:
        before = dict(self.sums), self.opens()
        self._bill(bill)
        self.issued[bill.number] = _less(self.sums, before[0]), _less(self.opens(), before[1]), self.time

    @take.register
    def _(self, voided: papers.Voided) -> None:
        """Take back all that a bill did; credit that it used is used no more."""
        sums, opens, at = self.issued.pop(voided.number)
        for use in (use for some in self.uses.values() for use in some if use.at == at):
            use.cents = 0
        for name, cents in sums.items():
            self.sums[name] -= cents
        for other, cents in opens.items():
            self.items[other].open -= cents

    @take.register
    def _(self, night: papers.CreditPays) -> None:
        for account in night.accounts:
            self._spend(f"unapplied:{account}", account)

    @take.register
    def _(self, moved: papers.Moved) -> None:
        self._move(moved.debit, moved.credit, moved.cents)

    @take.register
    def _(self, moved: papers.HandedOver) -> None:
        """Let another account hold the books of one: what it has, owes and keeps."""
        for names in (self.sums, self.uses, self.owed):
            for name in [name for name in names if moved.old in name.split(":")]:
                names[name.replace(moved.old, moved.new)] += names.pop(name)
        for item in self.items.values():
            item.account = moved.new if item.account == moved.old else item.account

    @take.register
    def _(self, gone: papers.WrittenOff) -> None:
        item = self.items[gone.number]
        item.open -= gone.cents
        self._move("write-off", f"receivable:{item.account}", gone.cents)

    def _bill(self, bill: papers.Billed) -> None:
        """A month's charges are owed, or become credit; what is kept for the month pays it; credit the oldest."""
        owes, credit = f"receivable:{bill.account}", f"unapplied:{bill.account}"
        self._move(owes, PREMIUM, bill.total)
        self._move(owes, credit, max(0, -bill.total))
        order = (bill.due, bill.month, len(bill.number), bill.number)
        item = self.items[bill.number] = Item(bill.account, order, max(0, bill.total), max(0, bill.total))
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
            self.uses[name].append(Use(self.time, item, part))

    @take.register
    def _(self, back: papers.Returned) -> None:
        """Each part of a payment is turned round: what it had taken first, then the newest first."""
        self.sums[BANK] -= back.cents
        receipts = self.receipts.pop(back.payment) if back.payment else []
        if not receipts:
            self.sums[UNIDENTIFIED] += back.cents
        lines = [(at, receipt.partner, line) for at, receipt in receipts for line in receipt.lines][::-1]
        for at, partner, line in sorted(lines, key=lambda each: each[2].cents > 0):
            item = self.items.get(line.invoice)
            if line.what is AccountKind.SUSPENSE:
                self.sums[f"suspense:{partner}"] += line.cents
            elif item:
                self._reopen(item, line.cents)
            else:
                assert line.what is AccountKind.UNAPPLIED, "no rule pays for months ahead"
                self._bring(line.account, line.cents, at)

    def _reopen(self, item: Item, cents: int) -> None:
        """Open an item again as far as that goes, or pay it again; the rest is credit's."""
        part = min(cents, item.total - item.open) if cents > 0 else -min(-cents, item.open)
        item.open += part
        self.sums[f"receivable:{item.account}"] += part
        self._bring(item.account, cents - part, self.time)

    def _bring(self, account: str, cents: int, at: int) -> None:
        """Take credit away: the free, what paid items since (newest first); the rest is owed."""
        name = f"unapplied:{account}"
        short = max(0, cents + min(0, self.sums[name]))
        for use in [use for use in reversed(self.uses[name]) if use.at > at]:
            part = min(short, use.cents, use.item.total - use.item.open)
            use.item.open += part
            use.cents -= part
            self._move(f"receivable:{account}", name, part)
            short -= part
        self.owed[account] += short
        self.sums[name] += cents - short

    @take.register
    def _(self, memo: papers.Raised) -> None:
        """An account owes a fee; or what of a returned payment it has no more."""
        self.sums[f"receivable:{memo.account}"] += memo.cents
        order = (memo.due, f"{memo.due:%Y-%m}", len(memo.number), memo.number)
        self.items[memo.number] = Item(memo.account, order, memo.cents, memo.cents)
        if memo.kind is MemoKind.FEE:
            self.sums["fee"] -= memo.cents
        else:
            self.owed[memo.account] -= memo.cents


def _less(now: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {name: cents - before.get(name, 0) for name, cents in now.items() if cents != before.get(name, 0)}
