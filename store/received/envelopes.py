"""The envelope around a stored set: whom to answer, whether it came before, and whether the syntax let it in."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from model.x12 import Delimiters, FunctionalGroup, Interchange, Verdict
from store.received.files import COUNTED, IDENTITY, from_interchanges
from store.tables import file, functional_group, interchange, transaction_set
from store.tables.base import fit

_UP_TO = transaction_set.alias("up_to")
_ORDINAL = (
    select(func.count())
    .select_from(transaction_set)
    .join(_UP_TO, _UP_TO.c.file_id == transaction_set.c.file_id)
    .where(transaction_set.c.id == bindparam("set"), _UP_TO.c.id <= transaction_set.c.id)
)


def of_set(conn: Connection, set_id: int) -> tuple[Interchange, FunctionalGroup]:
    """Return the headers of the interchange and group that brought a set. Raises NoResultFound: no such set."""
    of = select(transaction_set.c.functional_group_id).where(transaction_set.c.id == set_id).scalar_subquery()
    gs = conn.execute(select(functional_group).where(functional_group.c.id == of)).one()
    isa = conn.execute(select(interchange).where(interchange.c.id == gs.interchange_id)).one()
    same = ("sender_qualifier", "sender", "receiver_qualifier", "receiver", "date", "time", "version", "control")
    values = {name: getattr(isa, name) for name in (*same, "ack_requested", "usage", "start", "segment")}
    names = ("code", "sender", "receiver", "date", "time", "control", "version", "segment")
    return (
        Interchange(**values, delimiters=Delimiters(*json.loads(isa.delimiters))),
        FunctionalGroup(**{name: getattr(gs, name) for name in names}, start=isa.start),
    )


def interchange_seen(
    conn: Connection, item: Interchange, exclude_file: str, since: datetime | None = None
) -> str | None:
    """Return the file that brought an interchange of this identity (ISA05-08, ISA13) before, or None.

    `since`: only what was received then or later, the partner's window.
    """
    same = fit(interchange, {name: getattr(item, name) for name in IDENTITY})
    rows = from_interchanges(interchange.c.file_id).where(
        *(interchange.c[name] == value for name, value in same.items()),
        interchange.c.file_id != exclude_file,
        transaction_set.c.state.in_(COUNTED),
    )
    if since is not None:
        recent = select(file.c.id).where(file.c.received_at >= since)
        rows = rows.where(interchange.c.file_id.in_(recent))
    found: str | None = conn.scalar(rows.order_by(transaction_set.c.id.desc()).limit(1))
    return found


def let_in(conn: Connection, set_id: int) -> bool:
    """Say whether neither interchange, nor group, nor set was rejected by TA1 or 999."""
    verdicts = (
        select(interchange.c.verdict, functional_group.c.verdict, transaction_set.c.verdict)
        .join_from(transaction_set, functional_group)
        .join(interchange, interchange.c.id == functional_group.c.interchange_id)
        .where(transaction_set.c.id == set_id)
    )
    return Verdict.REJECTED.value not in conn.execute(verdicts).one()


def ordinal(conn: Connection, set_id: int) -> int:
    """Return the place of a set among its file's, from 1: what names it beside the file's id."""
    return conn.scalar(_ORDINAL, {"set": set_id}) or 0


def set_of(conn: Connection, file_id: str, place: int) -> int:
    """Return the row id of a file's set by its place, from 1. Raises NoResultFound: there is none."""
    rows = select(transaction_set.c.id).where(transaction_set.c.file_id == file_id).order_by(transaction_set.c.id)
    ident: int = conn.execute(rows.offset(place - 1).limit(1)).scalar_one()
    return ident
