"""Two lines of one census row that share their cells are told apart by number, not by where they stand."""

from datetime import date

from enrollment.census import as_sender, decide_members
from enrollment.census import members as rows_as_events
from enrollment.census_families import households
from model.enrollment.census import CensusRow, Election
from model.enrollment.events import Demographics, Name
from support.members import TERMS, TOKENS, context, partner, said
from support.roster_model import RosterModel

TODAY = date(2027, 1, 15)


def test_only_the_line_at_fault_waits() -> None:
    """The level, in a cell of its own, is unknown to the medical plan; the dental line begins in the same cell."""
    columns = (("begin", 9),)
    begin = date(2027, 1, 1)
    elections = (
        Election("medical", "MED1", "XXX", begin, None, False, columns=columns),
        Election("dental", "DEN1", "EMP", begin, None, False, columns=columns),
    )
    ada = Demographics(Name("SAMPLE", "ADA"), date(1980, 1, 1))
    row = CensusRow(
        number=1, place=3, sheet="", row=2, relationship="18", action="021", reason="", cobra_event="", family="",
        subscriber_number="100001", member_number="", group="G100", subgroup="ACT", ssn="", person=ada,
        status="FT", student=False, handicapped=False, hire=None, begin=begin, end=None,
        elections=elections, columns=(), findings=(),
    )  # fmt: skip
    sender = as_sender(partner())
    (member,) = rows_as_events(households([row]), sender, {"G100": TERMS}, TODAY)
    first, second = member.event.coverages
    assert member.event.where("begin", first) == member.event.where("begin", second)
    (decision,), _ = decide_members([member], context(TODAY, RosterModel(TOKENS), sender))
    assert said(decision) == ["medical REJECTED rejected", "dental APPLIED added from 2027-01-01"]
    assert [(raised.finding.code, raised.coverage) for raised in decision.objections] == [("TIER-VALID", 1)]
