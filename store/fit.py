"""Text from bad files made storable: what a sender wrote may be longer than its column, or hold a NUL.

PostgreSQL refuses both; SQLite stores them. Nothing is lost: the archive keeps the bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import String, Table

_LARGEST = 2**63 - 1


def fit(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's values cut to their columns: texts to length, without NUL; numbers to 64 bits."""
    lengths = _lengths(table)
    return {name: _value(value, lengths.get(name)) for name, value in values.items()}


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
    return {column.name: column.type.length for column in table.c if isinstance(column.type, String)}
