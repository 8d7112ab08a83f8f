"""What a check of the store is given, and how it counts what it looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Row, Select, Table, func, select

_PAGE = {"yield_per": 1000}  # a broken store may have as many faults as rows


@dataclass(slots=True)
class Ask:
    """One question: the store as one transaction sees it, and where given these billing accounts alone."""

    conn: Connection
    now: datetime
    accounts: Collection[str] | None = None
    rows: int = 0  # looked at; a check adds to it
    note: str = ""  # what is no fault and should be known

    def count(self, *tables: Table) -> None:
        """Add every row of some tables to what was looked at."""
        self.rows += sum(self.conn.execute(_counting(tables)).one())

    def each(self, query: Executable) -> Iterator[Row[Any]]:
        """Yield a query's rows, a page at a time."""
        yield from self.conn.execute(query, execution_options=_PAGE)


@cache
def _counting(tables: tuple[Table, ...]) -> Select[Any]:
    return select(*(select(func.count()).select_from(table).scalar_subquery() for table in tables))
