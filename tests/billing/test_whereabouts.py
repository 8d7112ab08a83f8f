"""Where each cent of a payment is: on invoices, in credit and through it, in suspense; together what came in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.whereabouts import whereabouts
from model.money.ledger import (
    BANK,
    REFUND,
    UNIDENTIFIED,
    Transfer,
    TransferCause,
    ahead,
    receivable,
    suspense,
    unapplied,
)
from model.money.returns import Posted
from model.timeline import Month
from support.tries import tries

DAY = date(2027, 1, 5)
FEBRUARY = Month(2027, 2)
NAMES = {
    "bank": BANK,
    "waits": UNIDENTIFIED,
    "owed": receivable("A"),
    "credit": unapplied("A"),
    "other": unapplied("B"),
    "kept": ahead("A", FEBRUARY),
    "suspense": suspense("acme"),
    "out": REFUND,
}


def entry(text: str) -> Transfer:
    debit, credit, cents, *invoice = text.split()
    return Transfer(NAMES[debit], NAMES[credit], int(cents), DAY, TransferCause.PAYMENT, "".join(invoice))


def posted(texts: list[str]) -> list[Posted]:
    """Entries, each behind its place in the ledger: `3 credit owed 40 100002`."""
    return [Posted(int(number), entry(text)) for number, text in (each.split(maxsplit=1) for each in texts)]


def told(own: list[str], moved: list[str]) -> list[str]:
    """Where it is, in short texts."""
    found = whereabouts(posted(own), posted(moved))
    return [
        " ".join(filter(None, (each.kind, each.account, f"{each.item}{each.month}", str(each.cents))))
        + " by credit" * each.through_credit
        for each in found
    ]


CASES = {
    "a deposit that waits": (["1 bank waits 100"], [], ["suspense 100"]),
    "an invoice and what is left": (
        ["1 bank waits 100", "2 waits owed 60 100001", "3 waits credit 40"],
        [],
        ["receivable A 100001 60", "unapplied A 40"],
    ),
    "taken back by the bank, what its credit paid too": (
        [
            "3 bank owed 60 100001",
            "4 bank credit 40",
            "6 owed credit 40 100002",
            "7 credit bank 40",
            "8 owed bank 60 100001",
        ],
        ["5 credit owed 40 100002"],
        [],
    ),
    "credit that a later bill used, after the older credit": (
        ["3 bank owed 60 100001", "4 bank credit 40"],
        ["1 bank credit 25", "4 bank credit 40", "5 credit owed 50 100002"],
        ["receivable A 100001 60", "unapplied A 15", "receivable A 100002 25 by credit"],
    ),
    "what was kept for a month and pays it": (
        ["1 bank kept 30"],
        ["1 bank kept 30", "2 kept owed 20 100002", "3 kept credit 10"],
        ["unapplied A 10", "receivable A 100002 20 by credit"],
    ),
    "credit that went to another account": (
        ["1 bank credit 30"],
        ["1 bank credit 30", "2 credit other 12"],
        ["unapplied A 18", "unapplied B 12"],
    ),
    "credit that was paid back to the payer, after older credit": (
        ["3 bank credit 40"],
        ["1 bank credit 25", "3 bank credit 40", "4 credit out 50"],
        ["unapplied A 15", "refund 25 by credit"],
    ),
    "a refund that came back, and went to a later bill": (
        ["3 bank credit 40"],
        ["1 bank credit 25", "3 bank credit 40", "4 credit out 50", "5 out credit 50", "6 credit owed 30 100002"],
        ["unapplied A 10", "receivable A 100002 30 by credit"],
    ),
    "taken back by the bank": (
        ["1 bank owed 60 100001", "2 bank credit 40", "5 owed bank 60 100001", "6 credit bank 40"],
        ["2 bank credit 40", "6 credit bank 40"],
        [],
    ),
    "in suspense": (["1 bank suspense 70"], [], ["suspense acme 70"]),
}


@pytest.mark.parametrize("name", CASES)
def test_where_a_payment_is(name: str) -> None:
    own, moved, expected = CASES[name]
    assert sorted(told(own, moved)) == sorted(expected)


SIDES = st.sampled_from(sorted(NAMES))
MOVES = st.lists(st.tuples(SIDES, SIDES, st.integers(1, 500), st.booleans()), max_size=12)


@tries(60)
@given(MOVES)
def test_whatever_moved_its_places_are_what_came_in(moves: list[Any]) -> None:
    """Whoever else uses the credit: no cent of the payment is in two places, and none is lost."""
    apart = [  # what others take of credit stays in the house
        move for move in moves if move[0] != move[1] and (move[3] or move[1] != "bank")
    ]
    entries = [
        Posted(n, Transfer(NAMES[debit], NAMES[credit], cents, DAY, TransferCause.PAYMENT, "100001"))
        for n, (debit, credit, cents, _) in enumerate(apart, 1)
    ]
    own = [each for each, (*_, mine) in zip(entries, apart, strict=True) if mine]
    came = sum((each.entry.debit == BANK) * each.entry.cents for each in own)
    back = sum((each.entry.credit == BANK) * each.entry.cents for each in own)
    assert sum(each.cents for each in whereabouts(own, entries)) == came - back
