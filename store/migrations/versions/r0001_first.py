"""The first schema: every table, and the triggers that keep what happened append-only.

Written as SQL, one file per database beside this one, so that it stays as it was whatever store.tables
becomes. Statements are separated by a line with `--` alone.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    conn = op.get_bind()
    script = Path(__file__).with_name(f"r0001_first.{conn.dialect.name}.sql").read_text(encoding="utf-8")
    for statement in script.split("\n--\n"):
        conn.execute(sa.text(statement))
