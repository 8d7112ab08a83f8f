"""The work flow: what waits because time has passed becomes open work, and the desk is shown in figures."""

from __future__ import annotations

from flows.base import in_workspace, instant, run, say, step
from flows.words import NOTHING, Told, at_time, log
from model.money.cents import format_dollars
from pipeline import inputs
from pipeline.runtime.workspace import Workspace
from pipeline.views.work import DeskView

HEADS = ("kind", "code", "open", "past due", "oldest, days", "money")


@step("look at the desk")
async def look_at_desk(environment: str, today: str | None) -> DeskView:
    """Look, and return what is open by kind and code."""

    def work(ws: Workspace) -> DeskView:
        return inputs.look_at_desk(ws, instant(ws, today))

    desk = await in_workspace(environment, work)
    log(_said(desk))
    return desk


def _said(desk: DeskView) -> str:
    return f"{desk.total} open, {sum(row.past_due for row in desk.rows)} past due"


@run("work-night", at_time("work"))
async def work_night(environment: str = "production", today: str | None = None) -> Told[int]:
    """Look at the desk and return how many items are open; what is past due fails nothing and is shown."""
    desk = await look_at_desk(environment, today)
    rows = [
        (row.kind, row.code, row.count, row.past_due, row.oldest, format_dollars(row.amount_cents))
        for row in desk.rows
    ]
    if rows:
        await say("open-work", _said(desk), HEADS, rows)
    return Told("OPEN" if rows else NOTHING, _said(desk), desk.total)
