"""What bills leave: covered and not charged, charged and not covered, months without a price or an invoice.

What a bill would still post of months that are billed is worked out by the bill's own code. What became known
after an account's last invoice, less than five weeks ago, comes with the next one and costs nothing yet.

See docs/design.md, Retro is a difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from billing import causes
from billing.gaps import BEYOND
from model.health import About, Cost
from model.money.ledger import Charge, ChargeKind
from model.money.notes import quoted
from model.timeline import Month
from pipeline.health.looking import PATIENCE, Billing, Looking
from pipeline.runtime.clock import local_day
from store import agreements
from store.checks import charged, people
from store.money import accounts, invoices

_BIRTH = "BIRTH-MISSING"
_Unit = tuple[str, int, str]  # account, contract, line


def unbilled(look: Looking) -> Iterator[Cost]:
    """Yield whoever is covered in months that are billed, and not charged."""
    yield from _differences(look, "covered and not charged", 1)


def overbilled(look: Looking) -> Iterator[Cost]:
    """Yield whoever is charged for months that should cost less by all that is known, as after an end."""
    yield from _differences(look, "charged beyond what is covered", -1)


def _differences(look: Looking, what: str, sign: int) -> Iterator[Cost]:
    for group in look.groups():
        billing = look.billing(group)
        if billing is None:
            continue
        posted = [each for charges in billing.left.charges.values() for each in charges if each.cents * sign > 0]
        posts = _caused(look, [each for each in posted if _is_of_a_bill(each, billing)], billing)
        days = _days(look, {*(each.cause_tx for each in posts), *billing.last.values()} - {0})
        units: dict[_Unit, list[Charge]] = defaultdict(list)
        for each in posts:
            if _is_late(look, each, billing, days):
                units[each.account, each.contract, each.line].append(each)
        names = charged.subscribers(look.ask, {contract for _, contract, _ in units})
        for (account, contract, line), some in units.items():
            months = sorted({each.month for each in some})
            told = f"{line}, {_extent(months)}: {what}"
            cents = abs(sum(each.cents for each in some))
            since = min(months[0].first, look.today)
            yield Cost(About.MEMBER, names.get(contract, ""), told, since, cents, group, account)


def _is_of_a_bill(charge: Charge, billing: Billing) -> bool:
    """Say whether a charge is of a month that its account was billed for: the others wait for an invoice."""
    return (charge.account, charge.month) in billing.left.billed


def _caused(look: Looking, charges: Sequence[Charge], billing: Billing) -> Sequence[Charge]:
    """Name the transaction that caused each, those of the newest month too: it is billed already."""
    late = [replace(each, kind=ChargeKind.RETRO) for each in charges]
    known = invoices.versions(look.conn, {each.contract for each in late}) if late else ()
    return causes.with_causes(late, known, agreements.loaded_tx(look.conn, agreements.TERMS, billing.terms.group))


def _is_late(look: Looking, charge: Charge, billing: Billing, days: Mapping[int, date]) -> bool:
    """Say whether the last invoice should have had it, or the next one should have come by now."""
    last = billing.last.get(charge.account, 0)
    since = charge.cause_tx or last
    return 0 < charge.cause_tx <= last or (since in days and days[since] <= look.today - PATIENCE)


def _days(look: Looking, txs: Collection[int]) -> dict[int, date]:
    return {tx: local_day(look.conn, at) for tx, at in charged.received(look.ask, txs).items()}


def _extent(months: list[Month]) -> str:
    return str(months[0]) if len(months) == 1 else f"{len(months)} months from {months[0]}"


def no_price(look: Looking) -> Iterator[Cost]:
    """Yield whose covered months have no price, for want of a rate, an account or a proration."""
    yield from _left_out(look, lambda code: code not in (BEYOND, _BIRTH))


def no_birth(look: Looking) -> Iterator[Cost]:
    """Yield whose covered months have no price, since rates go by age and a birth date is not known."""
    yield from _left_out(look, lambda code: code == _BIRTH)


def beyond(look: Looking) -> Iterator[Cost]:
    """Yield whose coverage stands beyond the end of group, subgroup or plan."""
    yield from _left_out(look, lambda code: code == BEYOND)


def _left_out(look: Looking, wanted: Callable[[str], bool]) -> Iterator[Cost]:
    for group in look.groups():
        billing = look.billing(group)
        units: dict[_Unit, list[Month]] = defaultdict(list)
        said: dict[_Unit, str] = {}
        for left in billing.left.left_out if billing else ():
            if wanted(left.gap.code):
                key = (left.account, left.unit.contract, left.unit.line)
                units[key].append(left.unit.month)
                said[key] = quoted(left.gap.note)
        names = charged.subscribers(look.ask, {contract for _, contract, _ in units})
        for key, months in units.items():
            account, contract, line = key
            told = f"{line}, {_extent(sorted(set(months)))}: {said[key]}"
            since = min(min(months).first, look.today)
            yield Cost(About.MEMBER, names.get(contract, ""), told, since, 0, group, account)


def no_invoice(look: Looking) -> Iterator[Cost]:
    """Yield each account with covered people without an invoice for the month of today; money: its last one's."""
    month = look.month
    held = {account for account, held_for in invoices.held(look.conn) if held_for >= month}
    agreed = agreements.all_terms(look.conn)
    for place in people.places(look.ask, month.first, month.last):
        terms = agreed.get(place.group)
        subgroup = terms.subgroup(place.subgroup) if terms else None
        if terms is None or subgroup is None or not subgroup.account or month < terms.billing.first_month:
            continue
        known = accounts.find(look.conn, subgroup.account)
        account = known.held_by if known else subgroup.account
        issued = invoices.listing(look.conn, accounts=[account])
        if any(each.month >= month for each in issued):
            continue
        if issued or account in held or look.today - place.known >= PATIENCE:
            why = "its invoice is held" if account in held else "nobody billed it"
            told = f"{place.people} people covered and no invoice for {month}: {why}"
            cents = max(0, issued[-1].total) if issued else 0
            yield Cost(About.ACCOUNT, account, told, month.first, cents, place.group, account)
