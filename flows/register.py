"""Register: put the deployments, the work pool and the limits into the server of PREFECT_API_URL.

Run it as often as you like: python -m flows.register
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
from prefect.client.schemas.schedules import IntervalSchedule
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.workers.process import ProcessWorker

from flows.automations import URL, make_automations
from flows.base import POOL, in_workspace, limit_name, make_limit
from flows.dead_runs import crash_dead_runs
from flows.late_sweeps import drop_late_sweeps
from pipeline.views import due

ROOT = Path(__file__).resolve().parents[1]  # where the packages lie: the project, or where a wheel was installed
DEPLOYMENTS = ROOT / "prefect.yaml"
QUEUES = ("receive", "default", "sweep")  # of the pool, in their order: a file that has come goes first


async def make_pool() -> None:
    """Make the process work pool, without a limit: a dead worker would keep its places. A worker has its own."""
    template = ProcessWorker.get_default_base_job_template()
    pool = WorkPoolCreate(name=POOL, type="process", base_job_template=template, concurrency_limit=None)
    async with get_client() as client:
        try:
            await client.create_work_pool(pool)
        except ObjectAlreadyExists:
            await client.create_work_pool(pool, overwrite=True)


async def make_queues() -> None:
    """Make the pool's work queues, in their order."""
    async with get_client() as client:
        for priority, name in enumerate(QUEUES, 1):
            try:
                queue = await client.read_work_queue_by_name(name, POOL)
            except ObjectNotFound:
                queue = await client.create_work_queue(name, work_pool_name=POOL)
            if queue.priority != priority:
                await client.update_work_queue(queue.id, priority=priority)


async def make_limits(environment: str = "production") -> int:
    """Make the limit of every group with terms; a flow makes that of a later group itself."""
    groups = await in_workspace(environment, due.all_groups)
    for group in groups:
        await make_limit(limit_name(group))
    return len(groups)


def deploy() -> None:
    """Put prefect.yaml's deployments into the server. Raises CalledProcessError with Prefect's words printed."""
    command = [
        sys.executable,
        "-m",
        "prefect",
        "--no-prompt",
        "deploy",
        "--all",
        "--prefect-file",
        str(DEPLOYMENTS),
    ]
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


async def prepare(*, nothing_runs: bool = False) -> None:
    """Make what the deployments need; crash what a worker that is gone left behind, and drop late sweeps."""
    await make_pool()
    await make_queues()
    await make_limits()
    await crash_dead_runs(nothing_runs=nothing_runs)
    await drop_late_sweeps()


def main() -> None:
    """Register everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sweep-every", type=int, metavar="SECONDS", help="instead of prefect.yaml's minute")
    parser.add_argument("--nothing-runs", action="store_true", help="no worker is up: what is begun is dead")
    chosen = parser.parse_args()
    asyncio.run(prepare(nothing_runs=chosen.nothing_runs))
    deploy()
    if chosen.sweep_every:
        asyncio.run(sweep_every(chosen.sweep_every))
    if not asyncio.run(make_automations()):
        sys.stdout.write(f"Nobody is told of what goes wrong: set {URL}, or make a block (docs/operations.md).\n")


if __name__ == "__main__":
    main()
