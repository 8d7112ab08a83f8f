"""The envelope around a stored set: whom to answer, and whether the syntax let it in."""

from __future__ import annotations

import json

from sqlalchemy import Connection, func, select

from model.x12 import Delimiters, FunctionalGroup, Interchange, Verdict
from store.tables import functional_group, interchange, transaction_set


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
    sets = transaction_set.c
    own = select(sets.file_id).where(sets.id == set_id).scalar_subquery()
    return conn.scalar(select(func.count()).where(sets.file_id == own, sets.id <= set_id)) or 0


def set_of(conn: Connection, file_id: str, place: int) -> int:
    """Return the row id of a file's set by its place, from 1. Raises NoResultFound: there is none."""
    rows = select(transaction_set.c.id).where(transaction_set.c.file_id == file_id).order_by(transaction_set.c.id)
    ident: int = conn.execute(rows.offset(place - 1).limit(1)).scalar_one()
    return ident
