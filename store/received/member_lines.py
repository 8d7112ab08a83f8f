"""The member lines of a set: the index by which they are read again, and what became of each.

The index holds tokens and byte ranges, no values (docs/design.md, Four steps). Dispositions are never changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    case,
    distinct,
    exists,
    func,
    or_,
    select,
    union_all,
)

from model.enrollment.actions import UNDOES, Action
from model.enrollment.decision import MEMBER, Decision, Disposition
from model.exchange import MemberLine
from model.quick import quick
from store import bulk, tables
from store.dialects.base import Rows
from store.tables.base import fit_rows
from vault.ssn import mask_key

LARGE = 100_000  # member lines
_HEX = "0123456789abcdef"
_LINE = MemberLine.__slots__
_INDEX = tables.member_line.c
_GROUPS_SENT = select(distinct(_INDEX.group_ref)).where(_INDEX.set_id == bindparam("set"))
_COLUMNS = tuple(_INDEX[name] for name in _LINE)
_values = attrgetter(*_LINE)
_CAME = (
    *("set_id", "tx", "round", "number", "coverage", "group_number", "subgroup", "subscriber", "member_id"),
    *("relationship", "line", "plan", "disposition", "cause", "action"),
)
_OWN = slice(_CAME.index("number"), -1)  # of a row for `add_dispositions`: what a DispositionRow has
_recorded = attrgetter(*_CAME[_OWN])
number_of = itemgetter(_CAME.index("number"))  # of a row for `add_dispositions`


@dataclass(frozen=True, slots=True)
class DispositionRow:
    """What became of one member and line, as it was recorded. No names: those are re-read from the file."""

    number: int  # member line
    coverage: int  # HD loop within it, 0 = the member level
    group_number: str
    subgroup: str
    subscriber: str  # masked
    member_id: str
    relationship: str
    line: str
    plan: str
    disposition: str
    cause: str
    action: Action | None


disposition_row, _line = quick(DispositionRow), quick(MemberLine)


# --- the index -------------------------------------------------------------------------------------------


def add(conn: Connection, set_id: int, lines: Sequence[MemberLine]) -> None:
    """Add to a set's member index, in bulk."""
    if lines:
        names = ("set_id", *_LINE)
        rows = [(set_id, *_values(line)) for line in lines]
        bulk.add(conn, tables.member_line, names, fit_rows(tables.member_line, names, rows))


def subscribers_above(conn: Connection, set_id: int, numbers: Collection[int]) -> dict[int, int]:
    """Return where the nearest subscriber's record before each line stands: its segment, in a census its row."""
    above = tables.member_line.alias("above")
    before = and_(above.c.set_id == set_id, above.c.is_subscriber, above.c.number < _INDEX.number)
    nearest = select(above.c.segment).where(before).order_by(above.c.number.desc()).limit(1).scalar_subquery()
    rows = select(_INDEX.number, nearest).where(_INDEX.set_id == set_id, bulk.among(conn, _INDEX.number, numbers))
    return {number: segment for number, segment in conn.execute(rows) if segment is not None}


def complete(conn: Connection, count: int) -> None:
    """Let the database's planner know of a set's lines once they are all there."""
    bulk.refresh_statistics(conn, tables.member_line, count)


def lines(conn: Connection, set_id: int, after: int = 0, most: int | None = None) -> list[MemberLine]:
    """Return a set's member index in file order; of the lines above a number the first so many."""
    of_set = select(*_COLUMNS).where(_INDEX.set_id == set_id, _INDEX.number > after)
    return [MemberLine(*row) for row in conn.execute(of_set.order_by(_INDEX.number).limit(most))]


def chunks(conn: Connection, set_id: int, families: int, size: int) -> Iterator[list[MemberLine]]:
    """Yield a set's member lines in chunks of whole families, in the order of each family's first line.

    Of a family the subscriber comes first, then the others in file order. A chunk ends with the family that makes
    it full: so many families, or so many bytes of member loops. No more than one chunk is in memory.
    """
    place = {"of_set": set_id, "above": 0, "most": families}
    while heads := conn.execute(_heads(), place).all():
        taken, weight = [], 0
        for head in heads:
            taken.append(head)
            weight += head.size
            if weight >= size:
                break
        yield _members(conn, set_id, taken)
        place["above"] = taken[-1].number


@cache
def _heads() -> Select[Any]:
    """Select the first lines, above a number, of the next families, each with the bytes of all of its family's."""
    earlier, relative = tables.member_line.alias("earlier"), tables.member_line.alias("relative")
    of_set = bindparam("of_set", type_=Integer)
    same = and_(earlier.c.set_id == of_set, earlier.c.family_token == _INDEX.family_token)
    is_first = ~exists().where(same, earlier.c.number < _INDEX.number)
    whole = select(func.sum(relative.c.end - relative.c.start)).where(
        relative.c.set_id == of_set, relative.c.family_token == _INDEX.family_token
    )
    size = case((_INDEX.family_token == "", _INDEX.end - _INDEX.start), else_=whole.scalar_subquery())
    rows = select(_INDEX.number, _INDEX.family_token, size.label("size")).where(
        _INDEX.set_id == of_set, _INDEX.number > bindparam("above"), or_(_INDEX.family_token == "", is_first)
    )
    return rows.order_by(_INDEX.number).limit(bindparam("most"))


def _members(conn: Connection, set_id: int, heads: Sequence[Row[Any]]) -> list[MemberLine]:
    """Return the lines of whole families. A line whose family has no number is one by itself."""
    named = bulk.among(conn, _INDEX.family_token, [head.family_token for head in heads if head.family_token])
    single = bulk.among(conn, _INDEX.number, [head.number for head in heads if not head.family_token])
    of_set = select(*_COLUMNS).where(_INDEX.set_id == set_id)
    rows = union_all(of_set.where(named), of_set.where(single))  # for an OR, SQLite reads the whole set
    return by_family(sorted((_line(*row) for row in conn.execute(rows).all()), key=attrgetter("number")))


def by_family(lines: Sequence[MemberLine]) -> list[MemberLine]:
    """Return lines that are in file order as chunks have them: family by family, of each the subscriber first."""
    first: dict[str | int, int] = {}
    for line in lines:
        first.setdefault(line.family_token or line.number, line.number)
    return sorted(lines, key=lambda line: (first[line.family_token or line.number], not line.is_subscriber))


def chosen(conn: Connection, set_id: int, numbers: Collection[int]) -> list[MemberLine]:
    """Return the member lines of a set that have these numbers, in file order."""
    mine = select(*_COLUMNS).where(_INDEX.set_id == set_id, bulk.among(conn, _INDEX.number, numbers))
    return [_line(*row) for row in conn.execute(mine.order_by(_INDEX.number)).all()]


def first_start(conn: Connection, set_id: int) -> int | None:
    """Return the byte offset at which a set's first member loop begins; None where it has none."""
    start: int | None = conn.scalar(select(func.min(_INDEX.start)).where(_INDEX.set_id == set_id))
    return start


def families_sent(
    conn: Connection, set_ids: Collection[int], family_tokens: Collection[str]
) -> set[tuple[int, str]]:
    """Return which of these sets has a record of which of these families: (set, token)."""
    mine = (bulk.among(conn, _INDEX.set_id, set_ids), bulk.among(conn, _INDEX.family_token, family_tokens))
    return set(conn.execute(select(_INDEX.set_id, _INDEX.family_token).where(*mine).distinct()).tuples())


def groups_sent(conn: Connection, set_id: int) -> list[str]:
    """Return the distinct groups that a set's members name, as sent."""
    return sorted(conn.scalars(_GROUPS_SENT, {"set": set_id}))


def duplicate_ssn_tokens(conn: Connection, set_id: int) -> list[str]:
    """Return the SSN tokens under which the set sends more than one person (first name and birth date).

    Of a large set by the first digit of the token: SQLite sorts what it groups in memory.
    """
    rows = select(_INDEX.ssn_token).where(_INDEX.set_id == set_id, _INDEX.ssn_token != "")
    several = func.min(_INDEX.person_token) != func.max(_INDEX.person_token)
    rows = rows.group_by(_INDEX.ssn_token).having(several)
    last = conn.scalar(select(func.max(_INDEX.number)).where(_INDEX.set_id == set_id)) or 0
    parts = (
        [rows] if last < LARGE else [rows.where(func.substr(_INDEX.ssn_token, 1, 1) == digit) for digit in _HEX]
    )
    return sorted(token for part in parts for token in conn.scalars(part))


def subscribers_ssn_tokens(conn: Connection, set_id: int, tokens: Collection[str]) -> list[str]:
    """Return those of these SSN tokens that the set sends for one family alone, its subscriber among them."""
    rows = select(_INDEX.ssn_token).where(
        _INDEX.set_id == set_id, bulk.among(conn, _INDEX.ssn_token, list(tokens))
    )
    own = case((_INDEX.is_subscriber, _INDEX.person_token))
    alone = func.min(_INDEX.family_token) == func.max(_INDEX.family_token)
    rows = rows.group_by(_INDEX.ssn_token).having(
        alone, func.min(_INDEX.family_token) != "", func.min(own) == func.max(own)
    )
    return sorted(conn.scalars(rows)) if tokens else []


def ssn_segments(conn: Connection, set_id: int, tokens: Collection[str]) -> dict[str, list[int]]:
    """Return where the members stand that the set sends under each of these SSN tokens: segments, or rows."""
    found: dict[str, list[int]] = {}
    which = bulk.among(conn, _INDEX.ssn_token, list(tokens))
    rows = select(_INDEX.ssn_token, _INDEX.segment).where(_INDEX.set_id == set_id, which)
    for token, segment in conn.execute(rows.order_by(_INDEX.number)) if tokens else ():
        found.setdefault(token, []).append(segment)
    return found


# --- what became of them ---------------------------------------------------------------------------------


def disposition_rows(
    set_id: int, tx: int, decisions: Iterable[Decision], instead: Disposition | None = None, round: int = 0
) -> Rows:
    """Return what became of each member and line, for `add_dispositions`, decision by decision.

    `instead`: of all the same, since nothing is applied. A decision without lines has a row all the same, so that
    no member is ever missing. `round`: of people's decisions on the set, 0 for none.
    """
    rows = [
        (
            set_id,
            tx,
            round,
            decision.event.number,
            number,
            decision.group,
            decision.subgroup,
            mask_key(decision.event.subscriber_number),
            decision.member_id,
            decision.event.relationship,
            line,
            plan,
            (instead or disposition).value,
            decision.cause.value,
            action,
        )
        for decision in decisions
        for number, line, plan, disposition, action in _decided_lines(decision)
    ]
    return fit_rows(tables.disposition, _CAME, rows)


def recorded(decisions: Sequence[Decision], rows: Rows) -> list[tuple[Decision, list[DispositionRow]]]:
    """Return each decision with the rows that `disposition_rows` made of it, as they will be read again."""
    following, found = iter(rows), []
    for decision in decisions:
        actions: list[Action | None] = [line.action for line in decision.lines] or [None]
        found.append((decision, [disposition_row(*(*next(following)[_OWN], action)) for action in actions]))
    return found


def repeated_rows(set_id: int, tx: int, rows: Iterable[DispositionRow], round: int = 0) -> list[tuple[Any, ...]]:
    """Return what became of lines, as it was recorded of another set, for `add_dispositions`."""
    return [(set_id, tx, round, *_recorded(row), row.action.text if row.action else "") for row in rows]


def _decided_lines(decision: Decision) -> Iterable[tuple[int, str, str, Disposition, str]]:
    if not decision.lines:
        return [(MEMBER, "", "", decision.disposition, "")]
    return [(line.number, line.line, line.plan, line.disposition, line.action.text) for line in decision.lines]


def add_dispositions(conn: Connection, rows: Rows) -> None:
    """Record what became of members and lines, in bulk."""
    if rows:
        bulk.add(conn, tables.disposition, _CAME, rows)


@cache
def stands() -> ColumnElement[bool]:
    """Return the condition that a disposition, joined with its set, is what its line came to in the end.

    A set on which nobody decided (`rounds` 0) costs nothing for it. What was held is over once the set is decided;
    what waited, once a later round came to anything on the same coverage of the member line; what was carried out,
    once a person took it back.
    """
    came, sets, later = tables.disposition.c, tables.transaction_set.c, tables.disposition.alias("later").c
    same = and_(later.set_id == came.set_id, later.number == came.number, later.coverage == came.coverage)
    answered = exists().where(same, later.round > came.round)
    waits = and_(came.disposition == Disposition.PENDED, ~answered)
    done = and_(came.disposition.not_in((Disposition.HELD, Disposition.PENDED)), ~is_undone_by())
    return or_(sets.rounds == 0, done, waits)


@cache
def is_undone_by() -> ColumnElement[bool]:
    """Return the condition that a later round took back what a line had come to, or did it again."""
    came, taken = tables.disposition.c, tables.disposition.alias("taken").c
    same = [taken[name] == came[name] for name in ("set_id", "number", "coverage", "member_id", "line")]
    return exists().where(*same, taken.round > came.round, undoes(taken.action)).correlate(tables.disposition)


def undoes(action: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that an action is an undo's: what had been done was taken back, or done again."""
    return or_(*(action.startswith(text, autoescape=True) for text in UNDOES))


def waiting(conn: Connection, set_id: int, number: int | None = None) -> list[tuple[int, int]]:
    """Return which coverages of a set's member lines still wait: (member line, coverage), in file order.

    `number`: only of this member line.
    """
    came = tables.disposition.c
    rows = select(came.number, came.coverage).join(tables.transaction_set).where(came.set_id == set_id, stands())
    rows = rows.where(came.disposition.in_((Disposition.PENDED, Disposition.HELD)))
    if number is not None:
        rows = rows.where(came.number == number)
    return list(conn.execute(rows.distinct().order_by(came.number, came.coverage)).tuples())


def are_decided(conn: Connection, set_id: int) -> bool:
    """Say whether it is recorded what became of a set's members."""
    came = tables.disposition.c
    return conn.scalar(select(came.id).where(came.set_id == set_id).limit(1)) is not None


def kinds(conn: Connection, set_ids: Collection[int]) -> dict[Disposition, int]:
    """Return how many member lines of these sets came to what, those too that were pruned."""
    by_set = kinds_by_set(conn, bulk.among(conn, tables.transaction_set.c.id, set_ids)).values()
    sums = {kind: sum(of_set.get(kind, 0) for of_set in by_set) for kind in Disposition}
    return {kind: count for kind, count in sums.items() if count}


def kinds_by_set(conn: Connection, which: ColumnElement[bool]) -> dict[int, dict[Disposition, int]]:
    """Return how many member lines of each set came to what, those too that were pruned.

    `which`: the condition on the sets; one without any is not there. Counted set by set in an index's order: to
    group by what they came to is to sort them all.
    """
    found: dict[int, dict[Disposition, int]] = {}
    for set_id, pruned, *counts in conn.execute(_counts().where(which)):
        of_set = dict(zip(Disposition, counts, strict=True))
        of_set[Disposition.NOOP] += pruned
        if counted := {kind: count for kind, count in of_set.items() if count}:
            found[set_id] = counted
    return found


@cache
def _counts() -> Select[Any]:
    came, sets = tables.disposition.c, tables.transaction_set.c
    each = [func.count(case((came.disposition == kind.value, 1))) for kind in Disposition]
    own = and_(came.set_id == sets.id, stands())
    query = select(sets.id, sets.pruned, *each).group_by(sets.id).order_by(sets.id)
    return query.join_from(tables.transaction_set, tables.disposition, own, isouter=True)


def kinds_of_round(conn: Connection, set_id: int, round: int) -> dict[str, int]:
    """Return how many lines a round of decisions on a set came to what."""
    came = tables.disposition.c
    counted = select(came.disposition, func.count()).where(came.set_id == set_id, came.round == round)
    return dict(conn.execute(counted.group_by(came.disposition)).tuples().all())


def groups_decided(conn: Connection, set_ids: Collection[int]) -> set[str]:
    """Return the groups of the member lines that these sets came to."""
    came = tables.disposition.c
    return set(conn.scalars(select(came.group_number).where(bulk.among(conn, came.set_id, set_ids)).distinct()))


def dispositions(conn: Connection, set_id: int, numbers: tuple[int, int] | None = None) -> list[DispositionRow]:
    """Return what became of each member and line of a set, in file order.

    `numbers`: only of the member lines from one number to another, both inclusive.
    """
    came = tables.disposition.c
    which = [stands()] if numbers is None else [stands(), came.number.between(*numbers)]
    return _dispositions(conn, set_id, which)


def held(conn: Connection, set_id: int, numbers: Collection[int]) -> list[DispositionRow]:
    """Return what these member lines of a set came to when it was held."""
    came = tables.disposition.c
    return _dispositions(
        conn, set_id, [bulk.among(conn, came.number, numbers), came.disposition == Disposition.HELD]
    )


def _dispositions(conn: Connection, set_id: int, which: Iterable[ColumnElement[bool]]) -> list[DispositionRow]:
    came = tables.disposition.c
    rows = select(*(came[name] for name in DispositionRow.__slots__)).join(tables.transaction_set)
    rows = rows.where(came.set_id == set_id, *which).order_by(came.number, came.id)
    return [DispositionRow(*(*row[:-1], Action.read(row[-1]))) for row in conn.execute(rows)]
