"""Where each cent of a payment is now: on which invoices, in whose credit, in suspense, or gone again. Cents.

Money of a payment that became credit is followed: credit is used in the order in which it came (the oldest
first), so what a later bill took of it is told by that invoice. It changes nothing: the ledger's credit has no
owner but the account.

Source: docs/domain.md, Account statements.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from model.money.cents import Cents
from model.money.ledger import AccountKind, LedgerAccount
from model.money.returns import Posted

Place = tuple[AccountKind, str, str, str]  # kind, owner, invoice or memo, month that it is kept for


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What of a payment is in one place: below zero it took that much from there.

    `through_credit` says that it was credit first. RECEIVABLE is an invoice or memo that it paid, SUSPENSE
    without an owner a deposit that waits for its remittance, REFUND paid back.
    """

    kind: AccountKind
    account: str
    item: str
    month: str
    cents: Cents
    through_credit: bool = False


class _Pool:
    """One account's credit: what came in, the oldest first, and which of it is the payment's."""

    def __init__(self) -> None:
        self.parts: deque[list[int]] = deque()  # whether it is the payment's, cents

    def put(self, cents: Cents, *, mine: bool) -> None:
        if cents:
            self.parts.append([int(mine), cents])

    def take(self, cents: Cents) -> Cents:
        """Take the oldest cents; return how many of them are the payment's."""
        ours = 0
        while cents and self.parts:
            part = self.parts[0]
            used = min(cents, part[1])
            ours += used * part[0]
            part[1] -= used
            cents -= used
            if not part[1]:
                self.parts.popleft()
        return ours

    def give_back(self, cents: Cents) -> Cents:
        """Take cents of the payment's own, the newest first; return how many there were."""
        found = 0
        for part in reversed(self.parts):
            if part[0]:
                used = min(cents - found, part[1])
                part[1] -= used
                found += used
        self.parts = deque(part for part in self.parts if part[1])
        return found

    @property
    def ours(self) -> Cents:
        return sum(cents for mine, cents in self.parts if mine)


class _Out:
    """Refunds, by the credit that they left and their amount: how much of each is the payment's."""

    def __init__(self) -> None:
        self._ours: dict[tuple[str, Cents], list[Cents]] = defaultdict(list)

    def went(self, credit: str, cents: Cents, ours: Cents) -> None:
        self._ours[credit, cents].append(ours)

    def back(self, credit: str, cents: Cents) -> Cents:
        """Take the newest of an amount back; return how much of it is the payment's."""
        same = self._ours[credit, cents]
        return same.pop() if same else 0


def whereabouts(own: Iterable[Posted], on_credit: Iterable[Posted]) -> tuple[Whereabouts, ...]:
    """Return where a payment's money is: `own` are its entries, `on_credit` all on the credits that it touched.

    The cents add up to what came in and did not go back to the bank.
    """
    mine = {each.id: each for each in own}
    every = {**{each.id: each for each in on_credit}, **mine}
    direct, through = defaultdict[Place, Cents](int), defaultdict[Place, Cents](int)
    pools: dict[str, _Pool] = defaultdict(_Pool)
    out = _Out()
    for ident in sorted(every):
        entry, is_own = every[ident].entry, ident in mine
        debit, credit = LedgerAccount.read(entry.debit), LedgerAccount.read(entry.credit)
        ours = entry.cents if is_own else 0
        if debit.kind.is_credit:
            pool = pools[entry.debit]
            if is_own:
                had = pool.give_back(entry.cents)
                pool.take(entry.cents - had)
                direct[_place(debit, "")] -= entry.cents - had
            else:
                ours = pool.take(entry.cents)
        elif is_own:
            place = _place(debit, entry.invoice)
            back = min(entry.cents, max(0, through[place])) if credit.kind.is_credit else 0  # what its credit paid
            through[place] -= back
            direct[place] -= entry.cents - back
        elif debit.kind is AccountKind.REFUND:
            ours = out.back(entry.credit, entry.cents)
            through[_place(debit, "")] -= ours
        if credit.kind is AccountKind.REFUND:
            out.went(entry.debit, entry.cents, ours)
        if credit.kind.is_credit:
            pools[entry.credit].put(ours, mine=True)
            pools[entry.credit].put(entry.cents - ours, mine=False)
        else:
            (direct if is_own else through)[_place(credit, entry.invoice)] += ours
    for name, pool in pools.items():
        direct[_place(LedgerAccount.read(name), "")] += pool.ours
    return (*_told(direct, through_credit=False), *_told(through, through_credit=True))


def _place(held: LedgerAccount, invoice: str) -> Place:
    item = invoice if held.kind is AccountKind.RECEIVABLE else ""
    return held.kind, held.owner, item, held.month


def _told(sums: dict[Place, Cents], *, through_credit: bool) -> Iterable[Whereabouts]:
    for place, cents in sums.items():
        if cents and place[0] is not AccountKind.BANK:
            yield Whereabouts(*place, cents, through_credit)
