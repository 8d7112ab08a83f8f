"""What the flows share: the workspace, one group at a time, errors without anybody's data, artifacts of counts.

Correctness lies in the store: every verb is re-entrant, so a run that was killed is simply run again. Nothing is
persisted or cached by Prefect, since a result could hold a person's data (docs/design.md, PHI).
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import date, datetime
from typing import Any, ParamSpec, TypeVar, cast

from prefect import Flow, Task, flow, task
from prefect.artifacts import acreate_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactCollectionFilter, ArtifactCollectionFilterKey
from prefect.client.schemas.objects import State
from prefect.concurrency.asyncio import concurrency
from prefect.exceptions import ObjectAlreadyExists
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from flows.words import NOTHING, Told, log
from model.people import Actor, Kind
from pipeline.runtime import leases
from pipeline.runtime.breakage import describe
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from pipeline.views import agreed, due

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")
ACTOR = Actor(Kind.SERVICE, "flow", "flow")
POOL = "rollbook"  # the work pool of every deployment
RETRIES, RETRY_AFTER = 2, [2.0, 20.0]  # of a task: the store may be away for a moment
MOST_QUEUED = 20  # groups that a run queues for in Prefect; with more, the store's leases alone keep it apart
_TODAY: ContextVar[date | None] = ContextVar("today", default=None)  # the day as on which this run works
_SLOT_LIFE = 60  # seconds that a dead run keeps its place


def invented(name: str) -> Actor:
    """Return one of the demo's people, at work under the own login; in no other installation anybody is."""
    return Actor(Kind.PERSON, name, "demo", name.split()[0].lower())


def step(name: str, run_name: str = "", retries: int = RETRIES) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Make a coarse task of a function whose parameters and result are ids, counts and paths of ours."""
    return task(
        name=name,
        task_run_name=run_name or None,
        retries=retries,
        retry_delay_seconds=RETRY_AFTER,
        cache_policy=NO_CACHE,
        persist_result=False,
        log_prints=False,
    )


def run(
    name: str, run_name: str | Callable[[], str], *hooks: Callable[..., Coroutine[Any, Any, None]]
) -> Callable[[Callable[P, Coroutine[Any, Any, Told[R]]]], Flow[P, Coroutine[Any, Any, R]]]:
    """Make a flow of a function with a parameter `environment`; it returns the value that the function tells.

    The run's last state bears the word and the counts of what is told, or what it failed by; `hooks` are called
    after that. As it lives the run holds a lease in its store, so that whoever looks knows which runs are alive
    (flows.dead_runs): Prefect leaves a killed one as it was.
    """

    def make(function: Callable[P, Coroutine[Any, Any, Told[R]]]) -> Flow[P, Coroutine[Any, Any, R]]:
        @functools.wraps(function)
        async def living(*args: P.args, **kwargs: P.kwargs) -> State[Any]:
            given = inspect.signature(function).bind(*args, **kwargs)
            given.apply_defaults()
            _TODAY.set(_day(given.arguments.get("today")))
            try:
                async with holding(given.arguments["environment"], run_lease(str(flow_run.id))):
                    told = await function(*args, **kwargs)
            except VerbFailed as error:
                return Failed(message=str(error), data=error)
            if told.word != NOTHING:
                log(f"{told.word}: {told.counts}")
            return Completed(name=told.word, message=told.counts, data=told.value)

        made = flow(
            name=name,
            flow_run_name=run_name,
            persist_result=False,
            log_prints=False,
            on_completion=list(hooks) or None,
        )(living)
        return cast("Flow[P, Coroutine[Any, Any, R]]", made)  # who calls it gets the data of the state

    return make


def run_lease(flow_run_id: str) -> str:
    """Return the name of the lease that a flow run holds while it lives."""
    return f"run {flow_run_id}"


class VerbFailed(RuntimeError):
    """A verb broke. Says what and where; never the error's own text, which could hold a person's data."""


async def in_workspace(environment: str, verb: Callable[[Workspace], T]) -> T:
    """Do a verb in a thread of its own, so that the run's heartbeat goes on. Raises VerbFailed."""

    def work() -> T:
        with _workspace(environment) as ws:
            return verb(ws)

    return await _in_thread(work)


async def _in_thread(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except VerbFailed:
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, its text may hold a person's data
        raise VerbFailed(describe(error)) from None


@contextmanager
def _workspace(environment: str) -> Iterator[Workspace]:
    ws = replace(open_workspace(Settings.read(environment), ACTOR), today=_TODAY.get())
    try:
        yield ws
    finally:
        ws.close()


@asynccontextmanager
async def holding(environment: str, name: str) -> AsyncIterator[bool]:
    """Hold a lease in the store from one task to the next; False while another run has it. Raises VerbFailed."""
    with _workspace(environment) as ws:
        lease = leases.alone(ws, name)
        held = await _in_thread(lease.__enter__)
        try:
            yield held is not None
        finally:
            await _in_thread(lambda: lease.__exit__(None, None, None))


@asynccontextmanager
async def one_at_a_time(groups: Sequence[str]) -> AsyncIterator[None]:
    """Queue in Prefect for these groups, so that waiting runs are seen to wait.

    The limits are made first: an unknown limit would let the run through unlocked. Only politeness: what keeps
    two runs apart is the store's lease and its locks.
    """
    if not groups or len(groups) > MOST_QUEUED:
        yield
        return
    names = sorted(limit_name(group) for group in groups)
    for name in names:
        await make_limit(name)
    async with concurrency(
        names, occupy=1, strict=True, lease_duration=_SLOT_LIFE, raise_on_lease_renewal_failure=False
    ):
        yield


def instant(ws: Workspace, today: str | None) -> datetime:
    """Return the instant a run works at: now, or noon of `today` (YYYY-MM-DD), for demos and repeats."""
    return ws.now(_day(today))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def known_groups(ws: Workspace, asked: str) -> list[str]:
    """Return the group asked for, or every group. Raises VerbFailed for one without terms."""
    groups = due.all_groups(ws)
    if asked and asked not in groups:
        raise VerbFailed(f"no terms are loaded for group {asked}")
    return [asked] if asked else groups


def known_partner(ws: Workspace, asked: str) -> str | None:
    """Return the partner asked for, None for every partner. Raises VerbFailed for one that is none."""
    if asked and agreed.partner(ws, asked) is None:
        raise VerbFailed("there is no such partner")
    return asked or None


async def make_limit(name: str, limit: int = 1) -> None:
    """Make a global concurrency limit, or set it; another run may be making it at the same moment."""
    async with get_client() as client:
        try:
            await client.upsert_global_concurrency_limit_by_name(name, limit)
        except ObjectAlreadyExists:
            await client.upsert_global_concurrency_limit_by_name(name, limit)


def limit_name(group: str) -> str:
    """Return the name of a group's limit."""
    return f"group-{slug(group)}"


def slug(text: str) -> str:
    """Return a text as Prefect's keys allow it: small letters, digits, dashes."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "none"


async def say(
    key: str, title: str, heads: Sequence[str], rows: Sequence[Sequence[object]], note: str = ""
) -> None:
    """Leave a table with the run. Ids, counts, money and our own document names only: no PHI.

    See docs/design.md, PHI.
    """
    await acreate_markdown_artifact(_page(title, heads, rows, note), key=slug(key), description=title)


async def say_news(key: str, title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> bool:
    """Leave a table with the run where the last one of this key is another; say whether it has news, a new row."""
    async with get_client() as client:
        wanted = ArtifactCollectionFilter(key=ArtifactCollectionFilterKey(any_=[slug(key)]))
        last = await client.read_latest_artifacts(artifact_filter=wanted)
    before = str(last[0].data) if last else _page(title, heads, [])
    now = _page(title, heads, rows)
    if now != before:
        await say(key, title, heads, rows)
    return bool(set(now.splitlines()) - set(before.splitlines()))


def _page(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]], note: str = "") -> str:
    lines = [f"# {title}", "", "| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(str(cell).replace("|", "/") for cell in row) + " |" for row in rows]
    return "\n".join([*lines, "", note])


def unfinished(groups: Sequence[str]) -> str:
    """Say which groups a run did not get done; empty when it did all."""
    return f"Not done, see their tasks: {', '.join(groups)}" if groups else ""


def listing(paths: Sequence[object], most: int = 50) -> str:
    """Return document paths as a list for an artifact, which must stay small."""
    names = [f"- `{path}`" for path in paths[:most]]
    more = [f"- and {len(paths) - most} more"] if len(paths) > most else []
    return "\n".join(["Documents:", "", *names, *more]) if names else "No documents."
