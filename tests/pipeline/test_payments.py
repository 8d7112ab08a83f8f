"""Payments and deposits that look alike (tests/cases/billing/payments.yaml)."""

from __future__ import annotations

import re
from datetime import date
from itertools import permutations
from typing import Any

import pytest
import yaml

from model.approval import Approval
from model.money.cents import parse_cents
from pipeline.cash.deposits import add_deposit, match_deposit, void_deposit
from pipeline.receive.claim import claim
from pipeline.receive.run import work
from pipeline.runtime.workspace import Workspace
from pipeline.views.outcomes import DepositOutcomeView
from store.money import ledger
from support import values
from support.installation import PARTNER, ROOT, SAMPLES, TERMS, load_terms
from support.people import ANN, BEN, deciding

_FILE = yaml.safe_load((ROOT / "tests" / "cases" / "billing" / "payments.yaml").read_text("utf-8"))
CASES, PAYMENTS = _FILE["cases"], _FILE["payments"]
CEDAR = "cedar-point"
SAMPLE = (SAMPLES / "broken" / "unbalanced-820" / "unbalanced.edi").read_text("utf-8")
DAY = date(2026, 12, 22)
ONE, TWO = Approval(reason="the bank's advice"), Approval(ANN, BEN, "the bank's advice")


def agree(ws: Workspace, case: dict[str, Any]) -> None:
    """Load both partners' terms as the case has them."""
    harbor = TERMS.read_text("utf-8")
    bound = [f'"{company}"' for company in case.get("harbor", ["1990000001"])]
    harbor = re.sub(r"^companies = .*$", f"companies = [{', '.join(bound)}]", harbor, count=1, flags=re.M)
    if case.get("transmission_is_deposit"):
        harbor = harbor.replace("[partner.profile]\n", "[partner.profile]\nremittance_is_deposit = true\n", 1)
    load_terms(ws, harbor)
    cedar = (SAMPLES / "groups" / "cedar-point.toml").read_text("utf-8")
    cedar = re.sub(r"^companies = .*\n", "", cedar, flags=re.M)
    if case.get("transmission_is_deposit") != "of both":
        cedar = cedar.replace("remittance_is_deposit = true\n", "")
    bound = [f'"{company}"' for company in case.get("cedar", ())]
    load_terms(
        ws, cedar.replace('code = "cedar-point"\n', f'code = "cedar-point"\ncompanies = [{", ".join(bound)}]\n', 1)
    )


def written(name: str, control: int, sender: str) -> bytes:
    """An 820 of the cases, under an interchange control number of its own."""
    edit = PAYMENTS[name]
    lines = edit.get("lines", ["RMR*11*41000100*PI*999.99"])
    text = SAMPLE.replace("000000310", f"{control:09d}").replace("HMBAD820", "PAY1")
    text = text.replace("RMR*11*41000100*PI*1000*1000", "~\n".join(lines)).replace(
        "SE*9*", f"SE*{8 + len(lines)}*"
    )
    text = text.replace("1990000001**01", f"{edit.get('company', '1990000001')}**01")
    text = text.replace("*20261123~\nTRN", f"*{edit.get('day', '20261223')}~\nTRN")
    text = text.replace("BPR*C*", f"BPR*{edit.get('handling', 'C')}*").replace(
        "*C*ACH*", f"*C*{edit.get('method', 'ACH')}*"
    )
    if sender == CEDAR:
        text = text.replace("HARBORMILLS    ", "CEDARPOINT     ").replace("HARBORMILLS", "CEDARPOINT")
    return text.encode()


def send(ws: Workspace, name: str, control: int, sender: str) -> str:
    """Receive an 820 without delivery; return the file's id."""
    file_id = claim(ws, [written(name, control, sender)], f"{control}.edi", sender, "test", ws.now(DAY)).id
    work(ws, file_id)
    return file_id


def bank(ws: Workspace, words: list[str]) -> DepositOutcomeView:
    """Do a step about a deposit."""
    verb, *rest = words
    if verb == "void":
        return void_deposit(deciding(ws), int(rest[0]), ws.now(DAY), TWO)
    if verb != "deposit":
        decision = TWO if verb == "release" else ONE
        return match_deposit(deciding(ws), int(rest[0]), int(rest[1]), ws.now(DAY), decision)
    day = next((date.fromisoformat(word) for word in rest if re.fullmatch(r"\d{4}-\d\d-\d\d", word)), DAY)
    cents = next((parse_cents(word) for word in rest if re.fullmatch(r"\d+\.\d\d", word)), 99_999)
    trace, company = (" PAY1 ", " 1990000001 ") if "blanks" in rest else ("PAY1", "1990000001")
    company = "" if "none" in rest else company
    return add_deposit(ws, trace, company, cents, day, ws.now(DAY), again="again" in rest)


def in_short(ws: Workspace, file_id: str) -> str:
    """Return a file's set, its remittance and the findings on it, in the words of the cases."""
    (one,) = values.file_value(ws, file_id)["sets"]
    paper = one["remittance"]
    return " ".join([one["state"], paper["state"] if paper else "-", *(each["code"] for each in one["findings"])])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_payments(ws: Workspace, case: dict[str, Any]) -> None:
    agree(ws, case)
    came: list[str] = []
    outcomes: list[DepositOutcomeView] = []
    for control, step in enumerate(case["steps"], 700):
        sender, name = (CEDAR, step.removeprefix("cedar: ")) if step.startswith("cedar: ") else (PARTNER, step)
        if name in PAYMENTS:
            came.append(send(ws, name, control, sender))
        else:
            outcomes.append(bank(ws, step.split()))
    assert [in_short(ws, file) for file in came] == case["after"]
    expected = case.get("said", [])
    assert [
        part in outcome.outcome or outcome.outcome for outcome, part in zip(outcomes, expected, strict=True)
    ] == [True] * len(outcomes)
    with ws.database.read() as conn:
        balances = {name: cents for name, cents in ledger.balances(conn, "").items() if cents}
    assert balances == {name: parse_cents(text) for name, text in case["balances"].items()}


ORDERS = sorted(set(permutations(["prenote", "paid", "same, sent again", "deposit", "deposit"])))


@pytest.mark.parametrize("steps", ORDERS[::5], ids=", ".join)
def test_in_any_order_the_money_lands_once(ws: Workspace, steps: tuple[str, ...]) -> None:
    """A prenote, an 820 sent twice and its deposit entered twice come to one payment, whatever comes first."""
    agree(ws, {})
    for control, step in enumerate(steps, 700):
        if step in PAYMENTS:
            send(ws, step, control, PARTNER)
        else:
            bank(ws, [step])
    with ws.database.read() as conn:
        balances = {name: cents for name, cents in ledger.balances(conn, "").items() if cents}
    assert balances == {"bank": 99_999, "unapplied:41000100": -99_999}
    listed = values.payment_list(ws)
    assert sorted(remittance["state"] for remittance in listed["remittances"]) == ["NOTED", "POSTED"]
    assert [bool(deposit["remittance"]) for deposit in listed["deposits"]] == [True]


def test_what_is_held_says_whose_it_looks_like_and_nothing_of_another_partner(ws: Workspace) -> None:
    agree(ws, {"cedar": ["1990000001"]})
    first = send(ws, "paid", 700, PARTNER)
    held, others = send(ws, "other day", 701, PARTNER), send(ws, "paid", 702, CEDAR)
    (own,), (other,) = (values.file_value(ws, file_id)["sets"] for file_id in (held, others))
    assert f"set 0001 of file {first}, which is waiting" in own["reason"]
    assert values.file_value(ws, held)["state"] == "PENDED"
    assert first not in other["reason"] and PARTNER not in str(other)
    assert values.payment_list(ws)["deposits"] == []


def test_a_void_is_recorded_with_both_people(ws: Workspace) -> None:
    agree(ws, {})
    alone = Approval(BEN, "BEN  ode", "entered twice")
    made = add_deposit(ws, "PAY1", "1990000001", 500, DAY, ws.now(DAY))
    refused = void_deposit(deciding(ws), made.deposit, ws.now(DAY), alone)
    assert not refused.done and "cannot approve it" in refused.outcome
    assert void_deposit(deciding(ws), made.deposit, ws.now(DAY), TWO).done
    (deposit,) = values.payment_list(ws)["deposits"]
    assert deposit["void"] and deposit["proposals"] == []
    with ws.database.read() as conn:
        (row,) = conn.exec_driver_sql("SELECT detail FROM audit WHERE action = 'deposit-voided'").all()
    assert row[0] == "requested by Ann Lee, approved by Ben Ode: the bank's advice"
