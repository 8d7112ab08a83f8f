"""Questions about the journal: what its chain says of every row that a step wrote (store.chain).

All rows are read, in no order; a digest that does not fit names the step, and not which of its rows was changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Table, func, literal, select, union_all

from model.verification import Fault
from store import chain, steps
from store.chain import ChainKeys
from store.tables import input, metadata, step, tx

_PAGE = {"yield_per": 5_000}
_ENDINGS = frozenset({"void_tx", "placed_tx", "paid_tx", "returned_tx"})  # steps that a row keeps, beside tx_to


def faults(conn: Connection, keys: ChainKeys) -> Iterator[Fault]:
    """Yield each step whose rows, or whose place in the chain, are not what its hash was made over."""
    told = list(steps.every(conn))
    secrets = {row.id: keys.secrets.get(row.step_key_id, b"") for row in told if row.step_seq is not None}
    sums = _sums(conn, secrets)
    before, expected = "", 1
    for row in told:
        if row.step_seq is None:
            yield Fault(f"tx {row.id}", "it is no step: it was added by hand, or its step was removed")
            continue
        where = f"step {row.step_seq}"
        if row.step_seq != expected:
            yield Fault(where, f"the step before it is missing: {expected}")
        if row.step_key_id not in keys.secrets:
            yield Fault(where, f"its key {row.step_key_id} is not on the ring")
        elif chain.text(sums.pop(row.id, 0)) != row.step_digest:
            yield Fault(where, f"what it wrote is not what it was ({row.what}, transaction {row.id})")
        cells = row._asdict()
        own = {column.name: cells[f"step_{column.name}"] for column in step.c}
        opened = [cells[column.name] for column in tx.c]
        if steps.linked(secrets[row.id], before, opened, own) != row.step_hash:
            yield Fault(where, "its own row, or the step before it, is not what it was")
        before, expected = row.step_hash, row.step_seq + 1
    yield from (
        Fault(f"tx {number}", "rows name it, and it is no step") for number, total in sums.items() if total
    )


def _sums(conn: Connection, secrets: Mapping[int, bytes]) -> dict[int, int]:
    """Return the sum of what each tx wrote, by its id."""
    sums: dict[int, int] = defaultdict(int)

    def add(kind: str, number: int, row: tuple[Any, ...]) -> None:
        sums[number] += chain.sum_of(secrets.get(number, b"unknown"), kind, [row])

    for name, query in _written():
        for row in conn.execute(query, execution_options=_PAGE):
            add(name, row[0] or 0, tuple(row[1:]))
    for kind, number, ident in conn.execute(_ended(), execution_options=_PAGE):
        add(kind, number, (ident,))
    return {number: total % chain.MODULUS for number, total in sums.items()}


@cache
def _written() -> tuple[tuple[str, Any], ...]:
    """Return the query of each table's rows."""
    first = select(func.min(tx.c.id)).where(tx.c.input_id == input.c.id).scalar_subquery()
    inputs = select(first, *(input.c[name] for name in chain.columns(input)))
    linked = ((name, _rows(metadata.tables[name], by)) for name, (by, _) in chain.LINKED.items())
    return (*linked, (input.name, inputs))


@cache
def _ended() -> Any:  # noqa: ANN401  a CompoundSelect of three columns
    """Return the query of all that ended: as what it is noted, by which transaction, its id."""
    ends = []
    for name, (_, later) in chain.LINKED.items():
        table = metadata.tables[name]
        for ending in sorted((_ENDINGS | {"tx_to"}) & later):
            done = table.c[ending]
            ends.append(select(literal(f"{name} ends"), done, table.c.id).where(done != 0))  # NULL is not, either
    return union_all(*ends)


def _rows(table: Table, by: str) -> Any:  # noqa: ANN401  a Select of as many columns as the table has
    """Return the query of a table's rows in the form in which they are noted, each after its transaction."""
    rows = select(table.c[by].label("by"), *(table.c[name] for name in chain.columns(table)))
    return rows.where(table.c.disposition.not_in(chain.UNCHAINED)) if table.name == "disposition" else rows


def counted(conn: Connection) -> int:
    """Return how many steps there are."""
    return conn.scalar(select(func.count()).select_from(step)) or 0


def hashes(conn: Connection, seqs: list[int]) -> dict[int, str]:
    """Return the hashes of some steps."""
    rows: Iterator[Row[Any]] = iter(conn.execute(select(step.c.seq, step.c.hash).where(step.c.seq.in_(seqs))))
    return {row.seq: row.hash for row in rows}
