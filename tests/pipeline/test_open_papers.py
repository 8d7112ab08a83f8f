"""Open work of papers: payments and deposits, months without a price, documents that did not leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import yaml

from model.approval import Approval
from model.desk import Wanted
from model.enrollment.ruling import Answer, Kind, Wish
from model.timeline import Month
from pipeline import inputs
from pipeline.cash import deposits
from pipeline.decisions import sets
from pipeline.month.bill import bill
from pipeline.receive import deliver
from pipeline.receive.run import receive
from pipeline.roster import export
from pipeline.roster.end_coverage import end_coverage
from pipeline.runtime.workspace import Workspace
from pipeline.views import agreed, work
from sample_files import edi
from store.desk import items
from store.money import cash
from store.received import exchanges
from support import envelopes
from support.installation import GROUP, PARTNER, ROOT, SAMPLES, TERMS, TWO, load_terms, take, take_bytes
from support.people import deciding

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "desk" / "papers.yaml").read_text("utf-8"))
DAY = date(2026, 12, 10)
COMPANY = "1990000001"
ONE = Approval(reason="the bank's advice")
AGREED = TERMS.read_text("utf-8")
JANUARY, FEBRUARY = Month(2027, 1), Month(2027, 2)


def opened(ws: Workspace, day: date = DAY) -> list[str]:
    """Return what is open: kind, code and cents."""
    page = work.work_list(ws, ws.now(day), Wanted())
    return sorted(f"{item.kind} {item.code} {item.amount_cents}" for item in page.items)


def about(ws: Workspace, day: date = DAY) -> list[str]:
    """Return what is open: code, and about what."""
    page = work.work_list(ws, ws.now(day), Wanted())
    return sorted(f"{item.code} {item.label}" for item in page.items)


def do(ws: Workspace, step: dict[str, Any], control: int) -> None:
    match step:
        case {"pay": paid}:
            rows = [(kind, reference, cents, cents) for kind, reference, cents in paid["lines"]]
            body = edi.remittance_set(rows, DAY, paid["trace"], total=paid.get("total"))
            data = edi.interchange([body], DAY, control, kind="820").encode()
            receive(ws, [data], f"{control}.edi", PARTNER, "test", ws.now(DAY))
        case {"deposit": came}:
            deposits.add_deposit(ws, came["trace"], COMPANY, came["cents"], DAY, ws.now(DAY))
        case {"void": number}:
            assert deposits.void_deposit(ws, number, ws.now(DAY), TWO).done
        case {"match": (deposit, remittance)}:
            assert deposits.match_deposit(ws, deposit, remittance, ws.now(DAY), ONE).done
        case {"drop": remittance}:
            with ws.database.read() as conn:
                paper = cash.find(conn, remittance)
            assert paper is not None
            looked = sets.drop(ws, paper.set, ws.now(DAY))
            assert looked.effect and not looked.done
            made = sets.drop(ws, paper.set, ws.now(DAY), TWO, looked.effect.digest)
            assert made.done, made.problem
            again = sets.drop(ws, paper.set, ws.now(DAY), TWO, looked.effect.digest)
            assert again.problem == f"it was decided already, by decision {made.number}"


@pytest.mark.parametrize("case", CASES, ids=[case["it"] for case in CASES])
def test_papers_of_money(ws: Workspace, case: dict[str, Any]) -> None:
    desk = deciding(ws)
    load_terms(ws)
    for control, step in enumerate(case["steps"], 700):
        do(desk, step, control)
        assert opened(ws) == step["open"], f"after {step}"


# --- people whom a payment asks about ------------------------------------------------------------------------


HOME = ("1 MAIN ST", "HARTFORD", "CT", "06101")
ADA = edi.Person("18", "SAMPLE", "ADA", date(1984, 3, 30), "F", "900000001")


def change(ws: Workspace, control: int, maintenance: str, *coverages: edi.Coverage) -> None:
    """Send a record of a subscriber."""
    family = edi.Family("E00000001", "100", (ADA,), coverages, date(2022, 3, 1), HOME)
    body = edi.enrollment_set([edi.member(family, ADA, maintenance)], DAY, f"R{control}")
    receive(ws, [edi.interchange([body], DAY, control).encode()], f"{control}.edi", PARTNER, "test", ws.now(DAY))


def test_a_payment_asks_whether_somebody_is_employed_and_an_end_answers(ws: Workspace) -> None:
    load_terms(ws)
    gold = edi.Coverage("HLT", "GOLD", "EMP", date(2027, 1, 1))
    change(ws, 6, "021", gold)
    lines = edi.remittance_set([("AZ", "E00000001", 0, 1000)], DAY, "T1")
    at = next(place for place, line in enumerate(lines) if line.startswith("ENT"))
    lines[at : at + 1] = ["ENT*1*2J*EI*E00000001", "NM1*IL*1*SAMPLE*ADA****EI*E00000001"]
    lines[at + 2] = lines[at + 2].replace("*PP*", "**")  # of a person RMR03 is not used
    lines[-1:] = ["ADX*-10*AX", f"SE*{len(lines) + 1}*0001"]
    receive(ws, [edi.interchange([lines], DAY, 7, kind="820").encode()], "7.edi", PARTNER, "test", ws.now(DAY))
    asked = ["NO-LONGER-EMPLOYED subscriber E00000001 (member M000000001)"]
    assert about(ws) == asked
    change(ws, 8, "001", gold)
    assert about(ws) == asked
    change(ws, 9, "024", edi.Coverage("HLT", "GOLD", "EMP", None, date(2027, 1, 31), "024"))
    assert about(ws) == []


def test_a_disputed_amount_is_work_of_billing_until_somebody_closes_it(ws: Workspace) -> None:
    """ADX02 = 20, IA and J3 on two lines of an account: one item, of all that is disputed; closed, it stays so."""
    load_terms(ws)
    lines = edi.remittance_set([("11", "41000100", 9_000, 10_000), ("11", "41000100", 4_500, 5_500)], DAY, "T1")
    first, second = (place for place, line in enumerate(lines) if line.startswith("RMR"))
    lines[second + 1 : second + 1] = ["ADX*-5*IA", "ADX*-5*J3"]
    lines.insert(first + 1, "ADX*-10*20")
    lines[-1] = f"SE*{len(lines)}*0001"
    receive(ws, [edi.interchange([lines], DAY, 7, kind="820").encode()], "7.edi", PARTNER, "test", ws.now(DAY))
    deposits.add_deposit(ws, "T1", COMPANY, 13_500, DAY, ws.now(DAY))
    (asked,) = work.work_list(ws, ws.now(DAY), Wanted("query")).items
    assert (asked.code, asked.amount_cents, asked.role) == ("AMOUNT-DISPUTED", 2_000, "billing")
    assert about(ws) == ["AMOUNT-DISPUTED account 41000100, payment T1 of harbor-mills, line 1, 2"]
    said = Wish(Answer(Kind.DROP))
    looked = inputs.decide_work(deciding(ws), asked.number, said, ws.now(DAY))
    assert not looked.done
    made = inputs.decide_work(deciding(ws), asked.number, said, ws.now(DAY), "the rate was explained by phone", "")
    assert made.done and inputs.look_at_desk(ws, ws.now(DAY)).total == 0 and about(ws) == []


def test_who_is_covered_no_more_is_asked_about_no_longer(ws: Workspace) -> None:
    load_terms(ws)
    gold = edi.Coverage("HLT", "GOLD", "EMP", date(2026, 12, 1), date(2026, 12, 31))
    change(ws, 6, "021", gold)
    other = edi.Person("18", "SAMPLE", "CAL", date(1986, 5, 1), "M", "900000002")
    family = edi.Family("E00000002", "100", (other,), (replace(gold, end=None),), date(2022, 3, 1), HOME)
    body = edi.enrollment_set([edi.member(family, other)], DAY, "FULL", action="RX")
    receive(ws, [edi.interchange([body], DAY, 7).encode()], "7.edi", PARTNER, "test", ws.now(DAY))
    assert about(ws) == ["ABSENT-FROM-FULL-FILE subscriber E00000001 (member M000000001)"]
    assert inputs.look_at_desk(ws, ws.now(date(2026, 12, 31))).total == 1
    assert inputs.look_at_desk(ws, ws.now(date(2027, 1, 1))).total == 0


# --- months ----------------------------------------------------------------------------------------------


def billed(ws: Workspace, month: Month, day: date = DAY) -> None:
    bill(ws, month, ws.now(day), GROUP, ahead=True)


def test_an_account_that_is_held_is_open_work_until_its_invoice_is_made(on_both: Workspace) -> None:
    ws = deciding(on_both)
    load_terms(ws)
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))
    gone = AGREED.replace(', FAM = "1500.00" }', " }")
    assert gone != AGREED
    load_terms(ws, gone)
    billed(ws, JANUARY)
    assert about(ws) == ["INVOICE-HELD account 41000100, 2027-01"]
    billed(ws, JANUARY)
    assert about(ws) == ["INVOICE-HELD account 41000100, 2027-01"]
    load_terms(ws, gone.replace('first_month = "2027-01"', 'first_month = "2027-01"\nunpriced = "bill-the-rest"'))
    billed(ws, JANUARY)
    assert about(ws) == ["RATE-MISSING account 41000100, 2027-01, 1 family"]
    load_terms(ws)
    billed(ws, FEBRUARY)
    assert about(ws) == []
    with ws.database.read() as conn:
        assert [items.find(conn, number) is not None for number in (1, 2, 3)] == [True, True, False]


def test_what_stands_beyond_its_agreement_is_open_work_until_it_is_ended(ws: Workspace) -> None:
    ws = deciding(ws)
    load_terms(ws)
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))
    ends = AGREED.replace("begin = 2026-01-01\naddress", "begin = 2026-01-01\nend = 2027-01-31\naddress")
    load_terms(ws, ends)
    billed(ws, FEBRUARY, date(2027, 1, 10))
    assert about(ws) == [
        "COVERED-OUTSIDE account 41000100, 2 families",
        "INVOICE-HELD account 41000100, 2027-02",
    ]
    made = end_coverage(ws, GROUP, ws.now(date(2027, 2, 1)), TWO)
    assert made and made.done
    assert about(ws) == ["INVOICE-HELD account 41000100, 2027-02"]
    billed(ws, FEBRUARY, date(2027, 2, 10))
    assert about(ws) == []


# --- documents -------------------------------------------------------------------------------------------


@pytest.fixture
def sent(ws: Workspace) -> Workspace:
    """A store whose roster went out to the employer as an 834, on the day."""
    load_terms(ws)
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))
    made = export.export(ws, GROUP, "834", agreed.partner(ws, PARTNER), ws.now(DAY), on=None, deliver=True)
    assert made.key
    deliver.deliver(ws, ws.now(DAY))
    return ws


def answer(ws: Workspace, verdict: str, control: int, day: date) -> None:
    """Have the partner answer the 834 by a 999."""
    with ws.database.read() as conn:
        (document,) = exchanges.sent(conn, PARTNER)
    codes = () if verdict == "A" else ("5",)
    data = envelopes.interchange(control, envelopes.ack(control, document.functional_group, verdict, *codes))
    take_bytes(ws, data, f"{control}.edi", day)


def test_a_document_that_nobody_answers_is_open_work_from_the_third_day_on(sent: Workspace) -> None:
    later = DAY + timedelta(days=2)
    assert inputs.look_at_desk(sent, sent.now(DAY + timedelta(days=1))).rows == ()
    assert [row.code for row in inputs.look_at_desk(sent, sent.now(later)).rows] == ["EXCHANGE-UNACKNOWLEDGED"]
    (row,) = inputs.look_at_desk(sent, sent.now(later + timedelta(days=1))).rows
    assert (row.count, row.oldest) == (1, 1)
    answer(sent, "A", 901, later)
    assert about(sent, later) == []


def test_a_document_that_was_not_taken_is_open_work_until_it_is(sent: Workspace) -> None:
    answer(sent, "R", 901, DAY)
    (refused,) = about(sent)
    assert refused.startswith("ACK-REJECTED roster:HM4100:834:")
    answer(sent, "A", 902, DAY)
    assert about(sent) == []


def test_what_a_channel_does_not_take_is_open_work_by_night(ws: Workspace) -> None:
    load_terms(ws)
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))
    billed(ws, JANUARY)
    assert inputs.look_at_desk(ws, ws.now(DAY)).rows == ()
    later = DAY + timedelta(days=2)
    assert [row.code for row in inputs.look_at_desk(ws, ws.now(later)).rows] == ["EXCHANGE-UNDELIVERED"]
    deliver.deliver(ws, ws.now(later))
    assert inputs.look_at_desk(ws, ws.now(later)).rows == ()
