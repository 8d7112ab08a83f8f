"""Run the night: each day that is due, the oldest first, each part for itself; what ended well is not done again.

What was done last is asked of the store. A day that was missed runs as that day; what can only be done now (a
notice that goes out, credit that pays) is done once, today. A part that breaks stops only itself, and is told; it
is tried again by the next run, from the day on which it broke.

Source: docs/operations.md, The night.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from model.nights import NightPart, Outcome, due
from pipeline.desk.nights import record
from pipeline.nights.parts import PARTS, Tonight
from pipeline.runtime import clock, leases
from pipeline.runtime.breakage import describe
from pipeline.runtime.collector import expect_many
from pipeline.runtime.workspace import Workspace
from pipeline.views.nights import NightView, night_view
from store import nights
from vault import disk
from writers.reports import night_page

_FOLDER = "nights"


def run(
    ws: Workspace, now: datetime, *, whole: bool = False, progress: Callable[[str], None] = lambda part: None
) -> NightView:
    """Do what the night is behind with, and return what it came to; `whole`: everything of `verify`.

    Nothing where another run is at it (`busy`), and where today is done.
    """
    expect_many()
    with leases.alone(ws, "night") as held:
        if held is None:
            return night_view((), busy=True)
        outcomes = _all(ws, now, whole, progress)
        path = _page(ws, now, outcomes) if outcomes else None
        return night_view(outcomes, page=str(path) if path else "")


def _all(ws: Workspace, now: datetime, whole: bool, progress: Callable[[str], None]) -> list[Outcome]:
    with ws.database.read() as conn:
        today, done = clock.local_day(conn, now), nights.done(conn)
    outcomes: list[Outcome] = []
    broken: set[NightPart] = set()
    for day, parts in list(due(done, today)):
        tonight = Tonight(ws, day, now if day == today else ws.now(day), whole)
        came = []
        for part in parts:
            if part not in broken:
                progress(f"{day} {part}")
                came.append(_part(tonight, part))
        broken |= {each.part for each in came if each.broke}
        record(ws, day, [each.part for each in came if not each.broke], tonight.now)
        outcomes += came
    return outcomes


def _part(tonight: Tonight, part: NightPart) -> Outcome:
    try:
        return PARTS[part](tonight)
    except Exception as error:  # noqa: BLE001  the others go on; its text may hold a person's data
        return Outcome(part, tonight.day, broke=describe(error))


def _page(ws: Workspace, now: datetime, outcomes: Sequence[Outcome]) -> Path:
    """Write what the night did as a page into the home's own folder; each run of a day has its own."""
    with ws.database.read() as conn:
        today = clock.local_day(conn, now)
    folder = disk.make_folder(ws.settings.home / _FOLDER)
    made = len(list(folder.glob(f"night-{today}*.html")))
    name = f"night-{today}" + (f"-{made + 1}" if made else "")
    document = night_page.render(name, ws.carrier(), today, outcomes)
    path = folder / document.name
    path.write_bytes(document.data)
    path.chmod(disk.FILE)
    return path
