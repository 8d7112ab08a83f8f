"""Why somebody is covered and billed: the sentences that answer, and what a partner is told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import yaml

from model.explained import Says
from model.timeline import Month
from pipeline.explain import ask, gather
from pipeline.explain.ask import Asked
from pipeline.explain.member import explain
from pipeline.month.bill import bill
from pipeline.runtime.workspace import Workspace
from support.explained import Story, words
from support.installation import ROOT
from support.two_partners import agree, group_terms, partner_terms, send
from writers.reports.explanation import text

FOLDER = ROOT / "tests" / "cases" / "explain"
CASES, PAYMENTS = (
    yaml.safe_load((FOLDER / f"{what}.yaml").read_text("utf-8")) for what in ("members", "payments")
)
DAY = date(2027, 2, 5)


@pytest.mark.parametrize("case", [*CASES, *PAYMENTS], ids=[case["it"] for case in [*CASES, *PAYMENTS]])
def test_the_answer_is_these_sentences(ws: Workspace, case: dict[str, Any]) -> None:
    story = Story(ws, case)
    for step in case["steps"]:
        if "ask" in step:
            assert words(story.asked(step["ask"])) == step["says"]
        else:
            story.go_on(step)


def test_what_the_books_never_do_would_be_told(ws: Workspace) -> None:
    """Two charges of one month, on one account or two: no bill makes them, so the facts are altered."""
    story = Story(ws, CASES[0])
    for step in CASES[0]["steps"][:4]:
        if "ask" not in step:
            story.go_on(step)
    facts = gather.member(ws, "M000000001", date(2027, 1, 20), ws.now(date(2027, 1, 20)), line="medical")
    assert facts is not None
    (family,) = facts.families
    (only,) = [each for each in family.charges if each.charge.line == "medical" and each.number == "100001"]

    def answer(twin: Any) -> list[str]:
        return words(explain(replace(facts, families=(replace(family, charges=(only, twin)),))))

    assert answer(replace(only, id=99)) == [
        "Billed twice for January 2027: medical was charged twice on invoice 100001, $1,000.00 in all.",
        *answer(only)[1:2],
        "Billed for January 2027 on invoice 100001: $1,000.00.",
    ]
    elsewhere = replace(only, id=99, charge=replace(only.charge, account="41000200"))
    assert answer(elsewhere)[0] == (
        "Billed twice for January 2027: medical is billed on the accounts 41000100 and 41000200."
    )


ANA = {"first": "ANA", "ssn": "900000011", "street": "9 HIDDEN ST", "phone": "5550100", "restricted": "R"}


@pytest.fixture
def broker(ws: Workspace) -> Workspace:
    """An employer enrolls and ends a confidential member; a broker and a COBRA TPA of the same group look."""
    cobra = partner_terms("cobra-tpa", "G1", kind="tpa", more='subgroups = ["COB"]')
    agree(ws, partner_terms("acme", "G1"), partner_terms("broker", "G1", kind="broker"), cobra, group_terms("G1"))
    begun = {**ANA, "lines": [("021", "EMP", date(2027, 1, 1))]}
    send(ws, "acme", "G1", 1, date(2026, 12, 4), begun)
    bill(ws, Month(2027, 1), ws.now(date(2026, 12, 10)), "G1")
    bill(ws, Month(2027, 2), ws.now(date(2027, 1, 10)), "G1")
    over = {**ANA, "do": "024", "reason": "08", "lines": [("024", "EMP", None, date(2027, 1, 31))]}
    send(ws, "acme", "G1", 2, date(2027, 1, 20), over)
    return ws


def told(ws: Workspace, partner: str, number: str = "M000000001") -> str:
    return text(ask.member(ws, number, Asked(DAY, ws.now(DAY), partner)).explanation)


def test_a_partner_is_told_the_same_but_of_others(broker: Workspace) -> None:
    own = told(broker, "acme")
    assert (
        "file F000002, segment" in own and "a credit of $500.00 is expected on the invoice for March 2027" in own
    )
    others = told(broker, "broker")
    assert "a file of another sender, received 2027-01-20 17:00 UTC" in others
    assert "a credit of $500.00 is expected on the invoice for March 2027" in others
    assert not [word for word in ("F000001", "F000002", "acme", "Acme", "segment", "SHA") if word in others]
    for seen in (own, others, told(broker, "")):
        assert not [word for word in ("HIDDEN", "5550100", "900000011", "HARBORTON") if word in seen]


def test_whom_a_partner_may_not_read_is_nobody(broker: Workspace) -> None:
    """A member in another subgroup, and one whom nobody has, are told in the same words."""
    hidden, unknown = told(broker, "cobra-tpa"), told(broker, "cobra-tpa", "M000000999")
    assert hidden.replace("M000000001", "M000000999") == unknown
    asked = Asked(DAY, broker.now(DAY), "cobra-tpa")
    assert ask.file(broker, "F000001", asked) is None and ask.file(broker, "F000001", asked, line=1) is None
    assert ask.bill(broker, "100001", asked) is None and ask.bill(broker, "100001", asked, "E1") is None
    assert ask.account(broker, "G1-A", asked) is None


def test_a_decision_is_told_to_a_partner_without_who_and_why(ws: Workspace) -> None:
    case = next(case for case in CASES if case["it"].startswith("a late end waits"))
    story = Story(ws, case)
    for step in case["steps"]:
        if "ask" not in step:
            story.go_on(step)
    asked = Asked(date(2027, 3, 22), ws.now(date(2027, 3, 22)))
    for found in (ask.member(ws, "M000000001", asked), ask.file(ws, "F000002", asked, line=1)):
        assert found is not None
        made = [step.what for step in found.explanation.steps if step.what.kind is Says.DECIDED]
        assert [bool(what["people"]) and what["number"] == 1 and what["why"] != "" for what in made] == [True]
    seen = told(ws, "harbor-mills")
    assert "Approved" in seen
    assert not [word for word in (*made[0]["people"], made[0]["why"], "decision 1") if word in seen]
