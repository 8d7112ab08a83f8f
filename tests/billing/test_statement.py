"""A billing account's statement: every movement once, and one balance becomes the other to the cent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from billing.statement import Asked, Books, Posting, statement
from model.documents.account_statement import AccountStatement, Papers
from model.money.cents import format_cents, parse_cents
from model.money.ledger import (
    AccountKind,
    BillingAccount,
    IssuedInvoice,
    LedgerAccount,
    OpenInvoice,
    Transfer,
    TransferCause,
    ahead,
    receivable,
    suspense,
    unapplied,
)
from model.timeline import Month
from support.tries import tries
from writers.money.account_statement import applied, what

CASES = "statements.yaml"
A = "A-100"
SIDES = {"owed": receivable(A), "credit": unapplied(A), "suspense": suspense("acme")}


def side(text: str) -> str:
    kind, _, other = text.partition(":")
    if other:
        return receivable(other) if kind == "owed" else unapplied(other)
    return ahead(A, Month.parse(text)) if text[0].isdigit() else SIDES.get(text, text)


def entry(text: str) -> tuple[int, Transfer]:
    tx, day, cause, debit, credit, dollars, invoice, paper = text.split()
    ids = {part[0]: int(part[1:]) for part in paper.split("/") if part[0] in "RD"}
    line = next((int(part) for part in paper.split("/") if part.isdigit()), 0)
    return int(tx), Transfer(
        side(debit),
        side(credit),
        parse_cents(dollars),
        date.fromisoformat(day),
        TransferCause(cause),
        invoice.replace("-", ""),
        ids.get("R", 0),
        line,
        ids.get("D", 0),
    )


def issued(text: str) -> IssuedInvoice:
    number, month, made, due = text.split()
    days = date.fromisoformat(made), date.fromisoformat(due)
    return IssuedInvoice(0, number, A, A, Month.parse(month), *days, 0, 0, 0)


def balances(entries: Iterable[Transfer]) -> Counter[tuple[str, str]]:
    """What a ledger of its own comes to: debits less credits, by name and invoice."""
    held: Counter[tuple[str, str]] = Counter()
    for each in entries:
        held[each.debit, each.invoice] += each.cents
        held[each.credit, each.invoice] -= each.cents
    return held


def books(entries: list[tuple[int, Transfer]], invoices: list[IssuedInvoice]) -> Books:
    held, by_number = balances(each for _, each in entries), {each.number: each for each in invoices}
    kept: Counter[Month] = Counter()
    for (name, _), cents in held.items():
        place = LedgerAccount.read(name)
        if place.kind is AccountKind.AHEAD and place.owner == A:
            kept[Month.parse(place.month)] -= cents
    return Books(
        postings=[Posting(n, tx, each.effective, each) for n, (tx, each) in enumerate(entries, 1)],
        issued=invoices,
        opens=[
            OpenInvoice(number, A, bill.month, bill.due, 0, cents)
            for number, bill in by_number.items()
            if (cents := held[receivable(A), number]) > 0
        ],
        credit=-sum(cents for (name, _), cents in held.items() if name == unapplied(A)),
        kept=[(month, cents) for month, cents in sorted(kept.items()) if cents],
        papers={f"R{number}": Papers(f"R{number}", f"T{number}") for number in range(1, 9)},
    )


def made(desk: Any, read: Books, begin: date | None, end: date) -> AccountStatement:
    account = BillingAccount(A, desk.terms.group, "A", A)
    return statement(
        desk.carrier, desk.terms, desk.terms.subgroups[0], account, Asked(begin, end, None, end), read
    )


def closes(one: AccountStatement) -> None:
    """Each sum that a statement shows comes to what it says."""
    assert one.opening + sum(cents for _, cents in one.sums) == one.closing
    assert sum(each.cents for each in one.movements) == one.closing - one.opening
    assert one.closing == one.owed - one.credit - sum(cents for _, cents in one.kept)
    assert one.owed == sum(item.open for item in one.items)
    balance = one.opening
    for each in one.movements:
        balance += each.cents
        assert each.balance == balance
        assert sum(part.cents for part in each.portions) == -each.cents


def test_a_statement(desk: Any, case: dict[str, Any]) -> None:
    read = books([entry(text) for text in case["entries"]], [issued(text) for text in case["invoices"]])
    one = made(desk, read, case.get("begin"), case["through"])
    closes(one)
    shown = [
        f"{m.day} | {what(m)} | {format_cents(m.cents)} | {format_cents(m.balance)} | {applied(m)}".rstrip()
        for m in one.movements
    ]
    assert shown == case["moves"]
    kept = sum(cents for _, cents in one.kept)
    sums = (one.opening, one.closing, one.owed, one.credit, kept)
    assert " ".join(map(format_cents, sums)) == case["made"]


DAYS = st.dates(date(2026, 12, 1), date(2027, 3, 31))
MOVES = st.tuples(
    DAYS,
    st.sampled_from([TransferCause.PREMIUM, TransferCause.PAYMENT, TransferCause.UNAPPLIED, TransferCause.CREDIT]),
    st.permutations(["owed", "credit", "2027-02", "bank", "owed:B", "suspense"]),
    st.integers(1, 99_999),
    st.sampled_from(["100001", "100002"]),
    st.integers(0, 3),
)


@tries(60)
@given(st.lists(MOVES, max_size=25), DAYS, DAYS)
def test_whatever_moved_a_statement_of_any_days_closes_to_the_ledger(
    desk: Any, moves: list[Any], one_day: date, other: date
) -> None:
    begin, end = sorted((one_day, other))
    entries = [
        (tx, Transfer(side(names[0]), side(names[1]), cents, day, cause, invoice, paper))
        for tx, (day, cause, names, cents, invoice, paper) in enumerate(moves, 1)
    ]
    own = [receivable(A), unapplied(A), ahead(A, Month(2027, 2))]

    def held(through: date) -> int:
        """What the account's own names come to at the end of a day, by the entries alone."""
        sums = balances(each for _, each in entries if each.effective <= through)
        return sum(cents for (name, _), cents in sums.items() if name in own)

    one = made(desk, books([each for each in entries if each[1].effective <= end], []), begin, end)
    assert (one.opening, one.closing) == (held(begin - timedelta(days=1)), held(end))
    assert one.opening + sum(cents for _, cents in one.sums) == one.closing
    assert [each.day for each in one.movements] == sorted(each.day for each in one.movements)
