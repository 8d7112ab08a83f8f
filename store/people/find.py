"""Members found by what a caller has at hand (FAQ 22); docs/domain.md, Finding people."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, and_, func, select, union

from model.enrollment.history import FoundMember
from model.enrollment.known import Known, comes_near, ways
from model.timeline import Span
from model.trade.kept import Kept
from store import cells
from store.bulk import among, begins
from store.people import aliases, facts, numbers, told
from store.tables import (
    contract,
    contract_number,
    coverage,
    employer_group,
    enrollee,
    member_facts,
    person,
    person_facts,
    person_ssn,
)
from store.then import known
from vault.ssn import mask_ssn, nine_digits, unmarked

if TYPE_CHECKING:
    from vault.box import Vault

MOST = 200  # matches returned at most
_SHORTEST = 4  # letters of a number that is looked for among all that records told


def find(conn: Connection, vault: Vault, wanted: Known) -> list[FoundMember]:
    """Return members for whom everything given holds, once per contract, by name; at most MOST of them.

    Only what is known now. A name that nobody's begins with finds those that come near it (`near`). Both that and
    a number that is none of ours read what is known of everybody, the rest an index. Raises ValueError when
    nothing is given.
    """
    name, last4 = wanted.name.strip(" ,"), wanted.last4.strip()
    if not (name or last4 or wanted.birth or wanted.ids):
        raise ValueError("give a name, a number, a birth date or the last four digits of the SSN")
    conditions = [among(conn, person.c.id, sorted(_numbered(conn, vault, ident.strip()))) for ident in wanted.ids]
    if wanted.birth:
        conditions.append(person_facts.c.birth == wanted.birth)
    if last4:
        ending = _with_ssn(conn, person_ssn.c.last4_token, vault.tokens.last4(last4))
        conditions.append(among(conn, person.c.id, sorted(ending)))
    if not name:
        return _found(conn, conditions)
    called = _found(conn, [*conditions, _named(conn, wanted.name.strip())])
    return called or _found(conn, [*conditions, _nearly(conn, name, conditions)], near=True)


def same_ssn(conn: Connection, vault: Vault) -> list[FoundMember]:
    """Return members who share their SSN with another member ID, those of one SSN together; at most MOST of them.

    They are one person whom different partners sent for different groups, until staff merge them (docs/domain.md,
    One person in two groups), or an SSN that is somebody else's. SSNs are compared by token: only those stored
    under the same key.
    """
    several = (
        select(person_ssn.c.token)
        .where(known(person_ssn))
        .group_by(person_ssn.c.token)
        .having(func.count(person_ssn.c.person_id) > 1)
    )
    query = (
        _members(person_ssn.c.cipher, person_ssn.c.person_id)
        .join(person_ssn, and_(person_ssn.c.person_id == person.c.id, known(person_ssn)))
        .where(person_ssn.c.token.in_(several))
        .order_by(person_ssn.c.token, person.c.id, contract.c.id)
        .limit(MOST)
    )
    rows = conn.execute(query).all()
    spans = _covered(conn, rows)
    return [
        _match(row, spans, ssn=mask_ssn(vault.fields.open(row.cipher, cells.ssn(row.person_id)))) for row in rows
    ]


def _found(
    conn: Connection, conditions: Iterable[ColumnElement[bool]], *, near: bool = False
) -> list[FoundMember]:
    order = (person_facts.c.last, person_facts.c.first, person.c.id, contract.c.id)
    rows = conn.execute(_members().where(*conditions).order_by(*order).limit(MOST)).all()
    spans = _covered(conn, rows)
    return [_match(row, spans, near=near) for row in rows]


def _match(row: Row[Any], spans: dict[int, tuple[Span, ...]], *, ssn: str = "", near: bool = False) -> FoundMember:
    covered = spans.get(row.enrollee_id, ())
    who = facts.demographics(row)
    return FoundMember(row.member_id, who, row.number, row.masked, row.relationship, covered, ssn, near)


def _members(*more: Column[Any]) -> Select[Any]:
    """Select people once per contract, with the facts known now and `more` columns."""
    columns = (person.c.member_id, *facts.COLUMNS, employer_group.c.number, numbers.masked(), *more)
    return (
        select(*columns, enrollee.c.relationship, enrollee.c.id.label("enrollee_id"))
        .join_from(person, person_facts, and_(person_facts.c.person_id == person.c.id, known(person_facts)))
        .join(enrollee, and_(enrollee.c.person_id == person.c.id, known(enrollee)))
        .join(contract, contract.c.id == enrollee.c.contract_id)
        .join(employer_group, employer_group.c.id == contract.c.group_id)
    )


def _covered(conn: Connection, rows: Collection[Row[Any]]) -> dict[int, tuple[Span, ...]]:
    """Return the days on which each enrollee of these rows is covered by anything, by enrollee."""
    found: dict[int, tuple[Span, ...]] = {}
    columns = (coverage.c.enrollee_id, coverage.c.begin_date, coverage.c.end_date)
    mine = among(conn, coverage.c.enrollee_id, [row.enrollee_id for row in rows])
    query = select(*columns).where(mine, known(coverage)).order_by(coverage.c.begin_date)
    for ident, begin, end in conn.execute(query) if rows else ():
        found[ident] = (*found.get(ident, ()), Span(begin, end))
    return found


def _numbered(conn: Connection, vault: Vault, ident: str) -> set[int]:
    """Return the people (row ids) whom a number of any kind names; a subscriber's names the whole family."""
    people = set(
        conn.scalars(select(person.c.id).where(person.c.member_id == aliases.resolve(conn, ident.upper())))
    )
    groups, tokens = list(conn.scalars(select(employer_group.c.id))), vault.tokens.family(ident)
    for table, row in ((contract, contract.c.id), (contract_number, contract_number.c.contract_id)):
        mine = select(row).where(among(conn, table.c.group_id, groups), among(conn, table.c.number_token, tokens))
        mine = mine if table is contract else mine.where(known(table))
        family = select(enrollee.c.person_id).where(enrollee.c.contract_id.in_(mine), known(enrollee))
        people.update(conn.scalars(family))
    if ssn := nine_digits(unmarked(ident)):
        people |= _with_ssn(conn, person_ssn.c.token, vault.tokens.ssn(ssn))
    if len(ident) == 4 and ident.isdecimal():
        people |= _with_ssn(conn, person_ssn.c.last4_token, vault.tokens.last4(ident))
    return people or _told_number(conn, vault, ident)


def _with_ssn(conn: Connection, column: Column[str], tokens: Collection[str]) -> set[int]:
    having = select(person_ssn.c.person_id).where(among(conn, column, tokens), known(person_ssn))
    return set(conn.scalars(having))


def _told_number(conn: Connection, vault: Vault, ident: str) -> set[int]:
    """Return the people of whom a record told this number beside their own (REF of loop 2000): they lie sealed."""
    wanted = _plain(ident)
    if len(wanted) < _SHORTEST:
        return set()
    query = select(enrollee.c.person_id, *told.READ).join(
        member_facts, member_facts.c.enrollee_id == enrollee.c.id
    )
    rows = conn.execute(query.where(known(member_facts), known(enrollee), member_facts.c.cipher != ""))
    return {
        row.person_id
        for row in rows
        for fact in told.opened(row, vault.fields)
        if fact.kind == Kept.NUMBER and wanted in {_plain(part) for segment in fact.value for part in segment}
    }


def _plain(number: str) -> str:
    return number.replace("-", "").replace(" ", "").upper()


def _named(conn: Connection, name: str) -> ColumnElement[bool]:
    """Compare beginnings of names: a last name may itself be of several words."""
    own = person_facts.c
    each = []
    for last, first in ways(name):  # by the index one after the other: for an OR, SQLite reads everybody
        parts = [begins(conn, column, text) for column, text in ((own.last, last), (own.first, first)) if text]
        each.append(select(own.id).where(*parts, known(person_facts)))
    return own.id.in_(union(*each))


def _nearly(conn: Connection, name: str, among_these: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Compare the names of everybody of whom the rest holds, as people misspell them."""
    own = person_facts.c
    query = select(own.id, own.last, own.first).join(person, person.c.id == own.person_id)
    rows = conn.execute(query.where(*among_these, known(person_facts)))
    return among(conn, own.id, [row.id for row in rows if comes_near(name, row.last, row.first)])
