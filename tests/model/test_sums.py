"""The sums of a reconciliation: read from left to right they add up, whatever the month came to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from model.money.sums import Part, Sign, Term, held, invoiced
from support.sums import adds_up

CENTS = st.integers(-10_000_000, 10_000_000)


@given(CENTS, CENTS, CENTS, CENTS, CENTS)
def test_from_what_should_be_billed_to_what_is_open(
    roster: int, billed: int, asked: int, paid: int, still: int
) -> None:
    terms = invoiced(roster=roster, billed=billed, invoiced=asked, paid=paid, open_=still)
    assert adds_up(terms)
    results = {term.part: term.cents for term in terms if term.sign in (Sign.FIRST, Sign.EQUALS)}
    assert results == {Part.ROSTER: roster, Part.BILLED: billed, Part.INVOICED: asked, Part.OPEN: still}
    assert all(term.cents > 0 for term in terms if term.sign in (Sign.PLUS, Sign.MINUS))
    assert not any(term.part is Part.CREDITED for term in terms) or asked - paid != still


@given(CENTS, CENTS, st.lists(CENTS, max_size=3))
def test_what_pays_no_invoice(credit: int, suspense: int, unplaced: list[int]) -> None:
    terms = held(credit, suspense, unplaced)
    assert adds_up(terms) and terms[-1] == Term(Sign.EQUALS, Part.HELD, credit + suspense + sum(unplaced))


def test_a_sum_that_does_not_add_up_is_seen() -> None:
    assert not adds_up([Term(Sign.FIRST, Part.INVOICED, 5), Term(Sign.EQUALS, Part.OPEN, 4)])
