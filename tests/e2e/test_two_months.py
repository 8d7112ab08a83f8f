"""Two months in sequence: a termination after the bill comes back as a credit on the next one, once."""

from __future__ import annotations

from datetime import date

from model.timeline import Month
from pipeline.cash.deposits import add_deposit
from pipeline.month.bill import bill
from pipeline.runtime.workspace import Workspace
from store import agreements
from support import values
from support.employer import change, sent
from support.installation import GROUP, SAMPLES, TERMS, load_terms, take, take_bytes
from support.invoiced import whole
from writers.words import reason

# E10001 is billed GOLD EMP 500 + DENTAL EMP 40 + VISION EMP 10 a month (tests/cases/demo/figures.yaml).
PREMIUM = 55_000
JANUARY_TOTAL = 2_725_000  # account 41000100, worked out by hand there


def late_term(control: str, day: str) -> bytes:
    """An 834 that ends E10001's whole coverage on 2026-12-31."""
    ids = ("INS*Y*18*024*08*A***TE", "REF*0F*E10001", "REF*DX*100", "DTP*357*D8*20261231")
    return change(control, day, *ids, *name_and_birth())


def name_and_birth() -> list[str]:
    """E10001's NM1 and DMG as the adds carried them."""
    segments = (SAMPLES / "demo" / "01-adds.edi").read_text().replace("\n", "").split("~")
    start = segments.index("REF*0F*E10001")
    loop = segments[start : start + 12]
    return [next(segment for segment in loop if segment.startswith(kind)) for kind in ("NM1*IL", "DMG")]


def test_a_late_termination_is_credited_once(on_both: Workspace) -> None:
    ws = on_both
    load_terms(ws)
    for name, day in (("01-adds.edi", date(2026, 11, 20)), ("02-changes.edi", date(2026, 12, 5))):
        take(ws, SAMPLES / "demo" / name, day)
    january = bill(ws, Month(2027, 1), ws.now(date(2026, 12, 10)), GROUP)[0].issued[0]
    assert (january.account, january.total_due) == ("41000100", JANUARY_TOTAL)

    value = take_bytes(ws, late_term("000000905", "20270105"), "late.edi", date(2027, 1, 5))
    assert value["state"] == "APPLIED", value["all_findings"]

    february = bill(ws, Month(2027, 2), ws.now(date(2027, 1, 10)), GROUP)[0].issued[0]
    assert february.retro == -PREMIUM
    assert february.current == JANUARY_TOTAL - PREMIUM
    assert february.prior_balance == JANUARY_TOTAL
    assert february.total_due == JANUARY_TOTAL + february.current + february.retro
    assert {adjustment.month for adjustment in whole(ws, february).adjustments} == {"2027-01"}
    assert all("2026-12-31" in reason(adjustment.reason) for adjustment in whole(ws, february).adjustments)
    (origin,) = {
        adjustment.file for adjustment in whole(ws, february).adjustments
    }  # the file that ended it, by its transaction
    assert origin == value["file_id"]
    assert all(
        adjustment.tx and adjustment.reference == f"tx {adjustment.tx}, file {origin}"
        for adjustment in whole(ws, february).adjustments
    )

    march = bill(ws, Month(2027, 3), ws.now(date(2027, 2, 10)), GROUP)[0].issued[0]
    assert march.retro == 0
    assert march.prior_balance == february.total_due
    account = values.account_value(ws, "41000100")
    assert account["owed_cents"] == march.total_due
    assert account["owed_cents"] == sum(invoice["open_cents"] for invoice in account["invoices"])


# --- by days and by age ------------------------------------------------------------------------------------

BY_AGE = """
[[group.rates]]
plan = "GOLD"
begin = 2027-01-01
by_age = { 0-20 = "200.00", 21-49 = "400.00", "50+" = "650.00" }
"""
BY_TIER = """
[[group.rates]]
plan = "GOLD"
begin = 2027-01-01
end = 2027-12-31
monthly = { EMP = "500.00", ESP = "1000.00", ECH = "900.00", FAM = "1500.00" }
"""


def test_members_are_billed_by_age_and_days(on_both: Workspace) -> None:
    """E50001 (43, spouse 51, child 9) and E50002 (32) have GOLD; dental FAM 120 and EMP 40 go by tier.

    January 400 + 650 + 200 + 400 + 120 + 40 = 1810. The child ends on 17 January, which is known in February:
    200 x 17 / 31 = 109.68, so 90.32 come back; February 1610.
    """
    ws = on_both
    agreed = TERMS.read_text(encoding="utf-8")
    assert BY_TIER in agreed
    load_terms(ws, agreed.replace(BY_TIER, BY_AGE).replace('"full-month"', '"daily"'))
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))
    (january,) = bill(ws, Month(2027, 1), ws.now(date(2026, 12, 10)), GROUP)[0].issued
    assert january.total_due == 181_000
    assert {
        (line.covered, line.tier): line.current for line in whole(ws, january).lines if line.plan == "GOLD"
    } == {
        ("QUIGLEY, IVAN", "Age 43"): 40_000,
        ("QUIGLEY, HAZEL", "Age 51"): 65_000,
        ("QUIGLEY, PERCY", "Age 9"): 20_000,
        ("RUTHERFORD, ADA", "Age 32"): 40_000,
    }
    assert january.plans == (("Gold PPO", 2, 165_000), ("Dental Plus", 2, 16_000))

    child = ("INS*N*19*024*07*A", "REF*0F*E50001", "REF*DX*100", "DTP*357*D8*20270117")
    person = ("NM1*IL*1*QUIGLEY*PERCY****34*901410003", "DMG*D8*20170316*M")
    value = take_bytes(ws, change("000000906", "20270120", *child, *person), "child.edi", date(2027, 1, 20))
    assert value["state"] == "APPLIED", value["all_findings"]

    (february,) = bill(ws, Month(2027, 2), ws.now(date(2027, 1, 25)), GROUP)[0].issued
    assert (february.current, february.retro, february.total_due) == (161_000, -9_032, 181_000 + 161_000 - 9_032)
    (back,) = whole(ws, february).adjustments
    assert (back.covered, reason(back.reason), back.file) == (
        "QUIGLEY, PERCY", "terminated 2027-01-17", value["file_id"],
    )  # fmt: skip
    assert bill(ws, Month(2027, 3), ws.now(date(2027, 2, 10)), GROUP)[0].issued[0].retro == 0


def test_a_corrected_rate_is_caused_by_the_terms(on_both: Workspace) -> None:
    """E50002 paid 500 for GOLD EMP in January; the rate was 510 all along."""
    ws, agreed = on_both, TERMS.read_text(encoding="utf-8")
    load_terms(ws, agreed)
    take(ws, SAMPLES / "valid" / "01-add-family.edi", date(2026, 11, 23))
    bill(ws, Month(2027, 1), ws.now(date(2026, 12, 10)), GROUP)
    load_terms(ws, agreed.replace(BY_TIER, BY_TIER.replace("500.00", "510.00", 1)))
    with ws.database.read() as conn:
        loaded = agreements.loaded_tx(conn, agreements.TERMS, GROUP)
    (february,) = bill(ws, Month(2027, 2), ws.now(date(2027, 1, 10)), GROUP)[0].issued
    assert [
        (adjustment.cents, reason(adjustment.reason), adjustment.tx, adjustment.file)
        for adjustment in whole(ws, february).adjustments
    ] == [(1_000, "rate changed", loaded, "")]


# --- one payment over two accounts: too much on one, too little on the other ------------------------------

A, B = "41000100", "41000200"
TOTALS = {A: 2_725_000, B: 2_386_000}  # January, worked out by hand in figures.yaml


def test_one_820_over_two_accounts_short_and_over(on_both: Workspace) -> None:
    """28,000 for account A leaves 750 credit; 23,000 for account B leaves 860 open; nothing goes from A to B."""
    ws = on_both
    load_terms(ws)
    for name, day in (("01-adds.edi", date(2026, 11, 20)), ("02-changes.edi", date(2026, 12, 5))):
        take(ws, SAMPLES / "demo" / name, day)
    bill(ws, Month(2027, 1), ws.now(date(2026, 12, 10)), GROUP)

    paid = (
        "BPR*C*51000*C*ACH*CCP*01*011000015*DA*990001*1990000001**01*011000028*DA*990002*20261228",
        "TRN*1*HM2027010009*1990000001",
        "N1*PE*NORTHWIND HEALTH PLAN*FI*990000002",
        "N1*PR*HARBOR MILLS MANUFACTURING*FI*990000001",
        "ENT*1*2L*FI*990000001",
        f"RMR*11*{A}*PI*28000",
        f"RMR*11*{B}*PI*23000",
    )
    value = take_bytes(ws, sent("000000907", "20261228", "820", *paid), "paid.edi", date(2026, 12, 28))
    assert value["sets"][0]["state"] == "PENDED"  # no 820 is cash
    assert values.account_value(ws, A)["owed_cents"] == TOTALS[A]
    add_deposit(ws, "HM2027010009", "1990000001", 51_000_00, date(2026, 12, 28), ws.now(date(2026, 12, 28)))
    assert values.payment_list(ws)["suspense_cents"] == {}
    over, short = (values.account_value(ws, account) for account in (A, B))
    assert (over["owed_cents"], over["credit_cents"]) == (0, 750_00)
    assert (short["owed_cents"], short["credit_cents"]) == (860_00, 0)

    # February's premium is January's. A asks for 27,250 less the credit, B for 23,860 and the 860.
    bills = {
        statement.account: statement
        for statement in bill(ws, Month(2027, 2), ws.now(date(2027, 1, 10)), GROUP)[0].issued
    }
    assert {account: bill.current for account, bill in bills.items()} == TOTALS
    assert [
        (statement.prior_balance, statement.payments, statement.total_due) for statement in (bills[A], bills[B])
    ] == [
        (2_725_000, 2_800_000, 2_650_000),
        (2_386_000, 2_300_000, 2_472_000),
    ]
    over, short = (values.account_value(ws, account) for account in (A, B))
    assert ([invoice["open_cents"] for invoice in over["invoices"]], over["credit_cents"]) == ([0, 2_650_000], 0)
    assert [invoice["open_cents"] for invoice in short["invoices"]] == [86_000, 2_386_000]

    march = {
        statement.account: statement
        for statement in bill(ws, Month(2027, 3), ws.now(date(2027, 2, 10)), GROUP)[0].issued
    }
    for account, statement in march.items():
        assert (statement.prior_balance, statement.payments) == (bills[account].total_due, 0)
        assert statement.total_due == bills[account].total_due + TOTALS[account]
