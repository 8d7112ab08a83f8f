"""Start: receive runs for the files that have no state yet, one partner's files one after the other.

A partner's later file is started when the earlier one is done (the receive run does that), so that files take
effect in the order in which they came; partners run side by side.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from prefect.client.schemas.objects import State, StateType
from prefect.deployments import arun_deployment

from flows.base import in_workspace, slug, step
from model.exchange import ReceivedFile
from pipeline import exchanges

RECEIVE = "receive-file/receive"
ATTEMPTS = 5  # receive runs of one file that may die before its partner's next file is taken
_DEAD = frozenset({StateType.FAILED, StateType.CRASHED})
_BUSY = frozenset({StateType.PENDING, StateType.RUNNING, StateType.CANCELLING})
_STALE = timedelta(minutes=30)  # after so long without an end another run may try: a second one does no harm


def _is_dead(state: State[Any] | None) -> bool:
    """Say whether a run ended badly, or was never heard of again (killed together with the server)."""
    if state is None:
        return False
    return state.type in _DEAD or (state.type in _BUSY and state.timestamp < datetime.now(UTC) - _STALE)


@step("start")
async def start(environment: str, today: str | None) -> list[tuple[str, str, str]]:
    """Start a run for each partner's oldest file without a state; return (file, partner, what became of it).

    The file's hash and id are the run's idempotency key: starting again starts nothing twice. A run that died is
    followed by another one, up to ATTEMPTS; the store's own state decides what is left to do.
    """
    waiting = await in_workspace(environment, exchanges.unfinished)
    said: list[tuple[str, str, str]] = []
    busy: set[str] = set()
    for file in waiting:
        if file.partner in busy:
            said.append((file.id, file.partner, "waits for the file before it"))
            continue
        state = await _start_run(file, environment, today)
        if state:
            busy.add(file.partner)
        said.append((file.id, file.partner, state or f"given up after {ATTEMPTS} runs: see them, then retry one"))
    return said


async def _start_run(file: ReceivedFile, environment: str, today: str | None) -> str:
    """Return the state of the file's run, started where there was none alive; empty when all attempts died."""
    for attempt in range(1, ATTEMPTS + 1):
        run = await arun_deployment(
            RECEIVE,
            parameters={"file_id": file.id, "environment": environment, "today": today},
            idempotency_key=f"{environment}:{file.sha256}:{file.id}:{attempt}",
            tags=[slug(file.partner)],
            timeout=0,
            as_subflow=False,
        )
        if not _is_dead(run.state):
            return (run.state_name or "scheduled").lower()
    return ""
