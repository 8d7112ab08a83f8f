"""The sweep flow: what lies in the partners' channels is claimed, and a receive run started for it.

It runs every minute, so it makes no noise: a run of the schedule that has nothing new to say leaves no run behind;
its artifact says how things stand. For that it has no tasks: the server notes task runs by events, which may come
after their flow run was deleted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State

from flows.base import VerbFailed, in_workspace, instant, known_partner, run, say_news
from flows.dead_runs import crash_dead_runs
from flows.late_sweeps import is_overtaken
from flows.start import start
from flows.words import NOTHING, Told, at_time, counted, tell_away
from pipeline import inputs
from pipeline.runtime.workspace import Workspace
from pipeline.views.received import SweptView


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a look into the channels came to, in counts; `rows` say more of whatever there is to say."""

    claimed: int
    findings: int
    rows: list[tuple[str, str]]

    def words(self, open_files: int = 0) -> str:
        """Say it in one line, with how many files are not done."""
        counts = {"claimed": self.claimed, "not done": open_files, "finding(s)": self.findings}
        return counted(counts) or "nothing came"


async def fetch(environment: str, partner: str, today: str | None, settle: float) -> Fetched:
    """Claim what came; return counts and codes by partner, for a sender's file name may say anything."""

    def work(ws: Workspace) -> tuple[SweptView, ...]:
        return inputs.fetch(ws, instant(ws, today), known_partner(ws, partner), settle)

    views = await in_workspace(environment, work)
    rows: list[tuple[str, str]] = []
    for swept in views:
        codes = Counter(finding.code for finding in swept.findings)
        said = [f"{len(swept.files)} claimed"] if swept.files else []
        said += [f"{count} {code}" for code, count in sorted(codes.items())]
        if not swept.partner:  # what lies where no channel looks: each place by itself
            rows += [(finding.subject, finding.code) for finding in swept.findings]
        elif said:
            rows += [(f"{swept.partner} by {swept.channel}", ", ".join(said))]
        for finding in swept.findings:
            tell_away(finding)
    return Fetched(sum(len(swept.files) for swept in views), sum(len(swept.findings) for swept in views), rows)


async def forget_nothing(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Delete a sweep of the schedule that had nothing to say, once it has ended."""
    if state.name == NOTHING and flow_run.auto_scheduled:
        async with get_client() as client:
            await client.delete_flow_run(flow_run.id)


@run("sweep-inboxes", at_time("sweep"), forget_nothing)
async def sweep_inboxes(
    environment: str = "production", partner: str = "", today: str | None = None, settle: float = inputs.SETTLE
) -> Told[int]:
    """Sweep every partner's channel, or one; return how many files have a receive run or wait for theirs.

    Raises VerbFailed, at its end, while a file is stuck: nobody goes on with it by himself.
    """
    if await is_overtaken():
        return Told(NOTHING, "a later sweep does it", 0)
    await crash_dead_runs()  # first: what they were at is started again below
    seen = await fetch(environment, partner, today, settle)
    started = await start(environment, today)
    rows = [*seen.rows, *((f"{each.file} of {each.partner}", each.outcome) for each in started if each.outcome)]
    key = "sweep" if environment == "production" else f"sweep-{environment}"
    news = await say_news(key, "Sweep", ("what", "outcome"), rows)
    stuck = [each.outcome for each in started if each.stuck]
    if stuck:
        raise VerbFailed("; ".join(stuck))  # all else is done: a person must see this
    return Told("SWEPT" if news else NOTHING, seen.words(len(started)), len(started))
