"""The ledger of exchanges: which envelopes came and went, and what partners said of ours.

Every query is for many files at once; contents stay sealed. Of an interchange's groups and sets only the first
ones are read, since a file may hold a million, and the counts of all.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, func, or_, select

from model.enrollment.decision import FileState
from model.exchange import (
    ALLOCATION,
    BANK,
    CENSUS,
    Acknowledged,
    Exchange,
    Numbered,
    ReceivedFile,
    ReceivedFunctionalGroup,
    ReceivedInterchange,
    ReceivedSet,
    SentDocument,
)
from model.x12 import UNREFUSED, Verdict
from store import bulk
from store.received import files
from store.tables import acknowledgment, file, functional_group, interchange, outbox, transaction_set, tx

_AWAITED = ("834", "820", CENSUS, ALLOCATION, BANK)
FIRST = 200  # groups, sets and answers of one interchange that are read

_IN_ORDER = (func.length(file.c.id), file.c.id)

# --- what came ---------------------------------------------------------------------------------------------


def received(
    conn: Connection,
    partner: str | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    ids: Collection[str] | None = None,
) -> list[Exchange]:
    """Return the received files, in the order of their receipt, with their envelopes and what we answered.

    `since` (inclusive) and `until` (exclusive) are of the receipt; `ids` are file ids.
    """
    chosen = select(file.c.id).where(*_between(file.c.received_at, since, until))
    if partner is not None:
        chosen = chosen.where(file.c.partner == partner)
    if ids is not None:
        chosen = chosen.where(bulk.among(conn, file.c.id, list(ids)))
    inside = _interchanges(conn, chosen)
    answers = defaultdict(list)
    for answer in _sent(conn, outbox.c.file_id.in_(chosen)):
        answers[answer.file_id].append(answer)
    heads = select(file).where(file.c.id.in_(chosen)).order_by(*_IN_ORDER)
    found: list[ReceivedFile] = [files.of_row(row) for row in conn.execute(heads)]
    return [
        Exchange(received_file, tuple(inside.get(received_file.id, ())), tuple(answers[received_file.id]))
        for received_file in found
    ]


def came(conn: Connection, partner: str, since: datetime, until: datetime) -> dict[str, list[datetime]]:
    """Return when (UTC) a partner's enrollment files, payments and statements came between two instants, by kind.

    What was refused, unreadable or seen before is not counted.
    """
    lost = [state.value for state in (FileState.UNREADABLE, FileState.REFUSED, FileState.DUPLICATE)]
    query = select(file.c.kind, file.c.received_at).where(
        file.c.partner == partner,
        file.c.kind.in_(_AWAITED),
        file.c.received_at >= since,
        file.c.received_at <= until,
        file.c.state.not_in(lost),
    )
    found: dict[str, list[datetime]] = {}
    for kind, at in conn.execute(query.order_by(file.c.received_at)):
        found.setdefault(kind, []).append(at)
    return found


def _interchanges(conn: Connection, chosen: Select[Any]) -> Mapping[str, list[ReceivedInterchange]]:
    """Return the interchanges of the files chosen, by file."""
    rows = conn.execute(
        select(interchange).where(interchange.c.file_id.in_(chosen)).order_by(interchange.c.id)
    ).all()
    within = select(interchange.c.id).where(interchange.c.file_id.in_(chosen))
    groups, sets, codes, counts = (
        _groups(conn, within),
        _sets(conn, within),
        _codes(conn, within),
        _counts(conn, within),
    )
    said = defaultdict(list)
    for ack in _acknowledged(conn, _first(acknowledgment, acknowledgment.c.interchange_id, within)):
        said[ack.interchange_id].append(ack)
    found: dict[str, list[ReceivedInterchange]] = defaultdict(list)
    for row in rows:
        found[row.file_id].append(
            ReceivedInterchange(
                id=row.id,
                sender=_identity(row.sender_qualifier, row.sender),
                receiver=_identity(row.receiver_qualifier, row.receiver),
                **{name: getattr(row, name) for name in _SAME},
                groups=tuple(groups[row.id]),
                sets=tuple(sets[row.id]),
                group_codes=tuple(codes[row.id]),
                counts=tuple(counts[row.id]),
                said=tuple(said[row.id]),
            )
        )
    return found


_SAME = ("control", "usage", "ack_requested", "verdict", "code", "answerable", "start")


def _identity(qualifier: str, ident: str) -> str:
    return f"{qualifier}:{ident}" if qualifier or ident else ""


def _groups(conn: Connection, within: Select[Any]) -> Mapping[int, list[ReceivedFunctionalGroup]]:
    names = ReceivedFunctionalGroup.__slots__
    first = _first(functional_group, functional_group.c.interchange_id, within)
    rows = select(functional_group).where(functional_group.c.id.in_(first)).order_by(functional_group.c.id)
    found = defaultdict(list)
    for row in conn.execute(rows):
        found[row.interchange_id].append(ReceivedFunctionalGroup(*(getattr(row, name) for name in names)))
    return found


def _sets(conn: Connection, within: Select[Any]) -> Mapping[int, list[ReceivedSet]]:
    joined = transaction_set.join(functional_group)
    first = _first(transaction_set, functional_group.c.interchange_id, within, joined)
    rows = select(
        transaction_set, functional_group.c.interchange_id, functional_group.c.control.label("functional_group")
    ).select_from(joined)
    found = defaultdict(list)
    for row in conn.execute(rows.where(transaction_set.c.id.in_(first)).order_by(transaction_set.c.id)):
        values = {name: getattr(row, name) for name in ReceivedSet.__slots__}
        found[row.interchange_id].append(ReceivedSet(**values | {"state": row.state or ""}))
    return found


def _codes(conn: Connection, within: Select[Any]) -> Mapping[int, list[tuple[str, int]]]:
    columns = (functional_group.c.interchange_id, functional_group.c.code)
    rows = select(*columns, func.count()).where(functional_group.c.interchange_id.in_(within))
    found = defaultdict(list)
    for parent, code, count in conn.execute(rows.group_by(*columns).order_by(*columns)):
        found[parent].append((code, count))
    return found


def _counts(conn: Connection, within: Select[Any]) -> Mapping[int, list[tuple[str, str, str, int]]]:
    sets = transaction_set.c
    columns = (functional_group.c.interchange_id, sets.kind, sets.verdict, func.coalesce(sets.state, ""))
    rows = select(*columns, func.count()).select_from(transaction_set.join(functional_group))
    rows = rows.where(functional_group.c.interchange_id.in_(within)).group_by(*columns).order_by(*columns)
    found = defaultdict(list)
    for parent, kind, verdict, state, count in conn.execute(rows):
        found[parent].append((kind, verdict, state, count))
    return found


def _first(table: Any, parent: Column[Any], within: Select[Any], source: Any = None) -> Select[Any]:  # noqa: ANN401
    """Select the ids of the first rows of each interchange."""
    place = func.row_number().over(partition_by=parent, order_by=table.c.id).label("place")
    rows = select(table.c.id, place).select_from(table if source is None else source).where(parent.in_(within))
    numbered = rows.subquery()
    return select(numbered.c.id).where(numbered.c.place <= FIRST)


def sequence(conn: Connection, partner: str | None = None) -> list[Numbered]:
    """Return every interchange with an identity, in the order of receipt: the sequence of ISA13."""
    names = ("id", "file_id", "sender_qualifier", "sender", "receiver_qualifier", "receiver", "control")
    counted = select(functional_group.c.interchange_id).select_from(transaction_set.join(functional_group))
    taken = interchange.c.id.in_(counted.where(transaction_set.c.state.in_(files.COUNTED)))
    columns = [*(interchange.c[name] for name in names), file.c.partner, file.c.received_at, taken.label("taken")]
    rows = select(*columns).select_from(interchange.join(file))
    rows = rows.where(interchange.c.control != "").order_by(*_IN_ORDER, interchange.c.id)
    if partner is not None:
        rows = rows.where(file.c.partner == partner)
    return [
        Numbered(
            row.id,
            row.file_id,
            row.partner,
            (_identity(row.sender_qualifier, row.sender), _identity(row.receiver_qualifier, row.receiver)),
            row.control,
            row.received_at,
            bool(row.taken),
        )
        for row in conn.execute(rows)
    ]


# --- what went ---------------------------------------------------------------------------------------------


def sent(
    conn: Connection,
    partner: str | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    ids: Collection[int] | None = None,
) -> list[SentDocument]:
    """Return the X12 documents that partners got unasked, in the order owed, with what they said of each.

    Among them is whatever else could not be made. `since` (inclusive) and `until` (exclusive) are of the moment
    when it was owed; `ids` are outbox ids.
    """
    told = or_(outbox.c.interchange != 0, outbox.c.failure != "")
    conditions = [outbox.c.file_id.is_(None), told, *_between(tx.c.at, since, until)]
    if partner is not None:
        conditions.append(outbox.c.partner == partner)
    if ids is not None:
        conditions.append(bulk.among(conn, outbox.c.id, list(ids)))
    return _sent(conn, *conditions)


def documents(conn: Connection, ids: Collection[int]) -> list[SentDocument]:
    """Return documents of ours by their outbox ids, answers to partners' files too, with what was said of each."""
    return _sent(conn, bulk.among(conn, outbox.c.id, list(ids)))


def answers(conn: Connection, file_id: str) -> list[SentDocument]:
    """Return what we answered to a file, in the order owed."""
    return _sent(conn, outbox.c.file_id == file_id)


def silent(conn: Connection, partner: str, until: datetime) -> list[int]:
    """Return the outbox ids of X12 documents that a partner got unasked by an instant, and nobody has answered."""
    unasked = (outbox.c.partner == partner, outbox.c.file_id.is_(None), outbox.c.interchange != 0)
    answered = select(acknowledgment.c.outbox_id).where(acknowledgment.c.outbox_id.is_not(None))
    rows = select(outbox.c.id).where(*unasked, outbox.c.delivered_at <= until, outbox.c.id.not_in(answered))
    return list(conn.scalars(rows.order_by(outbox.c.id)))


def numbered(conn: Connection, number: int, partner: str | None = None) -> tuple[list[str], list[int]]:
    """Return what has a control number as its ISA13: received file ids, and outbox ids of ours."""
    texts = [str(number), f"{number:09d}"]
    theirs = select(interchange.c.file_id).join(file).where(interchange.c.control.in_(texts))
    ours = select(outbox.c.id, outbox.c.file_id).where(outbox.c.interchange == number)
    if partner is not None:
        theirs, ours = theirs.where(file.c.partner == partner), ours.where(outbox.c.partner == partner)
    rows = conn.execute(ours).all()
    answering = {row.file_id for row in rows if row.file_id}
    return sorted({*conn.scalars(theirs), *answering}), [row.id for row in rows if not row.file_id]


def _sent(conn: Connection, *conditions: Any) -> list[SentDocument]:  # noqa: ANN401
    names = ("id", "key", "kind", "partner", "file_id", "interchange", "functional_group", "answers", "verdict")
    columns = [outbox.c[name] for name in (*names, "failure", "held_at", "delivered_at", "names")]
    rows = conn.execute(
        select(*columns, tx.c.at.label("owed_at"))
        .select_from(outbox.join(tx, tx.c.id == outbox.c.tx))
        .where(*conditions)
        .order_by(outbox.c.id)
    ).all()
    about = bulk.among(conn, acknowledgment.c.outbox_id, [row.id for row in rows if row.interchange])
    said = defaultdict(list)
    for ack in _acknowledged(conn, select(acknowledgment.c.id).where(about)):
        said[ack.document].append(ack)
    return [_document(row, said.get(row.id, ())) for row in rows]


def _document(row: Row[Any], said: Iterable[Acknowledged]) -> SentDocument:
    own = ("id", "key", "kind", "partner", "interchange", "functional_group", "answers", "verdict", "failure")
    return SentDocument(
        **{name: getattr(row, name) for name in own},
        file_id=row.file_id or "",
        owed_at=row.owed_at,
        delivered_at=row.delivered_at,
        held_at=row.held_at,
        names=tuple(name for name, _ in json.loads(row.names or "[]")),
        acknowledgments=tuple(said),
    )


def _acknowledged(conn: Connection, chosen: Select[Any]) -> list[Acknowledged]:
    """Return the answers chosen, in the order in which they came; a rejected interchange only rejects."""
    names = ("kind", "control", "set_control", "verdict", "codes", "interchange_id", "outbox_id")
    columns = [acknowledgment.c[name] for name in names]
    rows = select(*columns, interchange.c.file_id, file.c.received_at).select_from(
        acknowledgment.join(interchange).join(file, file.c.id == interchange.c.file_id)
    )
    rows = rows.where(
        acknowledgment.c.id.in_(chosen),
        or_(interchange.c.verdict != Verdict.REJECTED.value, acknowledgment.c.verdict.not_in(UNREFUSED)),
    )
    return [
        Acknowledged(
            **{name: getattr(row, name) for name in names[:-1]},
            file_id=row.file_id,
            at=row.received_at,
            document=row.outbox_id or 0,
        )
        for row in conn.execute(rows.order_by(acknowledgment.c.id))
    ]


def _between(column: Column[Any], since: datetime | None, until: datetime | None) -> list[Any]:
    conditions: list[Any] = []
    if since is not None:
        conditions.append(column >= since)
    if until is not None:
        conditions.append(column < until)
    return conditions
