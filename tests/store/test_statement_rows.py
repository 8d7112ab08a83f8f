"""The rows beside a statement come back in the order of their places, however they were added."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import func, select, update

from model.documents.keys import DocumentKind
from model.documents.report import ReportRow
from store import tables
from store.engine import Database
from store.received import statement_rows
from vault.box import Vault
from vault.fields import SealError

KEY = "report:F000001"


def row(number: int, text: str = "") -> ReportRow:
    return ReportRow(
        "0001", number, "G", "100", "****1", "M1", text, "18", "HLT", "GOLD", "APPLIED", "SENT", None,
        "", "", "", "", "",
    )  # fmt: skip


def add(database: Database, vault: Vault, rows: list[tuple[int, int, int, ReportRow]]) -> None:
    with database.write() as conn:
        statement_rows.add(conn, statement_rows.pieces(KEY, DocumentKind.REPORT, rows, vault.fields))


def read(database: Database, vault: Vault) -> list[ReportRow]:
    return list(statement_rows.read(database, vault.fields, KEY))


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_adding_gives_the_order_of_places(database: Database, vault: Vault, seed: int) -> None:
    random = Random(seed)
    placed = [
        (random.choice((0, 6, 7)), part, number, row(number, f"{part} {number} {place}"))
        for part in (0, 3, 4)
        for number in range(700)
        for place in range(random.choice((1, 1, 3)))
    ]
    chunks = [placed[begin::3] for begin in range(3)] if seed % 2 else [placed[:900], placed[900:]]
    for chunk in chunks:
        add(database, vault, chunk)
    told = read(database, vault)
    wanted = sorted(placed, key=lambda each: each[:3])
    assert [(each.segment, each.name[:1]) for each in told] == [
        (number, str(part)) for _, part, number, _ in wanted
    ]
    if not seed % 2:  # rows of one number were added together
        assert told == [each for _, _, _, each in wanted]


def test_rows_are_sealed_and_bound_to_their_place(database: Database, vault: Vault) -> None:
    add(database, vault, [(6, 1, number, row(number, "Sample, Ada")) for number in range(1_500)])
    with database.write() as conn:
        pieces = conn.execute(select(tables.statement_rows)).all()
        assert [(piece.first, piece.last) for piece in pieces] == [(0, 999), (1_000, 1_499)]
        assert not any(b"Ada" in piece.rows for piece in pieces)
        table = tables.statement_rows
        conn.execute(update(table).where(table.c.id == pieces[0].id).values(rows=pieces[1].rows))
    with pytest.raises(SealError):
        read(database, vault)


def test_what_is_delivered_leaves_the_store(database: Database, vault: Vault) -> None:
    add(database, vault, [(6, 1, 1, row(1))])
    with database.write() as conn:
        statement_rows.drop(conn, KEY)
        assert conn.scalar(select(func.count()).select_from(tables.statement_rows)) == 0
    assert read(database, vault) == []
