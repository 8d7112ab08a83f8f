"""The receive flow: one run per claimed file, four coarse tasks that pass its opaque id.

Correctness lies in the store: each verb is re-entrant, so a run that was killed is simply run again. Nothing is
persisted or cached by Prefect, since a result could hold a person's data (DESIGN.md 15).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from prefect import flow, task
from prefect.artifacts import acreate_table_artifact
from prefect.cache_policies import NO_CACHE

from pipeline import answer, deliver, exchanges, judge, receive
from pipeline.workspace import Settings, Workspace, open_workspace

T = TypeVar("T")
ACTOR = "flow"


async def _with_workspace(environment: str, verb: Callable[[Workspace], T]) -> T:
    """Do a verb in a thread of its own, so that the run's heartbeat goes on."""

    def work() -> T:
        ws = open_workspace(Settings.read(environment), ACTOR)
        try:
            return verb(ws)
        finally:
            ws.close()

    return await asyncio.to_thread(work)


@task(cache_policy=NO_CACHE, persist_result=False, name="judge")
async def judge_file(file_id: str, environment: str) -> None:
    """Check the file and owe its TA1 and 999."""
    await _with_workspace(environment, lambda ws: judge.judge(ws, file_id))


@task(cache_policy=NO_CACHE, persist_result=False, name="apply")
async def apply_file(file_id: str, environment: str) -> None:
    """Apply each set in its own transaction."""
    await _with_workspace(environment, lambda ws: receive.apply(ws, file_id))


@task(cache_policy=NO_CACHE, persist_result=False, name="answer")
async def answer_file(file_id: str, environment: str) -> str:
    """Bring the file to its terminal state and owe its report."""
    return (await _with_workspace(environment, lambda ws: answer.answer(ws, file_id))).value


@task(cache_policy=NO_CACHE, persist_result=False, name="deliver")
async def deliver_owed(environment: str) -> int:
    """Publish what is owed; returns how many documents were written."""
    now = datetime.now(UTC)
    return len(await _with_workspace(environment, lambda ws: deliver.deliver(ws, now)))


@flow(name="receive-file", persist_result=False, log_prints=False)
async def receive_file(file_id: str, environment: str = "production") -> str:
    """Take a claimed file to its terminal state and return that state."""
    await judge_file(file_id, environment)
    await apply_file(file_id, environment)
    state = await answer_file(file_id, environment)
    documents = await deliver_owed(environment)
    counts = await _with_workspace(environment, lambda ws: exchanges.file_counts(ws, file_id))
    rows: list[dict[str, Any]] = [{"what": "state", "count": state}]
    rows += [{"what": "documents written", "count": documents}]
    rows += [{"what": what, "count": count} for what, count in counts.items()]
    await acreate_table_artifact(
        table=rows,
        key=f"file-{file_id.lower()}",
        description="What became of the file: counts only; names and findings are in the business report.",
    )
    return state
