"""Partners' acknowledgments of what we sent: which document each is about (docs/domain.md, Answers to us)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Column, Connection, select

from model.x12 import ONE_SET, InboundAck
from store import bulk
from store.received.outbox import NUMBERS
from store.tables import acknowledgment, outbox
from store.tables.base import fit_rows

_SAYS = ("kind", "control", "set_control", "verdict", "codes")


def answered(conn: Connection, partner: str, acks: Sequence[InboundAck]) -> list[tuple[int, str] | None]:
    """Return for each answer the document of ours that it is about (outbox id, kind), None when there is none.

    A TA1 names our ISA13, a 999 our GS06 and ST02, and only documents for this partner count. Numbers are compared
    as numbers, since leading zeros get lost. Where a number was used twice the newer document is meant.
    """
    numbers = [_number(ack.control) for ack in acks]
    known = {True: _sent_under(conn, partner, outbox.c.interchange, [n for n in numbers if n])}
    known[False] = _sent_under(conn, partner, outbox.c.functional_group, [n for n in numbers if n])
    return [
        known[ack.kind == "TA1"].get(number) if _number(ack.set_control or ONE_SET) == int(ONE_SET) else None
        for ack, number in zip(acks, numbers, strict=True)
    ]


def unsaid(
    conn: Connection, answers: Sequence[tuple[InboundAck, tuple[int, str]]]
) -> list[tuple[InboundAck, tuple[int, str]]]:
    """Return the answers, each with its document (outbox id, kind), that were not recorded of it before."""
    about = {document[0] for _, document in answers}
    if not about:
        return []
    columns = (acknowledgment.c.outbox_id, *(acknowledgment.c[name] for name in _SAYS))
    rows = conn.execute(select(*columns).where(bulk.among(conn, acknowledgment.c.outbox_id, about)))
    before = {tuple(row) for row in rows}
    return [
        (ack, document)
        for ack, document in answers
        if (document[0], ack.kind, ack.control, ack.set_control, ack.verdict, " ".join(ack.codes)) not in before
    ]


def record(
    conn: Connection, interchange_id: int, acks: Iterable[InboundAck], documents: Iterable[tuple[int, str] | None]
) -> None:
    """Record answers that an interchange brought, each with the document of ours that it is about, in bulk."""
    names = ("interchange_id", "outbox_id", "kind", "control", "set_control", "verdict", "codes", "segment")
    rows = [
        (
            interchange_id,
            document[0] if document else None,
            ack.kind,
            ack.control,
            ack.set_control,
            ack.verdict,
            " ".join(ack.codes),
            ack.where.segment,
        )
        for ack, document in zip(acks, documents, strict=True)
    ]
    bulk.add(conn, acknowledgment, names, fit_rows(acknowledgment, names, rows))


def _number(text: str) -> int:
    """Return a control number, 0 when it is none of ours: those are of one to nine digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(NUMBERS)) else 0


def _sent_under(
    conn: Connection, partner: str, column: Column[Any], numbers: Collection[int]
) -> dict[int, tuple[int, str]]:
    if not numbers:
        return {}
    rows = select(column.label("number"), outbox.c.id, outbox.c.kind).where(outbox.c.partner == partner)
    rows = rows.where(bulk.among(conn, column, set(numbers))).order_by(outbox.c.id)
    return {row.number: (row.id, row.kind) for row in conn.execute(rows)}
