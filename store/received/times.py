"""When what was received was accepted, acknowledged, decided, answered and fed out, by journal and outbox.

Instants in UTC. Source: docs/domain.md, Service levels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from model.documents.keys import DocumentKey, DocumentKind
from model.enrollment.decision import SetState
from model.exchange import ReceivedFile
from model.journal import Purpose
from store.bulk import among
from store.received import files
from store.tables import decision, disposition, file, input, outbox, step, transaction_set, tx

OfLines = Mapping[tuple[int, int, str], datetime]  # by member line, HD and member ID
_ACKNOWLEDGED = (DocumentKind.TA1.value, DocumentKind.ACK999.value)
_ANSWERED = (DocumentKind.REPORT.value, DocumentKind.CENSUS.value)
_DECIDED = (Purpose.ENROLL.value, Purpose.TAKE_REMITTANCE.value)
_ROSTERS = (DocumentKind.ROSTER.value, DocumentKind.ROSTER834.value)
_WAITS = (SetState.HELD.value, SetState.PENDED.value)


@dataclass(frozen=True, slots=True)
class FileTimes:
    """The instants of one file; None: not yet, or (acknowledged, answered) not owed.

    `applied` is when the last of its sets was decided, None while one waits. `owes`: an acknowledgment, an answer.
    """

    file: ReceivedFile
    accepted: datetime | None  # it was judged
    acknowledged: datetime | None  # the last TA1 or 999 left
    applied: datetime | None
    answered: datetime | None  # the report left
    waits: bool  # a set is not decided, held or pended
    owes_acknowledgment: bool
    owes_answer: bool


def of_files(conn: Connection, received: Collection[ReceivedFile]) -> list[FileTimes]:
    """Return the times of some files, in their order, in five statements."""
    ids = [each.id for each in received]
    judged = _steps(conn, ids, Purpose.JUDGE.value)
    decided = _steps(conn, ids, *_DECIDED)
    again = _later(conn, ids)
    waiting = _waiting(conn, ids)
    acknowledged, answered = _left(conn, ids, _ACKNOWLEDGED), _left(conn, ids, _ANSWERED)
    found = []
    for each in received:
        waits = each.state is None or each.id in waiting
        last = max(filter(None, (decided.get(each.id), again.get(each.id))), default=None)
        owed, gone = acknowledged.get(each.id, (False, None)), answered.get(each.id, (False, None))
        found.append(
            FileTimes(
                file=each,
                accepted=judged.get(each.id),
                acknowledged=None if owed[0] else owed[1],
                applied=None if waits else last,
                answered=None if gone[0] else gone[1],
                waits=waits,
                owes_acknowledgment=owed[0],
                owes_answer=gone[0],
            )
        )
    return found


def received_in(
    conn: Connection, since: datetime | None, until: datetime | None, partner: str = ""
) -> list[ReceivedFile]:
    """Return the files received from an instant on and before another, of one partner or all, oldest first."""
    which: list[ColumnElement[bool]] = []
    which += [file.c.received_at >= since] if since else []
    which += [file.c.received_at < until] if until else []
    which += [file.c.partner == partner] if partner else []
    rows = conn.execute(select(file).where(*which).order_by(file.c.received_at, file.c.id))
    return [files.of_row(row) for row in rows]


def of_sets(conn: Connection, set_ids: Collection[int]) -> dict[int, datetime]:
    """Return when sets were decided last, by row id; those that never were are left out.

    By the step that took them, since what changed nothing may be pruned, and by what stands of their lines.
    """
    sets = transaction_set.c
    own = select(sets.id, func.max(tx.c.recorded_at)).join(input, input.c.key == sets.file_id)
    own = own.join(tx, and_(tx.c.input_id == input.c.id, tx.c.set_id == sets.id, tx.c.what.in_(_DECIDED)))
    taken = conn.execute(own.where(among(conn, sets.id, set_ids)).group_by(sets.id)).tuples()
    rows = select(disposition.c.set_id, func.max(tx.c.recorded_at)).join(tx, tx.c.id == disposition.c.tx)
    rows = rows.where(among(conn, disposition.c.set_id, set_ids)).group_by(disposition.c.set_id)
    found = dict(taken.all())
    for set_id, at in conn.execute(rows).tuples():
        found[set_id] = max(at, found.get(set_id, at))
    return found


def of_lines(conn: Connection, set_id: int, numbers: tuple[int, int]) -> OfLines:
    """Return when the lines of a set's member lines were decided; numbers inclusive."""
    came = disposition.c
    by = (came.number, came.coverage, came.member_id)
    rows = select(*by, func.max(tx.c.recorded_at)).join(tx, tx.c.id == came.tx)
    rows = rows.where(came.set_id == set_id, came.number.between(*numbers)).group_by(*by)
    return {(number, coverage, member): at for number, coverage, member, at in conn.execute(rows).tuples()}


def fed(conn: Connection, set_ids: Collection[int]) -> dict[int, datetime]:
    """Return when a roster with what sets changed first left for a partner, by row id of the set."""
    came = disposition.c
    by = (came.set_id, came.group_number)
    decided = select(*by, func.max(step.c.seq)).join(step, step.c.tx == came.tx)
    decided = decided.where(among(conn, came.set_id, set_ids), came.group_number != "").group_by(*by)
    groups = conn.execute(decided).tuples().all()
    sent = _rosters(conn) if groups else {}
    found: dict[int, datetime] = {}
    for set_id, group, seq in groups:
        after = [at for owed, at in sent.get(group, ()) if owed > seq]
        if after:
            found[set_id] = min(min(after), found.get(set_id, min(after)))
    return found


def _rosters(conn: Connection) -> Mapping[str, list[tuple[int, datetime]]]:
    """Return of each group the step that owed each roster which has left for a partner, and when that was."""
    rows = select(outbox.c.key, step.c.seq, outbox.c.delivered_at).join(step, step.c.tx == outbox.c.tx)
    rows = rows.where(outbox.c.kind.in_(_ROSTERS), outbox.c.partner != "", outbox.c.delivered_at.is_not(None))
    found: dict[str, list[tuple[int, datetime]]] = defaultdict(list)
    for key, seq, at in conn.execute(rows):
        found[DocumentKey.read(key).parts[0]].append((seq, at))
    return found


def _steps(conn: Connection, ids: Collection[str], *purposes: str) -> dict[str, datetime]:
    """Return when the last step of these purposes was recorded under files' own inputs, by file."""
    rows = select(input.c.key, func.max(tx.c.recorded_at)).join(tx, tx.c.input_id == input.c.id)
    rows = rows.where(among(conn, input.c.key, ids), tx.c.what.in_(purposes)).group_by(input.c.key)
    return dict(conn.execute(rows).tuples().all())


def _later(conn: Connection, ids: Collection[str]) -> dict[str, datetime]:
    """Return when people decided last on what files had left waiting, by file."""
    rows = select(decision.c.file_id, func.max(tx.c.recorded_at)).join(tx, tx.c.id == decision.c.tx)
    rows = rows.where(among(conn, decision.c.file_id, ids)).group_by(decision.c.file_id)
    return dict(conn.execute(rows).tuples().all())


def _waiting(conn: Connection, ids: Collection[str]) -> set[str]:
    """Return the files of which a set is not decided, held or pended."""
    sets = transaction_set.c
    waits = or_(sets.state.is_(None), sets.state.in_(_WAITS))
    return set(conn.scalars(select(sets.file_id).distinct().where(among(conn, sets.file_id, ids), waits)))


def _left(
    conn: Connection, ids: Collection[str], kinds: Collection[str]
) -> dict[str, tuple[bool, datetime | None]]:
    """Return of files whether answers of these kinds are owed still, and when the last of them left."""
    owed = func.count().filter(outbox.c.delivered_at.is_(None))
    rows = select(outbox.c.file_id, owed, func.max(outbox.c.delivered_at))
    rows = rows.where(among(conn, outbox.c.file_id, ids), outbox.c.kind.in_(kinds)).group_by(outbox.c.file_id)
    return {file_id: (bool(count), at) for file_id, count, at in conn.execute(rows)}
