"""docs/operations.md: its tables are what `rollbook verify` and `rollbook health` ask."""

from __future__ import annotations

from pipeline.health.costly import COSTLY
from pipeline.verify.questions import BESIDE, QUICK, THOROUGH
from support.installation import ROOT

_PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")


def test_each_question_stands_with_what_to_do() -> None:
    lines = [
        f"| **{question.name}** {question.text} | {'each bill, ' * question.at_bill}--quick | {question.fix} |"
        for question in QUICK
    ]
    lines += [f"| **{question.name}** {question.text} | --quick | {question.fix} |" for question in BESIDE]
    lines += [f"| **{question.name}** {question.text} | the whole | {question.fix} |" for question in THOROUGH]
    begin, end = "<!-- questions: begin -->\n", "<!-- questions: end -->"
    rows = _PAGE[_PAGE.index(begin) + len(begin) : _PAGE.index(end)].splitlines()[2:]
    assert rows == lines, "\n".join(lines)


def test_each_check_of_what_costs_money_stands_with_what_to_do() -> None:
    lines = [
        f"| **{check.name}** {check.text} | {'each month' if check.monthly else 'once'} | {check.fix} |"
        for check in COSTLY
    ]
    begin, end = "<!-- costs: begin -->\n", "<!-- costs: end -->"
    rows = _PAGE[_PAGE.index(begin) + len(begin) : _PAGE.index(end)].splitlines()[2:]
    assert rows == lines, "\n".join(lines)
