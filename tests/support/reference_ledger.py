"""A second ledger, kept by the papers alone (support.papers), and held against the store's. Cents.

It has none of the store's entries and none of the code that makes them: a handful of sums, open items, and what
each paper does to them. Source: docs/domain.md, Billing; The 820.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
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

    sums: Counter[str] = field(default_factory=Counter)
    items: dict[str, Item] = field(default_factory=dict)
    receipts: dict[str, list[tuple[int, papers.Told]]] = field(default_factory=lambda: defaultdict(list))
    uses: dict[str, list[Use]] = field(default_factory=lambda: defaultdict(list))  # by the credit's name
    owed: Counter[str] = field(default_factory=Counter)  # what debit memos are to stand for
    short: Counter[str] = field(default_factory=Counter)  # let go, by account and month
    issued: dict[str, tuple[Counter[str], Counter[str], int]] = field(default_factory=dict)  # what turns it round
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

    def opens(self) -> Counter[str]:
        return Counter({number: item.open for number, item in self.items.items()})

    def _move(self, debit: str, credit: str, cents: int) -> None:
        self.sums[debit] += cents
        self.sums[credit] -= cents

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
        """A month's charges are owed, or become credit; what is kept for the month pays it; credit the oldest."""
        sums, opens = self.sums.copy(), self.opens()
        owes, credit = f"receivable:{bill.account}", f"unapplied:{bill.account}"
        self._move(owes, PREMIUM, bill.total)
        self._move(owes, credit, max(0, -bill.total))
        item = Item(bill.account, bill.number, bill.due, bill.month, max(0, bill.total))
        self.items[bill.number] = item
        kept = f"ahead:{bill.account}:"
        for name in sorted(name for name in self.sums if name.startswith(kept)):
            if name.removeprefix(kept) <= bill.month:
                self._spend(name, bill.account, [item])
                self._move(name, credit, -self.sums[name])
        self._spend(credit, bill.account)
        sums.subtract(self.sums)
        opens.subtract(self.opens())
        self.issued[bill.number] = sums, opens, self.time

    @take.register
    def _(self, voided: papers.Voided) -> None:
        """Take back all that a bill did; credit that it used is used no more."""
        sums, opens, at = self.issued.pop(voided.number)
        for use in (use for some in self.uses.values() for use in some if use.at == at):
            use.cents = 0
        self.sums.update(sums)
        for number, cents in opens.items():
            self.items[number].open += cents

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
        for names in (self.sums, self.uses, self.owed, self.short):
            for name in [name for name in names if moved.old in name.split(":")]:
                names[name.replace(moved.old, moved.new)] += names.pop(name)
        for item in self.items.values():
            item.account = moved.new if item.account == moved.old else item.account

    @take.register
    def _(self, gone: papers.WrittenOff) -> None:
        item = self.items[gone.number]
        item.open -= gone.cents
        item.gone += gone.cents
        self._move("write-off", f"receivable:{item.account}", gone.cents)

    @take.register
    def _(self, night: papers.LetGo) -> None:
        for item in self.shorts(night):
            self.short[f"{item.account}:{night.day:%Y-%m}"] += item.open
            self.take(papers.WrittenOff(item.number, item.open))

    def shorts(self, night: papers.LetGo) -> Iterator[Item]:
        """Yield what was due and paid, but for a trifle that may be let go, the oldest first."""
        for item in sorted(self.items.values(), key=lambda each: each.order):
            year = f"{item.account}:{night.day:%Y}"
            spent = sum(cents for name, cents in self.short.items() if name.startswith(year))
            left = min(night.each, night.month - self.short[f"{year}{night.day:-%m}"], night.year - spent)
            if item.account in night.accounts and item.is_short and item.due < night.day and item.open <= left:
                yield item

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
        receipts = self.receipts.pop(back.payment, [])
        self.sums[UNIDENTIFIED] += back.cents - sum(receipt.cents for _, receipt in receipts)
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
        month = f"{memo.due:%Y-%m}"
        self.items[memo.number] = Item(memo.account, memo.number, memo.due, month, memo.cents)
        if memo.kind is MemoKind.FEE:
            self.sums["fee"] -= memo.cents
        else:
            self.owed[memo.account] -= memo.cents
