"""Who a full file should name and does not: the roster beside what a set's members came to.

Source: docs/domain.md, Absence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    union,
)

from model.enrollment.actions import ADDS, STOPS
from model.enrollment.decision import MEMBER, Disposition, SetState
from model.timeline import OPEN
from model.trade.member import SELF, SPOUSES
from store import bulk
from store.people.roster import ROWS_A_READ
from store.tables import (
    assignment,
    contract,
    contract_number,
    coverage,
    disposition,
    enrollee,
    member_line,
    person,
    transaction_set,
)
from store.then import known


@dataclass(frozen=True, slots=True)
class Due:
    """Which coverage of a group belongs into a full file: `on` that day or later, in these subgroups and lines.

    A family's subgroup is the one that it is in that day, else its next one. None: any.
    """

    group_id: int
    on: date
    subgroups: Collection[str] | None = None
    lines: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A span that a full file does not name. `named`: the person is in it, and only the line is not."""

    contract: int
    masked: str  # subscriber number
    person: int
    member_id: str
    relationship: str
    named: bool
    subgroup: str
    line: str
    plan: str
    tier: str
    begin: date
    end: date  # inclusive
    token: str  # of the family's first number


def missing(conn: Connection, set_id: int, due: Due) -> Iterator[Missing]:
    """Yield what a set lacks, by contract, the subscriber first, and by person, line and first day; in one pass.

    Named is whom a record was matched to, whatever became of it, and each line of which anything came. A record of
    which it is not clear which lines it names, names all, and one without any line those that end already, since
    it may be the end sent again. One that was matched to nobody may be anybody of its kind (subscriber, spouse,
    others) in its family, and stands for all of them. The index holds tokens under the newest key only.
    """
    bulk.hold_lists(conn)
    query = _lacking(set_id, due)
    for row in conn.execute(query.execution_options(yield_per=ROWS_A_READ)):
        yield Missing(
            row.contract,
            row.masked,
            row.person,
            row.member_id,
            row.relationship,
            bool(row.named),
            row.subgroup,
            row.line,
            row.plan,
            row.tier,
            row.begin,
            row.end,
            row.token,
        )


def _lacking(set_id: int, due: Due) -> Select[Any]:
    """Select the spans of the roster that a set does not name."""
    who, which = (person.c.member_id,), (person.c.member_id, coverage.c.line)
    may_be = (contract.c.number_token, _kin(enrollee.c.relationship))
    absent = bulk.none_of(who, _named(set_id))
    goes_on = or_(coverage.c.end_date == OPEN, bulk.none_of(who, _ended(set_id)))
    columns = (
        contract.c.id.label("contract"),
        contract.c.masked,
        enrollee.c.person_id.label("person"),
        person.c.member_id,
        enrollee.c.relationship,
        func.coalesce(assignment.c.subgroup, "").label("subgroup"),
        coverage.c.line,
        coverage.c.plan,
        coverage.c.tier,
        coverage.c.begin_date.label("begin"),
        coverage.c.end_date.label("end"),
        contract.c.number_token.label("token"),
        case((enrollee.c.relationship == SELF, 0), else_=1).label("rank"),
        enrollee.c.id.label("enrollee"),
        case((absent, 0), else_=1).label("named"),
    )
    return (
        _spans(due, *columns)
        .join(person, person.c.id == enrollee.c.person_id)
        .where(
            bulk.none_of(which, _said(set_id)),
            or_(
                and_(absent, bulk.none_of(may_be, _unclear(set_id))),
                and_(~absent, bulk.none_of(who, _vague(set_id)), goes_on),
            ),
        )
        .order_by("contract", "rank", "enrollee", "line", "begin")
    )


def held(conn: Connection, group: str, set_id: int) -> tuple[set[str], set[str]]:
    """Return whom other sets name that are held: member IDs, and of nobody known the tokens of the family."""
    came, sets = disposition.c, transaction_set.c
    query = select(came.member_id, member_line.c.family_token).distinct()
    query = query.join_from(disposition, transaction_set).outerjoin(
        member_line, and_(member_line.c.set_id == came.set_id, member_line.c.number == came.number)
    )
    waits = (sets.state == SetState.HELD, sets.id != set_id, came.group_number == group)
    rows = conn.execute(query.where(*waits, came.disposition == Disposition.HELD)).all()
    return {ident for ident, _ in rows if ident}, {token for ident, token in rows if token and not ident}


def counted(conn: Connection, due: Due) -> dict[str, tuple[int, int, int]]:
    """Return how many subscribers, dependents and lines of theirs are due, by subgroup ("" in none)."""
    bulk.hold_lists(conn)
    lines = func.count(coverage.c.line.distinct()).label("lines")
    place = func.coalesce(assignment.c.subgroup, "").label("subgroup")
    spans = _spans(due, place, enrollee.c.relationship, lines)
    each = spans.group_by(enrollee.c.id, enrollee.c.relationship, assignment.c.subgroup).subquery()
    mine = func.count(case((each.c.relationship == SELF, 1)))
    rows = select(each.c.subgroup, mine, func.count(), func.sum(each.c.lines)).group_by(each.c.subgroup)
    return {subgroup: (own, people - own, int(lines)) for subgroup, own, people, lines in conn.execute(rows)}


def _kin(relationship: ColumnElement[str]) -> ColumnElement[str]:
    """Say whether somebody is a subscriber, a spouse or another dependent."""
    return case((relationship == SELF, "self"), (relationship.in_(sorted(SPOUSES)), "spouse"), else_="other")


def _named(set_id: int) -> Subquery:
    """Select whom a set names."""
    return select(disposition.c.member_id).where(*_of_members(set_id)).subquery()


def _vague(set_id: int) -> Subquery:
    """Select of whom some record of a set does not say which lines it names."""
    came = disposition.c
    stopped = or_(came.disposition.in_((Disposition.REJECTED, Disposition.PENDED)), _begins(came.action, STOPS))
    rows = select(came.member_id).where(*_of_members(set_id), came.line == "", or_(came.coverage > 0, stopped))
    return rows.subquery()


def _ended(set_id: int) -> Subquery:
    """Select of whom a set ends all lines, or may: by no HD, so that of lines that end already nothing comes."""
    came = disposition.c
    rows = select(came.member_id).where(*_of_members(set_id)).group_by(came.member_id)
    by_no_hd = func.max(case((and_(came.coverage == MEMBER, came.line != ""), 1), else_=0))
    return rows.having(or_(func.max(came.line) == "", by_no_hd == 1)).subquery()


def _said(set_id: int) -> Subquery:
    """Select which lines of whom a set names."""
    came = disposition.c
    return select(came.member_id, came.line).where(*_of_members(set_id), came.line != "").subquery()


def _of_members(set_id: int) -> tuple[ColumnElement[bool], ...]:
    """Say which of the dispositions are of a set's records about somebody known; ends by absence have none."""
    return disposition.c.set_id == set_id, disposition.c.member_id != "", disposition.c.number > 0


def _unclear(set_id: int) -> Subquery:
    """Select the kind and family of each record that was matched to nobody whom we know.

    Of a set that is held or only compared, whoever would be added is somebody new, and no such record. The family
    is that of the number, by its first one though the record names one that followed; and that whose subscriber
    the set has under the same number, which then waits to be the family's.
    """
    mine = _of_nobody(set_id)
    first = contract.alias("first")
    later = and_(known(contract_number), contract_number.c.number_token == mine.c.token)
    number = func.coalesce(first.c.number_token, mine.c.token).label("number")
    named = select(number, mine.c.kin).select_from(mine).outerjoin(contract_number, later)
    named = named.outerjoin(first, first.c.id == contract_number.c.contract_id)

    sent, its = member_line.c, disposition.c
    family = and_(sent.set_id == set_id, sent.family_token == mine.c.token)
    beside = select(sent.number, mine.c.kin).select_from(mine).join(member_line, family).distinct().subquery()
    matched = and_(its.set_id == set_id, its.number == beside.c.number)
    subscribes = and_(enrollee.c.person_id == person.c.id, enrollee.c.relationship == SELF, known(enrollee))
    waits = select(contract.c.number_token.label("number"), beside.c.kin).select_from(beside)
    waits = waits.join(disposition, matched).join(person, person.c.member_id == its.member_id)
    waits = waits.join(enrollee, subscribes).join(contract, contract.c.id == enrollee.c.contract_id)
    waits = waits.where(its.relationship == SELF, its.member_id != "")
    return union(named, waits).subquery()


def _begins(action: ColumnElement[str], texts: Collection[str]) -> ColumnElement[bool]:
    """Say whether what came of a line, also of a set that is held or only compared, is of these kinds."""
    return or_(*(action.startswith(text, autoescape=True) for text in texts))


def _of_nobody(set_id: int) -> Subquery:
    """Select the token of the number, and the kind, of each record that was matched to nobody and adds nobody."""
    came, sent, new = disposition.c, member_line.c, disposition.alias("new").c
    same = and_(sent.set_id == came.set_id, sent.number == came.number)
    is_new = exists().where(new.set_id == came.set_id, new.number == came.number, _begins(new.action, ADDS))
    rows = select(sent.family_token.label("token"), _kin(came.relationship).label("kin"))
    rows = rows.join_from(disposition, member_line, same)
    rows = rows.where(came.set_id == set_id, came.member_id == "", sent.family_token != "", ~is_new)
    return rows.distinct().subquery()


def _spans(due: Due, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select of the spans that are due, each with its family's subgroup."""
    earlier = assignment.alias("earlier")
    before = (
        known(earlier),
        earlier.c.contract_id == assignment.c.contract_id,
        earlier.c.end_date >= due.on,
        earlier.c.begin_date < assignment.c.begin_date,
    )
    here = and_(
        assignment.c.contract_id == contract.c.id,
        known(assignment),
        assignment.c.end_date >= due.on,
        ~exists().where(*before),
    )
    query = (
        select(*columns)
        .select_from(contract)
        .join(enrollee, enrollee.c.contract_id == contract.c.id)
        .join(coverage, coverage.c.enrollee_id == enrollee.c.id)
        .outerjoin(assignment, here)
        .where(
            contract.c.group_id == due.group_id, known(enrollee), known(coverage), coverage.c.end_date >= due.on
        )
    )
    query = query if due.lines is None else query.where(coverage.c.line.in_(due.lines))
    return query if due.subgroups is None else query.where(assignment.c.subgroup.in_(due.subgroups))
