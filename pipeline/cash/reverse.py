"""Reverse: a payment that the bank took back is taken out of the books, by people or by the bank's file.

One transaction with the guards of the payment's papers and of every account that it touched. People name the
payment and need a second one; what the bank's file brings finds its payment by trace number and amount, and waits
as open work where it cannot be done (docs/domain.md, Returned payments).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import partial

from billing.bank import may_agree
from model.approval import Approval
from model.asking import Request, Verb
from model.codes import CODES
from model.desk import ItemKind, Waiting
from model.documents.returned import ReturnedRow
from model.journal import InputKind, Purpose
from model.money.bank import split_into
from model.money.cents import format_dollars
from model.money.payment import Payment
from model.money.remittance import PaymentState
from model.money.returns import Advice, Return, Reversed
from model.trade.returned import OF_A_RETURN, REASONS, means
from pipeline.cash import named, returned, returning
from pipeline.cash.payables import touched
from pipeline.cash.returning import Planned
from pipeline.desk import asked
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views.plain import of_fields
from pipeline.views.reversed import ReturnedPartView, ReversedView
from store import guards
from store.desk import items
from store.desk.items import Scope, Step
from store.engine import Connection
from store.money import bank, reversals
from store.received import files

_TAKEN = (PaymentState.POSTED, PaymentState.SUSPENDED)
_LONGEST = 80  # characters of a trace


@dataclass(frozen=True, slots=True)
class Why:
    """Why a return does nothing now: a finding's code, and in words."""

    rule: str
    words: str


def reverse(ws: Workspace, payment: str, advice: Advice, now: datetime, approval: Approval) -> ReversedView:
    """Take back the payment of a name; two people decide it. Without the second one what it would do is shown.

    Raises LookupError where the name means no payment, or more than one.
    """
    with ws.database.read() as conn:
        found = named.one(conn, payment)
    if isinstance(found, str):
        raise LookupError(found)
    return ws.database.change(
        partial(_guards, payments=[found], told=None),
        lambda conn: _by_hand(ws, conn, found, replace(advice, trace=advice.trace.strip()), now, approval),
    )


def _by_hand(
    ws: Workspace, conn: Connection, found: Payment, advice: Advice, now: datetime, approval: Approval
) -> ReversedView:
    payment = _again(conn, found)
    cents = payment.cents if advice.cents is None else advice.cents
    told = Return(payment.trace, payment.company, cents, advice.code, advice.on, advice.trace)
    today = clock.local_day(conn, now)
    if before := _done(conn, payment, told):
        return _shown(payment, told, again=True, problem=_before(before))
    planned = returning.plan(conn, payment, told, today)
    why = _unsaid(planned) or _amiss(conn, planned)
    if why:
        return replace(_shown(payment, told, problem=why.words), amount_cents=payment.cents)
    parts = returning.foretold(planned)
    judged = asked.decided(ws, conn, now, approval, _request(planned, parts))
    if judged.problem:
        return _shown(payment, told, parts, problem=judged.problem)
    said = asdict(advice) | {"on": str(advice.on)}
    body = ws.asked(InputKind.DECISION, now, payment=payment.label, advice=said, approval=asdict(judged.approval))
    tx = ws.step(conn, Purpose.REVERSE_PAYMENT, body, payment=payment.label)
    asked.carried_out(conn, tx, _request(planned, parts).subject)
    return _carried_out(ws, conn, tx, planned, judged.approval.detail)


def _request(planned: Planned, parts: Iterable[ReturnedRow]) -> Request:
    payment, told = planned.payment, planned.told
    label = f"take back payment {payment.label} of {format_dollars(payment.cents)}: {means(told.code)}"
    effect = [asdict(row) | {"due": str(row.due or "")} for row in parts]
    return Request(
        Verb.REVERSE_PAYMENT,
        f"{payment.label} {told.code} {told.reference} {told.day}",
        label,
        payment.cents,
        group=planned.terms[0].group if len(planned.terms) == 1 else "",
        effect=json.dumps(effect),
    )


# --- by the bank's file ----------------------------------------------------------------------------------


def take_return(ws: Workspace, told: Return, now: datetime) -> ReversedView:
    """Take a return of the bank's file: its payment is taken back, or it waits as open work. Idempotent.

    A transaction of its own, whose step is its input: a file's lines may be taken one after the other, and again.
    """
    body = asdict(told) | {"day": str(told.day)}

    def work(conn: Connection) -> ReversedView:
        payment, why = _found(conn, told, clock.local_day(conn, now))
        if payment and (before := _done(conn, payment, told)):
            return _shown(payment, told, again=True, problem=_before(before))
        if why and reversals.waiting_as(conn, told):
            return _shown(payment, told, again=True, waits=True, problem=f"it waits already: {why.words}")
        input = ws.asked(InputKind.DEPOSIT, now, returned=body)
        tx = ws.step(conn, Purpose.TAKE_RETURN, input)
        if payment and not why:
            return _carried_out(ws, conn, tx, _plan(conn, payment, told, now), "")
        assert why is not None, "what is not done has a reason"
        number = reversals.keep(conn, tx, told)
        _wait(conn, Step(tx, clock.local_day(conn, now)), number, told, why)
        return _shown(payment, told, waits=True, problem=why.words)

    return ws.database.change(partial(_guards_of, told=told), work)


def look_again(ws: Workspace, now: datetime) -> list[ReversedView]:
    """Take back what returns that wait have found by now; return what was done. The night looks."""
    with ws.database.read() as conn:
        today = clock.local_day(conn, now)
        waiting = [
            (int(each.waiting.subject.rpartition(" ")[2]), each.waiting.rule)
            for each in items.opened(conn, Scope((ItemKind.RETURN,))).values()
        ]
        found = [ident for ident, rule in sorted(waiting) if _waits_for(conn, ident, today) != rule]
    return [made for ident in found if (made := find_return(ws, ident, now)) and made.done]


def find_return(ws: Workspace, ident: int, now: datetime) -> ReversedView | None:
    """Take back the payment that a return waited for, or say that it waits for something else by now."""
    with ws.database.read() as conn:
        kept = reversals.kept(conn, ident)
    if kept is None:
        return None
    told = kept.told

    def work(conn: Connection) -> ReversedView | None:
        step_day = clock.local_day(conn, now)
        payment, why = _found(conn, told, step_day)
        rules = {each.waiting.rule for each in items.opened(conn, _scope([ident])).values()}
        if not rules or (why and why.rule in rules):
            return None
        tx = ws.step(conn, Purpose.FIND_RETURN, ws.asked(InputKind.NIGHTLY, now, waited=ident))
        if payment and not why:
            return _carried_out(ws, conn, tx, _plan(conn, payment, told, now), "it waited for its payment")
        assert why is not None, "what is not done has a reason"
        _wait(conn, Step(tx, step_day), ident, told, why)
        return _shown(payment, told, waits=True, problem=why.words)

    return ws.database.change(partial(_guards_of, told=told), work)


def _waits_for(conn: Connection, ident: int, today: date) -> str:
    """Return by its code what a return waits for; empty: for nothing any more."""
    kept = reversals.kept(conn, ident)
    _, why = _found(conn, kept.told, today) if kept else (None, None)
    return why.rule if why else ""


def _found(conn: Connection, told: Return, today: date) -> tuple[Payment | None, Why | None]:
    """Return the payment that a return means, and why it cannot be taken back by it; one of the two at least.

    Money that came after its day is another payment: numbers of cheques come again.
    """
    if told.code in OF_A_RETURN:
        return None, _why("RETURN-OF-RETURN")
    mine = [
        payment
        for payment in named.of_trace(conn, told.trace)
        if may_agree(told.company, payment.company)
        if payment.deposit is None or payment.deposit.received <= told.day
    ]
    if same := [payment for payment in mine if _done(conn, payment, told)]:
        return same[0], None
    standing = [payment for payment in mine if _stands(payment)]
    equal = [payment for payment in standing if payment.cents == told.cents]
    if len(equal) > 1:
        return None, _why("RETURN-UNCLEAR")
    if found := equal or standing:
        payment = found[0]
        return payment, _amiss(conn, returning.plan(conn, payment, told, today))
    before = [payment for payment in mine if _reversed(conn, payment)]
    return (before[0], _why("RETURN-AGAIN")) if before else (None, _why("RETURN-UNKNOWN"))


# --- both ------------------------------------------------------------------------------------------------


def _plan(conn: Connection, payment: Payment, told: Return, now: datetime) -> Planned:
    return returning.plan(conn, payment, told, clock.local_day(conn, now))


def _carried_out(ws: Workspace, conn: Connection, tx: int, planned: Planned, detail: str) -> ReversedView:
    """Take the payment back; a return of these words that waited waits no more."""
    rows = returned.post(ws, conn, tx, planned, detail)
    kept = reversals.of_reference(conn, planned.told.reference)
    items.reconcile(conn, Step(tx, planned.today), _scope([each.id for each in kept]), ())
    return replace(_shown(planned.payment, planned.told, rows), done=True, until=planned.until)


def _unsaid(planned: Planned) -> Why | None:
    """Say what people left out of what they say, or said wrongly."""
    told = planned.told
    if told.code not in REASONS and told.code not in OF_A_RETURN:
        return Why("", f"{told.code} is no reason: {', '.join(REASONS)}")
    if not told.reference or len(told.reference) > _LONGEST or len(told.reference.split()) != 1:
        return Why("", f"the return's own trace has 1 to {_LONGEST} characters and no blank")
    received = min((each.entry.effective for each in planned.books.own), default=told.day)
    if not received <= told.day <= planned.today:
        return Why(
            "", f"{told.day} is no day of a return: the payment came on {received}, today is {planned.today}"
        )
    return None


def _amiss(conn: Connection, planned: Planned) -> Why | None:
    """Say why a payment cannot be taken back by a return; None where it can."""
    payment, told = planned.payment, planned.told
    if told.code in OF_A_RETURN:
        return _why("RETURN-OF-RETURN")
    if before := _reversed(conn, payment):
        return _why("RETURN-AGAIN", _before(before))
    if not payment.cents:
        return _why("RETURN-UNKNOWN", f"{payment.told}: no money came with it that could go back")
    if not _stands(payment):
        cheques = [each.told for each in bank.details(conn, [payment.ids[1]]).get(payment.ids[1], ())]
        gone = f": it was {split_into(cheques)}" if cheques else ""
        return _why("RETURN-UNKNOWN", f"nothing of {payment.told} is in the books{gone}")
    if told.cents != payment.cents:
        amounts = f"{format_dollars(told.cents)} came back of {format_dollars(payment.cents)}"
        return _why("RETURN-AMOUNT", f"{amounts}: a payment is taken back whole or not at all")
    return None


def _stands(payment: Payment) -> bool:
    """Say whether a payment's money is in the books: it was posted, or its deposit has no remittance yet."""
    if payment.remittance:
        return payment.remittance.state in _TAKEN and bool(payment.remittance.receipt and payment.cents)
    return bool(payment.deposit and not payment.deposit.void)


def _reversed(conn: Connection, payment: Payment) -> Reversed | None:
    return reversals.of_payment(conn, *payment.ids)


def _done(conn: Connection, payment: Payment, told: Return) -> Reversed | None:
    """Return how the very return took the payment back before."""
    before = _reversed(conn, payment)
    return before if before and before.trace == told.reference else None


def _before(made: Reversed) -> str:
    return f"it was taken back before, on {made.day} by return {made.trace}; nothing changed"


def _why(rule: str, words: str = "") -> Why:
    return Why(rule, words or CODES[rule].meaning.rstrip("."))


def _again(conn: Connection, found: Payment) -> Payment:
    payment = named.of_papers(conn, *found.ids)
    assert payment is not None, "papers stay"
    return payment


# --- guards, open work, what is shown --------------------------------------------------------------------


def _guards_of(conn: Connection, told: Return) -> set[str]:
    return _guards(conn, named.of_trace(conn, told.trace), told)


def _guards(conn: Connection, payments: Iterable[Payment], told: Return | None) -> set[str]:
    """Return the guards of payments: papers, their partners' accounts, every account that they touched."""
    names = {guards.trace(told.trace)} if told else set()
    for payment in payments:
        now = _again(conn, payment)
        paper = now.remittance
        names |= {guards.trace(each.trace) for each in (paper, now.deposit) if each}
        names |= {guards.account(number) for number in returning.numbers(conn, now)}
        if paper:
            names |= {guards.file(files.stored_set(conn, paper.set).file_id), *touched(conn, paper.partner)}
    return names


def _scope(numbers: Iterable[int]) -> Scope:
    return Scope((ItemKind.RETURN,), [f"return {number}" for number in numbers])


def _wait(conn: Connection, step: Step, number: int, told: Return, why: Why) -> None:
    waiting = Waiting(
        ItemKind.RETURN,
        f"return {number}",
        why.rule,
        f"return {told.reference} of {told.day}, payment {told.trace or 'not said'}: {means(told.code)}",
        CODES[why.rule].severity,
        cents=told.cents,
    )
    items.reconcile(conn, step, _scope([number]), [waiting])


def _shown(
    payment: Payment | None,
    told: Return,
    rows: Iterable[ReturnedRow] = (),
    *,
    again: bool = False,
    waits: bool = False,
    problem: str = "",
) -> ReversedView:
    return ReversedView(
        payment=payment.label if payment else "",
        trace=told.trace,
        amount_cents=told.cents,
        code=told.code,
        return_trace=told.reference,
        day=told.day,
        parts=tuple(
            of_fields(ReturnedPartView, row, part=row.part.value, amount_cents=row.cents, open_cents=row.open)
            for row in rows
        ),
        again=again,
        waits=waits,
        problem=problem,
    )
