"""The night ends what stands beyond an agreement on its day (docs/domain.md, The end of an agreement)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import func, select

from model.journal import Purpose
from model.timeline import OPEN
from pipeline import inputs
from pipeline.receive.deliver import deliver
from pipeline.runtime.workspace import Workspace
from store import tables
from store.people import roster
from support.installation import GROUP, SAMPLES, TERMS, load_terms, take

AGREED = TERMS.read_text(encoding="utf-8")
ENDS = AGREED.replace("begin = 2026-01-01\naddress", "begin = 2026-01-01\nend = 2027-01-31\naddress")
LAST = date(2027, 1, 31)


def ends(ws: Workspace) -> set[date]:
    """The last days of everything that is covered."""
    with ws.database.read() as conn:
        return {line.span.end for line in roster.lines(conn, GROUP)}


def steps(ws: Workspace) -> int:
    """How many steps ended anything."""
    with ws.database.read() as conn:
        ended = select(func.count()).where(tables.tx.c.what == Purpose.END_AGREEMENT.value)
        return conn.scalar(ended) or 0


def family(ws: Workspace) -> None:
    load_terms(ws)
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 12, 1))


def test_on_the_agreed_day_and_not_before(ws):
    """DOMAIN 3, Group termination: "cascades to every member including COBRA on its day, with notices"."""
    family(ws)
    load_terms(ws, ENDS, date(2026, 12, 15))
    inputs.look_at_desk(ws, ws.now(date(2027, 1, 30)))
    assert ends(ws) == {OPEN} and steps(ws) == 0
    inputs.look_at_desk(ws, ws.now(LAST))
    assert ends(ws) == {LAST} and steps(ws) == 1
    (path,) = [path for path in deliver(ws, ws.now(LAST)) if "notice" in path]
    text = Path(path).read_text("utf-8-sig")
    assert text.count("2027-01-31") >= 4 and "IMPLIED" in text
    inputs.look_at_desk(ws, ws.now(date(2027, 2, 1)))
    assert steps(ws) == 1


def test_a_late_night_ends_on_the_agreed_day_all_the_same(ws):
    family(ws)
    load_terms(ws, ENDS, date(2026, 12, 15))
    inputs.look_at_desk(ws, ws.now(date(2027, 2, 9)))
    assert ends(ws) == {LAST}


def test_an_end_that_was_loaded_after_its_day_waits_for_two_people(ws):
    """DOMAIN 3: "an end loaded with a past date is a retro termination of every member (... two people ...)"."""
    family(ws)
    load_terms(ws, ENDS, date(2027, 2, 3))  # by two people
    inputs.look_at_desk(ws, ws.now(date(2027, 2, 4)))
    assert ends(ws) == {OPEN} and steps(ws) == 0
