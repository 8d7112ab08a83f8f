"""Money that lies unplaced and could be a late payer's: while there is any, nobody's coverage ends for want of it.

A suspended line of a partner that may pay for the group, where it names the group or none; a deposit whose
remittance has not come, of such a partner's company. A deposit of nobody's company is one where it is what the
payer owes: all of it, or the oldest months. Source: docs/domain.md, Delinquency.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import accumulate

from billing.ready import Companies
from model.agreement.grants import PAY
from model.agreement.terms import Terms
from model.money.arrears import Owing, Payer
from model.money.cents import format_dollars
from pipeline.views import paid as books
from store import agreements
from store.engine import Connection
from store.money import deposits, ledger


def holds(conn: Connection, terms: Terms, behind: Mapping[Payer, Owing], today: date) -> dict[Payer, str]:
    """Say in words, of each payer of a group that is behind, which money could be its; nothing: none could."""
    partners = agreements.partners(conn)
    codes = {partner.code for partner in partners if partner.reach(PAY, terms.group, today)}
    said: list[str] = []
    for code in sorted(codes):
        held = ledger.suspense_of(conn, code)
        cents = max(0, held.get(terms.group, 0)) + max(0, held.get("", 0))
        said += [f"{format_dollars(cents)} of {code} in suspense"] if cents else []
    companies, nobodys = Companies.of(partners), []
    for deposit in deposits.opened(conn):
        owners = companies.owners.get(deposit.company, frozenset())
        words = f"deposit {deposit.id} of {format_dollars(deposit.cents)}"
        if owners & codes:
            said.append(words)
        elif not owners:
            nobodys.append((deposit.cents, words))
    found = {payer: "; ".join([*said, *_fitting(terms, owes, nobodys)]) for payer, owes in behind.items()}
    return {payer: words[:200] for payer, words in found.items() if words}


def _fitting(terms: Terms, owes: Owing, nobodys: list[tuple[int, str]]) -> list[str]:
    """Return the deposits of nobody that are what a payer owes, but for a trifle."""
    trifle = books.agreed(terms, owes.month.first).trifle
    sums = [*accumulate(each.open for each in owes.open), *(each.open for each in owes.open)]
    return [words for cents, words in nobodys if any(abs(cents - asked) <= trifle.of(asked) for asked in sums)]
