"""Late sweeps: of those that waited while no worker was there, only the newest is run.

Prefect makes an hour's runs ahead and keeps each until it is taken up; one look into the channels does for all of
them. A run that a person asked for is not touched.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.runtime import flow_run

SWEEP = "sweep-inboxes"
LATE = timedelta(seconds=15)  # before that a worker may just be taking it up
# Pending is not at work: on a busy machine the next one is always Pending, and none would ever go on.
_WAITS, _AT_WORK = [StateType.SCHEDULED], [StateType.RUNNING]


async def drop_late_sweeps() -> int:
    """Delete the scheduled sweeps whose time has come, all but the newest; return how many."""
    async with get_client() as client:
        return await _drop((await _due(client, _WAITS, LATE))[1:], client)


async def is_overtaken() -> bool:
    """Say whether a later sweep of the schedule is at work; where ours is the last, those that wait are dropped.

    Only a sweep that the schedule made can be overtaken.
    """
    async with get_client() as client:
        mine = await client.read_flow_run(flow_run.id)
        await _drop(await _due(client, _WAITS, LATE), client)
        if not mine.auto_scheduled or mine.expected_start_time is None:
            return False
        at_work = await _due(client, _AT_WORK, timedelta())
    return any(run.expected_start_time > mine.expected_start_time for run in at_work if run.expected_start_time)


async def _due(client: PrefectClient, states: list[StateType], late: timedelta) -> list[FlowRun]:
    """Return the schedule's sweeps in these states that should have begun so long ago, newest first."""
    runs = await client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=[SWEEP])),
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states)),
            expected_start_time=FlowRunFilterExpectedStartTime.model_validate(
                {"before_": datetime.now(UTC) - late}
            ),
        ),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
    )
    return [run for run in runs if run.auto_scheduled]


async def _drop(runs: list[FlowRun], client: PrefectClient) -> int:
    for run in runs:
        try:
            await client.delete_flow_run(run.id)
        except ObjectNotFound:
            continue  # another sweep did it
    return len(runs)
