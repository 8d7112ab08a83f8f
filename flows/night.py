"""The night flow: what time brings, part by part; nights that were missed are made up for."""

from __future__ import annotations

from flows.base import VerbFailed, in_workspace, instant, run, say, step
from flows.words import NOTHING, Told, at_time, log
from model.money.cents import format_dollars
from pipeline import inputs
from pipeline.runtime.workspace import Workspace
from pipeline.views.nights import NightPartView, NightView

HEADS = ("day", "part", "what", "money", "broke")


@step("the night", retries=0)
async def do_night(environment: str, today: str | None, whole: bool) -> NightView:
    """Do what is due, and return what it came to."""

    def work(ws: Workspace) -> NightView:
        return inputs.run_night(ws, instant(ws, today), whole=whole)

    value = await in_workspace(environment, work)
    log(_said(value))
    return value


def _said(value: NightView) -> str:
    if value.busy:
        return "another run is at it"
    told = f"{value.days} days, {len(value.parts)} parts, {len(value.broken)} broke"
    return told if value.parts else "done before"


def _row(part: NightPartView) -> tuple[object, ...]:
    counts = ", ".join(f"{count} {what}" for what, count in part.counts.pairs)
    said = "; ".join(text for text in (counts, *part.told) if text)
    return part.day, part.part, said, format_dollars(part.amount_cents) if part.amount_cents else "", part.broke


@run("night", at_time("night"))
async def night(environment: str = "production", today: str | None = None, whole: bool = False) -> Told[int]:
    """Do what the night is due; return how many days. Fails where a part broke: the others were done."""
    value = await do_night(environment, today, whole)
    if value.parts:
        await say("night", _said(value), HEADS, [_row(part) for part in value.parts])
    if value.broken:
        broke = ", ".join(f"{part.part} of {part.day}" for part in value.broken)
        raise VerbFailed(f"{broke} broke: the others were done; the next run tries again")
    return Told("DONE" if value.parts else NOTHING, _said(value), value.days)
