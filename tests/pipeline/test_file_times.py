"""How long files take, from receipt to each answer, and what is open (FAQ 28)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pipeline import inputs
from pipeline.receive import claim, run
from pipeline.runtime.workspace import Workspace
from pipeline.views import agreed, files, times
from support.installation import GROUP, PARTNER, SAMPLES, load_terms

DEMO = SAMPLES / "demo"
MONDAY = date(2026, 11, 23)
DAY = 86_400  # seconds


def received(ws: Workspace, name: str, day: date, done: date, delivered: date) -> str:
    """Receive a file on one day, decide it on another, and deliver its answers on a third."""
    file = claim.claim(ws, [(DEMO / name).read_bytes()], name, PARTNER, "test", ws.now(day))
    at = replace(ws, today=done)
    inputs.judge(at, file.id)
    inputs.apply(at, file.id)
    inputs.answer(at, file.id)
    inputs.deliver(at, ws.now(delivered))
    return file.id


def told(ws: Workspace, now: date, **asked: Any) -> times.PartnerTimesView:
    (partner,) = times.file_times(ws, ws.now(now), **asked).partners
    return partner


def test_each_stage_is_measured_from_receipt(on_both: Workspace) -> None:
    ws, day = on_both, timedelta(1)
    load_terms(ws)
    adds = received(ws, "01-adds.edi", MONDAY, MONDAY + day, MONDAY + 2 * day)
    changes = received(ws, "02-changes.edi", MONDAY + 12 * day, MONDAY + 16 * day, MONDAY + 19 * day)
    last = claim.claim(ws, [b"nothing of ours"], "x.txt", PARTNER, "test", ws.now(MONDAY + 20 * day))
    found = told(ws, MONDAY + 30 * day)
    assert (found.partner, found.files, found.open_count) == (PARTNER, 3, 1)
    assert found.acknowledged == times.MeasureView(2, round(4.5 * DAY), 7 * DAY, changes)
    assert found.answered == times.MeasureView(2, round(4.5 * DAY), 7 * DAY, changes)
    assert found.applied == times.MeasureView(2, round(2.5 * DAY), 4 * DAY, changes)
    (waiting,) = found.open
    assert (waiting.file_id, waiting.waits_for, waiting.age_seconds) == (last.id, "acknowledgment", 10 * DAY)
    first = told(ws, MONDAY, begin=MONDAY, end=MONDAY + 3 * day)
    assert (first.files, first.acknowledged.worst_file) == (1, adds)
    assert times.file_times(ws, ws.now(MONDAY), "nobody").partners == ()
    one_file_says_it_too(ws, changes)
    run.finish(ws, last.id)


def one_file_says_it_too(ws: Workspace, file_id: str) -> None:
    """A file has the instants of its stages, each line the one at which it was decided; a roster feeds it out."""
    day = timedelta(1)
    shown = files.known_file(ws, file_id)
    received, decided = shown.received_at, ws.now(MONDAY + 16 * day)
    assert (shown.accepted_at, shown.applied_at) == (decided, decided)
    assert shown.acknowledged_at == shown.answered_at == received + 7 * day
    (part,) = shown.sets
    assert (part.decided_at, part.fed_at) == (decided, None)
    assert {line.decided_at for member in part.members for line in member.lines} == {decided}
    now = ws.now(MONDAY + 21 * day)
    inputs.export_roster(ws, GROUP, "834", agreed.partner(ws, PARTNER), now, deliver=True)
    (part,) = files.known_file(ws, file_id).sets
    assert part.fed_at == now
