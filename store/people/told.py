"""What was told of enrollees beside identity and coverage: read and written whole, what tells of people sealed.

One row for an enrollee, however many facts: most have a handful of codes, which lie in clear and cost no key.

Source: docs/domain.md, Facts of a member.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Select, select, update

from model.enrollment.facts import Facts, MemberFact, laid
from model.timeline import Then
from model.trade.kept import is_sealed
from store import cells, chain
from store.bulk import add, among, reserve
from store.tables import enrollee, member_facts
from store.then import known

if TYPE_CHECKING:
    from vault.fields import FieldCipher

_COLUMNS = ("id", "enrollee_id", "plain", "cipher", "key_id", "tx_from")
READ = (member_facts.c.enrollee_id, member_facts.c.plain, member_facts.c.cipher)


def of_contracts(
    conn: Connection, cipher: FieldCipher, contracts: Collection[int], then: Then | None = None
) -> dict[int, Facts]:
    """Return what is known of the enrollees of contracts (row ids), by enrollee; one query, or none.

    `then`: what was known when that step had committed.
    """
    if not contracts:
        return {}
    query = select(*READ).join(enrollee, enrollee.c.id == member_facts.c.enrollee_id)
    query = query.where(known(member_facts, then), known(enrollee, then))
    query = query.where(among(conn, enrollee.c.contract_id, contracts))
    return {row.enrollee_id: opened(row, cipher) for row in conn.execute(query)}


def _of(conn: Connection, cipher: FieldCipher, enrollees: Collection[int]) -> dict[int, Facts]:
    query = _known().where(among(conn, member_facts.c.enrollee_id, enrollees))
    return {row.enrollee_id: opened(row, cipher) for row in conn.execute(query)}


def _known() -> Select[Any]:
    return select(*READ).where(known(member_facts))


def opened(row: Row[Any], cipher: FieldCipher) -> Facts:
    """Return the facts of a row (enrollee_id, plain, cipher). Raises one of vault.fields.UNREADABLE."""
    plain = _read(row.plain)
    if not row.cipher:
        return plain
    sealed = _facts(cipher.open(row.cipher, cells.member_facts(row.enrollee_id)))
    return tuple(sorted((*plain, *sealed)))


def write(
    conn: Connection, tx: int, cipher: FieldCipher, told: Mapping[int, Facts], before: Collection[int]
) -> None:
    """Write what is known of enrollees (row ids) from now on; end what was known of those who stood `before`."""
    _end(conn, tx, before)
    kept = {ident: facts for ident, facts in told.items() if facts}
    given = zip(reserve(conn, member_facts, len(kept)), kept.items(), strict=True)
    rows = [_row(row_id, ident, facts, cipher, tx) for row_id, (ident, facts) in given]
    add(conn, member_facts, _COLUMNS, rows)


def carry_over(conn: Connection, tx: int, cipher: FieldCipher, moves: Iterable[tuple[int, int]]) -> None:
    """Let what was told of enrollees be others': (from, to) row ids. What was told of those stands."""
    moved = dict(moves)
    if not moved:
        return
    known_now = _of(conn, cipher, {*moved, *moved.values()})
    told: dict[int, Facts] = {ident: () for ident in moved if ident in known_now}
    for ident, to in moved.items():
        if ident in known_now:
            told[to] = laid(known_now[ident], known_now.get(to, ()))
    write(conn, tx, cipher, told, told.keys())


def _end(conn: Connection, tx: int, enrollees: Collection[int]) -> None:
    if not enrollees:
        return
    ended = update(member_facts).where(among(conn, member_facts.c.enrollee_id, enrollees), known(member_facts))
    rows = conn.scalars(ended.values(tx_to=tx).returning(member_facts.c.id)).all()
    chain.of(conn).close(member_facts, rows)


def _row(row_id: int, ident: int, facts: Facts, cipher: FieldCipher, tx: int) -> tuple[Any, ...]:
    plain = tuple(fact for fact in facts if not is_sealed(fact.kind, fact.about))
    sealed = tuple(fact for fact in facts if is_sealed(fact.kind, fact.about))
    body = cipher.seal(_text(sealed), cells.member_facts(ident)) if sealed else ""
    return row_id, ident, _plain_text(plain), body, body.partition(":")[0], tx


def _text(facts: Facts) -> str:
    return json.dumps([[fact.kind, fact.about, fact.value] for fact in facts], separators=(",", ":"))


@lru_cache(maxsize=4096)  # a file has few such
def _plain_text(facts: Facts) -> str:
    return _text(facts) if facts else ""


def _facts(text: str) -> Facts:
    told = json.loads(text) if text else ()
    return tuple(MemberFact(kind, about, tuple(map(tuple, value))) for kind, about, value in told)


_read = lru_cache(maxsize=4096)(_facts)
