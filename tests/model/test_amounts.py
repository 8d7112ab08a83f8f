"""Amounts as people write them: read to the cent, or refused (model.money.cents)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.money.cents import MOST, format_cents, format_dollars, parse_dollars
from support.tries import tries

READ = {
    "1234.50": 123_450,
    "$1,234.50": 123_450,
    " $ 1,234,567 ": 123_456_700,
    "-$12": -1_200,
    "$-12": -1_200,
    "(12.50)": -1_250,
    "($1,200)": -120_000,
    "\N{MINUS SIGN}5": -500,
    ".5": 50,
}


@pytest.mark.parametrize("text", READ)
def test_an_amount_is_read_to_the_cent(text: str) -> None:
    assert parse_dollars(text) == READ[text]


WRONG = ("1000,00", "1.000,00", "1,0", "12,34,567", "1,2345", ",500", "1$2", "5$", "$$5", "--5", "-$-5", "(-5)")


@pytest.mark.parametrize("text", [*WRONG, "1 000", "1.005", "", "$", "()", "(5", "\u0663", f"{MOST // 100 + 1}"])
def test_what_may_be_read_in_two_ways_is_no_amount(text: str) -> None:
    """A comma that parts no thousands is a decimal comma: `1000,00` was a hundred thousand dollars once."""
    with pytest.raises(ValueError, match=r"."):
        parse_dollars(text)


@tries(50)
@given(st.integers(-MOST, MOST))
def test_what_is_written_reads_back(cents: int) -> None:
    assert parse_dollars(format_dollars(cents)) == parse_dollars(format_cents(cents)) == cents
