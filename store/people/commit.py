"""One chunk's changes written in bulk: a fixed number of statements, whatever the number of people.

Nothing is overwritten: a correction closes a row's knowledge and opens another (docs/design.md, Two times).

See docs/design.md, Objects cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, Table, func, select, update

from model.enrollment.events import Demographics
from model.enrollment.roster import (
    Assignment,
    CarriedOver,
    ChangeSet,
    CobraFact,
    Coverage,
    NewContract,
    NewEnrollee,
    NewFacts,
    NewNumber,
    NewPerson,
    NewTold,
    Opened,
)
from store import cells, chain, counters
from store.bulk import add, among, refresh_statistics, reserve
from store.dialects.base import Rows
from store.people import facts, told
from store.tables import (
    assignment,
    cobra,
    contract,
    contract_number,
    coverage,
    enrollee,
    member_facts,
    person,
    person_facts,
    person_ssn,
)
from store.tables.base import fit_rows
from store.then import known
from vault.ssn import mask_key

if TYPE_CHECKING:
    from vault.box import Vault

_TABLES = {"coverage": coverage, "assignment": assignment, "cobra": cobra, "enrollee": enrollee}
_ADDED_TO: dict[type[Opened], tuple[Table, ...]] = {
    NewPerson: (person, person_facts, person_ssn),
    NewContract: (contract,),
    NewNumber: (contract_number,),
    NewEnrollee: (enrollee,),
    Assignment: (assignment,),
    Coverage: (coverage,),
    CobraFact: (cobra,),
    NewTold: (member_facts,),
}
_SPAN = ("begin_date", "end_date", "tx_from")


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

    def give(self, table: Table, items: Sequence[NewPerson | NewContract | NewEnrollee]) -> None:
        """Give new rows of a table their ids, in the order of the change set."""
        given = reserve(self.conn, table, len(items))
        self.ids.update(zip((item.id for item in items), given, strict=True))

    def row(self, ident: int) -> int:
        """Return the row id of what is known, or was given one."""
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
    opened = _opened(changes, _close(work, changes))
    later = _latest_facts(opened[NewFacts])
    assigned = _add_persons(work, opened[NewPerson], later)
    _change_facts(work, later)
    _add_contracts(work, opened[NewContract], group_ids)
    _add_numbers(work, opened[NewNumber], group_ids)
    _add_enrollees(work, opened[NewEnrollee])
    _add_spans(work, opened[Assignment], opened[Coverage])
    _add_cobra(work, opened[CobraFact])
    _add_told(work, opened[NewTold], opened[CarriedOver])
    for kind, tables in _ADDED_TO.items():
        for table in tables:
            refresh_statistics(conn, table, len(opened[kind]))
    return assigned


def forget(conn: Connection, tx: int, vault: Vault, facts_of: Collection[int], ssns_of: Collection[int]) -> None:
    """End what is known of people (row ids): their facts, their SSNs."""
    work = _Work(conn, tx, vault)
    _end(work, person_facts, person_facts.c.person_id, facts_of)
    _end(work, person_ssn, person_ssn.c.person_id, ssns_of)


def _opened(changes: ChangeSet, gone: set[tuple[type[Opened], int]]) -> dict[type[Opened], list[Any]]:
    """Return what a change set opens, by type, without what it closes again."""
    opened: dict[type[Opened], list[Any]] = defaultdict(list)
    for item in changes.open:
        if not gone or (type(item), _ident(item)) not in gone:
            opened[type(item)].append(item)
    return opened


def _ident(item: Opened) -> int:
    if isinstance(item, NewFacts):
        return item.person
    if isinstance(item, NewNumber):
        return item.contract
    return item.enrollee if isinstance(item, NewTold | CarriedOver) else item.id


def _close(work: _Work, changes: ChangeSet) -> set[tuple[type[Opened], int]]:
    """End the knowledge of rows; return the (type, temporary id) of those that this change set itself opened."""
    closed = {(item.table, item.id) for item in (*changes.close, *changes.void)}
    for name, table in _TABLES.items():
        ids = [ident for kind, ident in closed if kind == name and ident > 0]
        if ids and _end(work, table, table.c.id, ids) != len(ids):
            raise StaleChange(f"{name} rows to close were no longer known")
    types: dict[str, type[Opened]] = {"coverage": Coverage, "assignment": Assignment, "cobra": CobraFact}
    types["enrollee"] = NewEnrollee
    return {(types[name], ident) for name, ident in closed if ident < 0}


def _end(work: _Work, table: Table, key: Column[Any], ids: Collection[int]) -> int:
    """Set tx_to of the known rows whose `key` is one of `ids`; return how many there were."""
    ended = update(table).where(among(work.conn, key, ids), known(table)).values(tx_to=work.tx)
    rows = work.conn.scalars(ended.returning(table.c.id)).all()
    chain.of(work.conn).close(table, rows)
    return len(rows)


def _latest_facts(items: Collection[NewFacts]) -> dict[int, NewFacts]:
    """Keep one change per person: the last demographics, the last SSN that is not empty."""
    latest: dict[int, NewFacts] = {}
    for item in items:
        earlier = latest.get(item.person)
        ssn = item.ssn or (earlier.ssn if earlier else "")
        latest[item.person] = NewFacts(item.person, item.demographics, ssn)
    return latest


def _add_persons(work: _Work, items: Sequence[NewPerson], later: dict[int, NewFacts]) -> dict[int, str]:
    """Add people under new member IDs; what `later` says of them is theirs at once and taken out of it."""
    if not items:
        return {}
    first = counters.reserve(work.conn, "member", len(items))
    assigned = {item.id: f"M{number:09d}" for number, item in enumerate(items, first)}
    work.give(person, items)
    rows = [(work.ids[ident], member_id, work.tx) for ident, member_id in assigned.items()]
    add(work.conn, person, ("id", "member_id", "tx_from"), rows)
    people: dict[int, Demographics] = {}
    ssns: dict[int, str] = {}
    for item in items:
        change = later.pop(item.id, None)
        people[work.ids[item.id]] = change.demographics if change else item.demographics
        ssns[work.ids[item.id]] = (change.ssn if change else "") or item.ssn
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
    names = ("person_id", *facts.NAMES, "tx_from")
    rows = [(ident, *facts.values(demographics), work.tx) for ident, demographics in people.items()]
    _add_named(work, person_facts, names, fit_rows(person_facts, names, rows))
    names = ("person_id", "cipher", "key_id", "token", "last4_token", "tx_from")
    _add_named(work, person_ssn, names, [_ssn_row(work, ident, ssn) for ident, ssn in ssns.items() if ssn])


def _add_named(work: _Work, table: Table, names: tuple[str, ...], rows: Rows) -> None:
    """Add rows under ids of our own: what ends a row's knowledge names it by its id (store.chain)."""
    given = reserve(work.conn, table, len(rows))
    add(work.conn, table, ("id", *names), [(ident, *row) for ident, row in zip(given, rows, strict=True)])


def _ssn_row(work: _Work, person_id: int, ssn: str) -> tuple[Any, ...]:
    tokens = work.vault.tokens
    cipher = work.vault.fields.seal(ssn, cells.ssn(person_id))
    return person_id, cipher, cipher.partition(":")[0], tokens.ssn(ssn)[0], tokens.last4(ssn)[0], work.tx


def _add_contracts(work: _Work, items: Sequence[NewContract], group_ids: Mapping[str, int]) -> None:
    work.give(contract, items)
    names = ("id", "group_id", "number_cipher", "key_id", "number_token", "masked", "tx_from")
    rows = [_contract_row(work, item, group_ids[item.group]) for item in items]
    add(work.conn, contract, names, fit_rows(contract, names, rows))


def _add_numbers(work: _Work, items: Sequence[NewNumber], group_ids: Mapping[str, int]) -> None:
    """Add numbers that stored contracts answer to from now on."""
    names = ("contract_id", "group_id", "number_cipher", "key_id", "number_token", "masked", "tx_from")
    rows = []
    for item in items:
        group_id, number = group_ids[item.group], item.subscriber_number
        token = work.vault.tokens.family(number)[0]
        cipher = work.vault.fields.seal(number, cells.later_number(group_id, token))
        rows.append((item.contract, group_id, cipher, cipher.partition(":")[0], token, mask_key(number), work.tx))
    _add_named(work, contract_number, names, fit_rows(contract_number, names, rows))


def _contract_row(work: _Work, item: NewContract, group_id: int) -> tuple[Any, ...]:
    number = item.subscriber_number
    token = work.vault.tokens.family(number)[0]
    cipher = work.vault.fields.seal(number, cells.subscriber(group_id, token))
    return work.ids[item.id], group_id, cipher, cipher.partition(":")[0], token, mask_key(number), work.tx


def _add_enrollees(work: _Work, items: Sequence[NewEnrollee]) -> None:
    work.give(enrollee, items)
    names = ("id", "contract_id", "person_id", "relationship", "tx_from")
    rows = [
        (work.ids[item.id], work.row(item.contract), work.row(item.person), item.relationship, work.tx)
        for item in items
    ]
    add(work.conn, enrollee, names, fit_rows(enrollee, names, rows))


def _add_spans(work: _Work, places: Collection[Assignment], spans: Collection[Coverage]) -> None:
    """Add assignments and coverages, then look at every one of the contracts and enrollees they touch."""
    rows = [(work.row(item.contract), item.subgroup, *_span(work, item)) for item in places]
    _add_named(work, assignment, ("contract_id", "subgroup", *_SPAN), rows)
    _no_overlap(work, assignment, "contract_id", {row[0] for row in rows})
    covers = [
        (work.row(item.enrollee), item.line, item.plan, item.tier, item.end_reason, *_span(work, item))
        for item in spans
    ]
    _add_named(work, coverage, ("enrollee_id", "line", "plan", "tier", "end_reason", *_SPAN), covers)
    _no_overlap(work, coverage, "enrollee_id", {row[0] for row in covers}, "line")


def _add_cobra(work: _Work, items: Collection[CobraFact]) -> None:
    rows = [(work.row(item.contract), work.row(item.person), item.event, *_span(work, item)) for item in items]
    _add_named(work, cobra, ("contract_id", "person_id", "event", *_SPAN), rows)


def _add_told(work: _Work, items: Collection[NewTold], moves: Collection[CarriedOver]) -> None:
    cipher = work.vault.fields
    known_now = {work.row(item.enrollee): item.facts for item in items}
    told.write(work.conn, work.tx, cipher, known_now, [item.enrollee for item in items if item.enrollee > 0])
    told.carry_over(work.conn, work.tx, cipher, [(item.enrollee, work.row(item.to)) for item in moves])


def _span(work: _Work, item: Assignment | Coverage | CobraFact) -> tuple[date, date, int]:
    return item.span.begin, item.span.end, work.tx


def _no_overlap(work: _Work, table: Table, owner: str, ids: Collection[int], *same: str) -> None:
    """Raise BrokenRoster when two known spans of one owner (and line) share a day. Only row ids are named."""
    if not ids:
        return
    span = table.c
    before = func.lag(span.end_date).over(
        partition_by=[span[name] for name in (owner, *same)], order_by=[span.begin_date, span.end_date]
    )  # a join with itself is planned badly by PostgreSQL, which knows nothing yet of rows of this transaction
    spans = select(span[owner], span.begin_date, before.label("before"))
    spans = spans.where(among(work.conn, span[owner], ids), known(table))
    each = spans.subquery().c
    broken = sorted(set(work.conn.scalars(select(each[owner]).where(each.before >= each.begin_date).limit(5))))
    if broken:
        raise BrokenRoster(f"overlapping {table.name} spans of {owner} {broken}")


# Kill points (tests/support/kill.py): a run may end before or after each.
RECEIVE_STEPS = (apply,)
