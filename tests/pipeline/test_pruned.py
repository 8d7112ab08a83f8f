"""Pruning: what served only the work on old files goes, what happened stays, and what is shown stays true."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from model.approval import NOBODY, Approval
from pipeline import inputs
from pipeline.runtime.workspace import Workspace
from pipeline.views.outcomes import PrunedView
from sample_files import edi
from store import tables
from support import values, verified
from support.installation import load_terms, run, run_by_two, take_bytes
from support.people import TWO, at_the_desk, deciding

ADDED, REPEATED, LATER = date(2026, 11, 23), date(2026, 11, 30), date(2027, 6, 1)
COVER = edi.Coverage("HLT", "GOLD", "ESP", date(2026, 12, 1))


def family(ident: int) -> edi.Family:
    """Return a subscriber and a spouse."""
    people = tuple(
        edi.Person(relation, f"SAMPLE{ident}", name, date(year, 3, 30), "F", f"9{ident:06d}{relation}")
        for relation, name, year in (("18", "ADA", 1984), ("01", "BEA", 1985))
    )
    home = ("1 MAIN ST", "HARTFORD", "CT", "06101")
    return edi.Family(f"E{ident:08d}", "100", people, (COVER,), date(2022, 3, 1), home)


def file_of(day: date, control: int, *families: edi.Family, audit: bool = False) -> bytes:
    """Return an 834 of new families, or of families as audit records."""
    if audit:
        families = tuple(
            replace(each, coverages=tuple(replace(held, maintenance="030") for held in each.coverages))
            for each in families
        )
    loops = edi.members(families, "030", "XN") if audit else edi.members(families)
    action = "RX" if audit else "2"
    sets = [edi.enrollment_set(loops, day, f"B{control}", action=action)]
    return edi.interchange(sets, day, control).encode()


ADDS = file_of(ADDED, 1, family(1), family(2))


@pytest.fixture
def grown(on_both: Workspace) -> Workspace:
    """An installation with two families, who were then sent again and had not changed."""
    load_terms(on_both)
    assert take_bytes(on_both, ADDS, "adds.edi", ADDED)["state"] == "APPLIED"
    again = take_bytes(on_both, file_of(REPEATED, 2, family(1), family(2), audit=True), "full.edi", REPEATED)
    assert again["counts"] == {"NOOP": 4}
    deciding(on_both)
    return on_both


def prune(ws: Workspace, older: int = 90, approval: Approval = TWO, day: date = LATER) -> PrunedView:
    return inputs.prune(deciding(ws), older, approval, ws.now(day))


def rows(ws: Workspace, *names: str) -> list[int]:
    """Return how many rows tables have."""
    with ws.database.read() as conn:
        return [conn.scalar(select(func.count()).select_from(tables.metadata.tables[name])) or 0 for name in names]


def shown(ws: Workspace, file_id: str) -> dict[str, Any]:
    """Return a file as commands show it, without its members, who are a page of what is kept."""
    value = values.file_value(ws, file_id)
    for part in value["sets"]:
        part["members"] = []
        part["pruned"] = 0
    return value


def test_what_served_only_the_work_on_old_files_goes(grown: Workspace) -> None:
    before = [shown(grown, file_id) for file_id in ("F000001", "F000002")]
    kept = ("file", "transaction_set", "finding", "coverage", "outbox", "tx", "audit")
    counted = rows(grown, *kept)
    assert rows(grown, "member_line", "disposition") == [8, 8]
    gone = prune(grown)
    assert (gone.files, gone.index, gone.unchanged, gone.statements) == (2, 8, 4, 2)
    assert rows(grown, "member_line", "disposition") == [0, 4], "what was added stays"
    assert rows(grown, *kept)[:5] == counted[:5]
    assert rows(grown, "tx", "audit") == [count + 3 for count in counted[5:]], "each file, and the statements"
    assert [shown(grown, file_id) for file_id in ("F000001", "F000002")] == before, "and the counts are true"
    assert [part["pruned"] for part in values.file_value(grown, "F000002")["sets"]] == [4]
    verified.whole(grown)
    assert prune(grown) == replace(gone, files=0, index=0, unchanged=0, statements=0)


def test_duplicates_are_recognised_and_members_known_afterwards(grown: Workspace) -> None:
    prune(grown)
    assert take_bytes(grown, ADDS, "adds.edi", LATER)["state"] == "DUPLICATE"
    other = ADDS.replace(b"000000001", b"000000009")
    assert take_bytes(grown, other, "adds.edi", LATER)["state"] == "DUPLICATE"
    again = take_bytes(grown, file_of(LATER, 3, family(1), family(2), audit=True), "full.edi", LATER)
    assert again["counts"] == {"NOOP": 4}


def test_the_audit_trail_says_who_decided_it_and_what_went(grown: Workspace) -> None:
    prune(grown)
    with grown.database.read() as conn:
        trail = conn.execute(select(tables.audit).where(tables.audit.c.action == "pruned")).all()
    assert [line.subject for line in trail] == ["file F000001", "file F000002", "what was delivered"]
    assert trail[1].detail == f"4 entries of the member index, 4 lines that changed nothing; {TWO.detail}"


@pytest.mark.parametrize("approval", [NOBODY, Approval("ann", "Ann", "alone"), Approval("ann", "ben")])
def test_two_people_decide_it(ws: Workspace, approval: Approval) -> None:
    pruned = prune(ws, approval=approval)
    assert re.search("it needs|asked for it", pruned.problem) and pruned.files == 0


def test_what_is_young_stays(grown: Workspace) -> None:
    with pytest.raises(ValueError, match="89 days are too few"):
        prune(grown, older=89)
    gone = prune(grown, day=date(2027, 2, 25))
    assert (gone.files, gone.index) == (1, 4), "the first file is 94 days old, the second 87"
    assert rows(grown, "member_line", "disposition") == [4, 8]


def test_what_somebody_still_waits_for_stays(ws: Workspace) -> None:
    """A line that waits for a decision keeps its set's index; a line with a finding its disposition."""
    load_terms(ws)
    take_bytes(ws, ADDS, "adds.edi", ADDED)
    unknown = replace(family(9), people=family(9).people[1:])
    value = take_bytes(ws, file_of(REPEATED, 2, family(1), unknown, audit=True), "full.edi", REPEATED)
    assert value["counts"] == {"NOOP": 2, "PENDED": 1}
    assert (gone := prune(ws)).files == 1 and gone.unchanged == 0
    assert rows(ws, "member_line", "disposition") == [3, 7]


def test_a_line_that_was_told_something_stays(ws: Workspace) -> None:
    load_terms(ws)
    take_bytes(ws, ADDS, "adds.edi", ADDED)
    late = file_of(REPEATED, 2, family(1), family(2), audit=True).replace(
        b"DMG*D8*19840330*F", b"DMG*D8*19840331*F", 1
    )
    value = take_bytes(ws, late, "full.edi", REPEATED)
    told = {finding["code"] for finding in value["all_findings"]}
    assert told, "the other birth date is told"
    before = value["counts"]
    prune(ws)
    after = values.file_value(ws, "F000002")
    assert after["counts"] == before and after["all_findings"] == value["all_findings"]


def test_an_answer_that_is_still_owed_keeps_its_file(ws: Workspace) -> None:
    load_terms(ws)
    file_id = inputs.receive(ws, [ADDS], "adds.edi", "harbor-mills", "test", ws.now(ADDED))
    with ws.database.write() as conn:
        conn.execute(tables.outbox.update().values(delivered_at=None))
    assert prune(ws) == PrunedView(date(2027, 3, 3), 0, 0, 0, 0), file_id


def test_the_command(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    at_the_desk(ws, monkeypatch)
    load_terms(ws)
    home = ("--home", ws.settings.home, "--today", "2027-06-01")
    take_bytes(ws, ADDS, "adds.edi", ADDED)
    command = ("prune", "--older", 100, *home, "--reason", "quarterly")
    refused = run("prune", "--older", 100, *home)
    assert refused.code == 1 and "Nothing was pruned: it needs two people" in refused.out
    done = run_by_two(monkeypatch, *command)
    assert done.code == 0 and "of 1 files 4 entries of the member index" in done.out
    assert run_by_two(monkeypatch, *command, "--json").json["index"] == 0
