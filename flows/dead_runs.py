"""Dead runs: what a worker that is gone has left Pending, Running or Cancelling is crashed, so that others follow.

Prefect itself leaves them so for ever. A run that has begun is alive while it holds its lease in our store
(flows.base.run); before that only its age tells.
"""

from __future__ import annotations

import asyncio
from asyncio import sleep
from datetime import UTC, datetime, timedelta

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Crashed

from flows.base import POOL, VerbFailed, in_workspace, run_lease
from flows.late_sweeps import drop_late_sweeps
from pipeline.runtime import leases

TO_BEGIN = timedelta(minutes=5)  # from Pending to the run's own process, on a machine that has much to do
TO_LEASE = timedelta(minutes=1)  # from Running to the run's lease
TO_END = 5.0  # seconds from a run's lease given back to its last state
_MANY = 200  # runs that are looked at at once, oldest first; the rest next time
_LIVING = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
_WHY = "Its worker is gone: no sign of life in the store. What it left is taken up by another run."


async def crash_dead_runs(*, nothing_runs: bool = False) -> int:
    """Crash the runs of our pool that nobody works on; return how many.

    `nothing_runs`: no worker of the pool is up, so what has no lease now will have none.
    """
    async with get_client() as client:
        runs = await client.read_flow_runs(
            flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_LIVING))),
            work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[POOL])),
            sort=FlowRunSort.EXPECTED_START_TIME_ASC,
            limit=_MANY,
        )
        dead = [run for run in runs if await _is_dead(run, nothing_runs=nothing_runs)]
        if dead and not nothing_runs:  # a run gives its lease back before it says that it has ended
            await sleep(TO_END)
            dead = [run for run in dead if (await client.read_flow_run(run.id)).state_id == run.state_id]
        for run in dead:
            await client.set_flow_run_state(run.id, Crashed(message=_WHY), force=True)
    return len(dead)


async def _is_dead(run: FlowRun, *, nothing_runs: bool) -> bool:
    patience = TO_BEGIN if run.state_type is StateType.PENDING else TO_LEASE
    age = datetime.now(UTC) - (run.state.timestamp if run.state else datetime.now(UTC))
    if not nothing_runs and age < patience:
        return False
    environment = str(run.parameters.get("environment") or "production")
    try:
        return not await in_workspace(environment, lambda ws: leases.is_held(ws, run_lease(str(run.id))))
    except VerbFailed:
        return False  # its store cannot be asked


def main() -> None:
    """Crash what a worker that has just died left behind, and drop the sweeps that were late.

    python -m flows.dead_runs, against the server of PREFECT_API_URL, when no worker of the pool is up.
    """
    asyncio.run(crash_dead_runs(nothing_runs=True))
    asyncio.run(drop_late_sweeps())


if __name__ == "__main__":
    main()
