"""The law as dated data: worked examples run, what nobody has read decides nothing, the strictest row holds."""

from __future__ import annotations

from datetime import date

import pytest

from model.agreement.age_off import last_covered
from model.agreement.continuation import length
from model.agreement.situs import Situs
from model.timeline import Dated, Span
from model.trade import law
from model.trade.law import INSURED, SELF_FUNDED, Key
from support.members import TERMS

DAY = date(2027, 3, 10)


@pytest.mark.parametrize("row", law.rows(), ids=lambda row: row.name)
def test_its_worked_example(row):
    """DOMAIN 3, COBRA: months run "to the day before"; a limit's last day is inside."""
    assert law.applied(row, row.example.given, row.example.anniversary) == row.example.expected


def test_rows_stand_for_six_states_and_every_key():
    assert {row.key for row in law.rows()} == set(Key)
    assert len(law.states()) >= 6
    assert {row.jurisdiction for row in law.rows() if not row.read} - {"US"}  # nothing federal is unread
    assert all(row.citation for row in law.rows())


def test_no_two_rows_bind_the_same_people_on_the_same_day():
    seen = {}
    for row in law.rows():
        who = (row.key, row.jurisdiction, row.funding, row.lines)
        for other in seen.setdefault(who, []):
            assert not (
                Span(row.begin, row.end).overlaps(Span(other.begin, other.end))
                and row.least <= other.most
                and other.least <= row.most
            )
        seen[who].append(row)


@pytest.mark.parametrize(
    ("state", "funding", "size", "months", "doubted"),
    [
        ("", "", 0, 18, 0),
        ("CT", INSURED, 30, 30, 0),  # DOMAIN 3: "CT insured 30; a situs table"
        ("CT", SELF_FUNDED, 30, 18, 0),
        ("CT", "", 0, 18, 0),  # nothing stated but the state: federal rows only
        ("NY", INSURED, 8, 36, 0),
        ("TX", INSURED, 8, 9, 0),
        ("TX", INSURED, 80, 18, 0),
        ("CA", INSURED, 30, 18, 1),
        ("", INSURED, 8, None, 0),  # COBRA binds from 20 employees on
        ("IL", INSURED, 8, None, 1),
    ],
)
def test_who_is_bound(state, funding, size, months, doubted):
    found = law.binding(Key.COBRA_EMPLOYMENT, DAY, state, funding, size)
    assert (found.row and found.row.value, len(found.doubted)) == (months, doubted)


def test_the_law_of_the_day():
    assert law.binding(Key.COBRA_EMPLOYMENT, date(2010, 5, 4), "CT", INSURED, 30).value == 18
    assert law.binding(Key.COBRA_EMPLOYMENT, date(2010, 5, 5), "CT", INSURED, 30).value == 30


def group(state, employees=30, **rules):
    from dataclasses import replace

    situs = Situs(Dated(state), Dated(INSURED), Dated(employees))
    return replace(TERMS, law=situs, rules=replace(TERMS.rules, **rules))


def test_how_long_cobra_lasts():
    """DOMAIN 3, COBRA: 18 months for 1, 2, 9, 10 (CT insured 30), 36 for 3-7, 8 and ZZ pend."""
    assert length(TERMS, "CBR", "1", DAY).last == date(2028, 9, 9)
    assert length(group("CT"), "CBR", "10", DAY).last == date(2029, 9, 9)
    assert length(group("CT"), "CBR", "7", DAY).months == 36
    assert length(group("CT"), "CBR", "8", DAY) is None
    assert length(group("CT"), "CBR", "", DAY) is None


def test_what_nobody_has_read_is_a_question():
    assert not length(group("NY"), "CBR", "1", DAY).doubt
    assert "1366.27" in length(group("CA"), "CBR", "1", DAY).doubt
    assert not length(group("CA", cobra_months=36), "CBR", "1", DAY).doubt  # agreed
    assert "election" in length(group("TX", 8), "CBR", "1", DAY).doubt
    assert length(group("IL", 8), "CBR", "2", DAY).months == 12


def test_until_when_a_child_is_covered():
    """DOMAIN 3, Age-off: end of the birthday month at 26; CT insured: policy anniversary after 26."""
    birth, day = date(2001, 3, 10), date(2027, 1, 1)
    assert last_covered(TERMS, "ACT", birth, day) == date(2027, 3, 31)
    assert last_covered(group("CT"), "ACT", birth, day) == date(2027, 12, 31)  # the policy renews on 1 January
