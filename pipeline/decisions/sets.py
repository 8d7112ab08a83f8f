"""A decision on a whole set that is held: released, whole or but for some lines, or dropped.

It takes the road on which it was received, in one transaction; a look takes it too, and takes everything back.

See docs/domain.md, Decisions; docs/design.md, Effects.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice

from enrollment import sets
from enrollment.refused import refused
from enrollment.sets import Way
from model.approval import NOBODY, Approval
from model.documents import keys
from model.enrollment.actions import Action, Did
from model.enrollment.decision import Cause, Decision, Disposition, SetState
from model.enrollment.events import EnrollmentEvent
from model.enrollment.roster import ChangeSet
from model.enrollment.ruling import Kind
from model.exchange import MemberLine, StoredSet
from model.trade.header import REPLACE_SET
from pipeline.decisions import made, payments
from pipeline.decisions.made import Looked, Planned, Question
from pipeline.decisions.owed import owed
from pipeline.receive import awaited, road
from pipeline.receive.enroll import groups_of, guarded
from pipeline.receive.opened import OpenSet, events_of, open_set, rows_of
from pipeline.receive.road import Outcome, Road
from pipeline.receive.telling import Telling
from pipeline.runtime import leases
from pipeline.runtime.clock import local_day
from pipeline.runtime.turns import KINDS
from pipeline.runtime.workspace import Workspace
from pipeline.views.decided import DecisionView
from store import jsonvalue
from store.desk import decisions, items
from store.engine import Connection
from store.received import envelopes, files, member_lines
from store.received.member_lines import DispositionRow
from vault.tokens import ChunkTokens

_LINES_AT_ONCE = 1_000


def release(
    ws: Workspace,
    set_id: int,
    now: datetime,
    approval: Approval = NOBODY,
    but: frozenset[int | str] = frozenset(),
    shown: str = "",
) -> DecisionView:
    """Apply a held set to the roster as it is now, but for some member lines, which are rejected.

    `but` names those by their numbers, and by member ID whom the set does not name and whose coverage goes on.
    `shown`: the digest of the effect that was shown. Without it nothing is changed, and the effect is shown; nor
    where the set is not held (any more), two people did not decide it, or the effect is another one by now.
    """
    return _decide(ws, set_id, Kind.RELEASE, now, approval, but, shown)


def drop(ws: Workspace, set_id: int, now: datetime, approval: Approval = NOBODY, shown: str = "") -> DecisionView:
    """Reject a held set with all its lines, or an 820 of which nothing was posted; otherwise as `release`."""
    with ws.database.read() as conn:
        stored = files.stored_set(conn, set_id)
    if stored.kind == "820":
        return payments.drop(ws, stored, now, approval, shown)
    return _decide(ws, set_id, Kind.DROP, now, approval, frozenset(), shown)


def _decide(
    ws: Workspace,
    set_id: int,
    kind: Kind,
    now: datetime,
    approval: Approval,
    but: frozenset[int | str],
    shown: str,
) -> DecisionView:
    lines, spared = _parted(but)
    with ws.database.read() as conn:
        stored = files.stored_set(conn, set_id)
    question = Question(kind, stored, 0, now, approval, shown, jsonvalue.dump((*sorted(lines), *sorted(spared))))

    def work(conn: Connection) -> DecisionView:
        return _work(ws, conn, replace(question, stored=files.stored_set(conn, set_id)), lines, spared)

    with leases.held(ws, [f"group {number}" for number in groups_of(ws, set_id)], f"set {set_id}"):
        try:
            return ws.database.change(partial(_guarded, set_id=set_id), work)
        except Looked as look:
            return look.view


def _parted(but: frozenset[int | str]) -> tuple[frozenset[int], frozenset[str]]:
    """Return the numbers of member lines, and the member IDs."""
    return (
        frozenset(each for each in but if isinstance(each, int)),
        frozenset(each for each in but if isinstance(each, str)),
    )


def _work(
    ws: Workspace, conn: Connection, question: Question, but: frozenset[int], spared: frozenset[str]
) -> DecisionView:
    stored = question.stored
    if problem := _not_held(ws, conn, stored, but):
        return made.view(question, Planned(problem=problem, two=True))
    file = files.file(conn, stored.file_id)
    whole = open_set(ws, conn, stored, file, again=True)
    if problem := _only_tried(ws, whole):
        return made.view(question, Planned(problem=problem, two=True))
    tx = made.step(ws, conn, question)
    round = decisions.next_round(conn, stored.id)
    telling = Telling(conn, whole, local_day(conn, question.now))
    desk, told = (
        road.watching(ws, conn, whole, tx),
        keys.supplement(file.id, envelopes.ordinal(conn, stored.id), round),
    )
    way = Road(Way.APPLY, tx, told, round, but, telling.take, spared, desk)
    if question.kind is Kind.RELEASE:
        outcome = road.go(ws, conn, whole, way)
        if problem := _not_absent(outcome, spared):
            raise Looked(made.view(question, Planned(problem=problem, two=True)))
        outcome.kinds |= _drop(ws, conn, whole, way, sorted(but))
    else:
        outcome = Outcome(reason="dropped by a person")
        every = (line.number for line in member_lines.lines(conn, stored.id))
        outcome.kinds |= _drop(ws, conn, whole, way, every)
    road.close_set(conn, whole, outcome, Way.APPLY)
    items.decided(conn, tx, stored.id)
    desk.end(full=question.kind is Kind.RELEASE and whole.header.action == REPLACE_SET)
    planned = Planned(telling.effect(owed(conn, stored)), two=True)
    if look := made.look(ws, conn, question, planned):
        raise Looked(look)
    assert planned.effect is not None, "it was told"
    if question.kind is Kind.RELEASE:
        awaited.look(ws, conn, tx, awaited.after_sets(conn, [stored.id]), question.now)
    return made.view(question, planned, number=made.close(ws, conn, tx, round, question, planned.effect))


def _guarded(conn: Connection, set_id: int) -> set[str]:
    return guarded(conn, set_id) | awaited.guarded(awaited.after_sets(conn, [set_id]))


def _not_held(ws: Workspace, conn: Connection, stored: StoredSet, but: frozenset[int]) -> str:
    """Say why a set cannot be released or dropped, in words; empty when it can."""
    if stored.kind not in KINDS:
        return "the set holds no member lines"
    if stored.state is not SetState.HELD:
        return made.already(conn, stored.id, 0, "the set is not held")
    if files.file(conn, stored.file_id).state is None:
        return f"file {stored.file_id} is still worked on"
    there = {line.number for line in member_lines.chosen(conn, stored.id, but)}
    missing = sorted(but - there)
    return f"the set has no line {', '.join(map(str, missing))}" if missing else ""


def _not_absent(outcome: Outcome, spared: frozenset[str]) -> str:
    """Say of whom nothing would end by absence, in words; empty when of everybody something would."""
    named = outcome.ends.missing.values() if outcome.ends else ()
    strangers = sorted(spared - {span.member_id for spans in named for span in spans})
    return f"nothing of {', '.join(strangers)} ends by absence from this set" if strangers else ""


def _only_tried(ws: Workspace, whole: OpenSet) -> str:
    """Say why a set must not be applied at all, in words: one that is sent as a trial stays one."""
    way = sets.mode(
        whole.header,
        None,
        usage=whole.stored.usage,
        environment=ws.environment,
        partner=whole.partner,
    ).kind
    return "" if way is Way.APPLY else "it was sent to be tried or compared, not to be applied"


def _drop(ws: Workspace, conn: Connection, whole: OpenSet, way: Road, numbers: Iterable[int]) -> set[Disposition]:
    """Reject member lines, some at a time; return what they came to."""
    kinds: set[Disposition] = set()
    wanted = iter(numbers)
    while some := list(islice(wanted, _LINES_AT_ONCE)):
        rows: dict[int, list[DispositionRow]] = defaultdict(list)
        for row in member_lines.held(conn, whole.stored.id, some):
            rows[row.number] += [row] if row.cause == Cause.SENT else []
        lines = [line for line in member_lines.chosen(conn, whole.stored.id, some) if rows[line.number]]
        dropped = list(_dropped(_events(ws, conn, whole, lines), rows))
        way.hear(dropped, ChangeSet(), ())
        road.write(conn, *road.rows_to_keep(ws, conn, whole, way, dropped))
        kinds |= {decision.disposition for decision in dropped}
    return kinds


def _events(
    ws: Workspace, conn: Connection, whole: OpenSet, lines: Sequence[MemberLine]
) -> Sequence[EnrollmentEvent]:
    tokens = ChunkTokens.over(ws.vault.tokens)
    if whole.census is None:
        return events_of(ws, whole, lines, tokens)
    from pipeline.receive import census  # slow to load, and few sets are one

    wanted = {line.number for line in lines}
    read = census.rows(ws, conn, whole.file, whole.stored)  # anew: what was released has run through the set's own
    rows = sorted((row for row in read if row.row.number in wanted), key=lambda row: row.row.number)
    return [member.event for member in rows_of(whole, rows, lines, tokens)]


def _dropped(events: Iterable[EnrollmentEvent], rows: dict[int, list[DispositionRow]]) -> Iterator[Decision]:
    for event in events:
        mine = rows[event.number]
        where = (mine[0].group_number, mine[0].subgroup)
        lines = [(row.coverage, row.line, row.plan) for row in mine]
        yield refused(event, where, mine[0].member_id, lines, Action(Did.DROPPED))
