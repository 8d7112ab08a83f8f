"""Children at the age limit: told of ahead, not ended before the notice is old (docs/domain.md, Age limits)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from model.desk import Wanted
from model.timeline import OPEN
from pipeline import inputs
from pipeline.receive.deliver import deliver
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.views.work import work_list
from store.people import roster
from support.desk import decide, set_of
from support.employer import change
from support.installation import GROUP, SAMPLES, load_terms, take_bytes

ADDS = (SAMPLES / "valid" / "01-add-family.edi").read_bytes().replace(b"20170316", b"20010316")
CHILD = b"INS*N*19*021*29*A"
FIRST, LAST = date(2027, 3, 1), date(2027, 3, 31)  # thirty days ahead; 26 on 16 March 2027


def family(ws: Workspace, data: bytes = ADDS) -> None:
    load_terms(ws)
    take_bytes(ws, data, "a.edi", date(2026, 12, 1))


def ends(ws: Workspace) -> set[tuple[str, date]]:
    """Whose coverage has an end, and which."""
    with ws.database.read() as conn:
        lines = roster.lines(conn, GROUP)
    return {(line.relationship, line.span.end) for line in lines if line.span.end != OPEN}


def offered(ws: Workspace, day: date) -> list[str]:
    return [item.code for item in work_list(ws, ws.now(day), Wanted("query")).items]


def test_the_end_is_fixed_when_the_notice_goes_out(ws):
    """DOMAIN 3, Age-off: "worked out nightly ... and fixed on the span only when the notice goes out"."""
    family(ws)
    inputs.look_at_desk(ws, ws.now(date(2027, 2, 28)))
    assert ends(ws) == set()
    inputs.look_at_desk(ws, ws.now(FIRST))
    assert ends(ws) == {("19", LAST)}
    (path,) = [path for path in deliver(ws, ws.now(FIRST)) if "notice" in path]
    text = Path(path).read_text("utf-8-sig")
    assert "2027-03-31" in text and "2001" not in text.replace("2001-", "2001")
    assert offered(ws, FIRST) == ["COBRA-OFFER"]
    inputs.look_at_desk(ws, ws.now(FIRST))
    inputs.look_at_desk(ws, ws.now(date(2027, 4, 2)))
    assert ends(ws) == {("19", LAST)} and offered(ws, date(2027, 4, 2)) == ["COBRA-OFFER"]


def test_no_end_runs_before_the_notice_is_old_enough_after_an_outage_too(ws):
    """DOMAIN 3: "no end that needs a notice runs before the notice is N days old, also after an outage"."""
    family(ws)
    inputs.look_at_desk(ws, ws.now(date(2027, 3, 25)))
    assert ends(ws) == {("19", date(2027, 4, 24))}


def test_an_end_waits_for_a_notice_that_left_late(ws):
    """DOMAIN 3: "no end that needs a notice runs before the notice is N days old": counted from when it left."""
    family(ws)
    inputs.look_at_desk(ws, ws.now(FIRST))
    deliver(ws, ws.now(date(2027, 3, 20)))
    inputs.look_at_desk(ws, ws.now(date(2027, 3, 21)))
    assert ends(ws) == {("19", date(2027, 4, 20))}
    (path,) = [path for path in deliver(ws, ws.now(date(2027, 3, 21))) if "notice" in path]
    assert "2027-04-20" in Path(path).read_text("utf-8-sig")
    inputs.look_at_desk(ws, ws.now(date(2027, 3, 22)))
    assert ends(ws) == {("19", date(2027, 4, 20))}


def test_an_end_whose_notice_never_left_is_put_off_and_taken_back(ws, tmp_path):
    """The channel is away for weeks: on the last day the end moves; one that passed in an outage, too."""
    family(ws)
    inputs.look_at_desk(ws, ws.now(FIRST))
    inputs.look_at_desk(ws, ws.now(date(2027, 3, 30)))
    assert ends(ws) == {("19", LAST)}
    inputs.look_at_desk(ws, ws.now(LAST))
    assert ends(ws) == {("19", date(2027, 4, 30))}
    inputs.look_at_desk(ws, ws.now(date(2027, 5, 3)))
    assert ends(ws) == {("19", date(2027, 6, 2))}
    deliver(ws, ws.now(date(2027, 5, 3)))
    inputs.look_at_desk(ws, ws.now(date(2027, 6, 3)))
    assert ends(ws) == {("19", date(2027, 6, 2))} and replay(ws, tmp_path / "again").equal


def test_a_proof_of_disability_exempts(ws):
    """DOMAIN 3: "INS10 = Y exempt by proof"."""
    assert CHILD in ADDS
    family(ws, ADDS.replace(CHILD, CHILD + b"*****Y", 1))
    inputs.look_at_desk(ws, ws.now(date(2027, 5, 1)))
    assert ends(ws) == set()


WHO = (
    "REF*0F*E50001",
    "REF*1L*HM4100",
    "REF*DX*100",
    "NM1*IL*1*QUIGLEY*PERCY****34*901410003",
    "DMG*D8*20010316*M",
)
AHEAD, AFTER = date(2027, 3, 10), date(2027, 4, 10)


def proof(ws: Workspace, day: date, *lines: str, do: str = "001", exempt: str = "Y") -> dict[str, Any]:
    """Receive a record about the child: what it asks, INS10, and these HDs."""
    data = change(f"{day:%y%m%d}001", f"{day:%Y%m%d}", f"INS*N*19*{do}*29*A*****{exempt}", *WHO, *lines)
    return take_bytes(ws, data, f"{day}-{exempt}.edi", day)


def fixed(ws: Workspace) -> None:
    """The family, with the child's end fixed by age and its notice sent."""
    family(ws)
    inputs.look_at_desk(ws, ws.now(FIRST))
    assert ends(ws) == {("19", LAST)}


def gold(maintenance: str, begin: str, end: str = "") -> tuple[str, ...]:
    until = (f"DTP*349*D8*{end}",) if end else ()
    return (f"HD*{maintenance}**HLT*GOLD", f"DTP*348*D8*{begin}", *until)


def child(ws: Workspace) -> set[tuple[str, date]]:
    """The child's lines, each with its last day."""
    with ws.database.read() as conn:
        return {(line.line, line.span.end) for line in roster.lines(conn, GROUP) if line.relationship == "19"}


@pytest.mark.parametrize("lines", [(), gold("030", "20261201"), gold("021", "20261201", "99991231")])
def test_a_proof_after_the_notice_takes_the_end_back(ws, lines):
    """By a file, with or without the coverage; what the notice asked for is not owed any more."""
    fixed(ws)
    assert proof(ws, AHEAD, *lines)["state"] == "APPLIED"
    assert ends(ws) == set() and offered(ws, AHEAD) == []
    inputs.look_at_desk(ws, ws.now(date(2027, 4, 2)))
    assert ends(ws) == set()


def test_a_record_without_a_proof_takes_no_end_back(ws):
    fixed(ws)
    proof(ws, AHEAD, *gold("030", "20261201"), exempt="N")
    file = proof(ws, date(2027, 3, 11), *gold("021", "20261201", "99991231"), exempt="N")
    assert ends(ws) == {("19", LAST)} and offered(ws, AHEAD) == ["COBRA-OFFER"] and file["state"] == "PENDED"


def test_an_end_that_the_proof_says_itself_stands(ws):
    fixed(ws)
    assert proof(ws, AHEAD, *gold("021", "20261201", "20270630"))["state"] == "APPLIED"
    assert child(ws) == {("medical", date(2027, 6, 30)), ("dental", OPEN)}


@pytest.mark.parametrize(
    ("lines", "do", "waits"),
    [
        (gold("030", "20261201"), "001", ["COVERAGE-ENDED"]),
        (gold("021", "20270401"), "021", ["COVERAGE-ENDED"]),
        ((), "001", []),
    ],
)
def test_a_proof_after_the_end_brings_nothing_back_unasked(ws, lines, do, waits):
    """A line that it names waits; of one that it does not name it is said how to ask for it."""
    fixed(ws)
    file = proof(ws, AFTER, *lines, do=do)
    assert ends(ws) == {("19", LAST)}
    codes = {finding["code"] for finding in file["all_findings"]}
    assert "PROOF-LATE" in codes and set(waits) <= codes
    assert [item.code for item in work_list(ws, ws.now(AFTER), Wanted("member")).items] == waits


@pytest.mark.parametrize("lines", [gold("030", "20261201"), gold("021", "20270401")])
def test_what_waits_goes_on_without_a_gap_when_it_is_approved(ws, lines):
    fixed(ws)
    file = proof(ws, AFTER, *lines)
    asked = {"kind": "approve", "day": AFTER}
    shown = decide(ws, set_of(ws, file["file_id"]), asked)
    decide(ws, set_of(ws, file["file_id"]), {**asked, "two": True}, shown.effect.digest)
    assert child(ws) == {("medical", OPEN), ("dental", LAST)}
    assert work_list(ws, ws.now(AFTER), Wanted("member")).items == ()
    inputs.look_at_desk(ws, ws.now(date(2027, 4, 11)))
    assert ("medical", OPEN) in child(ws)
