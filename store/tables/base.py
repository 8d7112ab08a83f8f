"""The metadata, its column types, the short names by which the tables are written, and text made fit for a column.

What a sender wrote may be longer than its column, or hold a NUL: PostgreSQL refuses both, SQLite stores them.
Nothing is lost: the archive keeps the bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TextClause,
    TypeDecorator,
    func,
    text,
)

from store.dialects import DIALECTS
from store.dialects.base import Rows

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")
STILL_KNOWN = text("tx_to IS NULL")
_LARGEST = 2**63 - 1  # of a whole number


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware UTC in Python on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ANN401
        """Refuse naive times; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ANN401
        """Give the zone back that SQLite drops."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def ident() -> Column[int]:
    """The row id."""
    return Column("id", Id, primary_key=True, autoincrement=True)


def ref(name: str, target: str, *, null: bool = False, index: bool = False) -> Column[int]:
    """A reference to another table's id."""
    return Column(name, Id, ForeignKey(f"{target}.id"), nullable=null, index=index)


def known() -> tuple[Column[int], Column[int]]:
    """Recorded time: from one transaction to another; NULL = still known."""
    return (ref("tx_from", "tx"), ref("tx_to", "tx", null=True))


def chars(name: str, size: int = 0, *, index: bool = False) -> Column[str]:
    """A text column, never NULL; size 0 = unbounded."""
    return Column(name, String(size) if size else Text, nullable=False, server_default="", index=index)


def whole(name: str, *, index: bool = False) -> Column[int]:
    """A whole number, never NULL."""
    return Column(name, Id, nullable=False, server_default="0", index=index)


def partial_index(name: str, *columns: str, where: TextClause, unique: bool = False) -> Index:
    """Return an index of the rows for which a condition holds."""
    options: dict[str, Any] = {f"{dialect}_where": where for dialect in DIALECTS}
    return Index(name, *columns, unique=unique, **options)


def beginnings_index(name: str, column: Column[str], where: TextClause) -> Index:
    """Return an index by which rows are found whose text begins with another in any case (store.bulk.begins)."""
    options: dict[str, Any] = {f"{dialect}_where": where for dialect in DIALECTS}
    for dialect in DIALECTS.values():
        options |= dialect.beginnings_options("upper")
    return Index(name, func.upper(column).label("upper"), **options)


def fit(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's values cut to their columns: texts to length, without NUL; numbers to 64 bits."""
    lengths = _lengths(table)
    return {name: _value(value, lengths.get(name)) for name, value in values.items()}


def fit_rows(table: Table, names: Sequence[str], rows: Rows) -> Rows:
    """Return rows of these columns with their texts cut as `fit` does; numbers are taken as they are.

    A column is looked at as a whole, since nearly every text fits.
    """
    if not rows:
        return rows
    lengths = _lengths(table)
    columns = list(zip(*rows, strict=True))
    texts = [place for place, name in enumerate(names) if name in lengths]
    wrong = [place for place in texts if not _fit(columns[place], lengths[names[place]])]
    for place in wrong:
        columns[place] = tuple(_value(value, lengths[names[place]]) for value in columns[place])
    return list(zip(*columns, strict=True)) if wrong else rows


def _fit(texts: Sequence[str], length: int | None) -> bool:
    return "".join(texts).isprintable() and (length is None or max(map(len, texts)) <= length)


def _value(value: Any, length: int | None) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        if not value.isprintable():  # a fast test; most values pass it
            value = value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
        return value[:length]
    if isinstance(value, int) and not isinstance(value, bool):
        return max(-_LARGEST, min(value, _LARGEST))
    return value


@cache
def _lengths(table: Table) -> dict[str, int | None]:
    """Return the lengths of a table's text columns; None: any."""
    return {column.name: column.type.length for column in table.c if isinstance(column.type, String)}
