"""The databases that can hold a store. One more is a module here and its SQL in store/migrations/versions.

See docs/design.md, Two databases.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from store.dialects import postgresql, sqlite
from store.dialects.base import Dialect

DIALECTS: dict[str, Dialect] = {"sqlite": sqlite, "postgresql": postgresql}  # by SQLAlchemy's name


def of(bound: Connection | Engine) -> Dialect:
    """Return what a connection or an engine speaks to."""
    return DIALECTS[bound.dialect.name]
