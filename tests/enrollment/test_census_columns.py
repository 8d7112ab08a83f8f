"""Columns of a census that are not read: which only inform, which are told, and which make the file wait."""

import pytest

from enrollment.census_columns import told
from model.enrollment.census import Asks, Unread
from model.finding import Where
from parsers.terms.text import load
from support.installation import TERMS

AT = Where(segment=3, segment_id="row", element=11, loop="Members")


@pytest.fixture(scope="module")
def agreed():
    file, _ = load(TERMS.read_text("utf-8"))
    return [file.terms]


@pytest.mark.parametrize(("asks", "line", "code", "severity"), [
    (Asks.DATE, "", "CENSUS-COLUMN-WAITS", "pend"),
    (Asks.PERSON, "dental", "CENSUS-COLUMN-WAITS", "pend"),
    (Asks.DATE, "hearing", "CENSUS-COLUMN-UNREAD", "info"),  # the group offers none
    (Asks.NOTHING, "", "CENSUS-COLUMN-UNREAD", "warning"),
    (Asks.ASIDE, "", "CENSUS-COLUMN-UNREAD", "info"),
])  # fmt: skip
def test_what_is_said_of_a_column(agreed, asks, line, code, severity):
    (finding,) = told([Unread(AT, "Day of it", asks, line)], agreed)
    assert (finding.code, finding.severity, finding.where.text()) == (
        code,
        severity,
        "sheet Members, row 3, column K",
    )
    assert finding.message.startswith('The column "Day of it" was not read')


def test_without_terms_a_line_that_may_be_offered_waits():
    (finding,) = told([Unread(AT, "Hearing Start", Asks.DATE, "hearing")], None)
    assert finding.code == "CENSUS-COLUMN-WAITS"
