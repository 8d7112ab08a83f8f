"""The sweep: every file gets one receive run, a partner's files one after the other, a dead run is followed."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

import pipeline.runtime.turns
from pipeline.receive import sweep as sweeping
from pipeline.runtime.workspace import Workspace
from support.installation import GROUP, PARTNER, SAMPLES, load_terms

FILES = sorted((SAMPLES / "valid").glob("0[12]*.edi"))

pytestmark = pytest.mark.usefixtures("prefect_server")


async def deploy_receive() -> None:
    """What the server must know before a sweep can start a run; no worker takes it. What ran before is gone."""
    from prefect import get_client

    from flows.receive import receive_file
    from flows.register import POOL, make_pool

    await make_pool()
    deployment: Any = await receive_file.to_deployment(name="receive", work_pool_name=POOL)  # type: ignore[misc]
    await deployment.apply()
    async with get_client() as client:
        for run in await client.read_flow_runs():
            await client.delete_flow_run(run.id)


async def runs_of(file_id: str) -> list[Any]:
    from prefect import get_client

    async with get_client() as client:
        runs = await client.read_flow_runs()
    return [run for run in runs if run.deployment_id and run.parameters.get("file_id") == file_id]


async def end(file_id: str, state: Any) -> None:
    """Bring every run of a file to a state, as its death would."""
    from prefect import get_client

    async with get_client() as client:
        for run in await runs_of(file_id):
            await client.set_flow_run_state(run.id, state, force=True)


def dropped(ws: Workspace) -> None:
    load_terms(ws)
    inbox = ws.settings.home / "inbox" / PARTNER
    for path in FILES:
        (inbox / path.name).write_bytes(path.read_bytes())


@pytest.mark.leaves("files")
def test_each_file_gets_one_run_in_order(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect.states import Crashed

    import flows.receive
    from flows.base import VerbFailed
    from flows.receive import receive_file
    from flows.sweep import sweep_inboxes

    async def story() -> None:
        await deploy_receive()
        assert await sweep_inboxes(settle=0.0) == 2
        (first,) = await runs_of("F000001")
        assert PARTNER in first.tags
        assert await runs_of("F000002") == [], "it waits for the file before it"
        assert await sweep_inboxes(settle=0.0) == 2
        assert [run.id for run in await runs_of("F000001")] == [first.id], "swept twice, started once"

        await end("F000001", Crashed())
        await sweep_inboxes(settle=0.0)
        assert len(await runs_of("F000001")) == 2, "a dead run is followed by another one"

        assert await receive_file("F000001", today=str(date(2026, 11, 23))) in ("APPLIED", "PARTIAL")
        assert await sweep_inboxes(settle=0.0) == 1
        assert len(await runs_of("F000002")) == 1, "its turn"

        with pytest.raises(VerbFailed, match="ValueError"):
            await receive_file("F000002", today=str(date(2026, 11, 23)))
        await end("F000002", Crashed())
        with pytest.raises(VerbFailed, match="FILE-STUCK: F000002"):
            await sweep_inboxes(settle=0.0)
        assert len(await runs_of("F000002")) == 1, "a person must look"

    def breaks(ws: Workspace, file_id: str) -> None:
        if file_id == "F000002":
            raise ValueError("Doe, Jane")

    dropped(ws)
    monkeypatch.setattr(pipeline.runtime.turns, "ATTEMPTS", 1)
    monkeypatch.setattr(flows.receive, "answer_file", flows.receive.answer_file.with_options(retries=0))
    real = flows.receive.inputs.answer
    monkeypatch.setattr(
        flows.receive.inputs, "answer", lambda ws, file_id: breaks(ws, file_id) or real(ws, file_id)
    )
    asyncio.run(story())
    (left,) = pipeline.runtime.turns.unfinished(ws)
    assert (left.id, left.attempts) == ("F000002", 1) and left.failure.startswith("ValueError at ")
    assert list((ws.settings.home / "inbox" / PARTNER).glob("*.edi")) == []


def test_registering_again_changes_nothing(ws: Workspace) -> None:
    from prefect import get_client

    from flows.base import limit_name, one_at_a_time
    from flows.register import POOL, prepare

    async def story() -> None:
        await prepare()
        await prepare()
        async with get_client() as client:
            queues = {queue.name: queue.priority for queue in await client.read_work_queues(POOL)}
            assert queues == {"receive": 1, "default": 2, "sweep": 3}, "a file that has come goes first"
            pool = await client.read_work_pool(POOL)
            assert (pool.type, pool.concurrency_limit) == ("process", None), "no places that the dead could keep"
            limit = await client.read_global_concurrency_limit_by_name(limit_name(GROUP))
            assert limit.limit == 1
            async with one_at_a_time([GROUP]):
                held = await client.read_global_concurrency_limit_by_name(limit_name(GROUP))
                assert held.active_slots == 1
            async with one_at_a_time(["A GROUP OF LATER/%"]):
                later = await client.read_global_concurrency_limit_by_name("group-a-group-of-later")
                assert later.active_slots == 1, "made before it is used: never unlocked"

    load_terms(ws)
    asyncio.run(story())


@pytest.mark.leaves("files")
def test_what_a_dead_worker_left_is_crashed_and_what_lives_is_not(ws: Workspace) -> None:
    """Pending and Submitting say nothing but their age; a run that has begun holds a lease in the store."""
    from prefect import get_client
    from prefect.states import Completed, Pending, Running, Submitting

    import flows.dead_runs
    from flows.base import run_lease
    from flows.dead_runs import crash_dead_runs
    from flows.start import start
    from pipeline.runtime import leases

    async def story() -> None:
        await deploy_receive()
        for state in (Pending, Submitting, Running):
            await start("production", None)
            *dead, newest = sorted(await runs_of("F000001"), key=lambda run: run.created)
            assert all(run.state.is_crashed() and "worker is gone" in run.state.message for run in dead)
            async with get_client() as client:
                await client.set_flow_run_state(newest.id, state(), force=True)
            await start("production", None)
            assert len(await runs_of("F000001")) == len(dead) + 1, "it may be alive"
            assert await crash_dead_runs() == 0, "and has its time to show it"
            with leases.alone(ws, run_lease(str(newest.id))):
                assert await crash_dead_runs(nothing_runs=True) == 0, "it lives"
            assert await crash_dead_runs(nothing_runs=state is not Running) == (state is not Running)
            with pytest.MonkeyPatch.context() as later:
                later.setattr(flows.dead_runs, "TO_LEASE", timedelta())
                later.setattr(flows.dead_runs, "TO_END", 0.0)
                assert await crash_dead_runs() == (state is Running), "its time is over"
        assert len(await runs_of("F000001")) == 3
        with pytest.MonkeyPatch.context() as later:  # seen before: a run that had just ended was crashed
            later.setattr(flows.dead_runs, "TO_LEASE", timedelta())
            await start("production", None)
            *_, ending = sorted(await runs_of("F000001"), key=lambda run: run.created)
            async with get_client() as client:
                await client.set_flow_run_state(ending.id, Running(), force=True)

                async def end(seconds: float) -> None:
                    await client.set_flow_run_state(ending.id, Completed(), force=True)

                later.setattr(flows.dead_runs, "sleep", end)
                assert await crash_dead_runs() == 0
                later.undo()
                assert (await client.read_flow_run(ending.id)).state.is_completed()

    dropped(ws)
    sweeping.fetch(ws, ws.now(date(2026, 11, 23)), settle=0)
    asyncio.run(story())
