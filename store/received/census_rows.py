"""The rows of a census as they were read: in pieces, compressed and sealed, from its judging to its answer.

They are read in the order in which they were added, which is that of member_lines.chunks, so that enrolling a
census goes through them once. A piece has the employees' rows that its own rows belong to, if not among them,
beside.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from model.enrollment.census import CensusRow, HousedRow
from store import bulk, cells, jsonvalue
from store.tables import census_rows
from vault.fields import FieldCipher

ROWS_A_PIECE = 1_000


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some rows, each with its family's number and its employee's row, by number; 0 = it has none."""

    rows: tuple[CensusRow, ...]
    families: tuple[tuple[str, int], ...]
    others: tuple[CensusRow, ...]  # employees of these rows who stand in another piece


def add(conn: Connection, set_id: int, rows: Sequence[HousedRow], cipher: FieldCipher) -> None:
    """Keep a census's rows."""
    names = ("set_id", "first", "rows")
    for begin in range(0, len(rows), ROWS_A_PIECE):
        piece = rows[begin : begin + ROWS_A_PIECE]
        here = {home.row.number for home in piece}
        others = {home.head.number: home.head for home in piece if home.head and home.head.number not in here}
        families = tuple((home.number, home.head.number if home.head else 0) for home in piece)
        value = _Piece(tuple(home.row for home in piece), families, tuple(others.values()))
        data = zlib.compress(jsonvalue.dump(value).encode(), 1)
        sealed = cipher.seal_bytes(data, cells.census_rows(set_id, begin))
        bulk.add(conn, census_rows, names, [(set_id, begin, sealed)])


def read(conn: Connection, set_id: int, cipher: FieldCipher) -> Iterator[HousedRow]:
    """Yield a census's rows in the order in which they were added; one piece is in memory."""
    table = census_rows.c
    for first in conn.scalars(select(table.first).where(table.set_id == set_id).order_by(table.first)).all():
        yield from opened(conn, set_id, first, cipher)


def are_kept(conn: Connection, set_id: int) -> bool:
    """Say whether a census's rows are still there: they are until it is answered."""
    table = census_rows.c
    return conn.scalar(select(table.id).where(table.set_id == set_id).limit(1)) is not None


def opened(conn: Connection, set_id: int, first: int, cipher: FieldCipher) -> Iterator[HousedRow]:
    """Yield the rows of one piece. Raises what UNREADABLE names where it cannot be opened."""
    table = census_rows.c
    sealed = conn.scalars(select(table.rows).where(table.set_id == set_id, table.first == first)).one()
    data = cipher.open_bytes(sealed, cells.census_rows(set_id, first))
    try:
        piece = jsonvalue.load(_Piece, zlib.decompress(data).decode())
    except zlib.error as error:
        raise ValueError("a piece of a census's rows that is cut") from error
    by_number = {row.number: row for row in (*piece.others, *piece.rows)}
    for row, (number, head) in zip(piece.rows, piece.families, strict=True):
        yield HousedRow(row, number, by_number[head] if head else None)


def drop(conn: Connection, set_id: int) -> None:
    """Forget a census's rows: it was answered."""
    conn.execute(delete(census_rows).where(census_rows.c.set_id == set_id))
