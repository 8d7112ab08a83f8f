"""Agreements that reach their last day: the night ends what stands beyond it, on that day, and says so.

Only an end that was agreed on or before its day runs unattended. One that was loaded later takes away days that
have been: it waits for two people (pipeline.roster.end_coverage). The end of a plan ends nobody.

Source: docs/domain.md, The end of an agreement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from enrollment import ending
from model.agreement.terms import Terms
from model.documents.notice import NoticeOf, NoticeRow
from model.enrollment.roster import ChangeSet, RosterLine
from model.journal import Act, InputKind, Purpose
from model.timeline import OPEN, Span
from pipeline.desk import notices, papers
from pipeline.runtime import clock
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from store import agreements, guards, journal
from store.desk.items import Step
from store.engine import Connection
from store.people import commit, reached, roster


def due(conn: Connection, group: str, now: datetime) -> bool:
    """Say whether coverage of a group stands beyond an agreed end that is reached."""
    terms = _reached(conn, group, local_day(conn, now))
    return terms is not None and bool(_changes(conn, group, terms))


def run(ws: Workspace, group: str, now: datetime) -> None:
    """End what stands beyond a group's agreed ends that are reached; write nothing where nothing does."""

    def work(conn: Connection) -> None:
        today = local_day(conn, now)
        terms = _reached(conn, group, today)
        changes = _changes(conn, group, terms) if terms else None
        if terms is None or not changes:
            return
        rows = list(_rows(roster.lines(conn, group), terms))
        tx = ws.step(conn, Purpose.END_AGREEMENT, ws.asked(InputKind.NIGHTLY, now), group=group)
        ids = agreements.group_ids(conn, [group])
        commit.apply(conn, tx, changes, ids, ws.vault)
        agreements.bump_groups(conn, list(ids.values()))
        readers = notices.owe(ws, conn, tx, terms, NoticeOf.AGREEMENT, today, rows)
        counts = f"{len(changes.close)} coverages ended, {len(changes.void)} void"
        journal.audit(conn, tx, Act.COVERAGE_ENDED, group, f"{counts}; told {', '.join(readers) or 'nobody'}")
        if not ending.beyond_plans(roster.lines(conn, group), terms):
            papers.within(conn, Step(tx, today), group)

    ws.database.change(lambda conn: guards.of_groups(conn, [group]), work)


def _changes(conn: Connection, group: str, terms: Terms) -> ChangeSet:
    """Return what ends the coverage of a group that stands beyond the first of these ends or a later one."""
    first = min([terms.span.end, *(place.span.end for place in terms.subgroups)])
    return ending.changes(reached.covered_after(conn, group, first), terms)


def _reached(conn: Connection, group: str, today: date) -> Terms | None:
    """Return terms with those ends alone that are reached and were agreed in time; None: there are none."""
    terms = agreements.terms(conn, group)
    if terms is None:
        return None
    ends = {place.code: place.span.end for place in terms.subgroups} | {"": terms.span.end}
    reached = {code: end for code, end in ends.items() if end <= today}
    if not reached:
        return None
    zone = clock.zone_of(agreements.carrier(conn))
    ever = [(clock.local_date(at, zone), then) for at, then in agreements.terms_ever(conn, group)]
    in_time = {code for code, end in reached.items() if _agreed_since(ever, code, end) <= end}
    if not in_time:
        return None
    subgroups = tuple(
        place if place.code in in_time else replace(place, span=_open(place.span)) for place in terms.subgroups
    )
    span = terms.span if "" in in_time else _open(terms.span)
    return replace(terms, span=span, subgroups=subgroups)


def _open(span: Span) -> Span:
    return Span(span.begin, OPEN)


def _agreed_since(ever: Sequence[tuple[date, Terms]], subgroup: str, end: date) -> date:
    """Return since which day without a break this end is agreed, of a subgroup or ("") of the group."""
    since = date.max
    for day, terms in reversed(ever):
        place = terms.subgroup(subgroup) if subgroup else None
        span = place.span if place else terms.span if not subgroup else None
        if span is None or span.end != end:
            break
        since = day
    return since


def _rows(lines: Sequence[RosterLine], terms: Terms) -> Iterator[NoticeRow]:
    """Yield what ends of a group's lines of coverage; what would begin later never does, and has no last day."""
    left = {(line.person, line.line, line.subgroup, line.span.begin): line for line in ending.kept(lines, terms)}
    for line in lines:
        rest = left.get((line.person, line.line, line.subgroup, line.span.begin))
        if rest and rest.span.end < line.span.end:
            yield NoticeRow(line.subgroup, line.masked, line.member_id, line.line, line.plan, rest.span.end)
