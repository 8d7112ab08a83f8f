"""What is owed to partners: finished statements, sealed, each under a key that makes it owed once.

A row holds a Statement, never bytes; once rendered it names its documents, whose bytes are in the archive.

See docs/design.md, Four steps.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select, update

from model.documents import registry
from model.documents.acknowledgment import Ack999Statement, AckEnvelope, Advice824Statement, Ta1Statement
from model.documents.keys import DocumentKey, DocumentKind
from model.documents.statement import Statement
from model.exchange import OutboxItem
from store import bulk, cells, counters, tables
from store.jsonvalue import dump_statement, load_statement
from store.received import statement_rows
from store.tables.base import fit
from vault.fields import UNREADABLE, FieldCipher

NUMBERS = 10**9  # control numbers have nine digits and start over

_OWED = and_(tables.outbox.c.delivered_at.is_(None), tables.outbox.c.held_at.is_(None))  # each delivery tries


def put(
    conn: Connection,
    tx: int,
    key: str,
    partner: str,
    kind: str,
    statement: Statement,
    file_id: str | None,
    cipher: FieldCipher,
) -> bool:
    """Owe a statement to a partner. `kind` is the statement's. Returns False when the key is already owed."""
    if registry.of(statement).key != kind:
        raise TypeError(f"{type(statement).__name__} is not a {kind}")
    row: dict[str, Any] = {"key": key, "partner": partner, "kind": kind, "file_id": file_id, "tx": tx}
    row |= {"statement": cipher.seal(dump_statement(statement), cells.outbox(key))} | _numbers(statement, partner)
    return bulk.add_once(conn, tables.outbox, row) is not None


def is_owed(conn: Connection, key: str) -> bool:
    """Say whether anything is or was owed under a key."""
    return conn.scalar(select(tables.outbox.c.id).where(tables.outbox.c.key == key)) is not None


@dataclass(frozen=True, slots=True)
class Owed:
    """A statement to owe; an X12 document still without the numbers of its envelope (0)."""

    key: str
    partner: str
    kind: str
    statement: Statement
    file_id: str | None


def owe(conn: Connection, tx: int, documents: Sequence[Owed], cipher: FieldCipher) -> None:
    """Owe statements in this order, each once; X12 documents get their ISA13 and GS06 here, one after the other.

    Among the last statements of its transaction: whoever else takes such numbers waits from here to its end. What
    is owed already takes none, so that they have no holes.
    """
    column = tables.outbox.c.key
    there = set(
        conn.scalars(select(column).where(bulk.among(conn, column, [document.key for document in documents])))
    )
    fresh = [document for document in documents if document.key not in there]
    interchanges = _numbered(
        conn, "isa13", [document for document in fresh if hasattr(document.statement, "envelope")]
    )
    groups = _numbered(
        conn, "gs06", [document for document in fresh if hasattr(document.statement, "group_control")]
    )
    for document in fresh:
        statement: Any = document.statement
        if document.key in interchanges:
            envelope = replace(statement.envelope, control=interchanges[document.key])
            statement = replace(statement, envelope=envelope)
        if document.key in groups:
            statement = replace(statement, group_control=groups[document.key])
        put(conn, tx, document.key, document.partner, document.kind, statement, document.file_id, cipher)


def _numbered(conn: Connection, counter: str, documents: Sequence[Owed]) -> dict[str, int]:
    """Take a number for each of these; return them by key."""
    if not documents:
        return {}
    first = counters.take(conn, counter, len(documents))
    return {document.key: number for number, document in enumerate(documents, first)}


class UnreadableError(Exception):
    """A statement that is no longer what its kind says. The text holds nothing of it."""


def owing(conn: Connection) -> list[str]:
    """Return the partners that something is owed to and not held; the empty one is ourselves."""
    partner = tables.outbox.c.partner
    return list(conn.scalars(select(partner).where(_OWED).distinct().order_by(partner)))


def owed_before(conn: Connection, partner: str, until: datetime) -> int:
    """Return how many documents a partner is owed since before an instant, that can be made and did not leave."""
    mine = select(func.count()).select_from(tables.outbox.join(tables.tx, tables.tx.c.id == tables.outbox.c.tx))
    late = (tables.outbox.c.partner == partner, tables.outbox.c.failure == "", tables.tx.c.at < until)
    return conn.scalar(mine.where(_OWED, *late)) or 0


def undelivered(conn: Connection, partner: str) -> list[int]:
    """Return the ids of what a partner is owed and is not held, in the order owed (TA1, 999, report).

    Ids alone: a hundred thousand statements would be gigabytes, and each is needed once.
    """
    table = tables.outbox.c
    return list(conn.scalars(select(table.id).where(_OWED, table.partner == partner).order_by(table.id)))


def item(conn: Connection, item_id: int, cipher: FieldCipher) -> OutboxItem:
    """Return one item. Raises UnreadableError where its statement cannot be read."""
    row = conn.execute(select(tables.outbox).where(tables.outbox.c.id == item_id)).one()
    try:
        return _opened(row, cipher)
    except UNREADABLE as error:  # pydantic's text would hold the values
        raise UnreadableError(f"a stored {row.kind} that cannot be read ({type(error).__name__})") from None


def fail(conn: Connection, item_id: int, why: str, held_at: datetime | None = None) -> tuple[str, str]:
    """Record why an item's documents could not be made, in our words; it stays owed. Returns its key and partner.

    `held_at`: no delivery tries again from then on, until `release`.
    """
    values = fit(tables.outbox, {"failure": why}) | {"held_at": held_at}
    about = update(tables.outbox).where(tables.outbox.c.id == item_id).values(values)
    row = conn.execute(about.returning(tables.outbox.c.key, tables.outbox.c.partner)).one()
    return row.key, row.partner


def release(conn: Connection, item_id: int) -> None:
    """Let the next delivery try an item that was held."""
    conn.execute(update(tables.outbox).where(tables.outbox.c.id == item_id).values(held_at=None))


def pending(conn: Connection, key: str) -> tuple[int, str] | None:
    """Return id and partner of what is owed under a key and not delivered, held or not; None where nothing is."""
    mine = tables.outbox.c
    row = conn.execute(
        select(mine.id, mine.partner).where(mine.key == key, mine.delivered_at.is_(None))
    ).one_or_none()
    return (row.id, row.partner) if row else None


def mark(conn: Connection, item_id: int, documents: Iterable[tuple[str, str]], at: datetime) -> None:
    """Record that an item was delivered at an instant, and its documents: (name, SHA-256 in the archive)."""
    values = {"names": json.dumps([list(document) for document in documents]), "delivered_at": at, "failure": ""}
    delivered = update(tables.outbox).where(tables.outbox.c.id == item_id).values(**values)
    statement_rows.drop(conn, conn.execute(delivered.returning(tables.outbox.c.key)).scalar_one())


def left_at(conn: Connection, txs: Collection[int], kind: DocumentKind) -> dict[int, datetime | None]:
    """Return when (UTC) the last document of a kind left that each transaction owes; None: one has not left."""
    found: dict[int, datetime | None] = {}
    for tx, owed in copies(conn, txs, [kind]).items():
        gone = [at for _, at in owed if at]
        found[tx] = max(gone) if len(gone) == len(owed) else None
    return found


def copies(
    conn: Connection, txs: Collection[int], kinds: Iterable[DocumentKind]
) -> dict[int, list[tuple[DocumentKey, datetime | None]]]:
    """Return what transactions owe of some kinds: each document's key, and when (UTC) it left; None: not yet."""
    row = tables.outbox.c
    query = select(row.tx, row.key, row.delivered_at).where(row.kind.in_([kind.value for kind in kinds]))
    found: dict[int, list[tuple[DocumentKey, datetime | None]]] = {}
    for tx, key, at in conn.execute(query.where(bulk.among(conn, row.tx, sorted(txs))).order_by(row.id)):
        found.setdefault(tx, []).append((DocumentKey.read(key), at))
    return found


def of_file(conn: Connection, file_id: str, cipher: FieldCipher, most: int | None = None) -> list[OutboxItem]:
    """Return the answers to a file in the order owed; of `most` of them the 824s, a set's each, are the last."""
    table = tables.outbox.c
    ids = select(table.id).where(table.file_id == file_id)
    first = list(conn.scalars(ids.order_by(table.kind == DocumentKind.ADVICE824, table.id).limit(most)))
    answers = select(tables.outbox).where(bulk.among(conn, table.id, first)).order_by(table.id)
    return [_opened(row, cipher) for row in conn.execute(answers)]


def count_of_file(conn: Connection, file_id: str) -> int:
    """Return how many answers to a file are or were owed."""
    counted = select(func.count()).select_from(tables.outbox).where(tables.outbox.c.file_id == file_id)
    return conn.scalar(counted) or 0


def find(conn: Connection, key: str, cipher: FieldCipher) -> OutboxItem | None:
    """Return the item owed under a key, or None."""
    row = conn.execute(select(tables.outbox).where(tables.outbox.c.key == key)).one_or_none()
    return _opened(row, cipher) if row else None


def of_kind(conn: Connection, kind: DocumentKind, cipher: FieldCipher) -> list[OutboxItem]:
    """Return the items of a kind, in the order owed."""
    rows = select(tables.outbox).where(tables.outbox.c.kind == kind.value).order_by(tables.outbox.c.id)
    return [_opened(row, cipher) for row in conn.execute(rows)]


def starting(conn: Connection, begin: DocumentKey, cipher: FieldCipher) -> list[OutboxItem]:
    """Return the items whose keys have these parts and more, in the order owed: every copy of an invoice."""
    key, prefix = tables.outbox.c.key, begin.beginning
    rows = select(tables.outbox).where(func.substr(key, 1, len(prefix)) == prefix).order_by(tables.outbox.c.id)
    return [_opened(row, cipher) for row in conn.execute(rows)]


def sent(conn: Connection, begin: DocumentKey) -> list[tuple[str, DocumentKey]]:
    """Return to which partners went whose keys have these parts and more, in the order owed; ours are left out."""
    row, prefix = tables.outbox.c, begin.beginning
    mine = (func.substr(row.key, 1, len(prefix)) == prefix, row.partner != "")
    rows = conn.execute(select(row.partner, row.key).where(*mine).order_by(row.id))
    return [(partner, DocumentKey.read(key)) for partner, key in rows]


def of_receipt(conn: Connection, number: int) -> list[int]:
    """Return the ids of the remittances of which a further receipt (keys.placed) has this number."""
    key, prefix, end = tables.outbox.c.key, f"{DocumentKind.RECEIPT}:", f":{number}"
    beginning = func.substr(key, 1, len(prefix)) == prefix
    ending = func.substr(key, func.length(key) - len(end) + 1) == end
    read = (DocumentKey.read(each) for each in conn.scalars(select(key).where(beginning, ending).order_by(key)))
    return [each.number for each in read if each.number is not None and len(each.parts) > 1]


def _numbers(statement: Statement, partner: str) -> dict[str, Any]:
    """Return the control numbers of an X12 document as the partner sees them (nine digits), and what it answers.

    A document that stays ours has none: nobody acknowledges it.
    """
    envelope: AckEnvelope | None = getattr(statement, "envelope", None)
    if envelope is None or not partner:
        return {}
    group: int = getattr(statement, "group_control", 0)
    row: dict[str, Any] = {"interchange": envelope.control % NUMBERS, "functional_group": group % NUMBERS}
    if isinstance(statement, Ta1Statement | Ack999Statement):
        row |= {"answers": statement.control, "verdict": statement.verdict}
    elif isinstance(statement, Advice824Statement):
        row |= {"answers": f"{statement.group} {statement.control}", "verdict": statement.outcome}
    return fit(tables.outbox, row)


def opened(row: Row[Any], cipher: FieldCipher) -> Statement | None:
    """Open the statement of a row; None where it was pruned. Raises one of vault.fields.UNREADABLE."""
    if not row.statement and row.delivered_at and registry.KINDS[row.kind].spent:
        return None
    return load_statement(row.kind, cipher.open(row.statement, cells.outbox(row.key)))


def _opened(row: Row[Any], cipher: FieldCipher) -> OutboxItem:
    return OutboxItem(
        id=row.id,
        key=row.key,
        partner=row.partner,
        kind=row.kind,
        statement=opened(row, cipher),
        file_id=row.file_id,
        documents=tuple((name, sha256) for name, sha256 in json.loads(row.names or "[]")),
        delivered_at=row.delivered_at,
    )
