"""What the records of unchanged families came to, kept by a token of what they said.

An answer holds while nothing at all that decided it is another. What the records say, and how they are read, is in
the token. What is known of the family is its state: how many rows of each kind are known of it, and the sum of
their ids. Rows are added under higher ids and never changed, so that no other rows come to the same state. It is
compared when an answer is asked for: whoever writes to the roster need not know of it.

See docs/design.md, Unchanged families.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, FromClause, Row, ScalarSelect, String, and_, cast, delete, func, literal, select

from store import cells
from store.bulk import add, among
from store.tables import assignment, cobra, contract, coverage, enrollee, member_facts, person_facts, person_ssn
from store.tables import unchanged as _unchanged
from store.then import known
from vault.fields import UNREADABLE, FieldCipher

_COLUMNS = ("contract_id", "partner", "key", "state", "since", "until", "answer")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a family's records came to; it holds for the days of receipt from `since` to the day before `until`."""

    contract: int
    key: str  # the token of what they said
    state: str
    since: date
    until: date
    body: bytes


def of(conn: Connection, keys: Collection[str], today: date, cipher: FieldCipher) -> dict[str, Answer]:
    """Return the answers that are kept under these tokens and hold for a file received today, by token.

    One that does not open is none: the family is read again, and `rollbook verify` tells of it.
    """
    query = select(*(_unchanged.c[name] for name in _COLUMNS)).where(
        among(conn, _unchanged.c.key, keys), _unchanged.c.since <= today, _unchanged.c.until > today
    )
    rows = conn.execute(query).all()
    now = states(conn, [row.contract_id for row in rows]) if rows else {}
    found = (_opened(row, cipher) for row in rows if now[row.contract_id] == row.state)
    return {answer.key: answer for answer in found if answer}


def _opened(row: Row[Any], cipher: FieldCipher) -> Answer | None:
    try:
        body = cipher.open_bytes(row.answer, cells.unchanged(row.key))
    except UNREADABLE:
        return None
    return Answer(row.contract_id, row.key, row.state, row.since, row.until, body)


def keep(conn: Connection, partner: str, answers: Sequence[Answer], cipher: FieldCipher) -> None:
    """Keep answers to a partner's records, each in the place of the last one for its contract."""
    if not answers:
        return
    mine = among(conn, _unchanged.c.contract_id, [answer.contract for answer in answers])
    conn.execute(delete(_unchanged).where(mine, _unchanged.c.partner == partner))
    rows = []
    for kept in answers:
        sealed = cipher.seal_bytes(kept.body, cells.unchanged(kept.key))
        rows.append((kept.contract, partner, kept.key, kept.state, kept.since, kept.until, sealed))
    add(conn, _unchanged, _COLUMNS, rows)


def states(conn: Connection, contracts: Collection[int]) -> dict[int, str]:
    """Return what is known of contracts, as a text that any change of it changes."""
    parts = [literal("").concat(part) for part in _parts()]
    text = parts[0]
    for part in parts[1:]:
        text = text.concat(" ").concat(part)
    rows = conn.execute(select(contract.c.id, text).where(among(conn, contract.c.id, contracts)))
    return dict(rows.tuples().all())


def is_alone(state: str) -> bool:
    """Say whether nobody of a contract stands in another one, or shares an SSN with anybody else on file."""
    kinds = dict(zip(_KINDS, state.split(), strict=True))
    return kinds["enrollee"] == kinds["places of its people"] and kinds["ssn"] == kinds["their SSNs"]


_KINDS = (
    *("assignment", "cobra", "coverage", "enrollee", "told", "facts", "ssn"),
    *("places of its people", "their SSNs"),
)


def _parts() -> Iterator[ScalarSelect[Any]]:
    """Yield for each kind of row how many there are of a contract, and the sum of their ids: `2.31`."""
    facts, ssn, place, same = person_facts, person_ssn, enrollee.alias("place"), person_ssn.alias("same")
    told = member_facts
    own = enrollee.join(ssn, and_(ssn.c.person_id == enrollee.c.person_id, known(ssn)))
    people: tuple[tuple[FromClause, FromClause], ...] = (
        (coverage, enrollee.join(coverage, and_(coverage.c.enrollee_id == enrollee.c.id, known(coverage)))),
        (enrollee, enrollee),
        (told, enrollee.join(told, and_(told.c.enrollee_id == enrollee.c.id, known(told)))),
        (facts, enrollee.join(facts, and_(facts.c.person_id == enrollee.c.person_id, known(facts)))),
        (ssn, own),
        (place, enrollee.join(place, and_(place.c.person_id == enrollee.c.person_id, known(place)))),
        (same, own.join(same, and_(same.c.token == ssn.c.token, known(same)))),
    )
    for owner, counted, joined in (
        *((table, table, table) for table in (assignment, cobra)),
        *((enrollee, counted, joined) for counted, joined in people),
    ):
        total = cast(func.coalesce(func.sum(counted.c.id), 0), String)
        rows = select(cast(func.count(), String).concat(".").concat(total)).select_from(joined)
        yield rows.where(owner.c.contract_id == contract.c.id, known(owner)).scalar_subquery()
