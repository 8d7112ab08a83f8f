"""What waits of a person's data (INS13 = U of somebody restricted) holds up nothing else of the record."""

from dataclasses import replace
from datetime import date

from enrollment.decide import decide
from model.enrollment.decision import Disposition
from model.enrollment.ruling import Ruling
from model.finding import Severity
from support.members import TOKENS, context, members, said, send
from support.roster_model import RosterModel

ADA = {"first": "ADA", "birth": "1980-01-01", "restricted": "R", "lines": ["021 HLT MED1 EMP 2027-01-01"]}
PLAIN = {**ADA, "restricted": ""}
ENDED = {**ADA, "do": "024", "lines": [], "eligible_to": "2027-02-28"}
ELECTED = {**ADA, "status": "C", "event": "1", "subgroup": "CBR", "lines": ["021 HLT MED1 EMP 2027-03-01"]}


def test_what_a_record_says_of_cobra_is_kept_though_its_data_wait() -> None:
    """Without the event the family's COBRA would have no length and no percent of its own."""
    roster = RosterModel(TOKENS)
    send(roster, date(2027, 1, 5), members([ADA]))
    send(roster, date(2027, 2, 5), members([ENDED]))
    (decided,), _ = send(roster, date(2027, 3, 5), members([{**ELECTED, "restricted": "U"}]))
    assert said(decided) == [
        "medical APPLIED added from 2027-03-01 to 2028-08-31",
        "- APPLIED moved from subgroup ACT to CBR from 2027-03-01",
        "- PENDED waits for a decision; if approved: confidentiality updated",
    ]
    assert decided.disposition is Disposition.PENDED
    assert [fact.event for fact in roster.cobra.values()] == ["1"]


def test_a_person_lifts_the_restriction_and_the_question_is_told_as_decided() -> None:
    roster = RosterModel(TOKENS)
    send(roster, date(2027, 1, 5), members([ADA]))
    ruling = {1: Ruling(frozenset({"RESTRICTION-KEPT"}))}
    (decided,), _ = send(roster, date(2027, 1, 8), members([{**ADA, "restricted": "U"}]), rulings=ruling)
    assert said(decided) == ["medical NOOP no change", "- APPLIED confidentiality updated"]
    assert [(each.code, each.severity) for each in decided.findings] == [("RESTRICTION-KEPT", Severity.INFO)]
    assert [person.demographics.confidentiality for person in roster.people.values()] == ["U"]


def test_data_of_somebody_who_stands_elsewhere_are_taken_where_a_person_says_so() -> None:
    roster = RosterModel(TOKENS)
    send(roster, date(2027, 1, 5), members([PLAIN]))
    (known,) = roster.people
    snapshot = replace(roster.snapshot(), elsewhere={known: frozenset({4711})})
    events = members([{**PLAIN, "phone": "5550100"}])
    for rulings, lines in (
        ({}, ["medical NOOP no change", "- PENDED waits for a decision; if approved: phone updated"]),
        (
            {1: Ruling(frozenset({"FACTS-WAIT"}))},
            ["medical NOOP no change", "- APPLIED phone updated"],
        ),
    ):
        asked = replace(context(date(2027, 1, 8), roster, rulings=rulings), snapshot=snapshot)
        (decided,), _ = decide(events, asked)
        assert said(decided) == lines and [each.code for each in decided.findings] == ["FACTS-WAIT"]
