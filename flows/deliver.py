"""The deliver flow: publishes what is owed and not yet delivered, as to a partner who was away."""

from __future__ import annotations

from collections.abc import Sequence

from flows.base import in_workspace, instant, listing, run, say, step
from flows.words import NOTHING, Told, at_time, counted, log, tell_away
from model.finding import Finding
from pipeline import inputs
from pipeline.runtime.workspace import Workspace


@step("deliver")
async def deliver_all(environment: str, today: str | None, file_id: str = "") -> tuple[list[str], list[str]]:
    """Publish everything owed; return where, under names that are ours, and whose channel is away and why.

    `file_id`: only what the partner of this file is owed.
    """

    trouble: list[Finding] = []

    def work(ws: Workspace) -> list[str]:
        now = instant(ws, today)
        if file_id:
            return inputs.deliver_answers(ws, file_id, now, trouble.append)
        return inputs.deliver(ws, now, trouble.append)

    written = await in_workspace(environment, work)
    for finding in trouble:
        tell_away(finding)
    log(_said(written, trouble))
    return written, [f"{finding.subject}: {finding.code}" for finding in trouble]


def _said(written: Sequence[object], trouble: Sequence[object]) -> str:
    return counted({"document(s) delivered": len(written), "still owed": len(trouble)}) or "nothing was owed"


@run("deliver-owed", at_time("deliver"))
async def deliver_owed(environment: str = "production", today: str | None = None) -> Told[int]:
    """Publish everything owed and return how many documents that were; what a channel refuses stays owed."""
    written, trouble = await deliver_all(environment, today)
    if written or trouble:
        rows = [("documents", len(written)), *(("still owed", refusal) for refusal in trouble)]
        await say("delivered", f"{len(written)} delivered", ("what", "count"), rows, listing(written))
    word = "OWED" if trouble else "DELIVERED" if written else NOTHING
    return Told(word, _said(written, trouble), len(written))
