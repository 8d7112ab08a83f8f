"""What a group's bills have settled, so that the next one looks again only at what can still change.

A bill leaves nothing to post of a contract's months through its own: should-be and posted are equal, but for what
could not be priced or has no invoice yet (`unsettled`). Nothing but a bill posts charges. What a month should
cost comes from the terms and from what is recorded of the contract: coverage, places, COBRA, people and their
facts. So a contract of which nothing was recorded since, under the same terms, is settled still; every other one
is looked at from its first month, however far back the change reaches.

See docs/design.md, Retro is a difference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, Connection, FromClause, Select, delete, insert, or_, select, union

from model.money.ledger import Settled
from model.timeline import Month
from store import agreements
from store.bulk import add
from store.tables import assignment, cobra, contract, coverage, employer_group, enrollee, person_facts
from store.tables import settled as _settled
from store.tables import unsettled as _unsettled


def of(conn: Connection, group: str) -> Settled | None:
    """Return what is settled of a group by all that is recorded now; None: nothing, its terms are others since."""
    query = select(_settled).join(employer_group).where(employer_group.c.number == group)
    row = conn.execute(query).one_or_none()
    if row is None or agreements.loaded_tx(conn, agreements.TERMS, group) > row.tx:
        return None
    left = select(_unsettled.c.contract_id).where(_unsettled.c.group_id == row.group_id)
    again = union(left, *_changed(row.group_id, row.tx), _shared(row.group_id))
    return Settled(Month.parse(row.month), frozenset(conn.scalars(again)))


def save(conn: Connection, tx: int, group: str, month: Month, but: Collection[int]) -> None:
    """Record that a bill leaves nothing to post of a group's months through `month`, but of these contracts."""
    forget(conn, group)
    group_id = agreements.group_ids(conn, [group])[group]
    conn.execute(insert(_settled), {"group_id": group_id, "month": str(month), "tx": tx})
    add(conn, _unsettled, ("group_id", "contract_id"), [(group_id, ident) for ident in sorted(but)])


def forget(conn: Connection, group: str) -> None:
    """Forget what is settled of a group: its next bill looks at every month."""
    group_id = agreements.group_ids(conn, [group])[group]
    for table in (_unsettled, _settled):
        conn.execute(delete(table).where(table.c.group_id == group_id))


def _changed(group_id: int, tx: int) -> Iterator[Select[tuple[int]]]:
    """Select the contracts of which anything was recorded, or ended, after a transaction."""
    people = select(enrollee.c.contract_id).join(contract, contract.c.id == enrollee.c.contract_id)
    places = ((table, select(table.c.contract_id).join(contract)) for table in (assignment, cobra))
    for table, query in (
        *places,
        (enrollee, people),
        (coverage, people.join(coverage, coverage.c.enrollee_id == enrollee.c.id)),
        (person_facts, people.join(person_facts, person_facts.c.person_id == enrollee.c.person_id)),
    ):
        yield query.where(contract.c.group_id == group_id, _since(table, tx))


def _shared(group_id: int) -> Select[tuple[int]]:
    """Select the contracts of people who stand in another group, too: their facts change without our guard.

    Such a change may have begun before our transaction and be committed after it.
    """
    elsewhere, theirs = enrollee.alias(), contract.alias()
    query = select(enrollee.c.contract_id).join(contract, contract.c.id == enrollee.c.contract_id)
    query = query.join(elsewhere, elsewhere.c.person_id == enrollee.c.person_id)
    query = query.join(theirs, theirs.c.id == elsewhere.c.contract_id)
    return query.where(contract.c.group_id == group_id, theirs.c.group_id != group_id)


def _since(table: FromClause, tx: int) -> ColumnElement[bool]:
    return or_(table.c.tx_from > tx, table.c.tx_to > tx)
