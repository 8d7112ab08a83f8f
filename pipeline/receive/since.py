"""Was anything changed since a set was decided? A sender learns it of its part only.

Source: docs/domain.md, Duplicates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from enrollment.scope import as_seen
from model.agreement.grants import Reach
from model.enrollment.decision import SetState
from model.enrollment.roster import Contract
from model.exchange import StoredSet
from store import agreements, journal
from store.engine import Connection
from store.people import roster
from store.received import files
from store.then import of_tx


def changed_since(
    conn: Connection, before: StoredSet, group_ids: Mapping[str, int], reaches: Mapping[int, Reach]
) -> bool:
    """Say whether groups (number -> row id) were changed since a set was decided, as far as its sender may see.

    `reaches`: how much of each group (by row id) that is. Of a whole group its version tells; of a part of one,
    what the part holds now beside what it held then.
    """
    now, then = agreements.versions(conn, list(group_ids.values())), files.set_groups(conn, before.id)
    return any(
        then.get(row_id, 0) != now[row_id]
        if reaches[row_id].whole
        else _part_changed(conn, number, reaches[row_id], before)
        for number, row_id in group_ids.items()
    )


def _part_changed(conn: Connection, group: str, reach: Reach, before: StoredSet) -> bool:
    tx = journal.tx_of_set(conn, before.id)
    if tx is None or before.state is SetState.HELD:
        return True  # it has not been applied
    then, now = roster.families(conn, group, then=of_tx(conn, tx)), roster.families(conn, group)
    return _seen(then, reach) != _seen(now, reach)


def _seen(families: Iterable[Contract], reach: Reach) -> list[Contract]:
    """Return the families of which the sender sees anything, as it sees them."""
    return [seen for contract in families if (seen := as_seen(contract, reach))]
