"""One month of a group priced anew, and whom it concerns: contracts are read in ranges, never all at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from billing.charges import Pricing, ShouldBe
from billing.payers import Payers
from model.agreement.terms import Terms
from model.money.ledger import Settled
from model.timeline import Month
from pipeline.month.wanted import AT_ONCE
from store.engine import Connection
from store.people import roster


def priced(
    conn: Connection, terms: Terms, month: Month, charged: Collection[int], *, posted: bool
) -> tuple[ShouldBe, Payers]:
    """Return what a month should cost by today's knowledge, and the subscribers by contract.

    `charged` are contracts (row ids) that are named whether or not they are covered in the month; `posted` says
    that anything stands posted for it, whatever the first month is by now. Of coverage only the spans of families
    whose month has no price are kept.
    """
    pricing = Pricing(terms, month, [month] if posted else [], Settled(month.plus(-1)))
    payers, parts, spans = Payers(), [], []
    contracts = sorted({*roster.contracts(conn, terms.group, month.first), *charged})
    for at in range(0, len(contracts), AT_ONCE):
        families = roster.families(conn, terms.group, only=contracts[at : at + AT_ONCE])
        lines = roster.flat(families)
        part = pricing.price(lines)
        parts.append(replace(part, coverage=()))
        spans += [span for span in part.coverage if span.contract in {unit.contract for unit in part.unpriced}]
        covered = {line.contract for line in lines}
        payers.add(lines, (family for family in families if family.id not in covered))
    whole = ShouldBe(
        charges=tuple(charge for part in parts for charge in part.charges),
        unpriced={unit: gap for part in parts for unit, gap in part.unpriced.items()},
        coverage=tuple(spans),
        findings=pricing.findings,
    )
    return whole, payers
