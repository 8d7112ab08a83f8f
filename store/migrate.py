"""Schema revisions by Alembic, from the package's own scripts, on a connection that the caller has begun."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from store import dialects


def upgrade(conn: Connection, revision: str = "head") -> None:
    """Bring the schema to a revision within the connection's transaction.

    Foreign keys must be off (SQLite copies tables in batch mode); they are checked at the end. Raises
    RuntimeError when a row then refers to nothing.
    """
    dialect = dialects.of(conn)
    dialect.lock_schema(conn)
    config = _config()
    config.attributes["connection"] = conn
    command.upgrade(config, revision)
    if any(dialect.orphans(conn)):
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
