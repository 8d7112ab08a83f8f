"""What steps did to families: what of it stands, what came after it, and what was taken back by which step.

A step is named by its transaction (row of tx). See docs/design.md, Two times; docs/domain.md, Undo.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, Row, Select, Table, and_, or_, select, union_all, update

from model.enrollment.events import Demographics
from model.enrollment.facts import Facts
from model.enrollment.roster import Contract
from model.timeline import Then
from store import cells, chain
from store.bulk import add, among, reserve
from store.people import aliases, facts, roster, told
from store.people import numbers as numbers_of
from store.tables import (
    assignment,
    cobra,
    contract_number,
    coverage,
    disposition,
    employer_group,
    enrollee,
    linked,
    member_facts,
    person,
    person_facts,
    person_ssn,
    undone,
)
from store.tables import contract as contracts_table
from store.then import known

if TYPE_CHECKING:
    from vault.fields import FieldCipher

_ENDS = ("tx_from", "tx_to")
_COPIED = ("contract_id", "group_id", "number_cipher", "key_id", "number_token", "masked")


# --- which families ----------------------------------------------------------------------------------------


def touched(conn: Connection, steps: Collection[int]) -> dict[int, set[int]]:
    """Return the contracts (row ids) that steps changed, by rows of theirs or by what a line of a file came to."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = [part.where(among(conn, at, steps)) for part, _, at in _changes()]
    for contract, step in conn.execute(union_all(*rows)):
        found[contract].add(step)
    for contract, step in conn.execute(_by_lines().where(among(conn, disposition.c.tx, steps)).distinct()):
        found[contract].add(step)
    return dict(found)


def looked_again(
    conn: Connection, steps: Collection[int], sets: Collection[int]
) -> tuple[dict[int, set[int]], set[tuple[int, int]]]:
    """Return the contracts that lines of sets changed in steps of others; and where others' lines did so, too.

    The latter are (contract, step).
    """
    found: dict[int, set[int]] = defaultdict(set)
    others: set[tuple[int, int]] = set()
    rows = _by_lines().add_columns(disposition.c.set_id).where(among(conn, disposition.c.tx, steps)).distinct()
    for contract, step, set_id in conn.execute(rows):
        if set_id in sets:
            found[contract].add(step)
        else:
            others.add((contract, step))
    return dict(found), {(contract, step) for contract, step in others if step in found.get(contract, ())}


def _by_lines() -> Select[Any]:
    """Select contract and step of each line that was carried out, by its group and member ID."""
    came = disposition.c
    query = select(enrollee.c.contract_id, came.tx).select_from(disposition)
    query = query.join(person, person.c.member_id == came.member_id)
    query = query.join(enrollee, enrollee.c.person_id == person.c.id)
    query = query.join(contracts_table, contracts_table.c.id == enrollee.c.contract_id)
    query = query.join(employer_group, employer_group.c.id == contracts_table.c.group_id)
    changed = or_(came.disposition == "APPLIED", came.action.startswith('["taken-back"', autoescape=True))
    return query.where(employer_group.c.number == came.group_number, changed)


def _changes() -> list[tuple[Select[Any], Column[Any], Column[Any]]]:
    """Return the selects of contract and step of every change of coverage, places, COBRA, people and numbers.

    Each with the columns that it selects.
    """
    found: list[tuple[Select[Any], Column[Any], Column[Any]]] = []
    for end in _ENDS:
        covered = select(enrollee.c.contract_id.label("contract"), coverage.c[end].label("step"))
        covered = covered.join_from(coverage, enrollee, enrollee.c.id == coverage.c.enrollee_id)
        found.append((covered, enrollee.c.contract_id, coverage.c[end]))
        for table in (assignment, cobra, enrollee, contract_number):
            found.append((select(table.c.contract_id, table.c[end]), table.c.contract_id, table.c[end]))
    return found


def steps_of(conn: Connection, contracts: Collection[int]) -> dict[int, set[int]]:
    """Return every step that ever changed coverage, places, COBRA, people or numbers of these contracts."""
    parts = [part.where(among(conn, owner, contracts), at.is_not(None)) for part, owner, at in _changes()]
    found: dict[int, set[int]] = defaultdict(set)
    for contract, step in conn.execute(union_all(*parts)):
        found[contract].add(step)
    return dict(found)


def taken_back(conn: Connection, contracts: Collection[int]) -> dict[int, dict[int, int]]:
    """Return by contract which step was taken back by which other one, whatever became of that."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    rows = select(undone.c.contract_id, undone.c.of_tx, undone.c.tx).where(
        among(conn, undone.c.contract_id, contracts)
    )
    for contract, of_step, step in conn.execute(rows.order_by(undone.c.id)):
        found[contract][of_step] = step
    return dict(found)


def is_undone(step: int, by: Mapping[int, int]) -> bool:
    """Say whether a step's effect on a contract is taken back and stays so; `by`: as `taken_back` has it."""
    return step in by and not is_undone(by[step], by)


def record(conn: Connection, tx: int, pairs: Iterable[tuple[int, int]]) -> None:
    """Record what a step takes back: (contract, step) each."""
    add(conn, undone, ("tx", "of_tx", "contract_id"), [(tx, step, contract) for contract, step in pairs])


def families(conn: Connection, group: str, ids: Collection[int], then: Then | None = None) -> list[Contract]:
    """Return these contracts of a group whole, as known now or after a step."""
    return roster.families(conn, group, then=then, chosen=partial(among, conn, values=ids))


def named(conn: Connection, contracts: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return group and masked subscriber number of contracts, by row id."""
    query = select(contracts_table.c.id, employer_group.c.number, numbers_of.masked())
    query = query.join(employer_group).where(among(conn, contracts_table.c.id, contracts))
    return {ident: (group, number) for ident, group, number in conn.execute(query)}


def of_member(conn: Connection, member_id: str) -> set[int]:
    """Return the contracts (row ids) that a member, or who has the member ID since a merge, stands in."""
    query = select(enrollee.c.contract_id).join(person, person.c.id == enrollee.c.person_id)
    query = query.where(person.c.member_id == aliases.resolve(conn, member_id), known(enrollee))
    return set(conn.scalars(query))


# --- what was known of people ------------------------------------------------------------------------------


def facts_before(conn: Connection, steps: Collection[int], people: Collection[int]) -> dict[int, Demographics]:
    """Return what was known of people before steps told otherwise, where that stands.

    Who was not known before is left out, and of whom somebody else told since.
    """
    mine = _standing(conn, person_facts, "person_id", steps, people)
    rows = _before(conn, person_facts, "person_id", steps, mine)
    return {row.person_id: facts.demographics(row) for row in rows}


def ssns_before(
    conn: Connection, cipher: FieldCipher, steps: Collection[int], people: Collection[int]
) -> dict[int, str]:
    """Return the SSN (digits, "" for none) that people had before steps told another one, where that one stands.

    Who was not known before is left out, and whose earlier SSN is by now somebody else's.
    """
    new = select(person.c.id).where(among(conn, person.c.id, people), among(conn, person.c.tx_from, steps))
    there = set(people) - set(conn.scalars(new))
    mine = _standing(conn, person_ssn, "person_id", steps, there)
    found = dict.fromkeys(mine, "")
    for row in _before(conn, person_ssn, "person_id", steps, mine):
        same = and_(person_ssn.c.token == row.token, person_ssn.c.person_id != row.person_id, known(person_ssn))
        if conn.scalar(select(person_ssn.c.id).where(same).limit(1)) is None:
            found[row.person_id] = cipher.open(row.cipher, cells.ssn(row.person_id))
        else:
            del found[row.person_id]
    return found


def told_before(
    conn: Connection, cipher: FieldCipher, steps: Collection[int], contracts: Collection[int]
) -> dict[int, Facts]:
    """Return what was told of enrollees (row ids) before steps told otherwise, where that stands; () for nothing.

    Who was not enrolled before is left out: what is known of new people stays.
    """
    there = select(enrollee.c.id).where(
        among(conn, enrollee.c.contract_id, contracts), enrollee.c.tx_from.not_in(list(steps)), known(enrollee)
    )
    mine = _standing(conn, member_facts, "enrollee_id", steps, set(conn.scalars(there)))
    found: dict[int, Facts] = dict.fromkeys(mine, ())
    for row in _before(conn, member_facts, "enrollee_id", steps, mine):
        found[row.enrollee_id] = told.opened(row, cipher)
    return found


def _before(
    conn: Connection, table: Table, owner: str, steps: Collection[int], owners: Collection[int]
) -> list[Row[Any]]:
    """Return the rows that steps ended and none of them had opened."""
    ended = (among(conn, table.c.tx_to, steps), table.c.tx_from.not_in(list(steps)))
    return list(conn.execute(select(table).where(among(conn, table.c[owner], owners), *ended)).all())


def _standing(
    conn: Connection, table: Table, owner: str, steps: Collection[int], owners: Collection[int]
) -> set[int]:
    """Return those of whom a row stands that these steps opened."""
    mine = (among(conn, table.c[owner], owners), among(conn, table.c.tx_from, steps), known(table))
    return set(conn.scalars(select(table.c[owner]).where(*mine)))


# --- numbers, and whom records are about ------------------------------------------------------------------


def numbers(conn: Connection, steps: Collection[int], contracts: Collection[int]) -> list[tuple[int, str, str]]:
    """Return which subscriber numbers (masked) families lose, or get back: (contract, lost, got), one is empty."""
    gone, back = _numbers(conn, steps, contracts)
    told = [(row.contract_id, row.masked, "") for row in gone]
    return sorted(told + [(row.contract_id, "", row.masked) for row in back])


def give_back_numbers(conn: Connection, tx: int, steps: Collection[int], contracts: Collection[int]) -> None:
    """End the subscriber numbers that steps gave to families, and open again those that they ended."""
    gone, back = _numbers(conn, steps, contracts)
    if gone:
        ids = [row.id for row in gone]
        conn.execute(update(contract_number).where(among(conn, contract_number.c.id, ids)).values(tx_to=tx))
        chain.of(conn).close(contract_number, ids)
    given = reserve(conn, contract_number, len(back))
    rows = [(ident, *(getattr(row, name) for name in _COPIED), tx) for ident, row in zip(given, back, strict=True)]
    add(conn, contract_number, ("id", *_COPIED, "tx_from"), rows)


def _numbers(
    conn: Connection, steps: Collection[int], contracts: Collection[int]
) -> tuple[list[Row[Any]], list[Row[Any]]]:
    row = contract_number.c
    mine = (among(conn, row.contract_id, contracts), among(conn, row.tx_from, steps), known(contract_number))
    gone = list(conn.execute(select(contract_number).where(*mine).order_by(row.id)).all())
    back = _before(conn, contract_number, "contract_id", steps, contracts)
    return gone, sorted(back, key=lambda each: each.id)


def forget_links(conn: Connection, tx: int, steps: Collection[int]) -> None:
    """Let what steps said of whom records are about be as it was said before them, by nobody where it was not."""
    said = (linked.c.group_id, linked.c.family_token, linked.c.person_token, linked.c.ssn_token)
    keys = conn.execute(select(*said).where(among(conn, linked.c.tx, steps)).distinct()).all()
    rows = []
    for key in sorted(map(tuple, keys)):
        same = [column == value for column, value in zip(said, key, strict=True)]
        words = conn.execute(select(linked.c.tx, linked.c.person_id).where(*same).order_by(linked.c.id)).all()
        if words[-1].tx in steps:
            earlier = [word.person_id for word in words if word.tx not in steps]
            rows.append((tx, *key, earlier[-1] if earlier else None))
    add(conn, linked, ("tx", *(column.name for column in said), "person_id"), rows)
