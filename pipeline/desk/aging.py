"""Children who reach the age limit: the night works it out, tells the group's partners, and fixes the end.

No end runs before its notice is as old as agreed, also after an outage: it is counted from the notice's own day. A
child with a proof of disability (INS10 = Y) is exempt. Where nobody may be told, nobody's coverage ends.

Source: docs/domain.md, Age limits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from model.agreement.age_off import last_covered
from model.agreement.terms import Terms
from model.codes import CODES
from model.desk import ItemKind, Waiting
from model.documents import keys
from model.documents.keys import DocumentKind
from model.documents.notice import NoticeOf, NoticeRow
from model.enrollment.roster import ChangeSet, Closed, Contract, Coverage, Enrollee, pieces
from model.journal import InputKind, Purpose
from model.timeline import Month, Span, years_after
from model.trade.kept import Kept
from model.trade.maintenance import EndReason
from model.trade.member import CHILDREN, YES
from pipeline.desk import notices
from pipeline.desk.watch import OFFER
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from store import agreements, guards
from store.desk import items
from store.desk.items import Step
from store.engine import Connection
from store.people import commit, reached, told
from store.received import outbox

_LOOKED_BACK = timedelta(days=31)  # an end that passed longer ago is a person's to take back


@dataclass(frozen=True, slots=True)
class _Aged:
    """One coverage of a child that ends by age, and its last day."""

    family: Contract
    child: Enrollee
    coverage: Coverage
    subgroup: str
    end: date


@dataclass(frozen=True, slots=True)
class Past:
    """A child's coverage beyond the age limit, whose last day is over. Row ids of person and contract."""

    member_id: str
    person: int
    contract: int
    line: str
    last: date


def due(ws: Workspace, conn: Connection, group: str, now: datetime) -> bool:
    """Say whether any child of a group is to be told of."""
    return any(True for _ in _aged(ws, conn, group, local_day(conn, now)))


def run(ws: Workspace, group: str, now: datetime) -> None:
    """Tell of the children of a group who reach the age limit, and fix their ends; nothing where nobody does."""

    def work(conn: Connection) -> None:
        today = local_day(conn, now)
        aged = list(_aged(ws, conn, group, today))
        terms = agreements.terms(conn, group)
        if not aged or terms is None:
            return
        tx = ws.step(conn, Purpose.AGE_OFF, ws.asked(InputKind.NIGHTLY, now), group=group)
        ids = agreements.group_ids(conn, [group])
        commit.apply(conn, tx, _changes(aged), ids, ws.vault)
        agreements.bump_groups(conn, list(ids.values()))
        notices.owe(ws, conn, tx, terms, NoticeOf.AGE, today, map(_row, aged))
        waiting = {each.subject: each for each in map(_offer, aged)}
        items.add(conn, Step(tx, today), list(waiting.values()))
        items.number(conn, tx)

    ws.database.change(lambda conn: guards.of_groups(conn, [group]), work)


def late(conn: Connection, group: str, now: datetime) -> bool:
    """Say whether an end of a group comes before its notice is as old as agreed."""
    return any(True for _ in _late(conn, group, local_day(conn, now)))


def put_off(ws: Workspace, group: str, now: datetime) -> None:
    """Put off the ends of a group whose notice left late, or has not left by the last day, and tell of them anew.

    An end is so many days after the new notice; one that has passed is taken back: nobody was told in time.
    """

    def work(conn: Connection) -> None:
        today, terms = local_day(conn, now), agreements.terms(conn, group)
        later = list(_late(conn, group, today))
        if not later or terms is None or _told_today(conn, group, today):
            return
        tx = ws.step(conn, Purpose.PUT_OFF, ws.asked(InputKind.NIGHTLY, now), group=group)
        ids = agreements.group_ids(conn, [group])
        commit.apply(conn, tx, _changes(later), ids, ws.vault)
        agreements.bump_groups(conn, list(ids.values()))
        notices.owe(ws, conn, tx, terms, NoticeOf.AGE, today, map(_row, later))

    ws.database.change(lambda conn: guards.of_groups(conn, [group]), work)


def _told_today(conn: Connection, group: str, today: date) -> bool:
    """Say whether a notice of this day is owed already: the next one is of the next day."""
    codes = agreements.partner_codes(conn)
    return any(outbox.is_owed(conn, str(keys.notice(NoticeOf.AGE, group, today, code))) for code in codes)


def _late(conn: Connection, group: str, today: date) -> Iterator[_Aged]:
    """Yield the coverages whose end by age comes before its notice is old enough, each with its new end."""
    terms = agreements.terms(conn, group)
    families = reached.ended_by(conn, group, EndReason.AGE, today - _LOOKED_BACK) if terms else []
    ended = [each for family in families for each in _ended_by_age(family, today - _LOOKED_BACK)]
    since = reached.opened_by(conn, {coverage.id for _, _, coverage in ended}) if ended else {}
    left = outbox.left_at(conn, set(since.values()), DocumentKind.NOTICE) if ended else {}
    for family, child, coverage in ended:
        tx = since[coverage.id]
        *_, (subgroup, _) = pieces(coverage.span, family.assignments)
        days = timedelta(days=_days(terms, subgroup, today)) if terms else timedelta()
        at = left.get(tx)
        if tx in left and (coverage.span.end < local_day(conn, at) + days if at else coverage.span.end <= today):
            yield _Aged(family, child, coverage, subgroup, today + days)


def _ended_by_age(family: Contract, since: date) -> Iterator[tuple[Contract, Enrollee, Coverage]]:
    """Yield the coverages that end by age on a day or later, and after which the child has none of the line."""
    for child in family.enrollees:
        for coverage in child.coverages:
            end = coverage.span.end
            later = any(each.line == coverage.line and each.span.begin > end for each in child.coverages)
            if coverage.end_reason == EndReason.AGE and end >= since and not later:
                yield family, child, coverage


def past(ws: Workspace, conn: Connection, group: str, today: date) -> list[Past]:
    """Return whose limit is over and who goes on without an end: somebody of whom nobody could be told, too."""
    terms = agreements.terms(conn, group)
    if terms is None:
        return []
    found = _without_proof(ws, conn, _reaching(conn, group, terms, today))
    past = []
    for each in found:
        birth = each.child.person.demographics.birth
        last = last_covered(terms, each.subgroup, birth, today) if birth else today
        if last < today:
            who = each.child.person
            past.append(Past(who.member_id, who.id, each.family.id, each.coverage.line, last))
    return past


def _aged(ws: Workspace, conn: Connection, group: str, today: date) -> Iterator[_Aged]:
    """Yield the coverages of children that run beyond the age limit and whose notice is due."""
    terms = agreements.terms(conn, group)
    if terms is None:
        return
    found = _reaching(conn, group, terms, today)
    readers = {each.subgroup: notices.readers(conn, group, today, each.subgroup) for each in found}
    yield from _without_proof(ws, conn, [each for each in found if readers[each.subgroup]])


def _reaching(conn: Connection, group: str, terms: Terms, today: date) -> list[_Aged]:
    families = reached.children(conn, group, _born(terms, today), today)
    return [each for family in families for each in _of_family(family, terms, today)]


def _without_proof(ws: Workspace, conn: Connection, found: list[_Aged]) -> Iterator[_Aged]:
    """Yield those of whom no disability is proved (INS10 = Y)."""
    proofs = told.of_contracts(conn, ws.vault.fields, sorted({each.family.id for each in found}))
    for each in found:
        proof = (fact.value[0] for fact in proofs.get(each.child.id, ()) if fact.kind == Kept.HANDICAPPED)
        if not any(YES in told_by for told_by in proof):
            yield each


def _born(terms: Terms, today: date) -> date:
    """Return the last birth date of a child whose notice may be due; who is born later is too young everywhere."""
    places = {"", *(place.code for place in terms.subgroups), *(each.subgroup for each in terms.overrides)}
    limit = min(terms.switches_on(today, place).child_age_limit for place in places)
    days = max(_days(terms, place, today) for place in places)
    return Month.of(years_after(today + timedelta(days=days), -limit)).last


def _of_family(family: Contract, terms: Terms, today: date) -> Iterator[_Aged]:
    for child in family.enrollees:
        birth = child.person.demographics.birth
        if child.relationship not in CHILDREN or birth is None:
            continue
        for coverage in child.coverages:
            if coverage.span.end <= today:
                continue
            *_, (subgroup, _) = pieces(coverage.span, family.assignments)
            last, days = last_covered(terms, subgroup, birth, today), _days(terms, subgroup, today)
            end = max(last, today + timedelta(days=days))
            if today + timedelta(days=days) >= last and coverage.span.begin <= end < coverage.span.end:
                yield _Aged(family, child, coverage, subgroup, end)


def _days(terms: Terms, subgroup: str, today: date) -> int:
    return terms.switches_on(today, subgroup).age_off_notice_days


def _changes(aged: list[_Aged]) -> ChangeSet:
    opened = [
        replace(each.coverage, id=-number, span=Span(each.coverage.span.begin, each.end), end_reason=EndReason.AGE)
        for number, each in enumerate(aged, 1)
    ]
    return ChangeSet(tuple(opened), tuple(Closed("coverage", each.coverage.id) for each in aged))


def _row(each: _Aged) -> NoticeRow:
    coverage = each.coverage
    who = each.child.person.member_id
    return NoticeRow(each.subgroup, each.family.masked, who, coverage.line, coverage.plan, each.end)


def _offer(each: _Aged) -> Waiting:
    """Return what is left to a person: COBRA is offered to the child (event 7)."""
    member_id = each.child.person.member_id
    label = f"{member_id} of family {each.family.masked}: covered to {each.end} by age"
    group, place = each.family.group, each.subgroup
    severity = CODES[OFFER].severity
    return Waiting(ItemKind.QUERY, f"{group}/{member_id}", OFFER, label, severity, group=group, subgroup=place)
