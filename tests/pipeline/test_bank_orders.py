"""The bank's lines in every order of arrival, with returns between: each cent is entered once and goes once.

Source: docs/domain.md, The bank; Returned payments.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from model.approval import Approval
from model.desk import Wanted
from model.money.bank import LineState
from model.money.returns import Advice
from model.timeline import Month
from pipeline import inputs
from pipeline.cash import reverse, unnamed
from pipeline.receive.run import receive
from pipeline.runtime.workspace import Workspace
from pipeline.views import banked
from pipeline.views.work import work_list
from sample_files import banking as bank_files
from sample_files.banking import Entry, Returned
from support.cashed import ACCOUNT, COMPANY, Till
from support.cedar import TERMS as CEDAR
from support.installation import PARTNER, SAMPLES, TERMS, load_terms, take
from support.people import ANN, TWO, deciding, person
from support.story import tell

DAY, BACK, LATER = date(2027, 1, 14), date(2027, 1, 20), date(2027, 1, 25)
TRACE, CENTS = "HM2027010001", 5_067_000  # of demo/03-remittance.edi
ITS_MONEY = TERMS.read_text("utf-8").replace(
    "[partner.profile]\n", "[partner.profile]\nremittance_is_deposit = true\n", 1
)


def load(ws: Workspace, data: bytes, day: date = LATER, mapping: str = "") -> None:
    assert not inputs.load_bank(ws, data, "bank.txt", mapping, ws.now(day)).refused


def lockbox(ws: Workspace, *cheques: tuple[str, int, str, str], day: date = DAY) -> None:
    load(ws, bank_files.lockbox(cheques, day), mapping=bank_files.LOCKBOX_MAP)


def balances(ws: Workspace) -> dict[str, int]:
    return Till(ws).balances()


def of_accounts(ws: Workspace) -> dict[str, int]:
    return {name: cents for name, cents in balances(ws).items() if name.startswith(("receivable:", "suspense:"))}


def waiting(ws: Workspace) -> list[str]:
    listed = work_list(ws, ws.now(LATER), Wanted()).items
    return sorted(item.code for item in listed if item.kind in ("bank", "deposit", "return"))


def states(ws: Workspace) -> dict[int, tuple[str, str]]:
    return {line.line: (line.state, line.is_) for line in banked.bank_list(ws, whole=True).lines}


def nsf(ws: Workspace, payment: str, trace: str = "77", day: date = BACK) -> None:
    made = reverse.reverse(deciding(ws), payment, Advice(trace, "NSF", day), ws.now(day), TWO)
    assert made.done, made.problem


BY_HAND = [*permutations(["by hand", "line", "return"])]
BY_WORD = [*permutations(["820", "line", "return"])]


@pytest.mark.parametrize(
    ("terms", "order"),
    [("", order) for order in BY_HAND] + [(ITS_MONEY, order) for order in BY_WORD],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "its word" if value else "cash",
)
def test_money_that_went_back_is_out_of_the_books_in_any_order(
    ws: Workspace, terms: str, order: tuple[str, ...]
) -> None:
    """Entered by hand, told by the bank, taken back by it: whichever comes last enters nothing a second time."""
    load_terms(ws, terms)
    do: dict[str, Callable[[], object]] = {
        "by hand": lambda: inputs.add_deposit(ws, TRACE, COMPANY, CENTS, DAY, ws.now(DAY)),
        "line": lambda: load(ws, bank_files.bai2([Entry("142", CENTS, "B1", TRACE)], DAY)),
        "return": lambda: load(ws, bank_files.bai2([Entry("555", CENTS, "B2", TRACE, "NSF")], BACK)),
        "820": lambda: take(ws, SAMPLES / "demo" / "03-remittance.edi", DAY),
    }
    for step in order:
        do[step]()
    reverse.look_again(ws, ws.now(LATER))
    assert balances(ws) == {}
    assert waiting(ws) == []
    assert {state for state, _ in states(ws).values()} == {LineState.MATCHED}


def test_a_cheque_that_is_presented_again_is_new_money(ws: Workspace) -> None:
    """The bank's line of a day after the return is no line of what went back; by hand the day says so, too."""
    load_terms(ws)
    inputs.add_deposit(ws, "1001", COMPANY, 5_000, DAY, ws.now(DAY))
    nsf(ws, "D1")
    load(ws, bank_files.bai2([Entry("301", 5_000, "B9", "1001")], BACK + timedelta(days=2)))
    assert balances(ws) == {"bank": 5_000, "suspense:": -5_000}
    refused = inputs.add_deposit(ws, "1001", COMPANY, 5_000, DAY, ws.now(LATER))
    assert not refused.done and "which the bank took back on 2027-01-20" in refused.outcome
    nsf(ws, "D2", "78", LATER - timedelta(days=1))
    assert inputs.add_deposit(ws, "1001", COMPANY, 5_000, LATER, ws.now(LATER)).done
    ben = deciding(ws)
    load(ws, bank_files.bai2([Entry("301", 5_000, "B10", "OTHER")], DAY))
    assert states(ws)[2][0] == LineState.NEAR
    assert inputs.match_bank(ben, 2, "D1", ws.now(LATER), TWO).outcome == "it confirms deposit 1"
    assert states(ws)[2][1] == "deposit 1, which the bank took back on 2027-01-20"
    assert balances(ws)["bank"] == 5_000


def test_a_return_takes_back_nothing_that_came_after_it(ws: Workspace) -> None:
    """Numbers of cheques come again: the payer of February is not the one whose cheque bounced in January."""
    load_terms(ws)
    load(ws, bank_files.nacha([Returned("R01", 5_000, "1001", "77")], DAY))
    assert waiting(ws) == ["RETURN-UNKNOWN"]
    load(ws, bank_files.bai2([Entry("142", 5_000, "B1", "1001")], BACK))
    reverse.look_again(ws, ws.now(LATER))
    assert balances(ws) == {"bank": 5_000, "suspense:": -5_000}
    assert waiting(ws) == ["DEPOSIT-WAITS", "RETURN-UNKNOWN"]


def test_a_cheque_is_no_deposit_of_another_year(ws: Workspace) -> None:
    """Of equal number and amount: the batch waits for people, who say that it is other money."""
    load_terms(ws)
    inputs.add_deposit(ws, "1001", "", 5_000, date(2026, 2, 2), ws.now(DAY))
    load(ws, bank_files.bai2([Entry("115", 5_000, "B7", "", "LOCKBOX LB7")], DAY))
    lockbox(ws, ("1001", 5_000, "", ""))
    assert states(ws)[2][0] == LineState.NEAR and balances(ws)["bank"] == 10_000
    assert inputs.match_bank(deciding(ws), 2, "L1", ws.now(DAY), TWO).done
    assert balances(ws)["bank"] == 10_000 and states(ws)[2][1] == "deposit 3 of line 1, waits"


def test_a_cheque_whose_820_was_the_money_is_no_money_again(ws: Workspace) -> None:
    load_terms(ws, ITS_MONEY)
    Till(ws).remit("1001", DAY, ("11", ACCOUNT, 5_000))
    before = balances(ws)
    load(ws, bank_files.bai2([Entry("115", 5_000, "B7", "", "LOCKBOX LB7")], DAY))
    lockbox(ws, ("1001", 5_000, ACCOUNT, ""))
    assert balances(ws) == before and before["bank"] == 5_000
    assert states(ws)[2] == (LineState.MATCHED, "confirms remittance 1, which its sender's word had posted")


def test_a_deposit_that_the_bank_told_is_voided_with_its_line(ws: Workspace) -> None:
    """Entered by hand and confirmed, or entered by people's word: voiding it alone would leave the line tied."""
    load_terms(ws)
    ben = deciding(ws)
    inputs.add_deposit(ws, "T1", COMPANY, 5_000, DAY, ws.now(DAY))
    load(ws, bank_files.bai2([Entry("142", 5_000, "B1", "T1"), Entry("142", 700, "B2", "T2")], DAY))
    refused = inputs.void_deposit(ben, 1, ws.now(DAY), TWO)
    assert not refused.done and "`rollbook bank void 1` takes back both" in refused.outcome
    assert inputs.void_bank(ben, 1, ws.now(DAY), TWO).outcome == "voided; $50.00 is out of the books"
    inputs.add_deposit(ws, "T9", "", 900, DAY, ws.now(DAY))
    load(ws, bank_files.bai2([Entry("142", 900, "B3", "T3")], DAY))
    assert inputs.match_bank(ben, 3, "new", ws.now(DAY), TWO).done
    assert inputs.void_bank(ben, 3, ws.now(DAY), TWO).done
    assert balances(ws) == {"bank": 1_600, "suspense:": -1_600}


def test_what_came_back_after_its_refund_was_cashed_is_money_for_somebody(ws: Workspace) -> None:
    """A cheque of ours that was posted and returned: no refund comes back twice, and the bank's cents are ours."""
    load_terms(ws)
    load(ws, bank_files.bai2([Entry("255", 5_000, "B1", "1001")], DAY))
    ben = deciding(ws)
    refused = inputs.match_bank(ben, 1, "D7", ws.now(DAY), TWO).outcome
    assert refused == "'D7' says nothing of a back line: write C1001 (a refund) or new"
    assert inputs.match_bank(ben, 1, "new", ws.now(DAY), TWO).done
    assert balances(ws) == {"bank": 5_000, "suspense:": -5_000} and waiting(ws) == ["DEPOSIT-WAITS"]


def test_a_cheque_of_another_partner_s_company_waits(ws: Workspace) -> None:
    """It names an account that its payer may not pay: nobody's money goes to another one's group by itself."""
    tell(ws)
    load_terms(ws, CEDAR)
    load(ws, bank_files.bai2([Entry("115", 10_000, "B7", "", "LOCKBOX LB7")], DAY))
    rows = bank_files.lockbox([("1", 5_000, ACCOUNT, ""), ("2", 5_000, ACCOUNT, "")], DAY)
    cheques = rows.replace(f",,{ACCOUNT}".encode(), f",1990000005,{ACCOUNT}".encode(), 1)
    load(ws, cheques, mapping=bank_files.LOCKBOX_MAP)
    assert balances(ws)["suspense:"] == -5_000
    assert [states(ws)[line][1].rpartition(", ")[2] for line in (2, 3)] == ["waits", "placed on accounts"]


def test_money_that_an_820_names_is_not_unnamed(ws: Workspace) -> None:
    """The 820 has another amount and waits; the group's policy leaves the two to people, and takes the rest."""
    text = TERMS.read_text("utf-8").replace(
        "[group.billing]\n", '[group.billing]\nunnamed_payment = "oldest-first"\nunnamed_days = 3\n', 1
    )
    till = Till(ws)
    till.open(text)
    till.bill(Month(2027, 1), date(2026, 12, 10))
    till.remit("T5", DAY, ("11", ACCOUNT, 50_000))
    till.deposit("T5", 60_000, DAY)
    till.deposit("T6", 700, DAY)
    (placed,) = unnamed.place_by_policy(ws, ws.now(LATER))
    assert placed.trace == "T6" and till.unidentified() == 60_000


def test_an_allocation_that_was_received_already_goes_on_or_says_of_which_payment_it_is(ws: Workspace) -> None:
    """Killed between receiving and posting: asked for again it posts. The same bytes of another one do not."""
    till = Till(ws)
    till.open()
    data = bank_files.allocation([("", "", "", "", ACCOUNT, "", "", "50.00")])
    first, second = till.deposit("C1", 5_000, DAY), till.deposit("C2", 5_000, BACK)
    receive(ws, [data], "a.csv", PARTNER, "command", ws.now(DAY))

    def allocate(deposit: int, what: bytes) -> tuple[bool, str]:
        made = inputs.allocate(deciding(ws), deposit, what, "a.csv", "", ws.now(BACK), Approval())
        return made.done, made.outcome

    assert allocate(first, data) == (True, "remittance posted, receipt 500001")
    done, told = allocate(second, data)
    assert not done and "the very file is the allocation of payment R1" in told
    named = bank_files.allocation([("C2", "", "", "", ACCOUNT, "", "", "50.00")])
    assert allocate(second, named) == (True, "remittance C2 posted, receipt 500002")
    assert till.unidentified() == 0


def test_the_first_person_alone_voids_nothing(ws: Workspace) -> None:
    load_terms(ws)
    inputs.add_deposit(ws, "T1", "", 5_000, DAY, ws.now(DAY))
    load(ws, bank_files.bai2([Entry("142", 5_000, "B1", "T1")], DAY))
    deciding(ws)
    ann = replace(ws, actor=person(ANN))
    assert not inputs.void_bank(ann, 1, ws.now(DAY), Approval(reason="not ours")).done
    assert balances(ws)["bank"] == 5_000


def test_returns_that_the_bank_tells_apart_by_nothing_are_as_many_as_it_told(ws: Workspace) -> None:
    """Two of one amount without a reference, two under one reference: each is work of its own, told once."""
    load_terms(ws)
    data = bank_files.bai2([Entry("555", 5_000, name, "", "NSF") for name in ("", "", "B7", "B7")], BACK)
    for _ in range(2):
        load(ws, data)
    assert waiting(ws) == ["RETURN-UNKNOWN"] * 4
    labels = {item.label for item in work_list(ws, ws.now(LATER), Wanted("return")).items}
    assert {label.split()[1] for label in labels} == {"L1", "L2/2", "B7", "B7/2"}
    assert sum("payment not said" in label for label in labels) == 2


@pytest.mark.parametrize(("short", "placed"), [(0, True), (1, False)], ids=["to the cent", "a cent short"])
def test_a_cheque_may_name_a_consolidated_invoice(ws: Workspace, short: int, placed: bool) -> None:
    """Its sum pays each bill what it asked, as under an 820; any other sum waits. A return opens what was paid."""
    tell(ws)
    before = of_accounts(ws)
    cents = sum(owed for name, owed in before.items() if name.startswith("receivable")) - short
    load(ws, bank_files.bai2([Entry("115", cents, "B7", "", "LOCKBOX LB7")], DAY))
    lockbox(ws, ("1", cents, "", "300002"))
    assert of_accounts(ws) == ({} if placed else {**before, "suspense:": -cents})
    load(ws, bank_files.bai2([Entry("555", cents, "B9", "1", "NSF")], BACK))
    assert of_accounts(ws) == before
