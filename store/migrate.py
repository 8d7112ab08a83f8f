"""Schema revisions by Alembic, from the package's own scripts, on a connection that the caller has begun."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

# One number for all upgraders of a PostgreSQL store; it only has to be the same everywhere.
_LOCK = 834_820


def upgrade(conn: Connection, revision: str = "head") -> None:
    """Bring the schema to a revision within the connection's transaction.

    Foreign keys must be off (SQLite copies tables in batch mode); they are checked at the end. Raises
    RuntimeError when a row then refers to nothing.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = _config()
    config.attributes["connection"] = conn
    command.upgrade(config, revision)
    if conn.dialect.name == "sqlite" and conn.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("the migration left a row that refers to nothing")


def revisions() -> tuple[str, ...]:
    """Return every revision, oldest first."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return tuple(script.revision for script in reversed(list(scripts)))


def _config() -> Config:
    config = Config()
    here = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(here).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
