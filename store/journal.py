"""Who did what, when: transactions, the audit trail, and leases that keep two workers off one thing."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, text, update

from model.journal import Act, Input, InputKind, Purpose
from model.people import Actor
from model.timeline import Month
from store import chain, tables
from store.bulk import add_row, insert_row
from store.tables import UtcDateTime
from store.tables.base import fit

_INPUT = select(tables.input.c.id).where(tables.input.c.key == bindparam("key"))
_CLAIM = (
    select(tables.input.c.key, tables.input.c.body)
    .join(tables.transaction_set, tables.transaction_set.c.file_id == tables.input.c.key)
    .where(tables.transaction_set.c.id == bindparam("set"))
)
_HOLDER = select(tables.lease.c.holder, tables.lease.c.expires_at).where(tables.lease.c.name == bindparam("name"))
_LEASE = text(
    "INSERT INTO lease (name, holder, expires_at) VALUES (:name, :holder, :until) "
    "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at "
    "WHERE lease.expires_at <= :now OR lease.holder = excluded.holder RETURNING name"
).bindparams(bindparam("until", type_=UtcDateTime), bindparam("now", type_=UtcDateTime))
_CAP = text("UPDATE lease SET expires_at = :until WHERE name = :name AND expires_at > :until").bindparams(
    bindparam("until", type_=UtcDateTime)
)


def open_tx(
    conn: Connection,
    at: datetime,
    actor: Actor,
    purpose: Purpose,
    set_id: int | None = None,
    month: Month | None = None,
    *,
    asked: Asked | None = None,
    recorded_at: datetime | None = None,
    args: Mapping[str, Any] | None = None,
) -> int:
    """Record a transaction received at an instant (UTC); return its id, for tx_from and tx_to.

    `month` is the one that is billed or reconciled: the store keeps `bill 2027-01`. `asked` is the input of which
    it does a part, `args` say which (ids, codes, counts); none: a command of which nothing more is known.
    `recorded_at` is since when it is known, none: `at`.
    """
    asked = asked or Asked(Input(secrets.token_hex(16), InputKind.COMMAND, at))
    row = fit(
        tables.tx,
        {
            "at": at,
            "recorded_at": recorded_at or at,
            "actor": actor.text,
            "what": f"{purpose} {month}" if month else purpose.value,
            "set_id": set_id,
            "input_id": _input(conn, asked, actor.text),
            "args": json.dumps(args) if args else "",
        },
    )
    number = insert_row(conn, tables.tx, row)
    chain.of(conn).opened = tuple((row | {"id": number})[column.name] for column in tables.tx.c)
    return number


@dataclass(frozen=True, slots=True)
class Asked:
    """An input as it is stored: its body sealed, and the digest of the settings it was asked under."""

    input: Input
    sealed: str = ""
    settings: str = ""


def _input(conn: Connection, asked: Asked, actor: str) -> int:
    """Record an input with the first of its steps; return its row id."""
    one = asked.input
    ident: int | None = conn.scalar(_INPUT, {"key": one.key})
    if ident is not None:
        return ident
    row = {
        "key": one.key,
        "kind": one.kind.value,
        "actor": actor,
        "received_at": one.received_at,
        "body": asked.sealed,
        "sha256": one.sha256,
        "settings": asked.settings,
    }
    return add_row(conn, tables.input, fit(tables.input, row))


def claim_of(conn: Connection, set_id: int) -> tuple[str, str]:
    """Return the key of the claim that brought a set, its file's id, and what was asked by it, sealed."""
    row = conn.execute(_CLAIM, {"set": set_id}).one_or_none()
    return (row.key, row.body) if row else ("", "")


def tx_of_set(conn: Connection, set_id: int) -> int | None:
    """Return the latest transaction that decided a set, None when none did."""
    latest: int | None = conn.scalar(select(func.max(tables.tx.c.id)).where(tables.tx.c.set_id == set_id))
    return latest


def audit(conn: Connection, tx: int, act: Act, subject: str, detail: str = "") -> None:
    """Add one line to the audit trail, which is append-only. No PHI in subject or detail: ids and counts."""
    row = fit(tables.audit, {"tx": tx, "action": act.value, "subject": subject, "detail": detail})
    add_row(conn, tables.audit, row)


def lease(conn: Connection, name: str, holder: str, now: datetime, seconds: int) -> bool:
    """Take or extend a lease until `now` + seconds; False while another holder's has not run out.

    One that lasts longer than any can was taken by a clock that was wrong: from now on it lasts no longer.
    """
    values = {"name": name, "holder": holder, "now": now, "until": now + timedelta(seconds=seconds)}
    conn.execute(_CAP, values)
    return conn.execute(_LEASE, values).first() is not None


def extend(conn: Connection, name: str, holder: str, now: datetime, seconds: int) -> bool:
    """Extend a lease until `now` + seconds; False when it is not this holder's any more, or nobody's."""
    lease = tables.lease.c
    mine = update(tables.lease).where(lease.name == name, lease.holder == holder)
    return bool(conn.execute(mine.values(expires_at=now + timedelta(seconds=seconds))).rowcount)


def holder(conn: Connection, name: str) -> tuple[str, datetime] | None:
    """Return who took a lease that was not given back, and until when it lasts; None when nobody did."""
    row = conn.execute(_HOLDER, {"name": name}).one_or_none()
    return (row.holder, row.expires_at) if row else None


def holders(conn: Connection) -> list[tuple[str, str]]:
    """Return every lease that was not given back, run out or not: its name and who took it."""
    lease = tables.lease.c
    return list(conn.execute(select(lease.name, lease.holder).order_by(lease.name)).tuples())


def holds(conn: Connection, name: str, holder: str, now: datetime, seconds: int) -> bool:
    """Say whether a lease is this holder's for at least so many seconds more."""
    found = conn.execute(_HOLDER, {"name": name}).one_or_none()
    return found is not None and found.holder == holder and found.expires_at > now + timedelta(seconds=seconds)


def release(conn: Connection, name: str, holder: str) -> None:
    """Give a lease back. Nothing happens when another holds it by now."""
    conn.execute(delete(tables.lease).where(tables.lease.c.name == name, tables.lease.c.holder == holder))
