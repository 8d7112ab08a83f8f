"""Children at the age limit: told of ahead, not ended before the notice is old (docs/domain.md, Age limits)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from model.desk import Wanted
from model.timeline import OPEN
from pipeline import inputs
from pipeline.receive.deliver import deliver
from pipeline.runtime.workspace import Workspace
from pipeline.views.work import work_list
from store.people import roster
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


def test_a_proof_of_disability_exempts(ws):
    """DOMAIN 3: "INS10 = Y exempt by proof"."""
    assert CHILD in ADDS
    family(ws, ADDS.replace(CHILD, CHILD + b"*****Y", 1))
    inputs.look_at_desk(ws, ws.now(date(2027, 5, 1)))
    assert ends(ws) == set()
