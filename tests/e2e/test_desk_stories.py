"""Two stories at the desk: a late end asked for and approved; a held file released but for two lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from model.money.ledger import suspense, unapplied
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from store.money import ledger
from store.received import member_lines
from support import desk
from support.at_desk import Desk, digest
from support.employer import remittance
from support.installation import GROUP, PARTNER, run, take_bytes
from support.people import ANN
from support.verified import whole

ADA = {"day": date(2026, 12, 2), "records": [{"who": "ada", "lines": ["021 HLT GOLD EMP 2027-01-01"]}]}
LATE = {
    "day": date(2027, 3, 20),
    "records": [{"who": "ada", "do": "024", "reason": "08", "lines": ["024 HLT GOLD EMP - 2027-01-15"]}],
}


@pytest.fixture
def at_work(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    yield Desk(ws, monkeypatch)


def test_a_late_end_goes_from_the_file_to_the_credit_on_the_next_invoice(at_work: Desk, tmp_path: Path) -> None:
    ws = at_work.ws
    desk.take(ws, 1, ADA)
    for month, day in (("2027-01", "2026-12-10"), ("2027-02", "2027-01-11")):
        assert run("bill", "--month", month, "--group", GROUP, "--today", day).code == 0
    desk.take(ws, 2, LATE)
    number = at_work.only_item(kind="member")
    shown = at_work.at("ann", "work", "show", number)
    assert "RETRO-TERM" in shown.out and "2 people" in shown.out and f"rollbook work approve {number}" in shown.out

    grounded = ["--ground", "administrative", "--no-contribution"]
    lacking = at_work.at("ann", "work", "approve", number)
    assert lacking.code == 1 and "it may be a rescission, and needs its ground" in lacking.out
    looked = at_work.at("ann", "work", "approve", number, *grounded)
    assert looked.code == 1 and "-$500.00" in looked.out.replace("−", "-") and "two people" in looked.out
    seen = ["--seen", digest(looked.out)]
    asked = at_work.at("ann", "work", "approve", number, *grounded, *seen, "--reason", "HR wrote on 18 March")
    assert asked.code == 1 and "Ann Lee asks for it" in asked.out

    (waiting,) = at_work.json("ben", "work", "list", "--to-confirm")["items"]
    assert (waiting["number"], waiting["requested"], waiting["requested_by"]) == (number, "approve", ANN)
    assert at_work.json("ann", "work", "list", "--to-confirm")["items"] == []
    again = at_work.at("ann", "work", "approve", number, *grounded, *seen, "--reason", "myself")
    assert again.code == 1 and "another person confirms it" in again.out
    wrong = at_work.at("bill", "work", "approve", number, *grounded, *seen, "--reason", "of billing")
    assert wrong.code == 1 and "nothing was changed" in wrong.out
    done = at_work.at("ben", "work", "approve", number, *grounded, *seen, "--reason", "seen the letter")
    assert done.code == 0 and "decided, approve, decision 1" in done.out
    late = at_work.at("ann", "work", "approve", number, *grounded, *seen, "--reason", "once more")
    assert late.code == 1 and "it was decided" in late.out

    (row,) = at_work.supplements()
    assert (row["Result"], row["Code"]) == ("Applied", "RETRO-TERM")
    billed = at_work.json("bill", "bill", "--month", "2027-04", "--group", GROUP)
    (invoice,) = billed["invoices"]
    assert invoice["retro_cents"] == -50000
    assert at_work.json("ann", "work", "list")["total"] == 0
    whole(ws)
    assert replay(ws, tmp_path / "again").equal


def test_a_held_file_is_released_but_for_two_lines(at_work: Desk, tmp_path: Path) -> None:
    ws = at_work.ws
    tiers = {"ada": "FAM", "bea": "-", "cy": "-", "dan": "EMP"}
    people = [
        {"who": who, "do": "030", "lines": [f"030 HLT GOLD {tier} 2027-01-01"]} for who, tier in tiers.items()
    ]
    desk.take(ws, 1, {"day": date(2026, 12, 2), "records": people})
    number = at_work.only_item(kind="set")
    with ws.database.read() as conn:
        held = member_lines.dispositions(conn, desk.set_of(ws, "F000001"))
    assert [row.member_id for row in held] == [""] * 4, "who is not added has no number: the next newcomer gets it"
    refused = at_work.at("ann", "work", "approve", number)
    assert refused.code == 1 and "released or dropped" in refused.out
    looked = at_work.at("ann", "work", "release", number, "--but", "2,3")
    assert looked.code == 1
    seen = ["--but", "2,3", "--seen", digest(looked.out)]
    assert at_work.at("ann", "work", "release", number, *seen, "--reason", "they mean to compare").code == 1
    done = at_work.at("ben", "work", "release", number, *seen, "--reason", "called them")
    assert done.code == 0, done.out
    results = sorted(row["Result"] for row in at_work.supplements() if row["Result"])
    assert results == ["Applied", "Applied", "Rejected", "Rejected"]
    whole(ws)
    assert replay(ws, tmp_path / "again").equal


def test_money_in_suspense_goes_to_the_account_whose_it_is(at_work: Desk, tmp_path: Path) -> None:
    ws = at_work.ws
    desk.take(ws, 1, ADA)
    assert run("bill", "--month", "2027-01", "--group", GROUP, "--today", "2026-12-10").code == 0
    lines = ("RMR*IK*999999*PI*300.00", "RMR*11*41000100*PI*500.00")
    take_bytes(ws, remittance("000000082", "20270105", "T1", "800.00", *lines), "paid.edi", date(2027, 1, 5))
    at_work.at("bill", "deposit", "add", "--amount", "800.00", "--trace", "T1", "--company", "1990000001")
    number = at_work.only_item(kind="suspense")
    assert "say whose money it is" in at_work.at("bill", "work", "approve", number).out
    other = at_work.at("bill", "suspense", "assign", number, "--to", "account:99999999")
    assert other.code == 1 and "there is no account 99999999" in other.out
    looked = at_work.at("bill", "suspense", "assign", number, "--to", "account:41000100")
    assert looked.code == 1 and "$300.00" in looked.out
    seen = ["--to", "account:41000100", "--seen", digest(looked.out)]
    asked = at_work.at("bill", "suspense", "assign", number, *seen, "--reason", "the payer says so")
    assert asked.code == 1 and "Bill Ing asks for it" in asked.out
    assert at_work.at("ann", "suspense", "assign", number, *seen, "--reason", "of enrollment").code == 0
    with ws.database.read() as conn:
        assert ledger.balance(conn, suspense(PARTNER)) == 0
        assert ledger.balance(conn, unapplied("41000100")) == -30_000
    receipts = sorted(path.name for path in (ws.outbox / PARTNER).rglob("receipt-*.csv"))
    assert len(receipts) == 2
    assert at_work.json("ann", "work", "list", "--kind=suspense")["total"] == 0
    whole(ws)
    assert replay(ws, tmp_path / "again").equal


def test_a_payment_that_will_not_come_is_dropped_by_two_people(at_work: Desk, tmp_path: Path) -> None:
    ws = at_work.ws
    lines = ("RMR*11*41000100*PI*500.00", "RMR*11*41000200*PI*300.00")
    take_bytes(ws, remittance("000000082", "20270105", "T1", "800.00", *lines), "paid.edi", date(2027, 1, 5))
    number = at_work.only_item(kind="remittance")
    assert f"rollbook work drop {number}" in at_work.at("bill", "work", "show", number).out
    assert "deposit match" in at_work.at("bill", "work", "approve", number).out
    looked = at_work.at("bill", "work", "drop", number)
    assert looked.code == 1 and "payment T1, $800.00" in looked.out
    seen = ["--seen", digest(looked.out), "--reason"]
    asked = at_work.at("bill", "work", "drop", number, *seen, "the payer stopped it")
    assert asked.code == 1 and "Bill Ing asks for it" in asked.out
    assert at_work.at("bill", "work", "drop", number, *seen, "again").code == 1
    assert at_work.at("ann", "work", "drop", number, *seen, "of enrollment").code == 0
    rows = [(row["Result"], row["Code"], row["Line of coverage"]) for row in at_work.supplements()]
    assert rows == [("", "PAYMENT-DROPPED", ""), ("Rejected", "", "11 41000100"), ("Rejected", "", "11 41000200")]
    assert at_work.json("ann", "work", "list", "--kind=remittance")["total"] == 0
    whole(ws)
    assert replay(ws, tmp_path / "again").equal
