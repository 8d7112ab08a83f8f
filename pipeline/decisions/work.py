"""What a person decides on an item of open work: carried out, or asked for where another one confirms it.

What somebody asked for stays with the item: the answer, the effect that was shown, and why. Another person who
says the same confirms it, in whatever words; the effect is worked out again, and only what was shown is done
(pipeline.decisions.requested; docs/domain.md, Two people).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from model import asking
from model.approval import Approval
from model.desk import Closed, Item, ItemKind
from model.enrollment.ruling import Amendment, Kind, Wish
from model.journal import InputKind, Purpose
from model.people import Matter, Need
from pipeline.cash import assign, planned
from pipeline.decisions import member, sets
from pipeline.decisions import requested as two
from pipeline.decisions.requested import Requested
from pipeline.decisions.shown import LOOKED_AT, MONEY, WAYS
from pipeline.desk import hands
from pipeline.desk.asked import withdraw
from pipeline.desk.watch import LEAVE
from pipeline.runtime import approvals
from pipeline.runtime.workspace import Workspace
from pipeline.views.decided import DecisionEffectView, DecisionView, WorkDecisionView
from store import jsonvalue
from store.desk import items
from store.engine import Connection
from store.money import cash
from store.received import files


def decide(
    ws: Workspace, number: int, wish: Wish, now: datetime, reason: str = "", shown: str = ""
) -> WorkDecisionView:
    """Decide item `number` as a wish says. Raises ValueError where there is no such item.

    `shown` names the effect that was shown; without it nothing is changed, and the effect is shown. Where it takes
    two people the first one's word is kept, and the second one's carries it out.
    """
    with ws.database.read() as conn:
        known = hands.found(conn, number)
        before = two.standing(ws, conn, known)
    if problem := _not_decided_here(known, wish):
        return _view(number, wish, problem=problem)
    kind = known.waiting.kind
    if (kind in LOOKED_AT and wish.answer.kind is Kind.DROP) or kind is ItemKind.REQUEST:
        over = withdraw if kind is ItemKind.REQUEST else dismiss
        problem = over(ws, number, now, reason)
        return _view(number, wish, problem=problem) if problem else replace(_view(number, wish), done=True)
    person = ws.actor.person
    approval = Approval("", person, reason)
    if before and before.is_same(wish, shown) and person and not before.is_by(person):
        wish, approval = before.wish, Approval(before.by, person, reason)
    made = _carried_out(ws, known, wish, now, approval, shown)
    if made.done or made.moved or not shown or not made.second:
        return _of(number, wish, made, before)
    mine, problem = request(ws, number, wish, now, reason, shown)
    if problem or mine is None:
        return _of(number, wish, made, None, problem=problem)
    told = _of(number, wish, made, mine, problem="")
    return told if before is None else replace(told, otherwise=before.told(number))


def _not_decided_here(known: Item, wish: Wish) -> str:
    """Say why nothing of this kind is decided on an item, in words; empty when it is."""
    kind, asked = known.waiting.kind, wish.answer.kind
    if known.closed_how:
        return "it was decided" if known.closed_how is Closed.DECISION else "what it waited for came: it is closed"
    if kind is ItemKind.MEMBER:
        return ""
    if kind in MONEY and (wish.money or kind is ItemKind.SUSPENSE):
        said = asked is Kind.LINK and wish.money
        return "" if said else f"say whose money it is: rollbook suspense assign {known.number} --to ..."
    if kind is ItemKind.SET:
        return "" if asked in (Kind.RELEASE, Kind.DROP) else "the whole set is held: it is released or dropped"
    if kind is ItemKind.REMITTANCE and asked is Kind.DROP:
        return ""
    if known.waiting.rule == LEAVE and asked is Kind.AMEND:
        end = wish.answer.amend.end
        return "" if end and wish.answer.amend == Amendment(end=end) else "it is answered by an end alone"
    if kind in LOOKED_AT:
        return "" if asked is Kind.DROP else "there is nothing to carry out: who has looked at it drops it"
    if kind is ItemKind.REQUEST:
        command = asking.command(known.waiting.subject)
        return "" if asked is Kind.DROP else f"another person confirms it: `{command}`; drop withdraws it"
    return f"it is ended otherwise: {WAYS[kind]}"


def _carried_out(
    ws: Workspace, known: Item, wish: Wish, now: datetime, approval: Approval, shown: str
) -> DecisionView:
    waiting = known.waiting
    match known.waiting.kind, wish.answer.kind:
        case ItemKind.SET, Kind.RELEASE:
            return sets.release(ws, waiting.set, now, approval, frozenset(wish.but), shown)
        case ((ItemKind.SUSPENSE | ItemKind.DEPOSIT), _):
            return _placed(ws, known, wish, now, approval, shown)
        case ((ItemKind.SET | ItemKind.REMITTANCE), _):
            return sets.drop(ws, waiting.set, now, approval, shown)
        case _:
            return member.decide(ws, waiting.set, waiting.member, wish.answer, now, approval, shown)


def _placed(ws: Workspace, known: Item, wish: Wish, now: datetime, approval: Approval, shown: str) -> DecisionView:
    """Give money that no account has to whom a wish names."""
    waiting = known.waiting
    goal = {name: getattr(wish, name) for name in _SAID}
    control = ""
    if waiting.kind is ItemKind.DEPOSIT:
        wanted = planned.Wanted(deposit=int(waiting.subject.removeprefix("deposit ")), **goal)
    else:
        with ws.database.read() as conn:
            paper = cash.of_set(conn, waiting.set)
            control = files.stored_set(conn, waiting.set).control
        assert paper is not None, "money in suspense is of a remittance"
        wanted = planned.Wanted(remittance=paper.id, line=waiting.member, **goal)
    made = assign.assign(ws, wanted, now, approval, shown)
    effect = None
    if made.digest:
        effect = DecisionEffectView(
            made.digest, (), (), (), (), (), (), (), made.entries, made.left_cents, made.rule
        )
    return DecisionView(
        kind=wish.answer.kind.value,
        file=waiting.file,
        set=control,
        member_line=waiting.member,
        needs_two_people=True,
        effect=effect,
        problem=made.problem,
        moved=made.moved,
        done=made.done,
        second=made.second,
    )


_AGAIN = "you asked for it already: another person confirms it"
_SAID = ("account", "invoice", "subscriber", "month", "amount", "always", "partner")


# --- asked for -------------------------------------------------------------------------------------------


def request(
    ws: Workspace, number: int, wish: Wish, now: datetime, reason: str, shown: str
) -> tuple[Requested | None, str]:
    """Record what somebody asks to be decided; return it, or why it cannot be asked for."""
    asked = ws.asked(InputKind.DECISION, now, number=number, wish=jsonvalue.dump(wish), shown=shown, reason=reason)

    def work(conn: Connection, known: Item) -> tuple[Requested | None, str]:
        if known.closed_how:
            return None, hands.CLOSED
        if problem := approvals.asking(conn, ws.actor, reason):
            return None, problem
        before, mine = two.standing(ws, conn, known), Requested(wish, shown, ws.actor.text, reason.strip())
        if before and before.is_same(wish, shown):
            own = before.is_by(mine.by)
            return before, _AGAIN if own else f"{before.by} asks for it by now: say so again, and confirm it"
        if before and (problem := two.in_the_way(ws, conn, number, before, mine)):
            return None, problem
        tx = ws.step(conn, Purpose.REQUEST_DECISION, asked)
        kind, text = wish.answer.kind.value, jsonvalue.dump(mine)
        items.request(conn, tx, known, kind, text, ws.actor.text, ws.vault.fields)
        return mine, ""

    return hands.alone(ws, number, work)


def dismiss(ws: Workspace, number: int, now: datetime, reason: str) -> str:
    """Close what only asked that somebody looks; say why not, in words, empty when it was closed."""

    def problem(conn: Connection, known: Item) -> str:
        decision = Approval("", ws.actor.person, reason)
        money = known.waiting.kind is ItemKind.RETURN
        need = Need(Matter.MONEY, known.waiting.cents) if money else Need(Matter.ENROLLMENT)
        return approvals.checked_one(conn, ws.actor, decision, need)

    return hands.close(ws, number, now, reason, Purpose.DISMISS_WORK, problem)


# --- shown -----------------------------------------------------------------------------------------------


def _view(number: int, wish: Wish, *, problem: str = "") -> WorkDecisionView:
    return WorkDecisionView(number, wish.answer.kind.value, done=False, needs_two_people=False, problem=problem)


def _of(
    number: int, wish: Wish, made: DecisionView, before: Requested | None, *, problem: str | None = None
) -> WorkDecisionView:
    same = before is not None and (before.wish == wish or before.is_same(wish, _digest(made)))
    return WorkDecisionView(
        item=number,
        kind=wish.answer.kind.value,
        done=made.done,
        needs_two_people=made.needs_two_people,
        requested_by=before.by if before and same else "",
        otherwise=before.told(number) if before and not same and not made.done else "",
        effect=made.effect,
        moved=made.moved,
        problem=made.problem if problem is None else problem,
        decision=made.number,
    )


def _digest(made: DecisionView) -> str:
    return made.effect.digest if made.effect else ""
