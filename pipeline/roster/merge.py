"""Merge two members who are one person, and split them again: looked at first, done when two people decided it.

One transaction, with the guards of every group that either ever stood in, and of their accounts. The next bill
moves what was billed for the one to the other, by difference (docs/domain.md, Merging people).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from enrollment import effects, merging
from enrollment.merging import Before, Rearranged
from model.approval import NOBODY, Approval
from model.asking import Request, Verb
from model.documents import keys
from model.enrollment.effect import Effect, Tally, is_named
from model.enrollment.rearrange import Rearrangement
from model.enrollment.roster import ChangeSet, Contract, Whole
from model.journal import Act, InputKind, Purpose
from pipeline.desk.asked import carried_out, decided, judge
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.setup.terms_beside import Months
from pipeline.views.decided import effect_view
from pipeline.views.plain import of_fields
from pipeline.views.rearranged import FactView, MovedView, RearrangedView, RosterSentView
from store import agreements, guards, journal, jsonvalue
from store.desk import items
from store.engine import Connection
from store.people import aliases, commit, history, roster
from store.people import told as facts_told
from store.people.whole import brought, whole
from store.received import outbox
from store.then import of_tx

_NO_EFFECT = Effect()
_PEOPLE = 2  # whom a merge or a split is about


@dataclass(frozen=True, slots=True)
class _Planned:
    """What is to be done to whom, as it is worked out; `other` is 0 for somebody new."""

    member: Whole
    other: int
    other_id: str
    told: Rearranged
    with_it: tuple[str, ...] = ()  # aliases that go over
    effect: Effect = _NO_EFFECT


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked, by whom, and on which effect as it was shown."""

    asked: Rearrangement
    now: datetime
    approval: Approval
    shown: str  # the digest's beginning; empty: nothing was shown yet


def rearrange(
    ws: Workspace, asked: Rearrangement, now: datetime, approval: Approval = NOBODY, shown: str = ""
) -> RearrangedView | None:
    """Make two members one, or one two. None: there is no such member.

    Of two the lower member ID stays, and the other is its alias. `shown` is the digest of the effect as it was
    shown; without it only look. Nothing is changed where the effect is another one by now, or where `approval` is
    not two people's.
    """
    question = _Question(asked, now, approval, shown)
    with ws.database.read() as conn:
        if not all(roster.person_of(conn, member) for member in asked.members):
            return None
        planned = _plan(ws, conn, question)
        if looked := _look(conn, question, planned):
            return looked
        judged = judge(ws, conn, approval, _request(question, planned))
        if judged.problem and not judged.asks:
            return replace(_view(conn, question, planned), problem=judged.problem)

    def work(conn: Connection) -> RearrangedView:
        planned = _plan(ws, conn, question)
        if looked := _look(conn, question, planned):
            return looked
        judged = decided(ws, conn, now, approval, _request(question, planned))
        if judged.problem:
            return replace(_view(conn, question, planned), problem=judged.problem)
        return _carry_out(ws, conn, replace(question, approval=judged.approval), planned)

    def guarded(conn: Connection) -> set[str]:
        return guards.of_groups(
            conn, [group for member in question.asked.members for group in history.groups_of(conn, member)]
        )

    return ws.database.change(guarded, work)


def _look(conn: Connection, question: _Question, planned: _Planned) -> RearrangedView | None:
    """Return why nothing is done yet: it cannot be, was not shown, or is another one by now. None: it can be."""
    view, problem = _view(conn, question, planned), planned.told.problem
    if problem or not question.shown:
        return replace(view, problem=problem)
    if not is_named(planned.effect, question.shown):
        return replace(view, stale=True)
    return None


def _request(question: _Question, planned: _Planned) -> Request:
    """Return what two people decide, with the digest of what it does."""
    asked, cents, effect = question.asked, planned.effect.cents, json.dumps({"digest": planned.effect.digest})
    member = planned.member.person.member_id
    if asked.merges:
        args = " ".join(sorted(asked.members))
        label = f"make members {' and '.join(sorted(asked.members))} one"
        return Request(Verb.MERGE_MEMBERS, args, label, cents, _PEOPLE, effect=effect)
    args = f"{member} {sha256(jsonvalue.dump(asked).encode()).hexdigest()}"
    label = f"give {asked.back_to} back from member {member}" if asked.back_to else f"split member {member}"
    return Request(Verb.SPLIT_MEMBER, args, label, cents, _PEOPLE, effect=effect)


# --- what it comes to ------------------------------------------------------------------------------------


def _plan(ws: Workspace, conn: Connection, question: _Question) -> _Planned:
    if question.asked.merges:
        planned = _merged(ws, conn, question)
    elif question.asked.back_to:
        planned = _given_back(ws, conn, question)
    else:
        planned = _taken_out(ws, conn, question)
    told = planned.told
    return planned if told.problem else replace(planned, effect=_effect(conn, told, local_day(conn, question.now)))


def _of(ws: Workspace, conn: Connection, member: str) -> Whole:
    person = roster.person_of(conn, member)
    assert person is not None, "a member ID stays"
    found = whole(conn, ws.vault, person.id)
    assert found is not None, "it is somebody known"
    return found


def _merged(ws: Workspace, conn: Connection, question: _Question) -> _Planned:
    one, other = (_of(ws, conn, member) for member in question.asked.members)
    if one.person.id == other.person.id:
        told = Rearranged("both are one member already")
        return _Planned(one, one.person.id, one.person.member_id, told)
    stays, gone = merging.older(one, other)
    before = (gone.person.member_id, *(alias.member_id for alias in aliases.of(conn, gone.person.id)))
    return _Planned(stays, gone.person.id, gone.person.member_id, merging.merge(stays, gone), before)


def _taken_out(ws: Workspace, conn: Connection, question: _Question) -> _Planned:
    member = _of(ws, conn, question.asked.members[0])
    chosen = [family.id for family in member.families if _is_chosen(family, question)]
    at = brought(conn, member.person.id, chosen)
    then = roster.person_at(conn, member.person.id, of_tx(conn, at)) if at else None
    facts = then.demographics if then else member.person.demographics
    return _Planned(member, 0, "", merging.split(member, chosen, facts))


def _is_chosen(family: Contract, question: _Question) -> bool:
    return family.group in question.asked.groups and question.asked.family in ("", family.masked)


def _given_back(ws: Workspace, conn: Connection, question: _Question) -> _Planned:
    member, back_to = _of(ws, conn, question.asked.members[0]), question.asked.back_to
    mine = {alias.member_id: alias.person for alias in aliases.of(conn, member.person.id)}
    if back_to not in mine:
        return _Planned(member, 0, back_to, Rearranged(f"{back_to} is no alias of {member.person.member_id}"))
    own = mine[back_to]
    given = aliases.given(conn, back_to, own)
    after_it = of_tx(conn, given.tx)
    alias = whole(conn, ws.vault, own, after_it.before)
    assert alias is not None, "it was somebody known before it was merged"
    before, after = (
        whole(conn, ws.vault, member.person.id, at) if given.first == member.person.id else None
        for at in (after_it.before, after_it)
    )
    with_it = tuple(member_id for member_id in given.with_it if member_id in mine)
    kin = {member.person.id, *mine.values()} - {own, *(mine[member_id] for member_id in with_it)}
    cipher, ids = ws.vault.fields, [family.id for family in member.families]
    then = facts_told.of_contracts(conn, cipher, ids, after_it.before)
    now = facts_told.of_contracts(conn, cipher, ids)
    told = merging.unmerge(member, Before(alias, before, after, frozenset(kin), then, now))
    return _Planned(member, own, back_to, told, with_it)


def _effect(conn: Connection, told: Rearranged, today: date) -> Effect:
    tally, families = Tally(), told.changes.families
    groups = {after.group for _, after in families}
    known = {group: terms for group in groups if (terms := agreements.terms(conn, group))}
    priced = [(before, after) for before, after in families if after.group in known]
    months, lost = Months(known, today).told(conn, priced)
    tally.add(*effects.spans(families), (), months, lost)
    tally.bind(told.moved)
    tally.bind(told.facts)
    return tally.effect(())


# --- what is done ----------------------------------------------------------------------------------------


def _carry_out(ws: Workspace, conn: Connection, question: _Question, planned: _Planned) -> RearrangedView:
    """Write it: people are forgotten, rows closed and opened again, the aliases set, open work handed over."""
    asked = ws.asked(
        InputKind.DECISION,
        question.now,
        asked=jsonvalue.dump(question.asked),
        shown=question.shown,
        approval=asdict(question.approval),
    )
    merges = question.asked.merges
    tx = ws.step(conn, Purpose.MERGE_MEMBERS if merges else Purpose.SPLIT_MEMBER, asked)
    carried_out(conn, tx, _request(question, planned).subject)
    told, member = planned.told, planned.member.person
    commit.forget(conn, tx, ws.vault, told.forget_facts, told.forget_ssns)
    groups = sorted({after.group for _, after in told.changes.families})
    ids = agreements.group_ids(conn, groups)
    given = commit.apply(conn, tx, told.changes, ids, ws.vault)
    other = planned.other_id or next(iter(given.values()))
    if merges:
        aliases.give(conn, tx, member.id, planned.with_it)
        items.rename(conn, tx, groups, other, member.member_id)
    else:
        aliases.free(conn, tx, [other])
        aliases.give(conn, tx, planned.other, planned.with_it)
        items.rename(conn, tx, _left(told.changes, member.id), member.member_id, other)
    agreements.bump_groups(conn, list(ids.values()))
    act, how = (Act.MEMBERS_MERGED, "with") if merges else (Act.MEMBER_SPLIT, "off")
    journal.audit(conn, tx, act, member.member_id, f"{how} {other}; {question.approval.detail}")
    return replace(_view(conn, question, planned), other=other, done=True)


def _left(changes: ChangeSet, person: int) -> list[str]:
    """Return the groups in which somebody does not stand any more."""
    before, after = (
        {family.group for family in some for e in family.enrollees if e.person.id == person}
        for some in (
            [family for family, _ in changes.families if family],
            [family for _, family in changes.families],
        )
    )
    return sorted(before - after)


def _view(conn: Connection, question: _Question, planned: _Planned) -> RearrangedView:
    told = planned.told
    groups = sorted({after.group for before, after in told.changes.families if before != after})
    sent = {
        RosterSentView(group, key.parts[1], partner): None
        for group in groups
        for partner, key in outbox.sent(conn, keys.rosters(group))
    }
    return RearrangedView(
        what="merge" if question.asked.merges else "split",
        member=planned.member.person.member_id,
        other=planned.other_id,
        effect=None if told.problem else effect_view(planned.effect),
        moved=tuple(of_fields(MovedView, each) for each in told.moved),
        facts=tuple(of_fields(FactView, each) for each in told.facts),
        sent=tuple(sent),
    )
