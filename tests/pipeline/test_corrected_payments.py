"""An 820 that did not add up is sent again, corrected (tests/cases/billing/corrections.yaml)."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import yaml

import pipeline.cash.correct
from intake.folder import read_chunks
from model.documents import keys
from model.documents.keys import DocumentKind
from model.money.cents import parse_cents
from model.money.ledger import BANK, AccountKind, suspense
from model.money.remittance import PaymentState
from model.timeline import Month
from pipeline.cash.deposits import add_deposit
from pipeline.month.bill import bill
from pipeline.receive.claim import claim
from pipeline.receive.run import receive, resume, work
from pipeline.runtime.workspace import Workspace
from store.money import cash, deposits, ledger
from store.received import outbox, statement_rows
from support import values
from support.installation import GROUP, PARTNER, ROOT, SAMPLES, TERMS, load_terms, take, take_bytes

_FILE = yaml.safe_load((ROOT / "tests" / "cases" / "billing" / "corrections.yaml").read_text("utf-8"))
CASES, LINES, EDITS = _FILE["cases"], _FILE["remittances"], _FILE["edits"]
WRONG = (SAMPLES / "broken" / "unbalanced-820" / "unbalanced.edi").read_text("utf-8")
DAY = date(2026, 11, 23)
PAID = 99_999  # BPR02 of them all, in cents


class Stopped(BaseException):
    """Stands for the kill: nothing in the code may catch it."""


def written(name: str, control: int) -> bytes:
    """An 820 of the cases under an interchange control number of its own."""
    lines = LINES[name]
    text = WRONG.replace("000000310", f"{control:09d}").replace("RMR*11*41000100*PI*1000*1000", "~\n".join(lines))
    text = text.replace("SE*9*", f"SE*{8 + len(lines)}*")
    old, new = EDITS.get(name, ("", ""))
    assert old in text
    return text.replace(old, new, 1).encode() if old else text.encode()


def deposit(ws: Workspace) -> None:
    """The bank reports the money."""
    add_deposit(ws, "HMBAD820", "1990000001", PAID, DAY, ws.now(DAY))


def play(ws: Workspace, steps: list[str], control: int = 400) -> list[str]:
    """Send (under control numbers from `control` on) and deposit in order; return the files' ids.

    After each step the ledger is held to its sums.
    """
    came: list[str] = []
    for number, step in enumerate(steps):
        if step == "deposit":
            deposit(ws)
        else:
            data, name = written(step, control + number), f"{number}.edi"
            came.append(claim(ws, [data], name, PARTNER, "test", ws.now(DAY)).id)
            work(ws, came[-1])  # without delivery: documents are not looked at here
        check_ledger(ws)
    return came


def check_ledger(ws: Workspace) -> None:
    """Cash in = allocated + unapplied + suspense; nothing below zero; a replaced remittance holds nothing."""
    with ws.database.read() as conn:
        balances, papers = ledger.balances(conn, ""), cash.remittances(conn)
        tied = [money_in.remittance for money_in in deposits.listing(conn) if money_in.remittance]
        held = {paper.id: _held(ledger.of_remittance(conn, paper.id)) for paper in papers}
    assert sum(balances.values()) == 0
    assert 0 <= balances.get(BANK, 0) <= PAID
    assert all(cents <= 0 for name, cents in balances.items() if name.startswith(("suspense", "unapplied")))
    gone = [paper.id for paper in papers if paper.state == PaymentState.REPLACED]
    assert not set(gone) & set(tied) and not any(held[remittance] for remittance in gone)
    assert sum(held.values()) == -balances.get(suspense(PARTNER), 0)


def _held(entries: list[Any]) -> int:
    """What the entries of a remittance keep in the partner's suspense."""
    ours = suspense(PARTNER)
    return sum((entry.credit == ours) * entry.cents - (entry.debit == ours) * entry.cents for entry in entries)


def in_short(ws: Workspace, file_id: str) -> str:
    """Return a file's set, its remittance and the findings on it, in the words of the cases."""
    (one,) = values.file_value(ws, file_id)["sets"]
    paper = one["remittance"]
    return " ".join([one["state"], paper["state"] if paper else "-", *(each["code"] for each in one["findings"])])


def balances(ws: Workspace) -> dict[str, int]:
    """Return what stands on the ledger's accounts."""
    with ws.database.read() as conn:
        return {name: cents for name, cents in ledger.balances(conn, "").items() if cents}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_correction(on_both: Workspace, case: dict[str, Any]) -> None:
    profile = f"[partner.profile]\n{case.get('profile', '')}\n"
    load_terms(on_both, TERMS.read_text("utf-8").replace("[partner.profile]\n", profile, 1))
    came = play(on_both, case["send"])
    assert [in_short(on_both, file) for file in came] == case["after"]
    assert balances(on_both) == {name: parse_cents(text) for name, text in case["balances"].items()}


@pytest.mark.parametrize("steps", list(permutations(["deposit", "wrong", "worse", "right"])), ids=" ".join)
def test_in_any_order_the_money_lands_once(ws: Workspace, steps: tuple[str, ...]) -> None:
    load_terms(ws)
    play(ws, list(steps))
    assert balances(ws) == {BANK: PAID, "unapplied:41000100": -PAID}
    states = sorted(remittance["state"] for remittance in values.payment_list(ws)["remittances"])
    after = len({"wrong", "worse"} & set(steps[steps.index("right") :]))
    assert states == ["HELD"] * after + ["POSTED"] + ["REPLACED"] * (2 - after)


def test_each_says_which_the_other_is(ws: Workspace) -> None:
    load_terms(ws)
    first, second = play(ws, ["deposit", "wrong", "right"])
    (old,), (new,) = (values.file_value(ws, file_id)["sets"] for file_id in (first, second))
    by = f"replaced by set 0001 of file {second}, which corrects it"
    assert old["reason"] == old["remittance"]["reason"] == by
    assert [line["disposition"] for line in old["remittance"]["lines"]] == ["REPORTED"]
    (gone,) = [finding for finding in old["findings"] if finding["code"] == "PAYMENT-REPLACED"]
    (corrects,) = [finding for finding in new["findings"] if finding["code"] == "PAYMENT-CORRECTS"]
    assert gone["message"] == f"The remittance was {by}."
    assert f"set 0001 of file {first}" in corrects["message"] and "$999.99" in corrects["message"]
    with ws.database.read() as conn:
        receipts = [item.statement for item in outbox.of_kind(conn, DocumentKind.RECEIPT, ws.vault.fields)]
    rows = statement_rows.read(ws.database, ws.vault.fields, str(keys.report(second)))
    assert corrects["message"] in [row.message for row in rows]
    assert [(receipt.number, [line.what for line in receipt.lines]) for receipt in receipts] == [
        ("500001", [AccountKind.SUSPENSE]),
        ("500002", [AccountKind.UNAPPLIED]),
    ]


def test_both_may_come_in_one_file(ws: Workspace) -> None:
    load_terms(ws)
    deposit(ws)
    text = WRONG
    begin, end = text.index("ST*"), text.index("GE*")
    second = (
        text[begin:end]
        .replace("0001*0", "0002*0")
        .replace("*PI*1000*", "*PI*999.99*")
        .replace("*9*0001", "*9*0002")
    )
    both = text[:end] + second + text[end:].replace("GE*1*", "GE*2*")
    value = take_bytes(ws, both.encode(), "both.edi", DAY)
    assert [transaction_set["state"] for transaction_set in value["sets"]] == ["REPLACED", "APPLIED"]
    assert value["state"] == "PARTIAL"
    check_ledger(ws)


def test_a_correction_pays_the_invoice(on_both: Workspace) -> None:
    """What the bill asks for comes a cent short, lies in suspense, and pays the invoice once it is explained."""
    ws = on_both
    load_terms(ws)
    take(ws, SAMPLES / "demo" / "01-adds.edi", date(2026, 11, 20))
    (january, *_) = bill(ws, Month(2027, 1), ws.now(date(2026, 12, 10)), GROUP)[0].issued
    play(ws, ["wrong", "deposit"])
    assert values.account_value(ws, january.account)["owed_cents"] == january.total_due
    play(ws, ["right"], 600)
    account = values.account_value(ws, january.account)
    assert account["owed_cents"] == january.total_due - PAID
    assert [entry["cause"] for entry in account["entries"]][-1] == "payment"
    assert values.payment_list(ws)["suspense_cents"] == {}
    (february,) = [
        statement for statement in bill(ws, Month(2027, 2), ws.now(date(2027, 1, 10)), GROUP)[0].issued
        if statement.account == january.account
    ]  # fmt: skip
    assert february.payments == PAID


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("place", "name"),
    [
        (pipeline.cash.correct.deposits, "release"),
        (pipeline.cash.correct.ledger, "post"),
        (pipeline.cash.correct.cash, "set_remittance_state"),
        (pipeline.cash.correct.journal, "audit"),
        (pipeline.cash.correct.deposits, "match"),
    ],
)
def test_a_stopped_correction_is_finished_once(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Any, name: str, after: bool
) -> None:
    load_terms(ws)
    play(ws, ["deposit", "wrong"])
    before, path = balances(ws), tmp_path / "right.edi"
    path.write_bytes(written("right", 500))
    real = getattr(place, name)

    def stopping(*args: Any, **kwargs: Any) -> None:
        if after:
            real(*args, **kwargs)
        raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr(place, name, stopping)
        with pytest.raises(Stopped):
            receive(ws, read_chunks(path), path.name, PARTNER, "test", ws.now(DAY))
    assert balances(ws) == before
    assert values.payment_list(ws)["remittances"][0]["state"] == "SUSPENDED"
    for _ in range(2):
        resume(ws, ws.now(DAY), PARTNER)
        check_ledger(ws)
        assert in_short(ws, "F000002").startswith("APPLIED POSTED PAYMENT-CORRECTS ")
        assert balances(ws) == {BANK: PAID, "unapplied:41000100": -PAID}
