"""What each test would make anew, and the same: compiled SQL, the tree of commands, terms. A worker keeps them.
So it does with what is wrong with a schema: a SQLite store's is its text, which says all that Alembic asks of it.

And what it looks through for garbage again and again: a worker has a million things that live as long as it does.
"""

from __future__ import annotations

import gc
from functools import cache, lru_cache, partial
from typing import Any, cast

import alembic.autogenerate
import typer.testing
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.util import LRUCache
from typer.main import get_command

import parsers.terms.text
import store.engine

_MOST = 2_000  # statements kept
_SELDOM = (50_000, 20, 50)  # when Python looks for garbage
_SCHEMA = text("SELECT sql FROM sqlite_master ORDER BY type, name")

_differs = alembic.autogenerate.compare_metadata
_found: dict[tuple[Any, ...], Any] = {}  # what differs, by the text of a schema and what it is compared with


class _Compiled(LRUCache[Any, Any]):
    """SQLAlchemy's cache for one engine, for all of them: a test opens engines of its own, of two dialects.

    A statement's key begins with its engine's dialect; here with the kind of it.
    """

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: tuple[Any, ...], value: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), value)


def _compared(context: MigrationContext, known: MetaData) -> Any:
    """Compare a schema with what is known, once for each text of it."""
    conn = context.connection
    if conn is None or conn.dialect.name != "sqlite":
        return _differs(context, known)
    asked = (id(known), *conn.scalars(_SCHEMA))
    if asked not in _found:
        _found[asked] = _differs(context, known)
    return _found[asked]


def keep() -> None:
    """Let the stores of this process share what is compiled, and the runs of the command line their commands."""
    shared = {"compiled_cache": _Compiled(_MOST)}
    cast(Any, store.engine).create_engine = partial(create_engine, execution_options=shared)
    cast(Any, typer.testing)._get_command = cache(get_command)
    cast(Any, parsers.terms.text).load = lru_cache(256)(parsers.terms.text.load)
    cast(Any, alembic.autogenerate).compare_metadata = _compared
    gc.set_threshold(*_SELDOM)
