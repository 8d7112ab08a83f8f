"""A payment's return among entries in short: `DEBIT CREDIT DOLLARS [#invoice]`, the payment's own with a star."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from billing.reversal import Books, Reversal, memo_entries, reverse
from model.money.cents import format_cents, parse_cents
from model.money.ledger import AccountKind, LedgerAccount, OpenInvoice, Transfer, TransferCause
from model.money.returns import Posted
from model.timeline import Month

DAY, DUE = date(2027, 2, 3), date(2027, 1, 1)
OWN = 7  # the payment's remittance
_KINDS = {"r": "receivable", "u": "unapplied", "a": "ahead", "s": "suspense", "out": "refund"}
_SHORT = {long: short for short, long in _KINDS.items()}


def read(text: str) -> tuple[bool, Transfer]:
    """Return an entry, and whether it is the payment's own."""
    words = text.removeprefix("* ").split()
    debit, credit = (_name(word) for word in words[:2])
    invoice = words[3].removeprefix("#") if len(words) > 3 else ""
    own = text.startswith("*")
    remittance, line = (OWN, 3) if own else (0, 0)
    return own, Transfer(
        debit, credit, parse_cents(words[2]), DUE, TransferCause.PAYMENT, invoice, remittance, line
    )


def write(entry: Transfer) -> str:
    """Return an entry in short."""
    words = [_short(entry.debit), _short(entry.credit), format_cents(entry.cents).removesuffix(".00")]
    return " ".join([*words, *([f"#{entry.invoice}"] if entry.invoice else [])])


def _name(word: str) -> str:
    kind, colon, owner = word.partition(":")
    return f"{_KINDS.get(kind, kind)}{colon}{owner}"


def _short(name: str) -> str:
    kind, colon, owner = name.partition(":")
    return f"{_SHORT.get(kind, kind)}{colon}{owner}" if colon else name


@dataclass(slots=True)
class Ledger:
    """Entries in order, and what they leave: what is open by item, and what credit there is."""

    items: dict[str, tuple[str, int]]  # account and total, by number
    holders: Mapping[str, str] = field(default_factory=dict)
    entries: list[Posted] = field(default_factory=list)
    own: set[int] = field(default_factory=set)

    def post(self, entries: Iterable[Transfer], *, own: bool = False) -> None:
        """Add entries; none may take a credit below zero or open an item above its total."""
        for entry in entries:
            assert entry.cents > 0 and entry.debit != entry.credit, entry
            self.entries.append(Posted(len(self.entries) + 1, entry))
            if own:
                self.own.add(len(self.entries))
            assert all(cents >= 0 for cents in self.credits().values()), (write(entry), self.credits())
            for number, cents in self.opens().items():
                assert 0 <= cents <= self.items[number][1], (write(entry), number, cents)

    def opens(self) -> dict[str, int]:
        """Return what is open of each item."""
        left = {number: total for number, (_, total) in self.items.items()}
        for each in self.entries:
            entry = each.entry
            for side, sign in ((entry.debit, 1), (entry.credit, -1)):
                if LedgerAccount.read(side).kind is AccountKind.RECEIVABLE:
                    left[entry.invoice] += sign * entry.cents
        return left

    def credits(self) -> dict[str, int]:
        """Return each credit, by the name that it has now."""
        held: dict[str, int] = defaultdict(int)
        for each in self.entries:
            for side, sign in ((each.entry.credit, 1), (each.entry.debit, -1)):
                account = LedgerAccount.read(side)
                if account.kind.is_credit:
                    held[replace(account, owner=self.holders.get(account.owner, account.owner)).name] += (
                        sign * each.entry.cents
                    )
        return held

    def bank(self) -> int:
        """Return what of the payment is in the bank's account."""
        mine = [each.entry for each in self.entries if each.entry.remittance == OWN]
        return sum(entry.cents * ((entry.debit == "bank") - (entry.credit == "bank")) for entry in mine)

    def books(self) -> Books:
        """Return what a reversal reads."""
        opens = self.opens()
        return Books(
            own=tuple(each for each in self.entries if each.id in self.own),
            moved=tuple(each for each in self.entries if _of_credit(each.entry)),
            items=tuple(
                OpenInvoice(number, account, Month(2027, 1), DUE, total, opens[number])
                for number, (account, total) in self.items.items()
            ),
            credits=tuple(self.credits().items()),
            holders=tuple(self.holders.items()),
        )

    def reverse(self) -> Reversal:
        """Take the payment back, its debit memos first."""
        made = reverse(self.books(), DAY)
        first = next(each.entry for each in self.entries if each.id in self.own)
        numbers = [(account, f"NEW-{len(self.items)}-{account}", cents) for account, cents in made.owed]
        self.items |= {number: (account, cents) for account, number, cents in numbers}
        raised = memo_entries(numbers, first, DAY)
        self.post([replace(entry, debit="premium", invoice="") for entry in raised])
        self.post(made.transfers)
        return made


def _of_credit(entry: Transfer) -> bool:
    return any(LedgerAccount.read(side).kind.is_credit for side in (entry.debit, entry.credit))
