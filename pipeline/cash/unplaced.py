"""Money that lies unplaced and could be a late payer's: while there is any, nobody's coverage ends for want of it.

Source: docs/domain.md, Whose it could be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from billing.ready import Companies
from billing.whose import Asking, Lying, Payers, could_be, due, nearly, sums
from model.money.arrears import Owing, Payer
from model.money.cents import format_dollars
from pipeline.cash import held
from pipeline.cash.held import Held
from pipeline.views import paid as books
from pipeline.views.paid import Place
from store import agreements
from store.engine import Connection
from store.money import ledger

_LONGEST = 200


def holds(
    conn: Connection, places: Mapping[str, Place], behind: Mapping[Payer, Owing], today: date
) -> dict[Payer, str]:
    """Say in words, of each payer that is behind, which money could be its; nothing: none could.

    What was taken back is left out: it is missing, it did not come.
    """
    items = [each for each in held.everything(conn) if each.cents > 0] if behind else []
    if not items:
        return {}
    partners = agreements.partners(conn)
    companies = Companies.of(partners)
    lying = [(each, each.lying(companies)) for each in items]
    asking = _asking(conn, places, behind, Payers(partners, today))
    found = {payer: "; ".join(_words(lying, each)) for payer, each in asking}
    return {payer: words[:_LONGEST] for payer, words in found.items() if words}


def _asking(
    conn: Connection, places: Mapping[str, Place], behind: Mapping[Payer, Owing], payers: Payers
) -> Iterator[tuple[Payer, Asking]]:
    """Yield what money is held against: what is open of an account, or what a family of it owes."""
    asked = due(ledger.invoice_open(conn, {payer.account for payer in behind}))
    for payer, owes in behind.items():
        place = places[payer.account]
        group, family = place.terms.group, bool(payer.contract)
        own = sums([each.open for each in owes.open]) if family else asked.get(payer.account, frozenset())
        agreed = books.agreed(place.terms, owes.month.first)
        trifle = nearly(agreed.trifle, cobra=family and place.subgroup.cobra)
        yield payer, Asking(group, payers.of(group, place.subgroup.code), own, trifle)


def _words(money: Iterable[tuple[Held, Lying]], asking: Asking) -> Iterator[str]:
    for each, lying in money:
        if could_be(lying, asking):
            cents = format_dollars(each.cents)
            item = f" (work item {each.item.number})" if each.item else ""
            yield f"deposit {each.deposit.id} of {cents}" if each.deposit else f"{cents} in suspense{item}"
