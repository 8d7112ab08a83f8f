"""What a month of a line is billed for one person: as the charges of that month say, whoever is asked about."""

from datetime import date

import pytest

from billing.at_stake import of_line
from billing.charges import should_be
from billing.prices import Prices
from model.timeline import Month

DAY = date(2027, 1, 1)
BY_AGE = [
    "AGE1 AGE0-14 - 2026-01-01 open 100.00",
    "AGE1 AGE15-20 - 2026-01-01 open 150.00",
    "AGE1 AGE21-63 - 2026-01-01 open 300.00",
]
BY_TIER = ["MED1 EMP - 2026-01-01 open 500.00", "MED1 FAM - 2026-01-01 open 1400.00"]
AGED = [
    "1@1985-06-15 A medical AGE1 FAM 2027-01-01 open",
    "1/01@1987-02-01 A medical AGE1 - 2027-01-01 open",
    "1/19.1@2015-03-01 A medical AGE1 - 2027-01-01 open",  # the fourth child: free
    "1/19.2@2012-01-02 A medical AGE1 - 2027-01-01 open",
    "1/19.3@2012-01-01 A medical AGE1 - 2027-01-01 open",
    "1/17.4@2007-05-05 A medical AGE1 - 2027-01-01 open",
]
TIERED = ["1 A medical MED1 FAM 2027-01-01 open", "1/01 A medical MED1 - 2027-01-01 open"]


@pytest.mark.parametrize(
    ("rates", "roster"),
    [
        (BY_AGE, AGED),
        (BY_AGE, AGED[1:]),  # nobody is billed without the subscriber
        (BY_AGE, ["1 A medical AGE1 EMP 2027-01-01 open"]),  # no birth date: no price
        (BY_TIER, TIERED),
        (BY_TIER, TIERED[1:]),
        ([], TIERED),  # no rate
    ],
)
def test_it_is_what_the_month_charges(desk, rates, roster):
    """docs/domain.md, Absence: by tier the subscriber's line, by age each member's."""
    terms, lines = desk.terms_with(rates), [desk.roster(row) for row in roster]
    charged = {}
    for charge in should_be(lines, terms, Month(2027, 1)).charges:
        person = charge.person or next(line.person for line in lines if line.relationship == "18")
        charged[person] = charged.get(person, 0) + charge.cents
    prices = Prices(terms)
    told = {
        line.person: of_line(
            prices,
            (line.plan, line.tier, line.subgroup, DAY),
            (line.person, line.line, line.relationship == "18"),
            lines,
        )
        for line in lines
    }
    assert {person: cents for person, cents in told.items() if cents} == charged
