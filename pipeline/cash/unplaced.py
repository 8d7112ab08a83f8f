"""Money that lies unplaced and could be a late payer's: while there is any, nobody's coverage ends for want of it.

Source: docs/domain.md, Whose it could be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from billing.ready import Companies
from billing.whose import Asking, Lying, Payers, could_be, due, sums
from model.agreement.terms import Terms
from model.money.arrears import Owing, Payer
from model.money.cents import format_dollars
from pipeline.cash import held
from pipeline.cash.held import Held
from pipeline.views import paid as books
from store import agreements
from store.engine import Connection
from store.money import accounts, ledger

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Money:
    """All money without an account, and who may pay for whom: the same for every group that is looked at."""

    items: tuple[tuple[Held, Lying], ...]
    payers: Payers


def read(conn: Connection, today: date) -> Money:
    """Read the money without an account. What was taken back is left out: it is missing, it did not come."""
    partners = agreements.partners(conn)
    companies = Companies.of(partners)
    items = tuple((each, each.lying(companies)) for each in held.everything(conn) if each.cents > 0)
    return Money(items, Payers(partners, today))


def holds(conn: Connection, terms: Terms, behind: Mapping[Payer, Owing], money: Money) -> dict[Payer, str]:
    """Say in words, of each payer of a group that is behind, which money could be its; nothing: none could."""
    if not money.items:
        return {}
    asking = _asking(conn, terms, behind, money.payers)
    found = {payer: "; ".join(_words(money.items, each)) for payer, each in asking}
    return {payer: words[:_LONGEST] for payer, words in found.items() if words}


def _asking(
    conn: Connection, terms: Terms, behind: Mapping[Payer, Owing], payers: Payers
) -> Iterator[tuple[Payer, Asking]]:
    """Yield what money is held against: what is open of an account, or what a family of it owes."""
    subgroups = {each.number: each.subgroup for each in accounts.of_groups(conn, [terms.group])}
    asked = due(ledger.invoice_open(conn, {payer.account for payer in behind}))
    for payer, owes in behind.items():
        own = sums([each.open for each in owes.open]) if payer.contract else asked.get(payer.account, frozenset())
        may = payers.of(terms.group, subgroups.get(payer.account, ""))
        yield payer, Asking(terms.group, may, own, books.agreed(terms, owes.month.first).trifle)


def _words(money: Iterable[tuple[Held, Lying]], asking: Asking) -> Iterator[str]:
    for each, lying in money:
        if could_be(lying, asking):
            cents = format_dollars(each.cents)
            item = f" (work item {each.item.number})" if each.item else ""
            yield f"deposit {each.deposit.id} of {cents}" if each.deposit else f"{cents} in suspense{item}"
