"""What the records of unchanged families came to, kept by a token of what they said.

An answer holds while nothing at all that decided it is another. What the records say, and how they are read, is in
the token. What is known of the family is its state: how many rows of each kind are known of it, and the sum of
their ids. Rows are added under higher ids and never changed, so that no other rows come to the same state. It is
compared when an answer is asked for: whoever writes to the roster need not know of it.

See docs/design.md, Unchanged families.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, FromClause, Row, Select, and_, delete, func, literal, select, union_all

from store import cells
from store.bulk import add, among
from store.people.roster import known
from store.tables import assignment, cobra, coverage, enrollee, person_facts, person_ssn
from store.tables import unchanged as _unchanged
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
    found = (_opened(row, cipher) for row in rows if now[row.contract_id].text == row.state)
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


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a family, so that any change of it shows."""

    text: str
    alone: bool  # nobody of it stands in another contract, or shares an SSN with anybody else on file


def states(conn: Connection, contracts: Collection[int]) -> Mapping[int, State]:
    """Return the states of contracts, in one query."""
    counted: dict[int, list[tuple[int, int]]] = defaultdict(lambda: [(0, 0)] * len(_KINDS))
    for ident, kind, rows, ids in conn.execute(union_all(*_rows(conn, contracts))):
        counted[ident][kind] = (rows, int(ids))
    return {ident: _state(counted[ident]) for ident in contracts}


_KINDS = ("assignment", "cobra", "coverage", "enrollee", "facts", "ssn", "places of its people", "their SSNs")
_ENROLLEE, _SSN, _PLACES, _SAME = (_KINDS.index(name) for name in ("enrollee", "ssn", *_KINDS[-2:]))


def _state(counted: Sequence[tuple[int, int]]) -> State:
    text = " ".join(f"{rows}.{ids}" for rows, ids in counted)
    return State(text, counted[_ENROLLEE] == counted[_PLACES] and counted[_SSN] == counted[_SAME])


def _rows(conn: Connection, contracts: Collection[int]) -> Iterator[Select[Any]]:
    """Select contract, kind of row, how many there are, and the sum of their ids."""
    facts, ssn, place, same = person_facts, person_ssn, enrollee.alias("place"), person_ssn.alias("same")
    own = enrollee.join(ssn, and_(ssn.c.person_id == enrollee.c.person_id, known(ssn)))
    people: tuple[tuple[FromClause, FromClause], ...] = (
        (coverage, enrollee.join(coverage, and_(coverage.c.enrollee_id == enrollee.c.id, known(coverage)))),
        (enrollee, enrollee),
        (facts, enrollee.join(facts, and_(facts.c.person_id == enrollee.c.person_id, known(facts)))),
        (ssn, own),
        (place, enrollee.join(place, and_(place.c.person_id == enrollee.c.person_id, known(place)))),
        (same, own.join(same, and_(same.c.token == ssn.c.token, known(same)))),
    )
    for kind, table in enumerate((assignment, cobra)):
        owner = table.c.contract_id
        rows = select(owner, literal(kind), func.count(), func.sum(table.c.id))
        yield rows.where(among(conn, owner, contracts), known(table)).group_by(owner)
    owner = enrollee.c.contract_id
    for kind, (counted, joined) in enumerate(people, 2):
        rows = select(owner, literal(kind), func.count(), func.sum(counted.c.id)).select_from(joined)
        yield rows.where(among(conn, owner, contracts), known(enrollee)).group_by(owner)
