"""What is true after every step, whatever the step was: the invariants of the state machine (support.verbs).

A truth gets the workspace, what the store knew before and knows now, and what was done; it raises AssertionError.

Source: docs/domain.md, Matching people; Facts of a member; Open work; Dispositions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from model.desk import Closed, Item, ItemKind, Waiting
from model.enrollment.actions import UNDOES
from model.enrollment.decision import Cause, Disposition
from model.enrollment.events import EnrollmentEvent
from model.enrollment.facts import Facts
from model.enrollment.roster import Contract, Enrollee, Person
from pipeline.reread import sets
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.desk import items
from store.engine import Connection
from store.people import roster, told
from store.people import undone as rows
from store.received import files, member_lines, pages
from store.tables import disposition, item, item_event, step, tx, undone
from store.then import of_tx
from support.road_history import Step
from support.verified import whole
from validators.telling import is_placeholder, telling

STANDS = frozenset({Disposition.APPLIED, Disposition.NOOP})
WAITS = frozenset({Disposition.PENDED, Disposition.REJECTED})


@dataclass(frozen=True)
class Known:
    """What a store knows: families, facts told of members, work, and how many steps there were."""

    families: tuple[Contract, ...]
    told: Mapping[int, Facts]  # by enrollee
    open: Mapping[int, Item]  # by row id
    items: Mapping[int, tuple[int | None, str]]  # row id -> the transaction that closed it, and how
    last_tx: int
    sets: frozenset[int]

    def people(self) -> dict[str, Person]:
        """Return everybody who stands in a family, by member ID."""
        return {each.person.member_id: each.person for family in self.families for each in family.enrollees}

    def enrollees(self) -> Iterator[tuple[Contract, Enrollee]]:
        """Yield who stands in which family."""
        return ((family, each) for family in self.families for each in family.enrollees)


@dataclass(frozen=True)
class Done:
    """What was done. `looked_only`: nothing was to change; `decided`: an item; `people`: those of before stay.

    `undone`: something was taken back.
    """

    step: Step | None = None
    looked_only: bool = False
    decided: int = 0
    people: bool = True
    undone: bool = False


Truth = Callable[[Workspace, Known, Known, Done], None]


def known(ws: Workspace) -> Known:
    """Read what a store knows."""
    with ws.database.read() as conn:
        groups = agreements.groups(conn)
        families = tuple(family for group in groups for family in roster.families(conn, group))
        facts = told.of_contracts(conn, ws.vault.fields, [family.id for family in families])
        opened = items.opened(conn, items.Scope(tuple(ItemKind)))
        rows = conn.execute(select(item.c.id, item.c.closed_tx, item.c.closed_how))
        closed = {row.id: (row.closed_tx, row.closed_how) for row in rows}
        last = conn.scalar(select(tx.c.id).order_by(tx.c.id.desc()).limit(1)) or 0
        seen = frozenset(row.id for file in files.files(conn) for row in files.sets_of(conn, file.id))
    return Known(families, facts, {each.id: each for each in opened.values()}, closed, last, seen)


# --- open work -------------------------------------------------------------------------------------------


def no_work_vanishes(ws: Workspace, before: Known, now: Known, done: Done) -> None:
    """What waited waits still, or was closed by a step since, which is told of it."""
    assert before.items.keys() <= now.items.keys(), "an item is gone"
    gone = before.open.keys() - now.open.keys()
    assert not (gone and done.looked_only), "a look closed open work"
    with ws.database.read() as conn:
        for ident in gone:
            closed, how = now.items[ident]
            assert closed and closed > before.last_tx and how, "closed by no step since"
            assert conn.scalar(select(step.c.tx).where(step.c.tx == closed)), "the step is not in the journal"
            told_of = select(item_event.c.id).where(item_event.c.item_id == ident, item_event.c.tx == closed)
            assert conn.scalar(told_of), "nothing is told of how it was closed"
            waited = before.open[ident].waiting
            if waited.kind is ItemKind.MEMBER and how == Closed.ITSELF and done.people:
                assert _is_answered(conn, closed, waited), (
                    "closed by a step that says nothing of the member's line"
                )
    reopened = [i for i, (closed, _) in before.items.items() if closed and now.items[i] != before.items[i]]
    assert not reopened, "what was closed stays so"


def _is_answered(conn: Connection, closed: int, waited: Waiting) -> bool:
    """Say whether a transaction decided a line of whom an item is about; of somebody not known yet, of anybody."""
    member_id = waited.subject.split("/")[1]
    query = select(disposition.c.id).where(disposition.c.tx == closed)
    if ":" not in member_id:
        query = query.where(disposition.c.member_id == member_id)
    if waited.line:
        query = query.where(disposition.c.line.in_((waited.line, "")))
    return conn.scalar(query.limit(1)) is not None


def what_waits_is_work(ws: Workspace, before: Known, now: Known, done: Done) -> None:
    """Each member line of a new set that waits is open work, or a receipt of it."""
    for each in _received(ws, before, now):
        waiting = {row.number for row in each.rows if row.disposition == Disposition.PENDED}
        if not waiting or each.held:
            continue
        with ws.database.read() as conn:
            told_of = select(item_event.c.member).where(item_event.c.set_id == each.set_id)
            numbers = set(conn.scalars(told_of))
        who = {number: _whose(each, number) for number in each.events}
        for number in waiting:
            same = {other for other in numbers if other and who.get(other) == who[number]}
            assert same, ("waits, and nobody sees it", number, [f.code for f in each.findings.get(number, ())])


def _whose(each: Received, number: int) -> tuple[str, str, date | None]:
    event = each.events[number]
    return event.subscriber_number, event.person.name.first, event.person.birth


# --- what was sent ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Received:
    """A set that came with the last step: its records as they were sent, and what became of them."""

    set_id: int
    held: bool
    events: Mapping[int, EnrollmentEvent]
    rows: tuple[member_lines.DispositionRow, ...]
    findings: Mapping[int, tuple[Any, ...]]


def _received(ws: Workspace, before: Known, now: Known) -> Iterator[Received]:
    """Yield each 834 that was decided since."""
    with ws.database.read() as conn:
        for file in files.files(conn):
            for stored in files.sets_of(conn, file.id):
                if stored.id in before.sets or stored.kind != "834":
                    continue
                yield _read(ws, conn, file, stored)


def _read(ws: Workspace, conn: Connection, file: files.ReceivedFile, stored: files.StoredSet) -> Received:
    rows = tuple(member_lines.dispositions(conn, stored.id))
    index = member_lines.lines(conn, stored.id)
    events = {e.number: e for e in sets.members(ws.vault.archive, file.sha256, stored, index)} if rows else {}
    last = max(events, default=0)
    findings = pages.line_findings(conn, file.id, stored.id, (1, last)) if last else {}
    return Received(
        stored.id,
        str(stored.state) in ("HELD", "REPORTED"),
        events,
        rows,
        {n: tuple(f) for n, f in findings.items()},
    )


def every_line_is_answered(ws: Workspace, before: Known, now: Known, done: Done) -> None:
    """Each HD of each record has a disposition, and whatever does not stand says why."""
    for each in _received(ws, before, now):
        for number, event in each.events.items():
            mine = [r for r in each.rows if r.number == number and r.cause == Cause.SENT]
            assert mine, "a record without an answer"
            whole = any(row.coverage == 0 and row.disposition in WAITS for row in mine)
            missing = {c.number for c in event.coverages} - {row.coverage for row in mine}
            assert not missing or whole, ("an HD without an answer", missing)
            bad = [row for row in mine if row.disposition in WAITS]
            assert not bad or each.findings.get(number), "refused in silence"


def no_add_is_lost(ws: Workspace, before: Known, now: Known, done: Done) -> None:
    """Coverage that was asked for and applied is in the roster, unless another record of the set is of it, too."""
    for each in _received(ws, before, now):
        if each.held:
            continue
        ends = {
            (row.member_id, row.line)
            for row in each.rows
            if row.disposition == Disposition.APPLIED and _only_ends(each.events[row.number], row.coverage)
        }
        for row in each.rows:
            if row.cause != Cause.SENT or not row.coverage or row.disposition not in STANDS or not row.line:
                continue
            sent = next(c for c in each.events[row.number].coverages if c.number == row.coverage)
            if not _opens(each.events[row.number], sent.maintenance) or sent.begin is None:
                continue
            if sent.end and sent.end < sent.begin:
                continue
            there = [
                c.span
                for _, e in now.enrollees()
                for c in e.coverages
                if e.person.member_id == row.member_id and c.line == row.line
            ]
            told_of = each.findings.get(row.number) or (row.member_id, row.line) in ends
            others = [r for r in each.rows if (r.member_id, r.line) == (row.member_id, row.line)]
            assert told_of or len(others) > 1 or any(span.covers(sent.begin) for span in there), (
                "an add is lost",
                sent,
                row.action,
                there,
            )


def _opens(event: EnrollmentEvent, maintenance: str) -> bool:
    return event.maintenance in ("021", "025", "030", "001") and maintenance in ("021", "025", "030")


def _only_ends(event: EnrollmentEvent, coverage: int) -> bool:
    return event.maintenance in ("024", "002") or any(
        c.number == coverage and c.maintenance in ("024", "002") for c in event.coverages
    )


def nobody_is_joined_without_the_three(ws: Workspace, before: Known, now: Known, done: Done) -> None:
    """Inside the family that 0F names two of first name, birth date and SSN; outside all three.

    A member ID, and an earlier family that the record names, are more than that, and not looked at here.
    """
    people, families = before.people(), _families(before)
    for each in _received(ws, before, now):
        for row in each.rows:
            person = people.get(row.member_id)
            if person is None or row.cause != Cause.SENT or row.disposition != Disposition.APPLIED:
                continue
            event = each.events[row.number]
            if any(kind in ("23", "Q4", "6O") for kind, _ in event.references):
                continue
            inside = not families[row.member_id].isdisjoint(ws.vault.tokens.family(event.subscriber_number))
            said = telling(event, person, ws.vault.tokens)
            if inside:
                named = (
                    is_placeholder(person.demographics.name.first) and said.birth is True and said.ssn is not False
                )
                assert said.by_two or named, ("joined within the family by less than two", row.action)
            else:
                assert said.agree == 3, ("joined outside the family by less than three", row.action, said)


def _families(seen: Known) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for family, each in seen.enrollees():
        found.setdefault(each.person.member_id, set()).update(family.tokens)
    return found


def what_is_told_is_kept(ws: Workspace, before: Known, now: Known, done: Done) -> None:
    """Employment is known as it was told last by a record that stands."""
    for each in _received(ws, before, now):
        if each.held:
            continue
        last: dict[tuple[str, str], tuple[str, str]] = {}
        for number, event in each.events.items():
            mine = [r for r in each.rows if r.number == number and r.cause == Cause.SENT]
            if not mine or any(row.disposition not in STANDS for row in mine) or not mine[0].member_id:
                continue
            if event.employment:
                last[mine[0].member_id, event.subscriber_number] = ("INS08", event.employment)
        for (member_id, subscriber), value in last.items():
            facts = [
                fact.value
                for family, e in now.enrollees()
                if e.person.member_id == member_id
                and not set(family.tokens).isdisjoint(ws.vault.tokens.family(subscriber))
                for fact in now.told.get(e.id, ())
                if fact.kind == "employment"
            ]
            assert not facts or (value,) in facts, ("told and not kept", value, facts)
            assert facts or not _stands_in(now, member_id, ws, subscriber), "told and not kept"


def _stands_in(seen: Known, member_id: str, ws: Workspace, number: str) -> bool:
    tokens = ws.vault.tokens.family(number)
    return any(
        e.person.member_id == member_id and not set(family.tokens).isdisjoint(tokens)
        for family, e in seen.enrollees()
    )


def nothing_known_is_blanked(ws: Workspace, before: Known, now: Known, done: Done) -> None:
    """Whoever stood in a family stands in it; what is known of people is changed, and never taken away."""
    if not done.people:
        return
    later = now.people()
    for member_id, person in before.people().items():
        assert member_id in later, "a member is gone"
        facts, there = person.demographics, later[member_id]
        assert there.ssn_tokens or not person.ssn_tokens
        for name in ("name", "birth", "gender", "address", "phone", "email"):
            assert getattr(there.demographics, name) or not getattr(facts, name), name


def a_look_changes_nothing(ws: Workspace, before: Known, now: Known, done: Done) -> None:
    """What only shows, writes down or gives away changes nobody's coverage."""
    if done.looked_only:
        assert now.families == before.families


def what_is_undone_is_as_it_was(ws: Workspace, before: Known, now: Known, done: Done) -> None:
    """A family of which something was taken back has the coverage, place and COBRA of right before that."""
    if not done.undone:
        return
    with ws.database.read() as conn:
        last = conn.scalar(select(func.max(undone.c.tx)))
        lines = conn.execute(select(disposition.c.action).where(disposition.c.tx == last)).scalars()
        if not all(line.startswith(UNDOES) for line in lines):
            return  # what waited for the family was looked at again, too
        steps = select(undone.c.contract_id, func.min(undone.c.of_tx)).where(undone.c.tx == last)
        for contract, first in conn.execute(steps.group_by(undone.c.contract_id)):
            ((group, _),) = rows.named(conn, [contract]).values()
            then, there = (rows.families(conn, group, [contract], at) for at in (of_tx(conn, first).before, None))
            nothing = (set(), [], [])  # it was no family yet
            assert [*map(_placed, then or ())] == [each for each in map(_placed, there) if then or each != nothing]


def _placed(family: Contract) -> object:
    spans = {
        (e.id, c.line, c.plan, c.tier, c.span.begin, c.span.end, c.end_reason)
        for e in family.enrollees
        for c in e.coverages
    }
    places = [(each.subgroup, each.span) for each in family.assignments]
    return spans, places, sorted((each.person, each.event, str(each.span)) for each in family.cobra)


ALL: tuple[Truth, ...] = (
    no_work_vanishes,
    what_waits_is_work,
    every_line_is_answered,
    no_add_is_lost,
    nobody_is_joined_without_the_three,
    what_is_told_is_kept,
    nothing_known_is_blanked,
    a_look_changes_nothing,
    what_is_undone_is_as_it_was,
)
__all__ = ["ALL", "Done", "Known", "Truth", "known", "whole"]
