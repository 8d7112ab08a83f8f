"""What a partner's remittance may point at: accounts, invoices, credit and subscribers of its granted groups."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from billing.book import Book, Known, Payable, Standing, references, ssns, written
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
from store.money import accounts, invoices, ledger, memos, payer_rules
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
    mine = [
        payable
        for agreement in terms.values()
        for payable in payables(agreement, ever, today)
        if partner.may(PAY, agreement.group, today, payable.subgroup)
    ]
    whole = [number for number in terms if partner.reach(PAY, number, today).whole]
    book = _book(ws, conn, terms, mine, whole, remittance)
    return replace(book, rules=tuple(_rules(ws, conn, partner.code, remittance)))


def book_of_group(ws: Workspace, conn: Connection, group: str, remittance: Remittance) -> Book:
    """Read the books for money that is known to be a group's, whoever sent it."""
    agreement = agreements.terms(conn, group)
    assert agreement is not None, "an account's group has terms"
    ever = accounts.of_groups(conn, [group])
    mine = [replace(payable, closed=False) for payable in payables(agreement, ever, date.min)]
    return _book(ws, conn, {group: agreement}, mine, [group], remittance)


def _book(
    ws: Workspace,
    conn: Connection,
    terms: Mapping[str, Terms],
    mine: Collection[Payable],
    whole: Collection[str],
    remittance: Remittance,
) -> Book:
    """Read the books of accounts; `whole`: the groups whose consolidated invoices count, too."""
    numbers = dict.fromkeys(payable.account for payable in mine)
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
        accounts=tuple(mine),
        invoices=tuple(issued),
        credit=tuple((number, -credit[unapplied(number)]) for number in numbers),
        subscribers=subscribers,
        billed=tuple(
            row for row in _billed(conn, subscribers, months(remittance), issued) if row.account in numbers
        ),
        ahead=tuple(ledger.ahead_of(conn, numbers)),
        covers=tuple(_cover(cover, terms[cover.group]) for cover in invoices.covers(conn, named, whole)),
    )


def payables(agreed: Terms, ever: Sequence[BillingAccount], today: date) -> Iterator[Payable]:
    """Yield the accounts of a group with what senders write for each; `ever` are all accounts of any group."""
    for payer in agreed.billed(account for account in ever if account.group == agreed.group):
        over = agreed.account(payer.account) is None or min(agreed.span.end, payer.span.end) < today
        names = (*payer.sent_as, *_moved(ever, payer.account))
        yield Payable(payer.account, agreed.group, names, over, payer.code)


def covers_of(conn: Connection, partner: Partner, today: date) -> tuple[Cover, ...]:
    """Return every consolidated invoice that a partner may pay, with what its group agreed for another amount."""
    terms = {
        number: agreement
        for number, agreement in agreements.granted(conn, partner).items()
        if partner.reach(PAY, number, today).whole
    }
    return tuple(_cover(cover, terms[cover.group]) for cover in invoices.covers(conn, None, list(terms)))


def _rules(ws: Workspace, conn: Connection, code: str, remittance: Remittance) -> Iterator[Standing]:
    """Yield the payer's standing rules for what the lines say. Of an account that it may not pay it has none."""
    said = {words: ws.vault.tokens.payer(words) for line in remittance.lines if (words := written(line))}
    found = payer_rules.meant(conn, code, [token for tokens in said.values() for token in tokens])
    for words, tokens in said.items():
        number, account = next((found[token] for token in tokens if token in found), (0, ""))
        if number:
            holder = accounts.find(conn, account)
            yield Standing(words, holder.held_by if holder else account, number)


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
