"""How long what is owed has been owed, by account (docs/domain.md, Aging). Cents, whole days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from model.money.cents import Cents
from model.money.ledger import Aging, OpenInvoice

_LAST_DAYS = (0, 30, 60, 90)  # of each bucket; the rest is older


def aging(accounts: Sequence[str], opens: Iterable[OpenInvoice], on: date) -> tuple[Aging, ...]:
    """Return one Aging per account, in the order given, and last the one over all, under account "".

    An invoice's age on a day is the number of days after its due date; on the due date itself it is not late.
    """
    owed = [invoice for invoice in opens if invoice.open > 0]
    rows = [
        _aging(account, [invoice for invoice in owed if invoice.account == account], on) for account in accounts
    ]
    return (*rows, _aging("", [invoice for invoice in owed if invoice.account in accounts], on))


def _aging(account: str, owed: Sequence[OpenInvoice], on: date) -> Aging:
    buckets: list[Cents] = [0] * (len(_LAST_DAYS) + 1)
    for invoice in owed:
        late = (on - invoice.due).days
        buckets[sum(late > last for last in _LAST_DAYS)] += invoice.open
    not_due, to_30, to_60, to_90, older = buckets
    return Aging(account, not_due, to_30, to_60, to_90, older, sum(buckets))
