"""What a partner's remittance may point at: accounts, invoices, credit and subscribers of its granted groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from billing.matching import Book, Known, Payable, references
from model.ledger import BillingAccount, OpenInvoice, unapplied
from model.remittance import Remittance
from model.roster import Contract, Snapshot
from model.terms import Partner, Terms
from pipeline.workspace import Workspace
from store import accounts, agreements, guards, invoices, ledger, roster
from store.engine import Connection


def touched(conn: Connection, code: str) -> set[str]:
    """Return the guards of every account that a partner's money may reach: those of all groups ever granted."""
    partner = agreements.partner(conn, code)
    return guards.of_accounts(conn, {grant.group for grant in partner.grants} if partner else ())


def book_of(ws: Workspace, conn: Connection, partner: Partner, remittance: Remittance, today: date) -> Book:
    """Read the books for one remittance; nothing of groups the partner was not granted."""
    terms = {number: one for number, one in agreements.all_terms(conn).items() if partner.may_touch(number, today)}
    ever = accounts.of_groups(conn, list(terms))
    payables = [
        Payable(payer.account, one.group, (*payer.sent_as, *_moved(ever, payer.account)))
        for one in terms.values()
        for payer in one.billed(account for account in ever if account.group == one.group)
    ]
    numbers = [one.account for one in payables]
    return Book(
        accounts=tuple(payables),
        invoices=tuple(
            OpenInvoice(one.number, one.account, one.month, one.due, one.total, max(0, one.open))
            for number in numbers
            for one in invoices.listing(conn, account=number)
        ),
        credit=tuple((number, -ledger.balance(conn, unapplied(number))) for number in numbers),
        subscribers=tuple(_subscribers(ws, conn, terms, remittance, today)),
    )


def _moved(ever: Iterable[BillingAccount], holder: str) -> list[str]:
    """The numbers whose books an account took over: senders may write them for a long time yet."""
    return [account.number for account in ever if account.held_by == holder != account.number]


def _subscribers(
    ws: Workspace, conn: Connection, terms: Mapping[str, Terms], remittance: Remittance, today: date
) -> Iterator[Known]:
    """Look every reference up at once: as a subscriber number of a granted group, or as a member ID."""
    texts = references(remittance)
    groups = agreements.group_ids(conn, list(terms))
    tokens = {text: ws.vault.tokens.family(text) for text in texts}
    wanted = sorted({token for some in tokens.values() for token in some})
    known = roster.snapshot(conn, groups, wanted, [], [text.upper() for text in texts])
    for text in texts:
        for contract in {one.id: one for one in _meant(known, terms, text, tokens[text])}.values():
            account = _account(terms[contract.group], contract, today)
            if account:
                yield Known(text, contract.id, account)


def _meant(known: Snapshot, terms: Mapping[str, Terms], text: str, tokens: tuple[str, ...]) -> Iterator[Contract]:
    for group in terms:
        for token in tokens:
            if (group, token) in known.contracts:
                yield known.contracts[group, token]
    yield from known.by_member_id.get(text.upper(), ())


def _account(terms: Terms, contract: Contract, today: date) -> str:
    """The account that bills a contract today, else the one that did last."""
    places = sorted(contract.assignments, key=lambda one: (one.span.covers(today), one.span.begin))
    subgroup = terms.subgroup(places[-1].subgroup) if places else None
    return subgroup.account if subgroup else ""
