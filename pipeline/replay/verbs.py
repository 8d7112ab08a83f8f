"""What each step does again, by what it is for: the same verb, with what its input asked and its instants.

Nothing here asks a clock, a channel or the environment: what the world answered is in the step.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from model.agreement.terms import Partner
from model.approval import Approval
from model.asking import Request, Verb
from model.enrollment.rearrange import Rearrangement
from model.enrollment.ruling import Answer, Kind, Wish
from model.enrollment.undo import Undo
from model.journal import Act, Input, InputKind, Purpose
from model.money.out import Out
from model.money.returns import Advice, Return
from model.nights import NightPart
from model.people import Operator
from model.timeline import AsOf, Month
from pipeline.cash import (
    assign,
    bank,
    bank_follows,
    bank_hands,
    bank_refunds,
    bank_returns,
    credit,
    deposits,
    late,
    moneyout,
    pay,
    planned,
    refunds,
    reverse,
    rules,
    tolerance,
    unclaimed,
    unnamed,
)
from pipeline.decisions import member, reconciled, sets, undo, work
from pipeline.desk import aging, agreement_ends, asked, hands, night, renewals
from pipeline.desk.nights import record
from pipeline.month import bill, reconcile, selfbill, void
from pipeline.receive import answered, banked, claim, deliver, enroll, judge, worksheet
from pipeline.roster import end_coverage, export, merge, nonpayment, orders, unrestrict
from pipeline.runtime.workspace import Workspace
from pipeline.setup import agree, load_terms, operators, prune, restored
from store import agreements, guards, journal, jsonvalue
from store.engine import Connection
from store.received import envelopes
from store.steps import Step


@dataclass(frozen=True, slots=True)
class Done:
    """One step to be done again in a workspace: its input, what of it that asked for, and the file it is of."""

    ws: Workspace
    step: Step
    input: Input

    @property
    def at(self) -> datetime:
        """Return the instant of receipt, which rules go by."""
        return self.step.at

    @property
    def args(self) -> Mapping[str, Any]:
        """Return which part of its input the step does."""
        return self.step.args

    @property
    def body(self) -> Mapping[str, Any]:
        """Return what was asked."""
        return self.input.body

    @property
    def approval(self) -> Approval:
        """Return who asked for it and who approved it."""
        return Approval(**self.body["approval"])

    @property
    def set_id(self) -> int:
        """Return the row id of the step's set, in this store."""
        with self.ws.database.read() as conn:
            return envelopes.set_of(conn, self.input.key, self.args["set"])


def _record_keys(one: Done) -> None:
    def work(conn: Connection) -> None:
        tx = one.ws.step(conn, Purpose.RECORD_KEYS, one.input)
        journal.audit(conn, tx, Act.KEYS_RECORDED, one.body.get("keys", ""))

    one.ws.database.change(lambda conn: {guards.STORE}, work)


def _resume(one: Done) -> None:
    body = one.body
    restored.raise_counters(
        one.ws, body["raised"], body["unknown"], one.approval, one.at, unarchived=body["unarchived"]
    )


def _claim(one: Done) -> None:
    body = one.body
    record = partial(claim.record, one.ws, one.input.sha256, body["size"], body["name"], body["partner"])
    record(body["channel"], one.at, expect=body.get("expect", ()))


def _add_partner(one: Done) -> None:
    agree.add_partner(one.ws, jsonvalue.load(Partner, one.body["partner"]), one.at)


def _save_operator(one: Done) -> None:
    operators.save(one.ws, jsonvalue.load(Operator, one.body["operator"]), one.body["why"], one.at)


def _export(one: Done) -> None:
    body = one.body
    with one.ws.database.read() as conn:
        partner = agreements.partner(conn, body["partner"]) if body["partner"] else None
    on, known_on = _day(body, "on"), _day(body, "known_on")
    export.export(
        one.ws, body["group"], body["form"], partner, one.at, on=on, deliver=body["deliver"], known_on=known_on
    )


def _reconcile(one: Done) -> None:
    body = one.body
    asof = AsOf(_day(body, "on"), _day(body, "known_on"))
    reconcile.compared(one.ws, Month.parse(body["month"]), body["group"], one.at, asof)


def _answer_reconciled(one: Done) -> None:
    reconciled.again(one.ws, one.body["group"], one.body["answers"], one.at)


def _day(body: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(body[name]) if body.get(name) else None


def _enter(one: Done) -> None:
    body = one.body
    received = date.fromisoformat(body["received"])
    deposits.add_deposit(
        one.ws, body["trace"], body["company"], body["cents"], received, one.at, again=body["again"]
    )


def _reverse(one: Done) -> None:
    said = one.body["advice"]
    advice = Advice(**(said | {"on": date.fromisoformat(said["on"])}))
    reverse.reverse(one.ws, one.body["payment"], advice, one.at, one.approval)


def _take_return(one: Done) -> None:
    said = one.body["returned"]
    reverse.take_return(one.ws, Return(**(said | {"day": date.fromisoformat(said["day"])})), one.at)


def _load_bank(one: Done) -> None:
    if one.input.kind is InputKind.FILE:
        banked.load(one.ws, one.set_id, one.args["mapping"])
    else:
        bank.take(one.ws, one.input, one.at)


def _bill(one: Done) -> None:
    month = Month.parse(one.body["month"])
    told = one.ws.asked(InputKind.COMMAND, one.at, **one.body)
    bill.bill_group(one.ws, one.args["group"], month, one.at, told)


def _request(one: Done) -> None:
    body, wish = one.body, jsonvalue.load(Wish, one.body["wish"])
    work.request(one.ws, body["number"], wish, one.at, body["reason"], body["shown"])


def _ask(one: Done) -> None:
    request, reason = jsonvalue.load(Request, one.body["request"]), one.body["reason"]
    one.ws.database.change(lambda conn: set(), lambda conn: asked.keep(one.ws, conn, one.at, reason, request))


def _prune(one: Done) -> None:
    told = one.ws.asked(InputKind.DECISION, one.at, **one.body)
    if "file" in one.args:
        prune.prune_file(one.ws, one.args["file"], one.approval, told)
    else:
        prune.prune_statements(one.ws, datetime.fromisoformat(one.args["before"]), one.approval, told)


def _decide(one: Done) -> None:
    body, shown = one.body, one.body["shown"]
    with one.ws.database.read() as conn:
        set_id = envelopes.set_of(conn, body["file"], body["set"])
    kind = Kind(body["decision"])
    if kind is Kind.RELEASE:
        but = frozenset(json.loads(body["answer"]))
        sets.release(one.ws, set_id, one.at, one.approval, but, shown)
    elif kind is Kind.DROP:
        sets.drop(one.ws, set_id, one.at, one.approval, shown)
    else:
        answer = jsonvalue.load(Answer, body["answer"])
        member.decide(one.ws, set_id, body["line"], answer, one.at, one.approval, shown)


def _look_at_desk(one: Done) -> None:
    if "group" in one.args:
        night.look_at_people(one.ws, one.args["group"], one.at)
    else:
        night.look_at(one.ws, one.args["partner"], one.at)


def _record_order(one: Done) -> None:
    body = one.body
    day = date.fromisoformat(body["day"])
    orders.record(one.ws, body["member"], body["group"], day, body["authority"], one.at, body["reason"])


def _rearrange(one: Done) -> None:
    asked = jsonvalue.load(Rearrangement, one.body["asked"])
    merge.rearrange(one.ws, asked, one.at, one.approval, one.body["shown"])


def _accept_variance(one: Done) -> None:
    body = one.body
    month = Month.parse(body["month"])
    selfbill.accept(one.ws, body["group"], body["account"], month, one.at, one.approval)


def _ask_correction(one: Done) -> None:
    body = one.body
    month = Month.parse(body["month"])
    selfbill.ask_correction(one.ws, body["group"], body["account"], month, one.at, body["reason"])


def _undo(one: Done) -> None:
    asked = jsonvalue.load(Undo, one.body["asked"])
    undo.undo(one.ws, asked, one.at, one.approval, one.body["shown"])


def _night(one: Done) -> None:
    day = date.fromisoformat(one.args["day"])
    record(one.ws, day, [NightPart(each) for each in one.args["parts"]], one.at)


def _money_out(one: Done) -> None:
    body = one.body["out"]
    out = Out(**body | {"verb": Verb(body["verb"])})
    moneyout.carry_out(one.ws, out, one.at, one.approval)


AGAIN: Mapping[Purpose, Callable[[Done], object]] = {
    Purpose.RECORD_KEYS: _record_keys,
    Purpose.RESUME: _resume,
    Purpose.ADD_PARTNER: _add_partner,
    Purpose.SAVE_OPERATOR: _save_operator,
    Purpose.LOAD_TERMS: lambda one: load_terms.load_terms(one.ws, one.body["text"], one.at, one.approval),
    Purpose.CLAIM: _claim,
    Purpose.JUDGE: lambda one: judge.judge(one.ws, one.input.key),
    Purpose.ENROLL: lambda one: enroll.enroll(one.ws, one.set_id),
    Purpose.TAKE_REMITTANCE: lambda one: pay.take(one.ws, one.set_id),
    Purpose.ACCEPT_VARIANCE: _accept_variance,
    Purpose.ASK_CORRECTION: _ask_correction,
    Purpose.TAKE_SELF_BILL: lambda one: worksheet.take(one.ws, one.set_id),
    Purpose.REQUEST_DECISION: _request,
    Purpose.DISMISS_WORK: lambda one: work.dismiss(one.ws, one.body["number"], one.at, one.body["reason"]),
    Purpose.ASK: _ask,
    Purpose.WITHDRAW: lambda one: asked.withdraw(one.ws, one.body["number"], one.at, one.body["reason"]),
    Purpose.DECIDE: _decide,
    Purpose.ANSWER: lambda one: answered.answer(one.ws, one.input.key),
    Purpose.DELIVER: lambda one: deliver.delivered(one.ws, one.args["key"], one.args["names"], one.at),
    Purpose.UNDELIVERED: lambda one: deliver.failed(
        one.ws, one.args["key"], one.args["rule"], one.args["why"], one.at
    ),
    Purpose.DELIVER_AGAIN: lambda one: deliver.release(one.ws, one.body["key"], one.at),
    Purpose.END_COVERAGE: lambda one: end_coverage.end_coverage(one.ws, one.body["group"], one.at, one.approval),
    Purpose.NIGHT: _night,
    Purpose.DELINQUENCY: lambda one: late.run(one.ws, one.args["group"], one.at),
    Purpose.TELL_SHORT: lambda one: nonpayment.tell_short(
        one.ws, one.body["account"], one.body["member"], one.at, one.body["reason"]
    ),
    Purpose.END_NONPAYMENT: lambda one: nonpayment.approve(
        one.ws, one.body["account"], one.body["member"], one.at, one.approval
    ),
    Purpose.REINSTATE: lambda one: nonpayment.reinstate(
        one.ws, one.body["account"], one.body["member"], one.at, one.approval
    ),
    Purpose.APPLY_CREDIT: lambda one: credit.pay(one.ws, one.args["group"], one.at),
    Purpose.RENEW_PLANS: lambda one: renewals.run(one.ws, one.args["group"], one.at),
    Purpose.PUT_OFF: lambda one: aging.put_off(one.ws, one.args["group"], one.at),
    Purpose.AGE_OFF: lambda one: aging.run(one.ws, one.args["group"], one.at),
    Purpose.END_AGREEMENT: lambda one: agreement_ends.run(one.ws, one.args["group"], one.at),
    Purpose.LIFT_RESTRICTION: lambda one: unrestrict.unrestrict(one.ws, one.body["member"], one.at, one.approval),
    Purpose.RECORD_ORDER: _record_order,
    Purpose.LIFT_ORDER: lambda one: orders.lift(
        one.ws, one.body["member"], one.body["group"], one.at, one.approval
    ),
    Purpose.MERGE_MEMBERS: _rearrange,
    Purpose.SPLIT_MEMBER: _rearrange,
    Purpose.UNDO: _undo,
    Purpose.EXPORT_ROSTER: _export,
    Purpose.BILL: _bill,
    Purpose.VOID_INVOICE: lambda one: void.void(one.ws, one.body["number"], one.at, one.approval),
    Purpose.RECONCILE: _reconcile,
    Purpose.ANSWER_RECONCILED: _answer_reconciled,
    Purpose.ENTER_DEPOSIT: _enter,
    Purpose.FIND_DEPOSIT: lambda one: deposits.find_pair(one.ws, one.body["deposit"], one.at),
    Purpose.MATCH_DEPOSIT: lambda one: deposits.match_deposit(
        one.ws, one.body["deposit"], one.body["remittance"], one.at, one.approval
    ),
    Purpose.VOID_DEPOSIT: lambda one: deposits.void_deposit(one.ws, one.body["deposit"], one.at, one.approval),
    Purpose.PLACE_MONEY: lambda one: assign.assign(
        one.ws, planned.Wanted(**one.body["wanted"]), one.at, one.approval, one.body["shown"]
    ),
    Purpose.LOAD_BANK: _load_bank,
    Purpose.CLEAR_REFUND: lambda one: bank_refunds.clear(one.ws, one.body["line"], one.at),
    Purpose.PASS_RETURN: lambda one: bank_returns.settle(one.ws, one.body["line"], one.at),
    Purpose.SETTLE_BANK: lambda one: bank.settle(one.ws, one.at),
    Purpose.SPLIT_DEPOSIT: lambda one: bank_follows.split_credit(
        one.ws, one.body["credit"], tuple(one.body["cheques"]), one.at
    ),
    Purpose.PLACE_DEPOSIT: lambda one: unnamed.place(one.ws, one.body["deposit"], one.at),
    Purpose.MATCH_BANK: lambda one: bank_hands.match(
        one.ws, one.body["line"], one.body["to"], one.at, one.approval
    ),
    Purpose.VOID_BANK: lambda one: bank_hands.void(one.ws, one.body["line"], one.at, one.approval),
    Purpose.REVERSE_PAYMENT: _reverse,
    Purpose.TAKE_RETURN: _take_return,
    Purpose.FIND_RETURN: lambda one: reverse.find_return(one.ws, one.body["waited"], one.at),
    Purpose.END_RULE: lambda one: rules.end(one.ws, one.body["number"], one.at, one.approval),
    **dict.fromkeys((Purpose.REFUND, Purpose.TRANSFER_CREDIT, Purpose.WRITE_OFF, Purpose.RAISE_FEE), _money_out),
    Purpose.PAY_REFUND: lambda one: refunds.cashed(
        one.ws, one.body["number"], date.fromisoformat(one.body["day"]), one.at, one.approval
    ),
    Purpose.RETURN_REFUND: lambda one: refunds.returned(one.ws, one.body["number"], one.at, one.approval),
    Purpose.REGISTER_REFUNDS: lambda one: refunds.register(one.ws, one.at),
    Purpose.TOLERATE: lambda one: tolerance.write_off(one.ws, one.args["group"], one.at),
    Purpose.LOOK_AT_CREDIT: lambda one: unclaimed.look_at(one.ws, one.args["group"], one.at),
    Purpose.PRUNE: _prune,
    Purpose.ASSIGN_WORK: lambda one: hands.assign(one.ws, one.body["number"], one.body["owner"], one.at),
    Purpose.NOTE_WORK: lambda one: hands.note(one.ws, one.body["number"], one.body["text"], one.at),
    Purpose.LOOK_AT_DESK: _look_at_desk,
}
