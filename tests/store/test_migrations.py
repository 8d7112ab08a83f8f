"""The schema: made by the migrations, from every earlier revision and with its rows, on both databases.

tests/cases/store/<revision>.sql holds at least one row of each table as it was at that revision.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import DBAPIError

from store import migrate
from store.engine import Database
from store.tables import APPEND_ONLY, metadata

CASES = Path(__file__).parents[1] / "cases" / "store"


def seed(conn: Connection, revision: str) -> dict[str, int]:
    """Insert a revision's rows; return how many each table got."""
    counts: dict[str, int] = {}
    for statement in (CASES / f"{revision}.sql").read_text().splitlines():
        table = re.match(r"INSERT INTO (\w+)", statement)
        assert table is not None
        counts[table[1]] = counts.get(table[1], 0) + 1
        conn.exec_driver_sql(statement)
    return counts


def count(conn: Connection, table: str) -> int:
    return len(conn.execute(select(metadata.tables[table])).all())


@pytest.mark.parametrize("revision", migrate.revisions())
def test_upgrading_an_earlier_revision_keeps_every_row(empty_database_url: str, revision: str) -> None:
    database = Database.open(empty_database_url)
    assert database.revision() == ""
    database.upgrade(revision)
    assert database.revision() == revision
    with database.write() as conn:
        rows = seed(conn, revision)
    database.upgrade()
    assert database.revision() == migrate.revisions()[-1]
    with database.read() as conn:
        assert {table: count(conn, table) for table in rows} == rows
    database.close()


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # SQLite's are held by tests/store/test_find.py
def test_the_migrations_make_the_tables_that_the_code_uses(database: Database) -> None:
    with database.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []


def test_the_newest_revision_has_rows_of_every_table() -> None:
    named = set(re.findall(r"INSERT INTO (\w+)", (CASES / f"{migrate.revisions()[-1]}.sql").read_text()))
    assert named == set(metadata.tables)


def test_upgrading_again_does_nothing(database: Database) -> None:
    database.upgrade()
    assert database.revision() == migrate.revisions()[-1]


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_what_happened_is_append_only(database: Database, table: str, statement: str) -> None:
    with database.write() as conn:
        seed(conn, "0001")
    with pytest.raises(DBAPIError, match=f"{table} is append-only"), database.write() as conn:
        conn.execute(text(statement.format(table, next(iter(metadata.tables[table].primary_key)).name)))
    with database.read() as conn:
        assert count(conn, table) >= 1


def test_of_dispositions_only_those_may_go_that_changed_nothing(database: Database) -> None:
    with database.write() as conn:
        seed(conn, "0001")
        conn.execute(text("INSERT INTO disposition (set_id, number, disposition, tx) VALUES (1, 2, 'NOOP', 2)"))
        conn.execute(text("DELETE FROM disposition WHERE disposition = 'NOOP'"))
        assert count(conn, "disposition") == 1


def test_of_a_deposit_only_what_became_of_it_is_recorded_later(database: Database) -> None:
    with database.write() as conn:
        seed(conn, "0001")
        conn.execute(text("UPDATE deposit SET remittance_id = 0, placed_tx = 0, void_tx = 1"))
    for column in metadata.tables["deposit"].c:
        if column.name not in ("remittance_id", "placed_tx", "void_tx"):
            frozen = metadata.tables["deposit"].update().values({column.name: column})
            with pytest.raises(DBAPIError, match="deposit is append-only"), database.write() as conn:
                conn.execute(frozen)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO transfer (debit, credit, cents, effective, tx) VALUES ('a', 'b', 0, '2027-01-01', 1)",
        "INSERT INTO transfer (debit, credit, cents, effective, tx) VALUES ('a', 'a', 5, '2027-01-01', 1)",
        "INSERT INTO transfer (debit, credit, cents, effective, tx) VALUES ('a', 'b', 5, '2027-01-01', 99)",
        "UPDATE coverage SET end_date = '2026-12-31'",
        "INSERT INTO enrollee (contract_id, person_id, relationship, tx_from) VALUES (1, 1, '18', 1)",
        "INSERT INTO person_facts (person_id, tx_from) VALUES (1, 1)",
        "INSERT INTO agreement (kind, code, tx_from) VALUES ('partner', 'acme', 1)",
        "INSERT INTO outbox (key, tx) VALUES ('report:F000001', 1)",
    ],
)
def test_the_database_itself_refuses(database: Database, statement: str) -> None:
    with database.write() as conn:
        seed(conn, "0001")
    with pytest.raises(DBAPIError), database.write() as conn:
        conn.exec_driver_sql(statement)


def test_sqlite_replace_does_not_go_around_append_only(database: Database) -> None:
    with database.write() as conn:
        seed(conn, "0001")
        if conn.dialect.name != "sqlite":
            return
    row = {"id": 1, "debit": "a", "credit": "b", "cents": 1, "effective": date(2027, 1, 1), "tx": 1}
    with pytest.raises(DBAPIError, match="append-only"), database.write() as conn:
        conn.execute(insert(metadata.tables["transfer"]).prefix_with("OR REPLACE"), row)
