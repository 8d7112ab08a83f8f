"""What two people decide by a command: the first one's word is kept as open work, the second one's carries it out.

A verb asks here as the last thing before it writes: `decided` says by whom it is decided, or why it is not. Where
only a second person is missing, what was asked for is kept in the verb's transaction, which is then a step of its
own (docs/domain.md, Two people; docs/desk.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from model import asking
from model.approval import Approval
from model.asking import Kept, Request
from model.codes import CODES
from model.desk import Closed, Item, ItemEvent, ItemKind, Waiting, What
from model.journal import InputKind, Purpose
from model.people import Need, is_same_person
from pipeline.desk import hands
from pipeline.runtime import approvals
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from store import jsonvalue
from store.desk import items
from store.desk.items import Scope, Step
from store.engine import Connection

RULE = "ASKED-FOR"
T = TypeVar("T")
_TWO = "it needs two people: one who asks for it, and another who confirms it by the same command"
_NEXT = "another person confirms it by the same command"


@dataclass(frozen=True, slots=True)
class Judged:
    """By whom something is decided; else why it is not, in words, and whether it is asked for by that."""

    approval: Approval
    problem: str = ""
    asks: bool = False


def decided(ws: Workspace, conn: Connection, now: datetime, approval: Approval, request: Request) -> Judged:
    """Say by whom a request is decided, and keep it where only a second person is missing.

    It takes the transaction's step where it is kept: a verb writes nothing then.
    """
    judged = Judged(approval) if ws.trial else judge(ws, conn, approval, request)
    if judged.asks:
        keep(ws, conn, now, approval.reason, request)
    return judged


def judge(ws: Workspace, conn: Connection, approval: Approval, request: Request) -> Judged:
    """Say by whom a request is decided. Reads only.

    An approval that names who asked is two people's as it is. Else it is whoever is at the keyboard who asks, or
    confirms what another person asked for: with the effect that was shown to the other one, and only while the
    other one may ask.
    """
    if approval.requested_by.strip():
        return Judged(approval, approvals.checked(conn, ws.actor, approval, request.need))
    before, person, lead = standing(ws, conn, request.subject), ws.actor.person, ""
    if before and not is_same_person(before.by, person):
        gone = approvals.lost(conn, before.by)
        whole = Approval(before.by, person, approval.reason)
        problem = "" if gone else _confirming(ws, conn, whole, request.need)
        if problem:
            return Judged(approval, f"{before.by} asks for it; {problem}")
        if not gone and before.shown == request.shown:
            return Judged(whole)
        lead = f"{gone}; " if gone else f"the effect is another one by now than {before.by} asked for; "
    if problem := approvals.asking(conn, ws.actor, approval.reason):
        return Judged(approval, f"{_TWO}: {problem}")
    if before and not lead and before.shown == request.shown:
        return Judged(approval, f"you asked for it already; {_NEXT}")
    words, in_the_way = _otherwise(ws, conn, approval, request)
    if in_the_way:
        return Judged(approval, words)
    return Judged(approval, f"{lead}{words}{person} asks for it; {_NEXT}", asks=True)


def _otherwise(ws: Workspace, conn: Connection, approval: Approval, request: Request) -> tuple[str, bool]:
    """Say what was asked for of the same thing in other words, and whether that is in the way of a request.

    It is where the thing is done once, but for who asked for it and a supervisor; the own one is told there, too.
    """
    once, said = request.verb in asking.ONCE, ""
    for other in beside(conn, request.subject):
        by, confirms = other.requested_by, asking.command(other.waiting.subject)
        if not once and is_same_person(by, ws.actor.person):
            continue
        what = "it in other words" if once else "another one"
        told = f"{by} asked for {what}: `{confirms}` confirms that; "
        if once and approvals.withdrawing(conn, ws.actor, by, approval.reason):
            return f"{told}{by} or a supervisor withdraws it: `rollbook work drop {other.number}`", True
        said += told
    return said, False


def _confirming(ws: Workspace, conn: Connection, whole: Approval, need: Need) -> str:
    if not whole.approved_by:
        return "another person confirms it, at the own login: `rollbook operator list` shows who is known"
    return approvals.checked(conn, ws.actor, whole, need)


def standing(ws: Workspace, conn: Connection, subject: str) -> Kept | None:
    """Return what somebody asked for and nobody carried out or withdrew; None: nothing."""
    known = _open(conn, subject)
    return last(Kept, items.events(conn, known, ws.vault.fields)) if known else None


def last(kind: type[T], events: Iterable[ItemEvent]) -> T:
    """Return what was asked for last, of all that happened to an item of which something was."""
    return jsonvalue.load(kind, [event.text for event in events if event.what is What.REQUESTED][-1])


def _open(conn: Connection, subject: str) -> Item | None:
    return next(iter(items.opened(conn, Scope((ItemKind.REQUEST,), [subject])).values()), None)


def beside(conn: Connection, subject: str) -> list[Item]:
    """Return what else was asked for of the same thing, in other words, and nobody carried out or withdrew."""
    verb = asking.verb_of(subject).value
    every = items.opened(conn, Scope((ItemKind.REQUEST,))).values()
    same = (item for item in every if item.waiting.subject.startswith(f"{verb} "))
    return [item for item in same if asking.is_beside(subject, item.waiting.subject)]


def stands(conn: Connection, subject: str) -> bool:
    """Say whether somebody asked for something that nobody carried out or withdrew."""
    return _open(conn, subject) is not None


# --- written ---------------------------------------------------------------------------------------------


def keep(ws: Workspace, conn: Connection, now: datetime, reason: str, request: Request) -> None:
    """Keep what whoever acts asks for, in the place of what was asked for by the same words before."""
    asked = ws.asked(InputKind.DECISION, now, request=jsonvalue.dump(request), reason=reason)
    tx = ws.step(conn, Purpose.ASK, asked)
    waiting = Waiting(
        ItemKind.REQUEST,
        request.subject,
        RULE,
        request.label,
        CODES[RULE].severity,
        group=request.group,
        cents=request.cents,
    )
    items.reconcile(conn, Step(tx, local_day(conn, now)), Scope((ItemKind.REQUEST,), [request.subject]), [waiting])
    known = _open(conn, request.subject)
    assert known is not None, "it was opened just now, or before"
    text = jsonvalue.dump(Kept(request, request.shown, ws.actor.text, reason.strip()))
    items.request(conn, tx, known, request.verb.value, text, ws.actor.text, ws.vault.fields)


def carried_out(conn: Connection, tx: int, subject: str) -> None:
    """Close what was asked for, by the step that carries it out, and what can be carried out no more then."""
    items.done(conn, tx, ItemKind.REQUEST, subject, Closed.DECISION)
    if asking.verb_of(subject) in asking.ONCE:
        for other in beside(conn, subject):
            items.done(conn, tx, ItemKind.REQUEST, other.waiting.subject)


def withdraw(ws: Workspace, number: int, now: datetime, reason: str) -> str:
    """Close a request that nobody carried out: who asked for it does, or a supervisor. Say why not, in words."""

    def problem(conn: Connection, known: Item) -> str:
        return approvals.withdrawing(conn, ws.actor, known.requested_by, reason)

    return hands.close(ws, number, now, reason, Purpose.WITHDRAW, problem)
