"""Acknowledge: the TA1 and 999 owed for one interchange, put into the outbox with the judge's transaction.

TA1 first, if ISA14 asks or the interchange is rejected; a rejected interchange gets no 999 (DOMAIN.md 5).
"""

from __future__ import annotations

from collections.abc import Sequence

from model.exchange import ReceivedFile
from model.statement import Ack999Statement, AckEnvelope, AckSet, Ta1Statement
from model.x12 import FunctionalGroup, GroupVerdict, Interchange, InterchangeVerdict, SetVerdict, Verdict
from parsers import ackerrors
from pipeline import clock
from pipeline.workspace import Workspace
from store import agreements, counters, outbox
from store.engine import Connection


def answer(
    conn: Connection,
    ws: Workspace,
    file: ReceivedFile,
    tx: int,
    verdict: InterchangeVerdict,
    groups: Sequence[tuple[GroupVerdict, Sequence[SetVerdict]]],
) -> None:
    """Put the answers to one interchange into the outbox, each owed once."""
    interchange = verdict.interchange
    rejected = verdict.verdict is Verdict.REJECTED
    key = f"{file.id}:{interchange.start}"
    only_acks = not groups and not rejected
    if rejected or (interchange.ack_requested and not only_acks):
        statement = Ta1Statement(
            envelope=_envelope(conn, file, interchange, None),
            control=interchange.control,
            date=interchange.date,
            time=interchange.time,
            verdict=verdict.verdict.value,
            code=verdict.code,
        )
        outbox.put(conn, tx, f"ta1:{key}", file.partner, "ta1", statement, file.id, ws.vault.fields)
    if rejected:
        return
    for group, sets in groups:
        acknowledgment = _group_answer(conn, file, interchange, group, sets)
        name = f"999:{key}:{group.group.start}"
        outbox.put(conn, tx, name, file.partner, "999", acknowledgment, file.id, ws.vault.fields)


def _envelope(
    conn: Connection, file: ReceivedFile, interchange: Interchange, group: FunctionalGroup | None
) -> AckEnvelope:
    """Turn the identities of what is answered round; the number comes from the store's counter."""
    carrier = agreements.carrier(conn)
    return AckEnvelope(
        sender_qualifier=interchange.receiver_qualifier,
        sender=interchange.receiver,
        receiver_qualifier=interchange.sender_qualifier,
        receiver=interchange.sender,
        gs_sender=group.receiver if group else interchange.receiver,
        gs_receiver=group.sender if group else interchange.sender,
        control=counters.take(conn, "isa13"),
        at=clock.local(file.received_at, clock.zone_of(carrier)),
        usage=interchange.usage if interchange.usage in ("P", "T") else "P",
    )


def _group_answer(
    conn: Connection,
    file: ReceivedFile,
    interchange: Interchange,
    verdict: GroupVerdict,
    sets: Sequence[SetVerdict],
) -> Ack999Statement:
    group = verdict.group
    return Ack999Statement(
        envelope=_envelope(conn, file, interchange, group),
        group_control=counters.take(conn, "gs06"),
        code=group.code,
        control=group.control,
        version=group.version,
        sets=tuple(
            AckSet(
                kind=one.set.kind,
                control=one.set.control,
                version=one.set.version,
                verdict=one.verdict.value,
                codes=one.codes,
                errors=ackerrors.errors(one),
            )
            for one in sets
        ),
        verdict=verdict.verdict.value,
        declared=verdict.declared,
        received=verdict.received,
        accepted=verdict.accepted,
        codes=verdict.codes,
    )
