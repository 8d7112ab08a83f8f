"""A decision on one member line that waits: decided again under the answer, and only then carried out.

See docs/domain.md, Decisions; docs/design.md, Effects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from enrollment.people import is_correction
from enrollment.refused import refused
from enrollment.sets import Way
from model.approval import NOBODY, Approval
from model.desk import ItemKind
from model.documents import keys
from model.enrollment import grounds, ruling
from model.enrollment.actions import Action, Did
from model.enrollment.decision import MEMBER, Cause, Decision, Disposition, SetState
from model.enrollment.events import EnrollmentEvent
from model.enrollment.roster import ChangeSet
from model.enrollment.ruling import QUESTIONS, Answer, Kind
from model.exchange import MemberLine, ReceivedFile, StoredSet
from model.finding import BLOCKING, Severity
from model.trade.references import ELIGIBILITY_END
from pipeline.decisions import made
from pipeline.decisions.made import Planned, Question
from pipeline.decisions.owed import owed
from pipeline.desk.watch import LEAVE
from pipeline.receive import awaited, redecide, road
from pipeline.receive.opened import OpenSet, events_of, open_set, rows_of
from pipeline.receive.telling import Telling
from pipeline.runtime import leases
from pipeline.runtime.clock import local_day
from pipeline.runtime.turns import KINDS, touched_groups
from pipeline.runtime.workspace import Workspace
from pipeline.views.decided import DecisionView
from store import guards, jsonvalue
from store.desk import decisions, items, linked
from store.engine import Connection
from store.people import aliases, commit
from store.received import envelopes, files, member_lines, pages
from store.received.member_lines import DispositionRow
from validators.telling import plain
from vault.tokens import ChunkTokens

_NOTHING = ChangeSet()
_WAITS = (Disposition.PENDED, Disposition.HELD)


def decide(
    ws: Workspace,
    set_id: int,
    number: int,
    answer: Answer,
    now: datetime,
    approval: Approval = NOBODY,
    shown: str = "",
) -> DecisionView:
    """Decide member line `number` of a set as an answer says; `shown`: the digest of the effect that was shown.

    Without it nothing is changed, and the effect is shown. Nothing is changed either where the answer is none,
    where it lacks its people, its ground or its reason, where the line was decided already, and where the effect
    is another one by now.
    """
    with ws.database.read() as conn:
        stored = files.stored_set(conn, set_id)
        question, worked = _asked(ws, conn, set_id, number, answer, now, approval, shown)
        looked = made.look(ws, conn, question, worked.planned)
        groups = _groups(conn, stored)
    if looked is not None:
        return looked

    def work(conn: Connection) -> DecisionView:
        question, worked = _asked(ws, conn, set_id, number, answer, now, approval, shown)
        again = made.look(ws, conn, question, worked.planned)
        return again or made.view(question, worked.planned, number=_carry_out(ws, conn, question, worked))

    def guarded(conn: Connection) -> set[str]:
        follow = awaited.guarded(awaited.after_line(conn, set_id, number))
        return {guards.file(stored.file_id), *map(guards.group, _groups(conn, stored)), *follow}

    with leases.held(ws, [f"group {group}" for group in groups], f"set {set_id}"):
        return ws.database.change(guarded, work)


def effect(ws: Workspace, conn: Connection, set_id: int, number: int, answer: Answer, now: datetime) -> Planned:
    """Return what an answer to a member line would do. Reads only."""
    return _asked(ws, conn, set_id, number, answer, now, NOBODY, "")[1].planned


@dataclass(frozen=True, slots=True)
class _Worked:
    """A decision as it is worked out, before anything is written."""

    planned: Planned
    whole: OpenSet | None = None
    tokens: ChunkTokens | None = None
    decisions: tuple[Decision, ...] = ()
    changes: ChangeSet = _NOTHING


def _groups(conn: Connection, stored: StoredSet) -> list[str]:
    if stored.kind not in KINDS:
        return []
    return touched_groups(conn, stored, files.file(conn, stored.file_id).received_at)[2]


def _asked(
    ws: Workspace,
    conn: Connection,
    set_id: int,
    number: int,
    answer: Answer,
    now: datetime,
    approval: Approval,
    shown: str,
) -> tuple[Question, _Worked]:
    stored = files.stored_set(conn, set_id)
    text = jsonvalue.dump(answer)
    question = Question(answer.kind, stored, number, now, approval, shown, text, answer.claim.detail)
    file = files.file(conn, stored.file_id)
    waits = [coverage for _, coverage in member_lines.waiting(conn, set_id, number)]
    waits = waits or _left(conn, stored, number, answer)
    lines = member_lines.chosen(conn, set_id, [number])
    problem = _not_open(conn, stored, file, number, waits) or ("" if lines else "the line is not kept any more")
    codes = _codes(conn, stored, number) if not problem else set()
    if problem := problem or answer.problem(codes):
        return question, _Worked(Planned(problem=problem))
    return question, _work_out(ws, conn, _Line(stored, file, lines[0], frozenset(waits), codes), answer, now)


def _not_open(conn: Connection, stored: StoredSet, file: ReceivedFile, number: int, waits: Sequence[int]) -> str:
    """Say why nothing is to be decided on a member line, in words; empty when something is."""
    if stored.kind not in KINDS:
        return "the set holds no member lines"
    if file.state is None:
        return f"file {file.id} is still worked on"
    if stored.state is SetState.HELD:
        return "the whole set is held: it is released or dropped"
    if waits:
        return ""
    return made.already(conn, stored.id, number, "nothing of it waits for a decision")


def _left(conn: Connection, stored: StoredSet, number: int, answer: Answer) -> list[int]:
    """Return the coverages of a record that asked whether COBRA is due, where the answer is an end; else none.

    Nothing of such a record waits: with an end it is decided once more, as if it had sent it.
    """
    if answer.kind is not Kind.AMEND or not answer.amend.end or decisions.latest(conn, stored.id, number):
        return []
    raised = pages.line_findings(conn, stored.file_id, stored.id, (number, number)).get(number, [])
    if not any(finding.code == LEAVE for finding in raised):
        return []
    rows = member_lines.dispositions(conn, stored.id, (number, number))
    return sorted({MEMBER, *(row.coverage for row in rows if row.cause == Cause.SENT)})


def _codes(conn: Connection, stored: StoredSet, number: int) -> set[str]:
    """Return the codes of what is open about a member line."""
    raised = pages.line_findings(conn, stored.file_id, stored.id, (number, number)).get(number, [])
    return {finding.code for finding in raised if finding.severity is Severity.PEND}


@dataclass(frozen=True, slots=True)
class _Line:
    """A member line that waits: which coverages of it, and for what."""

    stored: StoredSet
    file: ReceivedFile
    line: MemberLine
    waits: frozenset[int]
    codes: set[str]


def _work_out(ws: Workspace, conn: Connection, open_line: _Line, answer: Answer, now: datetime) -> _Worked:
    """Decide the line again as the answer says; nothing is written."""
    number = open_line.line.number
    rows = member_lines.dispositions(conn, open_line.stored.id, (number, number))
    sent = [row for row in rows if row.cause == Cause.SENT]
    every = all(row.disposition in _WAITS for row in sent)
    ruled = answer.ruling(open_line.codes, frozenset() if every else open_line.waits)
    whole = open_set(ws, conn, open_line.stored, open_line.file, again=True, rulings={number: ruled})
    tokens = ChunkTokens.over(ws.vault.tokens)
    waiting = [row for row in sent if row.disposition in _WAITS]
    today = local_day(conn, now)
    if answer.kind is Kind.DENY and not answer.amend:
        event = _read(ws, whole, open_line.line, tokens)
        decided: tuple[Decision, ...] = (_denied(event, waiting, answer),)
        changes = _NOTHING
    else:
        found, changes = redecide.decided(ws, conn, whole, [open_line.line], tokens)
        decided = redecide.complete(found, {number: open_line.waits})
    telling = Telling(conn, whole, today)
    telling.take(decided, changes)
    planned = _planned(telling, decided, answer)
    return _Worked(planned, whole, tokens, decided, changes)


def _read(ws: Workspace, whole: OpenSet, line: MemberLine, tokens: ChunkTokens) -> EnrollmentEvent:
    if whole.census is None:
        return events_of(ws, whole, [line], tokens)[0]
    rows = [row for row in whole.census if row.row.number == line.number]
    return rows_of(whole, rows, [line], tokens)[0].event


def _denied(event: EnrollmentEvent, rows: Sequence[DispositionRow], answer: Answer) -> Decision:
    """Reject what waits of a record."""
    first = rows[0]
    lines = [(row.coverage, row.line, row.plan) for row in rows]
    action = Action(Did.KEPT if answer.keep else Did.DENIED)
    return refused(event, (first.group_number, first.subgroup), first.member_id, lines, action)


def _planned(telling: Telling, decided: Sequence[Decision], answer: Answer) -> Planned:
    """Return the effect with what the decision lacks in itself: what still waits or is refused, and its ground."""
    told = telling.effect(owed(telling.conn, telling.whole.stored))
    denies = answer.kind is Kind.DENY and not answer.amend
    problem = "" if denies else _stays(decided) or _of_another(telling, decided, answer.link)
    if not problem and ruling.needs_ground(telling.waived):
        problem = grounds.problem(answer.claim, _end(decided), telling.today)
    proposed = dict.fromkeys(ident for decision in decided for ident in decision.proposed)
    return Planned(told, problem, ruling.needs_two(telling.waived), proposed=tuple(proposed))


def _stays(decided: Sequence[Decision]) -> str:
    """Say what of a record would still wait or be refused, in words; empty: nothing."""
    blocked = {Disposition.PENDED, Disposition.REJECTED}
    if not any(line.disposition in blocked for decision in decided for line in decision.lines):
        return ""
    said = [raised.finding for decision in decided for raised in decision.objections]
    reasons = dict.fromkeys(f"{each.code}: {each.message}" for each in said if each.severity in BLOCKING)
    instead = dict.fromkeys(
        QUESTIONS[each.code].instead for each in said if each.severity in BLOCKING and each.code in QUESTIONS
    )
    return " ".join(filter(None, (*reasons, *instead))) or "the line would still wait"


def _of_another(telling: Telling, decided: Sequence[Decision], link: str) -> str:
    """Say that a record is clearly another member's than it is to be linked to, in words; empty: it is not."""
    meant = aliases.resolve(telling.conn, link) if link else ""
    others = {decision.member_id for decision in decided if decision.cause is Cause.SENT} - {meant, ""}
    return f"the record is clearly that of another member, {min(others)}" if link and others else ""


def _end(decided: Sequence[Decision]) -> date | None:
    """Return the first last covered day that a record asks for; None where it asks for none."""
    events = [decision.event for decision in decided if decision.cause is Cause.SENT]
    ends = [coverage.end for event in events for coverage in event.coverages]
    ends += [event.date_of(ELIGIBILITY_END) for event in events]
    return min((end for end in ends if end), default=None)


def _carry_out(ws: Workspace, conn: Connection, question: Question, worked: _Worked) -> int:
    """Write what a decision comes to; return its number."""
    whole, effect = worked.whole, worked.planned.effect
    assert whole is not None and worked.tokens is not None and effect is not None, "it was worked out"
    stored = whole.stored
    tx = made.step(ws, conn, question)
    round = decisions.next_round(conn, stored.id)
    done = worked.decisions
    if worked.changes:
        vault = replace(ws.vault, tokens=worked.tokens)
        given = commit.apply(conn, tx, worked.changes, whole.group_ids, vault)
        done = road.with_member_ids(done, given)
    way = road.Road(
        Way.APPLY, tx, keys.supplement(whole.file.id, envelopes.ordinal(conn, stored.id), round), round
    )
    road.write(conn, *road.rows_to_keep(ws, conn, whole, way, done))
    if question.kind is Kind.LINK:
        _remember(conn, tx, worked, done, question.member_line)
    redecide.settle_set(conn, whole, changed=bool(worked.changes))
    items.decided(conn, tx, stored.id, question.member_line)
    items.decided(conn, tx, stored.id, question.member_line, ItemKind.QUERY, rule=LEAVE)
    awaited.look(ws, conn, tx, awaited.after_line(conn, stored.id, question.member_line), question.now)
    return made.close(ws, conn, tx, round, question, effect)


def _remember(conn: Connection, tx: int, worked: _Worked, done: Sequence[Decision], number: int) -> None:
    """Remember whom the record is about, so that the next one that says the same is not asked about again."""
    assert worked.whole is not None and worked.tokens is not None, "it was worked out"
    for decision in done:
        event, sent = decision.event, decision.event.person
        mine = event.number == number and decision.cause is Cause.SENT and decision.member_id
        if mine and not is_correction(event):
            said = worked.tokens.of_record(event.subscriber_number, event.ssn, plain(sent.name.first), sent.birth)
            for tokens in said[:1]:  # of the newest key
                linked.add_link(conn, tx, worked.whole.group_ids[decision.group], tokens, decision.member_id)
