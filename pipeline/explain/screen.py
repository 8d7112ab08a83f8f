"""What a partner may not see is left out before anything is explained: docs/domain.md, What people may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from model.agreement.grants import READ, Reach
from model.agreement.terms import Partner
from pipeline.explain.facts import Came, Family, Record
from store import agreements
from store.engine import Connection
from store.money import accounts
from store.people.versions import Version


def family(conn: Connection, one: Family, partner: Partner, day: date) -> Family:
    """Return a family with the places and the accounts that a partner may read, and its own agreements alone."""
    reach = partner.reach(READ, one.group, day)
    if reach.whole:
        return one
    terms = agreements.terms(conn, one.group)
    assert terms is not None, "a family stands in a group that was loaded"
    billed = terms.billed(accounts.of_groups(conn, [one.group]))
    own = {number for subgroup in billed if reach.covers(subgroup.code) for number in subgroup.accounts}
    return replace(
        one,
        versions=tuple(_versions(one, reach)),
        charges=tuple(each for each in one.charges if each.charge.account in own),
        issued=tuple(each for each in one.issued if each.account in own),
        ahead=replace(
            one.ahead,
            charges=tuple(each for each in one.ahead.charges if each.account in own),
            held=tuple(account for account in one.ahead.held if account in own),
        ),
    )


def _versions(one: Family, reach: Reach) -> Iterator[Version]:
    """Yield the places that may be read, and what of coverage was ever known to be in one of them."""
    places = [each for each in one.versions if not each.line and reach.covers(each.plan)]
    for each in one.versions:
        if each in places or (each.line and any(_meet(each, place) for place in places)):
            yield each


def _meet(one: Version, other: Version) -> bool:
    """Say whether two versions have a day in common, and a time at which both were known."""
    known = (one.closed is None or one.closed > other.opened) and (
        other.closed is None or other.closed > one.opened
    )
    return known and one.span.overlaps(other.span)


def record(one: Record, partner: Partner, day: date) -> Record | None:
    """Return a record as a partner may see it: its own whole, another sender's by what it did to coverage alone.

    None: it did nothing in any group and subgroup that the partner may read.
    """
    if one.origin.partner == partner.code:
        return one
    came = tuple(each for each in one.came if each.line and _may_read(each, partner, day))
    return replace(one, came=came, reason="", keys=(), hired=None, findings=()) if came else None


def _may_read(came: Came, partner: Partner, day: date) -> bool:
    return partner.reach(READ, came.group, day).covers(came.subgroup)
