"""Replay a journal into another store, step by step, and hold the two against each other (docs/design.md, Replay).

The other store lies in a folder of its own, under the same keys; the archive is read where it is. What comes of a
replay is a store like any other: where it is equal it is the checkpoint that a later replay goes on from.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from model.journal import Input, InputKind, Purpose
from model.people import Actor
from pipeline.replay.verbs import AGAIN, Done
from pipeline.runtime.collector import expect_many
from pipeline.runtime.settings import InstallationError
from pipeline.runtime.workspace import Again, Settings, Workspace
from pipeline.views.replayed import ReplayView, StoppedView
from store import cells, equality, guards, ring, steps
from store.engine import Connection, Database
from store.steps import Step
from vault.archive import ArchiveError
from vault.fields import UNREADABLE

_PAGE = 500  # steps that are read at once
_STORE = "rollbook.db"


Progress = Callable[[int, int], None]


def _silent(done: int, steps: int) -> None:
    """Hear of a step and tell nobody."""


def replay(ws: Workspace, into: Path, checkpoint: Path | None = None, progress: Progress = _silent) -> ReplayView:
    """Do every step of `ws` again in a new store in the folder `into`, or those after an earlier replay's.

    Raises InstallationError where `into` holds a store, or `checkpoint` none that this journal goes on from.
    """
    expect_many()
    with opened(ws, into, checkpoint) as other:
        with other.database.read() as conn:
            first, _ = steps.head(conn)
        if checkpoint is not None:
            _follows(ws, first)
        return _caught_up(ws, other, first, progress)


def _caught_up(ws: Workspace, other: Workspace, first: int, progress: Progress) -> ReplayView:
    """Replay until both stores stand at the same step, and compare them there."""
    last, releases = first, set[str]()
    while True:
        with ws.database.read() as conn:
            head, _ = steps.head(conn)
            if head == last:
                with other.database.read() as theirs:
                    differs = _differing(ws, conn, theirs)
                return _told(
                    ws, other, ReplayView(first, last, not differs, None, differs, tuple(sorted(releases)))
                )
            some = steps.after(conn, last, _PAGE)
        for recorded in some:
            stopped = again(ws, other, recorded)
            if (recorded.release, recorded.lock) != (steps.release(), steps.lock()):
                releases.add(f"{recorded.release}, libraries {recorded.lock}")
            if stopped:
                return ReplayView(first, last, False, stopped, (), tuple(sorted(releases)))
            last = recorded.seq
            progress(last, head)


def _differing(ws: Workspace, ours: Connection, theirs: Connection) -> tuple[str, ...]:
    mine = equality.summaries(ours, ws.vault)
    return tuple(equality.differing(mine, equality.summaries(theirs, ws.vault)))


def _told(ws: Workspace, other: Workspace, result: ReplayView) -> ReplayView:
    """Name the first step that differs, where the stores do."""
    if not result.differs:
        return result
    with ws.database.read() as ours, other.database.read() as theirs:
        seq = steps.first_difference(ours, theirs)
        if seq is None:
            return result
        one = next(iter(steps.after(ours, seq - 1, 1)))
        key = steps.input_of(ours, one.input_id).key
    return replace(result, stopped=StoppedView(seq, one.what, key, "it came to something else"))


def asked_of(ws: Workspace, row: Any) -> Input:  # noqa: ANN401  a row of store.steps.input_of
    """Return what was asked by an input's row. Raises UNREADABLE."""
    body = json.loads(ws.vault.fields.open(row.body, cells.input_body(row.key)) or "{}")
    return Input(row.key, InputKind(row.kind), row.received_at, body, row.sha256)


def as_recorded(other: Workspace, one: Step, asked: Input) -> Workspace:
    """Return a workspace for a step to be done again in: by whom it was done, and since when it is known."""
    return replace(
        other, actor=Actor.read(one.actor, "replay"), again=Again(asked.key, one.recorded_at), today=None
    )


def again(ws: Workspace, other: Workspace, one: Step) -> StoppedView | None:
    """Do one step again; return why it could not be done, or was not the same step."""
    with ws.database.read() as conn:
        row = steps.input_of(conn, one.input_id)
    try:
        asked = asked_of(ws, row)
    except UNREADABLE:
        return StoppedView(one.seq, one.what, row.key, "its input cannot be read: run `rollbook verify`")
    there = as_recorded(other, one, asked)
    other.database.given = one.numbers
    purpose = Purpose(one.what.split()[0])
    try:
        AGAIN[purpose](Done(there, one, asked))
    except ArchiveError as error:
        return StoppedView(one.seq, one.what, row.key, f"of its input the archived file {error}")
    except KeyError as missing:
        return StoppedView(
            one.seq, one.what, row.key, f"its input says nothing of {missing}: a step of another release"
        )
    finally:
        other.database.given = ()
    with other.database.read() as conn:
        seq, _ = steps.head(conn)
    if seq == one.seq:
        return None
    why = "nothing was to be done any more" if seq < one.seq else "more than one step came of it"
    return StoppedView(one.seq, one.what, row.key, why)


def _follows(ws: Workspace, seq: int) -> None:
    with ws.database.read() as conn:
        head, _ = steps.head(conn)
    if not 0 < seq <= head:
        raise InstallationError(f"the checkpoint ends at step {seq}, and this journal at {head}")


@contextmanager
def opened(ws: Workspace, into: Path, checkpoint: Path | None) -> Iterator[Workspace]:
    """Open the store in `into`: new, or a copy of a checkpoint's. Archive, keys and environment are `ws`'s."""
    if into.exists() and any(into.iterdir()):
        raise InstallationError(f"{into} is not empty: a replay makes a store of its own")
    into.mkdir(parents=True, exist_ok=True)
    if checkpoint is not None:
        if not (checkpoint / _STORE).is_file():
            raise InstallationError(f"{checkpoint} holds no replayed store")
        for part in checkpoint.glob(f"{_STORE}*"):  # its log, too, where it was not closed
            shutil.copyfile(part, into / part.name)
    settings = Settings(into, f"sqlite:///{(into / _STORE).absolute()}", ws.settings.key_file, ws.environment)
    database = Database.open(settings.database_url)
    try:
        if checkpoint is None:
            database.upgrade()
            with ws.database.read() as conn:
                proofs = ring.proofs(conn)
            database.change(lambda conn: {guards.STORE}, lambda conn: ring.record(conn, proofs))
        database.keys = ws.database.keys
        yield Workspace(settings, database, ws.vault, ws.actor)
    finally:
        database.close()
