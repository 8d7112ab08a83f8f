"""A month of an account that bills itself: its invoice, what was reported, and by what they differ.

Source: docs/domain.md, Self bill.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from billing.selfbill import digest, parts, units
from model.agreement.terms import Terms
from model.money.ledger import IssuedInvoice
from model.money.selfbill import Part, Reported, Source, Unit, standing
from model.timeline import NOW, AsOf, Month
from store.engine import Connection
from store.money import invoices, selfbill


@dataclass(frozen=True, slots=True)
class MonthBilled:
    """An account's month: its invoice and units, all that was reported and decided, and both part by part."""

    account: str
    month: Month
    invoice: IssuedInvoice | None
    units: Sequence[Unit]
    history: Sequence[Reported]
    parts: Sequence[Part]

    @property
    def accepted(self) -> bool:
        """Say whether people accepted the variance as it is now."""
        last = next((line for line in reversed(self.history) if line.source is Source.ACCEPTED), None)
        return last is not None and last.digest == digest(self.parts)

    @property
    def differs(self) -> bool:
        """Say whether anything that was reported is not what is computed."""
        return any(part.differs for part in self.parts)


def of_month(conn: Connection, account: str, month: Month, asof: AsOf = NOW) -> MonthBilled:
    """Return an account's month as it stands, or stood; without an invoice nothing is compared yet."""
    issued = [each for each in invoices.listing(conn, accounts=[account], month=month, asof=asof) if not each.void]
    history = selfbill.history(conn, [account], month, asof.then)
    if not issued:
        return MonthBilled(account, month, None, (), history, ())
    computed = units(selfbill.charges(conn, issued[0].number))
    return MonthBilled(account, month, issued[0], computed, history, parts(computed, standing(history)))


def bills_itself(terms: Terms, account: str, month: Month) -> bool:
    """Say whether an account bills itself for a month."""
    place = terms.account(account)
    return place is not None and terms.bills_itself(place, month.first)
