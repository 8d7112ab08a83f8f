"""The receive flow: one run per claimed file, coarse tasks that pass its opaque id (docs/design.md, Prefect)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prefect.runtime import deployment

from flows.base import VerbFailed, holding, in_workspace, listing, one_at_a_time, run, say, step
from flows.deliver import deliver_all
from flows.start import run_name, start
from flows.words import HELD, REJECTED, Told, counted, happened, log
from model.enrollment.decision import FileState, SetState
from model.turns import Wait
from pipeline import inputs
from pipeline.runtime import turns
from pipeline.views import files
from pipeline.views.files import FileCounts

WAITS = "WAITS"
_REFUSED = {FileState.REJECTED, FileState.UNREADABLE, FileState.REFUSED}  # nothing of it was taken


@step("begin")
async def begin(file_id: str, environment: str) -> str:
    """Count an attempt; return what the file has to wait for instead, in words."""
    waits = _words(await in_workspace(environment, lambda ws: turns.begin(ws, file_id)))
    log(waits or f"{file_id} begun")
    return waits


@step("judge")
async def judge_file(file_id: str, environment: str) -> tuple[list[str], str]:
    """Check the file and owe its TA1 and 999; return the groups that it may touch, and what it has to wait for."""
    await in_workspace(environment, lambda ws: inputs.judge(ws, file_id))
    groups = await in_workspace(environment, lambda ws: files.groups(ws, file_id))
    waits = _words(await in_workspace(environment, lambda ws: turns.wait_after_judge(ws, file_id)))
    found = counted((await _counts(file_id, environment)).findings) or "no findings"
    log(f"{file_id} judged: {found}; for {len(groups)} group(s)" + f"; {waits}" * bool(waits))
    return groups, waits


@step("apply")
async def apply_file(file_id: str, environment: str) -> None:
    """Apply each set in its own transaction."""
    await in_workspace(environment, lambda ws: inputs.apply(ws, file_id))
    log(f"{file_id} decided: {_said(await _counts(file_id, environment))}")


@step("answer")
async def answer_file(file_id: str, environment: str) -> str:
    """Bring the file to its terminal state and owe its report."""
    state = (await in_workspace(environment, lambda ws: inputs.answer(ws, file_id))).value
    log(f"{file_id} answered: {state}")
    return state


async def _counts(file_id: str, environment: str) -> FileCounts:
    return await in_workspace(environment, lambda ws: files.file_counts(ws, file_id))


def _said(counts: FileCounts) -> str:
    """Return what became of a file's member lines, or of its sets where it has none, as a state's message."""
    lines = {"applied": 0} | {kind.lower(): counts.lines[kind] for kind in sorted(counts.lines)}
    if any(lines.values()):
        return ", ".join(f"{count} {kind}" for kind, count in lines.items())
    sets = counted({state.lower(): counts.sets[state] for state in sorted(counts.sets)})
    return f"sets: {sets}" if sets else "no set in it"


def _emit(file_id: str, state: str, counts: FileCounts) -> None:
    """Tell automations of a file that waits for somebody, or of which nothing was taken."""
    told = {"state": state, "counts": _said(counts)}
    if state in _REFUSED:
        happened(REJECTED, "file", file_id, told)
    if counts.sets.keys() & {SetState.HELD, SetState.PENDED}:
        happened(HELD, "file", file_id, told)


def _words(wait: Wait | None) -> str:
    return wait.words if wait else ""


@run("receive-file", run_name("{file_id}"))
async def receive_file(file_id: str, environment: str = "production", today: str | None = None) -> Told[str]:
    """Take a claimed file to its terminal state and return that state; WAITS when it is not its turn."""
    async with holding(environment, turns.lease(file_id)) as mine:
        state, waits = await _work(file_id, environment) if mine else (WAITS, "another run works on it")
    await deliver_all(environment, today, file_id)
    counts = await _counts(file_id, environment)
    documents = await in_workspace(environment, lambda ws: files.documents(ws, file_id))
    rows = [("file", waits or state), *counts.rows, ("documents", len(documents))]
    await say(f"file-{file_id}", f"{file_id}: {state}", ("what", "count"), rows, listing(documents))
    if deployment.id:
        await start(environment, today)  # what waited for this one
    if not waits:
        _emit(file_id, state, counts)
    return Told(state, waits or _said(counts), state)


async def _work(file_id: str, environment: str) -> tuple[str, str]:
    """Return the file's state and what it has to wait for, in words; the store knows by what an attempt ended."""
    done = await in_workspace(environment, lambda ws: turns.file(ws, file_id).state)
    if done is not None:
        return done.value, ""
    waits = await begin(file_id, environment)
    if waits:
        return WAITS, waits
    async with _telling(file_id, environment):
        groups, waits = await judge_file(file_id, environment)
        if waits:
            return WAITS, waits
        async with one_at_a_time(groups):
            await apply_file(file_id, environment)
        return await answer_file(file_id, environment), ""


@asynccontextmanager
async def _telling(file_id: str, environment: str) -> AsyncIterator[None]:
    """Record by what the work ended where it broke."""
    try:
        yield
    except VerbFailed as error:
        why = str(error)
        await in_workspace(environment, lambda ws: turns.fail(ws, file_id, why))
        raise
