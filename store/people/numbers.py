"""Other subscriber numbers that families answer to: a contract keeps its first one, and each that followed.

Nothing is overwritten (docs/domain.md, Matching people). The newest is the row with the highest id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ColumnElement, Connection, Select, func, select

from model.timeline import Then
from store import cells
from store.bulk import among
from store.tables import contract, contract_number
from store.then import known

if TYPE_CHECKING:
    from vault.box import Vault

_STILL = known(contract_number)


def of(
    conn: Connection,
    chosen: Callable[[Column[Any]], ColumnElement[bool]],
    then: Then | None = None,
) -> Mapping[int, list[tuple[str, str]]]:
    """Return token and masked text of the numbers that followed the first one, the newest last, by contract.

    `chosen`: the condition on contracts.
    """
    row = contract_number.c
    query = select(row.contract_id, row.number_token, row.masked)
    query = query.where(chosen(row.contract_id), known(contract_number, then)).order_by(row.id)
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for contract_id, token, masked in conn.execute(query):
        found[contract_id].append((token, masked))
    return found


def with_tokens(conn: Connection, tokens: Collection[str]) -> Select[Any]:
    """Select the contracts that answer to one of these tokens by a number that followed the first one."""
    return select(contract_number.c.contract_id).where(_STILL, among(conn, contract_number.c.number_token, tokens))


def masked(then: Then | None = None) -> ColumnElement[str]:
    """Return the newest number of a contract in a query of contracts, as documents show it."""
    mine = (contract_number.c.contract_id == contract.c.id, known(contract_number, then))
    newest = select(contract_number.c.masked).where(*mine)
    newest = newest.order_by(contract_number.c.id.desc()).limit(1).correlate(contract)
    return func.coalesce(newest.scalar_subquery(), contract.c.masked).label("masked")


def clear(
    conn: Connection, vault: Vault, ids: Collection[int] | None = None, then: Then | None = None
) -> dict[int, list[str]]:
    """Return the numbers that followed the first one in clear, the newest last, by contract; None: of all."""
    query = select(contract_number).where(known(contract_number, then)).order_by(contract_number.c.id)
    query = query if ids is None else query.where(among(conn, contract_number.c.contract_id, ids))
    found: dict[int, list[str]] = defaultdict(list)
    for row in conn.execute(query):
        cell = cells.later_number(row.group_id, row.number_token)
        found[row.contract_id].append(vault.fields.open(row.number_cipher, cell))
    return found
