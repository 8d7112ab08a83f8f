"""A census heading such as "Dental Plan" means the group's line, whichever HD03 codes the terms give it."""

from dataclasses import replace
from datetime import date

import pytest

from enrollment.census_plans import planned
from model.agreement.terms import Line, Plan
from model.enrollment.census import Election
from model.timeline import Span
from model.trade.coverage import LINES
from support.members import TERMS

HEADED = [(row.code, row.effect.code) for row in LINES.rows if row.effect and row.effect.written]


@pytest.mark.parametrize(("code", "heading"), HEADED)
def test_a_heading_means_every_code_of_its_line(code, heading):
    plan = Plan("P1", "own", "The plan", Span(date(2020, 1, 1)))
    terms = replace(TERMS, lines=(Line("own", "The group's own name", (code,)),), plans=(plan,))
    elected = Election(heading, "P1", "", None, None, False)
    assert planned(elected, terms, date(2027, 1, 1)) == (code, "P1", "")


SENT = [row.code for row in LINES.rows if row.effect]


@pytest.mark.parametrize("code", SENT)
def test_what_an_834_sends_for_a_line_means_that_line_in_a_census(code):
    """Where a group has two lines of one class, as a dental and a prepaid dental one, the code tells which."""
    lines = (Line("first", "Another", ("ZZZ",)), Line("own", "The group's own name", (code,)))
    plans = tuple(Plan(f"P-{line.code}", line.code, "The plan", Span(date(2020, 1, 1))) for line in lines)
    terms = replace(TERMS, lines=lines, plans=plans)
    elected = Election(code.lower(), "", "EMP", None, None, False)
    assert planned(elected, terms, date(2027, 1, 1)) == (code, "P-own", "")
