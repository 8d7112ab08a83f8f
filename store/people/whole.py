"""One person whole: facts, SSN in clear, and every family of any group, now or after a transaction."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from model.enrollment.roster import Whole
from model.timeline import Then
from store import cells
from store.bulk import among
from store.people import roster
from store.tables import enrollee, person_facts, person_ssn
from store.then import known

if TYPE_CHECKING:
    from vault.box import Vault


def whole(conn: Connection, vault: Vault, person_id: int, then: Then | None = None) -> Whole | None:
    """Return a person whole; None where nothing is known of the person then."""
    found = roster.person_at(conn, person_id, then)
    if found is None:
        return None
    told = select(person_facts.c.tx_from).where(person_facts.c.person_id == person_id, known(person_facts, then))
    sealed = select(person_ssn.c.cipher).where(person_ssn.c.person_id == person_id, known(person_ssn, then))
    ssn = vault.fields.open(conn.scalar(sealed) or "", cells.ssn(person_id))
    families = roster.of_person(conn, person_id, then)
    return Whole(found, ssn, conn.scalars(told).one(), families)


def brought(conn: Connection, person_id: int, families: Collection[int]) -> int | None:
    """Return the transaction that last brought a person into any of these families (row ids); None: none did."""
    mine = (enrollee.c.person_id == person_id, known(enrollee), among(conn, enrollee.c.contract_id, families))
    found: int | None = conn.scalar(select(func.max(enrollee.c.tx_from)).where(*mine))
    return found
