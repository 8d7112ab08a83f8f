"""The deliver flow: publishes what is owed and not yet delivered, as to a partner who was away."""

from __future__ import annotations

from prefect import flow

from flows.base import in_workspace, instant, listing, say, step
from pipeline import deliver


@step("deliver")
async def deliver_all(environment: str, today: str | None) -> list[str]:
    """Publish everything owed; return where, under names that are ours."""
    written = await in_workspace(environment, lambda ws: deliver.deliver(ws, instant(ws, today)))
    return [str(path) for path in written]


@flow(name="deliver-owed", persist_result=False, log_prints=False)
async def deliver_owed(environment: str = "production", today: str | None = None) -> int:
    """Publish everything owed and return how many documents that were."""
    written = await deliver_all(environment, today)
    if written:
        await say(
            "delivered",
            f"{len(written)} delivered",
            ("what", "count"),
            [("documents", len(written))],
            listing(written),
        )
    return len(written)
