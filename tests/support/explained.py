"""Cases of explanations: files, decisions and bills, then questions, each with the sentences that answer it."""

from __future__ import annotations

from typing import Any

from model.approval import Approval
from model.asking import Verb
from model.explained import Explanation
from model.money.cents import parse_cents
from model.money.out import Out
from model.money.returns import Advice
from model.timeline import Month
from pipeline.cash import moneyout, refunds, reverse
from pipeline.cash.deposits import add_deposit
from pipeline.desk import aging
from pipeline.explain import ask
from pipeline.explain.ask import Asked
from pipeline.month.bill import bill
from pipeline.receive.claim import claim
from pipeline.receive.judge import judge
from pipeline.receive.run import finish, receive
from pipeline.runtime.workspace import Workspace
from support import desk
from support.employer import remittance
from support.installation import GROUP, LOADED, PARTNER, TERMS, load_terms
from support.people import TWO, deciding
from writers.explaining import sentence

COMPANY = "1990000001"


class Story:
    """A case as it goes on; `told` is what its questions were answered with."""

    def __init__(self, ws: Workspace, case: dict[str, Any]) -> None:
        self.ws, self.sent = ws, []
        self.terms = TERMS.read_text("utf-8")
        self._agree({"day": LOADED, "instead": case.get("terms", ())})

    def go_on(self, step: dict[str, Any]) -> None:
        """Do a step that is no question."""
        if "file" in step:
            self.sent.append(desk.take(self.ws, len(self.sent) + 1, step["file"]))
        elif "night" in step:
            aging.run(self.ws, GROUP, self.ws.now(step["night"]))
        elif "unread" in step:
            self._claim(step["unread"])
        elif "finish" in step:
            finish(self.ws, self.sent[step["finish"] - 1])
        elif "deposit" in step:
            self._deposit(step["deposit"])
        elif "pay" in step:
            self._pay(step["pay"])
        elif "reverse" in step:
            self._reverse(step["reverse"])
        elif "refund" in step:
            self._refund(step["refund"])
        elif "terms" in step:
            self._agree(step["terms"])
        elif "bill" in step:
            bill(self.ws, Month.parse(step["bill"]["month"]), self.ws.now(step["bill"]["day"]), GROUP)
        else:
            spec = step["decide"]
            set_id = desk.set_of(self.ws, self.sent[spec["file"] - 1])
            looked = desk.decide(self.ws, set_id, spec)
            assert looked.effect is not None, looked.problem
            assert desk.decide(self.ws, set_id, spec, looked.effect.digest).done

    def _agree(self, spec: dict[str, Any]) -> None:
        """Load the terms of a day, in which some texts stand instead of others."""
        for old, new in spec["instead"]:
            assert old in self.terms, old
            self.terms = self.terms.replace(old, new)
        load_terms(self.ws, self.terms, spec["day"])

    def _claim(self, spec: dict[str, Any]) -> None:
        """Receive a file and judge it, as a run does that is stopped before it decides."""
        self.sent.append("")
        data = desk.data(len(self.sent), spec)
        file = claim(self.ws, [data], "stopped.edi", PARTNER, "test", self.ws.now(spec["day"]))
        judge(self.ws, file.id)
        self.sent[-1] = file.id

    def _deposit(self, spec: dict[str, Any]) -> None:
        cents = parse_cents(spec["dollars"])
        add_deposit(self.ws, spec["trace"], COMPANY, cents, spec["day"], self.ws.now(spec["day"]))

    def _pay(self, spec: dict[str, Any]) -> None:
        self.sent.append("")
        day, control = spec["day"], f"{len(self.sent) + 100:09}"
        data = remittance(control, f"{day:%Y%m%d}", spec["trace"], spec["dollars"], *spec["lines"])
        self.sent[-1] = receive(self.ws, [data], "pay.edi", PARTNER, "test", self.ws.now(day))

    def _reverse(self, spec: dict[str, Any]) -> None:
        """Two people say that the bank took a payment back."""
        advice = Advice(spec["return"], spec["why"], spec["day"], None)
        made = reverse.reverse(deciding(self.ws), spec["trace"], advice, self.ws.now(spec["day"]), TWO)
        assert made.done, made.problem

    def _refund(self, spec: dict[str, Any]) -> None:
        """Two people pay credit back; or with `returned` its cheque comes back."""
        now = self.ws.now(spec["day"])
        if "returned" in spec:
            back = refunds.returned(deciding(self.ws), spec["returned"], now, Approval(reason="the mail"))
            assert back.done, back.problem
            return
        out = Out(Verb.REFUND, spec["account"], parse_cents(spec["dollars"]), "", "")
        made = moneyout.carry_out(deciding(self.ws), out, now, TWO)
        assert made.done, made.problem

    def asked(self, question: dict[str, Any]) -> Explanation:
        """Ask, as on the day that the question is about."""
        day = question["day"]
        who = Asked(day, self.ws.now(day), question.get("for", ""))
        if "payment" in question:
            paid = ask.payment(self.ws, question["payment"], who)
            assert paid is not None
            return paid.explanation
        if "account" in question:
            owed = ask.account(self.ws, question["account"], who)
            assert owed is not None
            return owed.explanation
        return ask.member(self.ws, question["member"], who, question.get("line", "")).explanation


def words(value: Explanation) -> list[str]:
    """Return the sentences of an answer."""
    return [sentence(each) for each in value.answer]
