"""Decisions, from the file that waits to the bill: what is shown, what is done, what the sender hears."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from model.code_tables import (
    census,
    conformance,
    enrollment,
    envelope,
    identity,
    intake,
    kept,
    law,
    order,
    sets,
    timeliness,
)
from model.documents.acknowledgment import Advice824Statement
from model.enrollment.ruling import QUESTIONS
from model.finding import Severity
from model.timeline import Month
from pipeline.month.bill import bill
from pipeline.receive.run import receive
from pipeline.runtime.workspace import Workspace
from pipeline.views import members
from store.received import files, outbox
from support import desk
from support.installation import GROUP, PARTNER, ROOT, TERMS, load_terms
from support.two_partners import agree, file_834, group_terms, partner_terms, send

FOLDER = ROOT / "tests" / "cases" / "desk"
FILES = sorted(FOLDER.glob("decisions*.yaml"))
CASES = [case for path in FILES for case in yaml.safe_load(path.read_text("utf-8"))]


class Story:
    """A case as it goes on: the files that it has sent."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.sent: list[str] = []
        self.decided: set[str] = set()  # codes of what waited

    def file(self, step: dict[str, Any]) -> None:
        """Receive a file."""
        self.sent.append(desk.take(self.ws, len(self.sent) + 1, step["file"]))
        self.expect(step, self.sent[-1])

    def decide(self, step: dict[str, Any]) -> None:
        """Look at a decision, make it, and find it made."""
        spec = step["decide"]
        file_id = self.sent[spec["file"] - 1]
        set_id, before = desk.set_of(self.ws, file_id), desk.spans(self.ws)
        looked = desk.decide(self.ws, set_id, spec)
        assert desk.spans(self.ws) == before and not looked.done
        if "refused" in step:
            assert step["refused"] in looked.problem
            if looked.effect:
                assert not desk.decide(self.ws, set_id, spec, looked.effect.digest).done
            self.expect(step, file_id)
            return
        assert not looked.problem and looked.effect is not None
        assert looked.needs_two_people == spec.get("two", False)
        waited, foretold = desk.waiting(self.ws, file_id), desk.came(self.ws, set_id)
        made = desk.decide(self.ws, set_id, spec, looked.effect.digest)
        self.decided |= waited
        assert made.done and made.effect == looked.effect, made.problem
        after = desk.spans(self.ws)
        assert set(before) - set(after) == set(desk.told(looked.effect.gone))
        fresh = [text for text in desk.told(looked.effect.new) if not text.startswith("new ")]
        assert set(fresh) <= set(after) - set(before)
        assert len(set(after) - set(before)) == len(desk.told(looked.effect.new))
        if spec["kind"] == "approve":
            assert came_true(foretold, desk.came(self.ws, set_id))
        money = [f"{month.account} {month.month} {month.change_cents}" for month in looked.effect.months]
        assert money == step.get("money", [])
        again = desk.decide(self.ws, set_id, spec, looked.effect.digest)
        assert not again.done and f"by decision {made.number}" in again.problem
        assert desk.supplement(self.ws, made.number, spec["day"]) == step["supplement"]
        self.expect(step, file_id)

    def followed(self, step: dict[str, Any]) -> None:
        """Find that what waited of a file was looked at again, and its sender told."""
        spec = step["followed"]
        file_id = self.sent[spec["file"] - 1]
        self.decided |= desk.waiting(self.ws, file_id)
        assert desk.looked_again(self.ws, file_id, spec["day"]) == step["supplement"]
        self.expect(step, file_id)

    def bill(self, step: dict[str, Any]) -> None:
        """Bill a month; `invoices`: account, current premium and corrections in cents."""
        month, ws = Month.parse(step["bill"]["month"]), self.ws
        issued = [i for result in bill(ws, month, ws.now(step["bill"]["day"]), GROUP) for i in result.issued]
        assert [f"{i.account} {i.current} {i.retro}" for i in issued] == step["invoices"]

    def expect(self, step: dict[str, Any], file_id: str) -> None:
        """Compare what a step leaves behind, as far as it says."""
        if "came" in step:
            assert desk.came(self.ws, desk.set_of(self.ws, file_id)) == step["came"]
        if "findings" in step:
            assert desk.codes(self.ws, file_id) == step["findings"]
        if "state" in step:
            with self.ws.database.read() as conn:
                assert files.file(conn, file_id).state == step["state"]
        if "spans" in step:
            assert desk.spans(self.ws) == step["spans"]


def came_true(foretold: list[str], came: list[str]) -> bool:
    """Say whether each line of coverage that told what an approval would do came to that, or to what is newer."""
    came = [text for text in came if "is newer and stands" not in text]
    left = {text.partition(" ")[0] for text in came}
    for text in foretold:
        who, _, done = text.partition(" PENDED waits for a decision; if approved: ")
        of_line = done and not who.endswith(" -") and who.partition(" ")[0] in left
        if of_line and not {f"{who} APPLIED {done}", f"{who} NOOP {done}"} & set(came):
            return False
    return True


@pytest.mark.parametrize("case", CASES, ids=[case["it"] for case in CASES])
def test_a_decision(ws: Workspace, case: dict[str, Any]) -> None:
    terms = TERMS.read_text("utf-8")
    for old, new in case.get("terms", ()):
        assert old in terms, old
        terms = terms.replace(old, new)
    load_terms(ws, terms)
    story = Story(ws)
    for step in case["steps"]:
        kind = next(name for name in ("file", "decide", "followed", "bill") if name in step)
        getattr(story, kind)(step)
    assert {case["code"]} <= story.decided if "code" in case else True


# Held sets are released or dropped.
OF_SETS = {
    "CENSUS-COLUMN-WAITS",
    "SET-ALL-AUDIT",
    "SET-ENDS-ABSENT",
    "SET-ENDS-SENT",
    "SET-NOT-AS-SHOWN",
    "SET-OLDER",
    "SET-PLANS",
    "SET-SEEN-SINCE-CHANGED",
    "SET-TOTALS",
}
OF_THE_DATA = {"FACTS-WAIT", "MEMBER-KNOWN", "RESTRICTION-KEPT"}  # these touch nothing that is billed


def test_every_code_that_waits_goes_from_the_file_to_the_decision_the_supplement_and_the_bill() -> None:
    """Codes of payments, documents and acknowledgments wait at other desks."""
    tables = (census, conformance, enrollment, envelope, identity, intake, kept, law, order, sets, timeliness)
    waits = {name for table in tables for name, code in table.CODES.items() if code.severity is Severity.PEND}
    named = [case for case in CASES if "code" in case]
    assert waits == {case["code"] for case in named} | {ELSEWHERE}
    assert waits - OF_SETS == set(QUESTIONS)
    billed = {case["code"] for case in named if "bill" in case["steps"][-1]}
    assert waits - billed == OF_THE_DATA


ELSEWHERE = "FACTS-WAIT"  # takes two groups


def test_data_of_somebody_who_stands_elsewhere_are_taken_by_a_decision(ws: Workspace) -> None:
    agree(ws, group_terms("GA"), group_terms("GB"), partner_terms("acme", "GA"))
    agree(ws, partner_terms("broker", "GA", "GB", kind="broker"))
    ada = {"first": "ADA", "ssn": "900110001", "phone": "5550100", "lines": [("021", "EMP", date(2027, 1, 1))]}
    send(ws, "broker", "GA", 1, date(2027, 1, 5), ada)
    send(ws, "broker", "GB", 2, date(2027, 1, 5), ada | {"family": "B1"})
    more = ada | {"do": "001", "phone": "5550199", "lines": ()}
    day, sent = date(2027, 1, 6), file_834("acme", "GA", 3, date(2027, 1, 6), [more])
    file_id = receive(ws, [sent], "3.edi", "acme", "test", ws.now(day))
    assert desk.waiting(ws, file_id) == {ELSEWHERE}
    set_id, spec = desk.set_of(ws, file_id), {"kind": "approve", "day": date(2027, 1, 7)}
    looked = desk.decide(ws, set_id, spec)
    assert looked.effect and desk.decide(ws, set_id, spec, looked.effect.digest).done
    assert desk.came(ws, set_id) == ["1 - APPLIED phone updated"]
    told = desk.supplement(ws, 1, date(2027, 1, 7), "acme")
    assert told == ["M000000001 /  / Applied / phone updated / FACTS-WAIT"]
    assert members.member(ws, "M000000001").facts[-1].demographics.phone == "5550199"


@pytest.mark.parametrize(("agreed", "outcomes"), [("always", ["TE", "TA"]), ("on_error", ["TE"])])
def test_the_824_that_follows_a_decision(ws: Workspace, agreed: str, outcomes: list[str]) -> None:
    terms = TERMS.read_text("utf-8")
    profile = '[partner.profile]\ngroup_from = "38"'
    load_terms(ws, terms.replace(profile, f'[partner.acknowledgments]\nadvice824 = "{agreed}"\n\n{profile}', 1))
    story = Story(ws)
    late = next(case for case in CASES if case["it"].startswith("a late end beyond the limit"))
    for step in late["steps"][:7]:
        kind = next(name for name in ("file", "decide", "followed", "bill") if name in step)
        getattr(story, kind)(step)
    with ws.database.read() as conn:
        items = outbox.of_file(conn, story.sent[1], ws.vault.fields)
    advices = [item.statement for item in items if isinstance(item.statement, Advice824Statement)]
    assert [advice.outcome for advice in advices] == outcomes
    assert not any(error for advice in advices[1:] for error in advice.errors)


HEAD = "Employee ID,Relationship,Last Name,First Name,DOB,Subgroup,Medical Plan,Medical Tier,Start Date,End Date"
ROBIN, KIM = "E1,EE,Vale,Robin,1984-05-06,100", "E1,Child,Vale,Kim,2015-05-06,"


def census_file(ws: Workspace, day: date, *rows: str) -> str:
    """Receive a spreadsheet; return its id."""
    text = "\n".join([HEAD, *rows]) + "\n"
    return receive(ws, [text.encode()], "census.csv", PARTNER, "test", ws.now(day))


def test_a_census_is_decided_from_the_archived_file(ws: Workspace) -> None:
    """Its rows are kept until it is answered only; a line of it, and a held one as a whole, are read again."""
    load_terms(ws)
    covers = (f"{ROBIN},GOLD,EE,2027-01-01,", f"{KIM},GOLD,,2027-01-01,")
    census_file(ws, date(2026, 12, 2), covers[0])
    child = desk.set_of(ws, census_file(ws, date(2026, 12, 3), covers[1]))
    assert desk.came(ws, child) == ["1 medical PENDED waits for a decision; asked: coverage from 2027-01-01"]
    census_file(ws, date(2026, 12, 4), f"{ROBIN},GOLD,EC,2027-01-01,")
    assert desk.came(ws, child) == ["1 medical APPLIED added from 2027-01-01"]
    held = desk.set_of(ws, census_file(ws, date(2026, 12, 6), covers[0]))
    asked = "waits for a decision; asked: coverage from 2027-01-01"  # the level has no room for the child
    assert desk.came(ws, held) == [f"1 medical HELD {asked}"]
    spec = {"kind": "release", "two": True, "day": date(2026, 12, 7)}
    looked = desk.decide(ws, held, spec)
    assert looked.effect and desk.decide(ws, held, spec, looked.effect.digest).done
    assert desk.came(ws, held) == [f"1 medical PENDED {asked}"]
    spec = {"kind": "amend", "tier": "ECH", "day": date(2026, 12, 8)}
    looked = desk.decide(ws, held, spec)
    assert looked.effect and desk.decide(ws, held, spec, looked.effect.digest).number == 2
    assert desk.came(ws, held) == ["1 medical NOOP no change"]
    assert desk.supplement(ws, 2, date(2026, 12, 8)) == ["M000000001 / medical / No change / no change"]
