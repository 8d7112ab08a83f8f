"""Start: receive runs for the files that are not done, each when it is its turn (pipeline.runtime.turns).

A file that waits for an earlier one is started when that one is done (its receive run does that, and each sweep),
so that files of one partner and of one group take effect in the order in which they came; others run side by side.
"""

from __future__ import annotations

from dataclasses import dataclass

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterTags
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort
from prefect.deployments import arun_deployment

from flows.base import in_workspace, slug
from model.exchange import ReceivedFile
from pipeline.runtime import turns
from pipeline.runtime.workspace import Workspace

RECEIVE = "receive-file/receive"


@dataclass(frozen=True, slots=True)
class Started:
    """A file that is not done, and what comes of it now; `outcome` "" while an earlier run of it is on its way.

    `stuck`: nobody goes on with it by himself.
    """

    file: str
    partner: str
    outcome: str
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class _Open:
    """A file that is not done. `kept`: why no run of it is to be started, in words; `busy`: one is at it."""

    file: ReceivedFile
    kept: str
    stuck: bool = False
    busy: bool = False


async def start(environment: str, today: str | None) -> list[Started]:
    """Start a run for each file whose turn it is and that no run works on; say what becomes of each.

    A run that died is followed by another one, until the store counts too many attempts. Starting again starts
    nothing twice.
    """
    known = await in_workspace(environment, _look)
    return [
        Started(
            each.file.id,
            each.file.partner,
            each.kept or ("" if each.busy else await _start_run(each.file, environment, today)),
            each.stuck,
        )
        for each in known
    ]


def _look(ws: Workspace) -> list[_Open]:
    """Return the files that are not done, in the order of their receipt, with what keeps each."""
    return [_keeps(ws, file) for file in turns.unfinished(ws)]


def _keeps(ws: Workspace, file: ReceivedFile) -> _Open:
    stuck = turns.stuck(file)
    if turns.is_busy(ws, file.id):
        return _Open(file, "", busy=True)
    with ws.database.read() as conn:
        wait = turns.wait(conn, file)
    words = f"{stuck.code}: {stuck.message}" if stuck else wait.words if wait else ""
    return _Open(file, words, stuck=stuck is not None)


async def _start_run(file: ReceivedFile, environment: str, today: str | None) -> str:
    """Start a run of the file, where there is none that will go on; return what comes of it.

    Each run's idempotency key names the run before it: two that start at once start one.
    """
    tag = f"{environment}:{file.id}"
    newest = await _newest(tag)
    if newest is not None and newest.state is not None and not newest.state.is_final():
        return ""
    await arun_deployment(
        RECEIVE,
        parameters={"file_id": file.id, "environment": environment, "today": today},
        idempotency_key=f"{tag}:{file.sha256}:after-{newest.id if newest else 'none'}",
        flow_run_name=run_name(file.id),
        tags=[slug(file.partner), tag],
        timeout=0,
        as_subflow=False,
    )
    return "started again" if newest else "started"


def run_name(file_id: str) -> str:
    """Return what the receive run of a file is called: the file's id, never the sender's name of it."""
    return f"receive-{file_id}"


async def _newest(tag: str) -> FlowRun | None:
    async with get_client() as client:
        runs = await client.read_flow_runs(
            flow_run_filter=FlowRunFilter(tags=FlowRunFilterTags(all_=[tag])),
            sort=FlowRunSort.EXPECTED_START_TIME_DESC,
            limit=1,
        )
    return runs[0] if runs else None
