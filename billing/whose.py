"""Whose money that no account has could be: the one answer for late payers and reconciliations. Cents.

Source: docs/domain.md, Whose it could be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from billing.invoice import oldest_first
from billing.paid import EXACT, NEARLY
from model.agreement.grants import PAY
from model.agreement.terms import Partner
from model.money.arrears import Allowed
from model.money.cents import Cents
from model.money.ledger import OpenInvoice


@dataclass(frozen=True, slots=True)
class Lying:
    """Money that no account has: whose it is by partners' codes, empty for nobody known; the group it names."""

    cents: Cents
    senders: frozenset[str] = frozenset()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """An account, a family or a group: who may pay for it, and the sums that may be paid without a word.

    `trifle`: by how much a payment of nobody known may differ from one of these.
    """

    group: str
    payers: frozenset[str]
    sums: frozenset[Cents] = frozenset()
    trifle: Allowed = EXACT


def nearly(agreed: Allowed, *, cobra: bool) -> Allowed:
    """Return by how much a payment of nobody known may be short: as agreed, of a COBRA family as the law has it.

    That is what counts as paid of its payments (docs/domain.md, Delinquency).
    """
    return NEARLY if cobra else agreed


def could_be(money: Lying, asking: Asking) -> bool:
    """Say whether money could be somebody's: by who sent it and what it names; of nobody known by its amount."""
    if money.senders:
        return money.group in ("", asking.group) and not money.senders.isdisjoint(asking.payers)
    return any(abs(money.cents - cents) <= asking.trifle.of(cents) for cents in asking.sums)


class Payers:
    """Who may pay for a group, or a part of it, on a day."""

    def __init__(self, partners: Iterable[Partner], day: date) -> None:
        """Read it from the partners' terms."""
        self._day = day
        self._of: dict[str, dict[str, Partner]] = defaultdict(dict)
        self._groups: dict[str, set[str]] = defaultdict(set)
        for partner in partners:
            for group in {grant.group for grant in partner.grants}:
                if partner.may(PAY, group, day):
                    self._of[group][partner.code] = partner
                    self._groups[partner.code].add(group)

    def of(self, group: str, subgroup: str = "") -> frozenset[str]:
        """Return who may pay for a subgroup, or ("") for any part of the group."""
        mine = self._of.get(group, {}).values()
        return frozenset(each.code for each in mine if each.may(PAY, group, self._day, subgroup))

    def groups(self, money: Lying, asked: Mapping[str, frozenset[Cents]]) -> frozenset[str]:
        """Return the groups that money could be of; of nobody known those of `asked`, by the sums open there."""
        near = {group for code in money.senders for group in self._groups.get(code, ())} | asked.keys()
        return frozenset(
            group
            for group in near
            if could_be(money, Asking(group, self.of(group), asked.get(group, frozenset())))
        )


def due(opens: Iterable[OpenInvoice]) -> dict[str, frozenset[Cents]]:
    """Return by account what may be paid without a word."""
    of_account: dict[str, list[Cents]] = defaultdict(list)
    for item in oldest_first(opens):
        of_account[item.account].append(item.open)
    return {account: sums(asked) for account, asked in of_account.items()}


def sums(asked: Collection[Cents]) -> frozenset[Cents]:
    """Return each of some open amounts (oldest first), and all that is due through it."""
    return frozenset((*asked, *accumulate(asked)))
