"""A terms file held beside what is in force and what stands in the books: why not, and what it would change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from billing import moves, terms_effect
from billing import tolerance as tolerances
from billing.moves import Move
from billing.terms_effect import Difference, Effect
from billing.terms_refused import Books, refused
from model.agreement.differences import changes
from model.agreement.terms import Carrier, Partner, Terms
from model.codes import found
from model.enrollment.effect import MonthTold
from model.enrollment.roster import Changed, Contract, RosterLine
from model.finding import Finding, Where
from model.money.ledger import BillingAccount, Charge
from model.timeline import Month
from store import agreements
from store.engine import Connection
from store.money import accounts, invoices, ledger
from store.people import roster

_LATEST = Month(9999, 12)


def refusals(conn: Connection, after: Terms) -> tuple[Finding, ...]:
    """Return why a group's terms cannot be loaded, whoever approves it."""
    taken = agreements.taken_accounts(conn, after)
    if taken:
        return tuple(_taken(account, owner) for account, owner in taken.items())
    before = agreements.terms(conn, after.group)
    if before is None:
        return ()
    ever = accounts.of_groups(conn, [after.group])
    billed = _billed(conn, after.group)
    books = [
        Books(account, account.number in billed or ledger.used(conn, account.number), billed.get(account.number))
        for account in ever
        if account.held_by == account.number
    ]
    months = {charge.month for charge in _posted(conn, ever)}
    return tuple(refused(before, after, books, months, max(billed.values(), default=None)))


def _taken(account: str, owner: str) -> Finding:
    return found("ACCOUNT-TAKEN", Where(), f"Billing account {account} belongs to group {owner}.")


def effect(
    conn: Connection, carrier: Carrier | None, terms: Terms | None, partners: Sequence[Partner], today: date
) -> Effect:
    """Return what loading ourselves, a group and partners would change."""
    words = changes(agreements.carrier(conn), carrier) if carrier else ()
    before = agreements.terms(conn, terms.group) if terms else None
    if terms:
        words += changes(before, terms)
    for partner in partners:
        words += changes(agreements.partner(conn, partner.code), partner)
    tolerance = tolerances.raised(before.billing if before else None, terms.billing) if terms else ""
    if before is None or terms is None or before == terms:
        return Effect(words, tolerance=tolerance)
    ever = accounts.of_groups(conn, [terms.group])
    moved = moves.planned(terms, ever)
    lines = roster.lines(conn, terms.group)
    posted, months = _posted(conn, ever), _months(conn, terms.group)
    difference = terms_effect.on_months(lines, (before, terms), posted, _last(months), moved)
    return Effect(
        words=words,
        months=difference.months,
        unpriced=difference.unpriced,
        moves=tuple(_move(conn, old, new) for old, new in sorted(moved.items()) if ledger.used(conn, old)),
        uncovered=terms_effect.uncovered(lines, before, terms, today),
        tolerance=tolerance,
        payers=terms_effect.payers(before, terms, months),
    )


def of_coverage(
    conn: Connection, terms: Terms, before: Sequence[RosterLine], after: Sequence[RosterLine]
) -> Difference:
    """Return what billed months cost otherwise when a group's coverage is `after` and no longer `before`."""
    posted = _posted(conn, accounts.of_groups(conn, [terms.group]))
    return terms_effect.between((before, terms), (after, terms), posted, _billed(conn, terms.group), {})


@dataclass(frozen=True, slots=True)
class Priced:
    """How a group is priced: its accounts, and the last month that each of them was billed."""

    terms: Terms
    accounts: Sequence[BillingAccount]
    billed: Mapping[str, Month]

    @classmethod
    def of(cls, conn: Connection, terms: Terms) -> Priced:
        """Read what a group's families are priced by."""
        return cls(terms, accounts.of_groups(conn, [terms.group]), _billed(conn, terms.group))

    def difference(self, conn: Connection, changed: Sequence[Changed], today: date) -> Difference:
        """Return what billed months cost otherwise where these families come to be what they are after it.

        `today`: what is told of COBRA now is told on that day.
        """
        before = roster.flat(family for family, _ in changed if family)
        after = roster.flat(_recorded(family, today) for _, family in changed)
        ids = [family.id for family, _ in changed if family]
        numbers = [account.number for account in self.accounts]
        posted = invoices.posted(conn, numbers, _LATEST, contracts=ids) if ids else []
        return terms_effect.between((before, self.terms), (after, self.terms), posted, self.billed, {})


@dataclass(slots=True)
class Months:
    """What families' changes come to in billed months, as an effect tells it; each group is read once."""

    terms: Mapping[str, Terms]
    today: date  # what is told of COBRA now is told on that day
    _priced: dict[str, Priced] = field(default_factory=dict)

    def told(self, conn: Connection, families: Iterable[Changed]) -> tuple[list[MonthTold], list[MonthTold]]:
        """Return what the next invoices correct, and what stands posted and would have no price any more."""
        groups: dict[str, list[Changed]] = defaultdict(list)
        for before, after in families:
            groups[after.group].append((before, after))
        found = [self._of(conn, group).difference(conn, mine, self.today) for group, mine in groups.items()]
        months = [MonthTold(each.account, str(each.month), each.change) for part in found for each in part.months]
        lost = [MonthTold(each.account, str(each.month), each.posted) for part in found for each in part.unpriced]
        return months, lost

    def _of(self, conn: Connection, group: str) -> Priced:
        if group not in self._priced:
            self._priced[group] = Priced.of(conn, self.terms[group])
        return self._priced[group]


def _recorded(family: Contract, today: date) -> Contract:
    told = tuple(fact if fact.id > 0 else replace(fact, recorded=today) for fact in family.cobra)
    return replace(family, cobra=told) if told != family.cobra else family


def _move(conn: Connection, old: str, new: str) -> Move:
    return Move(old, new, tuple(ledger.invoice_open(conn, [old])), tuple(ledger.credits(conn, old).items()))


def _posted(conn: Connection, ever: Sequence[BillingAccount]) -> list[Charge]:
    """Return every charge of a group, whatever its month."""
    return invoices.posted(conn, [account.number for account in ever], _LATEST)


def _billed(conn: Connection, group: str) -> dict[str, Month]:
    """Return the last month with an invoice of each account that holds any."""
    return _last(_months(conn, group))


def _last(months: Mapping[str, Sequence[Month]]) -> dict[str, Month]:
    return {account: each[-1] for account, each in months.items()}


def _months(conn: Connection, group: str) -> dict[str, list[Month]]:
    """Return the months with an invoice of each account of a group, the oldest first."""
    found: dict[str, list[Month]] = defaultdict(list)
    for invoice in invoices.listing(conn, group=group):
        found[invoice.account].append(invoice.month)
    return found
