"""What a partner's remittance may point at: accounts, invoices, credit and subscribers of its granted groups."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from billing.book import Book, Known, Payable, references, ssns
from billing.subscribers import months
from model.agreement.grants import PAY
from model.agreement.terms import Partner, Terms
from model.money.ledger import Billed, BillingAccount, Cover, OpenInvoice, unapplied
from model.money.remittance import Remittance
from model.timeline import Month, Span
from model.trade.payment import OF_INVOICES
from pipeline.runtime.workspace import Workspace
from store import agreements, guards
from store.engine import Connection
from store.money import accounts, invoices, ledger, memos
from store.people import places
from store.people.places import Place


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
    whole = [number for number in terms if partner.reach(PAY, number, today).whole]
    return _book(ws, conn, terms, payables, whole, remittance)


def book_of_group(ws: Workspace, conn: Connection, group: str, remittance: Remittance) -> Book:
    """Read the books for money that is known to be a group's, whoever sent it."""
    agreement = agreements.terms(conn, group)
    assert agreement is not None, "an account's group has terms"
    ever = accounts.of_groups(conn, [group])
    payables = [
        Payable(payer.account, group, (*payer.sent_as, *_moved(ever, payer.account)))
        for payer in agreement.billed(ever)
    ]
    return _book(ws, conn, {group: agreement}, payables, [group], remittance)


def _book(
    ws: Workspace,
    conn: Connection,
    terms: Mapping[str, Terms],
    payables: Collection[Payable],
    whole: Collection[str],
    remittance: Remittance,
) -> Book:
    """Read the books of accounts; `whole`: the groups whose consolidated invoices count, too."""
    numbers = dict.fromkeys(payable.account for payable in payables)
    issued = [
        OpenInvoice(
            invoice.number, invoice.account, invoice.month, invoice.due, invoice.total, max(0, invoice.open)
        )
        for invoice in invoices.listing(conn, accounts=numbers)
    ] + memos.opens(conn, numbers)
    credit = ledger.balances_of(conn, [unapplied(number) for number in numbers])
    subscribers = tuple(_subscribers(ws, conn, terms, remittance, numbers))
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
    ws: Workspace,
    conn: Connection,
    terms: Mapping[str, Terms],
    remittance: Remittance,
    payable: Collection[str],
) -> Iterator[Known]:
    """Look every reference up at once: as a subscriber number of a granted group, a member ID, or an SSN.

    Only those whom accounts hold that are `payable`, with their places there.
    """
    texts, digits = references(remittance), ssns(remittance)
    tokens = {text: ws.vault.tokens.family(text) for text in texts}
    hidden = {text: ws.vault.tokens.ssn(number) for text, number in digits.items()}
    known = places.named(
        conn,
        agreements.group_ids(conn, list(terms)),
        [token for some in tokens.values() for token in some],
        [token for some in hidden.values() for token in some],
        [text.upper() for text in texts],
    )
    stands = {contract: tuple(_held(terms, found, payable)) for contract, found in known.places.items()}
    for text in texts:
        meant = [row_id for token in tokens[text] for row_id in known.by_number.get(token, ())]
        meant += known.by_member_id.get(text.upper(), ())
        meant += [row_id for token in hidden.get(text, ()) for row_id in known.by_ssn.get(token, ())]
        for contract in dict.fromkeys(meant):
            if held := stands.get(contract):
                yield Known(text, contract, held)


def _held(
    terms: Mapping[str, Terms], found: Iterable[Place], payable: Collection[str]
) -> Iterator[tuple[str, Span]]:
    """Yield the accounts among these that hold a contract by its places, and on which days."""
    for place in found:
        subgroup = terms[place.group].subgroup(place.subgroup)
        if subgroup and subgroup.account in payable:
            yield subgroup.account, place.span
