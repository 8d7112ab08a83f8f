"""A payment or a deposit explained: on which invoice it is, or why on none yet. Money in cents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from billing.reversal import reopened
from billing.whereabouts import Whereabouts
from model.agreement.grants import READ, Reach
from model.explained import Explanation, Said, Says, Step, said
from model.money.bank import Detail, split_into
from model.money.ledger import AccountKind, Deposit, LedgerAccount, LedgerEntry, OpenInvoice, TransferCause
from model.money.payment import Payment
from model.money.remittance import PaymentState, StoredRemittance
from model.money.returns import Reversed
from model.trade.returned import means
from pipeline.cash import named
from pipeline.explain import trial
from pipeline.explain.facts import Issued
from pipeline.explain.paid import by_now
from pipeline.runtime.workspace import Workspace
from pipeline.views.proposals import proposals
from store import agreements, behind
from store.engine import Connection
from store.money import accounts, bank, cash, invoices, ledger, memos, reversals
from writers.words import ENTRIES, credit_place, word


@dataclass(frozen=True, slots=True)
class Paper:
    """A remittance, its deposit, and where its money went: each entry with the ledger account that it went to.

    `issued` are the invoices of the groups whose accounts got any, by the account that holds them (`holders`: of
    each number); `now` is where each cent is by now, `at` when the money was posted, else when its papers came.
    """

    remittance: StoredRemittance | None
    file: str
    deposit: Deposit | None
    went: tuple[tuple[LedgerAccount, LedgerEntry], ...]
    issued: tuple[Issued, ...]
    holders: Mapping[str, str]
    now: tuple[Whereabouts, ...]
    proposed: tuple[str, ...]
    at: datetime
    cheques: Sequence[Detail] = ()  # took its place
    back: Reversed | None = None  # the bank took it back
    again: tuple[OpenInvoice, ...] = ()  # what is open again by that: how much of it, under its first due date
    raised: frozenset[str] = frozenset()  # the debit memos for what could not be taken any more


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
    return [_paper(conn, each, brought) for each in found]


def _paper(conn: Connection, payment: Payment, brought: Mapping[int, str]) -> Paper:
    one, deposit = payment.remittance, payment.deposit
    own = reversals.own(conn, *payment.ids)
    ids = {each.id for each in own}
    names = list(dict.fromkeys(side for each in own for side in (each.entry.credit, each.entry.debit)))
    went = tuple(
        (place, entry)
        for name in names
        if (place := LedgerAccount.read(name)).owner
        for entry in ledger.entries(conn, name)
        if entry.id in ids
    )
    groups = {owner.group for place, _ in went if (owner := accounts.find(conn, place.owner))}
    agreed = [terms for group in sorted(groups) if (terms := agreements.terms(conn, group))]
    back = reversals.of_payment(conn, *payment.ids)
    return Paper(
        remittance=one,
        file=brought[one.id] if one else "",
        deposit=deposit,
        went=went,
        issued=tuple(each for terms in agreed for each in trial.issued(conn, terms)),
        holders=accounts.books(conn, {place.owner for place, _ in went if place.kind.is_accounts}),
        now=by_now(conn, own),
        proposed=tuple(proposals(conn).get(deposit.id, ())) if deposit and not one else (),
        at=_at(conn, payment, went),
        cheques=bank.details(conn, [deposit.id]).get(deposit.id, []) if deposit and not one else (),
        back=back,
        again=tuple(_again(conn, went)) if back else (),
        raised=frozenset(_raised(conn, payment, went)) if back else frozenset(),
    )


def _at(conn: Connection, payment: Payment, went: Iterable[tuple[LedgerAccount, LedgerEntry]]) -> datetime:
    if payment.remittance is None:
        assert payment.deposit is not None, "a payment has one of the two"
        return behind.at_of_deposit(conn, payment.deposit.id)
    return min((entry.at for _, entry in went), default=None) or behind.at_of_set(conn, payment.remittance.set)


def _owing(went: Iterable[tuple[LedgerAccount, LedgerEntry]]) -> set[str]:
    return {place.owner for place, _ in went if place.kind is AccountKind.RECEIVABLE}


def _raised(
    conn: Connection, payment: Payment, went: Iterable[tuple[LedgerAccount, LedgerEntry]]
) -> Iterator[str]:
    """Yield the debit memos of a payment that was taken back."""
    for memo in memos.listing(conn, accounts=_owing(went)):
        if (memo.remittance, memo.deposit) == payment.ids:
            yield memo.number


def _again(conn: Connection, went: Iterable[tuple[LedgerAccount, LedgerEntry]]) -> Iterator[OpenInvoice]:
    """Yield what a payment that was taken back opened again, with how much of it."""
    entries = {entry.id: entry.transfer for _, entry in went}
    opened = reopened(each for each in entries.values() if each.cause is TransferCause.REVERSAL)
    owners = _owing(went)
    items = invoices.listing(conn, accounts=owners)
    known = [OpenInvoice(each.number, each.account, each.month, each.due, each.total, 0) for each in items]
    for item in (*known, *memos.opens(conn, owners)):
        if opened.get(item.number, 0) > 0:
            yield replace(item, open=opened[item.number])


def _may_see(conn: Connection, paper: Paper, partner: str, day: date) -> bool:
    """Say whether a partner may be told of a payment: it sent it, or may read all accounts that got any of it."""
    if not partner:
        return True
    if paper.remittance and paper.remittance.partner == partner:
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
    if not paper.went:
        yield _nowhere(paper)
        return
    apart = (AccountKind.SUSPENSE, AccountKind.AHEAD)
    for account in dict.fromkeys(place.owner for place, _ in paper.went if place.kind not in apart):
        yield _on_account(paper, account)
    yield from _beside(paper)


def _back(paper: Paper, back: Reversed) -> Iterator[Said]:
    """Yield that the bank took it back, and what is open again."""
    kind = Says.PAYMENT_RETURNED if paper.remittance else Says.DEPOSIT_RETURNED
    yield said(kind, **_named(paper), day=back.day, reason=means(back.code), back=back.trace)
    for item in paper.again:
        where = {"invoice": item.number, "account": item.account}
        kind = Says.PAYMENT_OWED if item.number in paper.raised else Says.PAYMENT_REOPENED
        yield said(kind, **where, cents=item.open, due=item.due)


def _nowhere(paper: Paper) -> Said:
    one, deposit = paper.remittance, paper.deposit
    if one is None:
        assert deposit is not None, "a paper is one of the two"
        if paper.cheques:
            told = split_into([each.told for each in paper.cheques])
            return said(Says.DEPOSIT_SPLIT, **_named(paper), day=deposit.received, split=told)
        kind = Says.DEPOSIT_VOID if deposit.void else Says.DEPOSIT_ALONE
        return said(kind, **_named(paper), day=deposit.received)
    if one.state is PaymentState.WAITING:
        return said(Says.PAYMENT_WAITS, **_named(paper))
    return said(Says.PAYMENT_STATE, **_named(paper), state=one.state.value, why=one.reason)


def _on_account(paper: Paper, account: str) -> Said:
    """Say which invoice of an account shows the money: the first that was made after it was recorded."""
    first = min((entry for place, entry in paper.went if place.owner == account), key=lambda entry: entry.tx)
    made = _made(paper, account)
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


def _made(paper: Paper, account: str) -> list[Issued]:
    """Return the invoices of an account, whatever its number is by now, in the order in which they were made."""
    own = (each for each in paper.issued if each.account == paper.holders.get(account, account))
    return sorted(own, key=lambda each: each.tx)


def _beside(paper: Paper) -> Iterator[Said]:
    """Yield what of the money is kept ahead, is credit, or lies in suspense."""
    sums: dict[LedgerAccount, int] = {}
    for place, entry in paper.went:
        sums[place] = sums.get(place, 0) - entry.cents
    for place, cents in sums.items():
        if cents <= 0:
            continue
        if place.kind is AccountKind.AHEAD:
            yield from _ahead(paper, place, cents)
        elif place.kind is AccountKind.UNAPPLIED:
            yield said(Says.PAYMENT_CREDIT, cents=cents, account=place.owner)
        elif place.kind is AccountKind.SUSPENSE and paper.remittance:
            yield said(Says.PAYMENT_SUSPENSE, **_named(paper), cents=cents, why=paper.remittance.reason)
    if refunded := _now(paper, AccountKind.REFUND):
        yield said(Says.PAYMENT_REFUNDED, cents=refunded)
    if left := _left(paper):
        yield said(Says.DEPOSIT_LEFT, cents=left)


def _ahead(paper: Paper, place: LedgerAccount, cents: int) -> Iterator[Said]:
    """Yield what of money that was kept for a month still is, and which invoice took the rest."""
    took = next((each for each in _made(paper, place.owner) if str(each.month) >= place.month), None)
    still = min(cents, _now(paper, AccountKind.AHEAD, place.month)) if took else cents
    told = {**_named(paper), "month": place.month, "account": place.owner}
    if still:
        yield said(Says.PAYMENT_AHEAD, **told, cents=still)
    if took and cents > still:
        yield said(Says.PAYMENT_AHEAD_TAKEN, **told, cents=cents - still, invoice=took.number)


def _now(paper: Paper, kind: AccountKind, month: str = "") -> int:
    """Return how many cents of it are in places of a kind by now, of one month where that is said."""
    return sum(each.cents for each in paper.now if each.kind is kind and month in ("", each.month))


def _left(paper: Paper) -> int:
    """Return how many cents of a deposit without a remittance are no account's yet."""
    return 0 if paper.remittance else _now(paper, AccountKind.SUSPENSE)


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
    elif state is None and _left(paper):
        yield said(Says.LOOK_AT_PAYMENTS if paper.went else Says.SEND_REMITTANCE)
