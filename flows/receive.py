"""The receive flow: one run per claimed file, coarse tasks that pass its opaque id (DESIGN.md 17)."""

from __future__ import annotations

from prefect import flow
from prefect.runtime import deployment

from flows.base import in_workspace, listing, one_at_a_time, say, step
from flows.deliver import deliver_all
from flows.start import start
from pipeline import answer, exchanges, judge, receive


@step("judge")
async def judge_file(file_id: str, environment: str) -> list[str]:
    """Check the file and owe its TA1 and 999; return the groups that it may touch."""
    await in_workspace(environment, lambda ws: judge.judge(ws, file_id))
    return await in_workspace(environment, lambda ws: receive.groups(ws, file_id))


@step("apply")
async def apply_file(file_id: str, environment: str) -> None:
    """Apply each set in its own transaction."""
    await in_workspace(environment, lambda ws: receive.apply(ws, file_id))


@step("answer")
async def answer_file(file_id: str, environment: str) -> str:
    """Bring the file to its terminal state and owe its report."""
    return (await in_workspace(environment, lambda ws: answer.answer(ws, file_id))).value


@flow(name="receive-file", flow_run_name="receive-{file_id}", persist_result=False, log_prints=False)
async def receive_file(file_id: str, environment: str = "production", today: str | None = None) -> str:
    """Take a claimed file to its terminal state and return that state."""
    groups = await judge_file(file_id, environment)
    async with one_at_a_time(groups):
        await apply_file(file_id, environment)
    state = await answer_file(file_id, environment)
    await deliver_all(environment, today)
    counts = await in_workspace(environment, lambda ws: exchanges.file_counts(ws, file_id))
    documents = await in_workspace(environment, lambda ws: exchanges.documents(ws, file_id))
    rows = [("file", state), *counts.items(), ("documents", len(documents))]
    await say(f"file-{file_id}", f"{file_id}: {state}", ("what", "count"), rows, listing(documents))
    if deployment.id:
        await start(environment, today)  # the partner's next file
    return state
