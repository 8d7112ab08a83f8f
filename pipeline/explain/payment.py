"""A payment or a deposit explained: on which invoice it is, or why on none yet. Money in cents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from billing.reversal import reopened
from billing.whereabouts import whereabouts
from model.agreement.grants import READ, Reach
from model.explained import Explanation, Said, Says, Step, said
from model.money.ledger import AccountKind, Deposit, LedgerAccount, LedgerEntry, OpenInvoice, TransferCause
from model.money.remittance import PaymentState, StoredRemittance
from model.money.returns import Reversed
from model.trade.returned import means
from pipeline.cash import named
from pipeline.explain import trial
from pipeline.explain.facts import Issued
from pipeline.runtime.workspace import Workspace
from pipeline.views.proposals import proposals
from store import agreements, behind
from store.engine import Connection
from store.money import accounts, cash, invoices, ledger, memos, reversals
from writers.words import ENTRIES, credit_place, word


@dataclass(frozen=True, slots=True)
class Paper:
    """A remittance, its deposit, and where its money went: each entry with the ledger account that it went to."""

    remittance: StoredRemittance | None
    file: str
    deposit: Deposit | None
    went: tuple[tuple[LedgerAccount, LedgerEntry], ...]
    issued: tuple[Issued, ...]  # of the accounts that got any
    proposed: tuple[str, ...]
    at: datetime  # of the receipt, or of the deposit's entry
    back: Reversed | None = None  # the bank took it back
    again: tuple[OpenInvoice, ...] = ()  # what is open again by that: how much of it, under its first due date
    refunded: int = 0  # cents that became credit and went back to the payer


def explain(ws: Workspace, asked: str, day: date, partner: str) -> Explanation | None:
    """Explain the payments that a name means (pipeline.cash.named), or a remittance by its mere number.

    None where there is none to be seen.
    """
    with ws.database.read() as conn:
        papers = [paper for paper in _papers(conn, asked) if _may_see(conn, paper, partner, day)]
    if not papers:
        return None
    return Explanation(
        about=asked,
        title="",
        answer=tuple(each for paper in papers for each in _answers(paper)),
        steps=tuple(step for paper in papers for step in _steps(paper, partner)),
        open=tuple(said(Says.PROPOSAL, why=text) for paper in papers for text in paper.proposed if not partner),
        next=tuple(each for paper in papers for each in _next(paper, partner)),
    )


def _papers(conn: Connection, asked: str) -> list[Paper]:
    """Return the payments of a name, each with its papers; of a bare number the remittance, where nothing else."""
    found = named.find(conn, asked)
    if not found and asked.isdecimal():
        one = named.of_papers(conn, int(asked), 0)
        found = [one] if one else []
    brought = cash.files(conn, [each.remittance.id for each in found if each.remittance])
    return [
        _paper(conn, each.remittance, brought[each.remittance.id], each.deposit)
        if each.remittance
        else _alone(conn, each.deposit)
        for each in found
        if each.remittance or each.deposit
    ]


def _paper(conn: Connection, one: StoredRemittance, file: str, deposit: Deposit | None) -> Paper:
    moved = ledger.of_remittance(conn, one.id)
    names = list(dict.fromkeys(side for each in moved for side in (each.credit, each.debit)))
    went = tuple(
        (place, entry)
        for name in names
        if (place := LedgerAccount.read(name)).owner
        for entry in ledger.entries(conn, name)
        if entry.transfer.remittance == one.id
    )
    groups = {owner.group for place, _ in went if (owner := accounts.find(conn, place.owner))}
    agreed = [terms for group in sorted(groups) if (terms := agreements.terms(conn, group))]
    issued = tuple(each for terms in agreed for each in trial.issued(conn, terms))
    first = min((entry.at for _, entry in went), default=None)
    at = first or behind.at_of_set(conn, one.set)
    back = reversals.of_payment(conn, one.id, 0)
    again = tuple(_again(conn, went)) if back else ()
    owners = {place.owner for place, _ in went if place.kind.is_credit}
    return Paper(one, file, deposit, went, issued, (), at, back, again, _refunded(conn, one, deposit, owners))


def _refunded(conn: Connection, one: StoredRemittance, deposit: Deposit | None, owners: set[str]) -> int:
    """Return how many cents of a payment went back to the payer, from the credit of these accounts."""
    own = reversals.own(conn, one.id, deposit.id if deposit else 0)
    found = whereabouts(own, reversals.on_credit(conn, owners))
    return sum(each.cents for each in found if each.kind is AccountKind.REFUND)


def _again(conn: Connection, went: Iterable[tuple[LedgerAccount, LedgerEntry]]) -> Iterator[OpenInvoice]:
    """Yield what a payment that was taken back opened again, with how much of it."""
    entries = {entry.id: entry.transfer for _, entry in went}
    opened = reopened(each for each in entries.values() if each.cause is TransferCause.REVERSAL)
    owners = {place.owner for place, _ in went if place.kind is AccountKind.RECEIVABLE}
    items = invoices.listing(conn, accounts=owners)
    known = [OpenInvoice(each.number, each.account, each.month, each.due, each.total, 0) for each in items]
    for item in (*known, *memos.opens(conn, owners)):
        if opened.get(item.number, 0) > 0:
            yield replace(item, open=opened[item.number])


def _alone(conn: Connection, deposit: Deposit | None) -> Paper:
    assert deposit is not None, "a payment has one of the two"
    proposed = tuple(proposals(conn).get(deposit.id, ()))
    back = reversals.of_payment(conn, 0, deposit.id)
    return Paper(None, "", deposit, (), (), proposed, behind.at_of_deposit(conn, deposit.id), back)


def _may_see(conn: Connection, paper: Paper, partner: str, day: date) -> bool:
    """Say whether a partner may be told of a payment: it sent it, or may read all accounts that got any of it."""
    if not partner:
        return True
    if paper.remittance is None:
        return False
    if paper.remittance.partner == partner:
        return True
    agreed = agreements.partner(conn, partner)
    owners = [accounts.find(conn, place.owner) for place, _ in paper.went]
    reaches = [
        (agreed.reach(READ, owner.group, day) if agreed else Reach()).covers(owner.subgroup)
        for owner in owners
        if owner
    ]
    return bool(reaches) and all(reaches) and len(reaches) == len(owners)


def _named(paper: Paper) -> dict[str, str | int]:
    one = paper.remittance or paper.deposit
    assert one is not None, "a paper is one of the two"
    return {"trace": one.trace or "without a trace number", "amount_cents": one.cents}


def _answers(paper: Paper) -> Iterator[Said]:
    """Yield where the money is: by account the invoice that shows it, and what of it no invoice took."""
    if paper.back:
        yield from _back(paper, paper.back)
        return
    if paper.remittance is None:
        assert paper.deposit is not None, "a paper is one of the two"
        kind = Says.DEPOSIT_VOID if paper.deposit.void else Says.DEPOSIT_ALONE
        yield said(kind, **_named(paper), day=paper.deposit.received)
        return
    if not paper.went:
        yield _nowhere(paper, paper.remittance)
        return
    apart = (AccountKind.SUSPENSE, AccountKind.AHEAD)
    for account in dict.fromkeys(place.owner for place, _ in paper.went if place.kind not in apart):
        yield _on_account(paper, account)
    yield from _beside(paper, paper.remittance)


def _back(paper: Paper, back: Reversed) -> Iterator[Said]:
    """Yield that the bank took it back, and what is open again."""
    kind = Says.PAYMENT_RETURNED if paper.remittance else Says.DEPOSIT_RETURNED
    yield said(kind, **_named(paper), day=back.day, reason=means(back.code), back=back.trace)
    for item in paper.again:
        where = {"invoice": item.number, "account": item.account}
        yield said(Says.PAYMENT_REOPENED, **where, cents=item.open, due=item.due)


def _nowhere(paper: Paper, one: StoredRemittance) -> Said:
    if one.state is PaymentState.WAITING:
        return said(Says.PAYMENT_WAITS, **_named(paper))
    return said(Says.PAYMENT_STATE, **_named(paper), state=one.state.value, why=one.reason)


def _on_account(paper: Paper, account: str) -> Said:
    """Say which invoice of an account shows the money: the first that was made after it was recorded."""
    first = min((entry for place, entry in paper.went if place.owner == account), key=lambda entry: entry.tx)
    made = sorted((each for each in paper.issued if each.account == account), key=lambda each: each.tx)
    cents = sum(-entry.cents for place, entry in paper.went if place.owner == account)
    common = {**_named(paper), "account": account, "at": first.at, "cents": cents}
    before = [each for each in made if each.tx < first.tx]
    after = [each for each in made if each.tx > first.tx]
    if not before and not after:
        return said(Says.PAID_BEFORE, **common)
    if not after:
        return said(Says.PAID_NEXT, **common, invoice=before[-1].number, made=before[-1].at)
    if not before:
        return said(Says.PAID_FIRST, **common, invoice=after[0].number, made=after[0].at)
    missed, cutoff = before[-1].number, before[-1].at
    return said(Says.PAID_ON, **common, invoice=after[0].number, made=after[0].at, missed=missed, cutoff=cutoff)


def _beside(paper: Paper, one: StoredRemittance) -> Iterator[Said]:
    """Yield what of the money is kept ahead, is credit, or lies in suspense."""
    sums: dict[LedgerAccount, int] = {}
    for place, entry in paper.went:
        sums[place] = sums.get(place, 0) - entry.cents
    for place, cents in sums.items():
        if cents <= 0:
            continue
        if place.kind is AccountKind.AHEAD:
            yield said(Says.PAYMENT_AHEAD, **_named(paper), cents=cents, month=place.month, account=place.owner)
        elif place.kind is AccountKind.UNAPPLIED:
            yield said(Says.PAYMENT_CREDIT, cents=cents, account=place.owner)
        elif place.kind is AccountKind.SUSPENSE:
            yield said(Says.PAYMENT_SUSPENSE, **_named(paper), cents=cents, why=one.reason)
    if paper.refunded:
        yield said(Says.PAYMENT_REFUNDED, cents=paper.refunded)


def _steps(paper: Paper, partner: str) -> Iterator[Step]:
    if paper.deposit:
        day, cents = paper.deposit.received, paper.deposit.cents
        yield Step(paper.at, said(Says.BANKED, trace=paper.deposit.trace, cents=cents, day=day))
    if paper.remittance:
        one = paper.remittance
        if partner and one.partner != partner:
            yield Step(paper.at, said(Says.REMITTED_OTHER, trace=one.trace, cents=one.cents))
        else:
            what = said(Says.REMITTED, file=paper.file, number=one.id, trace=one.trace, cents=one.cents)
            yield Step(paper.at, what, file=paper.file)
    for place, entry in paper.went:
        invoice = f"invoice {entry.transfer.invoice}" if entry.transfer.invoice else _place(place)
        what = said(Says.MOVED, what=word(ENTRIES, entry.transfer.cause), cents=-entry.cents, invoice=invoice)
        yield Step(entry.at, what, cents=-entry.cents)


def _place(place: LedgerAccount) -> str:
    if place.kind is AccountKind.SUSPENSE:
        return "suspense"
    return credit_place(place) if place.kind.is_credit else f"account {place.owner}"


def _next(paper: Paper, partner: str) -> Iterator[Said]:
    state = paper.remittance.state if paper.remittance else None
    if state is PaymentState.WAITING:
        yield said(Says.SEND_DEPOSIT)
    elif partner:
        return
    elif state is PaymentState.SUSPENDED:
        yield said(Says.LOOK_AT_PAYMENTS)
    elif state is None and paper.deposit and not paper.deposit.void:
        yield said(Says.SEND_REMITTANCE)
