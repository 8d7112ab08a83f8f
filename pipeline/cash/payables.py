"""What a partner's remittance may point at: accounts, invoices, credit and subscribers of its granted groups."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from billing.book import Book, Known, Payable, references, ssns
from billing.subscribers import months
from model.agreement.grants import PAY
from model.agreement.terms import Partner, Terms
from model.enrollment.roster import Contract, Snapshot
from model.money.ledger import Billed, BillingAccount, Cover, OpenInvoice, unapplied
from model.money.remittance import Remittance
from model.timeline import Month, Span
from model.trade.member import SELF
from model.trade.payment import OF_INVOICES
from pipeline.runtime.workspace import Workspace
from store import agreements, guards
from store.engine import Connection
from store.money import accounts, invoices, ledger
from store.people import roster


def touched(conn: Connection, code: str) -> set[str]:
    """Return the guards of every account that a partner's money may reach: those of all groups ever granted."""
    partner = agreements.partner(conn, code)
    return guards.of_accounts(conn, {grant.group for grant in partner.grants} if partner else ())


def book_of(ws: Workspace, conn: Connection, partner: Partner, remittance: Remittance, today: date) -> Book:
    """Read the books for one remittance; nothing of groups and subgroups the partner may not pay for."""
    terms = {
        number: agreement
        for number, agreement in agreements.granted(conn, partner).items()
        if partner.may(PAY, number, today)
    }
    ever = accounts.of_groups(conn, list(terms))
    payables = [
        Payable(payer.account, agreement.group, (*payer.sent_as, *_moved(ever, payer.account)))
        for agreement in terms.values()
        for payer in agreement.billed(account for account in ever if account.group == agreement.group)
        if partner.may(PAY, agreement.group, today, payer.code)
    ]
    numbers = [payable.account for payable in payables]
    issued = [
        OpenInvoice(
            invoice.number, invoice.account, invoice.month, invoice.due, invoice.total, max(0, invoice.open)
        )
        for invoice in invoices.listing(conn, accounts=numbers)
    ]
    credit = ledger.balances_of(conn, [unapplied(number) for number in numbers])
    subscribers = tuple(_payable(_subscribers(ws, conn, terms, remittance), numbers))
    whole = [number for number in terms if partner.reach(PAY, number, today).whole]
    named = {line.reference for line in remittance.lines if line.qualifier in OF_INVOICES}
    return Book(
        accounts=tuple(payables),
        invoices=tuple(issued),
        credit=tuple((number, -credit[unapplied(number)]) for number in numbers),
        subscribers=subscribers,
        billed=tuple(
            row for row in _billed(conn, subscribers, months(remittance), issued) if row.account in numbers
        ),
        ahead=tuple(ledger.ahead_of(conn, numbers)),
        covers=tuple(_cover(cover, terms[cover.group]) for cover in invoices.covers(conn, named, whole)),
    )


def _payable(subscribers: Iterable[Known], accounts: Collection[str]) -> Iterator[Known]:
    """Yield those whom these accounts hold, with their places there."""
    for subscriber in subscribers:
        if places := tuple(place for place in subscriber.places if place[0] in accounts):
            yield replace(subscriber, places=places)


def _billed(
    conn: Connection, subscribers: Iterable[Known], named: Collection[Month], issued: Iterable[OpenInvoice]
) -> list[Billed]:
    """Read what was billed to these subscribers for the months named, and what lists them and is open."""
    contracts, still = (
        {subscriber.contract for subscriber in subscribers},
        {invoice.number for invoice in issued if invoice.open > 0},
    )
    return invoices.billed(conn, contracts, named, still) if contracts else []


def _cover(cover: Cover, terms: Terms) -> Cover:
    """Say what the group agreed for a consolidated invoice that is not paid as it stands."""
    return replace(cover, policy=terms.billing.consolidated_payment)


def _moved(ever: Iterable[BillingAccount], holder: str) -> list[str]:
    """The numbers whose books an account took over: senders may write them for a long time yet."""
    return [account.number for account in ever if account.held_by == holder != account.number]


def _subscribers(
    ws: Workspace, conn: Connection, terms: Mapping[str, Terms], remittance: Remittance
) -> Iterator[Known]:
    """Look every reference up at once: as a subscriber number of a granted group, a member ID, or an SSN."""
    texts, numbers = references(remittance), ssns(remittance)
    groups = agreements.group_ids(conn, list(terms))
    tokens = {text: ws.vault.tokens.family(text) for text in texts}
    hidden = {text: ws.vault.tokens.ssn(digits) for text, digits in numbers.items()}
    wanted = sorted({token for some in tokens.values() for token in some})
    by_ssn = sorted({token for some in hidden.values() for token in some})
    known = roster.snapshot(conn, groups, wanted, by_ssn, [text.upper() for text in texts])
    for text in texts:
        meant = [*_meant(known, terms, text, tokens[text]), *_of_ssn(known, hidden.get(text, ()))]
        for contract in {family.id: family for family in meant}.values():
            yield Known(text, contract.id, tuple(_places(terms[contract.group], contract)))


def _meant(known: Snapshot, terms: Mapping[str, Terms], text: str, tokens: tuple[str, ...]) -> Iterator[Contract]:
    for group in terms:
        for token in tokens:
            if (group, token) in known.contracts:
                yield known.contracts[group, token]
    yield from known.by_member_id.get(text.upper(), ())


def _of_ssn(known: Snapshot, tokens: Iterable[str]) -> Iterator[Contract]:
    """Yield the contracts of which a person of this SSN is the subscriber."""
    members = {person.member_id for token in tokens for person in known.by_ssn.get(token, ())}
    for member in sorted(members):
        for contract in known.by_member_id.get(member, ()):
            who = (enrollee for enrollee in contract.enrollees if enrollee.relationship == SELF)
            if any(enrollee.person.member_id == member for enrollee in who):
                yield contract


def _places(terms: Terms, contract: Contract) -> Iterator[tuple[str, Span]]:
    """Yield the accounts that hold a contract, and on which days: where it has a place and is covered."""
    covered = sorted(
        {(coverage.span.begin, coverage.span.end) for who in contract.enrollees for coverage in who.coverages}
    )
    for place in contract.assignments:
        subgroup = terms.subgroup(place.subgroup)
        for begin, end in covered:
            if subgroup and place.span.overlaps(Span(begin, end)):
                yield subgroup.account, Span(max(place.span.begin, begin), min(place.span.end, end))
