"""What one database does in a way of its own stands in store/dialects, and in its SQL of the revisions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.dialects import DIALECTS

VERSIONS = Path(__file__).parents[2] / "store" / "migrations" / "versions"
HOME = "store/dialects/"
DRIVERS = ("sqlite3", "pysqlite3", "psycopg", "sqlalchemy.dialects")
WORDS = ("pragma ", "sqlite_master", "json_each", "json_array_elements", "pg_", "analyze (")
OPTIONS = tuple(f"{name}_" for name in DIALECTS)  # of SQLAlchemy's constructs
CALLS = {"unnest", "json_each"}


def apart(source) -> Iterator[str]:
    """Yield what a module says that depends on the database."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith(DRIVERS))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(DRIVERS):
            yield node.module or ""
        elif isinstance(node, ast.Attribute) and node.attr in {"dialect", "sqlstate", "sqlite_errorcode", *CALLS}:
            yield node.attr
        elif isinstance(node, ast.keyword) and (node.arg or "").startswith(OPTIONS):
            yield node.arg or ""
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (word for word in WORDS if word in node.value.lower())


def test_no_module_asks_which_database_it_has(sources):
    places = [source for source in sources if not source.name.startswith((HOME, "store/migrations/versions/"))]
    assert {f"{source.name}: {what}" for source in places for what in apart(source)} == set()


@pytest.mark.parametrize("name", [*DIALECTS, "__init__"])
def test_the_look_sees_a_dialect(name, sources):
    assert any(list(apart(source)) for source in sources if source.name == f"{HOME}{name}.py")


def test_one_library_opens_sqlite_stores(everywhere):
    """Two in one process drop each other's locks on the file. Prefect's own database is none of ours."""
    libraries = ("sqlite3", "pysqlite3", "aiosqlite", "apsw")
    importing = {
        source.name
        for source in everywhere
        for node in source.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", "") or "", *(alias.name for alias in node.names)]
        if name.split(".")[0] in libraries and getattr(node, "module", "") != "store.dialects.sqlite"
    }
    assert importing == {"store/dialects/sqlite.py"}


def test_each_revision_has_the_sql_of_each_database():
    """A revision that comes as SQL comes for all."""
    revisions = {path.name.split(".")[0] for path in VERSIONS.glob("*.sql")}
    assert {path.name for path in VERSIONS.glob("*.sql")} == {
        f"{revision}.{name}.sql" for revision in revisions for name in DIALECTS
    }
    assert {path.stem for path in (VERSIONS.parents[1] / "dialects").glob("*.py")} == {
        *DIALECTS,
        "__init__",
        "base",
    }
