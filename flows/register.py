"""Register: put the deployments, the work pool, the limits and the automation into the server of PREFECT_API_URL.

Run it from the project's folder, as often as you like: python -m flows.register
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.schedules import IntervalSchedule
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.exceptions import ObjectAlreadyExists
from prefect.workers.process import ProcessWorker

from flows.base import in_workspace, limit_name, make_limit
from pipeline import due

POOL = "rollbook"
RUNS_AT_ONCE = 6  # in the pool: the receive runs' own limit leaves room for a sweep and the money
HEARTBEAT = 30  # seconds (flows.ops sets it for the runs)
ZOMBIES = "rollbook: notice dead runs"
ROOT = Path(__file__).resolve().parents[1]


async def make_pool() -> None:
    """Make the process work pool, unless it is there."""
    template = ProcessWorker.get_default_base_job_template()
    pool = WorkPoolCreate(name=POOL, type="process", base_job_template=template, concurrency_limit=RUNS_AT_ONCE)
    async with get_client() as client:
        try:
            await client.create_work_pool(pool)
        except ObjectAlreadyExists:
            await client.create_work_pool(pool, overwrite=True)


async def make_limits(environment: str = "production") -> int:
    """Make the limit of every group with terms; a flow makes that of a later group itself."""
    groups = await in_workspace(environment, due.all_groups)
    for group in groups:
        await make_limit(limit_name(group))
    return len(groups)


async def notice_dead_runs() -> None:
    """Mark a run as crashed when it is silent for three heartbeats: a killed worker leaves it RUNNING for ever.

    The next sweep then starts another run for its file. One that is there is left alone: an update makes Prefect
    forget which runs it was watching, and those that died before a restart would stay RUNNING.
    """
    trigger = EventTrigger(
        after={"prefect.flow-run.heartbeat"},
        expect={
            "prefect.flow-run.heartbeat",
            "prefect.flow-run.Completed",
            "prefect.flow-run.Failed",
            "prefect.flow-run.Cancelled",
            "prefect.flow-run.Crashed",
        },
        match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=timedelta(seconds=3 * HEARTBEAT),
    )
    crash = ChangeFlowRunState(
        name=None, state=StateType.CRASHED, force=False, message="No sign of life for three heartbeats."
    )
    automation = AutomationCore(name=ZOMBIES, trigger=trigger, actions=[crash])
    async with get_client() as client:
        if not await client.read_automations_by_name(ZOMBIES):
            await client.create_automation(automation)


def deploy() -> None:
    """Put prefect.yaml's deployments into the server. Raises CalledProcessError with Prefect's words printed."""
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        done.check_returncode()


async def sweep_every(seconds: int) -> None:
    """Sweep in another rhythm than prefect.yaml's."""
    async with get_client() as client:
        sweep = await client.read_deployment_by_name("sweep-inboxes/sweep")
        (schedule,) = sweep.schedules
        rhythm = IntervalSchedule(interval=timedelta(seconds=seconds))
        await client.update_deployment_schedule(sweep.id, schedule.id, active=True, schedule=rhythm)


async def prepare() -> None:
    """Make what the deployments need."""
    await make_pool()
    await make_limits()
    await notice_dead_runs()


def main() -> None:
    """Register everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sweep-every", type=int, metavar="SECONDS", help="instead of prefect.yaml's minute")
    chosen = parser.parse_args()
    asyncio.run(prepare())
    deploy()
    if chosen.sweep_every:
        asyncio.run(sweep_every(chosen.sweep_every))


if __name__ == "__main__":
    main()
