"""What goes out of the store when it is old: what was only needed to work on a file, or repeats what is elsewhere.

Of a file that has its state and whose answers were all delivered: the member index of its decided sets, and the
dispositions that say that nothing changed, where no finding is about their line. A set in which somebody still
waits for a decision keeps both. Of what was delivered: statements that nobody reads again (registry, `spent`);
their documents are in the archive. What a file, an envelope and a set were stays: duplicates are recognised.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, exists, select, update

from model.documents import registry
from model.enrollment.decision import Disposition, SetState
from store.received import member_lines
from store.tables import disposition, file, finding, member_line, outbox, transaction_set

_DONE = (SetState.APPLIED, SetState.REJECTED, SetState.DUPLICATE, SetState.REPORTED)
_WAITING = (Disposition.PENDED, Disposition.HELD)


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many rows of the member index and NOOP dispositions went."""

    index: int = 0
    unchanged: int = 0


def files_before(conn: Connection, before: datetime) -> list[str]:
    """Return the files received before an instant of which something may go."""
    sets = transaction_set.c
    indexed = exists().where(sets.file_id == file.c.id, sets.state.in_(_DONE), member_line.c.set_id == sets.id)
    owed = exists().where(outbox.c.file_id == file.c.id, outbox.c.delivered_at.is_(None))
    done = select(file.c.id).where(file.c.received_at < before, file.c.state.is_not(None), indexed, ~owed)
    return list(conn.scalars(done.order_by(file.c.id)))


def prune_file(conn: Connection, file_id: str) -> Pruned:
    """Take out what may go of a file that `files_before` names."""
    sets, came = transaction_set.c, disposition.c
    waits = exists().where(came.set_id == sets.id, came.disposition.in_(_WAITING), member_lines.stands())
    ids = conn.scalars(select(sets.id).where(sets.file_id == file_id, sets.state.in_(_DONE), ~waits)).all()
    index = unchanged = 0
    for set_id in ids:
        told = exists().where(finding.c.file_id == file_id, finding.c.set_id == set_id)
        told = told.where(finding.c.number == came.number)
        repeats = delete(disposition).where(came.set_id == set_id, came.disposition == Disposition.NOOP, ~told)
        count = conn.execute(repeats).rowcount
        conn.execute(update(transaction_set).where(sets.id == set_id).values(pruned=sets.pruned + count))
        unchanged += count
        index += conn.execute(delete(member_line).where(member_line.c.set_id == set_id)).rowcount
    return Pruned(index, unchanged)


def prune_statements(conn: Connection, before: datetime) -> int:
    """Empty the spent statements of what was delivered before an instant; return how many."""
    spent = outbox.c.kind.in_([kind.key.value for kind in registry.KINDS.values() if kind.spent])
    old = update(outbox).where(spent, outbox.c.delivered_at < before, outbox.c.statement != "")
    return conn.execute(old.values(statement="")).rowcount
