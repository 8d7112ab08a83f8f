"""How long it takes until what was sent shows: by partner, from receipt to each of its answers (FAQ 28).

Source: docs/domain.md, Service levels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from model.timeline import day_after
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from store.received import times
from store.received.times import FileTimes

_OPEN_SHOWN = 20  # of a partner's files that are open


@dataclass(frozen=True, slots=True)
class MeasureView:
    """How long it took from receipt, of `files` that came so far: median and worst, in seconds, null of none.

    `worst_file` is the slowest one, "" of none.
    """

    files: int
    median_seconds: int | None
    worst_seconds: int | None
    worst_file: str


@dataclass(frozen=True, slots=True)
class OpenFileView:
    """A file that is not through. `waits_for`: acknowledgment, decision or answer; `age_seconds` since receipt."""

    file_id: str
    state: str
    waits_for: str
    received_at: datetime
    age_seconds: int


@dataclass(frozen=True, slots=True)
class PartnerTimesView:
    """One partner's files: how many, how long each stage took, how many are open and the oldest of them."""

    partner: str
    files: int
    acknowledged: MeasureView
    applied: MeasureView
    answered: MeasureView
    open_count: int
    open: tuple[OpenFileView, ...]


@dataclass(frozen=True, slots=True)
class FileTimesView:
    """The times of files received from `begin` through `end` (null: any day), by partner; open ones as of `at`."""

    begin: date | None
    end: date | None
    at: datetime
    partners: tuple[PartnerTimesView, ...]


def file_times(
    ws: Workspace, now: datetime, partner: str = "", begin: date | None = None, end: date | None = None
) -> FileTimesView:
    """Return how long files took, by partner; days are the plan's, both inclusive."""
    zone = ws.zone()
    since = clock.begins(begin, zone) if begin else None
    until = clock.begins(day_after(end), zone) if end else None
    with ws.database.read() as conn:
        found = times.of_files(conn, times.received_in(conn, since, until, partner))
    by_partner: dict[str, list[FileTimes]] = {}
    for each in found:
        by_partner.setdefault(each.file.partner, []).append(each)
    return FileTimesView(
        begin, end, now, tuple(_partner(code, by_partner[code], now) for code in sorted(by_partner))
    )


def _partner(code: str, files: Sequence[FileTimes], now: datetime) -> PartnerTimesView:
    waiting = [(each, waits) for each in files if (waits := _waits_for(each))]
    return PartnerTimesView(
        partner=code,
        files=len(files),
        acknowledged=_measure(files, lambda each: each.acknowledged),
        applied=_measure(files, lambda each: each.applied),
        answered=_measure(files, lambda each: each.answered),
        open_count=len(waiting),
        open=tuple(_open(each, waits, now) for each, waits in waiting[:_OPEN_SHOWN]),
    )


def _measure(files: Sequence[FileTimes], stage: Callable[[FileTimes], datetime | None]) -> MeasureView:
    took = [(_seconds(at - each.file.received_at), each.file.id) for each in files if (at := stage(each))]
    if not took:
        return MeasureView(0, None, None, "")
    worst, file_id = max(took, key=lambda pair: pair[0])
    return MeasureView(len(took), round(median(seconds for seconds, _ in took)), worst, file_id)


def _waits_for(each: FileTimes) -> str:
    """Return what a file waits for next; "" where it is through."""
    if each.owes_acknowledgment or (each.accepted is None and each.file.state is None):
        return "acknowledgment"
    if each.waits:
        return "decision"
    return "answer" if each.owes_answer else ""


def _open(each: FileTimes, waits_for: str, now: datetime) -> OpenFileView:
    state, received = each.file.state, each.file.received_at
    return OpenFileView(each.file.id, state.value if state else "", waits_for, received, _seconds(now - received))


def _seconds(took: timedelta) -> int:
    """Return a time in whole seconds; below zero, where the clock went back, none."""
    return max(0, round(took.total_seconds()))
