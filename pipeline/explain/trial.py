"""What the next bill would do for a family: by the very code of the bill, which stores nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from billing import hold
from model.agreement.terms import Terms
from model.timeline import Month
from pipeline.explain.facts import Ahead, Issued
from pipeline.month.contracts import wanted
from store import behind
from store.engine import Connection
from store.money import accounts, invoices


def issued(conn: Connection, terms: Terms) -> list[Issued]:
    """Return every standing invoice of a group, with the instant since when it is known."""
    found = invoices.listing(conn, group=terms.group)
    steps = behind.of(conn, {each.tx for each in found})
    return [Issued(e.account, e.month, e.number, e.tx, steps[e.tx].known) for e in found]


def next_month(terms: Terms, made: Sequence[Issued], only: Collection[str]) -> Month:
    """Return the month that the next invoice of some accounts bills."""
    mine = [each.month for each in made if each.account in only] or [each.month for each in made]
    return max(mine).plus(1) if mine else terms.billing.first_month


def ahead(conn: Connection, terms: Terms, contract: int, month: Month) -> Ahead:
    """Return what the bill of a month would post for one contract (pipeline.month.contracts.wanted)."""
    own = [payer.account for payer in terms.billed(accounts.of_groups(conn, [terms.group]))]
    post = wanted(conn, terms, own, month, only=[contract])
    left = post.left_out
    held = hold.held(left, terms.billing.unpriced.on(month.first), month)
    return Ahead(
        month=month,
        charges=tuple(charge for some in post.charges.values() for charge in some if charge.cents),
        left_out=tuple((each.unit.line, each.unit.month, each.gap.code) for each in left),
        held=tuple(held),
    )
