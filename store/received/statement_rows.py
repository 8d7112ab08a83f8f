"""The rows of large statements, beside the outbox: in pieces, compressed and sealed, until they are delivered.

Those of an invoice and of a reconciliation stay, once for all copies: an invoice is printed for ever.

A row has a place: its rank in the document, the part of the file it tells of (the set's row id, 0 = the file), and
its number within that part. They are added part by part in any order of numbers, and read in the order of places,
those of one place as they were added. Of one part only the pieces are open whose numbers overlap, which in a file
of families in one piece each is one.
"""

from __future__ import annotations

import heapq
import json
import zlib
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from model.documents.keys import DocumentKind
from store import bulk, cells, jsonvalue
from store.dialects.base import Rows
from store.engine import Database
from store.tables import statement_rows
from vault.fields import FieldCipher

Placed = tuple[int, int, int, Any]  # rank, part, number, and the row
ROWS_A_PIECE = 1_000
ROWS_A_WRITE = 5_000
_Reading = Callable[[], AbstractContextManager[Connection]]


def pieces(key: str, kind: DocumentKind, rows: Iterable[Placed], cipher: FieldCipher) -> Rows:
    """Return rows of the statement that is or will be owed under a key as `add` takes them."""
    groups: dict[tuple[int, int], list[tuple[int, Any]]] = defaultdict(list)
    for rank, part, number, row in rows:
        groups[rank, part].append((number, row))
    made = []
    for (rank, part), numbered in groups.items():
        numbered.sort(key=itemgetter(0))
        for begin in range(0, len(numbered), ROWS_A_PIECE):
            piece = numbered[begin : begin + ROWS_A_PIECE]
            first, last = piece[0][0], piece[-1][0]
            cell = cells.statement_rows(key, rank, part, first)
            data = zlib.compress(jsonvalue.dump_rows(kind, piece), 1)
            made.append((key, kind.value, rank, part, first, last, cipher.seal_bytes(data, cell)))
    return made


def add(conn: Connection, pieces: Rows) -> None:
    """Keep pieces of rows."""
    bulk.add(conn, statement_rows, ("key", "kind", "rank", "part", "first", "last", "rows"), pieces)


def keep(conn: Connection, key: str, kind: DocumentKind, rows: Iterable[Placed], cipher: FieldCipher) -> None:
    """Keep any number of rows: few of them are in memory at once."""
    rows = iter(rows)
    while some := list(islice(rows, ROWS_A_WRITE)):
        add(conn, pieces(key, kind, some, cipher))


def drop(conn: Connection, key: str) -> None:
    """Forget the rows of a statement: its documents are in the archive."""
    conn.execute(delete(statement_rows).where(statement_rows.c.key == key))


def read(database: Database, cipher: FieldCipher, key: str) -> Iterator[Any]:
    """Yield the rows that lie under a key, in the order of their places.

    Each piece is read in a transaction of its own. Raises what UNREADABLE names where one cannot be opened.
    """
    return _read(database.read, cipher, key)


def kept(conn: Connection, cipher: FieldCipher, key: str) -> Iterator[Any]:
    """Yield the rows as `read` does in a transaction that is open, those that it keeps itself among them."""
    return _read(lambda: nullcontext(conn), cipher, key)


def _read(reading: _Reading, cipher: FieldCipher, key: str) -> Iterator[Any]:
    table = statement_rows.c
    columns = (table.id, table.rank, table.part, table.first, table.last)
    places = select(*columns).where(table.key == key).order_by(table.rank, table.part, table.first, table.id)
    with reading() as conn:
        heads = conn.execute(places).all()
    for _, pieces in groupby(heads, key=itemgetter(1, 2)):
        yield from _merged(reading, list(pieces), cipher)


def opened(row: Row[Any], cipher: FieldCipher) -> Sequence[tuple[int, Any]]:
    """Return the numbered rows of a stored piece. Raises what UNREADABLE names."""
    data = cipher.open_bytes(row.rows, cells.statement_rows(row.key, row.rank, row.part, row.first))
    try:
        return jsonvalue.load_rows(row.kind, zlib.decompress(data))
    except zlib.error as error:
        raise ValueError("a piece of a statement's rows that is cut") from error


def plain(row: Row[Any], cipher: FieldCipher) -> Sequence[tuple[int, Any]]:
    """Return the numbered rows of a stored piece as JSON values. Raises what UNREADABLE names."""
    data = cipher.open_bytes(row.rows, cells.statement_rows(row.key, row.rank, row.part, row.first))
    return [(number, value) for number, value in json.loads(zlib.decompress(data))]


def _merged(reading: _Reading, heads: Sequence[Row[Any]], cipher: FieldCipher) -> Iterator[Any]:
    """Yield the rows of some pieces by number, opening each when its first number comes."""
    waiting = deque(heads)
    begun: list[tuple[int, int, Any, Iterator[tuple[int, Any]], int]] = []  # the last: its last number
    while waiting or begun:
        while waiting and (not begun or waiting[0].first <= begun[0][0]):
            head = waiting.popleft()
            rows = iter(_piece(reading, head.id, cipher))
            number, row = next(rows)
            heapq.heappush(begun, (number, head.id, row, rows, head.last))
        _, piece, row, rows, last = heapq.heappop(begun)
        yield row
        if not begun and not (waiting and waiting[0].first <= last):
            yield from map(itemgetter(1), rows)  # nearly always: no other piece lies between
        elif following := next(rows, None):
            heapq.heappush(begun, (following[0], piece, following[1], rows, last))


def _piece(reading: _Reading, piece: int, cipher: FieldCipher) -> Sequence[tuple[int, Any]]:
    with reading() as conn:
        row = conn.execute(select(statement_rows).where(statement_rows.c.id == piece)).one()
    return opened(row, cipher)
