"""The journal: steps in the order of commits, and a chain that no change below the triggers leaves whole."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, RowMapping, Table, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from pipeline.receive.claim import claim
from pipeline.receive.run import retry
from pipeline.runtime import heads
from pipeline.runtime.workspace import Workspace
from pipeline.verify import run as verify
from store import chain
from store.checks import journal
from store.tables import coverage, disposition, input, metadata, step, tx
from support.installation import PARTNER, SAMPLES, load_terms
from support.story import LAST_DAY, tell, told_in

MANY = 1_000 if os.environ.get("DRILLS") == "all" else 60
TABLES = (*sorted(chain.LINKED), "input", "step", "tx")


class _UndoError(Exception):
    """Takes back what was tampered with."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The story on SQLite: not to be changed."""
    with told_in(tmp_path_factory.mktemp("journal") / "var") as ws:
        yield ws


def test_a_story_is_one_chain(told: Workspace) -> None:
    with told.database.read() as conn:
        assert list(journal.faults(conn, told.database.keys)) == []
        rows = conn.execute(select(step.c.seq, step.c.tx).order_by(step.c.seq)).all()
        inputs = dict(conn.execute(select(input.c.kind, func.count()).group_by(input.c.kind)).tuples().all())
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert {"file", "terms", "command", "deposit", "delivery"} <= inputs.keys()


def other(rng: random.Random, value: Any) -> Any:
    """Return a value that is not this one, such as a hand might write."""
    if isinstance(value, bool | int):
        return value + rng.choice((-1, 1, 100))
    if isinstance(value, datetime | date):
        return value + timedelta(days=-rng.choice((1, 31)))
    if value is None:
        return None
    return rng.choice([value + "x", value[::-1] + "-", value[:-1] + "?"])


def tamper(conn: Connection, rng: random.Random) -> str:
    """Change, remove or add one row below the triggers; return what was done."""
    while True:
        table = metadata.tables[rng.choice(TABLES)]
        query = select(table).where(table.c.disposition != "NOOP") if table is disposition else select(table)
        rows = conn.execute(query.order_by(*table.primary_key)).mappings().all()
        if rows:
            row = rng.choice(rows)
            try:
                done = rng.choice((_changed, _changed, _removed, _added))(conn, rng, table, row)
            except IntegrityError:  # the database itself refuses it
                continue
            if done:
                return f"{table.name}: {done}"


def _this(table: Table, row: RowMapping) -> Any:
    key = next(iter(table.primary_key))
    return key == row[key.name]


def _changed(conn: Connection, rng: random.Random, table: Table, row: RowMapping) -> str:
    linked = chain.columns(table) if table.name in (*chain.LINKED, "input") else tuple(table.c.keys())
    ended = ["tx_to"] if "tx_to" in table.c else []
    name = rng.choice([*linked, *ended])
    before = row[name]
    after = other(rng, before) if before is not None or name != "tx_to" else conn.scalar(select(func.max(tx.c.id)))
    if after == before:
        return ""
    conn.execute(update(table).where(_this(table, row)).values({name: after}))
    return f"{name} changed"


def _removed(conn: Connection, rng: random.Random, table: Table, row: RowMapping) -> str:
    conn.execute(delete(table).where(_this(table, row)))
    return "removed"


def _added(conn: Connection, rng: random.Random, table: Table, row: RowMapping) -> str:
    values = dict(row)
    key = next(iter(table.primary_key)).name
    values[key] = (conn.scalar(select(func.max(table.c[key]))) or 0) + 1
    for unique in ("key", "number", "member_id", "again", "tx"):
        if unique in values and table.name not in ("transfer", "charge", "audit", "disposition"):
            values[unique] = values[unique] + (1 if isinstance(values[unique], int) else "x")
    conn.execute(insert(table).values(values))
    return "added"


def unlock(conn: Connection) -> None:
    """Let go of triggers and of what must be there once, as a database tool can."""
    schema = (
        "SELECT type, name FROM sqlite_master WHERE type = 'trigger' OR type = 'index' AND sql LIKE '%UNIQUE%'"
    )
    for kind, name in conn.execute(text(schema)).all():
        conn.exec_driver_sql(f"DROP {kind} {name}")


def test_whatever_is_tampered_with_is_found(told: Workspace) -> None:
    for seed in range(MANY):
        rng = random.Random(seed)
        done = ""
        with pytest.raises(_UndoError), told.database.migrating() as conn:
            unlock(conn)
            done = tamper(conn, rng)
            assert list(journal.faults(conn, told.database.keys)), f"seed {seed}, {done}: nobody noticed"
            raise _UndoError


def test_who_has_no_key_cannot_make_the_chain_anew(told: Workspace) -> None:
    other_keys = chain.ChainKeys("k1", {"k1": b"guessed"})
    with told.database.read() as conn:
        faults = list(journal.faults(conn, other_keys))
    assert len(faults) >= 3


# --- heads ---------------------------------------------------------------------------------------------------


@pytest.mark.leaves("journal")
def test_a_head_is_kept_each_day_and_tells_when_the_end_is_cut_off(ws: Workspace) -> None:
    tell(ws)
    kept = heads.read(ws.settings.home)
    assert len({head.day for head in kept}) == len(kept) >= 2
    assert all(answer.holds for answer in verify.verify(ws, ws.now(LAST_DAY), only=["heads", "journal"]))
    if ws.database.engine.dialect.name != "sqlite":
        return
    with ws.database.migrating() as conn:
        conn.exec_driver_sql("DROP TRIGGER step_no_delete")
        conn.execute(delete(step).where(step.c.seq >= kept[-1].seq))
    (answer,) = verify.verify(ws, ws.now(LAST_DAY), only=["heads"])
    assert not answer.holds and answer.faults[0].where == f"step {kept[-1].seq}"


def test_a_restored_store_goes_on_with_heads_of_its_own(tmp_path: Path) -> None:
    kept = [("2026-12-01", 5, "a", False), ("2026-12-02", 9, "b", False), ("2026-12-03", 7, "c", True)]
    lines = [json.dumps(asdict(heads.Head(*row))) for row in kept]
    (tmp_path / "heads.jsonl").write_text("\n".join(lines) + "\n")
    assert [head.hash for head in heads.valid(heads.read(tmp_path))] == ["a", "c"]


# --- received and recorded -----------------------------------------------------------------------------------


def test_what_is_decided_goes_by_receipt_and_is_known_from_the_day_it_was_recorded(ws: Workspace) -> None:
    load_terms(ws)
    came, later = date(2026, 12, 10), date(2026, 12, 17)
    path = SAMPLES / "valid" / "01-add-family.edi"
    file = claim(replace(ws, today=came), [path.read_bytes()], path.name, PARTNER, "test", ws.now(came))
    retry(replace(ws, today=later), file.id, ws.now(later))
    with ws.database.read() as conn:
        known = conn.execute(
            select(tx.c.at, tx.c.recorded_at).join(coverage, coverage.c.tx_from == tx.c.id).limit(1)
        ).one()
    assert (known.at, known.recorded_at) == (ws.now(came), ws.now(later))
