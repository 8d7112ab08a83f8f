"""Who is paid through which month, worked out from the books as of a day; and what late payers owe.

An account is asked its invoices; in months in which each of its families pays for itself, every family what it was
charged. Source: docs/domain.md, Paid through; docs/domain.md, Delinquency.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from billing import paid
from model.agreement.terms import Subgroup, Terms
from model.money.arrears import Agreed, Allowed, Asked, EndAt, Payer, Share, Stage
from model.money.ledger import BillingAccount, IssuedInvoice
from model.timeline import NOW, AsOf, Month
from model.trade.law import Key
from store.engine import Connection
from store.money import accounts, arrears, invoices
from store.money import paid as books


@dataclass(frozen=True, slots=True)
class Place:
    """What a billing account bills: a subgroup, of a group with these terms."""

    terms: Terms
    subgroup: Subgroup

    @property
    def direct(self) -> bool:
        """Say whether each of its families pays for itself, in any month."""
        return self.subgroup.direct_bill.values != (False,)


@dataclass(frozen=True, slots=True)
class Owed:
    """What one payer was asked and what of it is open, month by month, and whether it is a COBRA family."""

    payer: Payer
    terms: Terms
    asked: tuple[Asked, ...] = ()
    cobra: bool = False

    def through(self) -> Month | None:
        """Return the last month that is paid; None: not even the first one."""
        return paid.through(self.asked, self._trifle())

    def _trifle(self) -> Allowed:
        """Return what of its newest month that is open nobody minds; COBRA's own rule is in `asked` already."""
        open_ = [each.month for each in self.asked if each.open]
        return paid.EXACT if self.cobra or not open_ else agreed(self.terms, max(open_).first).trifle


def places(conn: Connection, groups: Iterable[Terms], asof: AsOf = NOW) -> dict[str, Place]:
    """Return what each account of some groups bills, by its number."""
    of = {terms.group: terms for terms in groups}
    ever: dict[str, list[BillingAccount]] = {group: [] for group in of}
    for account in accounts.of_groups(conn, of, asof.then):
        ever[account.group].append(account)
    return {
        place.account: Place(terms, place) for group, terms in of.items() for place in terms.billed(ever[group])
    }


def agreed(terms: Terms, day: date, *, cobra: bool = False) -> Agreed:
    """Return what is agreed about late payers of months that begin on a day; the law's grace is the least.

    Under COBRA the employer's own longer grace holds, too (26 CFR 54.4980B-8 Q&A-5(b)).
    """
    billing = terms.billing
    keys = (Key.GRACE, Key.COBRA_GRACE) if cobra else (Key.GRACE,)
    least = (terms.law.binding(key, day).row for key in keys)
    return Agreed(
        grace=max([billing.grace_days.on(day), *(row.value for row in least if row)]),
        notices=tuple(sorted({int(text) for text in billing.notice_days.on(day).split(",")})),
        notice=billing.end_notice_days.on(day),
        again=max(billing.end_notice_days.on(day), billing.return_notice_days.on(day)),
        end=EndAt(billing.nonpayment_end.on(day)),
        trifle=Allowed(billing.trifle_percent.on(day), 100 * billing.trifle_dollars.on(day)),
    )


# --- what payers owe -------------------------------------------------------------------------------------


def owed(
    conn: Connection,
    places: Mapping[str, Place],
    issued: Iterable[IssuedInvoice],
    asof: AsOf = NOW,
    told: Mapping[int, Month] | None = None,
) -> list[Owed]:
    """Return what each payer of some accounts owes: accounts by `issued`, families of those that are direct.

    `issued` are invoices, those of other accounts are passed over; of direct accounts all are needed.
    `told`: through which month COBRA families were told what lacks, of those whose days for it are over.
    """
    ours: dict[str, list[Asked]] = {}
    direct: set[str] = set()
    employers: set[str] = set()
    for each in issued:
        place = places.get(each.account)
        if place is None:
            continue
        if place.subgroup.direct_bill.on(each.month.first):
            direct.add(each.account)
        else:
            employers.add(each.number)
            asked = Asked(each.month, each.due, max(0, each.total), max(0, each.open), each.number)
            ours.setdefault(each.account, []).append(asked)
    found = [Owed(Payer(account), places[account].terms, tuple(asked)) for account, asked in ours.items()]
    if direct:
        found += _families(conn, {account: places[account] for account in direct}, employers, asof, told or {})
    return found


def _families(
    conn: Connection,
    places: Mapping[str, Place],
    employers: Collection[str],
    asof: AsOf,
    told: Mapping[int, Month],
) -> list[Owed]:
    """Return what families that pay for themselves owe, on these accounts, without the employers' invoices."""
    shares, flows = books.shares(conn, list(places), asof), books.flows(conn, list(places), asof)
    came = books.came(flows, employers)
    free = dict.fromkeys(places, 0)
    for flow in flows:
        if not flow.contract and flow.invoice not in employers:
            free[flow.account] += flow.cents
    asked: dict[str, dict[int, list[Asked]]] = {account: {} for account in places}
    for family, all_ in shares.items():
        mine = [each for each in all_ if each.invoice not in employers]
        cobra, of = (
            any(places[each.account].subgroup.cobra for each in mine),
            {each.invoice: each for each in mine},
        )
        for each in paid.of_family(mine, came.get(family, ()), cobra=cobra, told=told.get(family)):
            asked[of[each.invoice].account].setdefault(family, []).append(each)
    found: list[Owed] = []
    for account, place in places.items():
        settled = paid.unnamed(asked[account], free[account]) if free[account] > 0 else asked[account]
        found += [
            Owed(Payer(account, family), place.terms, tuple(months), place.subgroup.cobra)
            for family, months in settled.items()
        ]
    return found


# --- who is paid through when ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaidThrough:
    """Through which month each account of a group, and each of its families (row ids), is paid; None: none is."""

    accounts: Mapping[str, Month | None] = field(default_factory=dict)
    families: Mapping[int, Month | None] = field(default_factory=dict)

    def account(self, number: str) -> date | None:
        """Return the last day through which an account is paid; None: nothing was billed or paid."""
        return _last(self.accounts.get(number))

    def family(self, contract: int) -> date | None:
        """Return the last day through which a family is paid; None: nothing was billed or paid."""
        return _last(self.families.get(contract))


def _last(month: Month | None) -> date | None:
    return month.last if month else None


def paid_through(
    conn: Connection, terms: Terms, asof: AsOf = NOW, contracts: Collection[int] | None = None
) -> PaidThrough:
    """Return through which month a group's accounts are paid, and its families, or those of some contracts."""
    own = places(conn, [terms], asof)
    payers = owed(conn, own, invoices.listing(conn, accounts=own, asof=asof), asof, _told(conn, own, asof))
    whole = {each.payer.account: each.through() for each in payers if not each.payer.contract}
    direct = {each.payer.contract: each.through() for each in payers if each.payer.contract}
    shares, last = books.charged(conn, own, asof, contracts)  # what was credited whole is no month that is paid
    came = _named(books.flows(conn, own, asof, named=True))
    families: dict[int, Month | None] = {}
    for family, charged in shares.items():
        trifle = agreed(terms, max(each.month for each in charged).first).trifle
        mine = _of_employer(charged, terms)
        month = paid.of_subscriber(mine, whole, came.get(family, {}), trifle)
        paid_for = _later(month, direct.get(family), behind=len(mine) < len(charged))
        families[family] = min(paid_for, last[family]) if paid_for and family in last else None
    return PaidThrough(whole, families)


def _told(conn: Connection, places: Mapping[str, Place], asof: AsOf) -> dict[int, Month]:
    """Return through which month COBRA families were told what lacks, of those that a night found late for it."""
    groups = {place.terms.group for place in places.values() if place.direct}
    rows = arrears.standing(conn, groups=groups, then=asof.then) if groups else []
    told = [row.arrears for row in rows if row.arrears.stage is not Stage.SHORT]
    known = [each for each in told if asof.on is None or each.since <= asof.on]
    return {each.payer.contract: each.short for each in known if each.short}


def _of_employer(charged: Iterable[Share], terms: Terms) -> list[Share]:
    """Return what of a family's charges its employer pays."""
    places = {place.account: place for place in terms.subgroups}
    return [
        each
        for each in charged
        if each.account not in places or not places[each.account].direct_bill.on(each.month.first)
    ]


def _later(employer: Month | None, own: Month | None, *, behind: bool) -> Month | None:
    """Return the later month of what the employer and the family itself paid; the family's where it pays now."""
    if not behind:
        return employer
    return max(filter(None, (employer, own)), default=None) if own else employer


def _named(flows: Iterable[books.Flow]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for flow in flows:
        mine = found.setdefault(flow.contract, {})
        mine[flow.account] = mine.get(flow.account, 0) + flow.cents
    return found
