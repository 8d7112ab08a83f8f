"""The key ring as the store knows it: a proof of each key that it is sealed under (vault.keys)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, insert, select

from store import tables
from store.tables import key_ring


def proofs(conn: Connection) -> dict[str, str]:
    """Return the proof of each recorded key by its id; empty for a store that nobody has set up yet."""
    return {row.key_id: row.proof for row in conn.execute(select(key_ring).order_by(key_ring.c.key_id))}


def record(conn: Connection, proofs: Mapping[str, str]) -> None:
    """Record keys that the store does not know yet."""
    if rows := [{"key_id": key_id, "proof": proof} for key_id, proof in proofs.items()]:
        conn.execute(insert(key_ring), rows)


def in_use(conn: Connection) -> bool:
    """Say whether anything was ever recorded or received here."""
    return any(conn.execute(select(table).limit(1)).first() for table in (tables.tx, tables.file))
