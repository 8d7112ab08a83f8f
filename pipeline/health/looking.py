"""What a check of what costs money is given: the store at one moment, and what several of them ask of a group."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

from model.agreement.terms import Terms
from model.timeline import Month
from pipeline.month.contracts import Wanted, wanted
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.checks import charged
from store.checks.ask import Ask
from store.engine import Connection
from store.money import accounts, invoices

PATIENCE = timedelta(days=35)  # what changed since then waits for the next invoice, and costs nothing yet


@dataclass(frozen=True, slots=True)
class Billing:
    """What the bills of a group have left: through which month it is billed, and what is still to post by then.

    `last` is the transaction of each account's newest invoice, `subscribers` the member ID by contract (row id).
    """

    terms: Terms
    through: Month
    left: Wanted
    last: dict[str, int]


@dataclass(slots=True)
class Looking:
    """The store as one transaction sees it, on a day of the plan. What is worked out of a group is kept."""

    ws: Workspace
    ask: Ask
    today: date
    group: str = ""  # of this one alone; empty: of all
    _billed: dict[str, Billing | None] = field(default_factory=dict)

    @property
    def conn(self) -> Connection:
        """Return the transaction."""
        return self.ask.conn

    @property
    def month(self) -> Month:
        """Return the month of today: its bill should be out."""
        return Month.of(self.today)

    def groups(self) -> list[str]:
        """Return the numbers of the groups with terms that are looked at."""
        return [number for number in agreements.groups(self.conn) if self.group in ("", number)]

    def billing(self, group: str) -> Billing | None:
        """Return what the bills of a group have left; None: it was never billed."""
        if group not in self._billed:
            self._billed[group] = self._billing(group)
        return self._billed[group]

    def _billing(self, group: str) -> Billing | None:
        terms = agreements.terms(self.conn, group)
        assert terms is not None, "the group was listed with its terms"
        own = [payer.account for payer in terms.billed(accounts.of_groups(self.conn, [group]))]
        last = invoices.last_of(self.conn, own)
        billed = [month for _, month in invoices.months(self.conn, own)]
        if not last or not billed:
            return None
        left = wanted(self.conn, terms, own, max(billed))
        return Billing(terms, max(billed), left, {account: tx for account, (_, tx) in last.items()})

    def month_of(self, contracts: Collection[int]) -> dict[tuple[int, int], int]:
        """Return what contracts are charged for the month of today, by contract and person (0: the family)."""
        return charged.monthly(self.ask, contracts, self.month)
