"""What waits of a person's data (INS13 = U of somebody restricted) holds up nothing else of the record."""

from datetime import date

from model.enrollment.decision import Disposition
from support.members import TOKENS, members, said, send
from support.roster_model import RosterModel

ADA = {"first": "ADA", "birth": "1980-01-01", "restricted": "R", "lines": ["021 HLT MED1 EMP 2027-01-01"]}
ENDED = {**ADA, "do": "024", "lines": [], "eligible_to": "2027-02-28"}
ELECTED = {**ADA, "status": "C", "event": "1", "subgroup": "CBR", "lines": ["021 HLT MED1 EMP 2027-03-01"]}


def test_what_a_record_says_of_cobra_is_kept_though_its_data_wait() -> None:
    """Without the event the family's COBRA would have no length and no percent of its own."""
    roster = RosterModel(TOKENS)
    send(roster, date(2027, 1, 5), members([ADA]))
    send(roster, date(2027, 2, 5), members([ENDED]))
    (decided,), _ = send(roster, date(2027, 3, 5), members([{**ELECTED, "restricted": "U"}]))
    assert said(decided) == [
        "medical APPLIED added from 2027-03-01",
        "- APPLIED moved from subgroup ACT to CBR from 2027-03-01",
        "- PENDED waits for a decision",
    ]
    assert decided.disposition is Disposition.PENDED
    assert [fact.event for fact in roster.cobra.values()] == ["1"]
