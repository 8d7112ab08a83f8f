"""The percent of COBRA goes by the family's own months: 102, and 150 in the disability extension only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from billing import adjust, terms_effect
from billing.charges import should_be
from model.agreement.situs import NOT_STATED, Situs
from model.agreement.terms import EnrollmentSwitches, SwitchOverride
from model.enrollment.roster import CobraFact
from model.money.ledger import ChargeKind
from model.timeline import OPEN, Dated, Month, Span
from model.trade import law
from writers.words import reason

# COBRA from 1 January 2027 after an event on 16 December 2026: by the event month 19 begins on 16 June 2028, by
# the loss on 1 July 2028; the extension ends with month 29, on 15 May (31 May) 2029.
EVENT = CobraFact(1, 1, 0, "1", Span(date(2026, 12, 16)))
SUBSCRIBER, CHILD = 11800, 11901
DISABLED = CobraFact(2, 1, SUBSCRIBER, "", Span(date(2026, 11, 5)), date(2027, 9, 1))
CEASED = Span(date(2026, 11, 5), date(2028, 9, 30))
FAMILY = ("1 A medical MED1 FAM 2027-01-01 open", "1/19.1 A medical MED1 - 2027-01-01 open")
ORDINARY, EXTENDED = 102_000, 150_000  # of a rate of 1000.00


def second(code: str, day: date) -> CobraFact:
    return CobraFact(3, 1, 0, code, Span(day))


def agreed(desk, counted="event", proration="full-month"):
    """Return terms by which A is for COBRA."""
    terms = desk.terms_with(["MED1 FAM - 2026-01-01 open 1000.00"])
    a, *others = terms.subgroups
    billing = replace(terms.billing, proration=Dated(proration), first_month=Month(2027, 1))
    place = replace(a, cobra=True, premium_percent=Dated(102))
    return replace(
        terms, subgroups=(place, *others), billing=billing, rules=EnrollmentSwitches(cobra_from=counted)
    )


def charged(desk, month: Month, facts, rows=FAMILY, counted="event", proration="full-month", posted=()):
    """Return the cents of a month of the family on A, which is for COBRA."""
    terms = agreed(desk, counted, proration)
    roster = [replace(desk.roster(row), cobra=tuple(facts)) for row in rows]
    should = should_be(roster, terms, month)
    return {charge.month: charge.cents for charge in should.charges}, should


@pytest.mark.parametrize(
    ("facts", "extended"),
    [
        ((), None),  # nothing is known: never more than 102
        ((EVENT,), None),
        ((DISABLED,), None),
        ((EVENT, DISABLED), (Month(2028, 7), Month(2029, 5))),
        ((replace(EVENT, event="4"), DISABLED), None),  # an event of 36 months has no extension
        # a second event before month 19 gives 36 months at 102; within 19 to 29 it goes on at 150 through month 36
        ((EVENT, DISABLED, second("5", date(2028, 5, 2))), None),
        ((EVENT, DISABLED, second("5", date(2028, 9, 2))), (Month(2028, 7), Month(2029, 12))),
        ((EVENT, DISABLED, second("2", date(2028, 5, 2))), (Month(2028, 7), Month(2029, 5))),  # no second event
        ((EVENT, DISABLED, second("5", date(2029, 8, 2))), (Month(2028, 7), Month(2029, 5))),  # too late to be one
        # there within the first 60 days of COBRA, and told before month 18 ended
        ((EVENT, replace(DISABLED, span=Span(date(2027, 3, 1)))), (Month(2028, 7), Month(2029, 5))),
        ((EVENT, replace(DISABLED, span=Span(date(2027, 3, 2)))), None),
        ((EVENT, replace(DISABLED, recorded=date(2028, 6, 15))), (Month(2028, 7), Month(2029, 5))),
        ((EVENT, replace(DISABLED, recorded=date(2028, 6, 16))), None),
        # it ceased
        (
            (EVENT, replace(DISABLED, span=Span(date(2026, 11, 5), date(2028, 9, 30)))),
            (Month(2028, 7), Month(2028, 9)),
        ),
    ],
)
def test_the_percent_of_each_month(desk, facts, extended):
    last = Month(2030, 1)
    cents, should = charged(desk, last, facts)
    first, through = extended or (last.plus(1), last)
    wanted = {month: EXTENDED if first <= month <= through else ORDINARY for month in Month(2027, 1).through(last)}
    assert cents == wanted
    assert {unit.month for unit in should.extended} == {month for month in wanted if wanted[month] == EXTENDED}


@pytest.mark.parametrize("how", ["the group's", "a subgroup's"])
def test_terms_that_count_the_months_otherwise_tell_what_billed_months_cost(desk, how):
    """By the event June 2028 is the first month at 150 %, by the loss July: 480.00 of June would come back."""
    facts = (replace(EVENT, span=Span(date(2026, 12, 1))), DISABLED)
    june = Month(2028, 6)
    _, should = charged(desk, june, facts)
    before, after = agreed(desk), agreed(desk, "loss")
    if how == "a subgroup's":
        after = replace(before, overrides=(SwitchOverride(Span(date(2026, 1, 1)), "A", cobra_from="loss"),))
    roster = [replace(desk.roster(row), cobra=facts) for row in FAMILY]
    found = terms_effect.on_months(roster, (before, after), should.charges, {"A-100": june}, {})
    assert [(month.account, month.month, month.change) for month in found.months] == [
        ("A-100", june, ORDINARY - EXTENDED)
    ]


def test_months_run_from_the_loss_where_the_plan_says_so(desk):
    by_loss = replace(EVENT, span=Span(date(2026, 12, 1)))
    for counted, first in (("event", Month(2028, 6)), ("loss", Month(2028, 7))):
        cents, _ = charged(desk, Month(2028, 8), (by_loss, DISABLED), counted=counted)
        assert min(month for month in cents if cents[month] == EXTENDED) == first


def test_only_while_the_disabled_person_is_among_those_covered(desk):
    facts = (EVENT, replace(DISABLED, person=CHILD))
    rows = (FAMILY[0], "1/19.1 A medical MED1 - 2027-01-01 2028-08-31")
    cents, _ = charged(desk, Month(2028, 10), facts, rows)
    assert [month for month in cents if cents[month] == EXTENDED] == [Month(2028, 7), Month(2028, 8)]


def test_a_subgroup_that_is_not_for_cobra_is_never_extended(desk):
    rows = [row.replace(" A ", " B ") for row in FAMILY]
    cents, should = charged(desk, Month(2028, 10), (EVENT, DISABLED), rows)
    assert set(cents.values()) == {100_000} and not should.extended


def test_by_days_the_percent_changes_on_the_day(desk):
    """June 2028: 15 days at 1020.00 and 15 at 1500.00."""
    cents, _ = charged(desk, Month(2028, 6), (EVENT, DISABLED), proration="daily")
    assert cents[Month(2028, 6)] == (102_000 * 15 + 150_000 * 15) // 30


def test_a_correction_does_not_say_why(desk):
    _, before = charged(desk, Month(2028, 7), (EVENT,))
    posted = adjust.charges(before, [], Month(2028, 7))
    _, after = charged(desk, Month(2028, 8), (EVENT, DISABLED))
    retro = [charge for charge in adjust.charges(after, posted, Month(2028, 8)) if charge.kind is ChargeKind.RETRO]
    assert [(charge.month, charge.cents, reason(charge.reason)) for charge in retro] == [
        (Month(2028, 7), EXTENDED - ORDINARY, "COBRA percent changed")
    ]
    assert DISABLED.span.end == OPEN


# The percent of a rate of 512.29 by the law that binds: to the cent. Month 19 by the event is July 2028.
RATE, FIRST, MONTH_19 = "MED1 FAM - 2026-01-01 open 512.29", Month(2027, 1), Month(2028, 7)
SMALL_NY = Situs(Dated("NY"), Dated("insured"), Dated(15))
SMALL_CA = Situs(Dated("CA"), Dated("insured"), Dated(15))


def billed(desk, situs, agreed, month=FIRST, facts=(EVENT, DISABLED)):
    """Return the cents of a month of a family under COBRA, and what is said of its percent."""
    terms = desk.terms_with([RATE])
    a, *others = terms.subgroups
    place = replace(a, cobra=True, premium_percent=agreed if isinstance(agreed, Dated) else Dated(agreed))
    billing = replace(terms.billing, first_month=Month(2027, 1))
    terms = replace(terms, subgroups=(place, *others), billing=billing, law=situs)
    should = should_be([replace(desk.roster(row), cobra=tuple(facts)) for row in FAMILY], terms, month)
    (charge,) = (charge for charge in should.charges if charge.month == month)
    return charge.cents, [finding.code for finding in should.findings]


@pytest.mark.parametrize(
    ("situs", "agreed", "month", "cents", "codes"),
    [
        # nothing stated: federal law, 102 and in the extension 150
        (NOT_STATED, 102, Month(2027, 1), 522_54, []),
        (NOT_STATED, 102, MONTH_19, 768_44, []),
        (NOT_STATED, 100, Month(2027, 1), 512_29, []),  # a ceiling: less is what is agreed
        # an employer that federal COBRA leaves out: New York has 102, and no extension at 150
        (SMALL_NY, 102, Month(2027, 1), 522_54, []),
        (SMALL_NY, 102, MONTH_19, 522_54, []),
        (replace(SMALL_NY, employees=Dated(20)), 102, MONTH_19, 768_44, []),
        # California says 110, and nobody here has read it: 102, and it is said
        (SMALL_CA, 110, Month(2027, 1), 522_54, ["COBRA-PERCENT"]),
        (SMALL_CA, 102, Month(2027, 1), 522_54, []),
        # it binds no self-funded plan, and nobody of 20 employees
        (replace(SMALL_CA, funding=Dated("self-funded")), 102, MONTH_19, 522_54, []),
        (replace(SMALL_CA, employees=Dated(20)), 110, Month(2027, 1), 522_54, []),
        # the employer shrinks: no extension at 150 any more from July 2028 on
        (replace(SMALL_NY, employees=Dated(40, ((date(2028, 7, 1), 15),))), 102, MONTH_19, 522_54, []),
        (replace(SMALL_NY, employees=Dated(40, ((date(2028, 8, 1), 15),))), 102, MONTH_19, 768_44, []),
    ],
)
def test_the_percent_is_a_ceiling_of_the_law_that_binds(desk, situs, agreed, month, cents, codes):
    assert billed(desk, situs, agreed, month) == (cents, codes)


def test_a_row_that_was_read_decides_and_one_that_was_not_never_does(desk, monkeypatch):
    """The same California row, were it read: 110 % of 512.29 is 563.519; and one of 100 % that was not read."""
    (row,) = (row for row in law.rows() if row.jurisdiction == "CA" and row.key is law.Key.COBRA_PREMIUM)
    others = tuple(each for each in law.rows() if each is not row)
    monkeypatch.setattr(law, "binding", law.binding.__wrapped__)  # remembers nothing
    for known, agreed, cents, codes in (
        (replace(row, read="as codified"), 110, 563_52, []),
        (replace(row, read="as codified"), 120, 563_52, []),
        (replace(row, value=100), 102, 522_54, ["COBRA-PERCENT"]),
        (replace(row, value=100, read="as codified"), 102, 512_29, []),
    ):
        monkeypatch.setattr(law, "rows", lambda known=known: (*others, known))
        assert billed(desk, SMALL_CA, agreed) == (cents, codes)
