"""A ground without its evidence is refused, in words."""

from datetime import date

import pytest

from model.enrollment.grounds import GROUNDS, Claim, problem

END, TODAY = date(2027, 2, 28), date(2027, 6, 15)
REFUSED = [
    (Claim(), "needs its ground: administrative, request, nonpayment, fraud"),
    (Claim("whim"), "needs its ground"),
    (Claim("administrative"), "no contribution"),
    (Claim("request"), "needs the day of the member's request"),
    (Claim("request", on=date(2027, 6, 16)), "lies ahead"),
    (Claim("nonpayment"), "last day that was paid for"),
    (Claim("nonpayment", on=date(2027, 3, 31)), "paid for until 2027-03-31"),
    (Claim("fraud"), "needs the day of the written notice"),
    (Claim("fraud", on=date(2027, 5, 17)), "runs until 2027-06-16"),
]
GOOD = [
    Claim("administrative", no_contribution=True),
    Claim("request", on=date(2027, 2, 10)),
    Claim("nonpayment", on=END),
    Claim("fraud", on=date(2027, 5, 16)),
]


@pytest.mark.parametrize(("claim", "words"), REFUSED)
def test_a_ground_without_its_evidence_is_refused(claim: Claim, words: str) -> None:
    assert words in problem(claim, END, TODAY)


@pytest.mark.parametrize("claim", GOOD)
def test_a_ground_with_its_evidence_is_taken(claim: Claim) -> None:
    assert not problem(claim, END, TODAY)


def test_every_ground_has_a_case_of_both() -> None:
    assert {claim.code for claim in GOOD} == set(GROUNDS)
    assert set(GROUNDS) <= {claim.code for claim, _ in REFUSED}
