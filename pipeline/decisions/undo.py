"""Undo what a file, a decision or a step did: looked at first, done when two people decided it.

Each family gets back what it had right before, since nothing came to it after: rows are closed and opened again,
nothing is overwritten. Nothing is posted; the next bill corrects by difference (docs/domain.md, Undo).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime

from enrollment import effects
from enrollment.undoing import Before, Undoing
from model.approval import NOBODY, Approval
from model.asking import Request, Verb
from model.enrollment.effect import Effect, LineTold, Tally, is_named
from model.enrollment.roster import Contract
from model.enrollment.ruling import Kind
from model.enrollment.undo import Undo
from model.journal import Act, InputKind, Purpose
from pipeline.decisions import undo_lines, undo_shown
from pipeline.decisions.owed import owed
from pipeline.decisions.undo_lines import Writing
from pipeline.decisions.undo_target import Target, chunks, target
from pipeline.desk import asked as two
from pipeline.receive import awaited
from pipeline.runtime import leases
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.setup.terms_beside import Months
from pipeline.views.undone import NumberBackView, UndoView
from store import agreements, guards, journal, jsonvalue
from store.desk import decisions
from store.engine import Connection
from store.people import clear, commit
from store.people import undone as rows
from store.received import files
from store.then import of_tx

_NO_EFFECT = Effect()


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked, by whom, and on which effect as it was shown."""

    asked: Undo
    now: datetime
    approval: Approval
    shown: str  # the digest's beginning; empty: nothing was shown yet


@dataclass(slots=True)
class _Planned:
    """What is to be taken back, as it is worked out."""

    target: Target
    effect: Effect = _NO_EFFECT
    undoing: Undoing | None = None  # what it tells beside the effect
    numbers: list[NumberBackView] = field(default_factory=list)
    members: set[str] = field(default_factory=set)
    who: set[tuple[str, str]] = field(default_factory=set)  # group and member ID of whoever is in the families


def undo(ws: Workspace, asked: Undo, now: datetime, approval: Approval = NOBODY, shown: str = "") -> UndoView:
    """Take back what a file, a decision or a step did, by two people.

    `shown` is the digest of the effect as it was shown; without it only look. Nothing is changed
    where something came to a family after it, where the effect is another one by now, or where `approval` is not
    two people's.
    """
    question = _Question(asked, now, approval, shown)
    with ws.database.read() as conn:
        planned = _plan(ws, conn, question)
        view = _view(conn, question, planned)
        if looked := _look(question, planned, view):
            return looked
        judged = two.judge(ws, conn, approval, _request(question, planned))
        if judged.problem and not judged.asks:
            return replace(view, problem=judged.problem)
        groups = _groups(conn, planned.target)

    def work(conn: Connection) -> UndoView:
        planned = _plan(ws, conn, question)
        view = _view(conn, question, planned)
        if looked := _look(question, planned, view):
            return looked
        judged = two.decided(ws, conn, now, approval, _request(question, planned))
        if judged.problem:
            return replace(view, problem=judged.problem)
        number = _carry_out(ws, conn, replace(question, approval=judged.approval), planned)
        return replace(view, done=True, number=number)

    def guarded(conn: Connection) -> set[str]:
        about = target(ws, conn, asked)
        sets = [stored for stored, _ in undo_lines.sets_of(conn, about)]
        again = awaited.guarded(awaited.after_sets(conn, [stored.id for stored in sets]))
        of_files = {guards.file(stored.file_id) for stored in sets}
        return guards.of_groups(conn, _groups(conn, about)) | of_files | again

    with leases.held(ws, [f"group {group}" for group in groups], f"undo {asked.label}"):
        return ws.database.change(guarded, work)


def _groups(conn: Connection, about: Target) -> list[str]:
    found = (rows.named(conn, some) for some in chunks(about.families))
    return sorted({group for named in found for group, _ in named.values()})


def _look(question: _Question, planned: _Planned, view: UndoView) -> UndoView | None:
    """Return why nothing is done yet: it cannot be, was not shown, or is another one by now. None: it can be."""
    if planned.target.problem or not question.shown:
        return view
    return None if is_named(planned.effect, question.shown) else replace(view, stale=True)


def _request(question: _Question, planned: _Planned) -> Request:
    """Return what two people decide, with the digest of what it does."""
    asked, effect = question.asked, planned.effect
    told = json.dumps({"digest": effect.digest})
    label = f"undo {asked.args}"
    return Request(Verb.UNDO, asked.args, label, effect.cents, len(planned.members), effect=told)


# --- what it comes to ------------------------------------------------------------------------------------


def _plan(ws: Workspace, conn: Connection, question: _Question) -> _Planned:
    planned = _Planned(target(ws, conn, question.asked))
    if planned.target.problem:
        return planned
    today, tally = local_day(conn, question.now), Tally()
    groups = _groups(conn, planned.target)
    known = {group: terms for group in groups if (terms := agreements.terms(conn, group))}
    told, months = Undoing(today), Months(known, today)
    for part in _parts(ws, conn, question, planned.target, today):
        changed = part.changes().families
        gone, new = effects.spans(changed)
        tally.add(gone, new, (), *months.told(conn, [pair for pair in changed if pair[1].group in known]))
        tally.bind(part.facts)
        told.facts += part.facts
        for kind, count in part.kinds.items():
            told.kinds[kind] = told.kinds.get(kind, 0) + count
        planned.who |= {(after.group, e.person.member_id) for _, after in changed for e in after.enrollees}
        planned.members |= {span.who for span in (*gone, *new) if span.who} | {fact.member for fact in part.facts}
    planned.undoing, planned.numbers = told, _numbers(conn, planned.target)
    tally.bind(planned.numbers)
    documents: list[str] = []
    for stored, steps in undo_lines.sets_of(conn, planned.target):
        owes = False
        for mine in undo_lines.lines(conn, stored, steps, _chosen(planned)):
            lines: list[LineTold] = [undo_lines.told(row) for _, row in mine]
            tally.add((), (), lines, (), ())
            planned.members |= {line.who for line in lines}
            owes = True
        documents += owed(conn, stored) if owes else []
    planned.effect = tally.effect(documents)
    if not (planned.members or planned.numbers):
        planned.target = replace(planned.target, problem=f"{question.asked.label}: nothing of it is left to undo")
    return planned


def _chosen(planned: _Planned) -> set[tuple[str, str]] | None:
    """Return whose lines are taken back; None: all of them."""
    return None if planned.target.whole else planned.who


def _parts(ws: Workspace, conn: Connection, question: _Question, about: Target, today: date) -> Iterator[Undoing]:
    """Yield what families get back, some at a time."""
    for some in chunks(about.families):
        part = Undoing(today, question.asked.back_on)
        firsts: dict[tuple[str, int], list[int]] = defaultdict(list)
        for contract, (group, _) in rows.named(conn, some).items():
            firsts[group, min(about.families[contract])].append(contract)
        for (group, first), ids in sorted(firsts.items()):
            now = rows.families(conn, group, ids)
            then = {family.id: family for family in rows.families(conn, group, ids, of_tx(conn, first).before)}
            steps = frozenset().union(*(about.families[ident] for ident in ids))
            before, ssns = _before(ws, conn, group, steps, now)
            for family in now:
                part.take(family, then.get(family.id), before, ssns)
        yield part


def _before(
    ws: Workspace, conn: Connection, group: str, steps: Collection[int], now: Collection[Contract]
) -> tuple[Before, Mapping[int, str]]:
    """Return what was known of families' people before steps, and the SSNs of now of whom that had another one."""
    people = {e.person.id for family in now for e in family.enrollees}
    ids, cipher = [family.id for family in now], ws.vault.fields
    had = rows.ssns_before(conn, cipher, steps, people)
    facts = rows.facts_before(conn, steps, people)
    ssns = clear.ssns(conn, ws.vault, group, ids) if had else {}
    return Before(facts, had, rows.told_before(conn, cipher, steps, ids)), {
        person: ssn for person, ssn in ssns.items() if person in had
    }


def _numbers(conn: Connection, about: Target) -> list[NumberBackView]:
    found: list[NumberBackView] = []
    for some in chunks(about.families):
        named = rows.named(conn, some)
        found += [
            NumberBackView(*named[ident], gone, back)
            for ident, gone, back in rows.numbers(conn, about.steps, some)
        ]
    return found


# --- what is done ----------------------------------------------------------------------------------------


def _carry_out(ws: Workspace, conn: Connection, question: _Question, planned: _Planned) -> int:
    """Write it: rows are closed and opened again, lines come to another round; return the decision's number."""
    asked, about, approval = question.asked, planned.target, question.approval.by(ws.actor.person)
    told = ws.asked(
        InputKind.DECISION,
        question.now,
        asked=jsonvalue.dump(asked),
        shown=question.shown,
        approval=asdict(question.approval),
    )
    groups = agreements.group_ids(conn, _groups(conn, about))
    tx = ws.step(conn, Purpose.UNDO, told)
    two.carried_out(conn, tx, _request(question, planned).subject)
    for part in _parts(ws, conn, question, about, local_day(conn, question.now)):
        commit.forget(conn, tx, ws.vault, (), part.forget_ssns)
        commit.apply(conn, tx, part.changes(), groups, ws.vault)
    for some in chunks(about.families):
        rows.give_back_numbers(conn, tx, about.steps, some)
        rows.record(conn, tx, [(contract, step) for contract in some for step in sorted(about.families[contract])])
    if about.whole:
        rows.forget_links(conn, tx, about.steps)
    writing = Writing(ws, conn, tx, question.now, _chosen(planned))
    writing.write(about)
    agreements.bump_groups(conn, list(groups.values()))
    awaited.look(ws, conn, tx, awaited.after_sets(conn, [stored.id for stored, _ in writing.rounds]), question.now)
    number = decisions.take_number(conn)
    first, round = (writing.rounds[0][0].id, writing.rounds[0][1]) if writing.rounds else (0, 0)
    decisions.add(
        conn,
        decisions.Stored(
            number=number,
            tx=tx,
            kind=Kind.UNDO.value,
            file_id=files.stored_set(conn, first).file_id if first else "",
            set_id=first,
            member_line=0,
            round=round,
            digest=planned.effect.digest,
            requested_by=approval.requested_by,
            approved_by=approval.approved_by,
            ground="",
            reason=approval.reason,
            answer=jsonvalue.dump(asked),
        ),
        ws.vault.fields,
    )
    writing.tell(number)
    counts = f"decision {number}: {len(about.families)} families"
    journal.audit(conn, tx, Act.UNDONE, asked.label, f"{counts}; {approval.detail}")
    return number


def _view(conn: Connection, question: _Question, planned: _Planned) -> UndoView:
    asked, about, told = question.asked, planned.target, planned.undoing
    if about.problem or told is None:
        return UndoView(asked.label, asked.members, problem=about.problem)
    view = undo_shown.view(conn, planned.effect, told, _groups(conn, about))
    return replace(
        view, what=asked.label, members=asked.members, numbers=tuple(planned.numbers), left_out=about.left_out
    )
