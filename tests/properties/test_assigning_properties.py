"""Money that no account has: nothing is proposed that cannot be done, and no cent is lost where it is assigned."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from billing.book import Book, Known, Payable
from billing.funds import Money
from billing.placing import Goal, Placed, place
from billing.proposals import Person, Proposer, Unplaced
from model.finding import Where
from model.money.ledger import LedgerAccount, OpenInvoice, suspense
from model.money.proposed import Why
from model.money.remittance import RemittanceLine
from model.timeline import Month, Span

HOME = suspense("acme")
MONEY = Money("acme", date(2027, 3, 1), 7, home=HOME)
ACCOUNTS = ("A-100", "B-200")
EVER = Span(date(2020, 1, 1))
NUMBERS = ("100001", "100002", "100003", "100012", "100021")
PEOPLE = (Known("M1", 1, (("A-100", EVER),)), Known("M2", 2, (("B-200", EVER),)))
round_cents = st.integers(1, 60).map(lambda tens: 10_00 * tens)  # so that amounts meet


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Two accounts, one of them closed perhaps, with invoices that are paid in part and some credit."""
    invoices = []
    for at, number in enumerate(NUMBERS[: draw(st.integers(0, 5))]):
        total = draw(round_cents)
        still = draw(st.sampled_from((0, total, total // 20 * 10)))
        month = Month(2027, 1).plus(at)
        invoices.append(OpenInvoice(number, draw(st.sampled_from(ACCOUNTS)), month, month.first, total, still))
    closed = draw(st.sampled_from((*ACCOUNTS, "")))
    return Book(
        tuple(Payable(account, "NW1000", closed=account == closed) for account in ACCOUNTS),
        tuple(invoices),
        tuple((account, draw(st.just(0) | round_cents)) for account in ACCOUNTS),
        PEOPLE,
    )


amounts = st.builds(lambda cents, sign: sign * cents, round_cents, st.sampled_from((1, 1, -1)))
goals = st.one_of(
    st.sampled_from(ACCOUNTS).map(lambda account: Goal(account=account)),
    st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=3, unique=True).map(
        lambda some: Goal(invoices=tuple(some))
    ),
    st.builds(
        lambda account, at: Goal(account=account, month=Month(2027, 1).plus(at)),
        st.sampled_from(ACCOUNTS),
        st.integers(0, 6),
    ),
    st.sampled_from(("M1", "M2")).map(lambda member: Goal(subscriber=member)),
)


def line(reference: str, cents: int) -> RemittanceLine:
    return RemittanceLine(1, "A", "IK", reference, "", cents, None, (), "", None, None, (), Where())


def moved(made: Placed) -> Counter[str]:
    """What left each account of the ledger."""
    sums: Counter[str] = Counter()
    for entry in made.transfers:
        sums[entry.debit] += entry.cents
        sums[entry.credit] -= entry.cents
    return sums


def after(book: Book, made: Placed) -> Book:
    """The books once it is posted."""
    opens = {each.number: each.open for each in book.invoices}
    for entry in made.transfers:
        if entry.invoice:
            opens[entry.invoice] += entry.cents if entry.debit.startswith("receivable") else -entry.cents
    sums = moved(made)
    credit = tuple((account, cents - sums[f"unapplied:{account}"]) for account, cents in book.credit)
    ahead = {(account, month): cents for account, month, cents in book.ahead}
    for name, cents in sums.items():
        told = LedgerAccount.read(name)
        if told.month:
            key = told.owner, Month.parse(told.month)
            ahead[key] = ahead.get(key, 0) - cents
    kept = tuple((*key, cents) for key, cents in sorted(ahead.items(), key=str) if cents)
    invoices = tuple(replace(each, open=opens[each.number]) for each in book.invoices)
    return replace(book, invoices=invoices, credit=credit, ahead=kept)


@given(books(), amounts, st.sampled_from((*NUMBERS, "100010", "77", "000100001")))
def test_what_is_proposed_can_be_done_with_what_the_payer_may_pay(book: Book, cents: int, reference: str) -> None:
    people = (Person("M1", Why.NAME), Person("M2", Why.MONTH_OF, None, cents))
    found = Proposer(book).propose(Unplaced(cents, line(reference, cents), people=people if cents > 0 else ()))
    assert len({each.goal for each in found.proposals}) == len(found.proposals)
    for each in found.proposals:
        made = place(book, MONEY, cents, each.goal)
        assert not made.problem and moved(made)[HOME] == cents
        assert {part.account for part in made.lines} - {""} <= set(ACCOUNTS)
    order = [(each.place, -each.weight) for each in found.proposals]
    assert order == sorted(order)
    weights = Counter(each.weight for each in found.proposals)
    assert all(each.tied == (weights[each.weight] > 1) for each in found.proposals)


@given(books(), amounts, goals)
def test_assigned_cents_add_up(book: Book, cents: int, goal: Goal) -> None:
    """All of it goes, or nothing does and it is said why; no invoice and no credit leaves its bounds."""
    made = place(book, MONEY, cents, goal)
    assert bool(made.problem) != bool(made.transfers)
    if made.problem:
        return
    assert moved(made)[HOME] == cents and sum(part.cents for part in made.lines) == 0
    then = after(book, made)
    assert all(0 <= each.open <= each.total for each in then.invoices)
    assert all(credit >= 0 for _, credit in then.credit)
    closed = {payable.account for payable in book.accounts if payable.closed}
    had = dict(book.credit)
    named = {goal.account} if goal.month is None else set()  # by two people, to be refunded
    assert all(credit <= had[account] for account, credit in then.credit if account in closed - named)


@given(books(), amounts, goals, st.integers(1, 99))
def test_assigned_in_parts_is_assigned_at_once(book: Book, cents: int, goal: Goal, percent: int) -> None:
    part = int(cents * percent / 100)
    whole = place(book, MONEY, cents, goal)
    if whole.problem or not part or part == cents or goal.subscriber:
        return  # of a subscriber it is the oldest open invoice that asks something, which the first part may pay
    first = place(book, MONEY, part, goal)
    assert not first.problem
    between = after(book, first)
    second = place(between, MONEY, cents - part, goal)
    assert not second.problem
    assert after(between, second) == after(book, whole)
