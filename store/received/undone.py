"""What lines of files came to in steps that are to be taken back, and how people know those steps.

A step is named by its transaction (row of tx). See docs/domain.md, Undo.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from model.enrollment.actions import Action
from model.enrollment.decision import SetState
from store.bulk import among
from store.received.member_lines import DispositionRow, disposition_row, is_undone_by, undoes
from store.tables import decision, disposition, file, member_line, step, transaction_set, tx

_OWN = tuple(disposition.c[name] for name in DispositionRow.__slots__)


@dataclass(frozen=True, slots=True)
class Done:
    """A step as people know it. `seq`: its number; `decision` 0 and `file` "" where it is of none."""

    tx: int
    seq: int
    what: str  # model.journal.Purpose, with what it names
    at: Any  # datetime (UTC) of its receipt
    file: str
    decision: int


def steps(conn: Connection, which: Collection[int]) -> dict[int, Done]:
    """Return steps by their transactions."""
    return {row.id: _done(row) for row in conn.execute(_steps().where(among(conn, tx.c.id, which)))}


def step_of(conn: Connection, seq: int) -> Done | None:
    """Return the step of a number; None: there is none."""
    row = conn.execute(_steps().where(step.c.seq == seq)).one_or_none()
    return _done(row) if row else None


def _steps() -> Any:  # noqa: ANN401  a select
    named = (tx.c.id, tx.c.what, tx.c.at, step.c.seq, transaction_set.c.file_id, decision.c.number)
    query = select(*named).join_from(tx, step, step.c.tx == tx.c.id)
    query = query.outerjoin(transaction_set, transaction_set.c.id == tx.c.set_id)
    return query.outerjoin(decision, decision.c.tx == tx.c.id)


def _done(row: Row[Any]) -> Done:
    return Done(row.id, row.seq, row.what, row.at, row.file_id or "", row.number or 0)


def of_file(conn: Connection, file_id: str) -> tuple[set[int], set[int]]:
    """Return the steps of a file's sets, and those of others in which a line of them was looked at again."""
    sets = select(transaction_set.c.id).where(transaction_set.c.file_id == file_id)
    own = set(conn.scalars(select(tx.c.id).where(tx.c.set_id.in_(sets))))
    came = set(conn.scalars(select(disposition.c.tx).where(disposition.c.set_id.in_(sets)).distinct()))
    undoing = conn.scalars(select(tx.c.id).where(among(conn, tx.c.id, came), tx.c.what == "undo"))
    return own, came - own - set(undoing)


def sets_of(conn: Connection, which: Collection[int]) -> list[int]:
    """Return the sets of which lines came to anything in steps, in the order of receipt."""
    query = select(disposition.c.set_id).where(among(conn, disposition.c.tx, which), _was_done()).distinct()
    return sorted(conn.scalars(query))


def lines(
    conn: Connection, set_id: int, which: Collection[int], after: int, most: int
) -> list[tuple[int, int, DispositionRow]]:
    """Return what lines of a set came to in steps and stands, above a row id: (id, segment, row).

    Segments are 0 where the index does not keep the line any more.
    """
    own = and_(member_line.c.set_id == disposition.c.set_id, member_line.c.number == disposition.c.number)
    query = select(disposition.c.id, member_line.c.segment, *_OWN).outerjoin(member_line, own)
    query = query.where(
        disposition.c.set_id == set_id, among(conn, disposition.c.tx, which), disposition.c.id > after
    )
    query = query.where(_was_done(), ~is_undone_by()).order_by(disposition.c.id).limit(most)
    return [
        (ident, segment or 0, disposition_row(*(*own_values[:-1], Action.read(own_values[-1]))))
        for ident, segment, *own_values in conn.execute(query)
    ]


def _was_done() -> Any:  # noqa: ANN401  a condition
    """Say that a line was carried out, or that what it had come to was taken back."""
    return (disposition.c.disposition == "APPLIED") | undoes(disposition.c.action)


def receivers(conn: Connection, files: Collection[str]) -> Mapping[str, str]:
    """Return who sent these files."""
    return dict(
        conn.execute(select(file.c.id, file.c.partner).where(among(conn, file.c.id, files))).tuples().all()
    )


def states(conn: Connection, file_id: str) -> set[SetState]:
    """Return the states of a file's sets."""
    sets = transaction_set.c
    found = conn.scalars(select(sets.state).where(sets.file_id == file_id, sets.state.is_not(None)).distinct())
    return {SetState(state) for state in found}
