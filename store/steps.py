"""Steps: the journal of what the store was given and did (docs/design.md, Inputs and steps).

A transaction that changes business opens a tx under its input first, and is linked to the step before as its last
statement: so the order of steps is the order of commits, on both databases.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Row, func, insert, select

from store import chain, dialects, tables
from store.chain import ChainKeys
from store.tables import agreement, step, tx

_TX = tuple(tx.c)
_ADD = insert(step)


@dataclass(frozen=True, slots=True)
class Step:
    """One step as the journal has it. `at` is received time, `recorded_at` recorded time (UTC)."""

    seq: int
    tx: int
    at: datetime
    recorded_at: datetime
    actor: str
    what: str
    args: Mapping[str, Any]
    input_id: int
    release: str
    lock: str
    terms: str
    numbers: tuple[int, ...]
    digest: str


def close(conn: Connection, keys: ChainKeys) -> None:
    """Link the step that this transaction is, if it opened a tx: its last statement before it commits."""
    noted = chain.of(conn)
    if not noted.opened:
        return
    own_terms = _terms(conn) if noted.terms else None
    before = dialects.of(conn).last_step(conn)
    row = {
        "seq": before.seq + 1,
        "tx": noted.opened[0],
        "release": release(),
        "lock": lock(),
        "terms": before.terms if own_terms is None else own_terms,
        "numbers": json.dumps(noted.numbers) if noted.numbers else "",
        "key_id": keys.current,
        "digest": chain.text(noted.total),
    }
    row["hash"] = linked(noted.secret, before.hash, noted.opened, row)
    conn.execute(_ADD, row)


def linked(secret: bytes, before: str, opened: Sequence[Any], row: Mapping[str, Any]) -> str:
    """Return the hash of a step from its tx and its own columns."""
    own = [row[c.name] for c in step.c if c.name not in ("hash", "tx")]
    return chain.link(secret, before, [*opened, *own])


def _terms(conn: Connection) -> str:
    """Return the digest of all agreements in force."""
    agreed = select(agreement.c.kind, agreement.c.code, agreement.c.body).where(agreement.c.tx_to.is_(None))
    told = conn.execute(agreed)
    return sha256(json.dumps(sorted(map(tuple, told))).encode()).hexdigest()


@cache
def release() -> str:
    """Return the release of the code."""
    return version("rollbook")


@cache
def lock() -> str:
    """Return a digest of the libraries that are installed beside us: their names and versions."""
    names = sorted(path.name for path in Path(sqlalchemy.__file__).parents[1].glob("*.dist-info"))
    return sha256("\n".join(names).encode()).hexdigest()[:16]


def head(conn: Connection) -> tuple[int, str]:
    """Return number and hash of the last step; 0 and "" before the first."""
    row = conn.execute(select(step.c.seq, step.c.hash).order_by(step.c.seq.desc()).limit(1)).first()
    return (row.seq, row.hash) if row else (0, "")


def before(conn: Connection, instant: datetime) -> int:
    """Return the step before the first one of what was received at an instant (UTC) or later; 0 where none is."""
    rows = select(func.min(step.c.seq)).join(tx, tx.c.id == step.c.tx).where(tx.c.at >= instant)
    first = conn.scalar(rows)
    return head(conn)[0] if first is None else first - 1


def after(conn: Connection, seq: int, most: int) -> Sequence[Step]:
    """Return the steps after one, in order, so many at most."""
    rows = conn.execute(
        select(step, tx.c.at, tx.c.recorded_at, tx.c.actor, tx.c.what, tx.c.args, tx.c.input_id)
        .join_from(step, tx, tx.c.id == step.c.tx)
        .where(step.c.seq > seq)
        .order_by(step.c.seq)
        .limit(most)
    )
    return [_step(row) for row in rows]


def _step(row: Row[Any]) -> Step:
    return Step(
        seq=row.seq,
        tx=row.tx,
        at=row.at,
        recorded_at=row.recorded_at,
        actor=row.actor,
        what=row.what,
        args=json.loads(row.args or "{}"),
        input_id=row.input_id,
        release=row.release,
        lock=row.lock,
        terms=row.terms,
        numbers=tuple(json.loads(row.numbers or "[]")),
        digest=row.digest,
    )


def every(conn: Connection) -> Iterator[Row[Any]]:
    """Yield every row of tx with its step's columns (NULL where it has none), by step, then those without."""
    columns = (*_TX, *(c.label(f"step_{c.name}") for c in step.c))
    query = select(*columns).outerjoin_from(tx, step, step.c.tx == tx.c.id)
    yield from conn.execution_options(yield_per=5_000).execute(query.order_by(step.c.seq, tx.c.id))


def input_of(conn: Connection, ident: int) -> Row[Any]:
    """Return the row of an input."""
    return conn.execute(select(tables.input).where(tables.input.c.id == ident)).one()


def first_difference(ours: Connection, theirs: Connection) -> int | None:
    """Return the first step of ours that the other store's step of this number is not, by what it wrote.

    Compared are the plain columns of the rows that each step wrote; ids and what is sealed are not. None: no step
    differs in them.
    """
    mine, other = _wrote(ours), _wrote(theirs)
    return min((seq for seq in mine.keys() | other.keys() if mine.get(seq) != other.get(seq)), default=None)


_APART = frozenset(
    {"id", "tx", "tx_from", "tx_to", "set_id", "cipher", "number_cipher", "statement", "key_id", "cause_tx"}
)


def _wrote(conn: Connection) -> dict[int, int]:
    """Return for each step the sum of the digests of what it wrote."""
    numbers = dict(conn.execute(select(step.c.tx, step.c.seq)).tuples().all())
    sums: dict[int, int] = defaultdict(int)
    for seq, what, args in conn.execute(select(step.c.seq, tx.c.what, tx.c.args).join(tx, tx.c.id == step.c.tx)):
        sums[seq] += chain.sum_of(b"", "step", [(what, args)])
    for name, (by, later) in chain.LINKED.items():
        table = tables.metadata.tables[name]
        kept = [c for c in table.c if c.name not in _APART and c.name not in later and not c.name.endswith("_id")]
        for row in conn.execute(select(table.c[by], *kept), execution_options={"yield_per": 5_000}):
            sums[numbers.get(row[0], 0)] += chain.sum_of(b"", name, [row[1:]])
        if "tx_to" in later:
            for ended, count in conn.execute(
                select(table.c.tx_to, func.count()).where(table.c.tx_to.is_not(None)).group_by(table.c.tx_to)
            ):
                sums[numbers.get(ended, 0)] += chain.sum_of(b"", f"{name} ends", [(count,)])
    return sums
