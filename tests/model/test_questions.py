"""Every code by which a record waits is a question with an answer."""

from model.code_tables import enrollment, identity, kept, law, order, sets, timeliness
from model.enrollment.ruling import QUESTIONS, approvable, needs_ground, needs_two
from model.finding import Severity

# A held set is released or dropped.
OF_SETS = {"SET-ALL-AUDIT", "SET-TOTALS", "SET-PLANS", "SET-ENDS-ABSENT", "SET-ENDS-SENT"}


def test_every_code_that_waits_is_a_question() -> None:
    tables = (enrollment, identity, kept, law, order, sets, timeliness)
    waits = {name for table in tables for name, code in table.CODES.items() if code.severity is Severity.PEND}
    assert waits - OF_SETS == set(QUESTIONS)


def test_what_nobody_approves_says_what_to_do_instead() -> None:
    for question in QUESTIONS.values():
        assert bool(question.instead) is not question.approvable


def test_a_rescission_needs_two_people_and_a_ground() -> None:
    assert approvable(["RETRO-TERM", "TIER-TOO-SMALL", "PLAN-UNKNOWN"]) == {"RETRO-TERM"}
    assert needs_two(["VOID-PENDS"]) and needs_ground(["VOID-PENDS"])
    assert not needs_two(["MATCH-CLEAR", "WINDOW-OPEN"]) and not needs_ground(["CHANGE-RETRO"])
