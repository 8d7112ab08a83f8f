"""A payment without an 820 is posted by a file that says what it is for (docs/domain.md, Allocations)."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from model.approval import Approval
from model.documents.keys import DocumentKind
from model.documents.statement import Receipt
from model.timeline import Month
from parsers.allocation import sheet
from pipeline import inputs
from pipeline.cash.deposits import add_deposit
from pipeline.check.run import Asked, Source, check
from pipeline.month.bill import bill
from pipeline.receive.run import receive
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.views import allocated, money
from store.money import ledger
from store.received import outbox
from support import values
from support.installation import GROUP, PARTNER
from support.people import deciding
from support.story import tell
from support.two_partners import agree, group_terms, partner_terms
from support.two_partners import send as sent_834
from support.verified import whole
from writers.reports.allocation_template import render

DAY = date(2027, 1, 14)
HEAD = "Payment Trace,Payer Company,Payment Amount,Invoice,Account,Subscriber,Month,Amount\n"


def balance(ws: Workspace, account: str) -> int:
    with ws.database.read() as conn:
        return ledger.balance(conn, account)


def send(ws: Workspace, text: str) -> dict[str, object]:
    file_id = receive(ws, [(HEAD + text).encode()], "a.csv", PARTNER, "test", ws.now(DAY))
    value: dict[str, object] = values.file_value(ws, file_id)
    return value


def test_a_deposit_is_allocated_to_the_cent(ws: Workspace, tmp_path: Path) -> None:
    tell(ws)
    ben = deciding(ws)
    number = add_deposit(ws, "CHK77", "1990000001", 150_025, DAY, ws.now(DAY)).deposit

    def allocate(text: str, partner: str = "", who: Workspace = ben) -> allocated.AllocatedView:
        return inputs.allocate(who, number, (HEAD + text).encode(), "a.csv", partner, ws.now(DAY), Approval())

    short = allocate(",,,100003,,,,1000.00\n,,,,41000100,,,500.00\n")
    assert not short.done and not short.file
    (finding,) = short.findings
    assert (finding.code, finding.where.text) == ("ALLOCATION-TOTAL", "row 3")
    assert finding.message == (
        "The amounts of rows 2 to 3 (column Amount) add up to $1,500.00; the deposit is $1,500.25, $0.25 more."
    )
    stated = allocate(",,1500.00,100003,,,,1000.25\n,,,,41000100,,,500.00\n")
    (finding,) = stated.findings
    assert (finding.code, finding.where.text) == ("ALLOCATION-TOTAL", "row 2, column C")
    assert finding.message == "The payment amount stated is $1,500.00; the deposit is $1,500.25."
    wrong = allocate(",,,,,,2027-13,1.005\n,,,9,,,,x\n")
    assert [(each.code, each.where.text) for each in wrong.findings] == [
        ("ALLOCATION-LINE", "row 2, column H"),
        ("ALLOCATION-LINE", "row 2, column G"),
        ("ALLOCATION-LINE", "row 2, column H"),
        ("ALLOCATION-LINE", "row 3, column H"),
    ]
    whole_file = ",,,100003,,,,1000.25\n,,,,41000100,,2027-02,500.00\n"
    assert "a person" in allocate(whole_file, who=ws).outcome or not allocate(whole_file, who=ws).done
    before = balance(ws, "receivable:41000100")
    made = allocate(whole_file)
    assert made.done and "posted" in made.outcome, made
    assert balance(ws, "receivable:41000100") == before - 150_025
    assert not allocate(whole_file).done, "the deposit is matched"
    assert any("receipt" in path for path in inputs.deliver(ws, ws.now(DAY)))
    whole(ws, DAY)
    assert replay(ws, tmp_path / "again").equal


def test_an_account_that_is_named_with_a_later_month_keeps_the_money_for_it(ws: Workspace) -> None:
    """January is open and February not billed: what is said to be for March pays neither of the two."""
    tell(ws)
    number = add_deposit(ws, "CHK78", "1990000001", 4_000, DAY, ws.now(DAY)).deposit
    before, text = balance(ws, "receivable:41000100"), (HEAD + ",,,,41000100,,2027-03,40.00\n").encode()
    assert before > 0
    assert inputs.allocate(deciding(ws), number, text, "a.csv", "", ws.now(DAY), Approval()).done
    assert balance(ws, "receivable:41000100") == before
    assert balance(ws, "ahead:41000100:2027-03") == -4_000


def test_an_employer_drops_it_in_its_channel(ws: Workspace) -> None:
    """It waits for its deposit as an 820 does; an invoice that nobody has goes into suspense."""
    tell(ws)
    sent = send(ws, "CHK78,1990000001,70.00,100003,,,,50.00\n,,,999999,,,,20.00\n")
    assert (sent["kind"], sent["state"]) == ("allocation", "PENDED")
    add_deposit(ws, "CHK78", "1990000001", 7_000, DAY, ws.now(DAY))
    (_, paper) = money.payment_list(ws).remittances
    assert paper.state == "POSTED" and paper.receipt
    assert balance(ws, f"suspense:{PARTNER}") == -2_000
    assert send(ws, "CHK78,1990000001,70.00,100003,,,,50.00\n,,,999999,,,,20.00\n")["state"] == "DUPLICATE"
    assert send(ws, "CHK79,1990000001,70.00,100003,,,,50.00\n")["state"] == "PENDED", "it does not add up"
    assert send(ws, ",,,100003,,,,fifty\n")["state"] == "REJECTED"
    whole(ws, DAY)


def test_what_does_not_add_up_is_told_by_row_and_column(ws: Workspace) -> None:
    """In the words of the file that was sent: no segment of an 820, which nobody sent."""
    tell(ws)
    sent = send(ws, "CHK79,1990000001,,,,,,\n,,70.00,100003,,,,50.00\n,,,100004,,,,30.00\n")
    said: dict[str, Any] = sent["all_findings"][0]  # type: ignore[index]
    assert (sent["state"], said["code"], said["where"]["text"]) == (
        "PENDED", "ALLOCATION-UNBALANCED", "row 3, column C",
    )  # fmt: skip
    assert said["message"] == (
        "The amounts of rows 3 to 4 (column Amount) add up to $80.00; the payment amount stated is $70.00, "
        "$10.00 less."
    )
    told = [*said.values(), *(each.reason for each in money.payment_list(ws).remittances)]
    assert not re.search("BPR|RMR|TRN|ADX", " ".join(map(str, told)))
    add_deposit(ws, "CHK79", "1990000001", 7_000, DAY, ws.now(DAY))
    assert balance(ws, f"suspense:{PARTNER}") == -7_000
    right = send(ws, "CHK79,1990000001,,,,,,\n,,70.00,100003,,,,50.00\n,,,100004,,,,20.00\n")
    assert right["state"] in ("APPLIED", "PARTIAL", "PENDED") and balance(ws, f"suspense:{PARTNER}") > -7_000
    whole(ws, DAY)


FORETOLD = (
    ("CHK1,1990000001,70.00,100003,,,,50.00\n,,,100004,,,,20.00\n", "accepted", "PENDED"),  # for its deposit
    ("CHK2,1990000001,70.00,100003,,,,50.00\n", "waiting", "PENDED"),
    ("CHK3,1990000001,-1.00,100003,,,,-1.00\n", "rejected", "REJECTED"),
    (",,,100003,,,,fifty\n,,,,,,2027-13,1.00\n", "rejected", "REJECTED"),
)


def test_check_says_of_an_allocation_what_taking_it_says(ws: Workspace) -> None:
    tell(ws)
    for text, foretold, state in FORETOLD:
        data = (HEAD + text).encode()
        one = check(Source("a.csv", lambda data=data: iter([data])), Asked(DAY))  # type: ignore[misc]
        sent = send(ws, text)
        assert (one.kind, one.outcome, sent["state"]) == ("allocation", foretold, state)
        said = {f["message"] for f in sent["all_findings"] if f["code"] != "PAYMENT-WAITS"}  # type: ignore[attr-defined]
        assert {finding.message for finding in one.findings} <= said
        assert state == "PENDED" or len(one.findings) == len(said)


def test_the_template_begins_with_what_is_open(ws: Workspace) -> None:
    tell(ws)
    number = add_deposit(ws, "CHK80", "1990000001", 2_725_000, DAY, ws.now(DAY)).deposit
    data = render(allocated.template_rows(ws, GROUP, number)).data
    assert sheet.recognise(data)
    made = sheet.read(data)
    assert made.findings == () and made.remittance is not None
    assert made.remittance.trace == "CHK80" and {line.qualifier for line in made.remittance.lines} == {"IK"}
    assert not sheet.recognise(b"Employee ID,Relationship,Last Name,Amount\n1,Self,X,1\n")


def test_an_invoice_of_another_partners_group_is_as_one_that_nobody_has(ws: Workspace) -> None:
    """By number, account and subscriber: what is told of it is word for word what is told of none."""
    agree(ws, partner_terms("acme", "G1"), partner_terms("other", "G2"), group_terms("G1"), group_terms("G2"))
    for at, (partner, group) in enumerate((("acme", "G1"), ("other", "G2")), 1):
        ana: dict[str, Any] = {"first": "ANA", "ssn": f"90000001{at}", "family": f"E{at}"}
        ana |= {"lines": [("021", "EMP", date(2027, 1, 1))]}
        assert sent_834(ws, partner, group, at, date(2026, 12, 4), ana)["state"] == "APPLIED"
        bill(ws, Month(2027, 1), ws.now(date(2026, 12, 10)), group)
    theirs, nobodys = ("100002", "G2-A", "E2"), ("100999", "G9-A", "E9")
    told = []
    for trace, (number, account, family) in (("CHK90", theirs), ("CHK91", nobodys)):
        rows = f"{number},,,,10.00\n,,,,{account},,,20.00\n,,,,,{family},,30.00\n"
        text = f"{HEAD}{trace},1990000005,60.00,{rows}"
        file_id = receive(ws, [text.encode()], "a.csv", "acme", "test", ws.now(DAY))
        add_deposit(ws, trace, "1990000005", 6_000, DAY, ws.now(DAY))
        said = [finding["message"] for finding in values.file_value(ws, file_id)["findings"]]
        with ws.database.read() as conn:
            receipt = list(outbox.of_kind(conn, DocumentKind.RECEIPT, ws.vault.fields))[-1].statement
        assert isinstance(receipt, Receipt)
        said += [str(line) for line in receipt.lines]
        paper = money.payment_list(ws).remittances[-1]
        words = json.dumps([*said, paper.state, paper.reason])
        for name, cover in ((number, "NUMBER"), (account, "ACCOUNT"), (family, "FAMILY"), (trace, "TRACE")):
            words = words.replace(name, cover)
        told.append(words)
    assert told[0] == told[1] and "NUMBER" in told[0]
    assert balance(ws, "receivable:G2-A") == 50_000 and balance(ws, "suspense:acme") == -12_000
