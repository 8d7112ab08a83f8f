"""A small invented roster for the store's tests, and a count of the statements that a piece of work costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, Table, event, insert

from model.enrollment.events import Address, Demographics, Name
from model.enrollment.roster import Assignment, ChangeSet, Coverage, NewContract, NewEnrollee, NewPerson, Opened
from model.journal import Purpose
from model.timeline import OPEN, Span
from store import journal, tables
from store.engine import Database
from store.people import commit
from support.people import TESTER
from vault.box import Vault

NOON = datetime(2027, 1, 5, 17, 0, tzinfo=UTC)
ACCOUNTS = {"EAST": "GRP1-E", "WEST": "GRP1-W"}


@dataclass
class Roll:
    """One store with the groups GRP1 (subgroups EAST, WEST) and GRP2, and words to fill it."""

    database: Database
    vault: Vault
    groups: dict[str, int] = field(default_factory=dict)

    def add_groups(self, conn: Connection) -> None:
        """Make the rows that terms would."""
        for number in ("GRP1", "GRP2"):
            self.groups[number] = _row(conn, tables.employer_group, number=number)
        for subgroup, account in ACCOUNTS.items():
            row = {"number": account, "group_id": self.groups["GRP1"], "subgroup": subgroup, "held_by": account}
            conn.execute(insert(tables.billing_account), row)

    def tx(self, conn: Connection, set_id: int | None = None) -> int:
        """Open a transaction of the store."""
        return journal.open_tx(conn, NOON, TESTER, Purpose.ENROLL, set_id)

    def apply(self, changes: ChangeSet) -> tuple[int, dict[int, str]]:
        """Commit changes; return the transaction and the member IDs assigned."""
        with self.database.write() as conn:
            tx = self.tx(conn)
            return tx, dict(commit.apply(conn, tx, changes, self.groups, self.vault))

    def family(
        self,
        number: str,
        *,
        size: int = 1,
        base: int = 0,
        group: str = "GRP1",
        subgroup: str = "EAST",
        ssn: str = "",
        begin: date = date(2027, 1, 1),
        end: date = OPEN,
        lines: tuple[str, ...] = ("medical",),
    ) -> ChangeSet:
        """A new contract: subscriber, spouse, children; temporary ids from `base` downwards."""
        ids = iter(range(base - 1, base - 1000, -1))
        span = Span(begin, end)
        contract = next(ids)
        opened: list[Opened] = [
            NewContract(contract, group, number),
            Assignment(next(ids), contract, subgroup, span),
        ]
        for place in range(size):
            person, enrollee = next(ids), next(ids)
            relationship = "18" if place == 0 else "01" if place == 1 else "19"
            opened.append(NewPerson(person, who(place, number), ssn if place == 0 else ""))
            opened.append(NewEnrollee(enrollee, contract, person, relationship))
            for line in lines:
                tier = "" if place else "FAM"
                opened.append(Coverage(next(ids), enrollee, line, f"{line.upper()}1", tier, span))
        return ChangeSet(open=tuple(opened))


def who(place: int, number: str) -> Demographics:
    """An invented person."""
    return Demographics(
        name=Name(f"SAMPLE{number}", f"PERSON{place}", "Q"),
        birth=date(1980 + place, 2, 3),
        gender="F",
        address=Address("1 MAIN ST", "", "HARTFORD", "CT", "06101"),
        mailing=Address("PO BOX 9", "", "HARTFORD", "CT", "06102"),
        phone="8605550100",
        email="person@example.com",
    )


@pytest.fixture
def roll(database: Database, vault: Vault) -> Roll:
    """An empty roster of two groups, on each database."""
    made = Roll(database, vault)
    with database.write() as conn:
        made.add_groups(conn)
    return made


@pytest.fixture
def received_set(database: Database) -> int:
    """The row id of a received transaction set."""
    with database.write() as conn:
        conn.execute(insert(tables.file), {"id": "F000001", "received_at": NOON})
        parent = _row(conn, tables.interchange, file_id="F000001", ack_requested=False, answerable=True)
        parent = _row(conn, tables.functional_group, interchange_id=parent)
        return _row(conn, tables.transaction_set, functional_group_id=parent, file_id="F000001")


def _row(conn: Connection, table: Table, **values: object) -> int:
    return conn.execute(insert(table).values(**values).returning(table.c.id)).scalar_one()


@pytest.fixture
def counted(database: Database) -> Callable[[], AbstractContextManager[list[str]]]:
    """Collect the statements that reach the driver within a `with` block."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(conn, cursor, statement, parameters, context, executemany):
            statements.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

    return collect
