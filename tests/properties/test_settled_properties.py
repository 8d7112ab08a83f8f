"""A bill that looks only at what can still change is the bill that looks at every month again.

Families are added, ended, voided, moved, changed and born anew, as far back as one likes; terms get other rates,
lose one, bill by days or ages; months are billed in order, ahead, twice or not at all, and held. Before each bill
two trials are held against each other: as it is, and with nothing settled.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from model.agreement.terms import Terms
from model.enrollment.events import Demographics, Name
from model.enrollment.roster import (
    Assignment,
    ChangeSet,
    Closed,
    CobraFact,
    Contract,
    Coverage,
    NewContract,
    NewEnrollee,
    NewFacts,
    NewPerson,
)
from model.journal import Purpose
from model.timeline import OPEN, Month, Span
from parsers.terms import text as reading
from pipeline.month.bill import bill
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from store import agreements, journal
from store.money import settled
from store.people import commit, roster
from support.installation import GROUP, TERMS, load_terms
from support.people import TESTER
from support.tries import tries

AT = datetime(2026, 12, 10, 17, tzinfo=UTC)
FIRST = Month(2027, 1)
TEXT = TERMS.read_text("utf-8")
TIERS, AGES = (
    'monthly = { EMP = "10.00", ESP = "20.00", ECH = "15.00", FAM = "25.00" }',
    ('by_age = { 0-20 = "6.50", 21-45 = "9.00", "46+" = "14.00" }'),
)
HEAD = 'first_month = "2027-01"'
VARIANTS = [
    TEXT,
    TEXT.replace('EMP = "500.00"', 'EMP = "510.00"'),
    TEXT.replace('EMP = "500.00", ', ""),  # GOLD EMP has no price: held
    TEXT.replace('EMP = "500.00", ', "").replace(HEAD, f'{HEAD}\nunpriced = "bill-the-rest"'),
    TEXT.replace('proration = "full-month"', 'proration = "daily"'),
    TEXT.replace('first_month = "2027-01"', 'first_month = "2027-02"'),
    TEXT.replace(TIERS, AGES),
]
DAYS = st.builds(lambda n: date(2026, 11, 15) + timedelta(days=n), st.integers(0, 200))
CHANGES = st.sampled_from(("add", "add", "end", "void", "move", "plan", "birth", "extend", "cobra", "dependent"))
STEPS = st.lists(
    st.one_of(
        st.tuples(CHANGES, st.integers(0, 50), DAYS, st.sampled_from(("100", "200")), st.sampled_from("ABC")),
        st.tuples(st.just("terms"), st.sampled_from(range(len(VARIANTS)))),
        st.tuples(st.just("bill"), st.sampled_from((1, 1, 1, 1, 2, 0, -1))),
        st.tuples(st.just("bill"), st.just(1)),
    ),
    min_size=4,
    max_size=14,
)


def agreed(text: str) -> Terms:
    found = reading.load(text)[0]
    assert found and found.terms
    return found.terms


@contextmanager
def installation(stamped: Path) -> Iterator[Workspace]:
    """A store of its own, beside the keys of the installation that was made once."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(shutil.copytree(stamped, Path(folder) / "var"))
        ws = open_workspace(Settings(home, f"sqlite:///{home / 'rollbook.db'}", home / "keys.json"), TESTER)
        load_terms(ws)
        yield ws
        ws.close()


def change(ws: Workspace, changes: ChangeSet) -> None:
    with ws.database.write() as conn:
        tx = journal.open_tx(conn, AT, TESTER, Purpose.ENROLL)
        commit.apply(conn, tx, changes, agreements.group_ids(conn, [GROUP]), ws.vault)


def families(ws: Workspace) -> list[Contract]:
    with ws.database.read() as conn:
        return roster.families(conn, GROUP)


def added(number: int, day: date, subgroup: str, kind: str) -> ChangeSet:
    """A subscriber, and of kind C a child, from a day on."""
    span = Span(day)
    opened: list[Any] = [NewContract(-1, GROUP, f"E{number}"), Assignment(-2, -1, subgroup, span)]
    people = [("18", 1980)] + [("19", 2006)] * (kind == "C")
    for place, (relationship, year) in enumerate(people):
        person, enrollee = -10 - place, -20 - place
        who = Demographics(Name(f"SAMPLE{number}", f"P{place}"), birth=date(year, 2, 3))
        opened += [NewPerson(person, who), NewEnrollee(enrollee, -1, person, relationship)]
        lines = (("medical", "GOLD" if kind != "B" else "BRONZE", "EMP"), ("vision", "VISION", "EMP"))
        opened += [
            Coverage(-30 - 10 * place - at, enrollee, line, plan, "" if place else tier, span)
            for at, (line, plan, tier) in enumerate(lines)
        ]
    return ChangeSet(open=tuple(opened))


def changed(family: Contract, number: int, what: str, day: date, subgroup: str, kind: str) -> ChangeSet:
    """Something that the desk might learn of a family, or of a coverage of it; nothing where it does not fit."""
    covered = [coverage for who in family.enrollees for coverage in who.coverages]
    holder = family.enrollees[0]
    last = covered[number % len(covered)] if covered else None
    if what == "birth":
        born = replace(holder.person.demographics, birth=day.replace(year=1990) if kind != "A" else None)
        return ChangeSet(open=(NewFacts(holder.person.id, born),))
    if what == "cobra":
        who = holder.person.id if kind == "A" else 0
        return ChangeSet(open=(CobraFact(-1, family.id, who, "" if who else "1", Span(day)),))
    if what == "dependent" and kind == "C":  # only the child's coverage goes on: told, not billed
        gone = [coverage for coverage in holder.coverages if coverage.line == "medical"]
        return ChangeSet(close=tuple(Closed("coverage", coverage.id) for coverage in gone))
    if what == "move" and family.assignments and family.assignments[-1].span.begin < day:
        old = family.assignments[-1]
        ended = replace(old, id=-1, span=Span(old.span.begin, day - timedelta(1)))
        moved = Assignment(-2, family.id, subgroup, Span(day, old.span.end))
        return ChangeSet(open=(ended, moved), close=(Closed("assignment", old.id),))
    if last is None:
        return ChangeSet()
    closed = (Closed("coverage", last.id),)
    if what == "void":
        return ChangeSet(close=closed)
    if what == "end" and last.span.begin <= day:
        return ChangeSet(open=(replace(last, id=-1, span=Span(last.span.begin, day)),), close=closed)
    if what == "extend":
        return ChangeSet(open=(replace(last, id=-1, span=Span(last.span.begin, OPEN)),), close=closed)
    if what == "plan" and last.span.begin < day <= last.span.end and last.line == "medical":
        before = replace(last, id=-1, span=Span(last.span.begin, day - timedelta(1)))
        after = replace(last, id=-2, plan="BRONZE", span=Span(day, last.span.end))
        return ChangeSet(open=(before, after), close=closed)
    return ChangeSet()


def both_ways(ws: Workspace, month: Month) -> None:
    """Bill a month; before, the trial as it is is the trial with nothing settled."""
    (bounded,) = bill(ws, month, AT, GROUP, trial=True)
    with mock.patch.object(settled, "of", lambda conn, group: None):
        (replayed,) = bill(ws, month, AT, GROUP, trial=True)
    assert bounded == replayed
    (made,) = bill(ws, month, AT, GROUP, ahead=True)
    assert [bill.charged for bill in made.issued] == [bill.charged for bill in replayed.issued]


def take(ws: Workspace, step: tuple, month: Month) -> Month:
    """Do one step of a story; return the month billed last."""
    what, *rest = step
    if what == "bill":
        month = max(FIRST, month.plus(rest[0]))
        both_ways(ws, month)
    elif what == "terms":
        with ws.database.write() as conn:
            tx = journal.open_tx(conn, AT, TESTER, Purpose.LOAD_TERMS)
            agreements.save(conn, tx, agreed(VARIANTS[rest[0]]), str(rest[0]))
    else:
        which, day, subgroup, kind = rest
        known = families(ws)
        if what == "add" or not known:
            changes = added(len(known), day, subgroup, kind)
        else:
            changes = changed(known[which % len(known)], which // 5, what, day, subgroup, kind)
        if changes:
            change(ws, changes)
    return month


@tries(30, HealthCheck.function_scoped_fixture)
@given(steps=STEPS)
def test_what_is_settled_changes_no_bill(stamped: Path, steps: list[tuple]) -> None:
    with installation(stamped) as ws:
        month = FIRST.plus(-1)
        for step in (("add", 0, date(2026, 12, 1), "100", "C"), *steps, ("bill", 1), ("bill", 1)):
            month = take(ws, step, month)


LATE = ("end", 0, date(2026, 12, 31), "100", "A")
STORIES = {
    "an end that reaches before the first billed month": [("bill", 1), ("bill", 1), ("bill", 1), LATE, LATE],
    "a month that was skipped": [("bill", 1), ("bill", 2), LATE],
    "an earlier month after a later one": [("bill", 2), ("plan", 0, date(2027, 1, 1), "100", "A"), ("bill", -1)],
    "other rates, later": [("bill", 1), ("bill", 1), ("terms", 1)],
    "a price that comes late": [("terms", 2), ("bill", 1), ("bill", 1), ("terms", 0)],
    "the rest is billed": [("terms", 3), ("bill", 1), ("bill", 1), ("terms", 0)],
    "a move, far back": [("bill", 1), ("bill", 1), ("bill", 1), ("move", 0, date(2027, 1, 15), "200", "A")],
    "dependents alone": [("dependent", 0, FIRST.first, "100", "C"), ("bill", 1), ("bill", 1)],
}


@pytest.mark.parametrize("story", STORIES)
def test_a_story_is_billed_alike(stamped: Path, story: str) -> None:
    with installation(stamped) as ws:
        month = FIRST.plus(-1)
        for step in (("add", 0, date(2026, 12, 1), "100", "C"), *STORIES[story], ("bill", 1), ("bill", 1)):
            month = take(ws, step, month)
