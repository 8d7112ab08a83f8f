"""An invoice's detail, adjustments and summary: one set of charges shown three ways."""

from dataclasses import replace
from datetime import date

import pytest

from billing import adjust, invoice
from billing.charges import should_be
from billing.payers import Payers
from model.money.ledger import ChangeCause, ChargeKind
from model.timeline import Dated, Month
from support import invoiced
from writers.words import legend, reason

JANUARY, FEBRUARY = Month(2027, 1), Month(2027, 2)
BEFORE = ["1 A medical MED1 EMP 2026-05-01 open", "2 A medical MED1 FAM 2026-05-01 open"]
# In February's run: 1 chose MED2 from January, 2 ended with December, 3 is new, and pays for life insurance too.
AFTER = [
    "1 A medical MED2 EMP 2027-01-01 open",
    "2 A medical MED1 FAM 2026-05-01 2026-12-31",
    "3 A life LIF1 - 2027-01-20 open",
    "3 A medical MED1 EMP 2027-01-20 open",
    "4 B medical MED1 EMP 2027-02-01 open",
]


@pytest.fixture
def made(desk):
    """February's invoice of account A, after January's was posted and not paid (500 + 1200)."""
    before, after = ([desk.roster(row) for row in rows] for rows in (BEFORE, AFTER))
    posted = adjust.charges(should_be(before, desk.terms, JANUARY), [], JANUARY)
    charges = adjust.charges(should_be(after, desk.terms, FEBRUARY), posted, FEBRUARY)
    head = invoice.Head("100002", False, FEBRUARY, date(2027, 1, 10))
    standing = invoice.Standing(owed=1700_00)
    return invoiced.made(head, desk.carrier, desk.terms, desk.terms.subgroups[0], charges, Payers(after), standing)


def test_detail(made):
    rows = [
        (r.subscriber, r.name, r.line, r.plan_name, r.tier, r.current, r.retro, legend(r.legend))
        for r in made.lines
    ]
    assert rows == [
        # 600 a month, 100 more for January
        ("E00001", "Family1, Sample", "medical", "Plan MED2", "EMP", 600_00, 100_00, "plan changed MED1 to MED2"),
        ("E00002", "Family2, Sample", "medical", "Plan MED1", "FAM", 0, -1200_00, "terminated 2026-12-31"),
        # in the terms' order: medical, dental, life
        ("E00003", "Family3, Sample", "medical", "Plan MED1", "EMP", 500_00, 500_00, "added from 2027-01-20"),
        ("E00003", "Family3, Sample", "life", "Plan LIF1", "", 12_00, 12_00, "added from 2027-01-20"),
    ]


def test_adjustments(made):
    rows = [(row.subscriber, row.month, row.line, row.cents, reason(row.reason)) for row in made.adjustments]
    assert rows == [
        ("E00001", "2027-01", "medical", 100_00, "plan changed MED1 to MED2"),
        ("E00002", "2027-01", "medical", -1200_00, "terminated 2026-12-31"),
        ("E00003", "2027-01", "life", 12_00, "added from 2027-01-20"),
        ("E00003", "2027-01", "medical", 500_00, "added from 2027-01-20"),
    ]


def test_summary(made):
    assert made.plans == (("Plan MED1", 1, 500_00), ("Plan MED2", 1, 600_00), ("Plan LIF1", 1, 12_00))
    assert made.subscribers == 2
    # 600 + 500 + 12 now; 100 - 1200 + 512 of January; 1700 from before
    assert (made.current, made.retro, made.total_due) == (1112_00, -588_00, 1700_00 + 1112_00 - 588_00)


def test_ledger_entries(made):
    entries = invoice.transfers(made, invoice.Standing(owed=1700_00), [])
    assert [(entry.debit, entry.credit, entry.cents, entry.cause, entry.effective) for entry in entries] == [
        ("receivable:A-100", "premium", 1112_00, "premium", date(2027, 1, 10)),
        ("premium", "receivable:A-100", 588_00, "retro", date(2027, 1, 10)),
    ]


def test_trial_posts_nothing(desk):
    head = invoice.Head("TRIAL", True, JANUARY, date(2026, 12, 10))
    charges = adjust.charges(should_be([desk.roster(BEFORE[0])], desk.terms, JANUARY), [], JANUARY)
    standing = invoice.Standing()
    made = invoiced.made(head, desk.carrier, desk.terms, desk.terms.subgroups[0], charges, Payers([]), standing)
    assert (made.trial, made.total_due) == (True, 500_00)
    assert invoice.transfers(made, standing, []) == ()
    assert made.lines[0].subscriber == "contract 1"  # nobody to name: the store's own number, never a guess


def test_due_day_stays_within_the_month(desk):
    late = replace(desk.terms, billing=replace(desk.terms.billing, due_day=Dated(31)))
    assert invoice.due_date(late, FEBRUARY, date(2027, 1, 10)) == date(2027, 2, 28)


# --- members by age, days of a month, causes ---------------------------------------------------------------

AGES = ["AGE1 AGE0-20 - 2026-01-01 open 100.00", "AGE1 AGE21+ - 2026-01-01 open 300.00"]
FAMILY = [
    "1/19.1@2012-01-01 A medical AGE1 - 2027-01-01 open",
    "1/01@1987-01-01 A medical AGE1 - 2027-01-01 open",
    "1@1985-01-01 A medical AGE1 FAM 2027-01-01 open",
]


def test_each_member_has_a_line_and_each_correction_its_cause(desk):
    terms = replace(desk.terms_with(AGES), billing=replace(desk.terms.billing, proration=Dated("daily")))
    before = [desk.roster(row) for row in FAMILY]
    after = [desk.roster(FAMILY[0].replace("open", "2027-01-10")), *before[1:]]
    after += [desk.roster("2@1985-01-01 A medical AGE1 EMP 2027-02-15 open")]
    posted = adjust.charges(should_be(before, terms, JANUARY), [], JANUARY)
    charges = adjust.charges(should_be(after, terms, FEBRUARY), posted, FEBRUARY)
    charges = [replace(charge, cause_tx=7 if charge.kind is ChargeKind.RETRO else 0) for charge in charges]
    head = invoice.Head("100002", False, FEBRUARY, date(2027, 1, 20))
    causes = [ChangeCause(7, 3, "F000009")]
    made = invoiced.made(
        head, desk.carrier, terms, terms.subgroups[0], charges, Payers(after), invoice.Standing(), causes
    )
    rows = [(r.subscriber, r.covered, r.tier, r.current, r.retro, legend(r.legend)) for r in made.lines]
    assert rows == [
        ("E00001", "Family1, Sample", "Age 42", 300_00, 0, ""),
        ("E00001", "Family1, Child", "Age 40", 300_00, 0, ""),  # the spouse, before the children
        ("E00001", "Family1, Child1", "Age 15", 0, -67_74, "terminated 2027-01-10"),  # 100 - 100 x 10 / 31
        ("E00002", "Family2, Sample", "Age 42", 150_00, 0, "14 of 28 days"),
    ]
    (row,) = made.adjustments
    assert (row.covered, row.tx, row.set, row.file) == ("Family1, Child1", 7, 3, "F000009")
    assert row.reference == "tx 7, file F000009"
    assert made.plans == (("Plan AGE1", 2, 750_00),)  # two subscribers, three charges
    assert made.subscribers == 2


def test_a_correction_without_a_file_names_its_transaction(made):
    assert {row.reference for row in made.adjustments} == {""}  # no cause was given
    assert replace(made.adjustments[0], tx=4).reference == "tx 4"


def test_cobra_pays_its_share_of_an_age_rate(desk):
    """102 % of 100.25 is 102.255: half a cent goes up."""
    a, *others = desk.terms.subgroups
    terms = desk.terms_with(["AGE1 AGE0+ - 2026-01-01 open 100.25"])
    terms = replace(terms, subgroups=(replace(a, premium_percent=Dated(102)), *others))
    (charge,) = should_be([desk.roster(FAMILY[2])], terms, JANUARY).charges
    assert charge.cents == 102_26
