"""The roster read in bulk: what deciding, billing and reports need (docs/design.md, Nouns of the roster).

Only what is still known; with `then` what was known when that step had committed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from sys import intern
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    not_,
    select,
)

from model.agreement.grants import Reach
from model.enrollment.events import Name
from model.enrollment.roster import (
    Assignment,
    CobraFact,
    Contract,
    Coverage,
    Enrollee,
    Person,
    RosterLine,
    Snapshot,
    pieces,
)
from model.timeline import Span, Then
from store.bulk import among
from store.people import aliases, leavers, numbers, persons
from store.people.leavers import NOBODY_LEFT, Left
from store.tables import (
    assignment,
    cobra,
    contract,
    coverage,
    employer_group,
    enrollee,
    person,
    person_alias,
    person_facts,
    person_ssn,
    tx,
)
from store.then import known, recorded

ROWS_A_READ = 5_000

# Which contracts: the condition on a column that holds their ids.
Chosen = Callable[[Column[Any]], ColumnElement[bool]]


def snapshot(
    conn: Connection,
    group_ids: Mapping[str, int],
    family_tokens: Sequence[str],
    ssn_tokens: Sequence[str],
    member_ids: Sequence[str],
    *,
    granted: Mapping[int, Reach] | None = None,
    left: Left = NOBODY_LEFT,
    today: date = date.min,
) -> Snapshot:
    """Return what may be seen of the families and people named, for one chunk of events, in ten queries.

    `group_ids` are the groups that the events are about (number -> row id): families, and contracts of member IDs
    and SSNs, come from these only. `granted` are all groups of the sender (row id -> how much of it; none given:
    the former, whole): people by SSN token are those of these groups and of no other, so that nobody is found
    through somebody else's file (docs/domain.md, One person in two groups). Of other places that a person stands
    in `today` or later, only that there is one comes along (`elsewhere`). `left`: what records say of the families
    that people left; of those in other granted groups the people come along. Tokens are those under every
    live key.
    """
    groups = {row_id: number for number, row_id in group_ids.items()}
    reaches = granted if granted is not None else dict.fromkeys(groups, Reach(whole=True))
    in_groups = among(conn, contract.c.group_id, groups.keys())
    by_ssn = _by_ssn(conn, ssn_tokens, reaches)
    known_by_ssn = {person.member_id for people in by_ssn.values() for person in people}
    of_member = _contracts_of_members(conn, in_groups, sorted({*member_ids, *known_by_ssn}))
    wanted = {row_id for ids in of_member.values() for row_id in ids}
    by_token = select(contract.c.id).where(in_groups, among(conn, contract.c.number_token, family_tokens))
    wanted.update(conn.scalars(by_token.union(_by_later_number(conn, in_groups, family_tokens))))
    contracts = _contracts(conn, lambda column: among(conn, column, wanted), groups)
    people = {e.person.id for contract in contracts.values() for e in contract.enrollees}
    people |= {holder.id for named in by_ssn.values() for holder in named}
    gone = leavers.of(
        conn, [ident for ident, reach in reaches.items() if reach.whole and ident not in groups], left
    )
    people |= {leaver.id for named in gone.values() for leaver in named}
    return Snapshot(
        contracts={
            (contract.group, token): contract for contract in contracts.values() for token in contract.tokens
        },
        by_member_id={member: tuple(contracts[i] for i in ids) for member, ids in of_member.items()},
        by_ssn=by_ssn,
        elsewhere=_elsewhere(conn, people, reaches, today),
        left=gone,
    )


def _by_later_number(conn: Connection, in_groups: ColumnElement[bool], tokens: Sequence[str]) -> Select[Any]:
    """Select the contracts that answer to these tokens by a number that followed their first one."""
    return select(contract.c.id).where(in_groups, contract.c.id.in_(numbers.with_tokens(conn, tokens)))


def _elsewhere(
    conn: Connection, people: Collection[int], reaches: Mapping[int, Reach], today: date
) -> dict[int, frozenset[int]]:
    """Return which contracts (row ids) of these people stand outside of what the sender was granted."""
    whole = [row_id for row_id, reach in reaches.items() if reach.whole]
    query = (
        select(enrollee.c.person_id, contract.c.id, contract.c.group_id, assignment.c.subgroup)
        .join_from(enrollee, contract, contract.c.id == enrollee.c.contract_id)
        .outerjoin(
            assignment,
            and_(assignment.c.contract_id == contract.c.id, known(assignment), assignment.c.end_date >= today),
        )
        .where(known(enrollee), among(conn, enrollee.c.person_id, people))
        .where(not_(among(conn, contract.c.group_id, whole)))
    )
    found: dict[int, set[int]] = defaultdict(set)
    inside: set[int] = set()
    for row in conn.execute(query):
        found[row.person_id].add(row.id)
        if reaches.get(row.group_id, Reach()).covers(row.subgroup or ""):
            inside.add(row.id)
    return {person: frozenset(ids - inside) for person, ids in found.items() if ids - inside}


def _contracts_of_members(
    conn: Connection, in_groups: ColumnElement[bool], member_ids: Sequence[str]
) -> dict[str, list[int]]:
    query = (
        select(person.c.member_id, contract.c.id)
        .join_from(person, enrollee, enrollee.c.person_id == person.c.id)
        .join(contract, contract.c.id == enrollee.c.contract_id)
        .where(known(enrollee), in_groups, among(conn, person.c.member_id, member_ids))
        .order_by(contract.c.id)
    )
    found: dict[str, list[int]] = defaultdict(list)
    for member_id, contract_id in conn.execute(query):
        found[member_id].append(contract_id)
    return found


def _contracts(
    conn: Connection, chosen: Chosen, groups: Mapping[int, str], then: Then | None = None, *, brief: bool = False
) -> dict[int, Contract]:
    """Read whole contracts, in order of id: people, coverages past and future, places, COBRA. Six queries.

    `brief`: of people only member ID, last and first name, and birth.
    """
    assignments = _assignments(conn, chosen, then)
    enrollees = _enrollees(conn, chosen, then, brief=brief)
    facts_of = _cobra(conn, chosen, then)
    later = numbers.of(conn, chosen, then)
    query = select(contract.c.id, contract.c.group_id, contract.c.number_token, contract.c.masked)
    which = (chosen(contract.c.id), recorded(contract.c.tx_from, then))
    return {
        ident: Contract(
            ident,
            groups[group_id],
            (token, *(other for other, _ in later.get(ident, ()))),
            later[ident][-1][1] if ident in later else masked,
            tuple(enrollees.get(ident, ())),
            tuple(assignments.get(ident, ())),
            tuple(facts_of.get(ident, ())),
        )
        for ident, group_id, token, masked in conn.execute(query.where(*which).order_by(contract.c.id)).all()
    }


def _assignments(conn: Connection, chosen: Chosen, then: Then | None) -> dict[int, list[Assignment]]:
    names = ("id", "contract_id", "subgroup", "begin_date", "end_date")
    query = select(*(assignment.c[name] for name in names))
    query = query.where(chosen(assignment.c.contract_id), known(assignment, then))
    found: dict[int, list[Assignment]] = defaultdict(list)
    rows = conn.execute(query.order_by(assignment.c.begin_date, assignment.c.id)).all()
    for ident, contract_id, subgroup, begin, end in rows:
        found[contract_id].append(Assignment(ident, contract_id, subgroup, Span(begin, end)))
    return found


def _cobra(conn: Connection, chosen: Chosen, then: Then | None) -> dict[int, list[CobraFact]]:
    # Of whom a merge made another one it is that one's, told on the day on which it was.
    merged = and_(person_alias.c.member_id == person.c.member_id, known(person_alias, then))
    who = func.coalesce(person_alias.c.person_id, cobra.c.person_id).label("who")
    query = select(cobra, tx.c.at, who).join(tx, tx.c.id == cobra.c.tx_from)
    query = query.outerjoin(person, person.c.id == cobra.c.person_id).outerjoin(person_alias, merged)
    query = query.where(chosen(cobra.c.contract_id), known(cobra, then)).order_by(cobra.c.id)
    found: dict[int, list[CobraFact]] = defaultdict(list)
    for row in conn.execute(query):
        span = Span(row.begin_date, row.end_date)
        found[row.contract_id].append(CobraFact(row.id, row.contract_id, row.who, row.event, span, row.at.date()))
    return found


def _enrollees(conn: Connection, chosen: Chosen, then: Then | None, *, brief: bool) -> dict[int, list[Enrollee]]:
    # Each code is one text, however many rows have it: charges keep them for a whole group.
    names = ("id", "enrollee_id", "line", "plan", "tier", "begin_date", "end_date", "end_reason")
    spans_of = _covered(chosen, then).with_only_columns(*(coverage.c[name] for name in names))
    coverages: dict[int, list[Coverage]] = defaultdict(list)
    rows = conn.execute(spans_of.order_by(coverage.c.begin_date, coverage.c.id)).all()
    for ident, enrollee_id, line, plan, tier, begin, end, reason in rows:
        codes = intern(line), intern(plan), intern(tier)
        coverages[enrollee_id].append(Coverage(ident, enrollee_id, *codes, Span(begin, end), intern(reason)))
    more = (enrollee.c.id.label("enrollee_id"), enrollee.c.contract_id, enrollee.c.relationship)
    query = (persons.brief if brief else persons.whole)(then, *more)
    query = query.join(enrollee, enrollee.c.person_id == person.c.id)
    query = query.where(chosen(enrollee.c.contract_id), known(enrollee, then))
    found: dict[int, list[Enrollee]] = defaultdict(list)
    for row in conn.execute(query.order_by(enrollee.c.id)).all():
        spans = tuple(coverages.get(row.enrollee_id, ()))
        who = persons.brief_from(row) if brief else persons.read(row)
        relationship = intern(row.relationship)
        found[row.contract_id].append(Enrollee(row.enrollee_id, row.contract_id, who, relationship, spans))
    return found


def _covered(chosen: Chosen, then: Then | None) -> Select[Any]:
    """Select the known coverages of contracts."""
    query = select(coverage.c.id).join(enrollee, enrollee.c.id == coverage.c.enrollee_id)
    return query.where(chosen(enrollee.c.contract_id), known(coverage, then), known(enrollee, then))


def person_of(conn: Connection, member_id: str, then: Then | None = None) -> Person | None:
    """Return the person of a member ID, or of an alias; None when nobody is known by it."""
    meant = aliases.resolve(conn, member_id, then)
    row = conn.execute(persons.whole(then).where(person.c.member_id == meant)).one_or_none()
    return persons.read(row) if row else None


def person_at(conn: Connection, person_id: int, then: Then | None = None) -> Person | None:
    """Return a person by row id; None where nothing is known of the person then."""
    row = conn.execute(persons.whole(then).where(person.c.id == person_id)).one_or_none()
    return persons.read(row) if row else None


def of_person(conn: Connection, person_id: int, then: Then | None = None) -> tuple[Contract, ...]:
    """Return every contract of any group that a person stands in, whole, in the order added."""
    mine = select(enrollee.c.contract_id).where(enrollee.c.person_id == person_id, known(enrollee, then))
    groups = dict(conn.execute(select(employer_group.c.id, employer_group.c.number)).tuples().all())
    return tuple(_contracts(conn, lambda column: column.in_(mine), groups, then).values())


def _by_ssn(
    conn: Connection, ssn_tokens: Sequence[str], granted: Mapping[int, Reach]
) -> dict[str, tuple[Person, ...]]:
    """Return the people of the groups granted by their SSN token."""
    # Asked of each who has the SSN: as a list SQLite would read everybody of the groups.
    stands = exists().where(enrollee.c.person_id == person.c.id, known(enrollee))
    stands = stands.where(
        contract.c.id == enrollee.c.contract_id, among(conn, contract.c.group_id, granted.keys())
    )
    query = persons.whole(None, without_ssn=False).where(among(conn, person_ssn.c.token, ssn_tokens), stands)
    query = query.order_by(person.c.id)
    found: dict[str, list[Person]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.token].append(persons.read(row))
    return {token: tuple(people) for token, people in found.items()}


def lines(
    conn: Connection,
    group: str,
    *,
    on: date | None = None,
    then: Then | None = None,
    ids: Collection[int] | None = None,
) -> list[RosterLine]:
    """Return a group's coverages flat, by contract and enrollee in the order added, in seven queries.

    A coverage is cut where its contract changes subgroup, so each line lies in one subgroup ("" where no
    subgroup is assigned); spans are inclusive. `on`: only what covers that day; `ids`: only of these contracts.
    """
    chosen = _inside(group) if ids is None else partial(among, conn, values=ids)
    found = families(conn, group, then=then, chosen=chosen)
    opened = _covered(chosen, then).add_columns(tx.c.at).join(tx, tx.c.id == coverage.c.tx_from)
    days = {row.id: row.at.date() for row in conn.execute(opened)}
    return [line for family in found for line in _flat(family, on, days)]


def flat(families: Iterable[Contract]) -> list[RosterLine]:
    """Return the coverages of contracts as `lines` does, without the day on which each was taken in."""
    return [line for family in families for line in _flat(family, None, {})]


def contracts(conn: Connection, group: str, since: date | None = None, then: Then | None = None) -> list[int]:
    """Return the ids of a group's contracts in the order added; `since`: with coverage on that day or later."""
    query = select(contract.c.id).join(employer_group)
    query = query.where(employer_group.c.number == group, recorded(contract.c.tx_from, then))
    if since is not None:
        covered = _covered(lambda column: column == contract.c.id, then).with_only_columns(coverage.c.id)
        query = query.where(covered.where(coverage.c.end_date >= since).correlate(contract).exists())
    return list(conn.scalars(query.order_by(contract.c.id)))


def families(
    conn: Connection, group: str, *, then: Then | None = None, chosen: Chosen | None = None
) -> list[Contract]:
    """Return a group's contracts whole, or some `chosen` of it, in the order added, in six queries.

    Those without any coverage are among them. Unknown group: none.
    """
    group_id = conn.scalar(select(employer_group.c.id).where(employer_group.c.number == group))
    if group_id is None:
        return []
    return list(_contracts(conn, chosen or _inside(group), {group_id: group}, then).values())


def billable(conn: Connection, group: str, ids: Collection[int], then: Then | None = None) -> list[Contract]:
    """Return some of a group's contracts, by id in the order added, with what bills need, in six queries.

    Of people that is member ID, last and first name, and birth.
    """
    group_id = conn.scalars(select(employer_group.c.id).where(employer_group.c.number == group)).one()
    return list(_contracts(conn, partial(among, conn, values=ids), {group_id: group}, then, brief=True).values())


def _inside(group: str) -> Chosen:
    """Choose the contracts of one group."""
    inside = select(contract.c.id).join(employer_group).where(employer_group.c.number == group)
    return lambda column: column.in_(inside)


def _flat(family: Contract, on: date | None, days: Mapping[int, date]) -> Iterator[RosterLine]:
    """Yield a contract's coverages, each with its people and place."""
    first = next((enrollee.person.member_id for enrollee in family.enrollees if enrollee.is_subscriber), "")
    for member in family.enrollees:
        for covered in sorted(member.coverages, key=lambda covered: covered.line):
            for subgroup, span in pieces(covered.span, family.assignments):
                if on is None or span.covers(on):
                    yield RosterLine(
                        group=family.group,
                        subgroup=subgroup,
                        contract=family.id,
                        masked=family.masked,
                        member_id=member.person.member_id,
                        subscriber_member_id=first,
                        person=member.person.id,
                        relationship=member.relationship,
                        demographics=member.person.demographics,
                        line=covered.line,
                        plan=covered.plan,
                        tier=covered.tier,
                        span=span,
                        recorded=days.get(covered.id),
                        cobra=family.cobra,
                    )


def names(conn: Connection, member_ids: Collection[str]) -> dict[str, Name]:
    """Return the names known now of these members, by member ID; an alias has the name of who stays."""
    now = aliases.current(conn, member_ids)
    query = select(person.c.member_id, person_facts.c.last, person_facts.c.first).join(
        person_facts, person_facts.c.person_id == person.c.id
    )
    wanted = {now.get(member_id, member_id) for member_id in member_ids}
    rows = conn.execute(query.where(among(conn, person.c.member_id, wanted), known(person_facts)))
    found = {row.member_id: Name(row.last, row.first) for row in rows}
    return {sent: found[meant] for sent in member_ids if (meant := now.get(sent, sent)) in found}
