"""A group's contracts read and priced in ranges, never all at once: what its bill has to post, and one month anew.

A bill looks at contracts of which nothing can have changed since the last one only for the months after it
(store.money.settled).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from billing import adjust, causes, hold
from billing.charges import LeftOut, Pricing, ShouldBe
from billing.payers import Payers
from model.agreement.terms import Terms
from model.enrollment.roster import Contract, RosterLine
from model.finding import Finding
from model.money.ledger import Charge, ChargeKind, Settled
from model.timeline import Month, Then
from store import agreements
from store.engine import Connection
from store.money import invoices
from store.money import settled as settled_months
from store.people import roster

AT_ONCE = 1_000  # contracts whose people, coverage and posted charges are in memory together


@dataclass(slots=True)
class Wanted:
    """What there is to post, by account and in order of contract and line, and whom it concerns.

    `billed` are the accounts and months of which anything was ever posted; `told` the contracts of whom a finding
    is made: each bill tells it again.
    """

    billed: Collection[tuple[str, Month]]
    charges: dict[str, list[Charge]] = field(default_factory=lambda: defaultdict(list))
    payers: Payers = field(default_factory=Payers)
    left_out: list[LeftOut] = field(default_factory=list)
    told: set[int] = field(default_factory=set)
    findings: tuple[Finding, ...] = ()

    @property
    def last(self) -> Month | None:
        """Return the last month of which anything was ever posted."""
        return max((month for _, month in self.billed), default=None)

    def left(self, issued: Collection[str]) -> set[int]:
        """Return the contracts that a bill which issued invoices to these accounts leaves unsettled."""
        waiting = (charges for account, charges in self.charges.items() if account not in issued)
        return self.told.union(*({charge.contract for charge in charges} for charges in waiting))


def wanted(
    conn: Connection,
    terms: Terms,
    accounts: Sequence[str],
    month: Month,
    *,
    only: Collection[int] | None = None,
) -> Wanted:
    """Return what the bill of a group's month has to post on its accounts; `only`: for these contracts."""
    settled = settled_months.of(conn, terms.group)
    found = Wanted(invoices.months(conn, accounts))
    pricing = Pricing(terms, month, {named for _, named in found.billed if named <= month}, settled)
    contracts = sorted(only) if only is not None else _to_look_at(conn, terms.group, settled, month)
    for at in range(0, len(contracts), AT_ONCE):
        some = contracts[at : at + AT_ONCE]
        families = roster.billable(conn, terms.group, some)
        lines = roster.flat(families)
        again = some if settled is None else settled.but.intersection(some)
        posted = invoices.posted(conn, accounts, month, contracts=again)
        should = pricing.price(lines)
        made = _with_causes(conn, terms, adjust.charges(should, posted, month, found.billed))
        made = (*made, *hold.marks(should, posted))
        for charge in made:
            found.charges[charge.account].append(charge)
        found.payers.add(*_concerned(families, lines, made))
        found.left_out += should.left_out
        found.told |= should.told
    found.findings = pricing.findings
    return found


def priced(
    conn: Connection,
    terms: Terms,
    month: Month,
    charged: Collection[int],
    *,
    posted: bool,
    then: Then | None = None,
) -> tuple[ShouldBe, Payers]:
    """Return what a month should cost by what is known, and the subscribers by contract.

    `charged` are contracts (row ids) that are named whether or not they are covered in the month; `posted` says
    that anything stands posted for it, whatever the first month is by now. Of coverage only the spans of families
    whose month has no price are kept.
    """
    pricing = Pricing(terms, month, [month] if posted else [], Settled(month.plus(-1)))
    payers, parts, spans = Payers(), [], []
    contracts = sorted({*roster.contracts(conn, terms.group, month.first, then), *charged})
    for at in range(0, len(contracts), AT_ONCE):
        families = roster.billable(conn, terms.group, contracts[at : at + AT_ONCE], then)
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


def _to_look_at(conn: Connection, group: str, settled: Settled | None, month: Month) -> list[int]:
    """Return the contracts of which anything may be to post: ids alone."""
    if settled is None:
        return roster.contracts(conn, group)
    later = roster.contracts(conn, group, settled.month.plus(1).first) if settled.month < month else []
    return sorted(settled.but.union(later))


def _with_causes(conn: Connection, terms: Terms, made: Sequence[Charge]) -> Sequence[Charge]:
    """Name the transaction that caused each correction."""
    contracts = {charge.contract for charge in made if charge.kind is ChargeKind.RETRO}
    if not contracts:
        return made
    loaded = agreements.loaded_tx(conn, agreements.TERMS, terms.group)
    return causes.with_causes(made, invoices.versions(conn, contracts), loaded)


def _concerned(
    families: Sequence[Contract], lines: Sequence[RosterLine], made: Sequence[Charge]
) -> tuple[Iterator[RosterLine], Iterator[Contract]]:
    """Return the spans of those whom charges concern, and the families of whom nobody is covered any more."""
    covered = {(line.contract, person) for line in lines for person in (0, line.person)}
    concerned = {charge.contract for charge in made}
    missing = {charge.contract for charge in made if (charge.contract, charge.person) not in covered}
    return (line for line in lines if line.contract in concerned), (
        family for family in families if family.id in missing
    )
