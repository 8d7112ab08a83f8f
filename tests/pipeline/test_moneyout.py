"""Refunds, transfers, write-offs, fees, tolerance: from the door to the next invoice, and in a replay."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from model.approval import Approval
from model.asking import Verb
from model.desk import Wanted
from model.money.ledger import BANK, receivable, unapplied
from model.money.out import Out
from model.nights import NightPart
from model.timeline import Month
from pipeline import inputs
from pipeline.cash.deposits import add_deposit
from pipeline.month.bill import bill
from pipeline.nights.parts import PARTS, Tonight
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.views import moneyout
from pipeline.views.work import work_list
from sample_files import edi
from store.money import ledger
from support.installation import GROUP, ROOT, SAMPLES, TERMS, load_terms, take, take_bytes
from support.people import TWO, deciding
from support.verified import whole

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "billing" / "moneyout.yaml").read_text("utf-8"))
TEXT = TERMS.read_text("utf-8")
NAMES = {"A": "41000100", "B": "41000200", "C": "52000100"}
MOVED = TEXT.replace(
    'account = "41000100"', 'account = [{ number = "41000100" }, { from = 2027-02-01, number = "41000199" }]'
)
EDITED = {"moved": MOVED, "closed": MOVED.replace('name = "Hourly"\n', 'name = "Hourly"\nend = 2026-12-15\n')}
FIRST = date(2026, 12, 20)
NIGHT = (NightPart.CREDIT, NightPart.TOLERANCE)


def number(name: object) -> str:
    return NAMES.get(str(name), str(name))


class Story:
    """A group with an invoice or more, and what is done with its money, a step after the other."""

    def __init__(self, ws: Workspace, case: dict[str, Any]) -> None:
        self.ws, self.day, self.traces = deciding(ws), FIRST, 0
        switches = "".join(f"{name} = {value}\n" for name, value in case.get("terms", {}).items())
        load_terms(self.ws, TEXT.replace("grace_days = 31\n", f"grace_days = 31\n{switches}"))
        if case.get("cedar"):
            load_terms(self.ws, (SAMPLES / "groups" / "cedar-point.toml").read_text("utf-8"))
        take(self.ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))

    def tell(self, step: dict[str, Any]) -> None:
        self.day = step.get("day", self.day)
        verb = next(name for name in STEPS if name in step)
        STEPS[verb](self, step)

    def bill(self, step: dict[str, Any]) -> None:
        month = Month.parse(step["bill"])
        self.day = max(self.day, month.plus(-1).first.replace(day=10))
        (made,) = bill(self.ws, month, self.ws.now(self.day), GROUP, ahead=True)
        bills = {issued.account: issued for issued in made.issued}
        kept = inputs.deliver(self.ws, self.ws.now(self.day)) if "shows" in step else []
        for name, figures in step.get("shows", {}).items():
            issued = bills[number(name)]
            assert {figure: getattr(issued, figure) for figure in figures} == figures
            moved = ("reversals", "refunds", "transfers", "write_offs", "fees")
            rest = {figure for figure in moved if figure not in figures}
            assert not any(getattr(issued, figure) for figure in rest)
            assert any(f"invoice-{issued.number}.pdf" in path for path in kept)

    def pay(self, step: dict[str, Any]) -> None:
        self.traces += 1
        trace = f"T{self.traces}"
        cents = step["cents"]
        by_account = "month" not in step
        items = [("11", number(step["pay"]), cents, cents)] if by_account else []
        body = edi.remittance_set(items, self.day, trace, total=cents)
        if not by_account:
            month = Month.parse(step["month"])
            ent = next(at for at, each in enumerate(body) if each.startswith("ENT"))
            person = ["ENT*1*2J*EI*990000001", "NM1*IL*1*SAMPLE", f"RMR*AZ*{step['pay']}**{cents / 100:.2f}"]
            person.append(f"DTM*582****RD8*{month.first:%Y%m%d}-{month.last:%Y%m%d}")
            body = [*body[:ent], *person, f"SE*{ent + len(person) + 1}*0001"]
        data = edi.interchange([body], self.day, 500 + self.traces, kind="820").encode()
        take_bytes(self.ws, data, f"{trace}.edi", self.day)
        made = add_deposit(self.ws, trace, "1990000001", step["cents"], self.day, self.ws.now(self.day))
        assert "posted" in made.outcome, made

    def do(self, step: dict[str, Any]) -> None:
        ends = number(step.get("to", "")), step.get("invoice", "")
        out = Out(Verb(step["do"]), number(step["of"]), step["cents"], *ends)
        alone = Approval(reason="the payer asks")
        made = inputs.money_out(self.ws, out, self.ws.now(self.day), alone if step.get("by") == "one" else TWO)
        if "says" in step:
            assert not made.done and step["says"] in made.problem, made.problem
        else:
            assert made.done and made.number == step.get("gets", ""), made

    def ends(self, step: dict[str, Any]) -> None:
        reason, now = Approval(reason="the bank says so"), self.ws.now(self.day)
        if step["ends"] == "return":
            made = inputs.return_refund(self.ws, step["refund"], now, reason)
        else:
            made = inputs.pay_refund(self.ws, step["refund"], self.day, now, reason)
        assert step.get("says", "") in made.problem and bool(made.problem) == ("says" in step), made

    def register(self, step: dict[str, Any]) -> None:
        made = inputs.register_refunds(self.ws, self.ws.now(self.day))
        assert made.number == step["register"]
        for path in made.documents:
            rows = list(csv.DictReader((self.ws.settings.home / path).open(encoding="utf-8-sig")))
            assert [(row["Refund"], row["Payee"], row["Amount"]) for row in rows] == [
                ("C1001", "Harbor Mills Manufacturing", "500.00")
            ]

    def night(self, step: dict[str, Any]) -> None:
        tonight = Tonight(self.ws, self.day, self.ws.now(self.day))
        for part in NIGHT:
            assert not PARTS[part](tonight).broke

    def stands(self, step: dict[str, Any]) -> None:
        with self.ws.database.read() as conn:
            for name, cents in step["stands"].items():
                sides = (receivable(number(name)), unapplied(number(name)))
                assert sum(ledger.balance(conn, side) for side in sides) == cents, name
            opens = ledger.invoice_open(conn, [NAMES["A"]])
            assert "open" not in step or [[each.number, each.open] for each in opens] == step["open"]
            assert "bank" not in step or ledger.balance(conn, BANK) == step["bank"]
        assert "out" not in step or moneyout.refund_list(self.ws).out_cents == step["out"]

    def terms(self, step: dict[str, Any]) -> None:
        load_terms(self.ws, EDITED[step["terms"]], self.day)

    def work(self, step: dict[str, Any]) -> None:
        items = work_list(self.ws, self.ws.now(self.day), Wanted("credit")).items
        assert [[each.code, each.amount_cents] for each in items] == step["work"]


STEPS = {
    name: getattr(Story, name)
    for name in ("bill", "pay", "do", "ends", "register", "night", "stands", "terms", "work")
}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_moneyout(ws: Workspace, case: dict[str, Any]) -> None:
    story = Story(ws, case)
    for step in case["steps"]:
        story.tell(step)


def test_a_replay_does_each_again(ws: Workspace, tmp_path: Path) -> None:
    story = Story(ws, {"terms": {"tolerance_cents": 100, "unclaimed_credit_days": 5}})
    for step in (
        {"bill": "2027-01"},
        {"pay": "A", "cents": 266000},
        {"night": True, "day": date(2027, 1, 2)},
        {"do": "refund", "of": "A", "cents": 10000, "gets": "C1001"},
        {"do": "refund", "of": "A", "cents": 5000, "gets": "C1002"},
        {"ends": "return", "refund": "C1002"},
        {"ends": "paid", "refund": "C1001"},
        {"do": "transfer", "of": "A", "to": "B", "cents": 2000},
        {"do": "fee", "of": "A", "cents": 2500, "gets": "D1001"},
        {"do": "write-off", "of": "A", "invoice": "D1001", "cents": 50, "gets": "D1001"},
        {"night": True, "day": date(2027, 1, 9)},
        {"bill": "2027-02", "shows": {"A": {"refunds": 10000, "transfers": 2000, "fees": 2500, "write_offs": 50}}},
        {"pay": "A", "cents": 180500},
        {"night": True, "day": date(2027, 2, 9)},
    ):
        story.tell(step)
    inputs.register_refunds(story.ws, story.ws.now(story.day))
    inputs.deliver(ws, ws.now(story.day))
    whole(ws, date(2027, 2, 9))
    assert replay(ws, tmp_path / "again").equal
