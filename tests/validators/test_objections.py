"""An objection is about the member or about one coverage; where it points is for people, and decides nothing."""

from collections.abc import Iterator
from datetime import date

import pytest

from model.enrollment.decision import Objection
from support.members import TOKENS, members, said, send
from support.roster_model import RosterModel
from validators import registry
from validators.base import Context, Rule, Subject, objection

TODAY = date(2027, 1, 15)
ADA = {"first": "ADA", "birth": "1980-01-01"}
BOTH = {**ADA, "lines": ["021 HLT MED1 EMP 2027-01-01", "021 DEN - - 2027-01-01"]}


def of_late_enrollment(subject: Subject, context: Context) -> Iterator[Objection]:
    """Object to the first coverage, at HD09."""
    yield objection("WINDOW-OPEN", subject, subject.lines[0].coverage, "late")


def of_member(subject: Subject, context: Context) -> Iterator[Objection]:
    """Object to the member, where a coverage stands."""
    said_of = objection("WINDOW-OPEN", subject, subject.lines[0].coverage, "begin")
    yield Objection(said_of.finding)


@pytest.mark.parametrize(
    ("check", "lines"),
    [
        (
            of_late_enrollment,
            [
                "medical PENDED waits for a decision; if approved: added from 2027-01-01",
                "dental APPLIED added from 2027-01-01",
            ],
        ),
        (
            of_member,
            [
                "medical PENDED waits for a decision; if approved: added from 2027-01-01",
                "dental PENDED waits for a decision; if approved: added from 2027-01-01",
            ],
        ),
    ],
)
def test_the_scope_says_what_is_blocked(check, lines, monkeypatch: pytest.MonkeyPatch) -> None:
    """HD09 was in no list of places, and an objection to it blocked the whole member."""
    monkeypatch.setattr(registry, "RULES", (*registry.RULES, Rule("WINDOW-OPEN", check, needs_snapshot=False)))
    (decision,), _ = send(RosterModel(TOKENS), TODAY, members([BOTH]))
    assert said(decision) == lines


@pytest.mark.parametrize(
    "line",
    [
        "021 HLT MED9 EMP 2027-01-01",
        "021 XXX - - 2027-01-01",
        "021 HLT MED1 EMP",
        "024 HLT",
        "777 HLT MED1",
        "002 X",
    ],
)
def test_deciding_rests_on_no_rule(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a plan, a line, a day or a known code nothing can be carried out, whether a rule says so or not."""
    monkeypatch.setattr(registry, "RULES", ())
    roster = RosterModel(TOKENS)
    send(roster, TODAY, members([{**ADA, "lines": ["021 DEN - - 2027-01-01"]}]))
    (decision,), changes = send(roster, TODAY, members([{**ADA, "lines": [line]}]))
    assert [finding.code for finding in decision.findings] == ["LINE-UNCLEAR"]
    assert [identity.coverage for identity in map(decision.identity, decision.objections)] == [1]
    assert str(decision.disposition) == "PENDED"
    assert not changes
