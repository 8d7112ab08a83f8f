"""The bank takes a payment back, through the command line: what people read of it before, by it and after it."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from cli.session import Failure
from model.timeline import Month
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from support.cashed import ACCOUNT, Till
from support.installation import TERMS, run, run_by_two
from support.people import at_the_desk

FEE = TERMS.read_text("utf-8").replace("grace_days = 31", "grace_days = 31\nreturn_fee_cents = 2500", 1)
PAID, BACK = date(2026, 12, 15), date(2027, 1, 20)
AS_ASKED = ("payment", "reverse", "T1", "--code", "NSF", "--trace", "RT1", "--on", "2027-01-19")
DAY = ("--today", str(BACK))


@pytest.fixture
def till(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Till:
    """January is billed and paid, with half of it over; that paid a part of February."""
    till = Till(ws)
    till.open(FEE)
    january = till.bill(Month(2027, 1), date(2026, 12, 10))[ACCOUNT]
    asked = till.opens()[january]
    till.pay("T1", PAID, ("IK", january, asked), ("11", ACCOUNT, asked // 2))
    till.bill(Month(2027, 2), date(2027, 1, 10))
    at_the_desk(ws, monkeypatch)
    return till


def words(out: str) -> str:
    """Return what was printed in one line, whatever the width."""
    return " ".join(out.split())


def test_a_payment_is_taken_back_by_two_people_and_everybody_is_told(
    till: Till, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = till.balances()
    looked = run(*AS_ASKED, *DAY)
    assert looked.code == 1 and "it needs a reason" in words(looked.out) and "invoice 100001" in looked.out
    assert till.balances() == before
    done = run_by_two(monkeypatch, *AS_ASKED, "--reason", "the bank's advice", *DAY)
    assert done.code == 0, done.out
    told = words(done.out)
    assert "Payment R1 of $3,240.00: taken back, insufficient funds (NSF), by return RT1 of 2027-01-19" in told
    assert "To be made good by 2027-01-30" in told and "fee D1001" in told and "returned-payment-RT1.pdf" in told
    assert till.balances() == {"premium": before["premium"], "receivable:41000100": 434_500, "fee": -2_500}

    again = run(*AS_ASKED, "--reason", "once more", *DAY)
    assert again.code == 0 and "it was taken back before, on 2027-01-19 by return RT1" in words(again.out)
    other = run(*AS_ASKED[:-3], "RT2", "--reason", "once more", *DAY)
    assert other.code == 1 and "taken back before" in words(other.out)
    with pytest.raises(Failure, match="there is no payment T9"):
        run("payment", "reverse", "T9", "--code", "NSF", "--trace", "RT9", *DAY)

    listed = words(run("payment", "list").out)
    assert "returned 2027-01-19" in listed and "REVERSED" in listed and "insufficient funds" in listed
    why = words(run("explain", "payment", "T1").out)
    assert "taken back by the bank on 2027-01-19: insufficient funds (NSF), return RT1" in why
    assert "Invoice 100001 of account 41000100 is open again by $2,160.00" in why
    assert "Invoice 100002 of account 41000100 is open again by $1,080.00" in why
    assert "payment returned by the bank" in words(run("account", "show", ACCOUNT).out)
    assert replay(till.ws, tmp_path / "again").equal


def test_the_notice_says_what_is_open_again_and_until_when(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run_by_two(monkeypatch, *AS_ASKED, "--reason", "the bank's advice", *DAY, "--json")
    view = done.json
    pdf, table = (
        next(path for path in view["documents"] if path.endswith(f"RT1.{end}")) for end in ("pdf", "csv")
    )
    read = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    page = words(read.stdout.decode())
    for text in (
        *("Returned payment", "Open now, to be paid by", "January 30, 2027", "$4,345.00"),
        *("Invoice 100001 is open again", "Invoice 100002 is open again", "January 1, 2027", "February 1, 2027"),
        "Fee for the returned payment, debit memo D1001",
    ):
        assert text in page
    rows = Path(table).read_text("utf-8-sig").splitlines()
    assert len(rows) == 4 and rows[1].split(",")[-2:] == ["2027-01-01", "2027-01-30"]
    assert sum(part["amount_cents"] for part in view["parts"] if part["part"] != "fee") == view["amount_cents"]
