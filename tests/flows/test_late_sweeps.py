"""The sweeps of the schedule: late ones do not pile up; one that has nothing new to say leaves no run behind."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.runtime.workspace import Workspace
from support.installation import PARTNER, SAMPLES, load_terms

pytestmark = pytest.mark.usefixtures("prefect_server")


LATE = timedelta(seconds=20)  # more than flows.late_sweeps asks for


class Schedule:
    """The sweep's deployment; its runs are made as the scheduler makes them, and run here as a worker would."""

    def __init__(self, client: Any, deployment: Any) -> None:
        self.client, self.deployment = client, deployment

    async def late(self) -> list[Any]:
        """Make the runs of the last ten minutes; return those that nobody has begun, oldest first."""
        now = datetime.now(UTC)
        body = {"start_time": str(now - timedelta(minutes=10)), "end_time": str(now - LATE), "min_runs": 0}
        await self.client._client.post(f"/deployments/{self.deployment}/schedule", json=body)
        return [run for run in await self.runs() if run.state.is_scheduled()]

    async def runs(self) -> list[Any]:
        runs = [run for run in await self.client.read_flow_runs() if run.deployment_id == self.deployment]
        return sorted(runs, key=lambda run: run.expected_start_time)

    async def names(self) -> list[str]:
        return sorted(run.state.name for run in await self.runs())

    async def next(self) -> int:
        """Run the newest that is late."""
        return await self.run((await self.late())[-1])

    async def run(self, run: Any) -> int:
        from prefect.flow_engine import run_flow_async

        from flows.sweep import sweep_inboxes

        return int(await run_flow_async(sweep_inboxes, run, {"settle": 0.0}))


async def deployed(client: Any) -> Schedule:
    """What the server must know before a sweep can start a run; no worker takes it. What ran before is gone."""
    from flows.receive import receive_file
    from flows.register import POOL, make_pool
    from flows.sweep import sweep_inboxes

    await make_pool()
    sweep: Any = await sweep_inboxes.to_deployment(name="sweep", work_pool_name=POOL, interval=60)  # type: ignore[misc]
    receive: Any = await receive_file.to_deployment(name="receive", work_pool_name=POOL)  # type: ignore[misc]
    await receive.apply()
    schedule = Schedule(client, await sweep.apply())
    for run in await client.read_flow_runs():
        await client.delete_flow_run(run.id)
    return schedule


def drop(ws: Workspace, folder: str) -> None:
    place = ws.settings.home / "inbox" / folder
    place.mkdir(parents=True, exist_ok=True)
    (place / "jane canary 971004242.edi").write_bytes((SAMPLES / "valid" / "01-add-family.edi").read_bytes())


@pytest.mark.leaves("files")
def test_only_the_newest_sweep_runs_and_an_empty_one_leaves_nothing(ws: Workspace) -> None:
    from prefect import get_client
    from prefect.states import Pending, Running

    from flows.late_sweeps import drop_late_sweeps

    async def story() -> None:
        async with get_client() as client:
            schedule = await deployed(client)
            made = await schedule.late()
            assert len(made) >= 9
            assert await drop_late_sweeps() == len(made) - 1
            assert [run.id for run in await schedule.runs()] == [made[-1].id]
            await schedule.next()
            assert await schedule.runs() == [], "it had nothing to say, and did for those before it"

            oldest, *_, newest = await schedule.late()
            await client.set_flow_run_state(newest.id, Running(), force=True)
            drop(ws, PARTNER)
            assert await schedule.run(oldest) == 0, "a later one is at work: it does not look at all"
            assert await schedule.names() == ["Running"]
            await client.delete_flow_run(newest.id)

            oldest, *_, newest = await schedule.late()
            await client.set_flow_run_state(newest.id, Pending(), force=True)
            assert await schedule.run(oldest) == 1, "one that has not begun yet may never"
            await client.delete_flow_run(newest.id)
            (swept,) = await schedule.runs()
            assert (swept.state.name, swept.state.message) == ("SWEPT", "1 claimed, 1 not done")
            assert swept.name.startswith("sweep 20")
            assert await schedule.next() == 1
            assert await schedule.names() == ["SWEPT"], "the file's run is on its way: nothing new"

    load_terms(ws)
    asyncio.run(story())


@pytest.mark.leaves("files")
def test_what_stays_as_it_was_is_said_once(ws: Workspace) -> None:
    """Files in a folder of nobody: in the artifact until they are gone, in one run; a run by hand always stays."""
    from prefect import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

    async def shown(client: Any) -> str:
        found = await client.read_artifacts(artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=["sweep"])))
        return str(max(found, key=lambda one: one.created).data)

    async def story() -> None:
        async with get_client() as client:
            schedule = await deployed(client)
            await schedule.next()
            drop(ws, "harbor-mils")
            drop(ws, "Jane 971004242")
            for _ in range(2):
                await schedule.next()
                assert await schedule.names() == ["SWEPT"]
            told = await shown(client)
            assert "| inbox/harbor-mils, 1 file(s) | FILES-OF-NOBODY |" in told
            assert "| a folder of the inbox, 1 file(s) | FILES-OF-NOBODY |" in told
            assert "canary" not in told and "971004242" not in told and "Jane" not in told
            for folder in ("harbor-mils", "Jane 971004242"):
                (ws.settings.home / "inbox" / folder / "jane canary 971004242.edi").unlink()
            await schedule.next()
            assert await schedule.names() == ["SWEPT"]
            assert "NOBODY" not in await shown(client), "it says how things stand"
            by_hand = await client.create_flow_run_from_deployment(schedule.deployment)
            await schedule.run(by_hand)
            assert await schedule.names() == ["NOTHING", "SWEPT"], "who asks for one sees it"

    load_terms(ws)
    asyncio.run(story())
