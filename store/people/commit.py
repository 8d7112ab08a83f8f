"""One chunk's changes written in bulk: a fixed number of statements, whatever the number of people.

Nothing is overwritten: a correction closes a row's knowledge and opens another (docs/design.md, Two times).

See docs/design.md, Objects cost.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Column, Connection, Table, select, update

from model.enrollment.events import Demographics
from model.enrollment.roster import (
    Assignment,
    ChangeSet,
    CobraFact,
    Coverage,
    NewContract,
    NewEnrollee,
    NewFacts,
    NewPerson,
    Opened,
)
from store import cells, counters
from store.bulk import add, among, refresh_statistics
from store.people import facts
from store.people.roster import known
from store.tables import assignment, cobra, contract, coverage, enrollee, person, person_facts, person_ssn
from store.tables.base import fit
from vault.ssn import mask_key

if TYPE_CHECKING:
    from vault.box import Vault

_TABLES = {"coverage": coverage, "assignment": assignment, "cobra": cobra}
_ADDED_TO: dict[type[Opened], tuple[Table, ...]] = {
    NewPerson: (person, person_facts, person_ssn),
    NewContract: (contract,),
    NewEnrollee: (enrollee,),
    Assignment: (assignment,),
    Coverage: (coverage,),
    CobraFact: (cobra,),
}
_Kind = TypeVar("_Kind", bound=Opened)


class StaleChange(Exception):
    """A row to close was closed by somebody else since it was read: the set runs again. Never data."""


class BrokenRoster(Exception):
    """The changes would leave overlapping spans: a bug in what decided them. Nothing may be committed."""


@dataclass(slots=True)
class _Work:
    """What one call of `apply` carries from table to table."""

    conn: Connection
    tx: int
    vault: Vault
    ids: dict[int, int] = field(default_factory=dict)  # temporary id -> row id

    def row(self, ident: int) -> int:
        return self.ids[ident] if ident < 0 else ident


def apply(
    conn: Connection, tx: int, changes: ChangeSet, group_ids: Mapping[str, int], vault: Vault
) -> Mapping[int, str]:
    """Write a change set under transaction `tx`; return temporary person id -> the member ID assigned.

    Member IDs rise in the order of the change set. A row both opened and closed in it never was. Raises
    StaleChange when a row to close is no longer known, BrokenRoster when spans of one enrollee and line (or of
    one contract's subgroups) overlap afterwards; either way the caller rolls back.
    """
    work = _Work(conn, tx, vault)
    gone = _close(work, changes)
    opened = [item for item in changes.open if (type(item), _ident(item)) not in gone]
    later = _latest_facts(_of(opened, NewFacts))
    assigned = _add_persons(work, _of(opened, NewPerson), later)
    _change_facts(work, later)
    _add_contracts(work, _of(opened, NewContract), group_ids)
    _add_enrollees(work, _of(opened, NewEnrollee))
    _add_spans(work, _of(opened, Assignment), _of(opened, Coverage))
    _add_cobra(work, _of(opened, CobraFact))
    for kind, tables in _ADDED_TO.items():
        for table in tables:
            refresh_statistics(conn, table, len(_of(opened, kind)))
    return assigned


def _of(opened: Collection[Opened], kind: type[_Kind]) -> list[_Kind]:
    return [item for item in opened if isinstance(item, kind)]


def _ident(item: Opened) -> int:
    return item.person if isinstance(item, NewFacts) else item.id


def _close(work: _Work, changes: ChangeSet) -> set[tuple[type[Opened], int]]:
    """End the knowledge of rows; return the (type, temporary id) of those that this change set itself opened."""
    closed = {(item.table, item.id) for item in (*changes.close, *changes.void)}
    for name, table in _TABLES.items():
        ids = [ident for kind, ident in closed if kind == name and ident > 0]
        if ids and _end(work, table, table.c.id, ids) != len(ids):
            raise StaleChange(f"{name} rows to close were no longer known")
    types: dict[str, type[Opened]] = {"coverage": Coverage, "assignment": Assignment, "cobra": CobraFact}
    return {(types[name], ident) for name, ident in closed if ident < 0}


def _end(work: _Work, table: Table, key: Column[Any], ids: Collection[int]) -> int:
    """Set tx_to of the known rows whose `key` is one of `ids`; return how many there were."""
    ended = update(table).where(among(work.conn, key, ids), known(table)).values(tx_to=work.tx)
    return work.conn.execute(ended).rowcount


def _latest_facts(items: Collection[NewFacts]) -> dict[int, NewFacts]:
    """Keep one change per person: the last demographics, the last SSN that is not empty."""
    latest: dict[int, NewFacts] = {}
    for item in items:
        earlier = latest.get(item.person)
        ssn = item.ssn or (earlier.ssn if earlier else "")
        latest[item.person] = NewFacts(item.person, item.demographics, ssn)
    return latest


def _add_persons(work: _Work, items: Collection[NewPerson], later: dict[int, NewFacts]) -> dict[int, str]:
    """Add people under new member IDs; what `later` says of them is theirs at once and taken out of it."""
    if not items:
        return {}
    first = counters.reserve(work.conn, "member", len(items))
    assigned = {item.id: f"M{number:09d}" for number, item in enumerate(items, first)}
    rows = [{"member_id": member_id, "tx_from": work.tx} for member_id in assigned.values()]
    of_member = {row.member_id: row.id for row in add(work.conn, person, rows, person.c.member_id, person.c.id)}
    work.ids.update((ident, of_member[member_id]) for ident, member_id in assigned.items())
    people: dict[int, Demographics] = {}
    ssns: dict[int, str] = {}
    for item in items:
        change = later.pop(item.id, None) or NewFacts(item.id, item.demographics)
        people[work.ids[item.id]] = change.demographics
        ssns[work.ids[item.id]] = change.ssn or item.ssn
    _add_facts(work, people, ssns)
    return assigned


def _change_facts(work: _Work, items: Mapping[int, NewFacts]) -> None:
    people = {work.row(item.person): item.demographics for item in items.values()}
    ssns = {work.row(item.person): item.ssn for item in items.values() if item.ssn}
    if people:
        _end(work, person_facts, person_facts.c.person_id, people.keys())
    if ssns:
        _end(work, person_ssn, person_ssn.c.person_id, ssns.keys())
    _add_facts(work, people, ssns)


def _add_facts(work: _Work, people: Mapping[int, Demographics], ssns: Mapping[int, str]) -> None:
    who = ({"person_id": i, "tx_from": work.tx} | facts.values(person) for i, person in people.items())
    rows = [fit(person_facts, row) for row in who]
    add(work.conn, person_facts, rows)
    add(work.conn, person_ssn, [_ssn_row(work, i, ssn) for i, ssn in ssns.items() if ssn])


def _ssn_row(work: _Work, person_id: int, ssn: str) -> dict[str, Any]:
    cipher = work.vault.fields.seal(ssn, cells.ssn(person_id))
    return {
        "person_id": person_id,
        "cipher": cipher,
        "key_id": cipher.partition(":")[0],
        "token": work.vault.tokens.ssn(ssn)[0],
        "last4_token": work.vault.tokens.last4(ssn)[0],
        "tx_from": work.tx,
    }


def _add_contracts(work: _Work, items: Collection[NewContract], group_ids: Mapping[str, int]) -> None:
    temporary = {}
    rows = []
    for item in items:
        key = (group_ids[item.group], work.vault.tokens.family(item.subscriber_number)[0])
        cipher = work.vault.fields.seal(item.subscriber_number, cells.subscriber(*key))
        temporary[key] = item.id
        rows.append(
            fit(
                contract,
                {
                    "group_id": key[0],
                    "number_cipher": cipher,
                    "key_id": cipher.partition(":")[0],
                    "number_token": key[1],
                    "masked": mask_key(item.subscriber_number),
                    "tx_from": work.tx,
                },
            )
        )
    columns = (contract.c.id, contract.c.group_id, contract.c.number_token)
    for row in add(work.conn, contract, rows, *columns):
        work.ids[temporary[row.group_id, row.number_token]] = row.id


def _add_enrollees(work: _Work, items: Collection[NewEnrollee]) -> None:
    temporary = {(work.row(item.contract), work.row(item.person)): item for item in items}
    rows = [
        fit(
            enrollee,
            {"contract_id": family, "person_id": who, "relationship": item.relationship, "tx_from": work.tx},
        )
        for (family, who), item in temporary.items()
    ]
    for row in add(work.conn, enrollee, rows, enrollee.c.id, enrollee.c.contract_id, enrollee.c.person_id):
        work.ids[temporary[row.contract_id, row.person_id].id] = row.id


def _add_spans(work: _Work, places: Collection[Assignment], spans: Collection[Coverage]) -> None:
    """Add assignments and coverages, then look at every one of the contracts and enrollees they touch."""
    rows = [
        {"contract_id": work.row(item.contract), "subgroup": item.subgroup, **_span(work, item)} for item in places
    ]
    add(work.conn, assignment, rows)
    _no_overlap(work, assignment, "contract_id", {row["contract_id"] for row in rows})
    rows = [
        {
            "enrollee_id": work.row(item.enrollee),
            "line": item.line,
            "plan": item.plan,
            "tier": item.tier,
            **_span(work, item),
        }
        for item in spans
    ]
    add(work.conn, coverage, rows)
    _no_overlap(work, coverage, "enrollee_id", {row["enrollee_id"] for row in rows}, "line")


def _add_cobra(work: _Work, items: Collection[CobraFact]) -> None:
    rows = [
        {
            "contract_id": work.row(item.contract),
            "person_id": work.row(item.person),
            "event": item.event,
            **_span(work, item),
        }
        for item in items
    ]
    add(work.conn, cobra, rows)


def _span(work: _Work, item: Assignment | Coverage | CobraFact) -> dict[str, Any]:
    return {"begin_date": item.span.begin, "end_date": item.span.end, "tx_from": work.tx}


def _no_overlap(work: _Work, table: Table, owner: str, ids: Collection[int], *same: str) -> None:
    """Raise BrokenRoster when two known spans of one owner (and line) share a day. Only row ids are named."""
    if not ids:
        return
    other = table.alias("other")
    query = (
        select(table.c[owner])
        .join(other, other.c[owner] == table.c[owner])
        .where(among(work.conn, table.c[owner], ids), known(table), known(other), table.c.id < other.c.id)
        .where(table.c.begin_date <= other.c.end_date, other.c.begin_date <= table.c.end_date)
        .where(*(table.c[name] == other.c[name] for name in same))
        .limit(5)
    )
    broken = sorted(set(work.conn.scalars(query)))
    if broken:
        raise BrokenRoster(f"overlapping {table.name} spans of {owner} {broken}")


# Kill points (tests/support/kill.py): a run may end before or after each.
RECEIVE_STEPS = (apply,)
