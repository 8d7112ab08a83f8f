"""Who has a court order on file: read from the facts of children, which lie sealed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from model.enrollment.facts import Facts
from model.trade.kept import Kept
from model.trade.member import CHILDREN
from store.people import numbers, told
from store.tables import contract, employer_group, enrollee, member_facts, person
from store.then import known

if TYPE_CHECKING:
    from vault.box import Vault

_AT_ONCE = 1_000  # rows


def children(conn: Connection, vault: Vault, group: str = "") -> Iterator[tuple[str, str, str, Facts]]:
    """Yield group, family (masked), member ID and facts of each child with an order, standing or lifted.

    By group and family; `group` empty: of every group. Whatever lies sealed of a child is opened.
    """
    query = (
        select(employer_group.c.number, numbers.masked(), person.c.member_id, *told.READ)
        .join_from(member_facts, enrollee, enrollee.c.id == member_facts.c.enrollee_id)
        .join(person, person.c.id == enrollee.c.person_id)
        .join(contract, contract.c.id == enrollee.c.contract_id)
        .join(employer_group, employer_group.c.id == contract.c.group_id)
        .where(known(member_facts), known(enrollee), member_facts.c.cipher != "")
        .where(enrollee.c.relationship.in_(sorted(CHILDREN)))
        .order_by(employer_group.c.number, contract.c.id, enrollee.c.id)
    )
    query = query.where(employer_group.c.number == group) if group else query
    for row in conn.execute(query.execution_options(yield_per=_AT_ONCE)):
        facts = told.opened(row, vault.fields)
        if any(fact.kind == Kept.ORDER for fact in facts):
            yield row.number, row.masked, row.member_id, facts
