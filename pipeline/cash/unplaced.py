"""Money that lies unplaced and could be a late payer's: while there is any, nobody's coverage ends for want of it.

What could be an account's says `could_be`. Of a family that pays for itself, a deposit of nobody's company is one
where it is what the family owes: all of it, or the oldest months. Source: docs/domain.md, Delinquency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate

from billing.ready import Companies
from model.agreement.terms import Terms
from model.money.arrears import Owing, Payer
from model.money.cents import format_dollars
from model.money.ledger import Deposit
from pipeline.cash.could_be import CouldBe, could_be
from pipeline.views import paid as books
from store import agreements
from store.engine import Connection
from store.money import deposits

_AMOUNT = "amount"
_LONGEST = 200


def holds(conn: Connection, terms: Terms, behind: Mapping[Payer, Owing], today: date) -> dict[Payer, str]:
    """Say in words, of each payer of a group that is behind, which money could be its; nothing: none could."""
    lies = could_be(conn, {payer.account for payer in behind}, today)
    nobodys = _nobodys(conn) if any(payer.contract for payer in behind) else ()
    found: dict[Payer, str] = {}
    for payer, owes in behind.items():
        money = lies.get(payer.account, ())
        said = list(map(_words, _of_payers(money) if payer.contract else money))
        said += _fitting(terms, owes, nobodys) if payer.contract else []
        if said:
            found[payer] = "; ".join(said)[:_LONGEST]
    return found


def _of_payers(money: Iterable[CouldBe]) -> Iterable[CouldBe]:
    """Return what is not there only since it is what is open on the whole account."""
    return (each for each in money if each.why != _AMOUNT)


def _words(each: CouldBe) -> str:
    cents = format_dollars(each.cents)
    if each.deposit:
        return f"deposit {each.deposit} of {cents}"
    return f"{cents} in suspense" + (f" (work item {each.item})" if each.item else "")


def _nobodys(conn: Connection) -> Sequence[Deposit]:
    companies = Companies.of(agreements.partners(conn))
    return [each for each in deposits.opened(conn) if not companies.owners.get(each.company)]


def _fitting(terms: Terms, owes: Owing, nobodys: Iterable[Deposit]) -> list[str]:
    """Name the deposits of nobody that are what a payer owes, but for a trifle."""
    trifle = books.agreed(terms, owes.month.first).trifle
    sums = [*accumulate(each.open for each in owes.open), *(each.open for each in owes.open)]
    return [
        f"deposit {each.id} of {format_dollars(each.cents)}"
        for each in nobodys
        if any(abs(each.cents - asked) <= trifle.of(asked) for asked in sums)
    ]
