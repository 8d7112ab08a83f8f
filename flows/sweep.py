"""The sweep flow: what lies in the partners' channels is claimed, and a receive run started for it."""

from __future__ import annotations

from collections import Counter

from flows.base import VerbFailed, in_workspace, instant, known_partner, run, say, step
from flows.dead_runs import crash_dead_runs
from flows.start import start
from pipeline import inputs
from pipeline.runtime.workspace import Workspace
from pipeline.views.received import SweptView


@step("fetch")
async def fetch(environment: str, partner: str, today: str | None, settle: float) -> list[tuple[str, str]]:
    """Claim what came; return counts and codes by partner, for a sender's file name may say anything."""

    def work(ws: Workspace) -> tuple[SweptView, ...]:
        return inputs.fetch(ws, instant(ws, today), known_partner(ws, partner), settle)

    rows: list[tuple[str, str]] = []
    for swept in await in_workspace(environment, work):
        codes = Counter(finding.code for finding in swept.findings)
        said = [f"{len(swept.files)} claimed"] if swept.files else []
        said += [f"{count} {code}" for code, count in sorted(codes.items())]
        rows += [(f"{swept.partner} by {swept.channel}", ", ".join(said))] if said else []
    return rows


@run("sweep-inboxes")
async def sweep_inboxes(
    environment: str = "production", partner: str = "", today: str | None = None, settle: float = inputs.SETTLE
) -> int:
    """Sweep every partner's channel, or one; return how many files have a receive run or wait for theirs.

    Raises VerbFailed, at its end, while a file is stuck: nobody goes on with it by himself.
    """
    await crash_dead_runs()  # first: what they were at is started again below
    seen = await fetch(environment, partner, today, settle)
    started = await start(environment, today)
    if seen or started:
        rows = [*seen, *((f"{each.file} of {each.partner}", each.outcome) for each in started)]
        await say("sweep", "Sweep", ("what", "outcome"), rows)
    stuck = [each.outcome for each in started if each.stuck]
    if stuck:
        raise VerbFailed("; ".join(stuck))  # all else is done: a person must see this
    return len(started)
