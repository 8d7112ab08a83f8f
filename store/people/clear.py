"""What the store keeps sealed, opened in memory: subscriber numbers and SSNs of one group.

See docs/design.md, PHI.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from model.enrollment.roster import ClearFamily
from model.timeline import Then
from store import cells
from store.bulk import among
from store.people import numbers as later_numbers
from store.people import told
from store.people.roster import families
from store.tables import contract, employer_group, enrollee, person_ssn
from store.then import known

if TYPE_CHECKING:
    from vault.box import Vault


def clear_families(
    conn: Connection, vault: Vault, group: str, ids: Collection[int], then: Then | None = None
) -> list[ClearFamily]:
    """Return some of a group's contracts with subscriber numbers and SSNs in clear, in the order added."""
    query = select(contract).join(employer_group)
    query = query.where(employer_group.c.number == group, among(conn, contract.c.id, ids))
    numbers = {
        row.id: vault.fields.open(row.number_cipher, cells.subscriber(row.group_id, row.number_token))
        for row in conn.execute(query)
    }
    newest = {ident: later[-1] for ident, later in later_numbers.clear(conn, vault, ids, then).items()}
    people, facts = ssns(conn, vault, group, ids, then), told.of_contracts(conn, vault.fields, ids, then)
    return [
        ClearFamily(
            family,
            newest.get(family.id) or numbers[family.id],
            {e.person.id: people[e.person.id] for e in family.enrollees if e.person.id in people},
            {e.id: facts[e.id] for e in family.enrollees if e.id in facts},
        )
        for family in families(conn, group, then=then, chosen=partial(among, conn, values=ids))
    ]


def ssns(
    conn: Connection, vault: Vault, group: str, ids: Collection[int], then: Then | None = None
) -> dict[int, str]:
    """Return the SSNs known of the people of some of a group's contracts, in clear, by person id."""
    query = (
        select(enrollee.c.person_id, person_ssn.c.cipher)
        .join_from(enrollee, person_ssn, person_ssn.c.person_id == enrollee.c.person_id)
        .join(contract, contract.c.id == enrollee.c.contract_id)
        .join(employer_group)
        .where(employer_group.c.number == group, known(enrollee, then), known(person_ssn, then))
        .where(among(conn, contract.c.id, ids))
    )
    ciphers = {row.person_id: row.cipher for row in conn.execute(query)}
    return {person: vault.fields.open(cipher, cells.ssn(person)) for person, cipher in ciphers.items()}
