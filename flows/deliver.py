"""The deliver flow: publishes what is owed and not yet delivered, as to a partner who was away."""

from __future__ import annotations

from flows.base import in_workspace, instant, listing, run, say, step
from model.finding import Finding
from pipeline import inputs
from pipeline.runtime.workspace import Workspace


@step("deliver")
async def deliver_all(environment: str, today: str | None, file_id: str = "") -> tuple[list[str], list[str]]:
    """Publish everything owed; return where, under names that are ours, and whose channel is away and why.

    `file_id`: only what the partner of this file is owed.
    """

    def work(ws: Workspace) -> tuple[list[str], list[str]]:
        trouble: list[Finding] = []
        now = instant(ws, today)
        if file_id:
            written = inputs.deliver_answers(ws, file_id, now, trouble.append)
        else:
            written = inputs.deliver(ws, now, trouble.append)
        return written, [f"{finding.subject}: {finding.code}" for finding in trouble]

    return await in_workspace(environment, work)


@run("deliver-owed")
async def deliver_owed(environment: str = "production", today: str | None = None) -> int:
    """Publish everything owed and return how many documents that were; what a channel refuses stays owed."""
    written, trouble = await deliver_all(environment, today)
    if written or trouble:
        rows = [("documents", len(written)), *(("still owed", refusal) for refusal in trouble)]
        await say("delivered", f"{len(written)} delivered", ("what", "count"), rows, listing(written))
    return len(written)
