"""Why terms cannot be loaded beside the books: an account or a month with postings never leaves them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from model.agreement.terms import Subgroup, Terms
from model.codes import found
from model.finding import Finding, Where
from model.money.ledger import BillingAccount
from model.timeline import Month


@dataclass(frozen=True, slots=True)
class Books:
    """An account that holds its own books: whether anything was ever posted, its last month with an invoice."""

    account: BillingAccount
    posted: bool
    billed: Month | None


def refused(
    before: Terms, after: Terms, books: Sequence[Books], posted: Collection[Month], billed: Month | None
) -> Iterator[Finding]:
    """Yield why these terms cannot follow those in force.

    `books` are the group's accounts; `posted` the months of which anything was posted; `billed` the last month
    with an invoice of any of the group's accounts. Findings: TERMS-FIRST-MONTH, TERMS-DROPS-ACCOUNT,
    TERMS-MOVE-MONTH, TERMS-MOVE-USED.
    """
    first = after.billing.first_month
    past = sorted(month for month in posted if before.billing.first_month <= month < first)
    if past:
        message = f"first_month = {first} comes after {past[0]}, which was billed"
        yield found("TERMS-FIRST-MONTH", Where(), message)
    used = {book.account.number for book in books if book.posted}
    for book in books:
        if book.posted:
            yield from _account(book, after, used, billed)


def _account(books: Books, after: Terms, used: Collection[str], billed: Month | None) -> Iterator[Finding]:
    """Check what becomes of one account with postings."""
    number, code = books.account.number, books.account.subgroup
    subgroup = after.subgroup(code)
    if subgroup is None:
        message = f"account {number} of subgroup {code} has postings, and the file no longer names the subgroup"
        yield found("TERMS-DROPS-ACCOUNT", Where(), message)
    elif number != subgroup.account:
        yield from _moved(books, subgroup, used, billed)


def _moved(books: Books, subgroup: Subgroup, used: Collection[str], billed: Month | None) -> Iterator[Finding]:
    """Check a new account number: the old one must be named with it, and its months be billed up to the change."""
    old, new = books.account.number, subgroup.account
    until = next((former.until for former in subgroup.former if former.number == old), None)
    upcoming = billed.plus(1) if billed else None
    if until is None:
        message = f"account {old} of subgroup {subgroup.code} has postings, and the file says {new}"
        day = upcoming.first.isoformat() if upcoming else "the first of a month"
        fix = f'Write account = [{{ number = "{old}" }}, {{ from = {day}, number = "{new}" }}]: its books move.'
        yield found("TERMS-DROPS-ACCOUNT", Where(), message, fix=fix)
    elif new in used:
        yield found("TERMS-MOVE-USED", Where(), f"account {new} has postings of its own; {old} cannot move to it")
    elif books.billed and Month.of(until) <= books.billed:
        message = f"account {old} is billed through {books.billed}; {new} bills from {books.billed.plus(1)} on"
        yield found("TERMS-MOVE-MONTH", Where(), message)
    elif upcoming and upcoming < Month.of(until):
        message = (
            f"{upcoming} is not billed yet and would still be billed on account {old}, which ends before {until}"
        )
        yield found("TERMS-MOVE-MONTH", Where(), message)
