"""What waits for others of its family is looked at again when they come (docs/domain.md, Looked at again)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from model.desk import Closed
from pipeline.receive.run import receive
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from sample_files import edi
from store.received import files, member_lines
from store.tables import item
from support import desk
from support.installation import PARTNER, load_terms

GOLD = "021 HLT GOLD {} 2027-01-01"
ADA = {"who": "ada", "lines": [GOLD.format("FAM")]}
BEA = {"who": "bea", "lines": [GOLD.format("-")]}
CY = {"who": "cy", "lines": [GOLD.format("-")]}
FIRST, THEN = date(2026, 12, 1), date(2026, 12, 3)


def closed(ws: Workspace) -> list[tuple[str, str]]:
    """Return each item's rule, and how it was closed."""
    with ws.database.read() as conn:
        rows = conn.execute(item.select().order_by(item.c.id)).all()
    return [(row.rule, row.closed_how or "") for row in rows]


def state(ws: Workspace, file_id: str) -> str:
    with ws.database.read() as conn:
        return str(files.file(conn, file_id).state)


@pytest.fixture
def agreed(ws: Workspace) -> Workspace:
    load_terms(ws)
    return ws


def test_dependents_follow_when_their_subscriber_comes(agreed: Workspace) -> None:
    ws = agreed
    early = desk.take(ws, 1, {"day": FIRST, "records": [BEA, CY]})
    assert desk.came(ws, desk.set_of(ws, early)) == [
        f"{number} medical PENDED waits for a decision; asked: coverage from 2027-01-01" for number in (1, 2)
    ]
    assert state(ws, early) == "PENDED" and desk.spans(ws) == []
    desk.take(ws, 2, {"day": THEN, "records": [ADA]})
    assert desk.came(ws, desk.set_of(ws, early)) == [
        f"{number} medical APPLIED added from 2027-01-01" for number in (1, 2)
    ]
    assert [span.split()[0] for span in desk.spans(ws)] == ["M000000001", "M000000002", "M000000003"]
    assert state(ws, early) == "APPLIED"
    assert closed(ws) == [("SUBSCRIBER-AWAITED", Closed.ITSELF)] * 2
    assert desk.looked_again(ws, early, THEN) == [
        f"M00000000{number} / medical / Applied / added from 2027-01-01" for number in (2, 3)
    ]


def test_a_newborn_follows_when_the_level_comes(agreed: Workspace) -> None:
    ws = agreed
    desk.take(ws, 1, {"day": FIRST, "records": [{"who": "ada", "lines": [GOLD.format("EMP")]}]})
    child = desk.take(ws, 2, {"day": FIRST, "records": [CY]})
    assert desk.codes(ws, child) == ["TIER-TOO-SMALL"]
    desk.take(
        ws, 3, {"day": THEN, "records": [{"who": "ada", "do": "001", "lines": ["001 HLT GOLD ECH 2027-01-01"]}]}
    )
    assert desk.came(ws, desk.set_of(ws, child)) == ["1 medical APPLIED added from 2027-01-01"]
    assert closed(ws) == [("TIER-TOO-SMALL", Closed.ITSELF)]


def test_what_does_not_stand_yet_goes_on_waiting(agreed: Workspace) -> None:
    ws = agreed
    early = desk.take(ws, 1, {"day": FIRST, "records": [BEA, CY]})
    desk.take(ws, 2, {"day": THEN, "records": [{"who": "ada", "lines": [GOLD.format("ESP")]}]})
    assert desk.came(ws, desk.set_of(ws, early)) == [
        "1 medical APPLIED added from 2027-01-01",
        "2 medical PENDED waits for a decision; asked: coverage from 2027-01-01",
    ]
    assert closed(ws) == [("SUBSCRIBER-AWAITED", Closed.ITSELF), ("SUBSCRIBER-AWAITED", "")]
    assert state(ws, early) == "PARTIAL"


def test_two_sets_of_one_file(agreed: Workspace) -> None:
    """The dependents' set goes first by BGN; the file's own report is made before they are looked at again."""
    ws = agreed
    sets = [
        edi.enrollment_set(list(map(desk.loop, records)), day, reference, control=control)
        for records, day, reference, control in (
            ((BEA, CY), date(2026, 11, 30), "R1", "0001"),
            ((ADA,), FIRST, "R2", "0002"),
        )
    ]
    sent = edi.interchange(sets, FIRST, 1).encode()
    file_id = receive(ws, [sent], "1.edi", PARTNER, "test", ws.now(FIRST))
    assert len(desk.spans(ws)) == 3 and state(ws, file_id) == "APPLIED"
    assert len(desk.looked_again(ws, file_id, FIRST)) == 2


def test_a_replay_looks_again(agreed: Workspace, tmp_path: Path) -> None:
    ws = agreed
    desk.take(ws, 1, {"day": FIRST, "records": [BEA, CY]})
    desk.take(ws, 2, {"day": THEN, "records": [ADA]})
    came = replay(ws, tmp_path / "again")
    assert came.equal, came


def test_a_decision_on_the_subscriber_brings_the_dependents(agreed: Workspace) -> None:
    ws = agreed
    late = {**ADA, "reason": "28", "hired": date(2022, 3, 1)}
    file_id = desk.take(ws, 1, {"day": FIRST, "records": [late, BEA, CY]})
    set_id, spec = desk.set_of(ws, file_id), {"kind": "approve", "day": THEN}
    assert desk.codes(ws, file_id) == ["SUBSCRIBER-AWAITED", "WINDOW-OPEN"] and desk.spans(ws) == []
    looked = desk.decide(ws, set_id, spec)
    assert looked.effect and desk.decide(ws, set_id, spec, looked.effect.digest).done
    assert len(desk.spans(ws)) == 3 and state(ws, file_id) == "APPLIED"
    assert closed(ws)[0] == ("WINDOW-OPEN", Closed.DECISION)
    assert closed(ws)[1:] == [("SUBSCRIBER-AWAITED", Closed.ITSELF)] * 2
    assert len(desk.looked_again(ws, file_id, THEN)) == 2


def test_the_same_again_is_told_what_waits_of_it(agreed: Workspace) -> None:
    ws = agreed
    spec = {"day": FIRST, "ref": "SAME", "records": [BEA, CY]}
    desk.take(ws, 1, spec)
    again = desk.take(ws, 2, spec)
    set_id = desk.set_of(ws, again)
    with ws.database.read() as conn:
        (said,) = files.whole_findings(conn, again, set_id)
    assert said.code == "SET-SEEN-WAITS"
    assert (
        "2 of its member records wait for our decision (open work 1, 2), and are not applied yet" in said.message
    )
    assert state(ws, again) == "DUPLICATE"


def test_a_family_changes_its_plan_together_and_one_question_is_asked(agreed: Workspace) -> None:
    ws = agreed
    desk.take(ws, 1, {"day": FIRST, "records": [ADA, BEA]})
    both = ["001 HLT BRONZE FAM 2027-03-01", "021 HLT GOLD FAM 2027-03-01"]
    ada, bea = {"who": "ada", "do": "001"}, {"who": "bea", "do": "001", "lines": ["001 HLT BRONZE - 2027-03-01"]}
    desk.take(ws, 2, {"day": THEN, "records": [{**ada, "lines": both}, bea]})
    assert closed(ws) == [("PLANS-TWICE", ""), ("LINE-WAITS", "")]  # one of each record
    desk.take(ws, 3, {"day": THEN, "records": [{**ada, "lines": both[:1]}]})
    assert closed(ws) == [("PLANS-TWICE", Closed.ITSELF), ("LINE-WAITS", Closed.ITSELF)]
    assert [span for span in desk.spans(ws) if "BRONZE" in span] == [
        "M000000001 medical BRONZE FAM 2027-03-01 open",
        "M000000002 medical BRONZE 2027-03-01 open",
    ]


def test_dependents_move_when_their_subscriber_does(agreed: Workspace) -> None:
    """They name the new subgroup in a set before his: they wait, and stand by themselves when he has moved."""
    ws = agreed
    desk.take(ws, 1, {"day": FIRST, "records": [ADA, BEA]})
    there = {"do": "001", "subgroup": "200", "reason": "29"}
    moves = {"who": "ada", **there, "reason": "XT", "dates": {"303": date(2027, 2, 1)}}
    early = desk.take(
        ws, 2, {"day": THEN, "records": [{**BEA, **there, "lines": ["021 HLT BRONZE - 2027-02-01"]}]}
    )
    assert desk.codes(ws, early) == ["SUBGROUP-CHANGED"] and state(ws, early) == "PENDED"
    desk.take(ws, 3, {"day": THEN, "records": [{**moves, "lines": ["021 HLT BRONZE FAM 2027-02-01"]}]})
    assert desk.came(ws, desk.set_of(ws, early)) == ["1 medical APPLIED plan GOLD to BRONZE from 2027-02-01"]
    assert state(ws, early) == "APPLIED" and ("SUBGROUP-CHANGED", Closed.ITSELF) in closed(ws)


def test_the_subscriber_just_above_is_named(agreed: Workspace) -> None:
    """Some senders give a dependent a number of its own: the family is likely that of the record above."""
    ws = agreed
    dan = {"who": "dan", "lines": [GOLD.format("EMP")]}
    asked = desk.take(ws, 1, {"day": FIRST, "records": [BEA, dan, CY]})
    with ws.database.read() as conn:
        above, below = (
            raised.finding
            for _, _, raised in files.objections_of(conn, asked)
            if raised.finding.code == "SUBSCRIBER-AWAITED"
        )
        (mine,) = (line for line in member_lines.lines(conn, desk.set_of(ws, asked)) if line.is_subscriber)
    assert above.message == "The subscriber is neither known nor in this set.", "nobody stands above the first"
    assert f"Just above, in segment {mine.segment}, is a subscriber with another number" in below.message
    assert "that subscriber's number (REF*0F)" in below.fix
